#ifndef LABELERRORS_CORE_ANNOTATOR_VOTES_HPP
#define LABELERRORS_CORE_ANNOTATOR_VOTES_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/core/pred_probs_check.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/rows/row_blocks.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace labelerrors
{

/// The labels that m annotators gave n examples: an n x m expression of numbers, NaN where an annotator gave none. Of
/// integers every one is a label.
template <class L>
concept annotator_labels = array_expression<L> && detail::may_have_dimension<L, 2> &&
    std::is_arithmetic_v<typename L::value_type> && requires(const L& labels, std::size_t i)
{
    static_cast<typename L::value_type>(labels(i, i));
};

/// What one annotator said about one example.
struct annotator_vote
{
    std::uint32_t annotator;
    std::uint32_t label;
};

/// The votes on each example, checked: every one is a class, every example has one, and so has every annotator.
struct annotator_votes
{
    std::size_t num_annotators = 0;
    std::size_t num_classes = 0;
    std::vector<std::size_t> first = {0};    // (n + 1): where the votes on each example begin, and where all end
    std::vector<annotator_vote> votes = {};  // of each example, annotators ascending

    /// The number of examples.
    [[nodiscard]] std::size_t size() const noexcept
    {
        return first.size() - 1;
    }

    /// The votes on example i.
    [[nodiscard]] std::span<const annotator_vote> operator[](std::size_t i) const noexcept
    {
        return {votes.data() + first[i], first[i + 1] - first[i]};
    }

    /// How many votes there are for a class on example i.
    [[nodiscard]] std::size_t count(std::size_t i, std::size_t label) const noexcept
    {
        const auto of = (*this)[i];
        return static_cast<std::size_t>(
            std::count_if(of.begin(), of.end(), [&](const annotator_vote& vote) { return vote.label == label; }));
    }
};

/// Checks the labels of m annotators. `num_classes`: k, or 0 for one more than the largest label, and at least 2.
/// Throws shape_error where `labels` is not two-dimensional or has no rows or no columns; value_error, with the place,
/// where a label is no whole number or no class, and for an example or an annotator without a label; without k also for
/// more than 1,024 classes that are more than there are labels. O(n m).
template <annotator_labels Labels>
[[nodiscard]] annotator_votes check_annotator_labels(const Labels& labels, std::size_t num_classes,
                                                     const char* function);

namespace detail
{

/// The label at (i, j) as a class; refuses what is none.
[[nodiscard]] inline std::uint32_t to_class(double label, std::size_t i, std::size_t j, std::size_t num_classes,
                                            const char* function)
{
    constexpr double limit = std::numeric_limits<std::uint32_t>::max();
    const auto place = [&]
    {
        return std::string(function) + ": labels(" + std::to_string(i) + ", " + std::to_string(j) + ") is " +
               to_text(label);
    };
    if (!(label >= 0.0 && label < limit) || label != std::floor(label))
        throw value_error(place() + "; labels are whole numbers from 0 on, and NaN where the annotator gave none");
    if (num_classes != 0 && label >= static_cast<double>(num_classes))
        throw value_error(place() + ", but pred_probs has " + std::to_string(num_classes) +
                          " columns, so labels must be 0 to " + std::to_string(num_classes - 1));
    return static_cast<std::uint32_t>(label);
}

/// Refuses votes that tell nothing about how annotators agree.
inline void require_agreement(const annotator_votes& votes, const char* function)
{
    bool shared = false;
    for (std::size_t i = 0; i < votes.size(); ++i)
    {
        shared = shared || votes[i].size() > 1;
        for (const auto& vote : votes[i])
            if (votes.count(i, vote.label) > 1)
                return;
    }
    if (!shared)
        throw value_error(std::string(function) +
                          ": labels has no example with two labels; for one label each use label_quality_scores");
    throw value_error(
        std::string(function) +
        ": labels has no example on which two annotators agree; check that rows are examples, columns are "
        "annotators, and all number the classes alike");
}

}  // namespace detail

template <annotator_labels Labels>
annotator_votes check_annotator_labels(const Labels& labels, std::size_t num_classes, const char* function)
{
    const std::string name = function;
    detail::require_dimension(labels, 2, function, "labels");
    const auto n = static_cast<std::size_t>(labels.shape()[0]);
    const auto m = static_cast<std::size_t>(labels.shape()[1]);
    if (n == 0 || m == 0)
        throw shape_error(name + ": labels is " + std::to_string(n) + " x " + std::to_string(m) +
                          "; at least one example and one annotator are needed");
    annotator_votes checked{.num_annotators = m, .num_classes = std::max<std::size_t>(num_classes, 2)};
    std::vector<bool> annotated(m);
    for (std::size_t i = 0; i < n; ++i)
    {
        for (std::size_t j = 0; j < m; ++j)
        {
            const auto label = static_cast<double>(labels(i, j));
            if (std::isnan(label))
                continue;
            const auto as_class = detail::to_class(label, i, j, num_classes, function);
            checked.num_classes = std::max<std::size_t>(checked.num_classes, std::size_t{as_class} + 1);
            checked.votes.push_back({static_cast<std::uint32_t>(j), as_class});
            annotated[j] = true;
        }
        if (checked.votes.size() == checked.first.back())
            throw value_error(name + ": labels row " + std::to_string(i) +
                              " has no label; leave out examples that nobody labelled");
        checked.first.push_back(checked.votes.size());
    }
    // What is made of k elements, or k x k, is not to be large by one label of a billion.
    constexpr std::size_t usual_classes = 1024;
    if (num_classes == 0 && checked.num_classes > std::max(usual_classes, checked.votes.size()))
        throw value_error(name + ": the largest of labels is " + std::to_string(checked.num_classes - 1) +
                          ", but there are only " + std::to_string(checked.votes.size()) +
                          " labels; number the classes that occur from 0 on");
    const auto idle = std::find(annotated.begin(), annotated.end(), false);
    if (idle != annotated.end())
        throw value_error(name + ": labels column " + std::to_string(idle - annotated.begin()) +
                          " has no label; leave out annotators who labelled nothing");
    return checked;
}

}  // namespace labelerrors

#endif
