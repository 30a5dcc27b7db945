#ifndef LABELERRORS_MODEL_STRATIFIED_FOLDS_HPP
#define LABELERRORS_MODEL_STRATIFIED_FOLDS_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/core/portable_random.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/model/checked_classes.hpp>

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace labelerrors
{

/// What stratified_folds lets its caller choose.
struct stratified_folds_options
{
    std::size_t num_folds = 5;  // from 2 to the size of the smallest class
    std::uint64_t seed = 0;     // which examples go together; the same seed gives the same folds on every platform
};

/// Deals n examples into folds at random, so that each fold has as many of every class, and as many in all, as any
/// other, or one more.
///
/// `labels`: n integers, 0 .. k - 1. Returns the fold of each example, 0 .. num_folds - 1.
/// Throws shape_error and value_error, with the first bad index, for labels that are none; value_error where there is
/// one class only, where num_folds is below 2, and where a class has fewer examples than there are folds. O(n + k).
template <label_sequence Labels>
[[nodiscard]] std::vector<std::size_t> stratified_folds(const Labels& labels,
                                                        const stratified_folds_options& options = {});

namespace detail
{

/// stratified_folds of labels that have been checked.
[[nodiscard]] inline std::vector<std::size_t> deal_folds(const checked_classes& classes,
                                                         const stratified_folds_options& options, const char* function)
{
    const std::string name = function;
    const std::size_t folds = options.num_folds;
    if (folds < 2)
        throw value_error(name + ": num_folds must be at least 2, not " + std::to_string(folds));
    for (std::size_t j = 0; j < classes.num_classes(); ++j)
        if (classes.counts[j] < folds)
            throw value_error(name + ": class " + std::to_string(j) + " has " + std::to_string(classes.counts[j]) +
                              " examples, fewer than the " + std::to_string(folds) + " folds; " +
                              (classes.counts[j] < 2 ? "leave the class out and number the others from 0, without gaps"
                                                     : "take at most " + std::to_string(classes.counts[j]) +
                                                           " folds or leave the "
                                                           "class out"));
    // The rows of each class, one class after another, each shuffled, are dealt like cards: of any run of rows each
    // fold gets as many as any other, or one more.
    const std::size_t n = classes.labels.size();
    std::vector<std::size_t> starts(classes.num_classes() + 1);
    std::partial_sum(classes.counts.begin(), classes.counts.end(), starts.begin() + 1);
    std::vector<std::size_t> by_class(n);
    auto next = starts;
    for (std::size_t i = 0; i < n; ++i)
        by_class[next[classes.labels[i]]++] = i;
    std::mt19937_64 random(options.seed);
    for (std::size_t j = 0; j < classes.num_classes(); ++j)
    {
        const std::span<std::size_t> rows(by_class.data() + starts[j], classes.counts[j]);
        sample_to_front(random, rows, rows.size());
    }
    std::vector<std::size_t> fold_of(n);
    for (std::size_t position = 0; position < n; ++position)
        fold_of[by_class[position]] = position % folds;
    return fold_of;
}

}  // namespace detail

template <label_sequence Labels>
std::vector<std::size_t> stratified_folds(const Labels& labels, const stratified_folds_options& options)
{
    constexpr const char* function = "stratified_folds";
    return detail::deal_folds(detail::check_classes(labels, function), options, function);
}

}  // namespace labelerrors

#endif
