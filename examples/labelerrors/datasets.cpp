// labelerrors datasets, votes and item: what is known about the published test sets.
#include "commands.hpp"
#include "dataset_options.hpp"
#include "output.hpp"
#include <labelerrors/datasets/item.hpp>
#include <labelerrors/datasets/published_files.hpp>
#include <labelerrors/datasets/published_set.hpp>
#include <labelerrors/datasets/registry.hpp>
#include <labelerrors/datasets/vote_counts.hpp>
#include <labelerrors/report/write_vote_figures.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <sstream>

namespace program
{

namespace
{

namespace datasets = labelerrors::datasets;

struct listing_options
{
    std::string root;
    output_options output;
};

/// What JSON and .csv call a kind of file.
[[nodiscard]] std::string_view key_of(datasets::published_file what)
{
    constexpr std::array<std::string_view, 5> keys{"labels", "predicted_labels", "pred_probs", "votes", "items"};
    return keys[static_cast<std::size_t>(what)];
}

/// Whether all files of a kind are there; nothing where the set has none.
[[nodiscard]] std::optional<bool> all_present(const std::vector<datasets::file_presence>& files,
                                              datasets::published_file what)
{
    std::optional<bool> present;
    for (const auto& file : files)
        if (file.what == what)
            present = present.value_or(true) && file.present;
    return present;
}

void list_datasets(const listing_options& options)
{
    using datasets::published_file;
    constexpr std::array kinds{published_file::labels, published_file::predicted_labels, published_file::pred_probs,
                               published_file::votes, published_file::items};
    output out(options.output);
    const auto format = options.output.chosen_format();
    table rows({"name", "n", "k", "modality", "labels", "predicted", "probabilities", "votes", "items"});
    if (format == output_format::csv)
        out << "name,title,n,k,modality,labels,predicted_labels,pred_probs,votes,items\n";
    if (format == output_format::json)
        out << "[";
    bool first = true;
    for (const auto& set : datasets::all_facts)
    {
        const auto files = datasets::present_files(set, options.root);
        std::vector<std::string> cells{std::string(set.name), std::to_string(set.num_examples),
                                       std::to_string(set.num_classes), std::string(datasets::name_of(set.modality))};
        if (format == output_format::csv)
            out << set.name << "," << csv_field(set.title) << "," << set.num_examples << "," << set.num_classes << ","
                << datasets::name_of(set.modality);
        if (format == output_format::json)
            out << (first ? "\n" : ",\n") << "{\"name\":" << json_string(set.name)
                << ",\"title\":" << json_string(set.title) << ",\"n\":" << set.num_examples
                << ",\"k\":" << set.num_classes << ",\"modality\":" << json_string(datasets::name_of(set.modality))
                << ",\"present\":{";
        for (const auto kind : kinds)
        {
            const auto present = all_present(files, kind);
            const char* const word = !present ? "null" : *present ? "true" : "false";
            cells.emplace_back(!present ? "-" : *present ? "yes" : "no");
            if (format == output_format::csv)
                out << "," << (present ? word : "");
            if (format == output_format::json)
                out << (kind == kinds.front() ? "" : ",") << json_string(key_of(kind)) << ":" << word;
        }
        out << (format == output_format::csv ? "\n" : format == output_format::json ? "}}" : "");
        rows.add(std::move(cells));
        first = false;
    }
    if (format == output_format::json)
        out << "\n]\n";
    if (format == output_format::table)
        rows.write_to(out);
    out.finish();
}

struct votes_options
{
    dataset_options dataset;
    output_options output;
};

[[nodiscard]] std::string number_or(const std::optional<std::size_t>& number, const char* none)
{
    return number ? std::to_string(*number) : none;
}

void count_votes(const votes_options& options)
{
    const auto& set = datasets::find_dataset(options.dataset.name);
    const auto found = datasets::read_vote_figures(set, options.dataset.root);
    output out(options.output);
    const auto format = options.output.chosen_format();
    if (format == output_format::json)
        out << "{\"dataset\":" << json_string(set.name) << ",\"checked\":" << found.checked
            << ",\"non_errors\":" << found.non_errors << ",\"errors\":" << found.errors
            << ",\"non_agreement\":" << number_or(found.non_agreement, "null")
            << ",\"correctable\":{\"3\":" << number_or(found.correctable_at_3, "null")
            << ",\"4\":" << number_or(found.correctable_at_4, "null")
            << ",\"5\":" << number_or(found.correctable_at_5, "null") << "},\"both\":" << number_or(found.both, "null")
            << ",\"neither\":" << number_or(found.neither, "null") << ",\"flagged\":" << found.flagged
            << ",\"estimated_errors\":" << found.estimated_errors << ",\"error_percent\":" << found.error_percent
            << "}\n";
    else if (format == output_format::csv)
        out << "dataset,checked,non_errors,errors,non_agreement,correctable_3,correctable_4,correctable_5,both,neither,"
               "flagged,estimated_errors,error_percent\n"
            << set.name << "," << found.checked << "," << found.non_errors << "," << found.errors << ","
            << number_or(found.non_agreement, "") << "," << number_or(found.correctable_at_3, "") << ","
            << number_or(found.correctable_at_4, "") << "," << number_or(found.correctable_at_5, "") << ","
            << number_or(found.both, "") << "," << number_or(found.neither, "") << "," << found.flagged << ","
            << found.estimated_errors << "," << found.error_percent << "\n";
    else
    {
        std::ostringstream text;
        labelerrors::report::write_vote_figures(text, set, found);
        out << text.str();
    }
    out.finish();
}

struct item_options
{
    dataset_options dataset;
    output_options output;
    std::string distribution;
    std::optional<std::size_t> index;
    std::string item;
};

/// The labels of one row: one, or for AudioSet a set of them.
using row_labels = std::optional<std::vector<std::size_t>>;

[[nodiscard]] row_labels labels_at(const datasets::dataset_facts& set, const std::string& root,
                                   datasets::published_file what, std::size_t row)
{
    if (!datasets::has_files(set, root, what))
        return std::nullopt;
    const bool given = what == datasets::published_file::labels;
    if (has_label_sets(set))
        return (given ? datasets::read_published_label_sets(set, root)
                      : datasets::read_predicted_label_sets(set, root))[row];
    const auto labels = given ? datasets::read_published_labels(set, root) : datasets::read_predicted_labels(set, root);
    return std::vector{static_cast<std::size_t>(labels(row))};
}

/// Labels, or their names, as JSON: null where they are not known, a list where the set has lists.
template <class Text>
[[nodiscard]] std::string as_json(const datasets::dataset_facts& set, const row_labels& labels, const Text& text)
{
    if (!labels)
        return "null";
    if (!has_label_sets(set))
        return text(labels->front());
    std::string list = "[";
    for (const std::size_t label : *labels)
        list += (list.size() == 1 ? "" : ",") + text(label);
    return list + "]";
}

void show_item(const item_options& options)
{
    using datasets::published_file;
    const auto& set = datasets::find_dataset(options.dataset.name);
    if (options.index.has_value() == !options.item.empty())
        throw CLI::ValidationError("either --index or --item is needed, and not both");
    const auto items = datasets::read_items(set, options.dataset.root, options.distribution);
    const std::size_t row = options.index ? *options.index : datasets::row_of(items, options.item);
    const auto found = datasets::item_at(items, row);
    const auto given = labels_at(set, options.dataset.root, published_file::labels, row);
    const auto suggested = labels_at(set, options.dataset.root, published_file::predicted_labels, row);
    const auto number = [](std::size_t label)
    {
        return std::to_string(label);
    };
    const auto name = [&](std::size_t label)
    {
        return json_string(set.class_names[label]);
    };
    std::string location =
        options.distribution.empty() ? found.file : (std::filesystem::path(options.distribution) / found.file).string();
    if (found.position)
        location += ", number " + std::to_string(*found.position) + " in it, from 0";
    const std::vector<std::pair<std::string, std::string>> lines{{"index", std::to_string(row)},
                                                                 {"item", json_string(found.text())},
                                                                 {"given_label", as_json(set, given, number)},
                                                                 {"given_name", as_json(set, given, name)},
                                                                 {"suggested_label", as_json(set, suggested, number)},
                                                                 {"suggested_name", as_json(set, suggested, name)},
                                                                 {"location", json_string(location)}};
    output out(options.output);
    const auto format = options.output.chosen_format();
    for (std::size_t i = 0; i < lines.size(); ++i)
    {
        const auto& [key, value] = lines[i];
        if (format == output_format::json)
            out << (i == 0 ? "{\"" : ",\"") << key << "\":" << value;
        else if (format == output_format::csv)
            out << (i == 0 ? "name,value\n" : "") << key << "," << csv_field(value) << "\n";
        else
            out << key + std::string(17 - key.size(), ' ') + value + "\n";
    }
    out << (format == output_format::json ? "}\n" : "");
    out.finish();
}

}  // namespace

void dataset_options::add_to(CLI::App& app)
{
    std::vector<std::string> names(datasets::dataset_names.begin(), datasets::dataset_names.end());
    app.add_option("--dataset", name, "The test set")->required()->check(CLI::IsMember(names));
    app.add_option("--root", root, "A clone of https://github.com/cleanlab/label-errors, or the folder that holds it")
        ->required()
        ->type_name("DIR");
}

void add_datasets(CLI::App& app, const choose_command& choose)
{
    auto options = std::make_shared<listing_options>();
    auto* list = app.add_subcommand("datasets", "List the ten test sets and which of their files are there");
    list->add_option("--root", options->root,
                     "A clone of https://github.com/cleanlab/label-errors, or the folder that holds it")
        ->required()
        ->type_name("DIR");
    options->output.add_to(*list);
    list->callback([options, choose] { choose([options] { list_datasets(*options); }); });
}

void add_votes(CLI::App& app, const choose_command& choose)
{
    auto options = std::make_shared<votes_options>();
    auto* votes = app.add_subcommand("votes", "Count what the crowd said about a test set's suspected label errors");
    options->dataset.add_to(*votes);
    options->output.add_to(*votes);
    votes->callback([options, choose] { choose([options] { count_votes(*options); }); });
}

void add_item(CLI::App& app, const choose_command& choose)
{
    auto options = std::make_shared<item_options>();
    auto* item = app.add_subcommand("item", "Tell which file, address or drawing a row of a test set is, and back");
    options->dataset.add_to(*item);
    options->output.add_to(*item);
    item->add_option("--index", options->index, "The row, from 0")->type_name("I");
    item->add_option("--item", options->item, "The item, for its row: a file, an address, FILE:NUMBER")
        ->type_name("TEXT");
    item->add_option("--distribution", options->distribution,
                     "The test set's own files: QuickDraw's folder of bitmaps (needed), 20news-bydate-test")
        ->type_name("DIR");
    item->callback([options, choose] { choose([options] { show_item(*options); }); });
}

}  // namespace program
