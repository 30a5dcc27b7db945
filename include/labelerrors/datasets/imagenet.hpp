#ifndef LABELERRORS_DATASETS_IMAGENET_HPP
#define LABELERRORS_DATASETS_IMAGENET_HPP

#include <labelerrors/datasets/dataset.hpp>
#include <labelerrors/datasets/imagenet_classes.hpp>

#include <cstddef>
#include <string_view>

namespace labelerrors::datasets
{

/// ImageNet's validation set of 2012: photographs, in the order of their sorted paths. The votes call an image by its
/// ILSVRC number, which is another than its row.
struct imagenet
{
    static constexpr std::string_view name = "imagenet";
    static constexpr std::string_view title = "ImageNet";
    static constexpr std::string_view file_stem = "imagenet_val_set";
    static constexpr std::string_view votes_stem = "imagenet";
    static constexpr std::size_t num_examples = 50000;
    static constexpr std::size_t num_classes = 1000;
    static constexpr auto& class_names = imagenet_class_names;
    static constexpr auto modality = datasets::modality::image;
    static constexpr auto dialect = votes_dialect::given_guessed_neither_both;
    static constexpr auto key = votes_key::path_in_url;
    static constexpr std::size_t num_parts = 4;
    static constexpr auto items = item_source::listed_images;
    static constexpr std::string_view items_file = "imagenet_val_set_index_to_filepath.json";
};

}  // namespace labelerrors::datasets

#endif
