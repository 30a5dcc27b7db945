#include <labelerrors/core/look_at_labels.hpp>
#include <labelerrors/core/row_summary.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <type_traits>
#include <vector>

using labelerrors::float16;
using labelerrors::detail::fastest_label_look;
using labelerrors::detail::label_looks;
using labelerrors::detail::labels_in_view;
using labelerrors::detail::look_at_labels;
using labelerrors::detail::look_at_labels_plainly;
using labelerrors::detail::row_looks;

namespace
{

/// Every way of comparing with labels that this machine has.
template <class T>
std::vector<look_at_labels<T>> all_ways()
{
    std::vector<look_at_labels<T>> ways{fastest_label_look<T>(), look_at_labels_plainly<T>};
#if defined(__GNUC__)
    ways.push_back(labelerrors::detail::look_at_labels_by_16_bytes<T>);
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        ways.push_back(labelerrors::detail::look_at_labels_by_avx2<T>);
#endif
#endif
    return ways;
}

/// The largest value of a row, and one that is equal, a little smaller, or far smaller.
template <class T>
void make_values(std::mt19937_64& random, T& largest, T& given)
{
    if constexpr (std::is_same_v<T, float16>)
    {
        largest.bits = static_cast<std::uint16_t>(1 + random() % 0x3c00);
        given.bits = static_cast<std::uint16_t>(largest.bits - random() % 3 % largest.bits);
    }
    else
    {
        largest = static_cast<T>(static_cast<double>(random() >> 11) * 0x1p-53);
        const double less[] = {0.0, 0.9e-6, 1e-6, 1.1e-6, 1.99e-6, 2.01e-6, 0.25};
        given = static_cast<T>(std::max(0.0, static_cast<double>(largest) - less[random() % 7]));
    }
}

}  // namespace

TEST_CASE_TEMPLATE("rows are told apart by their labels in every way alike", T, double, float, float16)
{
    using number = typename row_looks<T>::number;
    std::mt19937_64 random(21);
    std::size_t close_rows = 0;
    std::size_t wrong = 0;
    for (int round = 0; round < 300; ++round)
    {
        const std::size_t n = 1 + static_cast<std::size_t>(round) % 64;
        row_looks<T> looks{};
        labels_in_view<T> labels;
        for (std::size_t i = 0; i < n; ++i)
        {
            make_values(random, looks.largest[i], labels.given[i]);
            looks.guess[i] = static_cast<number>(static_cast<int>(random() % 4) - 1);  // -1 is `none`
            labels.label[i] = static_cast<number>(random() % 3);
        }
        for (const auto way : all_ways<T>())
        {
            label_looks found{.contradicted = ~std::uint64_t{0}, .close = 7};
            way(looks, labels, n, found);
            for (std::size_t i = 0; i < 64; ++i)
            {
                const bool contradicted = (found.contradicted >> i & 1u) != 0;
                const bool close = (found.close >> i & 1u) != 0;
                const bool different = (found.different >> i & 1u) != 0;
                const bool off_diagonal = (found.off_diagonal >> i & 1u) != 0;
                if (i >= n)
                {
                    wrong += contradicted || close || different || off_diagonal ? 1u : 0u;
                    continue;
                }
                // The label is the second of two columns, so that a tie goes against it.
                const std::vector<T> row{looks.largest[i], labels.given[i]};
                const bool agrees = labelerrors::model_agrees(std::span<const T>(row), 1, looks.largest[i]);
                wrong += !close && contradicted == agrees && labels.given[i] != looks.largest[i] ? 1u : 0u;
                wrong += contradicted && (agrees || labels.given[i] == looks.largest[i]) ? 1u : 0u;
                wrong += different != (looks.guess[i] != labels.label[i]) ? 1u : 0u;
                wrong += off_diagonal != (different && looks.guess[i] != row_looks<T>::none) ? 1u : 0u;
                close_rows += close ? 1u : 0u;
            }
        }
    }
    CHECK(wrong == 0);
    CHECK(close_rows > 0);
}
