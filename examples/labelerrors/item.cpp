// labelerrors item: which file, address or drawing a row of a published test set is.
#include "checks.hpp"
#include "commands.hpp"
#include "dataset_options.hpp"
#include "inputs.hpp"
#include "output.hpp"
#include "targets.hpp"
#include "timing.hpp"
#include <labelerrors/datasets/item.hpp>
#include <labelerrors/datasets/item_list.hpp>
#include <labelerrors/datasets/own_files.hpp>
#include <labelerrors/datasets/published_files.hpp>
#include <labelerrors/datasets/published_set.hpp>
#include <labelerrors/datasets/registry.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <vector>

namespace program
{

namespace
{

namespace datasets = labelerrors::datasets;

struct item_options
{
    dataset_options dataset;
    output_options output;
    timing_option timing;
    std::string distribution;
    std::optional<std::size_t> index;
    std::string item;
    CLI::App* app = nullptr;  // the subcommand
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

/// What there is to tell about an item: JSON has the value as it is, CSV and tables as plain text, empty where it is
/// not known.
struct item_line
{
    std::string key;
    std::string json;
    std::string text;
};

[[nodiscard]] item_line text_line(const char* key, const std::string& text)
{
    return {key, json_string(text), text};
}

/// Labels, or their names: one, or a list where the set has lists.
template <class Json, class Text>
[[nodiscard]] item_line labels_line(const char* key, const datasets::dataset_facts& set, const row_labels& labels,
                                    const Json& json, const Text& text)
{
    if (!labels)
        return {key, "null", ""};
    if (!has_label_sets(set))
        return {key, json(labels->front()), text(labels->front())};
    item_line line{key, "[", ""};
    for (std::size_t i = 0; i < labels->size(); ++i)
    {
        line.json += (i == 0 ? "" : ",") + json((*labels)[i]);
        line.text += (i == 0 ? "" : " + ") + text((*labels)[i]);
    }
    line.json += "]";
    return line;
}

/// The file that an item is in or is. Throws io_error where it is not there.
[[nodiscard]] std::filesystem::path file_of(const datasets::dataset_facts& set, const datasets::item& found,
                                            const std::filesystem::path& distribution)
{
    using datasets::item_source;
    if (set.items == item_source::file_rows || set.items == item_source::file_lines)
        return datasets::find_set_file(set, distribution);
    const auto path = datasets::locate_listed(datasets::set_folder(set, distribution), found.file);
    if (std::error_code absent; !std::filesystem::exists(path, absent))
        throw labelerrors::io_error(path.string(), "no such file; let --distribution name the folder that holds " +
                                                       found.file + ", or leave it out");
    return path;
}

/// Where an item is to be found: in the test set's own files, where these are at hand.
[[nodiscard]] std::string location_of(const datasets::dataset_facts& set, const datasets::item& found,
                                      const std::string& distribution)
{
    std::string location =
        distribution.empty() || found.segment ? found.file : file_of(set, found, distribution).string();
    if (found.position)
        location += ", number " + std::to_string(*found.position) + " in it, from 0";
    return location;
}

/// The row that --index or --item names.
[[nodiscard]] std::size_t chosen_row(const item_options& options, const datasets::item_list& items)
{
    const std::string& name = options.dataset.name;
    if (!options.index)
        try
        {
            return datasets::row_of(items, options.item);
        }
        catch (const std::invalid_argument& error)
        {
            throw std::runtime_error("--item: " + name + ": " + without_function(error.what()));
        }
    const std::size_t n = items.set.num_examples;
    if (*options.index >= n)
        throw std::runtime_error("--index: " + name + " has the rows 0 to " + std::to_string(n - 1) + ", and no " +
                                 std::to_string(*options.index));
    return *options.index;
}

void show_item(const item_options& options)
{
    using datasets::published_file;
    const auto& set = datasets::find_dataset(options.dataset.name);
    if (options.index.has_value() == !options.item.empty())
        throw CLI::ValidationError("either --index or --item is needed, and not both");
    settle_distribution(*options.app, set);
    if (set.items == datasets::item_source::class_bitmaps && options.distribution.empty())
        throw CLI::ValidationError("--distribution is needed with --dataset " + options.dataset.name +
                                   ": the folder of its bitmaps, which say how many drawings each class has");
    check_targets({printed_or(options.output.path)});
    progress watch;
    watch.begin("reading");
    require_root(options.dataset.root);
    const auto items = datasets::read_items(set, options.dataset.root, datasets::set_folder(set, options.distribution));
    const std::size_t row = chosen_row(options, items);
    const auto found = datasets::item_at(items, row);
    const auto given = labels_at(set, options.dataset.root, published_file::labels, row);
    const auto suggested = labels_at(set, options.dataset.root, published_file::predicted_labels, row);
    const auto number = [](std::size_t label)
    {
        return std::to_string(label);
    };
    const auto name = [&](std::size_t label)
    {
        return std::string(set.class_names[label]);
    };
    const auto quoted = [&](std::size_t label)
    {
        return json_string(set.class_names[label]);
    };
    const item_line lines[] = {{"index", std::to_string(row), std::to_string(row)},
                               text_line("item", found.text()),
                               labels_line("given_label", set, given, number, number),
                               labels_line("given_name", set, given, quoted, name),
                               labels_line("suggested_label", set, suggested, number, number),
                               labels_line("suggested_name", set, suggested, quoted, name),
                               text_line("location", location_of(set, found, options.distribution))};
    watch.begin("writing");
    output out(options.output);
    const auto format = options.output.chosen_format();
    if (format == output_format::json)
    {
        std::string_view before = "{\"";
        for (const auto& [key, json, text] : lines)
        {
            out << before << key << "\":" << json;
            before = ",\"";
        }
        out << "}\n";
    }
    else
    {
        std::vector<named_text> texts;
        for (const auto& [key, json, text] : lines)
            texts.push_back({key, text});
        write_lines(out, format, texts);
    }
    out.finish();
    options.timing.tell(watch);
}

}  // namespace

void add_item(CLI::App& app, const choose_command& choose)
{
    auto options = std::make_shared<item_options>();
    auto* item = app.add_subcommand("item", "Tell which file, address or drawing a row of a test set is, and back");
    options->app = item;
    options->dataset.add_to(*item);
    options->output.add_to(*item);
    options->timing.add_to(*item);
    item->add_option("--index", options->index, "The row, from 0")->check(whole_number())->type_name("I");
    item->add_option("--item", options->item, "The item, for its row: a file, an address, FILE:NUMBER")
        ->type_name("TEXT");
    item->add_option("--distribution", options->distribution,
                     "The test set itself, its folder, the folder above it or the file that holds it: tells where the "
                     "item is there (needed for QuickDraw, whose bitmaps say how many drawings each class has)")
        ->type_name("DIR");
    item->callback([options, choose] { choose([options] { show_item(*options); }); });
}

}  // namespace program
