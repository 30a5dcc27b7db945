// The subcommand find against the library's own answers.
#include "run_program.hpp"
#include "support/data.hpp"
#include <labelerrors/core/find_label_issues.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#ifdef LABELERRORS_PROGRAM

using labelerrors::filter_by;
using labelerrors::find_label_issues;
using labelerrors::find_label_issues_options;
using labelerrors::score_method;
using tests::arguments;
using tests::case_files;
using tests::json;
using tests::run;

namespace
{

[[nodiscard]] tests::small_case random_case()
{
    std::mt19937_64 random(35);
    return tests::random_case(random, 200, 4, 64);
}

/// What the program should print about `issues`.
[[nodiscard]] json to_json(const labelerrors::label_issues& issues, const std::string& filter, const std::string& rank)
{
    json list = json::array();
    for (std::size_t i = 0; i < issues.indices.size(); ++i)
        list.push_back({{"index", issues.indices(i)},
                        {"given_label", issues.given_labels(i)},
                        {"suggested_label", issues.suggested_labels(i)},
                        {"score", issues.scores(i)}});
    return {{"n", issues.num_examples}, {"k", issues.num_classes},   {"filter_by", filter},
            {"rank_by", rank},          {"num_issues", list.size()}, {"issues", list}};
}

void check_answer(const tests::small_case& made, const arguments& call, const find_label_issues_options& options,
                  const std::string& filter = "prune_by_noise_rate", const std::string& rank = "self_confidence")
{
    const auto ran = run(call);
    CAPTURE(ran.err);
    REQUIRE(ran.status == 0);
    CHECK(ran.err.empty());
    CHECK(json::parse(ran.out) == to_json(find_label_issues(made.labels, made.pred_probs, options), filter, rank));
}

}  // namespace

TEST_CASE("find prints the issues of every filter, by every score, as the library finds them")
{
    const auto made = random_case();
    const case_files files(made);
    const std::vector<std::pair<std::string, filter_by>> filters{
        {"prune_by_noise_rate", filter_by::prune_by_noise_rate},
        {"prune_by_class", filter_by::prune_by_class},
        {"both", filter_by::both},
        {"confident_learning", filter_by::confident_learning},
        {"predicted_neq_given", filter_by::predicted_neq_given},
        {"low_normalized_margin", filter_by::low_normalized_margin},
        {"low_self_confidence", filter_by::low_self_confidence}};
    const std::vector<std::pair<std::string, std::optional<score_method>>> rankings{
        {"self_confidence", score_method::self_confidence},
        {"normalized_margin", score_method::normalized_margin},
        {"confidence_weighted_entropy", score_method::confidence_weighted_entropy},
        {"none", std::nullopt}};
    check_answer(made, files.call("find"), {});
    for (const auto& [filter, filter_by] : filters)
        for (const auto& [rank, rank_by] : rankings)
        {
            auto call = files.call("find");
            call.insert(call.end(), {"--filter-by", filter, "--rank-by", rank});
            check_answer(made, call, {.filter_by = filter_by, .rank_by = rank_by}, filter, rank);
        }
}

TEST_CASE("the options of find reach the library")
{
    const auto made = random_case();
    const case_files files(made);
    const auto with = [&](const arguments& more)
    {
        auto call = files.call("find");
        call.insert(call.end(), more.begin(), more.end());
        return call;
    };
    check_answer(made, with({"--frac-noise", "0.5"}), {.frac_noise = 0.5});
    check_answer(made, with({"--min-examples-per-class", "40"}), {.min_examples_per_class = 40});
    check_answer(made, with({"--adjust-pred-probs"}), {.adjust_pred_probs = labelerrors::adjustment::class_thresholds});
    find_label_issues_options options;
    options.num_to_remove_per_class = std::vector<std::size_t>{3, 0, 5, 1};
    check_answer(made, with({"--num-to-remove-per-class", "3,0,5,1"}), options);
    options = {};
    options.confident_joint = xt::xtensor<double, 2>{{40, 3, 2, 1}, {4, 40, 0, 1}, {2, 2, 40, 2}, {0, 9, 1, 40}};
    const auto joint = (files.directory / "joint.npy").string();
    labelerrors::io::write_npy(joint, *options.confident_joint);
    check_answer(made, with({"--confident-joint", joint}), options);
    check_answer(made, with({"--threads", "2", "--tolerance", "0.01"}), {});
}

