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
#include <string_view>
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

/// A thing to tell: its value as JSON, and its lines of a .csv, of which several values have one each.
struct inspected
{
    std::string key;
    std::string json;
    std::vector<named_text> lines;
};

[[nodiscard]] inspected text_of(const char* key, const std::string& text)
{
    return {key, text.empty() ? "null" : json_string(text), {{key, text}}};
}

[[nodiscard]] inspected number_of(const char* key, const std::string& number)
{
    return {key, number, {{key, number == "null" ? "" : number}}};
}

/// Numbers: between commas in JSON, between spaces in a .csv.
[[nodiscard]] inspected numbers_of(const char* key, const std::vector<std::size_t>& numbers)
{
    return {key, "[" + numbers_text(numbers, ",") + "]", {{key, numbers_text(numbers, " ")}}};
}

[[nodiscard]] inspected range_of(const std::string& key, const std::string& least, const std::string& most)
{
    return {key, "{\"min\":" + least + ",\"max\":" + most + "}", {{key + ".min", least}, {key + ".max", most}}};
}

[[nodiscard]] inspected texts_of(const char* key, const std::vector<std::string>& texts)
{
    inspected all{key, "[", {}};
    for (const std::string& text : texts)
    {
        all.json += (all.lines.empty() ? "" : ",") + json_string(text);
        all.lines.push_back({key, text});
    }
    all.json += "]";
    return all;
}

/// All there is to tell, in the order of the JSON.
[[nodiscard]] std::vector<inspected> fields_of(const std::string& file, const description& text, const findings& found)
{
    std::vector<inspected> fields{{"file", json_string(file), {{"file", file}}},
                                  text_of("dtype", text.dtype),
                                  numbers_of("shape", text.shape),
                                  text_of("order", text.order),
                                  text_of("byte_order", text.bytes),
                                  number_of("data_offset", std::to_string(text.data_offset)),
                                  number_of("data_bytes", std::to_string(text.data_bytes)),
                                  text_of("looks_like", found.looks_like),
                                  number_of("min", smallest_of(found)),
                                  number_of("max", largest_of(found)),
                                  number_of("num_nan", std::to_string(found.num_nan)),
                                  number_of("num_infinite", std::to_string(found.num_infinite)),
                                  found.smallest_sum
                                      ? range_of("row_sums", to_text(*found.smallest_sum), to_text(*found.largest_sum))
                                      : inspected{"row_sums", "null", {}},
                                  found.class_counts.empty() ? inspected{"class_counts", "null", {}}
                                                             : numbers_of("class_counts", found.class_counts)};
    if (found.fewest)
        fields.push_back(range_of("labels_per_example", std::to_string(*found.fewest), std::to_string(*found.most)));
    fields.push_back(texts_of("suspicious", found.suspicious));
    return fields;
}

void write_json(output& out, const std::vector<inspected>& fields)
{
    std::string_view before = "{\"";
    for (const auto& field : fields)
    {
        out << before << field.key << "\":" << field.json;
        before = ",\"";
    }
    out << "}\n";
}

void write_csv(output& out, const std::vector<inspected>& fields)
{
    std::vector<named_text> lines;
    for (const auto& field : fields)
        lines.insert(lines.end(), field.lines.begin(), field.lines.end());
    write_lines(out, output_format::csv, lines);
}

/// The same in words, a line for each thing.
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

void write(const inspect_options& options, const description& text, const findings& found, progress& watch)
{
    watch.begin("writing");
    output out(options.output);
    const auto format = options.output.chosen_format();
    if (format == output_format::json)
        write_json(out, fields_of(options.file, text, found));
    else if (format == output_format::csv)
        write_csv(out, fields_of(options.file, text, found));
    else
        write_lines(out, format, lines_of(options.file, text, found));
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
