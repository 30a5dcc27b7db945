#ifndef LABELERRORS_PROGRAM_CHOICES_HPP
#define LABELERRORS_PROGRAM_CHOICES_HPP

// The library's closed choices by the words of the command line.
#include <labelerrors/core/find_label_issues.hpp>

#include <map>
#include <string>
#include <vector>

namespace program
{

inline const std::map<std::string, labelerrors::filter_by> filters{
    {"prune_by_noise_rate", labelerrors::filter_by::prune_by_noise_rate},
    {"prune_by_class", labelerrors::filter_by::prune_by_class},
    {"both", labelerrors::filter_by::both},
    {"confident_learning", labelerrors::filter_by::confident_learning},
    {"predicted_neq_given", labelerrors::filter_by::predicted_neq_given},
    {"low_normalized_margin", labelerrors::filter_by::low_normalized_margin},
    {"low_self_confidence", labelerrors::filter_by::low_self_confidence}};

inline const std::map<std::string, labelerrors::score_method> score_methods{
    {"self_confidence", labelerrors::score_method::self_confidence},
    {"normalized_margin", labelerrors::score_method::normalized_margin},
    {"confidence_weighted_entropy", labelerrors::score_method::confidence_weighted_entropy}};

/// The words of a choice.
template <class Map>
[[nodiscard]] std::vector<std::string> names_of(const Map& map)
{
    std::vector<std::string> names;
    for (const auto& entry : map)
        names.push_back(entry.first);
    return names;
}

}  // namespace program

#endif
