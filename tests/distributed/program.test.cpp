// labelerrors-mpi as a user runs it, against labelerrors on all files.
#include "core/small_cases.hpp"
#include "program/run_program.hpp"
#include <labelerrors/io/read_npy.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

namespace
{

using tests::arguments;
using tests::run_result;
namespace io = labelerrors::io;

/// Runs the program on so many ranks; what does not end within two minutes is killed, with status 124.
[[nodiscard]] run_result run_on(std::size_t ranks, const arguments& given,
                                const std::string& program = LABELERRORS_MPI_PROGRAM)
{
    const tests::temporary_directory directory;
    std::string command = "timeout 120 " LABELERRORS_MPIRUN " " + std::to_string(ranks) + " --quiet '" + program + "'";
    for (const std::string& argument : given)
        command += " '" + argument + "'";
    command += " </dev/null >'" + (directory / "out").string() + "' 2>'" + (directory / "err").string() + "'";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, tests::content_of(directory / "out"),
            tests::content_of(directory / "err")};
}

/// The pieces of a file, one after another.
[[nodiscard]] std::string pieces_of(const std::filesystem::path& path, std::size_t ranks)
{
    std::string text;
    for (std::size_t rank = 0; rank < ranks; ++rank)
        text += tests::content_of(path.parent_path() / (path.stem().string() + "." + std::to_string(rank) + "-of-" +
                                                        std::to_string(ranks) + path.extension().string()));
    return text;
}

/// A case in whole files and in parts that do not line up: labels in two, probabilities in three, one of them empty.
struct part_files
{
    tests::temporary_directory directory;
    arguments whole;
    arguments parts;

    explicit part_files(const tests::small_case& made)
    {
        const std::size_t n = made.num_examples();
        const xt::xtensor<std::int64_t, 1> labels = xt::cast<std::int64_t>(made.labels);
        const auto path = [&](const char* name)
        {
            return (directory / name).string();
        };
        const auto write = [&](const char* name, const auto& values)
        {
            io::write_npy(path(name), values);
        };
        write("labels.npy", labels);
        write("l0.npy", xt::view(labels, xt::range(0, n / 4)));
        write("l1.npy", xt::view(labels, xt::range(n / 4, n)));
        write("probs.npy", made.pred_probs);
        write("p0.npy", xt::view(made.pred_probs, xt::range(0, n / 3)));
        write("p1.npy", xt::view(made.pred_probs, xt::range(n / 3, n / 3)));
        write("p2.npy", xt::view(made.pred_probs, xt::range(n / 3, n)));
        whole = {"--labels", path("labels.npy"), "--pred-probs", path("probs.npy")};
        parts = {"--labels",     path("l0.npy"), path("l1.npy"), "--pred-probs",
                 path("p0.npy"), path("p1.npy"), path("p2.npy")};
    }

    [[nodiscard]] std::string path(const char* name) const
    {
        return (directory / name).string();
    }
};

[[nodiscard]] arguments joined(arguments first, const arguments& more)
{
    first.insert(first.end(), more.begin(), more.end());
    return first;
}

[[nodiscard]] tests::small_case some_case(std::size_t n)
{
    std::mt19937_64 random(31);
    return tests::random_case(random, n, 5, 16);
}

void check_one_line(const run_result& ran, int status, const std::vector<std::string>& parts)
{
    CAPTURE(ran.err);
    CHECK(ran.status == status);
    CHECK(ran.out.empty());
    CHECK(tests::is_one_line(ran.err));
    CHECK(ran.err.starts_with("labelerrors-mpi: error: "));
    for (const auto& part : parts)
    {
        CAPTURE(part);
        CHECK(ran.err.find(part) != std::string::npos);
    }
}

}  // namespace

TEST_CASE("labelerrors-mpi writes pieces that together are the file of labelerrors, and prints the same without a file")
{
    const part_files files(some_case(203));
    const std::vector<arguments> calls{
        {"find"},
        {"find", "--rank-by", "none", "--filter-by", "both", "--format", "csv"},
        {"find", "--filter-by", "low_normalized_margin", "--top", "7"},
        {"find", "--filter-by", "predicted_neq_given", "--rank-by", "normalized_margin", "--adjust-pred-probs"},
        {"find", "--num-to-remove-per-class", "3,0,0,0,0", "--filter-by", "prune_by_class"},
        {"find", "--tolerance", "100", "--softmax"},
        {"score", "--format", "csv"},
        {"score", "--format", "json", "--method", "confidence_weighted_entropy"}};
    for (const auto& call : calls)
    {
        CAPTURE(call.back());
        const auto single = files.path("single.txt");
        REQUIRE(tests::run(joined(call, files.whole), {"--output", single}).status == 0);
        const auto wanted = tests::content_of(single);
        for (const std::size_t ranks : {1u, 3u, 4u})
        {
            const auto ran = run_on(ranks, joined(joined(call, files.parts), {"--output", files.path("pieces.txt")}));
            CAPTURE(ran.err);
            CHECK(ran.status == 0);
            CHECK(pieces_of(files.path("pieces.txt"), ranks) == wanted);
            const auto summary = tests::json::parse(ran.out);
            CHECK(summary.at("n") == 203);
            CHECK(summary.at("pieces").size() == ranks);
        }
        if (call.front() == "find")
            CHECK(run_on(2, joined(call, files.parts)).out == wanted);
    }
}

