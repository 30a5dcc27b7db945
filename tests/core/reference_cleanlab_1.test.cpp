#include "support/golden.hpp"
#include <labelerrors/core/reference_cleanlab_1.hpp>

#include <doctest/doctest.h>

#include <array>
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
