#ifndef LABELERRORS_CORE_CONFIDENT_COUNTS_HPP
#define LABELERRORS_CORE_CONFIDENT_COUNTS_HPP

#include <labelerrors/core/choose_columns.hpp>
#include <labelerrors/core/look_at_rows.hpp>
#include <labelerrors/core/model_agrees.hpp>
#include <labelerrors/core/off_diagonal_example.hpp>
#include <labelerrors/core/pred_probs_check.hpp>
#include <labelerrors/core/provisional_counts.hpp>
#include <labelerrors/core/remembered_rows.hpp>
#include <labelerrors/rows/float16.hpp>
#include <labelerrors/rows/large_vector.hpp>
#include <labelerrors/rows/prefetch.hpp>
#include <labelerrors/rows/row_blocks.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace labelerrors::detail
{

/// Appends; the first time it makes room for so many, of which memory only what is used is ever touched.
template <class T>
void append(large_vector<T>& to, std::span<const T> values, std::size_t expected)
{
    if (to.capacity() == 0 && !values.empty())
        to.reserve(expected);
    to.insert(to.end(), values.begin(), values.end());
}

/// Accumulator: the confident counts, and the examples that any filter could flag. The counts off the diagonal are kept
/// as the examples behind them, which are few, and not as k x k numbers, most of them zero.
///
/// Rows are looked at a few at a time by kernels. The rows that a kernel cannot vouch for are checked, and bounded to
/// [0, 1], one by one.
template <row_element T, std::integral Label>
class confident_counts
{
public:
    /// `labels`: n. `thresholds`: k. `memory`: where more is kept of the rows, or null; must outlive this.
    confident_counts(std::span<const Label> labels, std::span<const double> thresholds, double tolerance,
                     pass_memory<T>* memory = nullptr)
        : check(tolerance), missed(thresholds.size()), labels_(labels), bounds_(comparable<T>(thresholds))
    {
        constexpr std::size_t most_counted_classes = 32;
        if (thresholds.size() <= most_counted_classes)
            pairs.resize(thresholds.size() * thresholds.size());
        // Sources of floats may hand out halves.
        if constexpr (std::is_same_v<T, float>)
            half_bounds_ = comparable<float16>(thresholds);
        if (memory != nullptr)
        {
            remembered = memory->contradicted;
            kept = memory->kept;
        }
    }

    /// Of thresholds that are between those of `ranges`, and are found on the way. `most_bytes`: what may be kept of
    /// the examples whose class is open until then.
    confident_counts(std::span<const Label> labels, threshold_ranges ranges, double tolerance, pass_memory<T>* memory,
                     std::size_t most_bytes)
        : confident_counts(labels, ranges.least, tolerance, memory)
    {
        const double most_sum = most_row_sum(ranges.least.size(), tolerance);
        provisional = provisional_counts<T>(std::move(ranges), floors_of(memory), most_bytes, most_sum);
    }

    void add(const row_block<T>& block)
    {
        add_rows<T>(block, bounds_);
    }

    void add(const row_block<float16>& block) requires std::same_as<T, float>
    {
        if (block.num_columns <= row_looks<float16>::most_columns)
            return add_rows<float16>(block, half_bounds_);
        for (std::size_t i = 0; i < block.num_rows; ++i)
            add_with_care(block.row(i), block.first_row + i);
    }

    void merge(confident_counts&& later)
    {
        check.merge(later.check);
        for (std::size_t j = 0; j < missed.size(); ++j)
            missed[j] += later.missed[j];
        for (std::size_t pair = 0; pair < pairs.size(); ++pair)
            pairs[pair] += later.pairs[pair];
        off_diagonal.insert(off_diagonal.end(), later.off_diagonal.begin(), later.off_diagonal.end());
        contradicted.insert(contradicted.end(), later.contradicted.begin(), later.contradicted.end());
        remembered.merge(std::move(later.remembered));
        kept.merge(std::move(later.kept));
        provisional.merge(std::move(later.provisional));
    }

    /// Counts what was open until the thresholds were known. Returns false where all has to be counted anew with them.
    [[nodiscard]] bool settle(std::span<const double> thresholds)
    {
        large_vector<off_diagonal_example> settled;
        if (!provisional.settle(thresholds, missed,
                                [&](std::size_t index, bool confident, std::size_t guess)
                                {
                                    if (confident && guess == label_of(index))
                                        return;
                                    ++missed[label_of(index)];
                                    if (confident)
                                    {
                                        count_pair(label_of(index), guess);
                                        settled.push_back({index, guess});
                                    }
                                }))
            return false;
        large_vector<off_diagonal_example> all(off_diagonal.size() + settled.size());
        std::merge(off_diagonal.begin(), off_diagonal.end(), settled.begin(), settled.end(), all.begin(),
                   [](const auto& a, const auto& b) { return a.row() < b.row(); });
        off_diagonal = std::move(all);
        return true;
    }

    row_check<T> check;
    std::vector<std::int64_t> missed;  // k: how many examples of each label do not count in it; few, where most do
    // k x k, row: given, column: guess: how many examples are off the diagonal; empty where k is not small.
    std::vector<std::int64_t> pairs;
    large_vector<off_diagonal_example> off_diagonal;
    large_vector<std::size_t> contradicted;
    remembered_rows<T> remembered;
    kept_rows<T> kept;
    provisional_counts<T> provisional;

private:
    template <stored_element Stored>
    void add_rows(const row_block<Stored>& block, const std::vector<Stored>& bounds)
    {
        using number = column_number<Stored>;
        const std::size_t k = block.num_columns;
        const auto sums = check.template sums_to_accept<Stored>(k);
        const auto look = fastest_look<Stored>();
        const std::size_t step = rows_per_look<Stored>(k);
        row_looks<Stored> looks{};
        std::array<number, row_looks<Stored>::capacity> labels{};
        for (std::size_t i = 0; i < block.num_rows && !check.failed(); i += step)
        {
            const row_block<Stored> rows{block.data + i * k, block.first_row + i, std::min(step, block.num_rows - i),
                                         k};
            prefetch_next_page(labels_.data() + rows.first_row, rows.num_rows);
            for (std::size_t row = 0; row < rows.num_rows; ++row)
                labels[row] = static_cast<number>(labels_[rows.first_row + row]);
            look({rows.data, rows.num_rows, k, labels.data(), bounds.data(), sums.least, sums.most}, looks);
            if (looks.all_known)
                add_known(rows, labels.data(), looks, bounds.data());
            else
                add_some_known(rows, looks, bounds.data());
        }
    }

    /// What `looks` says about the rows, all of them.
    template <stored_element Stored>
    void add_known(const row_block<Stored>& rows, const column_number<Stored>* labels, row_looks<Stored>& looks,
                   const Stored* bounds)
    {
        if (provisional.active())
            provisional.add(rows, labels, looks, bounds);
        std::array<std::size_t, row_looks<Stored>::capacity> against;
        std::size_t num_against = 0;
        std::array<off_diagonal_example, row_looks<Stored>::capacity> off;
        std::size_t num_off = 0;
        for_each_bit(looks.contested,
                     [&](std::size_t i)
                     {
                         const auto label = static_cast<std::size_t>(labels[i]);
                         against[num_against] = rows.first_row + i;
                         num_against += model_agrees(rows.row(i), label, looks.largest[i]) ? 0u : 1u;
                     });
        for_each_bit(looks.different, [&](std::size_t i) { ++missed[static_cast<std::size_t>(labels[i])]; });
        for_each_bit(looks.off_diagonal,
                     [&](std::size_t i)
                     {
                         const auto guess =
                             static_cast<std::size_t>(looks.guess[i]) % off_diagonal_example::most_classes;
                         count_pair(static_cast<std::size_t>(labels[i]), guess);
                         off[num_off++] = {rows.first_row + i, guess};
                     });
        if (remembered.complete() || kept.complete())
            for (std::size_t i = 0; i < num_against; ++i)
                remember(rows.row(against[i] - rows.first_row), against[i]);
        const std::size_t expected = few_of(labels_.size());
        append(contradicted, std::span<const std::size_t>(against.data(), num_against), expected);
        append(off_diagonal, std::span<const off_diagonal_example>(off.data(), num_off), expected);
    }

    template <class Use>
    static void for_each_bit(std::uint64_t bits, const Use& use)
    {
        for (; bits != 0; bits &= bits - 1)
            use(static_cast<std::size_t>(std::countr_zero(bits)));
    }

    template <stored_element Stored>
    void add_some_known(const row_block<Stored>& rows, const row_looks<Stored>& looks, const Stored* bounds)
    {
        for (std::size_t i = 0; i < rows.num_rows && !check.failed(); ++i)
        {
            const std::size_t index = rows.first_row + i;
            const auto guess = looks.guess[i];
            if (guess == row_looks<Stored>::unknown)
                add_with_care(rows.row(i), index);
            else
                count(index, rows.row(i), rows.row(i), model_agrees(rows.row(i), label_of(index), looks.largest[i]),
                      guess, bounds);
        }
    }

    /// A row that is not known to be valid.
    void add_with_care(std::span<const float16> halves, std::size_t index)
    {
        widened_.resize(halves.size());
        to_floats(halves.data(), widened_.data(), halves.size());
        add_with_care(std::span<const T>(widened_), index);
    }

    void add_with_care(std::span<const T> given, std::size_t index)
    {
        const T* accepted = check.accept(given, index);
        if (accepted == nullptr)
            return;
        const std::span<const T> row(accepted, given.size());
        columns_.resize(row.size());
        const std::size_t num_confident =
            choose_columns<T>(row.size(), is_confident<T>{row.data(), bounds_.data()}, columns_.data());
        const std::size_t best = argmax(row);
        const std::size_t guess = num_confident == 1 ? columns_[0] : best;
        count(index, row, given, model_agrees(row, label_of(index), row[best]),
              num_confident != 0 ? static_cast<std::ptrdiff_t>(guess) : -1, bounds_.data());
    }

    /// Counts a row in `guess`, or in no class where this is negative. `given`: the row before it was bounded.
    template <stored_element Stored>
    void count(std::size_t index, std::span<const Stored> row, std::span<const Stored> given, bool agrees,
               std::ptrdiff_t guess, const Stored* bounds)
    {
        if (!agrees)
        {
            contradicted.push_back(index);
            remember(given, index);
        }
        const auto label = static_cast<std::ptrdiff_t>(label_of(index));
        if (provisional.active())
            guess = provisional.add(row, index, label, guess, bounds);
        if (guess == label)
            return;
        ++missed[label_of(index)];
        if (guess < 0)
            return;
        count_pair(label_of(index), static_cast<std::size_t>(guess));
        off_diagonal.push_back({index, static_cast<std::size_t>(guess)});
    }

    void count_pair(std::size_t label, std::size_t guess) noexcept
    {
        if (!pairs.empty())
            ++pairs[label * missed.size() + guess];
    }

    /// Keeps what may be needed of a row that the model contradicts, as it is stored: as it would be read again.
    template <stored_element Stored>
    void remember(std::span<const Stored> row, std::size_t index)
    {
        remembered.add(row, label_of(index), columns_);
        kept.add(row, label_of(index));
    }

    [[nodiscard]] std::size_t label_of(std::size_t index) const noexcept
    {
        return static_cast<std::size_t>(labels_[index]);
    }

    std::span<const Label> labels_;
    std::vector<T> bounds_;             // k
    std::vector<float16> half_bounds_;  // k, if T is float
    std::vector<T> widened_;
    std::vector<std::uint32_t> columns_;
};

}  // namespace labelerrors::detail

#endif
