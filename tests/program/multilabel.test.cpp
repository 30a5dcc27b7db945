// The program on sets of labels, and on the labels of many annotators.
#include "run_program.hpp"
#include "support/data.hpp"
#include <labelerrors/core/active_learning_scores.hpp>
#include <labelerrors/core/annotator_quality.hpp>
#include <labelerrors/core/find_multilabel_issues.hpp>
#include <labelerrors/core/multilabel_health.hpp>
#include <labelerrors/core/reference_cleanlab_1_multilabel.hpp>
#include <labelerrors/datasets/audioset.hpp>
#include <labelerrors/datasets/published_set.hpp>
#include <labelerrors/datasets/votes_file.hpp>
#include <labelerrors/io/read_npy.hpp>
#include <labelerrors/io/read_object_array.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#ifdef LABELERRORS_PROGRAM

using labelerrors::filter_by;
using labelerrors::find_multilabel_issues;
using labelerrors::find_multilabel_issues_options;
using tests::arguments;
using tests::json;
using tests::run;
namespace aggregators = labelerrors::aggregators;
namespace v1 = labelerrors::reference::cleanlab_1;

namespace
{

/// Sets of labels as a matrix and as a pickled list of lists, and probabilities, in files of their own.
struct sets_files
{
    tests::temporary_directory directory;
    std::string matrix = (directory / "matrix.npy").string();
    std::string lists = (directory / "lists.p").string();
    std::string pred_probs = (directory / "pred_probs.npy").string();
    xt::xtensor<std::int64_t, 2> labels = xt::xtensor<std::int64_t, 2>::from_shape({80, 4});
    xt::xtensor<double, 2> probabilities = xt::xtensor<double, 2>::from_shape({80, 4});

    sets_files()
    {
        std::mt19937_64 random(8);
        std::string pickle = "\x80\3](";
        for (std::size_t i = 0; i < 80; ++i)
        {
            pickle += "](";
            for (std::size_t j = 0; j < 4; ++j)
            {
                probabilities(i, j) = static_cast<double>(random() % 65) / 64.0;
                labels(i, j) = (random() % 4 != 0) == (probabilities(i, j) > 0.5) ? 1 : 0;
                if (labels(i, j) == 1)
                    pickle += {'K', static_cast<char>(j)};
            }
            pickle += "e";
        }
        std::ofstream(lists, std::ios::binary) << pickle << "e.";
        labelerrors::io::write_npy(matrix, labels);
        labelerrors::io::write_npy(pred_probs, probabilities);
    }

    [[nodiscard]] arguments call(const std::string& subcommand) const
    {
        return {subcommand, "--multi-label", "--labels", lists, "--pred-probs", pred_probs};
    }
};

[[nodiscard]] json to_json(const labelerrors::multilabel_issues& issues)
{
    json list = json::array();
    for (std::size_t i = 0; i < issues.indices.size(); ++i)
        list.push_back({{"index", issues.indices(i)},
                        {"given_label", issues.given_labels[i]},
                        {"suggested_label", issues.suggested_labels[i]},
                        {"flagged_classes", issues.flagged_classes[i]},
                        {"score", issues.scores(i)}});
    return list;
}

[[nodiscard]] json found_by(const arguments& call)
{
    const auto ran = run(call);
    CAPTURE(ran.err);
    REQUIRE(ran.status == 0);
    return json::parse(ran.out);
}

void check_refused(const arguments& call, int status, const std::string& says)
{
    const auto ran = run(call);
    CHECK(ran.status == status);
    CHECK(ran.out.empty());
    CHECK(tests::is_one_line(ran.err));
    CAPTURE(ran.err);
    CHECK(ran.err.find(says) != std::string::npos);
}

[[nodiscard]] arguments with(arguments call, const arguments& more)
{
    call.insert(call.end(), more.begin(), more.end());
    return call;
}

}  // namespace

