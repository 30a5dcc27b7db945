// Sets of labels: the options about them, and reading them.
#include "multilabel.hpp"

#include "output.hpp"
#include <labelerrors/io/matrix_file.hpp>
#include <labelerrors/io/npy_array.hpp>
#include <labelerrors/io/npy_rows.hpp>
#include <labelerrors/io/parse_number.hpp>
#include <labelerrors/io/read_object_array.hpp>

#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace program
{

namespace
{

/// The sets that the rows of a matrix of 0 and 1 stand for.
[[nodiscard]] sets_in_file sets_of(const labelerrors::io::npy_array& array)
{
    const labelerrors::io::npy_rows<double> rows(labelerrors::io::matrix_file({array}));
    labelerrors::io::label_sets sets;
    std::vector<double> buffer;
    for (std::size_t i = 0; i < rows.num_rows(); ++i)
    {
        const double* row = rows.read(i, 1, buffer);
        for (std::size_t j = 0; j < rows.num_columns(); ++j)
            if (row[j] == 1.0)
                sets.labels.push_back(static_cast<std::uint32_t>(j));
            else if (row[j] != 0.0)
                throw std::runtime_error(array.path() + ": row " + std::to_string(i) + ", column " + std::to_string(j) +
                                         " is " + to_text(row[j]) +
                                         "; a matrix of labels holds 1 where the example has the class and 0 "
                                         "elsewhere; save lists of classes as an array of objects");
        sets.end_example();
    }
    return {std::move(sets), rows.num_columns()};
}

/// The number after the colon of an aggregator.
[[nodiscard]] double number_after(std::string_view text, std::size_t colon)
{
    double value = 0.0;
    if (labelerrors::io::detail::parse_number(text.substr(colon + 1), value) != std::errc())
        throw CLI::ValidationError("--aggregator " + std::string(text) + " has no number after its colon");
    return value;
}

}  // namespace

void label_sets_option::add_to(CLI::App& app)
{
    app.add_flag("--multi-label", multi_label,
                 "Examples have sets of labels: --labels is an array of lists of classes (.npy of objects, or a "
                 "pickle), or an n x k matrix of 0 and 1; each probability stands by itself, rows need not sum to 1");
}

void label_sets_option::settle(const CLI::App& app) const
{
    if (multi_label && app.count("--softmax") != 0)
        throw CLI::ValidationError("--softmax has no meaning with --multi-label: its probabilities do not sum to 1");
}

void multilabel_options::add_to(CLI::App& app)
{
    label_sets_option::add_to(app);
    app.add_option("--aggregator", aggregator,
                   "With --multi-label: how the scores of an example's classes become one: "
                   "exponential_moving_average:ALPHA, softmin:TEMPERATURE, mean, min, max or median (default: "
                   "exponential_moving_average:0.8)")
        ->type_name("NAME[:NUMBER]");
}

void multilabel_options::settle(const CLI::App& app) const
{
    if (!multi_label && app.count("--aggregator") != 0)
        throw CLI::ValidationError("--aggregator needs --multi-label");
    label_sets_option::settle(app);
    static_cast<void>(chosen_aggregator());
}

std::string multilabel_options::aggregator_text() const
{
    return aggregator.empty() ? "exponential_moving_average:0.8" : aggregator;
}

labelerrors::score_aggregator multilabel_options::chosen_aggregator() const
{
    namespace aggregators = labelerrors::aggregators;
    const std::string text = aggregator_text();
    const auto colon = text.find(':');
    const auto name = text.substr(0, colon);
    const bool number = colon != std::string::npos;
    if (name == "exponential_moving_average")
    {
        const double alpha = number ? number_after(text, colon) : 0.8;
        if (!(alpha >= 0.0 && alpha <= 1.0))
            throw CLI::ValidationError("--aggregator " + text + ": ALPHA must be from 0 to 1");
        return aggregators::exponential_moving_average{.alpha = alpha};
    }
    if (name == "softmin")
    {
        const double temperature = number ? number_after(text, colon) : 0.1;
        if (!(temperature > 0.0 && temperature < 1e300))
            throw CLI::ValidationError("--aggregator " + text + ": TEMPERATURE must be above 0");
        return aggregators::softmin{.temperature = temperature};
    }
    if (!number && name == "mean")
        return aggregators::mean{};
    if (!number && name == "min")
        return aggregators::min{};
    if (!number && name == "max")
        return aggregators::max{};
    if (!number && name == "median")
        return aggregators::median{};
    throw CLI::ValidationError("--aggregator " + text +
                               " is none of exponential_moving_average:ALPHA, softmin:TEMPERATURE, mean, min, max, "
                               "median");
}

sets_in_file read_sets(const std::string& path)
{
    namespace io = labelerrors::io;
    if (io::is_csv(path))
        return sets_of(io::open_array(path));
    // Opened once: it may be a pipe.
    auto file = io::detail::open_stored(path);
    if (io::detail::holds_objects(file))
        return {io::read_label_sets(std::move(file)), std::nullopt};
    return sets_of(io::detail::make_array(file.bytes, file.owner, file.path));
}

labelerrors::io::label_sets read_sets(const std::string& path, std::size_t num_classes)
{
    auto [sets, num_columns] = read_sets(path);
    if (num_columns && *num_columns != num_classes)
        throw std::runtime_error(path + ": has " + std::to_string(*num_columns) +
                                 " columns, but the probabilities have " + std::to_string(num_classes) +
                                 "; a matrix of labels has a column for each class, in the same order");
    return std::move(sets);
}

}  // namespace program
