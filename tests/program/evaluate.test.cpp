// labelerrors evaluate: on the published predictions, on one's own, and on what cannot be evaluated.
#include "run_program.hpp"
#include "support/data.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#ifdef LABELERRORS_PROGRAM

namespace
{

using tests::arguments;
using tests::json;
using tests::run;

[[nodiscard]] bool has_predictions(const std::optional<std::filesystem::path>& data)
{
    return data && std::filesystem::exists(*data / "model-predictions");
}

[[nodiscard]] arguments published(const std::filesystem::path& data, const std::string& set)
{
    return {"evaluate",
            "--dataset",
            set,
            "--root",
            data.string(),
            "--predictions",
            (data / "model-predictions" / set).string()};
}

[[nodiscard]] const json& find(const json& models, std::string_view platform, std::string_view name)
{
    const auto found =
        std::find_if(models.begin(), models.end(),
                     [&](const json& one) { return one["platform"] == platform && one["model"] == name; });
    REQUIRE(found != models.end());
    return *found;
}

/// A test set of one's own: six examples, of which the last was mislabelled, and predictions of two models.
struct own_files
{
    tests::temporary_directory directory;

    own_files()
    {
        write("given.npy", xt::xtensor<std::int64_t, 1>{0, 1, 2, 0, 1, 2});
        write("corrected.npy", xt::xtensor<std::int64_t, 1>{0, 1, 2, 0, 1, 0});
        write("labels.npy", xt::xtensor<std::int64_t, 1>{0, 1, 2, 0, 1, 2});
        write("ranked.npy", xt::xtensor<std::int64_t, 2>{{0, 1}, {1, 0}, {2, 1}, {1, 0}, {0, 2}, {0, 1}});
    }

    template <class Array>
    void write(const std::string& name, const Array& array) const
    {
        labelerrors::io::write_npy(directory / name, array);
    }

    [[nodiscard]] std::string path(const std::string& name) const
    {
        return (directory / name).string();
    }

    [[nodiscard]] arguments call(const arguments& models) const
    {
        arguments given{"evaluate", "--labels", path("given.npy"), "--corrected-labels", path("corrected.npy")};
        for (const std::string& model : models)
            given.insert(given.end(), {"--model", model});
        return given;
    }

