// Every way in which labels and probabilities can be stored comes to the same answer.
#include "io/stored_bytes.hpp"
#include "run_program.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <random>
#include <string>

#ifdef LABELERRORS_PROGRAM

using tests::arguments;
using tests::case_files;
using tests::json;
using tests::run;

namespace
{

/// A case whose values are halves, and what find prints about it.
struct stored_case
{
    tests::small_case made;
    case_files files{made};
    std::string expected = run(files.call("find")).out;

    [[nodiscard]] static tests::small_case make()
    {
        std::mt19937_64 random(36);
        return tests::random_case(random, 120, 5, 32);
    }

    stored_case() : made(make())
    {
        REQUIRE(json::parse(expected)["num_issues"] > 3);
    }

    void check_probabilities(const arguments& parts) const
    {
        const auto ran = run(files.call("find", parts));
        CHECK(ran.err == "");
        CHECK(ran.out == expected);
    }

    void check_labels(const std::string& path) const
    {
        const auto ran = run({"find", "--labels", path, "--pred-probs", files.pred_probs});
        CHECK(ran.err == "");
        CHECK(ran.out == expected);
    }

    [[nodiscard]] std::string path(const std::string& name) const
    {
        return (files.directory / name).string();
    }
};

}  // namespace

TEST_CASE("probabilities of every type, order and byte order find the same issues")
{
    const stored_case in;
    using labelerrors::io::write_npy;
    write_npy(in.path("f4.npy"), tests::in_type<float>(in.made.pred_probs));
    write_npy(in.path("f2.npy"), tests::in_type<labelerrors::float16>(in.made.pred_probs));
    write_npy(in.path("fortran.npy"), in.made.pred_probs, {.order = labelerrors::io::array_order::fortran});
    write_npy(in.path("big.npy"), tests::in_type<float>(in.made.pred_probs),
              {.version = labelerrors::io::npy_version::v2,
               .bytes = labelerrors::io::byte_order::big,
               .order = labelerrors::io::array_order::fortran});
    for (const char* name : {"f4.npy", "f2.npy", "fortran.npy", "big.npy"})
        in.check_probabilities({in.path(name)});
}

TEST_CASE("labels of every type find the same issues")
{
    const stored_case in;
    using labelerrors::io::write_npy;
    write_npy(in.path("u1.npy"), xt::xtensor<std::uint8_t, 1>(xt::cast<std::uint8_t>(in.made.labels)));
    write_npy(in.path("u2.npy"), xt::xtensor<std::uint16_t, 1>(xt::cast<std::uint16_t>(in.made.labels)));
    write_npy(in.path("i4.npy"), in.made.labels, {.bytes = labelerrors::io::byte_order::big});
    for (const char* name : {"u1.npy", "u2.npy", "i4.npy"})
        in.check_labels(in.path(name));
}

TEST_CASE("several parts are one matrix, also of different types")
{
    const stored_case in;
    const auto rows = [&](std::size_t first, std::size_t last)
    {
        return xt::xtensor<double, 2>(xt::view(in.made.pred_probs, xt::range(first, last), xt::all()));
    };
    labelerrors::io::write_npy(in.path("a.npy"), rows(0, 50));
    labelerrors::io::write_npy(in.path("b.npy"), rows(50, 51));
    labelerrors::io::write_npy(in.path("c.npy"), tests::in_type<float>(rows(51, 120)));
    in.check_probabilities({in.path("a.npy"), in.path("b.npy"), in.path("c.npy")});
}

