#ifndef LABELERRORS_DATASETS_AUDIOSET_HPP
#define LABELERRORS_DATASETS_AUDIOSET_HPP

#include <labelerrors/datasets/audioset_classes.hpp>
#include <labelerrors/datasets/dataset.hpp>

#include <cstddef>
#include <string_view>

namespace labelerrors::datasets
{

/// AudioSet's evaluation set: segments of ten seconds of videos, each with a set of labels. Their numbers are those of
/// class_labels_indices.csv; the votes write the names without commas.
struct audioset
{
    static constexpr std::string_view name = "audioset";
    static constexpr std::string_view title = "AudioSet";
    static constexpr std::string_view file_stem = "audioset_eval_set";
    static constexpr std::string_view votes_stem = "audioset";
    static constexpr std::size_t num_examples = 20371;
    static constexpr std::size_t num_classes = 527;
    static constexpr auto& class_names = audioset_class_names;
    static constexpr auto modality = datasets::modality::audio;
    static constexpr auto dialect = votes_dialect::label_sets;
    static constexpr auto items = item_source::listed_segments;
    static constexpr std::string_view items_file = "audioset_eval_set_index_to_youtube_id.json";
};

}  // namespace labelerrors::datasets

#endif
