#ifndef LABELERRORS_DATASETS_MNIST_HPP
#define LABELERRORS_DATASETS_MNIST_HPP

#include <labelerrors/datasets/dataset.hpp>

#include <array>
#include <cstddef>
#include <string_view>

namespace labelerrors::datasets
{

/// The MNIST test set: images of handwritten digits, in the order of t10k-images-idx3-ubyte.
struct mnist
{
    static constexpr std::string_view name = "mnist";
    static constexpr std::string_view title = "MNIST";
    static constexpr std::string_view file_stem = "mnist_test_set";
    static constexpr std::string_view votes_stem = "mnist";
    static constexpr std::size_t num_examples = 10000;
    static constexpr std::size_t num_classes = 10;
    static constexpr std::array<std::string_view, num_classes> class_names{"0", "1", "2", "3", "4",
                                                                           "5", "6", "7", "8", "9"};
    static constexpr auto modality = datasets::modality::image;
    static constexpr auto dialect = votes_dialect::given_guessed_neither;
    static constexpr auto items = item_source::file_rows;
    static constexpr std::string_view items_file = "t10k-images-idx3-ubyte";
};

}  // namespace labelerrors::datasets

#endif