TEST_CASE("members of .npz archives and .csv files find the same issues")
{
    const stored_case in;
    const auto archive =
        in.files.directory
            .write("both.npz",
                   tests::zip({tests::stored("labels.npy", tests::content_of(in.files.labels)),
                               tests::compressed("pred_probs.npy", tests::content_of(in.files.pred_probs))}))
            .string();
    in.check_labels(archive + ":labels");
    in.check_probabilities({archive + ":pred_probs"});
    std::string labels;
    std::string table;
    for (std::size_t i = 0; i < in.made.num_examples(); ++i)
    {
        labels += std::to_string(in.made.labels(i)) + "\n";
        for (std::size_t j = 0; j < in.made.num_classes(); ++j)
            table += std::to_string(in.made.pred_probs(i, j)) + (j + 1 < in.made.num_classes() ? "," : "\n");
    }
    in.check_labels(in.files.directory.write("labels.csv", labels).string());
    in.check_probabilities({in.files.directory.write("pred_probs.csv", table).string()});
}

TEST_CASE("logits work with --softmax and not without")
{
    const auto made = tests::worked_case();
    const case_files files(made);
    auto logits = made.pred_probs;
    for (double& value : logits)
        value = std::log(value + 0x1p-20) + 3.0;
    const auto path = (files.directory / "logits.npy").string();
    labelerrors::io::write_npy(path, logits);
    const auto refused = run(files.call("find", {path}));
    CHECK(refused.status == 1);
    CHECK(refused.err.find("logits") != std::string::npos);
    CHECK(refused.err.find("--softmax") != std::string::npos);
    for (const char* subcommand : {"find", "score", "count", "health"})
    {
        const auto ran = run(files.call(subcommand, {path}), {"--softmax"});
        CAPTURE(ran.err);
        CHECK(ran.status == 0);
    }
    const auto answer = json::parse(run(files.call("find", {path}), {"--softmax"}).out);
    CHECK(answer["num_issues"] == 2);
    CHECK(answer["issues"][0]["index"] == 1);
    CHECK(answer["issues"][1]["index"] == 5);
    labelerrors::io::write_npy(path, tests::in_type<float>(logits));
    CHECK(json::parse(run(files.call("find", {path}), {"--softmax"}).out)["num_issues"] == 2);
}

TEST_CASE("one thread and two print the same bytes")
{
    constexpr std::size_t n = 150'000;
    std::mt19937_64 random(37);
    auto pred_probs = xt::xtensor<float, 2>::from_shape({n, std::size_t{4}});
    auto labels = xt::xtensor<std::uint8_t, 1>::from_shape({n});
    for (std::size_t i = 0; i < n; ++i)
    {
        const auto p = static_cast<float>(random() % 1024) / 1024.0F;
        for (std::size_t j = 0; j < 4; ++j)
            pred_probs(i, j) = (1.0F - p) / 4.0F;
        const std::size_t favoured = random() % 4;
        pred_probs(i, favoured) += p;
        labels(i) = static_cast<std::uint8_t>(random() % 3 == 0 ? random() % 4 : favoured);
    }
    const tests::temporary_directory directory;
    labelerrors::io::write_npy(directory / "labels.npy", labels);
    labelerrors::io::write_npy(directory / "pred_probs.npy", pred_probs);
    const arguments rest{"--labels",     (directory / "labels.npy").string(),
                         "--pred-probs", (directory / "pred_probs.npy").string(),
                         "--format",     "csv"};
    for (const char* subcommand : {"find", "score", "count", "health"})
    {
        const auto one = run({subcommand, "--threads", "1"}, rest);
        CHECK(one.status == 0);
        CHECK(one.out.size() > 100);
        CHECK(run({subcommand, "--threads", "2"}, rest).out == one.out);
    }
}

TEST_CASE("timing is one line of JSON on standard error, and changes nothing else")
{
    const case_files files(tests::worked_case());
    for (const char* subcommand : {"find", "score", "count", "health"})
    {
        const auto timing = tests::timing_of(files.call(subcommand));
        CHECK(timing["seconds"].contains("reading"));
        CHECK(timing["bytes_read"] == 6 * 3 * 8 + 6 * 8);
    }
    const auto timing = tests::timing_of({"inspect", files.labels});
    CHECK(timing["seconds"].contains("reading"));
    CHECK(timing["seconds"].contains("writing"));
#ifdef __linux__
    CHECK(timing["bytes_read"] == std::filesystem::file_size(files.labels));
#endif
}

#endif
