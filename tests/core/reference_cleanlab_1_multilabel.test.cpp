// The procedure of cleanlab 1.0 for sets of labels, against one that sorts all examples of each label.
#include "plain_cuts.hpp"
#include "support/golden.hpp"
#include <labelerrors/core/multilabel.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace
{

namespace v1 = labelerrors::reference::cleanlab_1;
using tests::to_vector;

struct sets_case
{
    xt::xtensor<int, 2> labels;  // n x k, 0 or 1
    xt::xtensor<double, 2> pred_probs;
};

/// Probabilities in multiples of 1 / steps. Every class has an example. Labels of rows from 100000 on follow another
/// rule, so that the first part of many rows does not tell the best threshold of all.
[[nodiscard]] sets_case make_case(std::mt19937_64& random, std::size_t n, std::size_t k, std::size_t steps,
                                  std::size_t likely_from)
{
    sets_case made{xt::xtensor<int, 2>::from_shape({n, k}), xt::xtensor<double, 2>::from_shape({n, k})};
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < k; ++j)
        {
            const std::size_t share = random() % (steps + 1);
            made.pred_probs(i, j) = static_cast<double>(share) / static_cast<double>(steps);
            made.labels(i, j) =
                i == j || (share >= likely_from - (i < 100000 ? 0u : 3u)) == (random() % 4 != 0) ? 1 : 0;
        }
    return made;
}

/// What pruning takes, with every cut read off all values in order.
class plainly_pruned
{
public:
    plainly_pruned(const sets_case& of, double frac_noise, v1::jobs with)
        : made_(of), told_{of.pred_probs, with}, k_(of.labels.shape()[1]), cuts_(k_)
    {
        std::vector<std::vector<std::size_t>> given(k_);
        for (std::size_t i = 0; i < made_.labels.shape()[0]; ++i)
            for (std::size_t j = 0; j < k_; ++j)
                if (made_.labels(i, j) == 1)
                    given[j].push_back(i);
        auto joint = xt::xtensor<std::int64_t, 2>::from_shape({k_, k_});
        std::vector<std::size_t> sizes;
        for (std::size_t j = 0; j < k_; ++j)
        {
            sizes.push_back(given[j].size());
            const double sum = labelerrors::pairwise_sum(given[j].size(), [&](std::size_t i)
                                                         { return made_.pred_probs(given[j][i], j); });
            const double mean = sum / static_cast<double>(given[j].size());
            for (std::size_t i = 0; i < k_; ++i)
                joint(i, j) = std::count_if(given[i].begin(), given[i].end(),
                                            [&](std::size_t row) { return made_.pred_probs(row, j) >= mean; });
        }
        const auto counts =
            labelerrors::prune_counts(labelerrors::calibrate_confident_joint(joint, sizes), 5, frac_noise);
        for (std::size_t label = 0; label < k_; ++label)
            if (given[label].size() > 5)
                cuts_[label] = tests::plain::cuts_of(told_, label, given[label], counts);
        find_threshold();
    }

    [[nodiscard]] std::vector<std::size_t> suggested(std::size_t i) const
    {
        std::vector<std::size_t> classes;
        for (std::size_t j = 0; j < k_; ++j)
            if (made_.pred_probs(i, j) > threshold_)
                classes.push_back(j);
        return classes;
    }

    [[nodiscard]] std::vector<std::size_t> given(std::size_t i) const
    {
        std::vector<std::size_t> classes;
        for (std::size_t j = 0; j < k_; ++j)
            if (made_.labels(i, j) == 1)
                classes.push_back(j);
        return classes;
    }

