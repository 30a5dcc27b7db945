#ifndef LABELERRORS_DATASETS_DATASET_HPP
#define LABELERRORS_DATASETS_DATASET_HPP

#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>

namespace labelerrors::datasets
{

/// What the examples are.
enum class modality
{
    image,
    drawing,
    text,
    audio,
};

/// The word for a modality.
[[nodiscard]] constexpr std::string_view name_of(modality what) noexcept
{
    constexpr std::string_view names[] = {"image", "drawing", "text", "audio"};
    return names[static_cast<std::size_t>(what)];
}

/// How a votes file counts.
enum class votes_dialect
{
    given_guessed_neither,       // for the given label, the guessed one or neither
    given_guessed_neither_both,  // the same, or for both
    given_guessed_neutral,       // for the given label or the guessed one, else neutral or off topic
    class_names,                 // for each class of the set, or off topic
    label_sets,                  // for each label of the given and of the guessed set
};

/// What the entries of a votes file call an example by.
enum class votes_key
{
    row,          // id is the row
    path_in_url,  // id is something else; the item's file is a part of url
    file_stem,    // id is the item's file below test/, without .txt
};

/// Where a set's examples are to be found.
enum class item_source
{
    file_rows,          // in one file of the distribution, in its order
    file_lines,         // in the lines of one text file
    listed_files,       // files that a list in dataset_indexing/ names
    listed_images,      // the same; their names have ImageNet's numbers
    listed_segments,    // addresses of segments of videos in such a list
    class_bitmaps,      // one bitmap file for each class, one after another
    newsgroup_folders,  // files in one folder for each class, shuffled
};

/// Whether dataset_indexing/ has a list of the items.
[[nodiscard]] constexpr bool is_listed(item_source items) noexcept
{
    return items == item_source::listed_files || items == item_source::listed_images ||
           items == item_source::listed_segments;
}

/// A test set as values, for code that gets to know it at run time. An adapter states the same as constants; what they
/// are is written here.
struct dataset_facts
{
    std::string_view name;        // how the program calls it: "mnist"
    std::string_view title;       // how people call it: "MNIST"
    std::string_view file_stem;   // what its published files' names start with
    std::string_view votes_stem;  // what its votes file's name starts with
    std::size_t num_examples;
    std::size_t num_classes;
    std::span<const std::string_view> class_names;  // num_classes, in the order of the labels
    datasets::modality modality;
    votes_dialect dialect;
    votes_key key;
    std::size_t num_flagged;         // examples that the study held for errors, where the crowd saw a sample; else 0
    std::size_t num_parts;           // files that the probabilities are in
    std::string_view pred_probs_at;  // where they are published, where that is not the tree itself; else empty
    item_source items;
    std::string_view items_file;  // the file, folder or list that `items` speaks of; else empty
};

/// The requirement on an adapter: a struct of constants, as datasets::mnist is, each of which says what the member of
/// dataset_facts of that name does.
template <class D>
concept dataset = requires
{
    {
        D::name
        } -> std::convertible_to<std::string_view>;
    {
        D::title
        } -> std::convertible_to<std::string_view>;
    {
        D::file_stem
        } -> std::convertible_to<std::string_view>;
    {
        D::votes_stem
        } -> std::convertible_to<std::string_view>;
    {
        D::num_examples
        } -> std::convertible_to<std::size_t>;
    {
        D::num_classes
        } -> std::convertible_to<std::size_t>;
    {
        D::class_names
        } -> std::convertible_to<std::span<const std::string_view>>;
    {
        D::modality
        } -> std::convertible_to<modality>;
    {
        D::dialect
        } -> std::convertible_to<votes_dialect>;
    {
        D::items
        } -> std::convertible_to<item_source>;
};

/// The facts of an adapter. An adapter may leave out key (row), num_flagged (0), num_parts (1), pred_probs_at and
/// items_file (empty).
template <dataset D>
[[nodiscard]] constexpr dataset_facts facts_of() noexcept
{
    dataset_facts facts{.name = D::name,
                        .title = D::title,
                        .file_stem = D::file_stem,
                        .votes_stem = D::votes_stem,
                        .num_examples = D::num_examples,
                        .num_classes = D::num_classes,
                        .class_names = D::class_names,
                        .modality = D::modality,
                        .dialect = D::dialect,
                        .key = votes_key::row,
                        .num_flagged = 0,
                        .num_parts = 1,
                        .pred_probs_at = {},
                        .items = D::items,
                        .items_file = {}};
    if constexpr (requires { D::key; })
        facts.key = D::key;
    if constexpr (requires { D::num_flagged; })
        facts.num_flagged = D::num_flagged;
    if constexpr (requires { D::num_parts; })
        facts.num_parts = D::num_parts;
    if constexpr (requires { D::pred_probs_at; })
        facts.pred_probs_at = D::pred_probs_at;
    if constexpr (requires { D::items_file; })
        facts.items_file = D::items_file;
    return facts;
}

}  // namespace labelerrors::datasets

#endif
