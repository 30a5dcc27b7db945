// The small recorded inputs of single steps, many of them exact halves.
#include "support/golden.hpp"
#include <labelerrors/core/calibrate_confident_joint.hpp>
#include <labelerrors/core/latent.hpp>
#include <labelerrors/core/prune_counts.hpp>
#include <labelerrors/core/round_preserving_sum.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace
{

using tests::answer;
using tests::close_matrix;
using tests::close_vector;
using tests::json;

[[nodiscard]] xt::xtensor<double, 1> to_xtensor(const json& values)
{
    auto result = xt::xtensor<double, 1>::from_shape({values.size()});
    for (std::size_t i = 0; i < values.size(); ++i)
        result(i) = values[i].get<double>();
    return result;
}

}  // namespace

TEST_CASE("numbers are rounded to the recorded integers")
{
    const auto golden = tests::golden_dir();
    if (!golden)
        return tests::skip("no LABELERRORS_GOLDEN_DIR");
    const auto internals = tests::read_json(*golden / "internals.json");
    for (const auto& record : internals.at("internal.util.round_preserving_sum"))
        CHECK(labelerrors::round_preserving_sum(record.at("iterable").get<std::vector<double>>()) ==
              answer(record, "rounded").get<std::vector<std::int64_t>>());
    for (const auto& record : internals.at("count.calibrate_confident_joint"))
        CHECK(tests::equal_matrix(
            labelerrors::calibrate_confident_joint(tests::to_matrix(record.at("confident_joint")),
                                                   record.at("label_counts").get<std::vector<std::size_t>>()),
            answer(record, "calibrated")));
}

TEST_CASE("prune counts are the recorded ones")
{
    const auto golden = tests::golden_dir();
    if (!golden)
        return tests::skip("no LABELERRORS_GOLDEN_DIR");
    const auto internals = tests::read_json(*golden / "internals.json");
    for (const auto& record : internals.at("filter._keep_at_least_n_per_class"))
    {
        // The record has the true label by row, as the result has; the argument has it by column.
        const auto recorded = tests::to_matrix(record.at("prune_count_matrix"));
        auto joint = recorded;
        for (std::size_t i = 0; i < joint.shape()[0]; ++i)
            for (std::size_t j = 0; j < joint.shape()[1]; ++j)
                joint(i, j) = recorded(j, i);
        CHECK(tests::equal_matrix(
            labelerrors::prune_counts(joint, record.at("n").get<std::size_t>(), record.at("frac_noise").get<double>()),
            answer(record, "result")));
    }
}

TEST_CASE("the latent algebra gives the recorded matrices")
{
    const auto golden = tests::golden_dir();
    if (!golden)
        return tests::skip("no LABELERRORS_GOLDEN_DIR");
    const auto internals = tests::read_json(*golden / "internals.json");
    for (const auto& record : internals.at("internal.latent_algebra"))
    {
        const auto noise_matrix = tests::to_matrix(record.at("noise_matrix"));
        const auto ps = to_xtensor(record.at("ps"));
        const auto solved = labelerrors::compute_py_and_inverse_noise_matrix(ps, noise_matrix);
        const auto& expected = record.at("compute_py_inv_noise_matrix(ps, noise_matrix)");
        CHECK(close_vector(solved.py, expected.at("py")));
        CHECK(close_matrix(solved.inverse_noise_matrix, expected.at("inverse_noise_matrix")));
        const auto& inverse = solved.inverse_noise_matrix;
        CHECK(close_matrix(labelerrors::compute_inverse_noise_matrix(solved.py, noise_matrix),
                           record.at("compute_inv_noise_matrix(py, noise_matrix)")));
        CHECK(close_matrix(labelerrors::compute_noise_matrix_from_inverse(ps, inverse),
                           record.at("compute_noise_matrix_from_inverse(ps, inverse)")));
        for (const auto& [name, method] :
             {std::pair{"cnt", labelerrors::py_method::cnt}, std::pair{"eqn", labelerrors::py_method::eqn},
              std::pair{"marginal_ps", labelerrors::py_method::marginal_ps}})
            CHECK(close_vector(labelerrors::compute_py(ps, noise_matrix, inverse, method, ps),
                               record.at(std::string("compute_py(py_method=") + name + ")")));
        CHECK(close_matrix(labelerrors::compute_pyx(tests::to_matrix(record.at("pred_probs")), noise_matrix, inverse),
                           record.at("compute_pyx(pred_probs, noise_matrix, inverse)")));
    }
}