TEST_CASE("find prints csv and a table, with class names where they are given")
{
    const case_files files(tests::worked_case());
    CHECK(run(files.call("find"), {"--format", "csv"}).out == "index,given_label,suggested_label,score\n"
                                                              "1,0,1,0.125\n"
                                                              "5,2,0,0.25\n");
    CHECK(run(files.call("find"), {"--format", "table"}).out ==
          "2 label issues in 6 examples of 3 classes (33.33 %), by prune_by_noise_rate, worst self_confidence first\n"
          "\n"
          "index  given  suggested  score\n"
          "    1      0          1  0.125\n"
          "    5      2          0   0.25\n");
    const auto names = files.directory.write("names.txt", "cat\r\ndog, big\n\"hen\"\n\n").string();
    CHECK(run(files.call("find"), {"--format", "csv", "--class-names", names}).out ==
          "index,given_label,suggested_label,given_name,suggested_name,score\n"
          "1,0,1,cat,\"dog, big\",0.125\n"
          "5,2,0,\"\"\"hen\"\"\",cat,0.25\n");
    const auto named = run(files.call("find"), {"--format", "table", "--class-names", names}).out;
    CHECK(named.find("    1  cat    dog, big   0.125\n"
                     "    5  \"hen\"  cat         0.25\n") != std::string::npos);
    const auto answer = json::parse(run(files.call("find"), {"--class-names", names}).out);
    CHECK(answer["issues"][0]["given_name"] == "cat");
    CHECK(answer["issues"][0]["suggested_name"] == "dog, big");
    CHECK(answer["issues"][1]["given_name"] == "\"hen\"");
}

TEST_CASE("find lists as many issues as are asked for and says how many there are")
{
    const case_files files(tests::worked_case());
    const auto one = json::parse(run(files.call("find"), {"--top", "1"}).out);
    CHECK(one["num_issues"] == 2);
    CHECK(one["issues"].size() == 1);
    CHECK(one["issues"][0]["index"] == 1);
    const auto none = json::parse(run(files.call("find"), {"--top", "0"}).out);
    CHECK(none["num_issues"] == 2);
    CHECK(none["issues"].empty());
    CHECK(run(files.call("find"), {"--top", "1", "--format", "csv"}).out ==
          "index,given_label,suggested_label,score\n1,0,1,0.125\n");
    CHECK(run(files.call("find"), {"--top", "1", "--format", "table"}).out.find("... and 1 more") != std::string::npos);
}

TEST_CASE("a long list is made by several threads, in order")
{
    std::mt19937_64 random(36);
    const auto made = tests::random_case(random, 250'000, 3, 64);
    const case_files files(made);
    const find_label_issues_options options{.filter_by = filter_by::predicted_neq_given};
    REQUIRE(find_label_issues(made.labels, made.pred_probs, options).indices.size() > 40'000);
    std::string csv;
    for (const char* threads : {"1", "3"})
    {
        auto call = files.call("find");
        call.insert(call.end(), {"--filter-by", "predicted_neq_given", "--threads", threads});
        check_answer(made, call, options, "predicted_neq_given");
        const auto ran = run(call, {"--format", "csv"});
        CHECK(ran.status == 0);
        CHECK((csv.empty() || ran.out == csv));
        csv = ran.out;
    }
}

TEST_CASE("finding nothing is a result")
{
    const case_files files({{0, 1}, {{0.75, 0.25}, {0.25, 0.75}}});
    const auto ran = run(files.call("find"));
    CHECK(ran.status == 0);
    CHECK(json::parse(ran.out) == json{{"n", 2},
                                       {"k", 2},
                                       {"filter_by", "prune_by_noise_rate"},
                                       {"rank_by", "self_confidence"},
                                       {"num_issues", 0},
                                       {"issues", json::array()}});
    CHECK(run(files.call("find"), {"--format", "csv"}).out == "index,given_label,suggested_label,score\n");
    CHECK(run(files.call("find"), {"--format", "table"}).out.starts_with("0 label issues in 2 examples of 2 classes"));
}

TEST_CASE("the procedures of cleanlab 1.0 are named in the answer")
{
    const case_files files(random_case());
    const auto answer = json::parse(run(files.call("find"), {"--reference", "cleanlab-1"}).out);
    CHECK(answer["reference"] == "cleanlab-1");
    CHECK(answer["filter_by"] == "low_normalized_margin");
    CHECK(answer["rank_by"] == "normalized_margin");
    CHECK(answer["num_issues"] == answer["issues"].size());
    for (const char* filter : {"prune_by_noise_rate", "prune_by_class", "both"})
        CHECK(run(files.call("find"), {"--reference", "cleanlab-1", "--filter-by", filter}).status == 0);
}

#else

TEST_CASE("the program is tested where it is built")
{
    tests::skip("the program is not built");
}

#endif
