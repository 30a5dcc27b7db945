#include "inputs.hpp"

#include "checks.hpp"
#include <labelerrors/io/read_class_names.hpp>

#include <charconv>
#include <string_view>
#include <system_error>
#include <utility>

namespace program
{

void input_options::add_to(CLI::App& app, input_requirement requirement)
{
    const bool required = requirement == input_requirement::required;
    app.add_option("--labels", labels,
                   "The given labels: n integers, 0 to k - 1 (.npy, .npz:NAME, or .csv with one a line)")
        ->required(required)
        ->type_name("FILE");
    app.add_option("--pred-probs", pred_probs,
                   "The predicted probabilities, n x k, out of sample (.npy, .npz:NAME or .csv); several files are one "
                   "matrix, rows in their order")
        ->required(required)
        ->type_name("FILE ...");
    app.add_option("--class-names", class_names, "Names of the classes, one a line, in the order of the labels")
        ->type_name("FILE");
    app.add_option("--threads", threads,
                   "Threads to use; 0: all that the machine has (default). Never changes a result")
        ->check(threads_check())
        ->type_name("N");
    app.add_option("--tolerance", tolerance,
                   "How far a probability may leave [0, 1], and a row sum 1, before it is an error; within it values "
                   "count as 0 or 1 (default: 1e-4)")
        ->check(tolerance_check())
        ->type_name("T");
    app.add_flag("--softmax", softmax, "The rows of --pred-probs are logits: apply a softmax to each");
    timing.add_to(app);
}

std::string input_options::names() const
{
    if (pred_probs.empty())
        return labels.empty() ? "the files of --idx" : labels;
    std::string text = labels + ", " + pred_probs.front().string();
    if (pred_probs.size() > 1)
        text += " .. " + pred_probs.back().string();
    return text;
}

std::string input_options::names_for(const std::string& message, const labelerrors::io::matrix_file& matrix) const
{
    const auto row = number_after(message, "pred_probs row ");
    if (row.end == 0 || matrix.parts().size() == 1 || row.number >= matrix.num_rows())
        return names();
    return place_of_row(part_files(matrix), row.number);
}

inputs open_pred_probs(const input_options& options)
{
    return with_class_names(options, labelerrors::io::open_matrix(options.pred_probs));
}

inputs with_class_names(const input_options& options, labelerrors::io::matrix_file pred_probs)
{
    inputs in{{}, std::move(pred_probs), {}, 0};
    if (!options.class_names.empty())
        in.class_names = labelerrors::io::read_class_names(options.class_names, in.pred_probs.num_columns());
    return in;
}

inputs open_inputs(const input_options& options)
{
    auto labels = labelerrors::io::read_labels(options.labels);
    auto in = open_pred_probs(options);
    in.labels = std::move(labels);
    return in;
}

std::vector<part_file> part_files(const labelerrors::io::matrix_file& matrix)
{
    std::vector<part_file> files;
    std::size_t end = 0;
    for (const auto& part : matrix.parts())
    {
        end += part.header().shape[0];
        files.push_back({part.path(), end});
    }
    return files;
}

std::string place_of_row(std::span<const part_file> files, std::size_t row)
{
    std::size_t begin = 0;
    std::size_t i = 0;
    for (; i + 1 < files.size() && row >= files[i].end; ++i)
        begin = files[i].end;
    return files[i].path + ": row " + std::to_string(row - begin);
}

number_in_text number_after(const std::string& text, const std::string& before)
{
    number_in_text found;
    const auto at = text.find(before);
    if (at == std::string::npos)
        return found;
    const char* const begin = text.data() + at + before.size();
    const auto read = std::from_chars(begin, text.data() + text.size(), found.number);
    if (read.ec == std::errc())
        found.end = static_cast<std::size_t>(read.ptr - text.data());
    return found;
}

std::string without_function(const std::string& message)
{
    const auto colon = message.find(": ");
    return colon == std::string::npos ? message : message.substr(colon + 2);
}

std::string explain(const std::string& message, const std::string& files, offered_options offered)
{
    // What the library calls its other functions.
    constexpr std::pair<std::string_view, std::string_view> names[] = {
        {"labelerrors::find_label_issues", "--reference cleanlab-2"},
        {"labelerrors::find_multilabel_issues", "--reference cleanlab-2"},
        {"label_quality_scores", "labelerrors score"}};
    std::string text = without_function(message);
    for (const auto& [function, here] : names)
        if (const auto at = text.find(function); at != std::string::npos)
            text.replace(at, function.size(), here);
    const bool tells_softmax = text.find("softmax") != std::string::npos;
    // More tolerance would take what is no probability at all for one.
    const bool tells_scores = text.find("these look like") != std::string::npos;
    if (tells_scores)
        text += tells_softmax && offered == offered_options::softmax_and_tolerance ? " (--softmax)" : "";
    else if (tells_softmax && offered == offered_options::softmax_and_tolerance)
        text += " (--softmax), or allow more with --tolerance";
    else if (offered != offered_options::none && (tells_softmax || text.find("tolerance") != std::string::npos))
        text += "; --tolerance allows more";
    return files + ": " + text;
}

}  // namespace program
