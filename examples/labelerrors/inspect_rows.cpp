// What labelerrors inspect finds in the rows of a matrix of fractions.
#include "inspect_elements.hpp"
#include <labelerrors/core/pred_probs_check.hpp>
#include <labelerrors/io/matrix_file.hpp>
#include <labelerrors/io/npy_rows.hpp>

#include <span>
#include <type_traits>

namespace program
{

namespace
{

/// What the values of a matrix of fractions are like.
struct matrix_values
{
    bool are_whole = true;  // but for NaN
    bool are_zero_or_one = true;
    std::size_t num_rows_of_nan = 0;

    template <class T>
    void look_at(std::span<const T> row)
    {
        std::size_t num_nan = 0;
        for (const T value : row)
        {
            if (std::isnan(value))
                ++num_nan;
            else
                are_whole = are_whole && value >= T{0} && value == std::floor(value);
            are_zero_or_one = are_zero_or_one && (value == T{0} || value == T{1});
        }
        num_rows_of_nan += num_nan == row.size() ? 1U : 0U;
    }
};

/// Rows that are no probabilities.
struct row_faults
{
    std::size_t count = 0;
    std::optional<labelerrors::detail::row_fault> first;

    /// What is suspicious about them.
    [[nodiscard]] std::string text(double tolerance, bool within_range) const
    {
        try
        {
            labelerrors::detail::throw_row_fault(first.value(), tolerance, "row");
        }
        catch (const labelerrors::value_error& error)
        {
            const std::string text = error.what();
            return std::to_string(count) + (count == 1 ? " row is" : " rows are") +
                   " no probabilities; the first: " + text.substr(text.find(": ") + 2) +
                   (within_range ? ", unless each stands by itself, as with --multi-label" : "");
        }
    }
};

}  // namespace

void inspect_rows(const labelerrors::io::npy_array& array, findings& found)
{
    constexpr double tolerance = 1e-4;
    row_faults faults;
    matrix_values values;
    const auto look = [&](const auto& rows)
    {
        std::vector<typename std::remove_cvref_t<decltype(rows)>::value_type> buffer;
        const std::size_t k = rows.num_columns();
        for (std::size_t i = 0; i < rows.num_rows(); ++i)
        {
            const std::span row(rows.read(i, 1, buffer), k);
            double sum = 0.0;
            for (const auto value : row)
            {
                found.look_at(static_cast<double>(value));
                sum += static_cast<double>(value);
            }
            values.look_at(row);
            if (std::isfinite(sum))
            {
                found.smallest_sum = std::min(found.smallest_sum.value_or(sum), sum);
                found.largest_sum = std::max(found.largest_sum.value_or(sum), sum);
            }
            if (const auto fault = labelerrors::detail::find_row_fault(row, i, tolerance))
            {
                ++faults.count;
                faults.first = faults.first.value_or(*fault);
            }
        }
    };
    labelerrors::io::with_matrix(labelerrors::io::matrix_file({array}), look);
    const auto& shape = array.header().shape;
    if (shape[1] == 1)
        return found.suspicious.push_back("one column: probabilities have a column for each class, at least two, and "
                                          "labels have one dimension");
    if (!faults.first)
        found.looks_like = "probabilities";
    else if (values.are_zero_or_one)
        found.looks_like = "sets of labels";
    else if (values.are_whole && found.has_extremes() && found.num_infinite == 0)
    {
        found.looks_like = "labels of annotators";
        if (values.num_rows_of_nan != 0)
            found.suspicious.push_back(
                std::to_string(values.num_rows_of_nan) +
                (values.num_rows_of_nan == 1 ? " example that nobody labelled" : " examples that nobody labelled"));
        return;
    }
    if (shape[0] < shape[1])
        found.suspicious.push_back("fewer rows than columns: examples are rows and classes are columns");
    if (found.looks_like.empty())
        found.suspicious.push_back(faults.text(tolerance, found.num_nan == 0 && found.num_infinite == 0 &&
                                                              found.smallest >= -tolerance &&
                                                              found.largest <= 1.0 + tolerance));
}

}  // namespace program
