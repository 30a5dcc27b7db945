#include "small_cases.hpp"
#include <labelerrors/core/calibrate_confident_joint.hpp>
#include <labelerrors/core/confident_joint.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

using labelerrors::calibrate_confident_joint;

namespace
{

using counts = xt::xtensor<std::int64_t, 2>;
using sizes = std::vector<std::size_t>;

}  // namespace

TEST_CASE("each row is scaled to the number of examples given that label")
{
    // Row 0: 3, 1 of 4 counted, 8 given: 3/4 * 8 = 6, 1/4 * 8 = 2. Row 1: 2, 2 of 4 counted, 6 given: 3, 3.
    // The total 14 is n already.
    CHECK(calibrate_confident_joint(counts{{3, 1}, {2, 2}}, sizes{8, 6}) == counts{{6, 2}, {3, 3}});
}

TEST_CASE("a row without counts stays zero and the others take its share")
{
    // Row 1 has no counts: the scaled total is 4 of n = 6, so row 0 (2, 2) becomes 2 / 4 * 6 = 3, 3.
    CHECK(calibrate_confident_joint(counts{{1, 1}, {0, 0}}, sizes{4, 2}) == counts{{3, 3}, {0, 0}});
}

TEST_CASE("a class without examples gets an empty row")
{
    CHECK(calibrate_confident_joint(counts{{2, 1, 0}, {0, 1, 0}, {1, 0, 3}}, sizes{3, 0, 4}) ==
          counts{{2, 1, 0}, {0, 0, 0}, {1, 0, 3}});
    CHECK(calibrate_confident_joint(counts{{1, 0}, {0, 1}}, sizes{0, 0}) == counts{{0, 0}, {0, 0}});
}

TEST_CASE("halves are rounded to even and the row keeps its sum")
{
    // Row 0: 1/2 * 5 = 2.5, 2.5 -> 2, 2, one is missing, of equal remainders the last gets it.
    CHECK(calibrate_confident_joint(counts{{1, 1}, {0, 4}}, sizes{5, 3}) == counts{{2, 3}, {0, 3}});
}

TEST_CASE("all entries are added up in the order that is told, which decides on halves")
{
    using labelerrors::summation_order;
    // What cleanlab 2.9 answers for matrices that lie by rows and by columns. By hand: row 0 is scaled to 2.5, .5 and
    // row 1 to 4/7, 3/7; as numpy adds these up they come to a little less than 4, so that 2.5 becomes a little more.
    CHECK(calibrate_confident_joint(counts{{5, 1}, {4, 3}}, sizes{3, 1}) == counts{{3, 0}, {1, 0}});
    const counts ones{{0, 0, 1}, {4, 1, 1}, {2, 1, 0}};
    CHECK(calibrate_confident_joint(ones, sizes{1, 2, 1}) == counts{{0, 0, 1}, {2, 0, 0}, {1, 0, 0}});
    CHECK(calibrate_confident_joint(ones, sizes{1, 2, 1}, summation_order::by_columns) ==
          counts{{0, 0, 1}, {1, 0, 1}, {1, 0, 0}});
    const counts fives{{1, 5, 0}, {5, 2, 5}, {0, 2, 3}};
    CHECK(calibrate_confident_joint(fives, sizes{3, 1, 3}) == counts{{0, 3, 0}, {0, 0, 1}, {0, 1, 2}});
    CHECK(calibrate_confident_joint(fives, sizes{3, 1, 3}, summation_order::by_columns) ==
          counts{{1, 2, 0}, {0, 0, 1}, {0, 1, 2}});
}

TEST_CASE("counts of the data are added up by columns, as the reference's lie")
{
    const std::vector<int> labels{0, 2, 2, 0, 0, 1, 1, 0, 0, 0, 0, 2, 1, 0, 1, 1, 1, 1, 1, 1, 0, 2};
    xt::xtensor<double, 2> pred_probs{{2, 1, 1}, {1, 1, 2}, {2, 0, 2}, {3, 1, 0}, {0, 1, 3}, {0, 3, 1},
                                      {0, 1, 3}, {0, 2, 2}, {0, 3, 1}, {1, 3, 0}, {2, 2, 0}, {2, 0, 2},
                                      {1, 2, 1}, {0, 1, 3}, {0, 3, 1}, {0, 2, 2}, {1, 3, 0}, {2, 2, 0},
                                      {1, 2, 1}, {0, 1, 3}, {2, 2, 0}, {1, 0, 3}};
    for (double& p : pred_probs)
        p /= 4.0;
    using labelerrors::calibration;
    const auto counted =
        labelerrors::compute_confident_joint(labels, pred_probs, {.calibrate = calibration::none}).confident_joint;
    CHECK(counted == counts{{4, 2, 2}, {1, 3, 2}, {2, 0, 1}});
    // What cleanlab 2.9 answers; with sums of rows added up the second row would be 2, 4, 3.
    const counts expected{{5, 2, 2}, {1, 5, 3}, {3, 0, 1}};
    CHECK(labelerrors::compute_confident_joint(labels, pred_probs).confident_joint == expected);
    const sizes given{9, 9, 4};
    CHECK(calibrate_confident_joint(counted, given, labelerrors::summation_order::by_columns) == expected);
}

