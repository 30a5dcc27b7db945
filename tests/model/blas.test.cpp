// That products go to BLAS: xtensor-blas has plain loops for where it takes BLAS not to be there.
#include <labelerrors/core/latent.hpp>
#include <labelerrors/model/multiply.hpp>

#include <doctest/doctest.h>

namespace
{

template <class T>
using gemm_function = void (*)(cxxblas::StorageOrder, cxxblas::Transpose, cxxblas::Transpose, int, int, int, T,
                               const T*, int, const T*, int, T, T*, int);

/// Whether there is a product of matrices of T that takes its factors by value, as those do which call BLAS.
template <class T>
concept multiplied_by_blas = requires
{
    static_cast<gemm_function<T>>(&cxxblas::gemm<int>);
};

TEST_CASE("matrices are multiplied by BLAS, not by xtensor-blas's loops")
{
    CHECK(multiplied_by_blas<float>);
    CHECK(multiplied_by_blas<double>);
    CHECK_FALSE(multiplied_by_blas<long double>);
}

}  // namespace