    /// The error of an evaluation of one model, in one line.
    [[nodiscard]] std::string error_of(const std::string& file) const
    {
        const auto ran = run(call({"m=" + path(file)}));
        CHECK(ran.status == 1);
        CHECK(ran.out == "");
        CHECK(tests::is_one_line(ran.err));
        CHECK(ran.err.find(file) != std::string::npos);
        return ran.err;
    }
};

[[nodiscard]] bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("evaluate prints the published CIFAR-10 table of the correctable images")
{
    const auto data = tests::data_dir();
    if (!has_predictions(data))
        return tests::skip("no model-predictions in LABELERRORS_DATA_DIR");
    const auto ran = run(published(*data, "cifar10"), {"--consensus", "3", "--subset", "correctable"});
    CHECK(ran.status == 0);
    CHECK(ran.err == "");
    const auto found = json::parse(ran.out);
    CHECK(found["n"] == 18);
    CHECK(found["models"].size() == 13);
    const auto& vgg11 = find(found["models"], "pytorch", "vgg11_bn");
    CHECK(vgg11["acc1"] == 0.2777777777777778);
    CHECK(vgg11["corrected_acc1"] == 0.6666666666666666);
    CHECK(vgg11["acc5"] == 1.0);
    CHECK(vgg11["corrected_acc5"] == 1.0);
    CHECK(vgg11["rank1"] == 11);
    CHECK(vgg11["rank1_tied"] == 3);
    CHECK(vgg11["corrected_rank1"] == 1);
    CHECK(vgg11["corrected_rank5"] == 1);
    const auto corrected = json::parse(run(published(*data, "cifar10"), {"--consensus", "5"}).out);
    CHECK(corrected["n"] == 9810);
    CHECK(corrected["subset"] == "corrected");
    CHECK(find(corrected["models"], "pytorch", "vgg11_bn")["corrected_acc1"] == 0.9334352701325178);
    CHECK(std::abs(found["top1"]["kendall_tau_b"].get<double>() + 0.440) < 0.001);
    CHECK(found["top1"]["moves"][0]["model"] == "vgg11_bn");
    CHECK(found["top1"]["moves"][0]["places_gained"] == 10);
}

TEST_CASE("evaluate prints the crossovers, the curve and its band, with any number of draws the same expectation")
{
    const auto data = tests::data_dir();
    if (!has_predictions(data))
        return tests::skip("no model-predictions in LABELERRORS_DATA_DIR");
    const auto cifar10 = json::parse(run(published(*data, "cifar10"), {"--prevalence", "vgg11_bn,vgg19_bn"}).out);
    CHECK(std::abs(cifar10["crossover"].get<double>() - 0.0564) < 0.00005);
    CHECK(cifar10["overtaking"]["model"] == "vgg11_bn");
    CHECK(cifar10["prevalence"]["num_correctable"] == 18);
    CHECK(cifar10["curve"].size() == 41);
    const auto without =
        json::parse(run(published(*data, "cifar10"), {"--prevalence", "vgg11,vgg19_bn_pytorch", "--draws", "0"}).out);
    for (std::size_t i = 0; i < cifar10["curve"].size(); ++i)
    {
        CHECK(without["curve"][i]["accuracy"] == cifar10["curve"][i]["accuracy"]);
        CHECK(cifar10["curve"][i]["band"][0][0] <= cifar10["curve"][i]["accuracy"][0]);
        CHECK(cifar10["curve"][i]["band"][0][1] >= cifar10["curve"][i]["accuracy"][0]);
    }
    const auto crossover = [&](const std::string& names)
    {
        return json::parse(run(published(*data, "imagenet"), {"--prevalence", names, "--draws", "0"}).out)["crossover"]
            .get<double>();
    };
    CHECK(std::abs(crossover("resnet18,keras/resnet50") - 0.0861) < 0.00005);
    CHECK(std::abs(crossover("resnet18,resnet50_pytorch") - 0.4280) < 0.00005);
    const auto ran = run(published(*data, "imagenet"), {"--prevalence", "resnet18,resnet50"});
    CHECK(ran.status == 2);
    CHECK(contains(ran.err, "say resnet50_keras or resnet50_pytorch"));
}

TEST_CASE("evaluate writes tables, lines of .csv and a figure, and a figure or nothing")
{
    const auto data = tests::data_dir();
    if (!has_predictions(data))
        return tests::skip("no model-predictions in LABELERRORS_DATA_DIR");
    const tests::temporary_directory directory;
    const std::string figure = (directory / "figure.svg").string();
    const auto table = run(published(*data, "cifar10"), {"--format", "table", "--subset", "correctable", "--prevalence",
                                                         "vgg11_bn,vgg19_bn", "--draws", "20", "--figure", figure});
    CHECK(table.status == 0);
    CHECK(contains(table.out, "CIFAR-10: accuracy by given and by corrected labels in %, on 18 examples"));
    CHECK(contains(table.out, "vgg11_bn (pytorch) overtakes vgg19_bn (pytorch) at 5.64 %, 5.46 points above that"));
    CHECK(contains(table.out, "Pairs whose order is reversed: 42 of 78"));
    CHECK(contains(table.out, "top 1  95 % interval "));
    CHECK(contains(table.out, "top 5  95 % interval "));
    CHECK(contains(table.out, "Behind each accuracy the band of 95 % of 20 draws, and in how many % of them the "));
    std::istringstream lines(table.out);
    for (std::string line; std::getline(lines, line);)
        if (contains(line, "  "))  // a row of a table
            CHECK_MESSAGE(line.size() <= 100, line);
    const std::string svg = tests::content_of(figure);
    CHECK(svg.starts_with("<svg xmlns"));
    CHECK(svg.ends_with("</svg>\n"));
    CHECK(contains(svg, "5.64 %: vgg11_bn (pytorch) overtakes vgg19_bn (pytorch)"));
    const auto csv = run(published(*data, "cifar10"), {"--format", "csv"}).out;
    CHECK(csv.starts_with(
        "platform,model,acc1,corrected_acc1,acc5,corrected_acc5,rank1,corrected_rank1,rank5,corrected_rank5\n"
        "pytorch,vgg13_bn,0.9452027298273785,0.9456041750301084,0.9984945804897631,0.9985949417904456,1,1,2,2\n"));
    CHECK(std::count(csv.begin(), csv.end(), '\n') == 14);
    CHECK(run(published(*data, "cifar10"),
              {"--format", "csv", "--prevalence", "vgg11_bn,vgg19_bn", "--draws", "20", "--figure", figure})
              .out == csv);
    CHECK(tests::content_of(figure).find("5.64 %") != std::string::npos);
    CHECK(run(published(*data, "cifar10"), {"--figure", (directory / "none" / "figure.svg").string()}).status == 1);
}

TEST_CASE("evaluate scores one's own predictions of a published set, as labels and as probabilities alike")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const auto root = *data / "label-errors";
    for (const std::string stem : {"mnist_test_set", "20news_test_set", "imdb_test_set"})
    {
        const std::string set = stem.substr(0, stem.find('_'));
        const auto found = json::parse(
            run({"evaluate", "--dataset", set, "--root", root.string(), "--model",
                 "labels=" +
                     (root / "cross_validated_predicted_labels" / (stem + "_pyx_argmax_predicted_labels.npy")).string(),
                 "--model",
                 "probs=" + (root / "cross_validated_predicted_probabilities" / (stem + "_pyx.npy")).string()})
                .out);
        const auto& labels = find(found["models"], "own", "labels");
        const auto& probs = find(found["models"], "own", "probs");
        CHECK(labels["acc1"] == probs["acc1"]);
        CHECK(labels["corrected_acc1"] == probs["corrected_acc1"]);
        CHECK(labels["corrected_acc1"] > labels["acc1"]);
        CHECK(labels["acc5"].is_null());
        CHECK(probs["acc5"].is_null() == (set == "imdb"));
        CHECK(labels["rank1_tied"] == 2);
    }
}