TEST_CASE(
    "labelerrors-mpi counts and measures as labelerrors does, and pieces of .npy are the scores of each rank's rows")
{
    const part_files files(some_case(100));
    for (const char* subcommand : {"count", "health"})
        for (const char* format : {"json", "csv", "table"})
            CHECK(run_on(3, joined({subcommand, "--format", format}, files.parts)).out ==
                  tests::run(joined({subcommand, "--format", format}, files.whole)).out);
    REQUIRE(tests::run(joined({"score"}, files.whole), {"--output", files.path("one.npy")}).status == 0);
    REQUIRE(run_on(3, joined(joined({"score"}, files.parts), {"--output", files.path("s.npy")})).status == 0);
    const auto whole = io::read_npy<double, 1>(files.path("one.npy"));
    std::vector<double> scores;
    for (const char* piece : {"s.0-of-3.npy", "s.1-of-3.npy", "s.2-of-3.npy"})
    {
        const auto some = io::read_npy<double, 1>(files.path(piece));
        scores.insert(scores.end(), some.begin(), some.end());
    }
    CHECK(std::equal(scores.begin(), scores.end(), whole.begin(), whole.end()));
}

TEST_CASE("labelerrors-mpi finds issues in sets of labels as labelerrors does")
{
    const auto made = some_case(120);
    auto ones = xt::xtensor<std::uint8_t, 2>::from_shape({120, 5});
    for (std::size_t i = 0; i < 120; ++i)
        for (std::size_t j = 0; j < 5; ++j)
            ones(i, j) = made.pred_probs(i, j) > 0.3 || (i + j) % 11 == 0 ? 1 : 0;
    const part_files files(made);
    io::write_npy(files.path("sets.npy"), ones);
    io::write_npy(files.path("s0.npy"), xt::view(ones, xt::range(0, 50)));
    io::write_npy(files.path("s1.npy"), xt::view(ones, xt::range(50, 120)));
    const arguments parts{"--multi-label", "--labels",           files.path("s0.npy"), files.path("s1.npy"),
                          "--pred-probs",  files.path("p0.npy"), files.path("p2.npy")};
    for (const char* format : {"json", "csv"})
    {
        const auto single = tests::run({"find", "--multi-label", "--labels", files.path("sets.npy"), "--pred-probs",
                                        files.path("probs.npy"), "--format", format, "--aggregator", "min"});
        REQUIRE(single.status == 0);
        CHECK(single.out.size() > 200);
        const auto ran =
            run_on(3, joined({"find", "--format", format, "--aggregator", "min", "--output", files.path("pieces.txt")},
                             parts));
        CAPTURE(ran.err);
        CHECK(pieces_of(files.path("pieces.txt"), 3) == single.out);
    }
    // An array of objects tells its length in its header, however that is spelt; what follows is not looked at before
    // the lengths fit.
    std::string header = "{'descr':'O','fortran_order':False,'shape':(3,),}";
    header.resize(117, ' ');
    const auto lists = files.directory.write("lists.npy", std::string("\x93NUMPY\x01\x00\x76\x00", 10) + header + "\n");
    const auto three =
        run_on(2, {"find", "--multi-label", "--labels", lists.string(), "--pred-probs", files.path("p0.npy")});
    CHECK(three.err.find("3 labels and ") != std::string::npos);
}

TEST_CASE("labelerrors-mpi ends with one line and status 1 for a bad row, a missing file and files that do not fit")
{
    auto made = some_case(90);
    made.pred_probs(67, 2) = 3.0;  // row 37 of p2.npy, row 22 of the third of four ranks
    const part_files files(made);
    check_one_line(run_on(4, joined({"find"}, files.parts)), 1,
                   {files.path("p2.npy") + ": row 37: rank 2: pred_probs row 21, column 2 is 3", "--softmax"});
    made = some_case(90);
    made.labels(80) = 9;
    const part_files wrong(made);
    check_one_line(run_on(3, joined({"count"}, wrong.parts)), 1,
                   {wrong.path("l1.npy") + ": row 58: rank 2: labels[20] is 9"});
    auto missing = files.parts;
    missing.back() = files.path("none.npy");
    check_one_line(run_on(3, joined({"health"}, missing)), 1, {files.path("none.npy"), "rank 0", "No such file"});
    auto fewer = files.parts;
    fewer.pop_back();
    check_one_line(run_on(2, joined({"find"}, fewer)), 1, {"90 labels and 30 rows"});
    check_one_line(run_on(2, joined(joined({"find"}, wrong.parts), {"--output", files.path("no/such/dir.json")})), 1,
                   {});
}

