// labelerrors inspect: what is in an array file, and what looks wrong with it.
#include "commands.hpp"
#include "output.hpp"
#include "targets.hpp"
#include "timing.hpp"
#include <labelerrors/core/pred_probs_check.hpp>
#include <labelerrors/io/decode.hpp>
#include <labelerrors/io/matrix_file.hpp>
#include <labelerrors/io/npy_array.hpp>
#include <labelerrors/io/npy_rows.hpp>
#include <labelerrors/io/read_object_array.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>
#include <type_traits>

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

/// What a look at every element tells.
struct findings
{
    double smallest = std::numeric_limits<double>::infinity();
    double largest = -std::numeric_limits<double>::infinity();
    std::size_t num_nan = 0;
    std::size_t num_infinite = 0;
    std::optional<double> smallest_sum;  // of a row of finite fractions
    std::optional<double> largest_sum;
    std::vector<std::size_t> class_counts;  // of integers that could be labels, or of sets of them
    std::optional<std::size_t> fewest;      // labels of an example with a set of them
    std::optional<std::size_t> most;
    std::vector<std::string> suspicious;

    void look_at(double value)
    {
        if (std::isnan(value))
            ++num_nan;
        else if (std::isinf(value))
            ++num_infinite;
        else
        {
            smallest = std::min(smallest, value);
            largest = std::max(largest, value);
        }
    }
};

[[nodiscard]] bool has_fractions(const labelerrors::io::npy_header& header)
{
    using labelerrors::io::element_type;
    return header.element == element_type::f2 || header.element == element_type::f4 ||
           header.element == element_type::f8;
}

/// Elements in stored order, a piece at a time.
template <class T, class Use>
void for_each_element(const labelerrors::io::npy_array& array, const Use& use)
{
    constexpr std::size_t piece = std::size_t{1} << 16;
    const std::size_t count = labelerrors::io::num_elements(array.header());
    std::vector<T> values(std::min(piece, count));
    for (std::size_t first = 0; first < count; first += piece)
    {
        const std::size_t size = std::min(piece, count - first);
        labelerrors::io::decode(array, first, size, values.data());
        for (std::size_t i = 0; i < size; ++i)
            use(values[i], first + i);
    }
}

/// A matrix of fractions: are its rows probabilities?
void inspect_rows(const labelerrors::io::npy_array& array, findings& found)
{
    constexpr double tolerance = 1e-4;
    std::optional<labelerrors::row_fault> first_fault;
    std::size_t faults = 0;
    const labelerrors::io::matrix_file file({array});
    labelerrors::io::with_matrix(file,
                                 [&](const auto& rows)
                                 {
                                     std::vector<typename std::remove_cvref_t<decltype(rows)>::value_type> buffer;
                                     const std::size_t k = rows.num_columns();
                                     for (std::size_t i = 0; k != 0 && i < rows.num_rows(); ++i)
                                     {
                                         const std::span row(rows.read(i, 1, buffer), k);
                                         double sum = 0.0;
                                         for (const auto value : row)
                                         {
                                             found.look_at(static_cast<double>(value));
                                             sum += static_cast<double>(value);
                                         }
                                         if (std::isfinite(sum))
                                         {
                                             found.smallest_sum = std::min(found.smallest_sum.value_or(sum), sum);
                                             found.largest_sum = std::max(found.largest_sum.value_or(sum), sum);
                                         }
                                         if (const auto fault = labelerrors::detail::find_row_fault(row, i, tolerance))
                                         {
                                             ++faults;
                                             first_fault = first_fault.value_or(*fault);
                                         }
                                     }
                                 });
    const auto& shape = array.header().shape;
    if (shape[1] == 1)
        found.suspicious.push_back("one column: probabilities have a column for each class, at least two");
    else if (shape[0] < shape[1])
        found.suspicious.push_back("fewer rows than columns: examples are rows and classes are columns");
    if (!first_fault)
        return;
    try
    {
        labelerrors::detail::throw_row_fault(*first_fault, tolerance, "row");
    }
    catch (const labelerrors::value_error& error)
    {
        const std::string text = error.what();
        found.suspicious.push_back(std::to_string(faults) + (faults == 1 ? " row is" : " rows are") +
                                   " no probabilities; the first: " + text.substr(text.find(": ") + 2));
    }
}

/// Counts labels, and what cannot be one.
class label_count
{
public:
    template <class T>
    void add(T value, std::size_t index, findings& found)
    {
        constexpr std::size_t most_classes = std::size_t{1} << 20;
        found.look_at(static_cast<double>(value));
        bool is_negative = false;
        if constexpr (std::is_signed_v<T>)
            is_negative = value < 0;
        if (is_negative)
            first_negative_ = first_negative_.value_or(index);
        else if (value >= static_cast<T>(most_classes))
            first_large_ = first_large_.value_or(index);
        else
        {
            const auto label = static_cast<std::size_t>(value);
            if (found.class_counts.size() <= label)
                found.class_counts.resize(label + 1);
            ++found.class_counts[label];
        }
    }

    /// Says what is suspicious. `place` is what add was given the index of.
    void finish(findings& found, const std::string& place) const;

private:
    std::optional<std::size_t> first_negative_;
    std::optional<std::size_t> first_large_;
};

void label_count::finish(findings& found, const std::string& place) const
{
    if (first_negative_)
        found.suspicious.push_back("negative values, the first at " + place + " " + std::to_string(*first_negative_) +
                                   ": labels are 0 to k - 1");
    if (first_large_)
        found.suspicious.push_back("values too large for class numbers, the first at " + place + " " +
                                   std::to_string(*first_large_) + ": labels are 0 to k - 1");
    if (first_negative_ || first_large_)
    {
        found.class_counts.clear();
        return;
    }
    std::size_t missing = 0;
    for (const std::size_t count : found.class_counts)
        missing += count == 0 ? 1u : 0u;
    if (missing != 0 && found.class_counts[0] == 0 && missing == 1)
        found.suspicious.push_back("no label 0, but all from 1 on: labels count from 0");
    else if (missing != 0)
        found.suspicious.push_back(std::to_string(missing) + " of the classes 0 to " +
                                   std::to_string(found.class_counts.size() - 1) + " have no example");
}