TEST_CASE("find takes sets of labels and prints what the library finds in them")
{
    const sets_files files;
    const auto found = found_by(files.call("find"));
    CHECK(found.at("n") == 80);
    CHECK(found.at("k") == 4);
    CHECK(found.at("filter_by") == "prune_by_noise_rate");
    CHECK(found.at("rank_by") == "self_confidence");
    CHECK(found.at("aggregator") == "exponential_moving_average:0.8");
    const auto expected = find_multilabel_issues(files.labels, files.probabilities);
    CHECK(expected.indices.size() > 5);
    CHECK(found.at("num_issues") == expected.indices.size());
    CHECK(found.at("issues") == to_json(expected));
    // The same sets as a matrix of 0 and 1.
    CHECK(found_by({"find", "--multi-label", "--labels", files.matrix, "--pred-probs", files.pred_probs}) == found);

    const std::vector<std::pair<arguments, find_multilabel_issues_options>> calls{
        {{"--filter-by", "both", "--rank-by", "normalized_margin", "--aggregator", "softmin:0.3"},
         {.filter_by = filter_by::both,
          .rank_by = labelerrors::score_method::normalized_margin,
          .aggregator = aggregators::softmin{.temperature = 0.3}}},
        {{"--filter-by", "low_self_confidence", "--aggregator", "mean"},
         {.filter_by = filter_by::low_self_confidence, .aggregator = aggregators::mean{}}},
        {{"--rank-by", "none", "--aggregator", "min"}, {.rank_by = {}, .aggregator = aggregators::min{}}},
        {{"--aggregator", "max", "--frac-noise", "0.5"}, {.aggregator = aggregators::max{}, .frac_noise = 0.5}},
        {{"--aggregator", "median", "--num-to-remove-per-class", "1,2,3,4"},
         {.aggregator = aggregators::median{}, .num_to_remove_per_class = std::vector<std::size_t>{1, 2, 3, 4}}},
        {{"--aggregator", "exponential_moving_average:0.25", "--adjust-pred-probs"},
         {.adjust_pred_probs = labelerrors::adjustment::class_thresholds,
          .aggregator = aggregators::exponential_moving_average{.alpha = 0.25}}}};
    for (const auto& [more, options] : calls)
        CHECK(found_by(with(files.call("find"), more)).at("issues") ==
              to_json(find_multilabel_issues(files.labels, files.probabilities, options)));
    const auto old = found_by(with(files.call("find"), {"--reference", "cleanlab-1"}));
    CHECK(old.at("filter_by") == "prune_by_noise_rate");
    CHECK(old.at("issues") == to_json(v1::get_multilabel_noise_indices(files.labels, files.probabilities)));

    const auto csv = run(with(files.call("find"), {"--format", "csv", "--top", "1"}));
    CHECK(csv.out.starts_with("index,given_label,suggested_label,score\n"));
    CHECK(std::count(csv.out.begin(), csv.out.end(), '\n') == 2);
    CHECK(run(with(files.call("find"), {"--format", "table"})).out.find("sets of labels with issues in 80") !=
          std::string::npos);
}

TEST_CASE("score takes sets of labels")
{
    const sets_files files;
    const auto path = (files.directory / "scores.npy").string();
    CHECK(run(with(files.call("score"), {"--aggregator", "softmin:0.1", "--output", path})).status == 0);
    CHECK(found_by(with(files.call("score"), {"--aggregator", "min"})).at("aggregator") == "min");
    const auto scores = labelerrors::io::read_npy<double, 1>(path);
    CHECK(scores == labelerrors::multilabel_quality_scores(files.labels, files.probabilities,
                                                           {.aggregator = aggregators::softmin{.temperature = 0.1}}));
}

TEST_CASE("health takes sets of labels and prints what the library measures")
{
    const sets_files files;
    const auto expected = labelerrors::multilabel_health(files.labels, files.probabilities);
    json common = json::array();
    for (const auto& issue : expected.common_issues)
        common.push_back({{"class", issue.class_index},
                          {"given", issue.given},
                          {"num_examples", issue.num_examples},
                          {"issue_probability", issue.issue_probability}});
    CHECK(expected.common_issues.front().num_examples > 2);
    CHECK(found_by(files.call("health")) == json{{"overall_label_health_score", expected.overall_label_health_score},
                                                 {"classes", tests::to_json(expected.classes)},
                                                 {"common_issues", common}});
    // Names of classes, in every format.
    const auto names = files.directory.write("names.txt", "cat\ndog, big\nhen\nowl\n").string();
    const auto call = with(files.call("health"), {"--class-names", names});
    const auto common_issues = found_by(call).at("common_issues");
    const std::vector<std::string> name_of{"cat", "dog, big", "hen", "owl"};
    for (const auto& issue : common_issues)
        CHECK(issue.at("name") == name_of[issue.at("class").get<std::size_t>()]);
    const auto table = run(with(call, {"--format", "table"})).out;
    CHECK(table.starts_with("Overall label health score: "));
    const auto worst = expected.common_issues.front();
    const auto line = table.find("likely wrong where it is");
    REQUIRE(line != std::string::npos);
    const auto first = table.find(name_of[worst.class_index], line);
    REQUIRE(first != std::string::npos);
    const auto row = table.substr(first, table.find('\n', first) - first);
    CHECK(row.find(worst.given ? " given" : " not given") != std::string::npos);
    CHECK(row.ends_with(" " + std::to_string(worst.num_examples)));
    const auto csv = run(with(call, {"--format", "csv"})).out;
    CHECK(csv.starts_with("class,name,label_issues,"));
    CHECK(std::count(csv.begin(), csv.end(), '\n') == 5);
}

