#include "plain_cuts.hpp"
#include "small_cases.hpp"
#include "support/golden.hpp"
#include <labelerrors/core/reference_cleanlab_1.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace
{

namespace v1 = labelerrors::reference::cleanlab_1;
using tests::answer;
using tests::json;
using tests::to_vector;

[[nodiscard]] v1::jobs jobs_of(const json& record)
{
    return record.at("n_jobs") == 1 ? v1::jobs::one : v1::jobs::several;
}

void check_all(const tests::golden_case& set, const json& answers, v1::num_errors_by num_errors_by)
{
    INFO(set.folder.filename().string());
    const auto raw =
        v1::compute_confident_joint(set.labels, set.pred_probs, {.calibrate = labelerrors::calibration::none});
    CHECK(tests::equal_matrix(raw.confident_joint,
                              answers.at("latent_estimation.compute_confident_joint(calibrate=False)")));
    CHECK(tests::equal_matrix(v1::compute_confident_joint(set.labels, set.pred_probs).confident_joint,
                              answer(answers, "latent_estimation.compute_confident_joint(calibrate=True)")));
    CHECK(v1::num_label_errors(raw.confident_joint, set.labels.size()) ==
          answers.at("latent_estimation.num_label_errors(confident_joint=uncalibrated)").get<std::size_t>());

    for (const auto& record : answers.at("pruning.get_noise_indices(sorted_index_method=self_confidence)"))
    {
        const std::string method = record.at("prune_method");
        INFO(method, ", jobs: ", record.at("n_jobs").get<int>());
        const auto issues =
            v1::get_noise_indices(set.labels, set.pred_probs,
                                  {.prune_method = method == "both"             ? v1::prune_method::both
                                                   : method == "prune_by_class" ? v1::prune_method::prune_by_class
                                                                                : v1::prune_method::prune_by_noise_rate,
                                   .jobs = jobs_of(record)});
        CHECK(issues.indices.size() == answer(record, "num_issues").get<std::size_t>());
        CHECK(tests::same_ranking(to_vector(issues.indices), answer(record, "indices").get<std::vector<std::size_t>>(),
                                  answer(record, "tie_groups")));
    }
    for (const auto& record : answers.at("notebook.get_label_error_indices_to_match_labelerrors_com"))
    {
        const auto issues = v1::published_label_errors(set.labels, set.pred_probs,
                                                       {.num_errors_by = num_errors_by, .jobs = jobs_of(record)});
        CHECK(issues.indices.size() == record.at("num_errors").get<std::size_t>());
        CHECK(tests::same_ranking(to_vector(issues.indices),
                                  answer(record, "label_error_indices").get<std::vector<std::size_t>>(),
                                  answer(record, "tie_groups")));
        CHECK(std::is_sorted(issues.scores.begin(), issues.scores.end()));
    }
}

/// The examples of which pruning takes some, by sorting all that have a label; `counts`: row: true, column: given
/// label.
struct plainly_pruned
{
    const tests::small_case& made;
    const xt::xtensor<std::int64_t, 2>& counts;
    v1::jobs jobs;

    [[nodiscard]] bool takes(std::size_t i, v1::prune_method method) const
    {
        const auto given = static_cast<std::size_t>(made.labels(i));
        std::vector<std::size_t> same;
        for (std::size_t other = 0; other < made.labels.size(); ++other)
            if (made.labels(other) == made.labels(i))
                same.push_back(other);
        const auto row = xt::view(made.pred_probs, i);
        if (same.size() <= 5 ||
            static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin()) == given)
            return false;
        const tests::plain::told_probabilities told{made.pred_probs, jobs};
        const auto cuts = tests::plain::cuts_of(told, given, same, counts);
        const bool by_class = told.value(i, given) < cuts.below;
        const bool by_rate = tests::plain::takes_by_rate(cuts, told, i, given);
        return method == v1::prune_method::both             ? by_class && by_rate
               : method == v1::prune_method::prune_by_class ? by_class
                                                            : by_rate;
    }
};

}  // namespace

TEST_CASE("the procedures of cleanlab 1.0 give what it answered on every synthetic set it could handle")
{
    const auto golden = tests::golden_dir();
    if (!golden)
        return tests::skip("no LABELERRORS_GOLDEN_DIR");
    std::size_t handled = 0;
    for (const auto& folder : tests::synthetic_folders(*golden))
    {
        const auto set = tests::read_synthetic(folder);
        if (!std::filesystem::exists(folder / "v1.json"))
        {
            CHECK_THROWS_WITH_AS(static_cast<void>(v1::get_noise_indices(set.labels, set.pred_probs)),
                                 doctest::Contains("has no example"), labelerrors::value_error);
            continue;
        }
        check_all(set, tests::read_json(folder / "v1.json"), v1::num_errors_by::num_label_errors);
        ++handled;
    }
    CHECK(handled == 10);
}

