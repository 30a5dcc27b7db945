// Means and deviations of columns, and which columns count as constant, as sklearn has them.
#include "check_refused.hpp"
#include <labelerrors/model/column_scaling.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace
{

/// The scaling of one column.
template <class T>
[[nodiscard]] labelerrors::column_scaling scaling_of(const std::vector<T>& column)
{
    auto features = xt::xtensor<T, 2>::from_shape({column.size(), 1});
    std::copy(column.begin(), column.end(), features.begin());
    return labelerrors::detail::with_feature_rows(
        features, "test", [](const auto& rows) { return labelerrors::measure_columns(rows, "test"); });
}

template <class T>
[[nodiscard]] double deviation_of(const std::vector<T>& column)
{
    return 1.0 / scaling_of(column).inverse_deviations.front();
}

}  // namespace

TEST_CASE("means and deviations are those worked by hand, far from 0 too")
{
    const auto scaling = scaling_of(std::vector<double>{1.0, 2.0, 3.0, 6.0});
    CHECK(scaling.means.front() == 3.0);
    CHECK(scaling.inverse_deviations.front() == 1.0 / std::sqrt(3.5));
    CHECK(deviation_of(std::vector<double>{1e9 + 1.0, 1e9 + 2.0, 1e9 + 3.0, 1e9 + 6.0}) ==
          doctest::Approx(std::sqrt(3.5)).epsilon(1e-12));
    CHECK(scaling_of(std::vector<float>{1.0f, 2.0f, 3.0f, 6.0f}).inverse_deviations == scaling.inverse_deviations);
}

TEST_CASE("columns that are constant up to rounding are not scaled, and small ones that vary are, as in sklearn")
{
    // scikit-learn 1.2.1's StandardScaler has scale_ = 1 for the first four and 7.39509973e-36 for the next.
    CHECK(deviation_of(std::vector<double>{0.3, 0.1 + 0.2}) == 1.0);
    CHECK(deviation_of(std::vector<double>{1.0, 1.0 + 2.2e-16}) == 1.0);
    CHECK(deviation_of(std::vector<double>{1e6, 1e6 + 1e-9, 1e6}) == 1.0);
    CHECK(deviation_of(std::vector<double>{7.0, 7.0, 7.0}) == 1.0);
    CHECK(deviation_of(std::vector<double>{1e-35, 2e-35, 1.5e-35, 3e-35}) ==
          doctest::Approx(7.39509973e-36).epsilon(1e-8));
    CHECK(deviation_of(std::vector<double>{0.0, 1e-12}) == doctest::Approx(5e-13));
    CHECK(deviation_of(std::vector<float>{0.1f, 0.1f, 0.1f}) == 1.0);
    // Floats next to each other are different numbers.
    CHECK(deviation_of(std::vector<float>{1.0f, 1.0f + std::numeric_limits<float>::epsilon()}) ==
          doctest::Approx(std::numeric_limits<float>::epsilon() / 2.0));
    // The inverse of this deviation is no float.
    CHECK(deviation_of(std::vector<float>{0.0f, 1e-40f}) == 1.0);
    CHECK(deviation_of(std::vector<double>{0.0, 1e-40}) == doctest::Approx(5e-41));
}

TEST_CASE("what has no mean or no deviation is refused with its place")
{
    using labelerrors::value_error;
    tests::check_refused<value_error>(
        [] {
            (void)scaling_of(std::vector<double>{1.0, std::nan("")});
        },
        {"test: features(1, 0) is NaN"});
    tests::check_refused<value_error>(
        [] {
            (void)scaling_of(std::vector<double>{1.0, 1e200});
        },
        {"test: features' column 0 has values too large to be squared; scale it down"});
    const double number = 1.0;
    tests::check_refused<labelerrors::shape_error>(
        [&] { (void)labelerrors::measure_columns(labelerrors::memory_rows<double>(&number, 0, 1, 1), "test"); },
        {"test: features must have at least one row, not 0"});
}
