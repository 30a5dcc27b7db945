#ifndef LABELERRORS_DATASETS_DATASET_HPP
#define LABELERRORS_DATASETS_DATASET_HPP

#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>

namespace labelerrors::datasets
{

/// What an adapter states about its test set: a struct of constants, as datasets::mnist is.
template <class D>
concept dataset = requires
{
    {
        D::name
        } -> std::convertible_to<std::string_view>;  // how the program calls it: "mnist"
    {
        D::title
        } -> std::convertible_to<std::string_view>;  // how people call it: "MNIST"
    {
        D::file_stem
        } -> std::convertible_to<std::string_view>;  // what its published files' names start with
    {
        D::num_examples
        } -> std::convertible_to<std::size_t>;
    {
        D::num_classes
        } -> std::convertible_to<std::size_t>;
    {
        D::class_names
        } -> std::convertible_to<std::span<const std::string_view>>;  // num_classes names, in the order of the labels
};

}  // namespace labelerrors::datasets

#endif
