#ifndef LABELERRORS_CORE_PROVISIONAL_COUNTS_HPP
#define LABELERRORS_CORE_PROVISIONAL_COUNTS_HPP

#include <labelerrors/core/choose_columns.hpp>
#include <labelerrors/core/class_thresholds.hpp>
#include <labelerrors/core/exact_sum.hpp>
#include <labelerrors/core/row_looks.hpp>
#include <labelerrors/core/threshold_ranges.hpp>
#include <labelerrors/core/unsettled_examples.hpp>
#include <labelerrors/rows/float16.hpp>
#include <labelerrors/rows/row_blocks.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace labelerrors::detail
{

/// What a pass keeps that counts while it finds the thresholds: the sums that they are made of, and the examples whose
/// class depends on where in their ranges they turn out to be. All other examples count at
/// once: wherever in their ranges the thresholds turn out to be, their class is the same.
template <row_element T>
class provisional_counts
{
public:
    /// Of a pass that knows the thresholds.
    provisional_counts() = default;

    /// `floors`: where each row's confidence_floor goes, or empty. `most_bytes`: what may be kept of the examples that
    /// are open. `most_sum`: what the values of a row may sum to, no value being negative.
    provisional_counts(threshold_ranges ranges, std::span<std::uint8_t> floors, std::size_t most_bytes, double most_sum)
        : ranges_(std::move(ranges)), sure_(comparable<T>(ranges_.most)), sums_{std::vector<exact_sum>(sure_.size()),
                                                                                clip::to_unit_interval, floors},
          unsettled_(sure_.size(), most_bytes),
          leaves_no_other_(most_sum - *std::min_element(ranges_.least.begin(), ranges_.least.end()) + threshold_slack)
    {
        if constexpr (std::is_same_v<T, float>)
            sure_halves_ = comparable<float16>(ranges_.most);
    }

    /// Whether the pass finds the thresholds.
    [[nodiscard]] bool active() const noexcept
    {
        return !sure_.empty();
    }

    /// Adds a row labelled `label` that counts in `guess`, or in no class where this is negative, by the least
    /// thresholds, `bounds`. Returns the class to count it in for now: its label's, if it is open.
    template <stored_element Stored, class Number>
    [[nodiscard]] Number add(std::span<const Stored> row, std::size_t index, Number label, Number guess,
                             const Stored* bounds)
    {
        const auto column = static_cast<std::size_t>(label);
        sums_.add(index, column, static_cast<double>(row[column]));
        if (!is_open(row.data(), guess))
            return guess;
        keep(row, index, column, static_cast<std::size_t>(guess), bounds);
        return label;
    }

    /// The same for rows that have been looked at, whose guesses become those to count them in for now.
    template <stored_element Stored>
    void add(const row_block<Stored>& rows, const column_number<Stored>* labels, row_looks<Stored>& looks,
             const Stored* bounds)
    {
        for (std::size_t i = 0; i < rows.num_rows; ++i)
            sums_.add(rows.first_row + i, static_cast<std::size_t>(labels[i]), static_cast<double>(looks.given[i]));
        // Without a branch: whether a row reaches its threshold cannot be predicted.
        std::uint64_t open = 0;
        for (std::size_t i = 0; i < rows.num_rows; ++i)
            open |= std::uint64_t{is_open(rows.data + i * rows.num_columns, looks.guess[i])} << i;
        looks.different &= ~open;
        looks.off_diagonal &= ~open;
        for (; open != 0; open &= open - 1)
        {
            const auto i = static_cast<std::size_t>(std::countr_zero(open));
            const std::size_t index = rows.first_row + i;
            const auto label = static_cast<std::size_t>(labels[i]);
            const auto guess = static_cast<std::size_t>(looks.guess[i]);
            if ((looks.several >> i & 1u) == 0)
                unsettled_.add_single(index, label, guess, static_cast<T>(rows.row(i)[guess]));
            else
                keep(rows.row(i), index, label, guess, bounds);
            looks.guess[i] = labels[i];
        }
    }

    void merge(provisional_counts&& later)
    {
        if (!active())
            return;
        sums_.merge(std::move(later.sums_));
        unsettled_.merge(std::move(later.unsettled_));
    }

    /// The sums that the thresholds are made of, k; they are not kept.
    [[nodiscard]] std::vector<exact_sum> take_sums()
    {
        return std::move(sums_.sums);
    }

    /// Adds to `missed` the examples that turn out not to count in their own label's class, of those that may count in
    /// no other, and calls `use(index, is_confident, guess)` for all others that were open. Returns false, and has done
    /// nothing, where the thresholds are not in their ranges, or too many examples were open.
    template <class Use>
    [[nodiscard]] bool settle(std::span<const double> thresholds, std::span<std::int64_t> missed, const Use& use) const
    {
        if (!unsettled_.complete() || !ranges_.contain(thresholds))
            return false;
        const auto bounds = comparable<T>(thresholds);
        for (std::size_t j = 0; j < bounds.size(); ++j)
            missed[j] += static_cast<std::int64_t>(unsettled_.num_missed(j, bounds[j]));
        unsettled_.settle(bounds, use);
        return true;
    }

private:
    /// Whether the thresholds decide if a row counts in `guess`: one that is confident for sure in its argmax counts in
    /// it whatever else it is confident in.
    template <stored_element Stored, class Number>
    [[nodiscard]] bool is_open(const Stored* row, Number guess) const noexcept
    {
        const auto column = static_cast<std::size_t>(std::max(guess, Number{0}));
        const bool reaches = is_confident<Stored>{row, sure<Stored>()}(column);
        return (guess >= 0) & !reaches;
    }

    template <stored_element Stored>
    void keep(std::span<const Stored> row, std::size_t index, std::size_t label, std::size_t guess,
              const Stored* bounds)
    {
        if (guess == label && static_cast<double>(row[label]) > leaves_no_other_)
            unsettled_.add_own(label, static_cast<T>(row[label]));
        else
            unsettled_.add(row, index, label, guess, bounds, columns_);
    }

    template <stored_element Stored>
    [[nodiscard]] const Stored* sure() const noexcept
    {
        if constexpr (std::is_same_v<Stored, T>)
            return sure_.data();
        else
            return sure_halves_.data();
    }

    threshold_ranges ranges_;
    std::vector<T> sure_;               // k: what is confident for sure
    std::vector<float16> sure_halves_;  // k, if T is float
    self_confidence_sums sums_;
    unsettled_examples<T> unsettled_;
    double leaves_no_other_ = 0.0;  // a larger value leaves none for another class to be confident in
    std::vector<std::uint32_t> columns_;
};

}  // namespace labelerrors::detail

#endif
