// Makes a small noisy set, every twentieth label wrong, and finds the labels that were planted wrong.
#include <labelerrors/core/core.hpp>

#include <algorithm>
#include <iostream>
#include <random>

int main()
{
    constexpr std::size_t n = 1000, k = 5;
    std::mt19937_64 generator(42);
    const auto uniform = [&]
    {
        return static_cast<double>(generator() >> 11) * 0x1p-53;
    };

    const auto planted = [](std::size_t i)
    {
        return i % 20 == 7;
    };
    std::vector<std::size_t> labels(n);
    auto pred_probs = xt::xtensor<double, 2>::from_shape({n, k});
    for (std::size_t i = 0; i < n; ++i)
    {
        const std::size_t truth = i % k;
        labels[i] = planted(i) ? (truth + 1) % k : truth;
        double sum = 0.0;
        for (std::size_t j = 0; j < k; ++j)
            sum += pred_probs(i, j) = uniform() + (j == truth ? 4.0 * uniform() : 0.0);
        for (std::size_t j = 0; j < k; ++j)
            pred_probs(i, j) /= sum;
    }

    const auto issues = labelerrors::find_label_issues(labels, pred_probs);
    const auto hits = std::count_if(issues.indices.begin(), issues.indices.end(), planted);
    std::cout << n / 20 << " planted, " << issues.indices.size() << " found, " << hits << " of them planted\n";
    for (std::size_t i = 0; i < 5; ++i)
        std::cout << "row " << issues.indices(i) << ": given " << issues.given_labels(i) << ", suggested "
                  << issues.suggested_labels(i) << ", score " << issues.scores(i) << '\n';
}
