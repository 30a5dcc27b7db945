// labelerrors datasets: the published test sets, and which of their files are there.
#include "commands.hpp"
#include "dataset_options.hpp"
#include "output.hpp"
#include "targets.hpp"
#include "timing.hpp"
#include <labelerrors/datasets/published_files.hpp>
#include <labelerrors/datasets/registry.hpp>
#include <labelerrors/error.hpp>

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace program
{

namespace
{

namespace datasets = labelerrors::datasets;

struct listing_options
{
    std::string root;
    output_options output;
    timing_option timing;
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
    require_root(options.root);
    check_targets({printed_or(options.output.path)});
    progress watch;
    watch.begin("listing");
    using datasets::published_file;
    constexpr std::array kinds{published_file::labels, published_file::predicted_labels, published_file::pred_probs,
                               published_file::votes, published_file::items};
    output out(options.output);
    const auto format = options.output.chosen_format();
    table rows({"name", "n", "k", "modality", "labels", "predicted", "probs", "votes", "items"});
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
    options.timing.tell(watch);
}

}  // namespace

void require_root(const std::string& root)
{
    if (std::error_code ignored; !std::filesystem::is_directory(root, ignored))
        throw labelerrors::io_error(root, "there is no such folder; let --root name a clone of "
                                          "https://github.com/cleanlab/label-errors, or the folder that holds it");
}

void settle_distribution(const CLI::App& app, const datasets::dataset_facts& set)
{
    if (set.items == datasets::item_source::listed_segments && app.count("--distribution") != 0)
        throw CLI::ValidationError("--distribution has no meaning for " + std::string(set.name) +
                                   ": its items are addresses");
}

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
    options->timing.add_to(*list);
    list->callback([options, choose] { choose([options] { list_datasets(*options); }); });
}

}  // namespace program
