// labelerrors inspect: what is in an array file, and what looks wrong with it.
#include "commands.hpp"
#include "inspect_elements.hpp"
#include "output.hpp"
#include "targets.hpp"
#include "timing.hpp"
#include <labelerrors/io/npy_array.hpp>
#include <labelerrors/io/read_object_array.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace program
{

namespace
{

struct inspect_options
{
    std::string file;
    output_options output;
    timing_option timing;
};

[[nodiscard]] std::string numbers_text(const std::vector<std::size_t>& numbers, const char* separator)
{
    std::string text;
    for (const std::size_t number : numbers)
        text += (text.empty() ? "" : separator) + std::to_string(number);
    return text;
}

/// How a file holds its elements.
struct description
{
    std::string dtype;
    std::vector<std::size_t> shape;
    std::string order;
    std::string bytes;
    std::size_t data_offset = 0;
    std::size_t data_bytes = 0;
};

[[nodiscard]] description describe(const labelerrors::io::npy_header& header)
{
    return {std::string(labelerrors::io::name_of(header.element)),
            header.shape,
            header.order == labelerrors::io::array_order::c ? "C" : "Fortran",
            header.bytes == labelerrors::io::byte_order::little ? "little" : "big",
            header.data_offset,
            labelerrors::io::num_bytes(header)};
}

/// The same for a pickle or a .npy of `count` objects, each a set of labels.
[[nodiscard]] description describe(const labelerrors::io::detail::stored_file& file, std::size_t count)
{
    const std::size_t offset =
        labelerrors::io::detail::is_pickle(file.bytes) ? 0 : labelerrors::io::detail::object_header(file).data_offset;
    return {"object", {count}, "C", "little", offset, file.bytes.size() - offset};
}

/// All digits of an integer, or a double.
[[nodiscard]] std::string smallest_of(const findings& found)
{
    return found.smallest_whole.empty() ? to_text(found.smallest) : found.smallest_whole;
}

[[nodiscard]] std::string largest_of(const findings& found)
{
    return found.largest_whole.empty() ? to_text(found.largest) : found.largest_whole;
}

void write_json(output& out, const std::string& file, const description& text, const findings& found)
{
    out << "{\"file\":" << json_string(file) << ",\"dtype\":\"" << text.dtype << "\",\"shape\":["
        << numbers_text(text.shape, ",") << "],\"order\":\"" << text.order << "\",\"byte_order\":\"" << text.bytes
        << "\",\"data_offset\":" << text.data_offset << ",\"data_bytes\":" << text.data_bytes
        << ",\"looks_like\":" << (found.looks_like.empty() ? "null" : json_string(found.looks_like))
        << ",\"min\":" << smallest_of(found) << ",\"max\":" << largest_of(found) << ",\"num_nan\":" << found.num_nan
        << ",\"num_infinite\":" << found.num_infinite << ",\"row_sums\":";
    if (found.smallest_sum)
        out << "{\"min\":" << *found.smallest_sum << ",\"max\":" << *found.largest_sum << "}";
    else
        out << "null";
    out << ",\"class_counts\":";
    if (found.class_counts.empty())
        out << "null";
    else
    {
        out << "[";
        for (std::size_t j = 0; j < found.class_counts.size(); ++j)
            out << (j == 0 ? "" : ",") << found.class_counts[j];
        out << "]";
    }
    if (found.fewest)
        out << ",\"labels_per_example\":{\"min\":" << *found.fewest << ",\"max\":" << *found.most << "}";
    out << ",\"suspicious\":[";
    for (std::size_t i = 0; i < found.suspicious.size(); ++i)
        out << (i == 0 ? "" : ",") << json_string(found.suspicious[i]);
    out << "]}\n";
}

/// The same, a line for each thing.
[[nodiscard]] std::vector<named_text> lines_of(const std::string& file, const description& text, const findings& found)
{
    std::vector<named_text> lines{
        {"file", file},
        {"dtype", text.dtype},
        {"shape", text.shape.empty() ? "a single number" : numbers_text(text.shape, " x ")},
        {"order", text.order},
        {"byte order", text.bytes},
        {"data", std::to_string(text.data_bytes) + " bytes from byte " + std::to_string(text.data_offset)}};
    if (!found.looks_like.empty())
        lines.push_back({"looks like", found.looks_like});
    if (found.has_extremes())
        lines.push_back({"values", smallest_of(found) + " to " + largest_of(found)});
    if (found.smallest_sum)
        lines.push_back({"row sums", to_text(*found.smallest_sum) + " to " + to_text(*found.largest_sum)});
    if (!found.class_counts.empty())
    {
        const auto [least, most] = std::minmax_element(found.class_counts.begin(), found.class_counts.end());
        lines.push_back({"classes", std::to_string(found.class_counts.size()) + ", of " + std::to_string(*least) +
                                        " to " + std::to_string(*most) + " examples"});
    }
    if (found.fewest)
        lines.push_back(
            {"labels", std::to_string(*found.fewest) + " to " + std::to_string(*found.most) + " for each example"});
    for (const auto& problem : found.suspicious)
        lines.push_back({"suspicious", problem});
    if (found.suspicious.empty())
        lines.push_back({"suspicious", "nothing"});
    return lines;
}

/// The fields of the JSON, a line for each; several numbers are apart by spaces.
[[nodiscard]] std::vector<named_text> fields_of(const std::string& file, const description& text, const findings& found)
{
    std::vector<named_text> lines{{"file", file},
                                  {"dtype", text.dtype},
                                  {"shape", numbers_text(text.shape, " ")},
                                  {"order", text.order},
                                  {"byte_order", text.bytes},
                                  {"data_offset", std::to_string(text.data_offset)},
                                  {"data_bytes", std::to_string(text.data_bytes)},
                                  {"looks_like", found.looks_like},
                                  {"min", found.has_extremes() ? smallest_of(found) : ""},
                                  {"max", found.has_extremes() ? largest_of(found) : ""},
                                  {"num_nan", std::to_string(found.num_nan)},
                                  {"num_infinite", std::to_string(found.num_infinite)}};
    if (found.smallest_sum)
    {
        lines.push_back({"row_sums.min", to_text(*found.smallest_sum)});
        lines.push_back({"row_sums.max", to_text(*found.largest_sum)});
    }
    if (!found.class_counts.empty())
        lines.push_back({"class_counts", numbers_text(found.class_counts, " ")});
    if (found.fewest)
    {
        lines.push_back({"labels_per_example.min", std::to_string(*found.fewest)});
        lines.push_back({"labels_per_example.max", std::to_string(*found.most)});
    }
    for (const auto& problem : found.suspicious)
        lines.push_back({"suspicious", problem});
    return lines;
}

void write(const inspect_options& options, const description& text, const findings& found, progress& watch)
{
    watch.begin("writing");
    output out(options.output);
    const auto format = options.output.chosen_format();
    if (format == output_format::json)
        write_json(out, options.file, text, found);
    else
        write_lines(out, format,
                    format == output_format::csv ? fields_of(options.file, text, found)
                                                 : lines_of(options.file, text, found));
    out.finish();
    options.timing.tell(watch);
}

void run(const inspect_options& options)
{
    namespace io = labelerrors::io;
    check_targets({printed_or(options.output.path)});
    progress watch;
    watch.begin("reading");
    if (io::is_csv(options.file))
    {
        const auto array = io::open_array(options.file);
        return write(options, describe(array.header()), inspect(array), watch);
    }
    const auto file = io::detail::open_stored(options.file);
    if (io::detail::holds_objects(file))
    {
        const auto sets = io::read_label_sets(file);
        return write(options, describe(file, sets.size()), inspect_sets(sets), watch);
    }
    const auto array = io::detail::make_array(file.bytes, file.owner, file.path);
    auto found = inspect(array);
    const std::size_t end = array.header().data_offset + io::num_bytes(array.header());
    if (const std::size_t more = file.bytes.size() - end; more != 0)
        found.suspicious.push_back(std::to_string(more) + (more == 1 ? " byte" : " bytes") +
                                   " behind the array, from byte " + std::to_string(end) +
                                   ", which nothing reads: was something written to the same file?");
    write(options, describe(array.header()), found, watch);
}

}  // namespace

void add_inspect(CLI::App& app, const choose_command& choose)
{
    auto options = std::make_shared<inspect_options>();
    auto* inspect = app.add_subcommand("inspect", "Tell what is in an array file and what looks wrong with it");
    inspect
        ->add_option(
            "FILE", options->file,
            "A .npy file, a member of a .npz (FILE.npz:NAME), a pickled list of sets of labels, or a .csv of numbers")
        ->required();
    options->output.add_to(*inspect);
    options->timing.add_to(*inspect);
    inspect->callback([options, choose] { choose([options] { run(*options); }); });
}

}  // namespace program