TEST_CASE("evaluate scores models on labels of one's own, given and corrected")
{
    const own_files files;
    const auto ran = run(files.call({"a=" + files.path("labels.npy"), "b=" + files.path("ranked.npy")}));
    REQUIRE(ran.status == 0);
    const auto found = json::parse(ran.out);
    CHECK(found["dataset"].is_null());
    CHECK(found["n"] == 6);
    CHECK(found["num_correctable"] == 1);
    CHECK(find(found["models"], "own", "a")["acc1"] == 1.0);
    CHECK(find(found["models"], "own", "a")["corrected_acc1"].get<double>() == 5.0 / 6.0);
    CHECK(find(found["models"], "own", "b")["acc1"].get<double>() == 0.5);
    CHECK(find(found["models"], "own", "b")["corrected_acc1"].get<double>() == 4.0 / 6.0);
    const auto correctable =
        json::parse(run(files.call({"a=" + files.path("labels.npy"), "b=" + files.path("ranked.npy")}),
                        {"--subset", "correctable", "--prevalence", "a,b"})
                        .out);
    CHECK(correctable["order_changes"].size() == 1);
    CHECK(correctable["order_changes"][0]["a"]["model"] == "a");
    CHECK(correctable["order_changes"][0]["given"]["p_value"] == 1.0);
    // b is 0.4 behind on the five benign examples and 1 ahead on the correctable one.
    CHECK(correctable["crossover"].get<double>() == doctest::Approx(0.4 / 1.4));
    CHECK(tests::timing_of(files.call({"a=" + files.path("labels.npy")}))["seconds"].contains("evaluation"));
}

TEST_CASE("models whose names differ in case or separators alone are told apart as they are written")
{
    const own_files files;
    const auto models = files.call(
        {"A-1=" + files.path("labels.npy"), "a_1=" + files.path("ranked.npy"), "b=" + files.path("ranked.npy")});
    for (const auto& [names, first] : {std::pair{"A-1,b", "A-1"}, std::pair{"a_1,b", "a_1"},
                                       std::pair{"own/a_1,A-1_own", "a_1"}, std::pair{"B,A-1", "b"}})
    {
        const auto ran = run(models, {"--prevalence", names, "--draws", "0"});
        REQUIRE_MESSAGE(ran.status == 0, ran.err);
        CHECK(json::parse(ran.out)["prevalence"]["models"][0]["model"] == first);
    }
    const auto ran = run(models, {"--prevalence", "a-1,b"});
    CHECK(ran.status == 2);
    CHECK(contains(ran.err, "--prevalence a-1 is several models: say A-1_own or a_1_own"));
}

