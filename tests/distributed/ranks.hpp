#ifndef LABELERRORS_TESTS_DISTRIBUTED_RANKS_HPP
#define LABELERRORS_TESTS_DISTRIBUTED_RANKS_HPP

#include <labelerrors/distributed/mpi.hpp>
#include <labelerrors/rows/any_rows.hpp>
#include <labelerrors/rows/callback_rows.hpp>
#include <labelerrors/rows/row_blocks.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <span>
#include <string>
#include <vector>

namespace tests
{

using labelerrors::any_rows;
using labelerrors::distributed::mpi_processes;
using labelerrors::distributed::row_range;

/// The processes that run the tests; every case runs on all of them. Made by main.
inline mpi_processes* all_ranks = nullptr;

[[nodiscard]] inline mpi_processes& ranks()
{
    return *all_ranks;
}

/// Checks something on all ranks: fails on each of them where it does not hold on one.
[[nodiscard]] inline bool on_all(bool holds)
{
    std::int64_t failures = holds ? 0 : 1;
    ranks().sum(std::span(&failures, 1));
    return failures == 0;
}

/// A way to share n rows out, and how a rank reads its own.
struct sharing
{
    enum class reading
    {
        in_memory,
        by_callback,  // keeps what it may need again
        mixed,        // ranks in turn
    };

    std::string name;
    std::vector<std::size_t> bounds;  // size + 1
    reading read = reading::in_memory;

    [[nodiscard]] row_range mine() const
    {
        return {bounds[ranks().rank()], bounds[ranks().rank() + 1] - bounds[ranks().rank()]};
    }
};

/// Even and uneven parts, parts without rows.
[[nodiscard]] inline std::vector<sharing> sharings(std::size_t n)
{
    const std::size_t size = ranks().size();
    std::vector<sharing> all{{"even", {}, sharing::reading::in_memory},
                             {"even, by callback", {}, sharing::reading::by_callback},
                             {"growing, mixed", {}, sharing::reading::mixed},
                             {"first empty", {}, sharing::reading::by_callback},
                             {"all on the last", {}, sharing::reading::in_memory}};
    for (std::size_t rank = 0; rank <= size; ++rank)
    {
        const std::size_t even = rank == size ? n : labelerrors::distributed::slice_of_rank(n, rank, size).first;
        all[0].bounds.push_back(even);
        all[1].bounds.push_back(even);
        all[2].bounds.push_back(n * rank * rank / (size * size));
        all[3].bounds.push_back(rank == 0 ? 0 : n * (rank - 1) / std::max<std::size_t>(size - 1, 1));
        all[4].bounds.push_back(rank == size ? n : 0);
    }
    all[3].bounds.back() = n;
    if (size == 1)
        all.resize(2);
    return all;
}

/// Rows of a matrix, which must outlive them, as one type whatever the way of reading them.
[[nodiscard]] inline any_rows<double> rows_of(const xt::xtensor<double, 2>& matrix, row_range range,
                                              sharing::reading read)
{
    const std::size_t k = matrix.shape()[1];
    const double* from = matrix.data() + range.first * k;
    if (read == sharing::reading::by_callback || (read == sharing::reading::mixed && ranks().rank() % 2 == 1))
        return any_rows<double>(
            labelerrors::callback_rows<double>(range.count, k,
                                               [from, k](std::size_t first, std::size_t count, std::span<double> to)
                                               { std::copy_n(from + first * k, count * k, to.begin()); }));
    return any_rows<double>(labelerrors::memory_rows<double>(from, range.count, k, k));
}

[[nodiscard]] inline any_rows<double> all_rows_of(const xt::xtensor<double, 2>& matrix)
{
    return rows_of(matrix, {0, matrix.shape()[0]}, sharing::reading::in_memory);
}

template <class Labels>
[[nodiscard]] auto labels_of(const Labels& labels, row_range range)
{
    return std::span(labels.data() + range.first, range.count);
}

/// Whether `part` is what `whole` has from `first` on.
template <class Part, class Whole>
[[nodiscard]] bool is_part(const Part& part, const Whole& whole, std::size_t first)
{
    return first <= whole.size() && part.size() <= whole.size() - first &&
           std::equal(part.begin(), part.end(), whole.begin() + static_cast<std::ptrdiff_t>(first));
}

/// Whether the parts of all ranks, of so many entries, follow one another and are the whole list.
[[nodiscard]] inline bool are_whole(std::size_t count, std::size_t first, std::size_t total, std::size_t whole)
{
    std::vector<std::int64_t> counts(ranks().size());
    counts[ranks().rank()] = static_cast<std::int64_t>(count);
    ranks().sum(counts);
    std::int64_t before = 0;
    std::int64_t all = 0;
    for (std::size_t rank = 0; rank < counts.size(); ++rank)
    {
        before += rank < ranks().rank() ? counts[rank] : 0;
        all += counts[rank];
    }
    return first == static_cast<std::size_t>(before) && total == whole && whole == static_cast<std::size_t>(all);
}

/// What a call throws, the same on all ranks: its text; empty where a rank throws nothing or another type than Error,
/// or ranks throw different texts.
template <class Error, class Call>
[[nodiscard]] std::string error_on_all(const Call& call)
{
    std::string text;
    try
    {
        call();
    }
    catch (const Error& error)
    {
        text = error.what();
    }
    catch (const std::exception& error)
    {
        MESSAGE("threw another type: ", error.what());
    }
    const auto* bytes = reinterpret_cast<const std::byte*>(text.data());
    const auto heard = ranks().exchange(std::vector<labelerrors::distributed::message>(
        ranks().size(), labelerrors::distributed::message(bytes, bytes + text.size())));
    for (const auto& other : heard)
        if (other != heard.front())
            return "";
    return text;
}

}  // namespace tests

#endif
