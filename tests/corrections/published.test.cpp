// The published test sets, corrected by the votes of the crowd.
#include "support/data.hpp"
#include <labelerrors/corrections/corrections.hpp>
#include <labelerrors/datasets/published_set.hpp>
#include <labelerrors/datasets/registry.hpp>
#include <labelerrors/datasets/vote_counts.hpp>
#include <labelerrors/datasets/votes_file.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <span>
#include <vector>

namespace
{

namespace corrections = labelerrors::corrections;
namespace consensus = labelerrors::consensus;
namespace datasets = labelerrors::datasets;
using corrections::action;

constexpr corrections::correction_options drop_unresolved{
    .both = action::drop, .neither = action::drop, .no_agreement = action::drop};

[[nodiscard]] std::span<const std::int64_t> to_span(const xt::xtensor<std::int64_t, 1>& labels)
{
    return {labels.data(), labels.size()};
}

}  // namespace

TEST_CASE("corrected labels differ from the published ones where the crowd relabelled and nowhere else")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    for (const char* name : {"mnist", "cifar10", "cifar100", "caltech256", "imagenet", "20news", "imdb"})
        for (const std::size_t needed : {std::size_t{3}, std::size_t{4}, std::size_t{5}})
        {
            const auto& set = datasets::find_dataset(name);
            CAPTURE(set.name);
            CAPTURE(needed);
            const auto labels = datasets::read_published_labels(set, *data);
            const auto checked = datasets::read_votes(set, *data);
            const consensus::at_least_of policy{needed, 5};
            const auto corrected = corrections::correct_labels(to_span(labels), checked, policy);
            REQUIRE(corrected.labels.size() == set.num_examples);
            std::vector<std::size_t> changed;
            for (std::size_t row = 0; row < labels.size(); ++row)
                if (labels(row) != corrected.labels[row])
                    changed.push_back(row);
            std::vector<std::size_t> relabelled;
            for (const auto& one : corrected.corrections)
                if (one.decision == consensus::decision::relabel && one.given_label != one.guessed_label)
                    relabelled.push_back(one.row);
            CHECK(changed == relabelled);

            const auto figures = datasets::count_votes(set, checked);
            const auto correctable = needed == 3   ? figures.correctable_at_3
                                     : needed == 4 ? figures.correctable_at_4
                                                   : figures.correctable_at_5;
            CHECK(corrected.decisions.relabel == correctable);

            const auto kept = corrections::correct_labels(to_span(labels), checked, policy, drop_unresolved);
            CHECK(kept.labels.size() == set.num_examples - corrected.decisions.both - corrected.decisions.neither -
                                            corrected.decisions.no_agreement);
            CHECK(kept.kept_rows.size() == kept.labels.size());

            const auto twice =
                corrections::correct_labels(std::span<const std::int64_t>(corrected.labels), checked, policy);
            CHECK(twice.labels == corrected.labels);
        }
}

TEST_CASE("the corrected CIFAR-10 has the sizes of the published tables")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const auto& set = datasets::find_dataset("cifar10");
    const auto labels = datasets::read_published_labels(set, *data);
    const auto checked = datasets::read_votes(set, *data);
    const auto size = [&](const auto& policy)
    {
        return corrections::correct_labels(to_span(labels), checked, policy, drop_unresolved).labels.size();
    };
    CHECK(size(consensus::majority{}) == 9964);
    CHECK(size(consensus::unanimous{}) == 9810);
}

TEST_CASE("AudioSet's label sets change for the 275 examples whose labels the crowd did not hear")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const auto& set = datasets::find_dataset("audioset");
    const auto votes = datasets::read_label_votes(set, *data);
    const std::vector<corrections::checked_label_set> checked(votes.begin(), votes.end());
    const auto corrected = corrections::correct_label_sets(datasets::read_published_label_sets(set, *data), checked, 3);
    CHECK(corrected.num_changed == 275);
    CHECK(corrections::correct_label_sets(corrected.labels, checked, 3).labels == corrected.labels);
}
