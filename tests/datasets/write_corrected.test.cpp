#include "io/temporary_directory.hpp"
#include "support/data.hpp"
#include <labelerrors/datasets/amazon.hpp>
#include <labelerrors/datasets/cifar10.hpp>
#include <labelerrors/datasets/write_corrected.hpp>
#include <labelerrors/io/read_labels.hpp>
#include <labelerrors/io/read_npy.hpp>
#include <labelerrors/report/write_corrected_examples.hpp>
#include <labelerrors/report/write_vote_figures.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <numeric>
#include <sstream>
#include <string>

namespace
{

namespace consensus = labelerrors::consensus;
namespace datasets = labelerrors::datasets;
using labelerrors::corrections::action;

/// A policy of one's own, whose name is no file name.
struct two_of_three
{
    [[nodiscard]] consensus::decision decide(const consensus::votes& votes) const
    {
        return votes.guessed >= 2 ? consensus::decision::relabel : consensus::decision::keep;
    }

    [[nodiscard]] std::string name() const
    {
        return "2/3, mine";
    }
};

}  // namespace

TEST_CASE("a corrected set is written with its decisions, each with its provenance beside it")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const tests::temporary_directory directory;
    constexpr auto set = datasets::facts_of<datasets::cifar10>();
    const auto corrected = datasets::correct_published(set, *data, consensus::majority{});
    const auto written = datasets::write_corrected(set, corrected, directory / "new/folder");
    REQUIRE(written.labels);
    CHECK(written.labels->filename() == "cifar10_test_set_corrected_3_of_5.npy");
    CHECK(written.decisions.filename() == "cifar10_test_set_decisions_3_of_5.jsonl");
    CHECK(labelerrors::io::read_labels(*written.labels).size() == 10'000);
    for (const auto& path : {*written.labels, written.decisions})
    {
        const auto made = nlohmann::json::parse(tests::content_of(datasets::provenance_path(path)));
        CHECK(made["dataset"] == "cifar10");
        CHECK(made["policy"] == "3 of 5");
        CHECK(made["n"] == 10'000);
        CHECK(made["decisions"]["relabel"] == 18);
        CHECK(made["library"] == datasets::library_version());
    }
    std::ostringstream text;
    labelerrors::report::write_corrections(text, written);
    CHECK(text.str() == "3 of 5: 18 of 10000 labels corrected; 221 stand, 0 both, 4 neither, 32 without agreement -> "
                        "cifar10_test_set_corrected_3_of_5.npy\n");
}

TEST_CASE("a policy of one's own names its files in letters that every system has")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const tests::temporary_directory directory;
    constexpr auto set = datasets::facts_of<datasets::cifar10>();
    const auto corrected = datasets::correct_published(set, *data, two_of_three{});
    const auto written = datasets::write_corrected(set, corrected, directory / "");
    CHECK(written.labels->filename() == "cifar10_test_set_corrected_2_3__mine.npy");
    CHECK(written.made.policy == "2/3, mine");
}

TEST_CASE("a set whose labels are not there has decisions and no labels, and asking for labels says so")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const tests::temporary_directory directory;
    constexpr auto set = datasets::facts_of<datasets::amazon>();
    const auto corrected = datasets::correct_published(set, *data, consensus::unanimous{});
    CHECK(!corrected.labels);
    CHECK(corrected.decided.size() == 1000);
    const auto written = datasets::write_corrected(set, corrected, directory / "");
    CHECK(!written.labels);
    CHECK(std::filesystem::exists(written.decisions));
    CHECK_THROWS_WITH_AS(datasets::write_corrected_labels(directory / "labels.npy", corrected),
                         doctest::Contains("amazon's published labels are not there"), labelerrors::value_error);
    CHECK(!std::filesystem::exists(directory / "labels.npy"));
    CHECK(!std::filesystem::exists(directory / "labels.npy.json"));
}

TEST_CASE("a folder that cannot be made is an io_error, and dropped rows leave the provenance's count")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const tests::temporary_directory directory;
    constexpr auto set = datasets::facts_of<datasets::cifar10>();
    const auto corrected =
        datasets::correct_published(set, *data, consensus::majority{},
                                    {.both = action::drop, .neither = action::drop, .no_agreement = action::drop});
    CHECK(corrected.made.num_kept == 9964);
    CHECK(corrected.labels->size() == 9964);
    datasets::corrected_set none;
    none.made.dataset = "mine";
    CHECK_THROWS_WITH_AS(datasets::write_kept_rows(directory / "kept.npy", none),
                         doctest::Contains("write_kept_rows: mine's published labels are not there"),
                         labelerrors::value_error);
    const auto file = directory.write("file", "");
    CHECK_THROWS_WITH_AS(datasets::write_corrected(set, corrected, file / "folder"),
                         doctest::Contains("cannot be made"), labelerrors::io_error);
}

TEST_CASE("examples are shown with what they are, the labels by name, and the votes")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    constexpr auto set = datasets::facts_of<datasets::cifar10>();
    const auto corrected = datasets::correct_published(set, *data, consensus::unanimous{});
    std::ostringstream text;
    labelerrors::report::write_corrected_examples(text, set, corrected, 1);
    CHECK(text.str().find("\n    ") != std::string::npos);
    CHECK(text.str().find(" -> ") != std::string::npos);
    CHECK(text.str().ends_with("0 to 5 of 5 votes\n... and 2 more\n"));
}

TEST_CASE("labels that may be sets are a matrix under every policy, whether or not one came about")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const tests::temporary_directory directory;
    constexpr auto set = datasets::facts_of<datasets::cifar10>();
    const labelerrors::corrections::correction_options sets{.both = action::multi_label,
                                                            .neither = action::multi_label};
    const auto rows_of_ones = [&](const auto& policy)
    {
        const auto corrected = datasets::correct_published(set, *data, policy, sets);
        const auto written = datasets::write_corrected(set, corrected, directory / "");
        const auto matrix = labelerrors::io::read_npy<std::uint8_t, 2>(*written.labels);
        CHECK(matrix.shape() == std::array<std::size_t, 2>{10'000, 10});
        return std::accumulate(matrix.begin(), matrix.end(), std::size_t{0});
    };
    CHECK(rows_of_ones(consensus::unanimous{}) == 10'000);
    // Of four images neither label is right.
    CHECK(rows_of_ones(consensus::majority{}) == 9'996);
}

TEST_CASE("the provenance is JSON whatever bytes the name of a policy has")
{
    const tests::temporary_directory directory;
    const auto path = directory / "file";
    datasets::provenance made;
    made.policy = "\xff?";
    datasets::write_with_provenance(
        path, made, [&](const std::filesystem::path& to) { directory.write(to.filename().string(), "x"); });
    CHECK(nlohmann::json::parse(tests::content_of(datasets::provenance_path(path)))["policy"] == "\xef\xbf\xbd?");
}
