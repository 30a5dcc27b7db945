#ifndef LABELERRORS_DATASETS_CALTECH256_HPP
#define LABELERRORS_DATASETS_CALTECH256_HPP

#include <labelerrors/datasets/caltech256_classes.hpp>
#include <labelerrors/datasets/dataset.hpp>

#include <cstddef>
#include <string_view>

namespace labelerrors::datasets
{

/// Caltech-256 without its clutter: all of its photographs, as it has no test set. A class's folder has the number of
/// its label plus one: 001.ak47 is 0, 251.airplanes-101 is 250.
struct caltech256
{
    static constexpr std::string_view name = "caltech256";
    static constexpr std::string_view title = "Caltech-256";
    static constexpr std::string_view file_stem = "caltech256";
    static constexpr std::string_view votes_stem = "caltech256";
    static constexpr std::size_t num_examples = 29780;
    static constexpr std::size_t num_classes = 256;
    static constexpr auto& class_names = caltech256_class_names;
    static constexpr auto modality = datasets::modality::image;
    static constexpr auto dialect = votes_dialect::given_guessed_neither_both;
    static constexpr auto items = item_source::listed_files;
    static constexpr std::string_view items_file = "caltech256_index_to_filename.json";
};

}  // namespace labelerrors::datasets

#endif
