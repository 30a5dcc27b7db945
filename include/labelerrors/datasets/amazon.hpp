#ifndef LABELERRORS_DATASETS_AMAZON_HPP
#define LABELERRORS_DATASETS_AMAZON_HPP

#include <labelerrors/datasets/dataset.hpp>

#include <array>
#include <cstddef>
#include <string_view>

namespace labelerrors::datasets
{

/// Amazon reviews of 1, 3 or 5 stars, in the order of the lines of the prepared release. The crowd saw 1,000 of those
/// that the study held for errors.
struct amazon
{
    static constexpr std::string_view name = "amazon";
    static constexpr std::string_view title = "Amazon";
    static constexpr std::string_view file_stem = "amazon";
    static constexpr std::string_view votes_stem = "amazon";
    static constexpr std::size_t num_examples = 9'996'437;
    static constexpr std::size_t num_classes = 3;
    static constexpr std::array<std::string_view, num_classes> class_names{"Negative", "Neutral", "Positive"};
    static constexpr auto modality = datasets::modality::text;
    static constexpr auto dialect = votes_dialect::class_names;
    static constexpr std::size_t num_flagged = 533249;
    static constexpr std::size_t num_parts = 3;
    static constexpr auto items = item_source::file_lines;
    static constexpr std::string_view items_file = "amazon5core.txt";
};

}  // namespace labelerrors::datasets

#endif
