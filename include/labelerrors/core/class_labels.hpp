#ifndef LABELERRORS_CORE_CLASS_LABELS_HPP
#define LABELERRORS_CORE_CLASS_LABELS_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/core/not_a_class.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/rows/parallel.hpp>
#include <labelerrors/rows/row_blocks.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace labelerrors
{

/// Labels that have been checked against n and k: every one is a class, 0 .. k - 1. Moved, not copied: `values` may
/// refer to `storage`.
template <std::integral Label>
struct class_labels
{
    class_labels() = default;
    class_labels(const class_labels&) = delete;
    class_labels& operator=(const class_labels&) = delete;
    class_labels(class_labels&&) noexcept = default;
    class_labels& operator=(class_labels&&) noexcept = default;
    ~class_labels() = default;

    std::vector<Label> storage;             // holds the labels where the caller's do not lie one after another
    std::span<const Label> values;          // n labels, the caller's own memory where it can be used in place
    std::vector<std::size_t> class_counts;  // k: how many examples are labelled with each class, on all processes

    [[nodiscard]] std::size_t size() const noexcept
    {
        return values.size();
    }

    [[nodiscard]] std::size_t operator[](std::size_t i) const noexcept
    {
        return static_cast<std::size_t>(values[i]);
    }
};

/// Checks n labels against `num_examples` and `num_classes` and counts each class. O(n) time; copies the labels only if
/// they are not contiguous in memory, or truth values.
/// `labels`: n integers, 0 .. k - 1. The result refers to them; they must outlive it. `threads`: as in scan_options.
/// Throws shape_error where n is zero or not `num_examples`, where k is below 2, or where `labels` is not
/// one-dimensional; value_error, with the first bad index, where a label is negative or not below k.
template <label_sequence Labels>
[[nodiscard]] auto check_labels(const Labels& labels, std::size_t num_examples, std::size_t num_classes,
                                const char* function, std::size_t threads = 1);

namespace detail
{

template <class Labels>
struct label_value
{
    using type = std::ranges::range_value_t<const Labels>;
};

template <array_expression Labels>
struct label_value<Labels>
{
    using type = typename Labels::value_type;
};

/// Refuses probabilities of fewer than two classes.
inline void require_classes(std::size_t num_classes, const char* function, const char* argument = "pred_probs")
{
    if (num_classes < 2)
        throw shape_error(std::string(function) + ": " + argument +
                          " must have at least 2 columns, one for each class, not " + std::to_string(num_classes) +
                          (num_classes == 1 ? "; if it is the probability p of one of two classes, make it the columns "
                                              "1 - p and p"
                                            : ""));
}

/// check_labels of one process's examples, of which there may be none.
template <label_sequence Labels>
[[nodiscard]] auto check_labels_of_part(const Labels& labels, std::size_t num_examples, std::size_t num_classes,
                                        const char* function, std::size_t threads = 1);

/// The labels as one contiguous run, copied only where they are not one already. Counts are not filled yet.
template <label_sequence Labels>
[[nodiscard]] auto contiguous_labels(const Labels& labels, const char* function, const char* argument = "labels")
{
    using value = std::remove_cv_t<typename label_value<Labels>::type>;
    // Truth values become bytes: a vector of bool has no run of them.
    using label = std::conditional_t<std::is_same_v<value, bool>, unsigned char, value>;
    class_labels<label> result;
    if constexpr (array_expression<Labels>)
    {
        require_dimension(labels, 1, function, argument);
        const auto n = static_cast<std::size_t>(labels.shape()[0]);
        if constexpr (stored_expression<Labels> && std::is_same_v<label, value>)
            if (n <= 1 || labels.strides()[0] == 1)
            {
                result.values = {labels.data() + labels.data_offset(), n};
                return result;
            }
        result.storage.resize(n);
        for (std::size_t i = 0; i < n; ++i)
            result.storage[i] = static_cast<label>(labels(i));
        result.values = result.storage;
    }
    else if constexpr (std::is_same_v<label, value>)
        result.values = {std::ranges::data(labels), static_cast<std::size_t>(std::ranges::size(labels))};
    else
    {
        result.storage.assign(std::ranges::begin(labels), std::ranges::end(labels));
        result.values = result.storage;
    }
    return result;
}

/// Accumulator: how many labels each class has, and the first label that is no class.
template <std::integral Label>
class label_counts
{
public:
    label_counts(std::span<const Label> labels, std::size_t num_classes)
        : labels_(labels), num_classes_(num_classes), counts_(num_classes * copies_for(num_classes))
    {
    }

    /// Counts the labels of [first, last) unless one of them, or one that came before, is no class.
    void add(std::size_t first, std::size_t last)
    {
        if (!check(first, last))
            return;
        const std::size_t copies = copies_for(num_classes_);
        for (std::size_t i = first; i < last; ++i)
            ++counts_[(i & (copies - 1)) * num_classes_ + static_cast<std::size_t>(labels_[i])];
    }

    /// Counts examples that have been found to have one label.
    void add_examples(std::size_t label, std::size_t count)
    {
        counts_[label] += count;
    }

    /// Whether the labels of [first, last), and all that came before, are classes.
    [[nodiscard]] bool check(std::size_t first, std::size_t last)
    {
        if (bad_)
            return false;
        // The highest bit is set where the label, or what it leaves up to the last class, is negative: arithmetic that
        // every machine has in vectors, unlike a comparison of unsigned numbers.
        const auto fault = [last_class = std::uint64_t{num_classes_} - 1](Label label)
        {
            const auto number = static_cast<std::uint64_t>(label);
            return number | (last_class - number);
        };
        constexpr auto highest = std::uint64_t{1} << 63;
        std::uint64_t faults = 0;
        for (std::size_t i = first; i < last; ++i)
            faults |= fault(labels_[i]);
        if ((faults & highest) == 0)
            return true;
        bad_ = first;
        while ((fault(labels_[*bad_]) & highest) == 0)
            ++*bad_;
        return false;
    }

    void merge(label_counts&& later)
    {
        if (!bad_)
            bad_ = later.bad_;
        for (std::size_t j = 0; j < counts_.size(); ++j)
            counts_[j] += later.counts_[j];
    }

    /// The index of the first label that is no class.
    [[nodiscard]] const std::optional<std::size_t>& bad() const noexcept
    {
        return bad_;
    }

    /// k counts.
    [[nodiscard]] std::vector<std::size_t> counts() const
    {
        std::vector<std::size_t> sums(num_classes_);
        for (std::size_t j = 0; j < counts_.size(); ++j)
            sums[j % num_classes_] += counts_[j];
        return sums;
    }

private:
    /// Of few classes neighbouring examples often have the same one, and an addition to a number in memory waits for
    /// the one before: eight copies take turns. A power of 2.
    [[nodiscard]] static constexpr std::size_t copies_for(std::size_t num_classes) noexcept
    {
        return num_classes <= 16 ? 8 : 1;
    }

    std::span<const Label> labels_;
    std::size_t num_classes_;
    std::vector<std::size_t> counts_;  // k, in each copy
    std::optional<std::size_t> bad_ = std::nullopt;
};

/// Counts the labels on as many threads as they are worth.
template <std::integral Label>
[[nodiscard]] label_counts<Label> count_labels(std::span<const Label> labels, std::size_t num_classes,
                                               std::size_t threads)
{
    const auto work = [&](label_counts<Label>& counts, std::size_t first, std::size_t last, const auto& report)
    {
        constexpr std::size_t step = 512;
        for (std::size_t start = first; start < last; start += step)
        {
            const std::size_t stop = std::min(start + step, last);
            counts.add(start, stop);
            report(stop - start);
        }
    };
    return accumulate(labels.size(), 1, "labels", label_counts<Label>(labels, num_classes), {.threads = threads}, work);
}

/// The labels as one contiguous run, as many as there are examples. Whether they are classes is not known yet, and they
/// are not counted.
template <label_sequence Labels>
[[nodiscard]] auto labels_of(const Labels& labels, std::size_t num_examples, std::size_t num_classes,
                             const char* function)
{
    auto result = contiguous_labels(labels, function);
    require_classes(num_classes, function);
    if (result.size() != num_examples)
        throw shape_error(std::string(function) + ": labels has " + std::to_string(result.size()) +
                          " examples and pred_probs has " + std::to_string(num_examples) +
                          " rows; they must be the same examples in the same order");
    return result;
}

/// Takes the counts of all labels; refuses the first that is no class.
template <std::integral Label>
void finish_counting(class_labels<Label>& labels, const label_counts<Label>& counted, const char* function)
{
    auto counts = counted.counts();
    if (const auto& bad = counted.bad())
    {
        // Promoted, so that a char prints as a number.
        const auto label = +labels.values[*bad];
        throw value_error(std::string(function) + ": labels[" + std::to_string(*bad) + "] is " + std::to_string(label) +
                          not_a_class(label, counts.size(),
                                      [&](const auto& holds)
                                      { return std::all_of(labels.values.begin(), labels.values.end(), holds); }));
    }
    labels.class_counts = std::move(counts);
}

template <label_sequence Labels>
auto check_labels_of_part(const Labels& labels, std::size_t num_examples, std::size_t num_classes, const char* function,
                          std::size_t threads)
{
    auto result = labels_of(labels, num_examples, num_classes, function);
    finish_counting(result, count_labels(result.values, num_classes, threads), function);
    return result;
}

/// Refuses a set without examples.
inline void require_examples(std::size_t num_examples, const char* function)
{
    if (num_examples == 0)
        throw shape_error(std::string(function) + ": labels and pred_probs are empty; at least one example is needed");
}

}  // namespace detail

template <label_sequence Labels>
auto check_labels(const Labels& labels, std::size_t num_examples, std::size_t num_classes, const char* function,
                  std::size_t threads)
{
    auto result = detail::check_labels_of_part(labels, num_examples, num_classes, function, threads);
    detail::require_examples(num_examples, function);
    return result;
}

}  // namespace labelerrors

#endif
