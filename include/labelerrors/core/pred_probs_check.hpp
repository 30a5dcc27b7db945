#ifndef LABELERRORS_CORE_PRED_PROBS_CHECK_HPP
#define LABELERRORS_CORE_PRED_PROBS_CHECK_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/rows/float16.hpp>
#include <labelerrors/rows/parallel.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace labelerrors
{

/// What every function over labels and predicted probabilities lets its caller choose.
struct pass_options
{
    // How far a probability may leave [0, 1], and a row sum may leave 1, before it is an error. Within it a value below
    // 0 counts as 0 and one above 1 as 1; rows are not rescaled. Sums of k values that are all halves, in whatever
    // type, may leave 1 by 2^-11 + k * 2^-25 more, which is their rounding.
    double tolerance = 1e-4;
    // How many threads share the rows, at most 1,024; 0: as many as the machine has. Results are the same bits for any
    // number.
    std::size_t threads = 0;
    // Called on the calling thread as each pass goes on; an exception that it throws ends the work.
    std::function<void(const scan_progress&)> progress = {};
};

namespace detail
{

/// The part of an options aggregate that concerns passes.
template <class Options>
[[nodiscard]] pass_options pass_options_of(const Options& options)
{
    return {.tolerance = options.tolerance, .threads = options.threads, .progress = options.progress};
}

/// A probability as the algorithms see it: below 0 counts as 0, above 1 as 1, and NaN, which no check lets pass, as 0.
[[nodiscard]] constexpr double to_probability(double value) noexcept
{
    // In two steps, of which each is an instruction and no branch.
    const double positive = value > 0.0 ? value : 0.0;
    return positive < 1.0 ? positive : 1.0;
}

/// The first thing that is wrong with a row of predicted probabilities.
struct row_fault
{
    enum class fault_kind
    {
        not_finite,
        out_of_range,
        row_sum,
    };

    /// What a row with a value out of range may be instead.
    enum class likeness
    {
        probabilities,  // it sums to 1
        scores,         // it does not
        logits,         // and several values are out of range, or one is negative
        percentages,    // it sums to 100
    };

    std::size_t row = 0;
    std::size_t column = 0;  // of the value at fault; unused for a row sum
    double value = 0.0;      // the value at fault, or the row's sum
    fault_kind kind = fault_kind::row_sum;
    likeness like = likeness::probabilities;
};

/// How messages end that name a probability which is none.
inline constexpr const char* finite_remedy =
    "; probabilities must be finite: see where the model overflows or divides by zero, or leave the example out";

/// How errors about one of several models begin.
[[nodiscard]] inline std::string about_model(const char* function, std::size_t model)
{
    return std::string(function) + ": model " + std::to_string(model);
}

/// Refuses a tolerance that is negative or not a number.
inline void require_tolerance(double tolerance, const char* function)
{
    if (!(tolerance >= 0.0 && tolerance <= 1e9))
        throw value_error(std::string(function) + ": tolerance must be between 0 and 1e9, not " + to_text(tolerance));
}

/// How far the sum of a row may be from 1 by the rounding of its values to half precision. Half a unit in the last
/// place is 2^-11 of a value, or 2^-25 below the normal range.
[[nodiscard]] constexpr double half_precision_slack(std::size_t num_columns) noexcept
{
    return 0x1p-11 + static_cast<double>(num_columns) * 0x1p-25;
}

/// The same for a row if every one of its values is a half; else zero.
template <row_element T>
[[nodiscard]] double half_precision_slack(std::span<const T> row)
{
    for (const T value : row)
        if (static_cast<double>(to_float16(static_cast<float>(value))) != static_cast<double>(value))
            return 0.0;
    return half_precision_slack(row.size());
}

/// What the values of a row that passes the check, those below zero as zero, sum to at most.
[[nodiscard]] constexpr double most_row_sum(std::size_t num_columns, double tolerance) noexcept
{
    return 1.0 + tolerance * static_cast<double>(num_columns + 1) + half_precision_slack(num_columns);
}

/// Looks at one row closely. Returns nothing where it is a row of probabilities within `tolerance`.
template <row_element T>
[[nodiscard]] std::optional<row_fault> find_row_fault(std::span<const T> row, std::size_t index, double tolerance)
{
    using likeness = row_fault::likeness;
    double sum = 0.0;
    double smallest = 0.0;
    std::size_t worst = 0;
    std::size_t num_outside = 0;
    double worst_excess = 0.0;
    for (std::size_t j = 0; j < row.size(); ++j)
    {
        const auto value = static_cast<double>(row[j]);
        if (!std::isfinite(value))
            return row_fault{index, j, value, row_fault::fault_kind::not_finite};
        const double excess = value < 0.0 ? -value : value - 1.0;
        num_outside += excess > tolerance ? 1U : 0U;
        smallest = std::min(smallest, value);
        if (excess > worst_excess)
        {
            worst = j;
            worst_excess = excess;
        }
        sum += value;
    }
    const bool sums_to_one =
        std::abs(sum - 1.0) <= tolerance || std::abs(sum - 1.0) <= tolerance + half_precision_slack(row);
    if (worst_excess > tolerance)
    {
        const bool has_negatives = smallest < -tolerance;
        const auto like = sums_to_one                                      ? likeness::probabilities
                          : !has_negatives && std::abs(sum - 100.0) <= 0.5 ? likeness::percentages
                          : has_negatives || num_outside > 1               ? likeness::logits
                                                                           : likeness::scores;
        return row_fault{index, worst, static_cast<double>(row[worst]), row_fault::fault_kind::out_of_range, like};
    }
    if (!sums_to_one)
        return row_fault{index, 0, sum, row_fault::fault_kind::row_sum};
    return std::nullopt;
}

/// How messages end that name a row which does not sum to 1.
inline constexpr const char* scores_remedy =
    ": each row must be the probabilities of all classes; scores or logits need a softmax first";

/// How messages end that name a value out of range.
[[nodiscard]] inline std::string remedy_for(row_fault::likeness like)
{
    using likeness = row_fault::likeness;
    if (like == likeness::probabilities)
        return "";
    const std::string problem = ", and the row does not sum to 1";
    if (like == likeness::percentages)
        return problem + " but to 100: these look like percentages; divide them by 100";
    return problem +
           (like == likeness::logits ? ": these look like logits; apply a softmax to each row first" : scores_remedy);
}

/// Throws the value_error that `fault` stands for.
[[noreturn]] inline void throw_row_fault(const row_fault& fault, double tolerance, const char* function,
                                         const char* argument = "pred_probs")
{
    const std::string name = function;
    const std::string row = argument + (" row " + std::to_string(fault.row));
    switch (fault.kind)
    {
    case row_fault::fault_kind::not_finite:
        throw value_error(name + ": " + row + ", column " + std::to_string(fault.column) + " is " +
                          to_text(fault.value) + finite_remedy);
    case row_fault::fault_kind::out_of_range:
        throw value_error(name + ": " + row + ", column " + std::to_string(fault.column) + " is " +
                          to_text(fault.value) + ", outside [0, 1] by more than the tolerance " + to_text(tolerance) +
                          remedy_for(fault.like));
    case row_fault::fault_kind::row_sum:
        break;
    }
    throw value_error(name + ": " + row + " sums to " + to_text(fault.value) + ", not to 1 within the tolerance " +
                      to_text(tolerance) + scores_remedy);
}

/// Sums from `least` to `most`.
struct sum_range
{
    double least;
    double most;
};

/// The check that every pass over whole rows makes as it goes, and the row as the algorithms see it.
/// One for each accumulator; `merge` keeps the fault of the earlier row.
template <row_element T>
class row_check
{
public:
    explicit row_check(double tolerance) : tolerance_(tolerance)
    {
    }

    /// The sums of rows of so many values, in [0, 1], that are right without a closer look: added up in the type's own
    /// precision, by at least eight running sums where there are more than 16 values, they may be off by rounding.
    template <class Stored>
    [[nodiscard]] sum_range sums_to_accept(std::size_t num_columns) const noexcept
    {
        const auto k = static_cast<double>(num_columns);
        const double half_slack = std::is_same_v<Stored, float16> ? half_precision_slack(num_columns) : 0.0;
        const double epsilon = std::numeric_limits<T>::epsilon();
        const double slack =
            tolerance_ + half_slack - (k / 8.0 + 8.0) * epsilon - k * std::numeric_limits<double>::epsilon();
        return slack > 0.0 ? sum_range{1.0 - slack, 1.0 + slack} : sum_range{1.0, 0.0};
    }

    /// Takes a row. Returns the row to go on with: the same one, or, where a value is outside [0, 1] within the
    /// tolerance, a copy of it with such values at the bounds. Returns null at a fault, and from then on; the
    /// accumulator has no more to do.
    const T* accept(std::span<const T> row, std::size_t index)
    {
        if (fault_)
            return nullptr;
        T smallest = row[0];
        T largest = row[0];
        double sum = 0.0;
        for (const T value : row)
        {
            smallest = value < smallest ? value : smallest;
            largest = value > largest ? value : largest;
            sum += static_cast<double>(value);
        }
        const bool in_range = smallest >= T{0} && largest <= T{1};
        // The sum to the last bit that find_row_fault makes, which has no more to say of such a row.
        if (in_range && std::abs(sum - 1.0) <= tolerance_)
            return row.data();
        fault_ = find_row_fault(row, index, tolerance_);
        if (fault_)
            return nullptr;
        if (in_range)
            return row.data();
        clipped_.assign(row.begin(), row.end());
        for (T& value : clipped_)
            value = std::clamp(value, T{0}, T{1});
        return clipped_.data();
    }

    [[nodiscard]] bool failed() const noexcept
    {
        return fault_.has_value();
    }

    void merge(const row_check& later)
    {
        if (!fault_)
            fault_ = later.fault_;
    }

    /// Throws value_error naming `function`, `argument`, the row and what is wrong with it, if any row was.
    void finish(const char* function, const char* argument = "pred_probs") const
    {
        if (fault_)
            throw_row_fault(*fault_, tolerance_, function, argument);
    }

private:
    double tolerance_;
    std::optional<row_fault> fault_;
    std::vector<T> clipped_;
};

}  // namespace detail

}  // namespace labelerrors

#endif