TEST_CASE("sets of labels that are none, and options that make no sense, are refused")
{
    const sets_files files;
    const auto call = files.call("find");
    // A column too many, or too few, is no detail: whose column would it be?
    const auto wide = (files.directory / "wide.npy").string();
    labelerrors::io::write_npy(wide, xt::xtensor<int, 2>(xt::ones<int>({80, 5})));
    for (const std::string subcommand : {"find", "score", "health"})
        check_refused({subcommand, "--multi-label", "--labels", wide, "--pred-probs", files.pred_probs}, 1,
                      wide + ": has 5 columns, but the probabilities have 4; a matrix of labels has a column for each");
    check_refused({"report", "--multi-label", "--labels", wide, "--pred-probs", files.pred_probs, "--output",
                   (files.directory / "page.html").string()},
                  1, "has 5 columns");
    const auto joint = (files.directory / "joint.npy").string();
    labelerrors::io::write_npy(joint, xt::xtensor<double, 3>(xt::ones<double>({3, 2, 2})));
    check_refused(with(call, {"--confident-joint", joint}), 1,
                  joint + ": confident_joint must have the shape (4, 2, 2)");
    xt::xtensor<double, 3> counts = xt::ones<double>({4, 2, 2});
    counts(2, 1, 0) = -1.0;
    labelerrors::io::write_npy(joint, counts);
    check_refused(with(call, {"--confident-joint", joint}), 1, joint + ": class 2: confident_joint(1, 0) is -1");
    check_refused(with(call, {"--num-to-remove-per-class", "1,2"}), 1, "has 2 numbers");
    check_refused(with(call, {"--aggregator", "softmax"}), 2, "is none of exponential_moving_average:ALPHA");
    check_refused(with(call, {"--aggregator", "exponential_moving_average:1.5"}), 2, "ALPHA must be from 0 to 1");
    check_refused(with(call, {"--aggregator", "softmin:"}), 2, "has no number after its colon");
    check_refused(with(call, {"--aggregator", "mean:2"}), 2, "is none of");
    for (const std::string subcommand : {"find", "score", "health"})
        check_refused(with(files.call(subcommand), {"--softmax"}), 2, "--softmax has no meaning with --multi-label");
    check_refused(with(call, {"--reference", "cleanlab-1", "--aggregator", "min"}), 2, "--aggregator is not in");
    check_refused({"find", "--labels", files.lists, "--pred-probs", files.pred_probs, "--aggregator", "min"}, 2,
                  "--aggregator needs --multi-label");
    const auto file = [&](const std::string& name, const std::string& content)
    {
        std::ofstream((files.directory / name).string(), std::ios::binary) << content;
        return (files.directory / name).string();
    };
    const auto of = [&](const std::string& labels)
    {
        return arguments{"find", "--multi-label", "--labels", labels, "--pred-probs", files.pred_probs};
    };
    std::string sets;
    for (int i = 0; i < 79; ++i)
        sets += "](K" + std::string(1, '\1') + "e";
    check_refused(of(file("few.p", "\x80\3](" + sets + "e.")), 1, "labels has 79 examples and pred_probs has 80 rows");
    check_refused(of(file("large.p", "\x80\3](" + sets + "](K\4ee.")), 1, "labels[79] has the label 4");
    check_refused(of(file("twice.p", "\x80\3](" + sets + "](K\2K\2ee.")), 1, "labels[79] has the label 2 twice");
    check_refused(of(file("negative.csv", "0,1\n1,-1\n")), 1, "row 1, column 1 is -1");
}