TEST_CASE("evaluate takes the likeliest of unsorted labels by the scores beside them")
{
    const own_files files;
    files.write("m_top2preds.npy", xt::xtensor<std::int64_t, 2>{{1, 0}, {0, 1}, {1, 2}, {1, 0}, {0, 1}, {0, 2}});
    files.write(
        "m_top2probs.npy",
        xt::xtensor<float, 2>{{0.1F, 0.9F}, {0.1F, 0.9F}, {0.1F, 0.9F}, {0.1F, 0.9F}, {0.1F, 0.9F}, {0.1F, 0.9F}});
    const auto found = json::parse(run(files.call({"m=" + files.path("m_top2preds.npy")})).out);
    CHECK(found["models"][0]["acc1"] == 1.0);
    std::filesystem::remove(files.directory / "m_top2probs.npy");
    CHECK(contains(files.error_of("m_top2preds.npy").substr(0, 1000), "m_top2probs.npy"));
}

TEST_CASE("evaluate refuses predictions that do not fit, with the file, the place and a remedy")
{
    const own_files files;
    files.write("short.npy", xt::xtensor<std::int64_t, 1>{0, 1, 2});
    CHECK(contains(files.error_of("short.npy"), "there are predictions for 3 examples, not for 6; save what is "));
    files.write("negative.npy", xt::xtensor<std::int64_t, 1>{0, 1, 2, 0, -1, 2});
    CHECK(contains(files.error_of("negative.npy"), "labels(4) must be a class from 0"));
    files.write("twice.npy", xt::xtensor<std::int64_t, 2>{{0, 1}, {1, 1}});
    CHECK(contains(files.error_of("twice.npy"), "row 1 has 1 twice"));
    const double not_a_number = std::numeric_limits<double>::quiet_NaN();
    files.write("nan.npy", xt::xtensor<double, 2>{{0.5, 0.5, 0.0}, {0.5, not_a_number, 0.0}});
    CHECK(contains(files.error_of("nan.npy"), "pred_probs(1, 1) must be a number, but is NaN"));
    files.write("column.npy", xt::xtensor<double, 2>{{0.0}, {1.0}, {2.0}, {0.0}, {1.0}, {2.0}});
    CHECK(contains(files.error_of("column.npy"), "at least 3 for these labels, but have 1"));
    files.write("two.npy", xt::xtensor<double, 2>{{1, 0}, {0, 1}, {0, 1}, {1, 0}, {0, 1}, {0, 1}});
    CHECK(contains(files.error_of("two.npy"), "at least 3 for these labels, but have 2"));
    files.write("fractions.npy", xt::xtensor<double, 1>{0.0, 1.0, 2.0, 0.0, 1.0, 2.0});
    CHECK(contains(files.error_of("fractions.npy"), "labels must be integers"));
    files.write("cube.npy", xt::xtensor<double, 3>{{{0.0}}});
    CHECK(contains(files.error_of("cube.npy"), "must have 1 or 2 dimensions, not 3"));
    CHECK(contains(files.error_of("absent.npy"), "No such file"));
}

