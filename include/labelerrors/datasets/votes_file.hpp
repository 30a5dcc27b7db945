#ifndef LABELERRORS_DATASETS_VOTES_FILE_HPP
#define LABELERRORS_DATASETS_VOTES_FILE_HPP

#include <labelerrors/consensus/votes.hpp>
#include <labelerrors/corrections/correct_label_sets.hpp>
#include <labelerrors/datasets/dataset.hpp>
#include <labelerrors/datasets/item.hpp>
#include <labelerrors/datasets/item_list.hpp>
#include <labelerrors/datasets/published_files.hpp>
#include <labelerrors/datasets/votes_entry.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/io/in_quotes.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors::datasets
{

/// An example that the crowd was asked about: a corrections::checked_example.
struct checked_example
{
    std::size_t row;            // in the published files
    std::string item;           // what it is: item::text, or its address at labelerrors.com for a drawing
    std::size_t given_label;    // in the test set
    std::size_t guessed_label;  // the label that was predicted
    consensus::votes votes;
};

/// An example with a set of labels that the crowd was asked about. Its sets and votes are in the order of the labels.
struct label_votes : corrections::checked_label_set
{
    std::string item;
    std::vector<std::size_t> guessed_labels;
};

/// Reads the votes on a test set whose examples have one label each, in the order of the file.
///
/// Rows are rows of the published files, whatever the file calls its examples by. Where given and guessed are the same
/// label and each vote stands under both (MNIST), it is counted once, for the given label. Amazon's votes are for
/// classes: those for the class that is neither the given nor the guessed label are votes for another, Neutral too,
/// which is a label of its own there; IMDB's neutral is none.
/// Throws io_error where the file, or the list of items that maps it to rows, is missing; value_error for a set whose
/// examples have sets of labels (AudioSet: read_label_votes); format_error, with the entry and its byte, where the file
/// is not as its dialect has it: a key missing, a value of another type, a row, label or name that the set does not
/// have, a name that is not its label's, two entries for one row. O(entries log n).
[[nodiscard]] std::vector<checked_example> read_votes(const dataset_facts& set, const std::filesystem::path& root);

/// The same for an adapter.
template <dataset D>
[[nodiscard]] std::vector<checked_example> read_votes(const std::filesystem::path& root)
{
    return read_votes(facts_of<D>(), root);
}

/// Reads the votes on a test set whose examples have sets of labels. Names are compared without commas, as the file has
/// them. correct_label_sets wants corrections::checked_label_set, which a vector of these makes from begin to end.
/// Throws as read_votes does, and value_error for a set whose examples have one label.
[[nodiscard]] std::vector<label_votes> read_label_votes(const dataset_facts& set, const std::filesystem::path& root);

/// The same for an adapter.
template <dataset D>
[[nodiscard]] std::vector<label_votes> read_label_votes(const std::filesystem::path& root)
{
    return read_label_votes(facts_of<D>(), root);
}

namespace detail
{

/// The row of an entry, which must not have come before.
[[nodiscard]] inline std::size_t row_of_entry(const votes_entry& entry, const item_list& items, std::vector<bool>& seen)
{
    const dataset_facts& set = items.set;
    std::size_t row = 0;
    if (set.key == votes_key::row)
        row = entry.number("id");
    else
    {
        const std::string& name = entry.text(set.key == votes_key::file_stem ? "id" : "url");
        std::string file = name;
        if (set.key == votes_key::file_stem)
            file = name.substr(name.starts_with("test/") ? 5 : 0) + ".txt";
        else if (const auto folder = name.find("/imagenet/"); folder != std::string::npos)
            file = name.substr(folder + 10);
        const auto rows = rows_named(items, file);
        if (rows.size() != 1)
            entry.fail((rows.empty() ? "no item of the list of items is " : "several rows are ") +
                       io::detail::in_quotes(file));
        row = rows.front();
    }
    if (row >= set.num_examples)
        entry.fail("id must be below the " + std::to_string(set.num_examples) + " examples, but is " +
                   std::to_string(row));
    if (seen[row])
        entry.fail("row " + std::to_string(row) + " has an entry before this one");
    seen[row] = true;
    return row;
}

[[nodiscard]] inline std::string item_of_entry(const votes_entry& entry, const item_list& items, std::size_t row)
{
    return items.set.items == item_source::class_bitmaps ? entry.text("url") : item_at(items, row).text();
}

[[nodiscard]] inline consensus::votes votes_of(const votes_entry& entry, std::size_t given, std::size_t guessed)
{
    consensus::votes votes;
    if (entry.set.dialect == votes_dialect::class_names)
    {
        for (std::size_t label = 0; label < entry.set.num_classes; ++label)
        {
            const std::size_t count = entry.count(in_lower_case(entry.set.class_names[label]));
            (label == given ? votes.given : label == guessed ? votes.guessed : votes.other) += count;
        }
        votes.off_topic = entry.count("off-topic");
        return votes;
    }
    votes.given = entry.count("given");
    votes.guessed = entry.count("guessed");
    if (entry.set.dialect == votes_dialect::given_guessed_neutral)
    {
        votes.neutral = entry.count("neutral");
        votes.off_topic = entry.count("off-topic");
    }
    else
        votes.neither = entry.count("neither");
    if (entry.set.dialect == votes_dialect::given_guessed_neither_both)
        votes.both = entry.count("both");
    return given == guessed ? consensus::without_double_votes(votes) : votes;
}

/// The items of a set as far as the votes need them: QuickDraw's bitmaps are not at hand.
[[nodiscard]] inline item_list items_of_votes(const dataset_facts& set, const std::filesystem::path& root)
{
    return set.items == item_source::class_bitmaps ? item_list{.set = set} : read_items(set, root);
}

/// The votes for each label that is given or guessed, all of which have some and no others.
[[nodiscard]] inline std::vector<corrections::label_vote>
label_votes_of(const votes_entry& entry, std::span<const std::size_t> given, std::span<const std::size_t> guessed)
{
    std::vector<std::size_t> asked;
    std::set_union(given.begin(), given.end(), guessed.begin(), guessed.end(), std::back_inserter(asked));
    const auto counted = entry.counts();
    const auto name = [&](std::size_t label)
    {
        return io::detail::in_quotes(entry.set.class_names[label]);
    };
    for (const std::size_t label : asked)
        if (!counted.contains(label))
            entry.fail("mturk has no " + name(label));
    std::vector<corrections::label_vote> votes;
    for (const auto& [label, count] : counted)
    {
        if (!std::binary_search(asked.begin(), asked.end(), label))
            entry.fail("mturk has votes for " + name(label) + ", which is neither given nor guessed");
        votes.push_back({label, count});
    }
    return votes;
}

}  // namespace detail

inline std::vector<checked_example> read_votes(const dataset_facts& set, const std::filesystem::path& root)
{
    if (set.dialect == votes_dialect::label_sets)
        throw value_error("read_votes: the examples of " + std::string(set.title) +
                          " have sets of labels, and votes for each; use read_label_votes");
    const item_list items = detail::items_of_votes(set, root);
    std::vector<bool> seen(set.num_examples);
    std::vector<checked_example> checked;
    detail::for_each_entry(set, root,
                           [&](const detail::votes_entry& entry)
                           {
                               const std::size_t row = detail::row_of_entry(entry, items, seen);
                               const std::size_t given = entry.label("given_original_label");
                               const std::size_t guessed = entry.label("our_guessed_label");
                               checked.push_back({row, detail::item_of_entry(entry, items, row), given, guessed,
                                                  detail::votes_of(entry, given, guessed)});
                           });
    return checked;
}

inline std::vector<label_votes> read_label_votes(const dataset_facts& set, const std::filesystem::path& root)
{
    if (set.dialect != votes_dialect::label_sets)
        throw value_error("read_label_votes: the examples of " + std::string(set.title) +
                          " have one label each; use read_votes");
    const item_list items = detail::items_of_votes(set, root);
    std::vector<bool> seen(set.num_examples);
    std::vector<label_votes> checked;
    detail::for_each_entry(set, root,
                           [&](const detail::votes_entry& entry)
                           {
                               label_votes one;
                               one.row = detail::row_of_entry(entry, items, seen);
                               one.item = detail::item_of_entry(entry, items, one.row);
                               one.given_labels = entry.label_set("given_original_labels");
                               one.guessed_labels = entry.label_set("our_guessed_labels");
                               one.votes = detail::label_votes_of(entry, one.given_labels, one.guessed_labels);
                               checked.push_back(std::move(one));
                           });
    return checked;
}

}  // namespace labelerrors::datasets

#endif