TEST_CASE("AudioSet's 51,804 labels, and the 307 checked examples among made probabilities of its shape")
{
    using namespace labelerrors;
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    constexpr auto set = datasets::facts_of<datasets::audioset>();
    const auto labels = (*data / "label-errors/original_test_labels/audioset_eval_set_original_labels.npy").string();
    const auto sets = io::read_label_sets(labels);
    CHECK(sets.size() == set.num_examples);
    CHECK(sets.labels.size() == 51804);

    // A model that agrees with every set but those of the checked examples, which it takes for what was guessed.
    auto pred_probs = xt::xtensor<float, 2>::from_shape({set.num_examples, set.num_classes});
    std::mt19937_64 random(307);
    for (float& p : pred_probs)
        p = static_cast<float>(random() >> 40) / 0x1p24f * 0.2f;
    for (std::size_t i = 0; i < set.num_examples; ++i)
        for (const std::size_t j : sets[i])
            pred_probs(i, j) += 0.75f;
    std::vector<std::size_t> checked;
    for (const auto& one : datasets::read_label_votes<datasets::audioset>(*data))
    {
        for (std::size_t j = 0; j < set.num_classes; ++j)
            pred_probs(one.row, j) = pred_probs(one.row, j) > 0.5f ? 0.1f : pred_probs(one.row, j);
        for (const std::size_t j : one.guessed_labels)
            pred_probs(one.row, j) = 0.97f;
        checked.push_back(one.row);
    }
    std::sort(checked.begin(), checked.end());
    CHECK(checked.size() == 307);
    const tests::temporary_directory directory;
    const auto file = (directory / "audioset.npy").string();
    io::write_npy(file, pred_probs);

    for (const char* filter :
         {"prune_by_noise_rate", "prune_by_class", "confident_learning", "predicted_neq_given", "low_self_confidence"})
    {
        CAPTURE(filter);
        const auto found =
            found_by({"find", "--multi-label", "--labels", labels, "--pred-probs", file, "--filter-by", filter});
        std::vector<std::size_t> rows;
        for (const auto& issue : found.at("issues"))
            rows.push_back(issue.at("index").get<std::size_t>());
        std::sort(rows.begin(), rows.end());
        CHECK(rows == checked);
    }
}

