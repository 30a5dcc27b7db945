// What labelerrors inspect finds in the elements of an array.
#include "inspect_elements.hpp"

#include <labelerrors/io/decode.hpp>

#include <cstdint>
#include <type_traits>

namespace program
{

namespace
{

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
    if (!found.class_counts.empty())
        found.looks_like = "labels";
}

}  // namespace

findings inspect_sets(const labelerrors::io::label_sets& sets)
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
    found.looks_like = "sets of labels";
    if (num_empty != 0)
        found.suspicious.push_back(std::to_string(num_empty) +
                                   (num_empty == 1 ? " example has no label" : " examples have no label"));
    if (first_repeated)
        found.suspicious.push_back("a label that an example has twice, the first at example " +
                                   std::to_string(*first_repeated));
    return found;
}

findings inspect(const labelerrors::io::npy_array& array)
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
            T smallest = std::numeric_limits<T>::max();
            T largest = std::numeric_limits<T>::min();
            for_each_element<T>(array,
                                [&](T value, std::size_t)
                                {
                                    smallest = std::min(smallest, value);
                                    largest = std::max(largest, value);
                                });
            found.look_at(static_cast<double>(smallest));
            found.look_at(static_cast<double>(largest));
            found.smallest_whole = std::to_string(smallest);
            found.largest_whole = std::to_string(largest);
            if (header.shape.size() == 1)
                inspect_labels<T>(array, found);
            else if (header.shape.size() == 2 && header.shape[1] > 1 && smallest >= T{0} && largest <= T{1})
                found.looks_like = "sets of labels";
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
    if (found.num_nan != 0 && found.looks_like != "labels of annotators")
        found.suspicious.push_back(std::to_string(found.num_nan) +
                                   (found.num_nan == 1 ? " value is NaN" : " values are NaN"));
    if (found.num_infinite != 0)
        found.suspicious.push_back(std::to_string(found.num_infinite) +
                                   (found.num_infinite == 1 ? " value is infinite" : " values are infinite"));
    return found;
}

}  // namespace program
