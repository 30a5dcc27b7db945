// Writes small files of the names that README uses to a folder, runs README's blocks of code there, and holds what they
// print to what README says.
#include "io/gzipped.hpp"
#include "io/stored_bytes.hpp"
#include "readme/given.hpp"
#include <labelerrors/io/write_npy.hpp>

#include <cmath>
#include <cstdint>
#include <exception>
#include <fstream>
#include <iterator>
#include <limits>
#include <sstream>

namespace
{

using namespace tests::readme;

void write(const std::filesystem::path& path, const std::string& content)
{
    std::filesystem::create_directories(std::filesystem::absolute(path).parent_path());
    std::ofstream(path, std::ios::binary) << content;
}

[[nodiscard]] std::string content_of(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The rows [first, last) of a matrix.
[[nodiscard]] xt::xtensor<float, 2> rows(std::size_t first, std::size_t last)
{
    auto part = xt::xtensor<float, 2>::from_shape({last - first, k});
    for (std::size_t i = first; i < last; ++i)
        for (std::size_t j = 0; j < k; ++j)
            part(i - first, j) = static_cast<float>(pred_probs(i, j));
    return part;
}

void write_files()
{
    using labelerrors::io::write_npy;
    auto given = xt::xtensor<std::int64_t, 1>::from_shape({n});
    auto logits_of_rows = xt::xtensor<float, 2>::from_shape({n, k});
    auto annotations = xt::xtensor<double, 2>::from_shape({n, 3});
    auto images = xt::xtensor<std::uint8_t, 3>::from_shape({n, 4, 4});
    auto sets = xt::xtensor<std::uint8_t, 2>({n, k}, std::uint8_t{0});
    std::string csv;
    std::string pixels;
    std::string classes;
    for (std::size_t i = 0; i < n; ++i)
    {
        given(i) = labels[i];
        csv += std::to_string(labels[i]) + '\n';
        classes += static_cast<char>(labels[i]);
        sets(i, static_cast<std::size_t>(labels[i])) = 1;
        for (std::size_t j = 0; j < k; ++j)
            logits_of_rows(i, j) = static_cast<float>(std::log(pred_probs(i, j)));
        for (std::size_t j = 0; j < 3; ++j)
            annotations(i, j) = j == 2 && i % 4 != 0 ? std::numeric_limits<double>::quiet_NaN() : labels[i];
        for (std::size_t j = 0; j < 16; ++j)
            pixels += static_cast<char>(images.data()[i * 16 + j] =
                                            static_cast<std::uint8_t>(truth_of(i) * 200 + (i * j) % 50));
    }
    write_npy("labels.npy", given);
    write_npy("pred_probs.npy", pred_probs);
    write_npy("part1.npy", rows(0, 25));
    write_npy("part2.npy", rows(25, n));
    write_npy("logits.npy", logits_of_rows);
    write_npy("features.npy", features);
    write_npy("images.npy", images);
    write_npy("label_sets.npy", sets);
    write_npy("annotations.npy", annotations);
    write("labels.csv", csv);
    write("names.txt", "cat\ndog\n");
    write("pred_probs.npz", tests::zip({tests::compressed("test.npy", content_of("pred_probs.npy"))}));
    using tests::big;
    write("train-images-idx3-ubyte.gz", tests::gzipped(big(0x803, 4) + big(n, 4) + big(4, 4) + big(4, 4) + pixels));
    write("train-labels-idx1-ubyte.gz", tests::gzipped(big(0x801, 4) + big(n, 4) + classes));
    write("decisions.jsonl", R"({"index":6,"given_label":1,"decision":"relabel","corrected_label":0}
{"index":7,"given_label":0,"decision":"drop","corrected_label":null}
)");

    const std::filesystem::path mine = "my-set";
    write(mine / "original_test_labels/mine_test_set_original_labels.npy", content_of("labels.npy"));
    write(mine / "cross_validated_predicted_labels/mine_test_set_pyx_argmax_predicted_labels.npy",
          content_of("labels.npy"));
    write(mine / "cross_validated_predicted_probabilities/mine_test_set_pyx.npy", content_of("pred_probs.npy"));
    write(mine / "mturk/mine_mturk.json",
          R"([{"id":6,"url":"","given_original_label":1,"given_original_label_name":"dog",
"our_guessed_label":0,"our_guessed_label_name":"cat","mturk":{"given":1,"guessed":3,"neither":0,"both":1}},
{"id":7,"url":"","given_original_label":0,"given_original_label_name":"cat",
"our_guessed_label":1,"our_guessed_label_name":"dog","mturk":{"given":2,"guessed":2,"neither":1,"both":0}}])");
}

/// What the block prints.
[[nodiscard]] std::string output_of(const block& one)
{
    std::ostringstream printed;
    std::streambuf* const before = std::cout.rdbuf(printed.rdbuf());
    try
    {
        one.run();
    }
    catch (...)
    {
        std::cout.rdbuf(before);
        throw;
    }
    std::cout.rdbuf(before);
    return printed.str();
}

}  // namespace

int main(int argc, char** argv)
try
{
    if (argc != 2)
    {
        std::cerr << "usage: labelerrors_readme_blocks FOLDER\n";
        return 2;
    }
    std::filesystem::create_directories(argv[1]);
    std::filesystem::current_path(argv[1]);
    write_files();
    int failed = 0;
    for (const block& one : blocks)
        if (const std::string printed = output_of(one); !one.prints.empty() && printed != one.prints)
        {
            std::cerr << one.name << " printed\n" << printed << "instead of what README says:\n" << one.prints;
            ++failed;
        }
    std::cout << blocks.size() << " blocks\n";
    return blocks.size() < 9 || failed > 0 ? 1 : 0;
}
catch (const std::exception& error)
{
    std::cerr << "error: " << error.what() << '\n';
    return 1;
}
