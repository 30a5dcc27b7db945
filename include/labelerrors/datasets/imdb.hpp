#ifndef LABELERRORS_DATASETS_IMDB_HPP
#define LABELERRORS_DATASETS_IMDB_HPP

#include <labelerrors/datasets/dataset.hpp>

#include <array>
#include <cstddef>
#include <string_view>

namespace labelerrors::datasets
{

/// The IMDB large movie review test set: reviews, those of test/neg before those of test/pos. Its probabilities go up
/// to 1.00001 and its row sums are off by up to 2e-5, which the default tolerance allows. Its list of files names 193
/// reviews more than once: 394 rows.
struct imdb
{
    static constexpr std::string_view name = "imdb";
    static constexpr std::string_view title = "IMDB";
    static constexpr std::string_view file_stem = "imdb_test_set";
    static constexpr std::string_view votes_stem = "imdb";
    static constexpr std::size_t num_examples = 25000;
    static constexpr std::size_t num_classes = 2;
    static constexpr std::array<std::string_view, num_classes> class_names{"Negative", "Positive"};
    static constexpr auto modality = datasets::modality::text;
    static constexpr auto dialect = votes_dialect::given_guessed_neutral;
    static constexpr auto key = votes_key::file_stem;
    static constexpr auto items = item_source::listed_files;
    static constexpr std::string_view items_file = "imdb_test_set_index_to_filename.json";
};

}  // namespace labelerrors::datasets

#endif