TEST_CASE("the procedures of cleanlab 1.0 give the label errors of the published study")
{
    const auto golden = tests::golden_dir();
    const auto data = tests::data_dir();
    if (!golden || !data)
        return tests::skip("no LABELERRORS_GOLDEN_DIR or no LABELERRORS_DATA_DIR");
    for (const auto& [name, num_errors] : {std::pair{"mnist_test_set", 87}, std::pair{"cifar10_test_set", 275},
                                           std::pair{"20news_test_set", 93}, std::pair{"imdb_test_set", 1310}})
    {
        const auto set = tests::read_real(*golden, *data, name);
        const auto num_errors_by = std::string(name) == "mnist_test_set" ? v1::num_errors_by::prune_by_class
                                                                         : v1::num_errors_by::num_label_errors;
        check_all(set, tests::read_json(*golden / "real_v1" / (std::string(name) + ".json")), num_errors_by);
        CHECK(v1::published_label_errors(set.labels, set.pred_probs, {.num_errors_by = num_errors_by}).indices.size() ==
              static_cast<std::size_t>(num_errors));
    }
}

TEST_CASE("pruning takes what sorting all examples of a label takes, by any joint and share, in any order")
{
    std::mt19937_64 random(31);
    std::size_t taken = 0;
    std::size_t differ_by_jobs = 0;
    for (int round = 0; round < 300; ++round)
    {
        const std::size_t k = 2 + random() % 4;
        const std::size_t n = k + random() % 80;
        // Multiples of 1/4 make ties, those of 1/7 ties that rounding to float makes or breaks.
        auto made = tests::random_case(random, n, k, round % 2 == 0 ? 4 : 7);
        for (std::size_t j = 0; j < k; ++j)
            made.labels(j) = static_cast<int>(j);
        auto joint = xt::xtensor<double, 2>::from_shape({k, k});
        for (std::size_t i = 0; i < k; ++i)
            for (std::size_t j = 0; j < k; ++j)
                joint(i, j) = static_cast<double>(random() % (i == j ? 1 + n / k : 1 + n / k / k));
        const double frac_noise = round % 3 == 0 ? 0.5 : 1.0;
        const auto counts = labelerrors::prune_counts(joint, 5, frac_noise);
        std::array<std::vector<std::size_t>, 2> by_jobs;
        for (const auto jobs : {v1::jobs::one, v1::jobs::several})
            for (const auto method :
                 {v1::prune_method::prune_by_noise_rate, v1::prune_method::prune_by_class, v1::prune_method::both})
            {
                const plainly_pruned plain{made, counts, jobs};
                std::vector<std::size_t> expected;
                for (std::size_t i = 0; i < n; ++i)
                    if (plain.takes(i, method))
                        expected.push_back(i);
                v1::noise_indices_options options{.prune_method = method,
                                                  .sorted_index_method = v1::sorted_index_method::index,
                                                  .frac_noise = frac_noise,
                                                  .confident_joint = joint,
                                                  .jobs = jobs};
                const auto found = v1::get_noise_indices(made.labels, made.pred_probs, options);
                CHECK(to_vector(found.indices) == expected);
                options.sorted_index_method = v1::sorted_index_method::prob_given_label;
                const auto by_confidence = [&](std::size_t a, std::size_t b)
                {
                    return made.pred_probs(a, static_cast<std::size_t>(made.labels(a))) <
                           made.pred_probs(b, static_cast<std::size_t>(made.labels(b)));
                };
                std::stable_sort(expected.begin(), expected.end(), by_confidence);
                const auto sorted = v1::get_noise_indices(made.labels, made.pred_probs, options);
                CHECK(to_vector(sorted.indices) == expected);
                taken += expected.size();
                if (method == v1::prune_method::prune_by_noise_rate)
                    by_jobs[jobs == v1::jobs::one ? 0 : 1] = expected;
            }
        differ_by_jobs += by_jobs[0] != by_jobs[1] ? 1 : 0;
    }
    CHECK(taken > 1000);
    // Else this would hold whatever the processes.
    CHECK(differ_by_jobs > 0);
}