/// A vector of whole numbers: are they labels?
template <class T>
void inspect_labels(const labelerrors::io::npy_array& array, findings& found)
{
    label_count labels;
    for_each_element<T>(array, [&](T value, std::size_t i) { labels.add(value, i, found); });
    labels.finish(found, "index");
}

/// Sets of labels, one for each example.
[[nodiscard]] findings inspect_sets(const labelerrors::io::label_sets& sets)
{
    findings found;
    if (sets.size() == 0)
    {
        found.suspicious.push_back("no elements");
        return found;
    }
    label_count labels;
    std::size_t num_empty = 0;
    std::optional<std::size_t> first_repeated;
    std::vector<std::uint32_t> sorted;
    for (std::size_t i = 0; i < sets.size(); ++i)
    {
        const auto set = sets[i];
        found.fewest = std::min(found.fewest.value_or(set.size()), set.size());
        found.most = std::max(found.most.value_or(0), set.size());
        num_empty += set.empty() ? 1U : 0U;
        for (const std::uint32_t label : set)
            labels.add(label, i, found);
        sorted.assign(set.begin(), set.end());
        std::sort(sorted.begin(), sorted.end());
        if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
            first_repeated = first_repeated.value_or(i);
    }
    labels.finish(found, "example");
    if (num_empty != 0)
        found.suspicious.push_back(std::to_string(num_empty) +
                                   (num_empty == 1 ? " example has no label" : " examples have no label"));
    if (first_repeated)
        found.suspicious.push_back("a label that an example has twice, the first at example " +
                                   std::to_string(*first_repeated));
    return found;
}

[[nodiscard]] findings inspect(const labelerrors::io::npy_array& array)
{
    findings found;
    const auto& header = array.header();
    if (labelerrors::io::num_elements(header) == 0)
    {
        found.suspicious.push_back("no elements");
        return found;
    }
    // A .csv has no integer type: one column of whole numbers is what labels look like in it.
    if (labelerrors::io::is_csv(array.path()) && header.shape.size() == 2 && header.shape[1] == 1)
    {
        bool whole = true;
        for_each_element<double>(array,
                                 [&](double value, std::size_t) { whole = whole && value == std::floor(value); });
        if (whole)
        {
            inspect_labels<double>(array, found);
            return found;
        }
    }
    if (has_fractions(header) && header.shape.size() == 2)
        inspect_rows(array, found);
    else if (has_fractions(header))
        for_each_element<double>(array, [&](double value, std::size_t) { found.look_at(static_cast<double>(value)); });
    else
    {
        const auto inspect_integers = [&]<class T>(T)
        {
            if (header.shape.size() == 1)
                inspect_labels<T>(array, found);
            else
                for_each_element<T>(array, [&](T value, std::size_t) { found.look_at(static_cast<double>(value)); });
        };
        if (header.element == labelerrors::io::element_type::u8)
            inspect_integers(std::uint64_t{});
        else
            inspect_integers(std::int64_t{});
        if (header.shape.size() == 2 && header.shape[1] == 1)
            found.suspicious.push_back("one column of whole numbers: labels have one dimension, so reshape it to it");
    }
    if (has_fractions(header) && header.shape.size() == 1)
        found.suspicious.push_back(
            "fractions in one dimension: labels are integers, probabilities have two dimensions");
    if (found.num_nan != 0)
        found.suspicious.push_back(std::to_string(found.num_nan) +
                                   (found.num_nan == 1 ? " value is NaN" : " values are NaN"));
    if (found.num_infinite != 0)
        found.suspicious.push_back(std::to_string(found.num_infinite) +
                                   (found.num_infinite == 1 ? " value is infinite" : " values are infinite"));
    return found;
}

[[nodiscard]] std::string shape_text(const std::vector<std::size_t>& shape, const char* separator)
{
    std::string text;
    for (const std::size_t extent : shape)
        text += (text.empty() ? "" : separator) + std::to_string(extent);
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

void write_json(output& out, const std::string& file, const description& text, const findings& found)
{
    out << "{\"file\":" << json_string(file) << ",\"dtype\":\"" << text.dtype << "\",\"shape\":["
        << shape_text(text.shape, ",") << "],\"order\":\"" << text.order << "\",\"byte_order\":\"" << text.bytes
        << "\",\"data_offset\":" << text.data_offset << ",\"data_bytes\":" << text.data_bytes
        << ",\"min\":" << found.smallest << ",\"max\":" << found.largest << ",\"num_nan\":" << found.num_nan
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
        {"shape", text.shape.empty() ? "a single number" : shape_text(text.shape, " x ")},
        {"order", text.order},
        {"byte order", text.bytes},
        {"data", std::to_string(text.data_bytes) + " bytes from byte " + std::to_string(text.data_offset)}};
    if (found.smallest <= found.largest)
        lines.push_back({"values", to_text(found.smallest) + " to " + to_text(found.largest)});
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
        write_json(out, options.file, text, found);
    else
        write_lines(out, format, lines_of(options.file, text, found));
    out.finish();
    options.timing.tell(watch);
}

void run(const inspect_options& options)
{
    namespace io = labelerrors::io;
    check_targets({{"--output", options.output.path}});
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
    write(options, describe(array.header()), inspect(array), watch);
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
