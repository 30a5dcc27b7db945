// What a project that uses the library looks like at its smallest. It has no warnings switched on, and some of what
// they are about, so that it fails to compile if the library passes its own flags on.

#ifdef CONSUMER_OF_EVERYTHING
#include <labelerrors/rows/row_blocks.hpp>

#include <cblas.h>
#include <zlib.h>
#else
#include <labelerrors/core/core.hpp>
#ifdef XBLAS_CONFIG_HPP
#error "the core includes xtensor-blas"
#endif
#endif

int main(int argc, char**)
{
    int unused_and_narrowed = 0.5 * argc;
    {
        float argc = 0;
    }
    const xt::xtensor<double, 2> pred_probs = {{0.75, 0.25}, {0.5, 0.5}};
    const auto num_rows =
        labelerrors::with_rows(pred_probs, "main", [](const auto& source) { return source.num_rows(); });
#ifdef CONSUMER_OF_EVERYTHING
    // Both are linked.
    if (zlibVersion()[0] != '1' || cblas_dasum(2, pred_probs.data(), 1) != 1.0)
        return 1;
#endif
    return num_rows == 2 ? 0 : 1;
}