    [[nodiscard]] bool takes(std::size_t i, v1::prune_method method) const
    {
        bool by_class = false;
        bool by_rate = false;
        for (const std::size_t label : given(i))
        {
            by_class = by_class || told_.value(i, label) < cuts_[label].below;
            by_rate = by_rate || tests::plain::takes_by_rate(cuts_[label], told_, i, label);
        }
        return suggested(i) != given(i) && (by_class || method == v1::prune_method::prune_by_noise_rate) &&
               (by_rate || method == v1::prune_method::prune_by_class);
    }

private:
    void find_threshold()
    {
        double best = -1.0;
        for (const double threshold : labelerrors::evenly_spaced_thresholds(0.05, 0.05, 17))
        {
            std::array<double, 3> numbers{};  // right, predicted, given
            for (std::size_t cell = 0; cell < made_.labels.size(); ++cell)
            {
                const bool above = made_.pred_probs.data()[cell] > threshold;
                const bool given = made_.labels.data()[cell] == 1;
                numbers[0] += above && given ? 1.0 : 0.0;
                numbers[1] += above ? 1.0 : 0.0;
                numbers[2] += given ? 1.0 : 0.0;
            }
            const double precision = numbers[0] / numbers[1];
            const double recall = numbers[0] / numbers[2];
            const double score = numbers[0] == 0.0 ? 0.0 : 2.0 * precision * recall / (precision + recall);
            if (score > best)
            {
                best = score;
                threshold_ = threshold;
            }
        }
    }

    const sets_case& made_;
    tests::plain::told_probabilities told_;
    std::size_t k_;
    std::vector<tests::plain::cuts> cuts_;  // k: of each given label
    double threshold_ = 0.0;
};

}  // namespace

TEST_CASE("pruning of sets takes what sorting all examples of each label takes")
{
    std::mt19937_64 random(41);
    std::size_t taken = 0;
    std::size_t differ_by_jobs = 0;
    for (int round = 0; round < 301; ++round)
    {
        // Once many rows, of which threads take a part each. Multiples of 1/8 make ties and lie between the last
        // thresholds, those of 1/10 make ties that rounding to float makes or breaks.
        const std::size_t k = 2 + random() % 3;
        const std::size_t n = round == 300 ? 300000 : k + random() % 60;
        const std::size_t steps = round % 2 == 0 ? 8 : 10;
        const auto made = make_case(random, n, k, steps, round % 3 == 0 ? steps : 4);
        const double frac_noise = round % 5 == 0 ? 0.5 : 1.0;
        std::array<std::vector<std::size_t>, 2> by_jobs;
        for (const auto jobs : {v1::jobs::one, v1::jobs::several})
        {
            const plainly_pruned plain(made, frac_noise, jobs);
            for (const auto method :
                 {v1::prune_method::prune_by_noise_rate, v1::prune_method::prune_by_class, v1::prune_method::both})
            {
                std::vector<std::size_t> expected;
                for (std::size_t i = 0; i < n; ++i)
                    if (plain.takes(i, method))
                        expected.push_back(i);
                const auto found = v1::get_multilabel_noise_indices(made.labels, made.pred_probs,
                                                                    {.prune_method = method,
                                                                     .order = v1::label_set_order::index,
                                                                     .frac_noise = frac_noise,
                                                                     .jobs = jobs,
                                                                     .threads = 4});
                CAPTURE(round);
                // Not by doctest's ==, which would write both.
                const bool same = to_vector(found.indices) == expected;
                CHECK(same);
                if (same && !expected.empty())
                {
                    CHECK(found.given_labels.back() == plain.given(expected.back()));
                    CHECK(found.suggested_labels.back() == plain.suggested(expected.back()));
                }
                taken += expected.size();
                auto& all = by_jobs[jobs == v1::jobs::one ? 0 : 1];
                all.insert(all.end(), expected.begin(), expected.end());
            }
        }
        differ_by_jobs += by_jobs[0] != by_jobs[1] ? 1 : 0;
    }
    CHECK(taken > 1000);
    // Else this would hold whatever the processes.
    CHECK(differ_by_jobs > 0);
}

TEST_CASE("what the procedure of cleanlab 1.0 for sets cannot do is refused in its name")
{
    const xt::xtensor<int, 2> labels{{1}, {1}, {0}};
    const xt::xtensor<double, 2> pred_probs{{0.1}, {0.9}, {0.5}};
    CHECK_THROWS_WITH_AS(static_cast<void>(v1::get_multilabel_noise_indices(labels, pred_probs)),
                         "get_multilabel_noise_indices: pred_probs must have at least 2 columns, not 1",
                         labelerrors::shape_error);
    CHECK_THROWS_WITH_AS(static_cast<void>(v1::get_multilabel_noise_indices(labels, pred_probs, {.frac_noise = 1.5})),
                         doctest::Contains("get_multilabel_noise_indices: frac_noise"), labelerrors::value_error);
}