TEST_CASE("annotators prints the consensus and the quality of each annotator")
{
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    const xt::xtensor<double, 2> labels{{0, 0, 1}, {1, 1, 1}, {0, none, 0}, {1, 0, none}};
    const xt::xtensor<double, 2> pred_probs{{0.75, 0.25}, {0.25, 0.75}, {0.5, 0.5}, {0.25, 0.75}};
    const tests::temporary_directory directory;
    const auto file = [&](const std::string& name)
    {
        return (directory / name).string();
    };
    labelerrors::io::write_npy(file("labels.npy"), labels);
    labelerrors::io::write_npy(file("model.npy"), pred_probs);
    const arguments call{"annotators", "--labels", file("labels.npy")};

    const auto check = [&](const json& found, const labelerrors::annotator_quality_result& expected)
    {
        CHECK(found.at("n") == 4);
        CHECK(found.at("m") == 3);
        CHECK(found.at("k") == 2);
        CHECK(found.at("consensus_label") ==
              json(std::vector<std::size_t>(expected.consensus_label.begin(), expected.consensus_label.end())));
        CHECK(found.at("consensus_quality_score") == json(std::vector<double>(expected.consensus_quality_score.begin(),
                                                                              expected.consensus_quality_score.end())));
        CHECK(found.at("annotator_agreement") ==
              json(std::vector<double>(expected.annotator_agreement.begin(), expected.annotator_agreement.end())));
        REQUIRE(found.at("annotators").size() == 3);
        for (std::size_t i = 0; i < 3; ++i)
        {
            const auto& one = expected.annotators[i];
            CHECK(found.at("annotators")[i] == json{{"annotator", one.annotator},
                                                    {"annotator_quality", one.annotator_quality},
                                                    {"num_examples_labeled", one.num_examples_labeled},
                                                    {"agreement_with_consensus", one.agreement_with_consensus},
                                                    {"worst_class", one.worst_class}});
        }
    };
    const auto alone = found_by(call);
    check(alone, labelerrors::annotator_agreement(labels));
    CHECK(alone.at("model_weight").is_null());
    const auto modelled = found_by(with(call, {"--pred-probs", file("model.npy"), "--calibrate-probs"}));
    const auto rated = labelerrors::annotator_quality(labels, pred_probs,
                                                      {.calibrate = labelerrors::temperature_calibration::to_votes});
    check(modelled, rated);
    CHECK(modelled.at("model_weight") == rated.model_weights[0]);
    CHECK(modelled.at("annotator_weight") == json(rated.annotator_weights));
    const auto ensemble = found_by(
        with(call, {"--pred-probs", file("model.npy"), file("model.npy"), "--consensus-method", "majority_vote"}));
    CHECK(ensemble.at("model_weight").size() == 2);
    check(found_by(with(call, {"--consensus-method", "dawid_skene"})),
          labelerrors::annotator_agreement(labels, {.consensus_method = labelerrors::consensus_method::dawid_skene}));

    const auto names = directory.write("names.txt", "cat\ndog, barking\n").string();
    CHECK(found_by(with(call, {"--class-names", names})).at("class_names") == json{"cat", "dog, barking"});
    const auto named = with(call, {"--pred-probs", file("model.npy"), "--class-names", names});
    CHECK(found_by(named).at("class_names") == json{"cat", "dog, barking"});
    CHECK(tests::run(named, {"--format", "csv"}).out.find("\n1,1,\"dog, barking\",") != std::string::npos);
    CHECK(tests::run(named, {"--format", "table"}).out.find("cat\n") != std::string::npos);
    const auto few = directory.write("few.txt", "cat\n").string();
    check_refused(with(call, {"--class-names", few}), 1, few + ": byte 4: has 1 names for 2 classes");
    check_refused(with(call, {"--class-names", directory.write("gap.txt", "cat\n\ndog\n").string()}), 1,
                  "gap.txt: byte 4: has no name for class 1, but an empty line");
    // A class that nobody chose has a name too.
    const auto more = directory
                          .write("more.txt", "\xef\xbb\xbf"
                                             "cat\r\ndog\r\nbird\r\n\r\n")
                          .string();
    const auto third = found_by(with(call, {"--class-names", more}));
    CHECK(third.at("class_names") == json{"cat", "dog", "bird"});
    CHECK(third.at("k") == 3);
    check_refused(with(call, {"--pred-probs", file("model.npy"), "--class-names", more}), 1, "more than 2 names");

    check_refused(with(call, {"--quality-method", "crowdlab"}), 2, "needs --pred-probs");
    check_refused(with(call, {"--calibrate-probs"}), 2, "needs --pred-probs");
    labelerrors::io::write_npy(file("below.npy"), xt::xtensor<double, 2>{{0, 1}, {-1, 1}});
    check_refused({"annotators", "--labels", file("below.npy")}, 1, "labels(1, 0) is -1");
    labelerrors::io::write_npy(file("idle.npy"), xt::xtensor<double, 2>{{0, none}, {1, none}});
    check_refused({"annotators", "--labels", file("idle.npy")}, 1, "labels column 1 has no label");
    labelerrors::io::write_npy(file("apart.npy"), xt::xtensor<double, 2>{{0, 1}, {1, 0}});
    check_refused({"annotators", "--labels", file("apart.npy")}, 1, "no example on which two annotators agree");
}

