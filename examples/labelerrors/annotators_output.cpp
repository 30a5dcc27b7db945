// How labelerrors annotators tells what it found.
#include "annotators_output.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace program
{

namespace
{

void write_json(output& out, const rated_annotators& rated)
{
    const auto& [found, learning, class_names, consensus, quality] = rated;
    out << "{\"n\":" << found.consensus_label.size() << ",\"m\":" << found.annotators.size()
        << ",\"k\":" << found.num_classes << ",\"consensus_method\":\"" << consensus << "\",\"quality_method\":\""
        << quality << "\"";
    write_class_names(out, class_names);
    write_list(out, "consensus_label", found.consensus_label);
    write_list(out, "consensus_quality_score", found.consensus_quality_score);
    write_list(out, "annotator_agreement", found.annotator_agreement);
    write_list(out, "num_annotations", found.num_annotations);
    if (learning)
    {
        write_list(out, "active_learning_score", learning->scores);
        write_list(out, "active_learning_score_unlabeled", learning->unlabeled_scores);
    }
    out << ",\n\"annotators\":[";
    for (std::size_t i = 0; i < found.annotators.size(); ++i)
    {
        const auto& one = found.annotators[i];
        out << (i == 0 ? "\n" : ",\n") << "{\"annotator\":" << one.annotator
            << ",\"annotator_quality\":" << one.annotator_quality
            << ",\"num_examples_labeled\":" << one.num_examples_labeled
            << ",\"agreement_with_consensus\":" << one.agreement_with_consensus
            << ",\"worst_class\":" << one.worst_class << "}";
    }
    out << "\n]";
    if (found.model_weights.empty())
        out << ",\n\"model_weight\":null,\n\"annotator_weight\":null";
    else
    {
        if (found.model_weights.size() == 1)
            out << ",\n\"model_weight\":" << found.model_weights.front();
        else
            write_list(out, "model_weight", found.model_weights);
        write_list(out, "annotator_weight", found.annotator_weights);
    }
    if (!found.temperatures.empty())
        write_list(out, "temperature", found.temperatures);
    out << "}\n";
}

void write_csv(output& out, const rated_annotators& rated)
{
    const auto& found = rated.found;
    const auto& class_names = rated.class_names;
    const bool named = !class_names.empty();
    out << "index,consensus_label," << (named ? "consensus_name," : "")
        << "consensus_quality_score,annotator_agreement,num_annotations"
        << (rated.learning ? ",active_learning_score\n" : "\n");
    for (std::size_t i = 0; i < found.consensus_label.size(); ++i)
    {
        out << i << "," << found.consensus_label(i) << ",";
        if (named)
            out << csv_field(class_names[found.consensus_label(i)]) << ",";
        out << found.consensus_quality_score(i) << "," << found.annotator_agreement(i) << ","
            << found.num_annotations(i);
        if (rated.learning)
            out << "," << rated.learning->scores(i);
        out << "\n";
    }
}

/// A table of the examples that another label is worth most for, labelled or not.
void write_worth_a_label(output& out, const rated_annotators& rated)
{
    constexpr std::size_t shown = 10;
    const auto& found = rated.found;
    const auto& learning = *rated.learning;
    const std::size_t n = learning.scores.size();
    const auto score = [&](std::size_t i)
    {
        return i < n ? learning.scores(i) : learning.unlabeled_scores(i - n);
    };
    std::vector<std::size_t> order(n + learning.unlabeled_scores.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const std::size_t listed = std::min(shown, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(listed), order.end(),
                      [&](std::size_t a, std::size_t b) { return score(a) != score(b) ? score(a) < score(b) : a < b; });
    out << "\nAnother label is worth most for\n\n";
    table rows({"example", "labels", "consensus", "score"});
    for (std::size_t r = 0; r < listed; ++r)
    {
        const std::size_t i = order[r];
        if (i >= n)
            rows.add({std::to_string(i - n), "unlabelled", "-", to_fixed(score(i), 4)});
        else
            rows.add({std::to_string(i), std::to_string(found.num_annotations(i)),
                      rated.class_names.empty() ? std::to_string(found.consensus_label(i))
                                                : rated.class_names[found.consensus_label(i)],
                      to_fixed(score(i), 4)});
    }
    rows.write_to(out);
}

void write_table(output& out, const rated_annotators& rated)
{
    const auto& [found, learning, class_names, consensus, quality] = rated;
    out << std::to_string(found.consensus_label.size()) + " examples of " + std::to_string(found.num_classes) +
               " classes, labelled by " + std::to_string(found.annotators.size()) + " annotators; consensus by " +
               consensus + ", quality by " + quality + ", the worst annotators first\n\n";
    table rows({"annotator", "quality", "labelled", "agreement", "worst class"});
    for (const auto& one : found.annotators)
        rows.add({std::to_string(one.annotator),
                  one.annotator_quality == one.annotator_quality ? to_fixed(one.annotator_quality, 4) : "-",
                  std::to_string(one.num_examples_labeled), to_fixed(one.agreement_with_consensus, 4),
                  class_names.empty() ? std::to_string(one.worst_class) : class_names[one.worst_class]});
    rows.write_to(out);
    if (learning)
        write_worth_a_label(out, rated);
}

}  // namespace

void write_annotators(output& out, const rated_annotators& rated, output_format format)
{
    if (format == output_format::json)
        write_json(out, rated);
    else if (format == output_format::csv)
        write_csv(out, rated);
    else
        write_table(out, rated);
}

}  // namespace program