TEST_CASE("evaluate refuses options that make no sense together as wrong usage")
{
    const own_files files;
    const std::string model = "m=" + files.path("labels.npy");
    const auto refused = [](const arguments& given, const std::string& why)
    {
        const auto ran = run(given);
        CHECK(ran.status == 2);
        CHECK(tests::is_one_line(ran.err));
        CHECK_MESSAGE(contains(ran.err, why), ran.err);
    };
    refused(files.call({model, model}), "--model names m twice");
    refused(files.call({"m"}), "must be NAME=FILE.npy");
    refused(files.call({}), "--predictions DIR or --model NAME=FILE.npy is needed");
    refused({"evaluate", "--model", model}, "either --dataset");
    refused({"evaluate", "--dataset", "cifar10", "--model", model}, "--dataset goes with --root");
    refused({"evaluate", "--dataset", "audioset", "--root", ".", "--model", model}, "a set of labels for each example");
    refused({"evaluate", "--labels", files.path("given.npy"), "--model", model}, "--labels goes with");
    auto call = files.call({model});
    call.insert(call.end(), {"--predictions", "."});
    refused(call, "--predictions goes with --dataset");
    for (const arguments& more : {arguments{"--points", "5"}, arguments{"--draws", "5"}, arguments{"--seed", "5"},
                                  arguments{"--max-prevalence", "0.5"}})
    {
        auto without = files.call({model});
        without.insert(without.end(), more.begin(), more.end());
        refused(without, more.front() + " needs --prevalence");
    }
    auto lines = files.call({model});
    lines.insert(lines.end(), {"--format", "csv", "--confidence", "0.9"});
    refused(lines, "--confidence has no place in a .csv");
    auto votes = files.call({model});
    votes.insert(votes.end(), {"--consensus", "5"});
    refused(votes, "--consensus is about votes and needs --dataset");
    auto alone = files.call({model});
    alone.insert(alone.end(), {"--prevalence", "m"});
    refused(alone, "--prevalence needs two models");
    alone.insert(alone.end(), {"--format", "csv"});
    refused(alone, "--prevalence has no place in a .csv");
    alone.resize(alone.size() - 2);
    alone.back() = "m,m";
    refused(alone, "twice");
    alone.insert(alone.end(), {"--draws", "0", "--seed", "5"});
    refused(alone, "--seed is of the draws");
    alone.resize(alone.size() - 4);
    alone.back() = "m,other";
    refused(alone, "other is no model; there are m_own");
    auto figure = files.call({model});
    figure.insert(figure.end(), {"--figure", files.path("figure.svg")});
    refused(figure, "--figure needs two models");
    // Of one correctable example of six no fewer than five others are left.
    auto point = files.call({model, "n=" + files.path("ranked.npy")});
    point.insert(point.end(),
                 {"--prevalence", "m,n", "--max-prevalence", "0.17", "--figure", files.path("figure.svg")});
    refused(point, "up to --max-prevalence each has a single point: the test set as it is; give a larger share");
    CHECK(!std::filesystem::exists(files.path("figure.svg")));
    auto confidence = files.call({model});
    confidence.insert(confidence.end(), {"--confidence", "nan"});
    refused(confidence, "not a share");
}

TEST_CASE("evaluate reads predictions from pipes, which can be opened only once")
{
    const own_files files;
    files.write(
        "probs.npy",
        xt::xtensor<double, 2>{
            {0.8, 0.1, 0.1}, {0.1, 0.8, 0.1}, {0.1, 0.1, 0.8}, {0.8, 0.1, 0.1}, {0.1, 0.8, 0.1}, {0.1, 0.1, 0.8}});
    for (const char* name : {"labels.npy", "probs.npy", "ranked.npy"})
    {
        std::string command = "cat '" + files.path(name) + "' | '" + tests::program_path() + "'";
        for (const auto& argument : files.call({"m=/dev/stdin"}))
            command += " '" + argument + "'";
        REQUIRE(std::system((command + " >'" + files.path("out.json") + "'").c_str()) == 0);
        auto found = json::parse(tests::content_of(files.path("out.json")));
        CHECK(found == json::parse(run(files.call({"m=" + files.path(name)})).out));
    }
}

TEST_CASE("evaluate says so where no example is correctable")
{
    const own_files files;
    const auto ran =
        run({"evaluate", "--labels", files.path("given.npy"), "--corrected-labels", files.path("given.npy"), "--model",
             "m=" + files.path("labels.npy"), "--subset", "correctable"});
    CHECK(ran.status == 1);
    CHECK(contains(ran.err, "no example is correctable"));
}

TEST_CASE("predictions of classes that no label is of are noted")
{
    const own_files files;
    CHECK(run(files.call({"m=" + files.path("labels.npy")})).err.empty());
    files.write("from_one.npy", xt::xtensor<std::int64_t, 1>{1, 2, 3, 1, 2, 3});
    const auto noted = run(files.call({"m=" + files.path("from_one.npy")}));
    CHECK(noted.status == 0);
    CHECK(noted.err == "labelerrors: note: " + files.path("from_one.npy") +
                           ": 2 of 6 predictions are of classes that no label is of, which are 0 to 2; do the model's "
                           "classes count from another number?\n");
}

#endif
