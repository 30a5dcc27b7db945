#ifndef LABELERRORS_CORE_REFERENCE_CLEANLAB_1_MEANS_HPP
#define LABELERRORS_CORE_REFERENCE_CLEANLAB_1_MEANS_HPP

#include <labelerrors/core/class_sets.hpp>
#include <labelerrors/core/label_set_rows.hpp>
#include <labelerrors/core/pairwise_sum.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/rows/parallel.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace labelerrors::reference::cleanlab_1::detail
{

using namespace labelerrors::detail;

/// Cells: p of the examples given each class, in their order.
struct given_values
{
    std::vector<std::vector<double>> values;  // k lists

    void add(const label_set_row& row)
    {
        for (const std::uint32_t j : row.labels)
            values[j].push_back(row.pred_probs[j]);
    }

    void merge(given_values&& later)
    {
        for (std::size_t j = 0; j < values.size(); ++j)
            values[j].insert(values[j].end(), later.values[j].begin(), later.values[j].end());
    }
};

/// The mean p of the examples given each class, to the last bit as numpy takes it: examples with the same p reach their
/// mean or do not by that. Refuses a class without examples. Memory: 8 bytes for each label.
template <row_source Source>
[[nodiscard]] std::vector<double> mean_given(const Source& source, const class_sets& labels,
                                             const pass_options& options, const char* function)
{
    const std::size_t k = labels.num_classes();
    for (std::size_t j = 0; j < k; ++j)
        if (labels.class_counts[j] == 0)
            throw value_error(std::string(function) + ": class " + std::to_string(j) +
                              " has no example, which the procedures of cleanlab 1.0 cannot handle; use "
                              "labelerrors::find_multilabel_issues");
    const auto given = scan_label_sets(source, labels, "thresholds", given_values{std::vector<std::vector<double>>(k)},
                                       options, function);
    std::vector<double> means(k);
    for (std::size_t j = 0; j < k; ++j)
        means[j] = pairwise_sum(given.values[j].size(), [&](std::size_t i) { return given.values[j][i]; }) /
                   static_cast<double>(labels.class_counts[j]);
    return means;
}

}  // namespace labelerrors::reference::cleanlab_1::detail

#endif
