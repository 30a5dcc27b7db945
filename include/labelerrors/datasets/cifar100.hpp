#ifndef LABELERRORS_DATASETS_CIFAR100_HPP
#define LABELERRORS_DATASETS_CIFAR100_HPP

#include <labelerrors/datasets/cifar100_classes.hpp>
#include <labelerrors/datasets/dataset.hpp>

#include <cstddef>
#include <string_view>

namespace labelerrors::datasets
{

/// The CIFAR-100 test set: 32 x 32 colour images with their fine classes, in the order of test.
struct cifar100
{
    static constexpr std::string_view name = "cifar100";
    static constexpr std::string_view title = "CIFAR-100";
    static constexpr std::string_view file_stem = "cifar100_test_set";
    static constexpr std::string_view votes_stem = "cifar100";
    static constexpr std::size_t num_examples = 10000;
    static constexpr std::size_t num_classes = 100;
    static constexpr auto& class_names = cifar100_class_names;
    static constexpr auto modality = datasets::modality::image;
    static constexpr auto dialect = votes_dialect::given_guessed_neither_both;
    static constexpr auto items = item_source::file_rows;
    static constexpr std::string_view items_file = "test";
};

}  // namespace labelerrors::datasets

#endif
