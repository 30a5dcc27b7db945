#ifndef LABELERRORS_PROGRAM_INSPECT_ELEMENTS_HPP
#define LABELERRORS_PROGRAM_INSPECT_ELEMENTS_HPP

#include <labelerrors/io/label_sets.hpp>
#include <labelerrors/io/npy_array.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace program
{

/// What a look at every element tells.
struct findings
{
    std::string looks_like;  // what the program takes such arrays for; empty: nothing
    double smallest = std::numeric_limits<double>::infinity();
    double largest = -std::numeric_limits<double>::infinity();
    std::string smallest_whole;  // of integers, of which a double does not tell all
    std::string largest_whole;
    std::size_t num_nan = 0;
    std::size_t num_infinite = 0;
    std::optional<double> smallest_sum;  // of a row of finite fractions
    std::optional<double> largest_sum;
    std::vector<std::size_t> class_counts;  // of integers that could be labels, or of sets of them
    std::optional<std::size_t> fewest;      // labels of an example with a set of them
    std::optional<std::size_t> most;
    std::vector<std::string> suspicious;

    [[nodiscard]] bool has_extremes() const noexcept
    {
        return smallest <= largest;
    }

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

/// Looks at every element of an array.
[[nodiscard]] findings inspect(const labelerrors::io::npy_array& array);

/// The same for sets of labels, one for each example.
[[nodiscard]] findings inspect_sets(const labelerrors::io::label_sets& sets);

/// Looks at a matrix of fractions: are its rows probabilities, or labels of annotators, or of sets of labels?
void inspect_rows(const labelerrors::io::npy_array& array, findings& found);

}  // namespace program

#endif
