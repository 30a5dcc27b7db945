// What labelerrors correct makes of one's own decisions.
#include "correct_options.hpp"
#include "multilabel.hpp"
#include <labelerrors/corrections/corrections.hpp>
#include <labelerrors/datasets/label_matrix.hpp>
#include <labelerrors/datasets/provenance.hpp>
#include <labelerrors/datasets/published_set.hpp>
#include <labelerrors/datasets/read_decisions.hpp>
#include <labelerrors/datasets/registry.hpp>
#include <labelerrors/io/read_labels.hpp>
#include <labelerrors/io/write_npy.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace program
{

namespace
{

namespace corrections = labelerrors::corrections;
namespace datasets = labelerrors::datasets;

/// Writes an array, and beside it how it came about.
template <class Array>
void write_with(const nlohmann::ordered_json& made, const std::string& path, const Array& values)
{
    datasets::write_with_provenance(
        path, made, [&](const std::filesystem::path& target) { labelerrors::io::write_npy(target, values); });
}

[[nodiscard]] auto as_array(const std::vector<std::int64_t>& labels, std::size_t /*num_classes*/,
                            const std::string& /*file*/)
{
    return xt::adapt(labels, std::array{labels.size()});
}

/// `file`: whose labels they are, for messages.
[[nodiscard]] auto as_array(const std::vector<std::vector<std::size_t>>& sets, std::size_t num_classes,
                            const std::string& file)
{
    return datasets::label_matrix(sets, num_classes, file.c_str());
}

/// Reads decisions about labels, or sets of them. Where the labels alone tell how many classes there are, they may have
/// none of a class that a decision names.
template <class Label>
[[nodiscard]] auto read_own_decisions(std::span<const Label> labels, std::size_t num_classes,
                                      const correct_options& options)
{
    try
    {
        return datasets::read_decisions(options.decisions_from, labels, num_classes);
    }
    catch (const labelerrors::format_error& error)
    {
        const std::string text = error.what();
        if (options.given("--dataset") || options.num_classes || text.find(" classes, but ") == text.npos)
            throw;
        throw std::runtime_error(text + "; if " + options.labels +
                                 " has no example of that class, say with --num-classes how many there are");
    }
}

/// Reads decisions about labels, or sets of them, and applies them.
template <class Label>
[[nodiscard]] nlohmann::ordered_json apply_own(std::span<const Label> labels, std::size_t num_classes,
                                               const correct_options& options)
{
    const auto decided = read_own_decisions(labels, num_classes, options);
    const auto applied = corrections::apply_decisions(
        labels, std::span(decided), num_classes, options.drop ? corrections::action::drop : corrections::action::keep);
    auto made = datasets::to_json(applied, labels.size());
    // The labels last: where they are, all is.
    if (!options.kept.empty())
        write_with(made, options.kept, xt::adapt(applied.kept_rows, std::array{applied.kept_rows.size()}));
    if (!options.output.empty())
        write_with(made, options.output, as_array(applied.labels, num_classes, options.labels));
    return made;
}

/// How many classes labels are of, by the largest: one more. A single label of billions is no reason for as many
/// columns.
[[nodiscard]] std::size_t classes_up_to(std::uint64_t largest, std::size_t num_labels, const std::string& file)
{
    constexpr std::size_t usual_classes = 1024;
    if (largest >= std::max(usual_classes, num_labels))
        throw std::runtime_error(file + ": has the label " + std::to_string(largest) + ", but only " +
                                 std::to_string(num_labels) +
                                 " labels; say with --num-classes how many classes there are");
    return static_cast<std::size_t>(largest) + 1;
}

}  // namespace

nlohmann::ordered_json correct_by_own(const correct_options& options)
{
    for (const char* option : {"--consensus", "--decisions", "--drop-unresolved"})
        options.refuse(option, "is about votes and makes no sense with --decisions-from");
    if (options.given("--dataset") == options.given("--labels"))
        throw CLI::ValidationError("--decisions-from needs either --labels or --dataset and --root: what it is about");
    if (options.output.empty() && options.kept.empty())
        throw CLI::ValidationError("--output FILE.npy or --kept FILE.npy is needed: where the result goes");
    if (options.given("--dataset"))
        for (const char* option : {"--num-classes", "--multi-label"})
            options.refuse(option, "makes no sense with --decisions-from and --dataset, whose labels are known");
    if (options.given("--labels") && options.multi_label)
    {
        const auto [stored, num_columns] = read_sets(options.labels);
        std::vector<std::vector<std::size_t>> sets(stored.size());
        for (std::size_t i = 0; i < sets.size(); ++i)
            sets[i].assign(stored[i].begin(), stored[i].end());
        const auto largest = std::max_element(stored.labels.begin(), stored.labels.end());
        const std::size_t num_classes = options.num_classes ? *options.num_classes
                                        : num_columns       ? *num_columns
                                        : stored.labels.empty()
                                            ? 0
                                            : classes_up_to(*largest, stored.labels.size(), options.labels);
        if (num_columns && *num_columns > num_classes)
            throw std::runtime_error(options.labels + ": has " + std::to_string(*num_columns) +
                                     " columns, a class each, which is more than --num-classes " +
                                     std::to_string(num_classes));
        // The matrix has a column for each label that stays as it is, too.
        if (largest != stored.labels.end() && *largest >= num_classes)
            throw std::runtime_error(options.labels + ": has the label " + std::to_string(*largest) +
                                     ", which is not below --num-classes " + std::to_string(num_classes));
        return apply_own(std::span<const std::vector<std::size_t>>(sets), num_classes, options);
    }
    if (options.given("--labels"))
    {
        const auto labels = labelerrors::io::read_labels(options.labels);
        const auto largest = std::max_element(labels.begin(), labels.end());
        // No memory is taken for the classes of labels that are one an example.
        const std::size_t num_classes = options.num_classes.value_or(
            largest == labels.end() || *largest < 0 ? 0 : static_cast<std::size_t>(*largest) + 1);
        for (std::size_t i = 0; i < labels.size(); ++i)
            if (labels(i) < 0 || std::cmp_greater_equal(labels(i), num_classes))
                throw std::runtime_error(
                    options.labels + ": labels[" + std::to_string(i) + "] is " + std::to_string(labels(i)) +
                    ", which is no class; labels are 0 to k - 1" +
                    (options.num_classes ? ", and --num-classes says that k is " + std::to_string(num_classes) : ""));
        return apply_own(std::span<const std::int64_t>(labels.data(), labels.size()), num_classes, options);
    }
    const auto& set = datasets::find_dataset(options.dataset.name);
    if (has_label_sets(set))
    {
        const auto labels = datasets::read_published_label_sets(set, options.dataset.root);
        return apply_own(std::span<const std::vector<std::size_t>>(labels), set.num_classes, options);
    }
    const auto labels = datasets::read_published_labels(set, options.dataset.root);
    return apply_own(std::span<const std::int64_t>(labels.data(), labels.size()), set.num_classes, options);
}

}  // namespace program