TEST_CASE("ranks that see other files or are given other arguments end together")
{
    const part_files files(some_case(90));
    const part_files fewer(some_case(80));
    // Each rank runs in a folder of its own, and with the arguments that it finds there.
    const auto start =
        files.directory.write("start.sh", "cd \"$(dirname \"$0\")/rank${OMPI_COMM_WORLD_RANK}\" && exec '" +
                                              std::string(LABELERRORS_MPI_PROGRAM) +
                                              "' find --labels labels.npy --pred-probs probs.npy $(cat more)\n");
    const auto give = [&](const char* folder, const part_files& from, const char* more)
    {
        const auto to = files.directory / folder;
        std::filesystem::create_directories(to);
        for (const char* name : {"labels.npy", "probs.npy"})
            std::filesystem::copy_file(from.path(name), to / name, std::filesystem::copy_options::overwrite_existing);
        std::ofstream(to / "more") << more;
    };
    const auto run_each = [&]
    {
        return run_on(2, {start.string()}, "/bin/sh");
    };
    give("rank0", files, "");
    give("rank1", files, "");
    CHECK(run_each().status == 0);
    give("rank1", fewer, "");
    check_one_line(run_each(), 1, {"probs.npy: rank 1: 80 rows", "but rank 0 sees 90"});
    give("rank1", files, "");
    std::filesystem::remove(files.directory / "rank1" / "probs.npy");
    check_one_line(run_each(), 1, {"probs.npy: rank 1: ", "No such file"});
    give("rank1", files, "--top many");
    const auto ran = run_each();
    CHECK(ran.status != 0);
    CHECK(ran.status != 124);
    CHECK(ran.err.starts_with("labelerrors-mpi: error: rank 1: --top: many is not a whole number"));
    for (const char* first : {"", "--top many"})
    {
        give("rank0", files, first);
        give("rank1", files, "--help");
        check_one_line(run_each(), 2, {"only some of the ranks are asked for help", "the same arguments"});
    }
    give("rank0", files, "--help");
    const auto helped = run_each();
    CHECK(helped.status == 0);
    CHECK(helped.err.empty());
    CHECK(helped.out.find("--pred-probs") != std::string::npos);
}

TEST_CASE("labelerrors-mpi leaves no piece behind where one cannot be written")
{
    const part_files files(some_case(90));
    std::filesystem::create_directory(files.path("out.1-of-3.json"));
    const auto before = files.directory.size();
    check_one_line(run_on(3, joined(joined({"find"}, files.parts), {"--output", files.path("out.json")})), 1,
                   {"out.1-of-3.json", "rank 1"});
    CHECK(files.directory.size() == before);
}

TEST_CASE("labelerrors-mpi refuses what makes no sense, with status 2")
{
    const part_files files(some_case(40));
    check_one_line(run_on(2, joined({"find", "--reference", "cleanlab-1"}, files.parts)), 2,
                   {"cleanlab-1 is not in labelerrors-mpi"});
    check_one_line(run_on(2, joined({"score"}, files.parts)), 2, {"needs --output"});
    check_one_line(run_on(2, {"find"}), 2, {"is required"});
    check_one_line(run_on(2, joined(joined({"score"}, files.parts), {"--output", ""})), 2, {"empty value"});
    check_one_line(run_on(2, joined(joined({"score"}, files.parts),
                                    {"--output", files.path("s.npy"), "--class-names", files.path("names.txt")})),
                   2, {"--class-names are shown in tables alone"});
    // A name of a file neither ends the line nor speaks to the terminal.
    check_one_line(
        run_on(2, {"find", "--labels", files.path("two\nlines\x1b.npy"), "--pred-probs", files.path("p0.npy")}), 1,
        {"two\\nlines\\x1b.npy", "No such file"});
    check_one_line(run_on(2, joined({"find", "--aggregator", "min"}, files.parts)), 2, {"--multi-label"});
    const auto help = run_on(2, {"find", "--help"});
    CHECK(help.status == 0);
    CHECK(help.out.find("--min-examples-per-class") != std::string::npos);
    CHECK(help.out.find("--min-examples-per-class") == help.out.rfind("--min-examples-per-class"));
}

TEST_CASE("labelerrors-mpi adds to --timing what was communicated")
{
    const part_files files(some_case(40));
    const auto ran = run_on(2, joined({"find", "--timing"}, files.parts));
    REQUIRE(ran.status == 0);
    const auto timing = tests::json::parse(ran.err);
    CHECK(timing.at("ranks") == 2);
    CHECK(timing.at("rounds") > 5);
    CHECK(timing.at("bytes_sent") > 100);
    CHECK(timing.at("bytes_read") == 40 * 5 * 8 + 40 * 8);
}

TEST_CASE("a rank that is killed ends the job")
{
    const auto ran = run_on(3, {"--die"}, LABELERRORS_TESTS_ON_RANKS);
    CHECK(ran.status != 0);
    CHECK(ran.status != 124);
}
