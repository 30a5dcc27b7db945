#ifndef LABELERRORS_CORE_LABEL_SET_ROWS_HPP
#define LABELERRORS_CORE_LABEL_SET_ROWS_HPP

#include <labelerrors/core/class_sets.hpp>
#include <labelerrors/core/pred_probs_check.hpp>
#include <labelerrors/rows/parallel.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace labelerrors::detail
{

/// The check that a pass over independent probabilities makes as it goes: each value by itself, since rows need not sum
/// to 1. One for each accumulator; `merge` keeps the fault of the earlier row.
class independent_check
{
public:
    explicit independent_check(double tolerance) : tolerance_(tolerance)
    {
    }

    /// Writes the row to `to`, values outside [0, 1] within the tolerance at the bounds. Returns false at a fault, and
    /// from then on.
    template <row_element T>
    [[nodiscard]] bool accept(std::span<const T> row, std::size_t index, std::span<double> to)
    {
        if (fault_)
            return false;
        const double least = -tolerance_;
        const double most = 1.0 + tolerance_;
        unsigned outside = 0;
        for (std::size_t j = 0; j < row.size(); ++j)
        {
            const auto value = static_cast<double>(row[j]);
            // A NaN is on neither side of anything.
            outside |= static_cast<unsigned>(!(value >= least)) | static_cast<unsigned>(!(value <= most));
            to[j] = value > 0.0 ? (value < 1.0 ? value : 1.0) : 0.0;
        }
        if (outside == 0)
            return true;
        for (std::size_t j = 0; !fault_; ++j)
            if (const auto value = static_cast<double>(row[j]); !(value >= least && value <= most))
                fault_ = fault{index, j, value};
        return false;
    }

    void merge(const independent_check& later)
    {
        if (!fault_)
            fault_ = later.fault_;
    }

    /// Throws value_error naming `function`, the place and the remedy, if any value was refused.
    void finish(const char* function) const
    {
        if (!fault_)
            return;
        const std::string place = std::string(function) + ": pred_probs row " + std::to_string(fault_->row) +
                                  ", column " + std::to_string(fault_->column) + " is " + to_text(fault_->value);
        if (!std::isfinite(fault_->value))
            throw value_error(place + finite_remedy);
        throw value_error(place + ", outside [0, 1] by more than the tolerance " + to_text(tolerance_) +
                          ": each value must be the probability that the class applies; logits need a sigmoid first");
    }

private:
    struct fault
    {
        std::size_t row;
        std::size_t column;
        double value;
    };

    double tolerance_;
    std::optional<fault> fault_;
};

/// A row of independent probabilities beside its set of labels.
struct label_set_row
{
    std::size_t index;
    std::span<const double> pred_probs;     // k, in [0, 1]
    std::span<const unsigned char> given;   // k, 1 where the class is in the set
    std::span<const std::uint32_t> labels;  // the set, ascending
};

/// Accumulator: checks every row and shows it, in double, to `cells`, which has `add(const label_set_row&)` and
/// `merge(Cells&&)`.
template <row_element T, class Cells>
class label_set_rows
{
public:
    label_set_rows(const class_sets& labels, double tolerance, Cells shown_to)
        : cells(std::move(shown_to)), labels_(&labels), check_(tolerance), row_(labels.num_classes()),
          given_(labels.num_classes())
    {
    }

    void add(const row_block<T>& block)
    {
        for (std::size_t i = 0; i < block.num_rows; ++i)
        {
            const std::size_t index = block.first_row + i;
            if (!check_.accept(block.row(i), index, std::span<double>(row_)))
                return;
            const auto set = (*labels_)[index];
            for (const std::uint32_t j : set)
                given_[j] = 1;
            cells.add(label_set_row{index, row_, given_, set});
            for (const std::uint32_t j : set)
                given_[j] = 0;
        }
    }

    void merge(label_set_rows&& later)
    {
        check_.merge(later.check_);
        cells.merge(std::move(later.cells));
    }

    /// Throws where a row was refused.
    void finish(const char* function) const
    {
        check_.finish(function);
    }

    Cells cells;

private:
    const class_sets* labels_;
    independent_check check_;
    std::vector<double> row_;           // k
    std::vector<unsigned char> given_;  // k, zero between rows
};

/// One pass over all rows; returns what `cells` has become.
template <row_source Source, class Cells>
[[nodiscard]] Cells scan_label_sets(const Source& source, const class_sets& labels, std::string_view pass, Cells cells,
                                    const pass_options& options, const char* function)
{
    using rows = label_set_rows<typename Source::value_type, Cells>;
    auto scanned = scan(source, pass, rows(labels, options.tolerance, std::move(cells)),
                        scan_options{options.threads, options.progress});
    scanned.finish(function);
    return std::move(scanned.cells);
}

/// The same for the rows with the given ascending indices.
template <row_source Source, class Cells>
[[nodiscard]] Cells scan_some_label_sets(const Source& source, const class_sets& labels,
                                         std::span<const std::size_t> indices, std::string_view pass, Cells cells,
                                         const pass_options& options, const char* function)
{
    using rows = label_set_rows<typename Source::value_type, Cells>;
    auto scanned = scan_some(source, indices, pass, rows(labels, options.tolerance, std::move(cells)),
                             scan_options{options.threads, options.progress});
    scanned.finish(function);
    return std::move(scanned.cells);
}

/// Calls `use(rows, sets)` once the arguments' shapes and labels have been checked.
template <label_set_sequence Labels, probability_matrix PredProbs, class Use>
decltype(auto) with_checked_sets(const Labels& labels, const PredProbs& pred_probs, double tolerance,
                                 const char* function, const Use& use)
{
    require_tolerance(tolerance, function);
    return with_rows(pred_probs, function,
                     [&](const auto& rows)
                     { return use(rows, check_label_sets(labels, rows.num_rows(), rows.num_columns(), function)); });
}

}  // namespace labelerrors::detail

#endif
