#ifndef LABELERRORS_DATASETS_CIFAR10_HPP
#define LABELERRORS_DATASETS_CIFAR10_HPP

#include <labelerrors/datasets/dataset.hpp>

#include <array>
#include <cstddef>
#include <string_view>

namespace labelerrors::datasets
{

/// The CIFAR-10 test set: 32 x 32 colour images, in the order of test_batch.
struct cifar10
{
    static constexpr std::string_view name = "cifar10";
    static constexpr std::string_view title = "CIFAR-10";
    static constexpr std::string_view file_stem = "cifar10_test_set";
    static constexpr std::string_view votes_stem = "cifar10";
    static constexpr std::size_t num_examples = 10000;
    static constexpr std::size_t num_classes = 10;
    static constexpr std::array<std::string_view, num_classes> class_names{
        "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"};
    static constexpr auto modality = datasets::modality::image;
    static constexpr auto dialect = votes_dialect::given_guessed_neither_both;
    static constexpr auto items = item_source::file_rows;
    static constexpr std::string_view items_file = "test_batch";
};

}  // namespace labelerrors::datasets

#endif