TEST_CASE("rows sum to the class counts for any counts")
{
    std::mt19937_64 random(4);
    for (int round = 0; round < 300; ++round)
    {
        const std::size_t k = 2 + random() % 6;
        auto joint = counts::from_shape({k, k});
        sizes class_counts(k);
        for (std::size_t i = 0; i < k; ++i)
        {
            class_counts[i] = random() % 50;
            for (std::size_t j = 0; j < k; ++j)
                joint(i, j) = static_cast<std::int64_t>(random() % 8) + (i == j ? 1 : 0);
        }
        const auto calibrated = calibrate_confident_joint(joint, class_counts);
        for (std::size_t i = 0; i < k; ++i)
        {
            std::int64_t sum = 0;
            for (std::size_t j = 0; j < k; ++j)
            {
                sum += calibrated(i, j);
                CHECK(calibrated(i, j) >= 0);
            }
            CHECK(sum == static_cast<std::int64_t>(class_counts[i]));
        }
    }
}

TEST_CASE("calibrating what is calibrated changes nothing")
{
    const counts calibrated{{6, 2}, {3, 3}};
    CHECK(calibrate_confident_joint(calibrated, sizes{8, 6}) == calibrated);
}

TEST_CASE("counts of any type, layout and laziness give the same")
{
    const xt::xtensor<double, 2> joint{{3, 1, 2}, {2, 2, 7}, {1, 0, 5}};
    const sizes class_counts{9, 8, 7};
    const auto expected = calibrate_confident_joint(joint, class_counts);
    CHECK(calibrate_confident_joint(tests::in_type<float>(joint), class_counts) == expected);
    CHECK(calibrate_confident_joint(tests::in_type<std::uint8_t>(joint), class_counts) == expected);
    CHECK(calibrate_confident_joint(tests::by_columns(joint), class_counts) == expected);
    CHECK(calibrate_confident_joint(tests::lazily(joint), class_counts) == expected);
    // The scale of a row plays no part, and entries need not be integers.
    CHECK(calibrate_confident_joint(joint * 0.125, class_counts) == expected);
}

TEST_CASE("a confident joint of the wrong shape is a shape_error")
{
    using labelerrors::shape_error;
    CHECK_THROWS_WITH_AS(static_cast<void>(calibrate_confident_joint(counts{{1, 2, 3}, {4, 5, 6}}, sizes{1, 1})),
                         "calibrate_confident_joint: confident_joint must be k x k with k = 2, not 2 x 3", shape_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(calibrate_confident_joint(counts{{1, 2}, {3, 4}}, sizes{1, 1, 1})),
                         "calibrate_confident_joint: confident_joint must be k x k with k = 3, not 2 x 2", shape_error);
    CHECK_THROWS_AS(static_cast<void>(calibrate_confident_joint(counts{{1}}, sizes{1})), shape_error);
    CHECK_THROWS_AS(static_cast<void>(calibrate_confident_joint(counts{{1, 2}, {3, 4}}, sizes{})), shape_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(calibrate_confident_joint(xt::xarray<int>{1, 2}, sizes{1, 1})),
                         "calibrate_confident_joint: confident_joint must have 2 dimensions, not 1", shape_error);
}

TEST_CASE("a count that is negative or not finite is a value_error with its place")
{
    using labelerrors::value_error;
    CHECK_THROWS_WITH_AS(static_cast<void>(calibrate_confident_joint(counts{{1, 2}, {-3, 4}}, sizes{1, 1})),
                         doctest::Contains("confident_joint(1, 0) is -3"), value_error);
    for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity(), 0x1p53})
        CHECK_THROWS_WITH_AS(
            static_cast<void>(calibrate_confident_joint(xt::xtensor<double, 2>{{1.0, bad}, {0.0, 1.0}}, sizes{1, 1})),
            doctest::Contains("confident_joint(0, 1) is "), value_error);
    CHECK_THROWS_WITH_AS(
        static_cast<void>(calibrate_confident_joint(xt::xtensor<double, 2>{{1.0, 1e300}, {0.0, 1.0}}, sizes{1, 1})),
        doctest::Contains("confident_joint(0, 1) is 1e+300; counts are not negative and below 2^53"), value_error);
    CHECK_THROWS_WITH_AS(
        static_cast<void>(calibrate_confident_joint(counts{{1, 2}, {3, 4}}, sizes{1, std::size_t{1} << 60})),
        doctest::Contains("calibrate_confident_joint: class_counts[1] must be below 2^53"), value_error);
}
