#include <labelerrors/core/find_label_issues.hpp>
#ifdef CONSUMER_OF_EVERYTHING
#include <labelerrors/core/latent.hpp>

#include <nlohmann/json.hpp>
#include <zlib.h>
#endif

#include <iostream>
#include <vector>

int main()
{
    const std::vector<int> labels{0, 0, 0, 1, 1, 1, 0, 1};
    const xt::xtensor<double, 2> pred_probs{{.9, .1}, {.8, .2}, {.9, .1}, {.2, .8},
                                            {.1, .9}, {.3, .7}, {.1, .9}, {.7, .3}};
    const auto issues = labelerrors::find_label_issues(labels, pred_probs);
    std::cout << issues.indices.size() << " label issues\n";
#ifdef CONSUMER_OF_EVERYTHING
    // BLAS and LAPACK, zlib and nlohmann_json are there.
    const xt::xtensor<double, 2> confident_joint{{3, 1}, {1, 3}};
    const std::vector<std::size_t> class_counts{4, 4};
    const auto latent =
        labelerrors::estimate_latent(confident_joint, class_counts, {.py_method = labelerrors::py_method::eqn});
    std::cout << nlohmann::json{{"py", latent.py(0)}, {"zlib", zlibVersion()}} << '\n';
#endif
    return issues.indices.size() == 2 ? 0 : 1;
}
