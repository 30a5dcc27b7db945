#ifndef LABELERRORS_DATASETS_IMDB_HPP
#define LABELERRORS_DATASETS_IMDB_HPP

#include <array>
#include <cstddef>
#include <string_view>

namespace labelerrors::datasets
{

/// The IMDB large movie review test set: reviews, those of test/neg before those of test/pos. Its probabilities go up
/// to 1.00001 and its row sums are off by up to 2e-5, which the default tolerance allows.
struct imdb
{
    static constexpr std::string_view name = "imdb";
    static constexpr std::string_view title = "IMDB";
    static constexpr std::string_view file_stem = "imdb_test_set";
    static constexpr std::size_t num_examples = 25000;
    static constexpr std::size_t num_classes = 2;
    static constexpr std::array<std::string_view, num_classes> class_names{"Negative", "Positive"};
};

}  // namespace labelerrors::datasets

#endif
