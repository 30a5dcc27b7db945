#ifndef LABELERRORS_DATASETS_QUICKDRAW_HPP
#define LABELERRORS_DATASETS_QUICKDRAW_HPP

#include <labelerrors/datasets/dataset.hpp>
#include <labelerrors/datasets/quickdraw_classes.hpp>

#include <cstddef>
#include <string_view>

namespace labelerrors::datasets
{

/// QuickDraw's bitmaps: all 28 x 28 drawings, as it has no test set, those of a class one after another. The crowd saw
/// 2,500 of those that the study held for errors.
struct quickdraw
{
    static constexpr std::string_view name = "quickdraw";
    static constexpr std::string_view title = "QuickDraw";
    static constexpr std::string_view file_stem = "quickdraw";
    static constexpr std::string_view votes_stem = "quickdraw";
    static constexpr std::size_t num_examples = 50'426'266;
    static constexpr std::size_t num_classes = 345;
    static constexpr auto& class_names = quickdraw_class_names;
    static constexpr auto modality = datasets::modality::drawing;
    static constexpr auto dialect = votes_dialect::given_guessed_neither_both;
    static constexpr std::size_t num_flagged = 6'825'383;
    static constexpr std::string_view pred_probs_at =
        "https://github.com/cleanlab/label-errors/releases/tag/quickdraw-pyx-v1";
    static constexpr auto items = item_source::class_bitmaps;
};

}  // namespace labelerrors::datasets

#endif