TEST_CASE("annotators scores what another label of each example is worth, labelled or not")
{
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    const xt::xtensor<double, 2> labels{{0, 0, 1}, {1, 1, 1}, {0, none, 0}, {1, 0, none}};
    const std::vector<xt::xtensor<double, 2>> models{{{0.75, 0.25}, {0.25, 0.75}, {0.5, 0.5}, {0.25, 0.75}},
                                                     {{0.5, 0.5}, {0.125, 0.875}, {0.75, 0.25}, {0.5, 0.5}}};
    const std::vector<xt::xtensor<double, 2>> unlabeled{{{0.5, 0.5}, {1.0, 0.0}}, {{0.75, 0.25}, {0.875, 0.125}}};
    const tests::temporary_directory directory;
    const auto file = [&](const std::string& name)
    {
        return (directory / name).string();
    };
    labelerrors::io::write_npy(file("labels.npy"), labels);
    for (const std::size_t p : {0u, 1u})
    {
        labelerrors::io::write_npy(file("model" + std::to_string(p) + ".npy"), models[p]);
        labelerrors::io::write_npy(file("unlabeled" + std::to_string(p) + ".npy"), unlabeled[p]);
    }
    const auto scores_in = [](const json& list)
    {
        return list.get<std::vector<double>>();
    };
    const arguments one{"annotators",   "--labels",         file("labels.npy"),
                        "--pred-probs", file("model0.npy"), "--active-learning"};
    const arguments both{"annotators",           "--labels",
                         file("labels.npy"),     "--pred-probs",
                         file("model0.npy"),     file("model1.npy"),
                         "--active-learning",    "--pred-probs-unlabeled",
                         file("unlabeled0.npy"), file("unlabeled1.npy")};

    const auto expected = labelerrors::active_learning_scores(labels, models[0]);
    const auto found = found_by(one);
    CHECK(scores_in(found.at("active_learning_score")) ==
          std::vector<double>(expected.scores.begin(), expected.scores.end()));
    CHECK(found.at("active_learning_score_unlabeled").empty());
    CHECK(found.at("consensus_label").size() == 4);
    // How the consensus is made is another matter.
    CHECK(found_by(with(one, {"--consensus-method", "majority_vote"})).at("active_learning_score") ==
          found.at("active_learning_score"));
    CHECK(!found_by({"annotators", "--labels", file("labels.npy")}).contains("active_learning_score"));

    const auto of_both = labelerrors::active_learning_scores_ensemble(labels, models, unlabeled);
    const auto by_both = found_by(both);
    CHECK(scores_in(by_both.at("active_learning_score")) ==
          std::vector<double>(of_both.scores.begin(), of_both.scores.end()));
    CHECK(scores_in(by_both.at("active_learning_score_unlabeled")) ==
          std::vector<double>(of_both.unlabeled_scores.begin(), of_both.unlabeled_scores.end()));
    CHECK(of_both.unlabeled_scores(0) < of_both.unlabeled_scores(1));

    const auto csv = run(one, {"--format", "csv"}).out;
    CHECK(csv.starts_with("index,consensus_label,consensus_quality_score,annotator_agreement,num_annotations,"
                          "active_learning_score\n0,0,"));
    CHECK(csv.find("," + found.at("active_learning_score")[3].dump() + "\n") != std::string::npos);
    // The lowest score first, and its label.
    const auto table = run(both, {"--format", "table"}).out;
    const auto list = table.find("Another label is worth most for\n");
    REQUIRE(list != std::string::npos);
    std::vector<double> all = scores_in(by_both.at("active_learning_score"));
    const auto labelled = all;
    const auto others = scores_in(by_both.at("active_learning_score_unlabeled"));
    all.insert(all.end(), others.begin(), others.end());
    const auto lowest = static_cast<std::size_t>(std::min_element(all.begin(), all.end()) - all.begin());
    const auto begin = table.find('\n', table.find("score", list)) + 1;
    const auto line = table.substr(begin, table.find('\n', begin) - begin);
    CHECK(line.find(" " + std::to_string(lowest < 4 ? lowest : lowest - 4) + "  ") != std::string::npos);
    CHECK((line.find("unlabelled") != std::string::npos) == (lowest >= 4));
    CHECK(std::count(table.begin() + static_cast<std::ptrdiff_t>(begin), table.end(), '\n') == 6);

    check_refused({"annotators", "--labels", file("labels.npy"), "--active-learning"}, 2, "needs --pred-probs");
    check_refused({"annotators", "--labels", file("labels.npy"), "--pred-probs", file("model0.npy"),
                   "--pred-probs-unlabeled", file("unlabeled0.npy")},
                  2, "--pred-probs-unlabeled needs --active-learning");
    check_refused(with(one, {"--pred-probs-unlabeled", file("unlabeled0.npy"), file("unlabeled1.npy")}), 2,
                  "takes a file for each of --pred-probs");
    check_refused(with(both, {"--format", "csv"}), 2, "has no place in a .csv");
    // The file at fault is named, and it alone.
    labelerrors::io::write_npy(file("unlabeled1.npy"), xt::xtensor<double, 2>{{0.5, 0.5}, {7.0, 0.0}});
    check_refused(both, 1, "error: " + file("unlabeled1.npy") + ": pred_probs_unlabeled row 1, column 0 is 7");
    labelerrors::io::write_npy(file("unlabeled1.npy"), xt::xtensor<double, 2>{{0.5, 0.25, 0.25}, {1.0, 0.0, 0.0}});
    check_refused(both, 1, "error: " + file("unlabeled1.npy") + ": ");
    labelerrors::io::write_npy(file("unlabeled1.npy"), xt::xtensor<double, 2>{{0.5, 0.5}});
    check_refused(both, 1, "error: " + file("unlabeled1.npy") + ": ");
}

#endif
