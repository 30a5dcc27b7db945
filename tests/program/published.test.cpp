// The program on the published test sets.
#include "run_program.hpp"
#include "support/data.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <vector>

#ifdef LABELERRORS_PROGRAM

namespace
{

using tests::arguments;
using tests::json;

struct published_set
{
    const char* stem;
    std::size_t num_issues;              // by the default filter
    std::size_t num_published_errors;    // by the study's own procedure
    std::vector<std::string> procedure;  // what it needs said beyond --reference cleanlab-1
};

const published_set sets[] = {{"mnist_test_set", 15, 87, {"--num-errors-by", "prune_by_class"}},
                              {"cifar10_test_set", 284, 275, {}},
                              {"20news_test_set", 95, 93, {}},
                              {"imdb_test_set", 1309, 1310, {}}};

[[nodiscard]] arguments call(const std::filesystem::path& root, const std::string& subcommand, const std::string& stem)
{
    return {subcommand, "--labels", (root / "original_test_labels" / (stem + "_original_labels.npy")).string(),
            "--pred-probs", (root / "cross_validated_predicted_probabilities" / (stem + "_pyx.npy")).string()};
}

}  // namespace

TEST_CASE("the program finds the published numbers of issues in the published sets")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    for (const auto& set : sets)
    {
        CAPTURE(set.stem);
        const auto found = json::parse(tests::run(call(*data / "label-errors", "find", set.stem)).out);
        CHECK(found["num_issues"] == set.num_issues);
        CHECK(found["issues"].size() == set.num_issues);
        auto as_published = set.procedure;
        as_published.insert(as_published.end(), {"--reference", "cleanlab-1"});
        const auto errors = json::parse(tests::run(call(*data / "label-errors", "find", set.stem), as_published).out);
        CHECK(errors["num_issues"] == set.num_published_errors);
        CHECK(errors["reference"] == "cleanlab-1");
    }
}

TEST_CASE("every subcommand works on every published set, with any number of threads alike")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    for (const auto& set : sets)
        for (const char* subcommand : {"find", "score", "count", "health"})
        {
            CAPTURE(set.stem);
            CAPTURE(subcommand);
            const auto one = tests::run(call(*data / "label-errors", subcommand, set.stem), {"--threads", "1"});
            CHECK(one.status == 0);
            CHECK(one.err == "");
            CHECK(json::accept(one.out));
            CHECK(tests::run(call(*data / "label-errors", subcommand, set.stem), {"--threads", "2"}).out == one.out);
        }
}

TEST_CASE("IMDB's probabilities are refused with less than the default tolerance, naming the way out")
{
    const auto data = tests::data_dir();
    if (!data)
        return tests::skip("no LABELERRORS_DATA_DIR");
    const auto ran = tests::run(call(*data / "label-errors", "find", "imdb_test_set"), {"--tolerance", "1e-6"});
    CHECK(ran.status == 1);
    CHECK(ran.err.find("imdb_test_set_pyx.npy") != std::string::npos);
    CHECK(ran.err.find("--tolerance") != std::string::npos);
}

#endif
