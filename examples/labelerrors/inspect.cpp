// labelerrors inspect: what is in an array file, and what looks wrong with it.
#include "commands.hpp"
#include "output.hpp"
#include <labelerrors/core/pred_probs_check.hpp>
#include <labelerrors/io/decode.hpp>
#include <labelerrors/io/matrix_file.hpp>
#include <labelerrors/io/npy_array.hpp>
#include <labelerrors/io/npy_rows.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>

namespace program
{

namespace
{

struct inspect_options
{
    std::string file;
    output_options output;
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
    std::vector<std::size_t> class_counts;  // of a vector of integers that could be labels
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

/// A vector of whole numbers: are they labels?
template <class T>
void inspect_labels(const labelerrors::io::npy_array& array, findings& found)
{
    constexpr T most_classes = T{1 << 20};
    std::optional<std::size_t> first_negative;
    std::optional<std::size_t> first_large;
    for_each_element<T>(array,
                        [&](T value, std::size_t i)
                        {
                            found.look_at(static_cast<double>(value));
                            if (value < 0)
                                first_negative = first_negative.value_or(i);
                            else if (value >= most_classes)
                                first_large = first_large.value_or(i);
                            else
                            {
                                if (found.class_counts.size() <= static_cast<std::size_t>(value))
                                    found.class_counts.resize(static_cast<std::size_t>(value) + 1);
                                ++found.class_counts[static_cast<std::size_t>(value)];
                            }
                        });
    if (first_negative)
        found.suspicious.push_back("negative values, the first at index " + std::to_string(*first_negative) +
                                   ": labels are 0 to k - 1");
    if (first_large)
        found.suspicious.push_back("values too large for class numbers, the first at index " +
                                   std::to_string(*first_large) + ": labels are 0 to k - 1");
    if (first_negative || first_large)
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
    else if (header.shape.size() == 1)
        inspect_labels<std::int64_t>(array, found);
    else
        for_each_element<std::int64_t>(array, [&](std::int64_t value, std::size_t)
                                       { found.look_at(static_cast<double>(value)); });
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

struct description
{
    std::string dtype;
    std::string order;
    std::string bytes;
};

[[nodiscard]] description describe(const labelerrors::io::npy_header& header)
{
    return {std::string(labelerrors::io::name_of(header.element)),
            header.order == labelerrors::io::array_order::c ? "C" : "Fortran",
            header.bytes == labelerrors::io::byte_order::little ? "little" : "big"};
}

void write_json(output& out, const std::string& file, const labelerrors::io::npy_header& header, const findings& found)
{
    const auto text = describe(header);
    out << "{\"file\":" << json_string(file) << ",\"dtype\":\"" << text.dtype << "\",\"shape\":["
        << shape_text(header.shape, ",") << "],\"order\":\"" << text.order << "\",\"byte_order\":\"" << text.bytes
        << "\",\"data_offset\":" << header.data_offset << ",\"data_bytes\":" << labelerrors::io::num_bytes(header)
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
    out << ",\"suspicious\":[";
    for (std::size_t i = 0; i < found.suspicious.size(); ++i)
        out << (i == 0 ? "" : ",") << json_string(found.suspicious[i]);
    out << "]}\n";
}

/// The same as pairs of a name and a value.
[[nodiscard]] std::vector<std::pair<std::string, std::string>>
lines_of(const std::string& file, const labelerrors::io::npy_header& header, const findings& found)
{
    const auto text = describe(header);
    std::vector<std::pair<std::string, std::string>> lines{
        {"file", file},
        {"dtype", text.dtype},
        {"shape", header.shape.empty() ? "a single number" : shape_text(header.shape, " x ")},
        {"order", text.order},
        {"byte order", text.bytes},
        {"data", std::to_string(labelerrors::io::num_bytes(header)) + " bytes from byte " +
                     std::to_string(header.data_offset)}};
    if (found.smallest <= found.largest)
        lines.emplace_back("values", to_text(found.smallest) + " to " + to_text(found.largest));
    if (found.smallest_sum)
        lines.emplace_back("row sums", to_text(*found.smallest_sum) + " to " + to_text(*found.largest_sum));
    if (!found.class_counts.empty())
    {
        const auto [least, most] = std::minmax_element(found.class_counts.begin(), found.class_counts.end());
        lines.emplace_back("classes", std::to_string(found.class_counts.size()) + ", of " + std::to_string(*least) +
                                          " to " + std::to_string(*most) + " examples");
    }
    for (const auto& problem : found.suspicious)
        lines.emplace_back("suspicious", problem);
    if (found.suspicious.empty())
        lines.emplace_back("suspicious", "nothing");
    return lines;
}

void run(const inspect_options& options)
{
    const auto array = labelerrors::io::open_array(options.file);
    const auto found = inspect(array);
    output out(options.output);
    const auto format = options.output.chosen_format();
    if (format == output_format::json)
        write_json(out, options.file, array.header(), found);
    else if (format == output_format::csv)
    {
        out << "name,value\n";
        for (const auto& [name, value] : lines_of(options.file, array.header(), found))
            out << name << "," << csv_field(value) << "\n";
    }
    else
        for (const auto& [name, value] : lines_of(options.file, array.header(), found))
            out << name + std::string(12 - name.size(), ' ') + value + "\n";
    out.finish();
}

}  // namespace

void add_inspect(CLI::App& app, const choose_command& choose)
{
    auto options = std::make_shared<inspect_options>();
    auto* inspect = app.add_subcommand("inspect", "Tell what is in an array file and what looks wrong with it");
    inspect->add_option("FILE", options->file, "A .npy file, a member of a .npz (FILE.npz:NAME), or a .csv of numbers")
        ->required();
    options->output.add_to(*inspect);
    inspect->callback([options, choose] { choose([options] { run(*options); }); });
}

}  // namespace program
