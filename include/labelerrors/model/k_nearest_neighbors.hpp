#ifndef LABELERRORS_MODEL_K_NEAREST_NEIGHBORS_HPP
#define LABELERRORS_MODEL_K_NEAREST_NEIGHBORS_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/model/centring.hpp>
#include <labelerrors/model/checked_classes.hpp>
#include <labelerrors/model/classifier.hpp>
#include <labelerrors/model/distance_bound.hpp>
#include <labelerrors/model/features.hpp>
#include <labelerrors/model/multiply.hpp>
#include <labelerrors/model/run_parts.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace labelerrors
{

/// What k_nearest_neighbors lets its caller choose.
struct k_nearest_neighbors_options
{
    std::size_t num_neighbors = 10;  // at least 1; of fewer examples all are neighbours
    // The votes that all classes share by how frequent they are, on top of one vote a neighbour, above 0: so that no
    // probability is 0, and few neighbours do not make certainty.
    double prior_votes = 1.0;
    // Threads of one prediction, 0: as many as the machine has. The result is the same for any number.
    std::size_t threads = 0;
};

/// The classes of the nearest examples, by Euclidean distance, as probabilities: for class j,
/// (neighbours of class j + prior_votes * share of class j) / (neighbours + prior_votes). A classifier for matrices of
/// numbers, which it neither learns from nor scales: it keeps a copy of them, floats as floats.
///
/// The neighbours are those of a plain search that sums the squares of differences in double, whatever the features are
/// in; of examples that are equally near the earlier come first. Squares are taken in a unit of the order of the number
/// farthest from the mean, a power of 2, so that none overflows or vanishes. Products in float, with a bound of their
/// error, say which examples are too far to be looked at. A prediction takes O(n m d) for n examples and m of the fit,
/// in blocks, some times as long where most examples are nearer to each other than floats can tell; memory O(m d).
class k_nearest_neighbors
{
public:
    /// Throws value_error where an option is out of its range.
    explicit k_nearest_neighbors(const k_nearest_neighbors_options& options = {});

    /// Keeps n examples of d features. `labels`: n, below `num_classes`, k, at least two different ones.
    /// Throws shape_error and value_error as logistic_regression::fit; what was kept before stays then.
    template <dense_features Features>
    void fit(const Features& features, std::span<const std::size_t> labels, std::size_t num_classes);

    /// The probabilities, n x k, of examples of the same d features. Throws shape_error where nothing was learnt yet or
    /// d differs; value_error, with the place, for features that are not finite, or so far from those of the fit that
    /// no double holds their squared distance in the unit of those.
    template <dense_features Features>
    [[nodiscard]] xt::xtensor<double, 2> predict_proba(const Features& features,
                                                       const predict_options& options = {}) const;

private:
    /// What a fit leaves, put in place as a whole once nothing can be thrown any more.
    struct learnt_examples
    {
        std::vector<float> floats = {};  // m x d, as they were given; one of the two is empty
        std::vector<double> doubles = {};
        std::vector<double> squares = {};  // m: the squared length of each, centred, times the share of the bound
        detail::centring centre = {};
        std::vector<std::size_t> labels = {};
        std::vector<double> shares = {};  // k: how frequent each class is
    };

    template <row_element T, row_source Source>
    void predict_part(const Source& source, const std::vector<T>& kept, std::size_t begin, std::size_t end,
                      const std::atomic<bool>& stop, xt::xtensor<double, 2>& pred_probs) const;

    k_nearest_neighbors_options options_;
    learnt_examples learnt_;
};

namespace detail
{

/// An example and how far off it is.
struct neighbor
{
    double distance;
    std::size_t row;

    [[nodiscard]] friend bool operator<(const neighbor& a, const neighbor& b) noexcept
    {
        return std::pair(a.distance, a.row) < std::pair(b.distance, b.row);
    }
};

/// Keeps the `most` nearest of those that are offered, the farthest of them in front. Rows come in ascending order.
inline void offer_neighbor(std::vector<neighbor>& nearest, std::size_t most, neighbor offered)
{
    if (nearest.size() == most)
    {
        if (!(offered.distance < nearest.front().distance))
            return;
        std::pop_heap(nearest.begin(), nearest.end());
        nearest.back() = offered;
    }
    else
        nearest.push_back(offered);
    std::push_heap(nearest.begin(), nearest.end());
}

}  // namespace detail

inline k_nearest_neighbors::k_nearest_neighbors(const k_nearest_neighbors_options& options) : options_(options)
{
    if (options.num_neighbors == 0)
        throw value_error("k_nearest_neighbors: num_neighbors must be at least 1, not 0");
    if (!(options.prior_votes > 0.0) || !std::isfinite(options.prior_votes))
        throw value_error("k_nearest_neighbors: prior_votes must be a finite number above 0, not " +
                          labelerrors::detail::to_text(options.prior_votes));
}

template <dense_features Features>
void k_nearest_neighbors::fit(const Features& features, std::span<const std::size_t> labels, std::size_t num_classes)
{
    constexpr const char* function = "k_nearest_neighbors::fit";
    learnt_examples learning;
    const auto keep = [&]<row_element T>(const auto& rows, std::vector<T>& kept)
    {
        const std::size_t m = rows.num_rows();
        const std::size_t d = rows.num_columns();
        kept.reserve(m * d);
        learning.squares.reserve(m);
        std::vector<T> buffer;
        const detail::distance_bound bound(d);
        const std::size_t step = rows_per_block<double>(d);
        std::vector<double> centred(std::min(step, m) * d);
        for (std::size_t first = 0; first < m; first += step)
        {
            const std::size_t count = std::min(step, m - first);
            const T* const block = rows.read(first, count, buffer);
            kept.insert(kept.end(), block, block + count * d);
            detail::centre_rows(block, count, learning.centre, centred.data());
            for (std::size_t i = 0; i < count; ++i)
                learning.squares.push_back(bound.share * detail::squared_length(centred.data() + i * d, d));
        }
    };
    detail::with_feature_rows(features, function,
                              [&](const auto& rows)
                              {
                                  using T = typename std::remove_cvref_t<decltype(rows)>::value_type;
                                  detail::require_examples(rows.num_rows(), labels, num_classes, {}, function);
                                  learning.centre = detail::centre_of(rows, function);
                                  if constexpr (std::is_same_v<T, float>)
                                      keep(rows, learning.floats);
                                  else
                                      keep(rows, learning.doubles);
                              });
    learning.labels.assign(labels.begin(), labels.end());
    learning.shares.assign(num_classes, 0.0);
    for (const std::size_t label : labels)
        learning.shares[label] += 1.0 / static_cast<double>(labels.size());
    learnt_ = std::move(learning);
}

template <row_element T, row_source Source>
void k_nearest_neighbors::predict_part(const Source& source, const std::vector<T>& kept, std::size_t begin,
                                       std::size_t end, const std::atomic<bool>& stop,
                                       xt::xtensor<double, 2>& pred_probs) const
{
    constexpr std::size_t tile = 512;
    const std::size_t count = end - begin;
    const std::size_t m = learnt_.labels.size();
    const std::size_t d = learnt_.centre.means.size();
    const std::size_t most = std::min(options_.num_neighbors, m);
    const detail::distance_bound bound(d);
    std::vector<typename Source::value_type> buffer;
    const auto* const rows = source.read(begin, count, buffer);
    std::vector<double> centred(count * d);
    detail::centre_rows(rows, count, learnt_.centre, centred.data());
    std::vector<float> asked(count * d);
    constexpr double farthest = 0x1p60;
    std::vector<double> squares(count);
    for (std::size_t i = 0; i < count; ++i)
    {
        const double* const row = centred.data() + i * d;
        squares[i] = detail::squared_length(row, d);
        // No distance overflows where this does not, for the examples of the fit are shorter than 2 d.
        if (!std::isfinite(4.0 * squares[i]))
            throw value_error("k_nearest_neighbors::predict_proba: features row " + std::to_string(begin + i) +
                              " is so far from the examples of the fit that its squared distance overflows; leave it "
                              "out or scale it down");
        if (squares[i] < farthest)
            std::transform(row, row + d, asked.data() + i * d,
                           [](double number) { return static_cast<float>(number); });
    }
    std::vector<float> others(std::min(tile, m) * d);
    std::vector<float> products(count * tile);
    std::vector<std::vector<detail::neighbor>> nearest(count);
    // What the square of an example less twice its product must exceed for the example to be too far.
    const auto limit_of = [&](std::size_t i)
    {
        if (nearest[i].size() < most || !(squares[i] < farthest))
            return std::numeric_limits<double>::infinity();
        return nearest[i].front().distance - bound.share * squares[i] + bound.slack;
    };
    for (std::size_t first = 0; first < m; first += tile)
    {
        if (stop)
            throw detail::work_stopped();
        const std::size_t width = std::min(tile, m - first);
        detail::centre_rows(kept.data() + first * d, width, learnt_.centre, others.data());
        detail::multiply_rows<float>(count, width, d, {asked.data(), d}, {others.data(), d}, {products.data(), tile});
        for (std::size_t i = 0; i < count; ++i)
        {
            double limit = limit_of(i);
            for (std::size_t j = 0; j < width; ++j)
            {
                if (learnt_.squares[first + j] - 2.0 * static_cast<double>(products[i * tile + j]) > limit)
                    continue;
                const T* const other = kept.data() + (first + j) * d;
                const double distance = squares[i] < farthest
                                            ? detail::squared_distance(rows + i * d, other, d, learnt_.centre.unit)
                                            : detail::squared_excess(centred.data() + i * d, other, learnt_.centre);
                detail::offer_neighbor(nearest[i], most, {distance, first + j});
                limit = limit_of(i);
            }
        }
    }
    const double votes = static_cast<double>(most) + options_.prior_votes;
    for (std::size_t i = 0; i < count; ++i)
    {
        const std::vector<double>& shares = learnt_.shares;
        double* const row = pred_probs.data() + (begin + i) * shares.size();
        for (std::size_t j = 0; j < shares.size(); ++j)
            row[j] = options_.prior_votes * shares[j];
        for (const auto& near : nearest[i])
            row[learnt_.labels[near.row]] += 1.0;
        for (std::size_t j = 0; j < shares.size(); ++j)
            row[j] /= votes;
    }
}

template <dense_features Features>
xt::xtensor<double, 2> k_nearest_neighbors::predict_proba(const Features& features,
                                                          const predict_options& options) const
{
    const std::string function = "k_nearest_neighbors::predict_proba";
    detail::require_finite_features(features, function.c_str());
    return detail::with_feature_rows(
        features, function.c_str(),
        [&](const auto& rows)
        {
            if (learnt_.labels.empty())
                throw shape_error(function + ": nothing was learnt yet; call fit first");
            const std::size_t d = learnt_.centre.means.size();
            if (rows.num_columns() != d)
                throw shape_error(function + ": features must have the " + std::to_string(d) +
                                  " columns that fit was given, not " + std::to_string(rows.num_columns()));
            const std::size_t n = rows.num_rows();
            auto pred_probs = xt::xtensor<double, 2>::from_shape({n, learnt_.shares.size()});
            constexpr std::size_t step = 256;
            detail::run_told_parts((n + step - 1) / step, options.threads == 0 ? options_.threads : options.threads,
                                   [&](std::size_t part, const std::atomic<bool>& stop)
                                   {
                                       const std::size_t begin = part * step;
                                       const std::size_t end = std::min(n, begin + step);
                                       if (learnt_.floats.empty())
                                           predict_part(rows, learnt_.doubles, begin, end, stop, pred_probs);
                                       else
                                           predict_part(rows, learnt_.floats, begin, end, stop, pred_probs);
                                   },
                                   options.progress);
            return pred_probs;
        });
}

}  // namespace labelerrors

#endif
