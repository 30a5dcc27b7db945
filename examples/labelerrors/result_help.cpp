#include "result_help.hpp"

#include "help.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace program
{

namespace
{

/// A field of a result, or several of a kind, and what it is.
struct result_field
{
    std::string_view names;
    std::string_view meaning;
    const char* option = nullptr;  // where set, the field is only where a subcommand has this option
};

constexpr std::array find_fields{
    result_field{"n, k", "How many examples and classes there are"},
    result_field{"filter_by, rank_by, reference, aggregator", "As chosen; the last two where they apply"},
    result_field{"classifier, num_folds, accuracy",
                 "With --features or --idx: as chosen, and the share of the labels that are predicted out of sample"},
    result_field{"num_issues", "How many there are, those that --top leaves out among them"},
    result_field{
        "issues",
        "Most severe first, or by index: each with index (its row, from 0), given_label, suggested_label, "
        "score (lower is worse, 0 to 1; -1 to 1 with --reference cleanlab-1); with --class-names given_name and "
        "suggested_name. With "
        "--multi-label all but the score are lists, and flagged_classes are those that are likely wrong"},
    result_field{"CSV", "A line for each issue: index, given_label, suggested_label, the names, score"}};

constexpr std::array score_fields{
    result_field{"n, k", "How many examples and classes there are"},
    result_field{"method, aggregator", "As chosen; the latter with --multi-label"},
    result_field{"weight_by, model_weight", "With --ensemble: as chosen; what each model counts for", "--ensemble"},
    result_field{"scores", "Of each example, 0 to 1, lower is worse"},
    result_field{"CSV", "A line for each example: index, score"}};

constexpr std::array count_fields{
    result_field{"n, k, class_names", "How many examples and classes there are; the names that were given"},
    result_field{
        "thresholds",
        "k: the mean self-confidence of each class; 2, which no probability reaches, where no example has its label"},
    result_field{"confident_joint", "k x k counts, a row for each given label, a column for each true one"},
    result_field{"calibrated_confident_joint", "The same, scaled to the number of each given label"},
    result_field{"joint", "The same, as a distribution"},
    result_field{"py", "k: how likely each true label is"},
    result_field{"noise_matrix", "k x k: P(given label, the row | true label, the column)"},
    result_field{"inverse_noise_matrix", "k x k: P(true label, the row | given label, the column)"},
    result_field{"num_label_issues", "Estimates by two rules: off_diagonal and off_diagonal_calibrated"},
    result_field{"CSV", "A line for each number: name, row, column, value"}};

constexpr std::array health_fields{
    result_field{"overall_label_health_score", "The share of the labels that are likely right"},
    result_field{"classes",
                 "The worst first: class, name, label_issues (given it, but of another class), inverse_label_issues "
                 "(of it, but given another), label_noise and inverse_label_noise (the shares of these; with "
                 "--multi-label of all examples), label_quality_score (1 - label_noise)"},
    result_field{"overlapping_classes",
                 "The most often confused first: class_a, class_b, name_a, name_b, num_overlapping_examples, "
                 "joint_probability"},
    result_field{"common_issues",
                 "With --multi-label in their place, the most frequent first: class, name, given (true: "
                 "given, but likely wrong; false: missing), num_examples, issue_probability (their "
                 "share of all examples)",
                 "--multi-label"},
    result_field{"CSV", "A line for each class"}};

constexpr std::array annotators_fields{
    result_field{"n, m, k, class_names", "How many examples, annotators and classes there are; the names given"},
    result_field{"consensus_method, quality_method", "As chosen"},
    result_field{"consensus_label, consensus_quality_score", "Of each example: one label, and how likely it is right"},
    result_field{"annotator_agreement, num_annotations",
                 "Of each example: the share of its annotators who gave that label, and how many there are"},
    result_field{"annotators", "The worst first: annotator (the column), annotator_quality, num_examples_labeled, "
                               "agreement_with_consensus, worst_class"},
    result_field{"model_weight, annotator_weight, temperature",
                 "With --pred-probs: how far each is trusted, and with --calibrate-probs what models were scaled by"},
    result_field{"active_learning_score, active_learning_score_unlabeled",
                 "With --active-learning: the score of each example, and of each of --pred-probs-unlabeled"},
    result_field{
        "CSV", "A line for each example: index, what there is of it, with --class-names consensus_name; the table has "
               "one for each annotator, and the examples that another label is worth most for"}};

constexpr std::array inspect_fields{
    result_field{"file, dtype, shape, order, byte_order, data_offset, data_bytes", "How the array is stored"},
    result_field{"looks_like",
                 "labels, probabilities, sets of labels or labels of annotators; null where it is like none"},
    result_field{"min, max, num_nan, num_infinite", "Of all finite values; how many are none"},
    result_field{"row_sums", "Of fractions in rows: min and max"},
    result_field{"class_counts, labels_per_example", "Of labels: how many of each class; of sets also their sizes"},
    result_field{"suspicious", "What looks wrong, a text each"},
    result_field{"CSV", "A line for each of them: name, value"}};

constexpr std::array datasets_fields{
    result_field{"name, title, n, k, modality", "Of each set: what it is called, examples, classes, what they are"},
    result_field{"present",
                 "Which of its files are there: labels, predicted_labels, pred_probs, votes, items; null where it "
                 "has none"},
    result_field{"CSV", "A line for each set, with the same columns"}};

constexpr std::array votes_fields{
    result_field{"dataset, flagged, checked", "The set; suspected errors, and those that five people looked at"},
    result_field{"errors, non_errors", "Fewer than 3 of 5 stood by the given label, or at least 3"},
    result_field{"correctable", "Errors for which at least 3, 4 and 5 of 5 chose the suggested label"},
    result_field{"both, neither, non_agreement", "Errors by what the majority says instead"},
    result_field{"estimated_errors, error_percent", "Of the whole set, by the share of errors among the checked"},
    result_field{"CSV", "One line with the same columns; what a set has no votes for is empty, in JSON null"}};

constexpr std::array item_fields{
    result_field{"index, item", "The row, from 0, and its file, address or FILE:NUMBER"},
    result_field{"given_label, given_name", "Its label, null where the set's labels are absent"},
    result_field{"suggested_label, suggested_name", "What the study's model says"},
    result_field{"location", "Where it is to be found, in --distribution if that is given"},
    result_field{"CSV", "A line for each of them: name, value"}};

constexpr std::array correct_fields{
    result_field{"dataset, policy, library", "The set and the votes that corrected it; the version of labelerrors"},
    result_field{"both, neither, no_agreement", "What was done about such examples: keep, drop or multi_label"},
    result_field{"n, kept", "How many examples there are, and are left"},
    result_field{"decisions", "How many examples came to each: keep, relabel, both, neither, no_agreement; or drop"},
    result_field{"--decisions",
                 "A line of JSON for each checked example: index, item, given_label, guessed_label, votes "
                 "(given, guessed, both, neither, other, neutral, off_topic), decision, corrected_label"},
    result_field{"CSV", "A line for each of them: name, value"}};

constexpr std::array evaluate_fields{
    result_field{"dataset, consensus, subset, confidence", "As chosen"},
    result_field{"n, num_correctable, num_benign", "Examples that models are scored on; corrected ones, all others"},
    result_field{"models",
                 "The best first: platform, model; acc1 and acc5, rank1 and rank5, rank1_tied and rank5_tied, "
                 "acc1_correct and acc5_correct, acc1_interval and acc5_interval by the given labels, and each as "
                 "corrected_... by the corrected ones"},
    result_field{"top1, top5",
                 "How ranks change: kendall_tau_b, concordant_pairs, discordant_pairs, moves (platform, model, rank, "
                 "corrected_rank, places_gained)"},
    result_field{"order_changes",
                 "Pairs of models, a and b, that change order: given and corrected, each only_a_correct, "
                 "only_b_correct, p_value, method (McNemar's test)"},
    result_field{"prevalence",
                 "With --prevalence: models (acc_correctable, acc_benign), prevalence, num_correctable, num_benign, "
                 "draws, seed, coverage"},
    result_field{"curve", "Its points: prevalence, num_benign; of each model accuracy, band, share_best"},
    result_field{"crossover, overtaking, overtaken", "Where the first two change order, and which overtakes which"},
    result_field{"CSV", "A line for each model: accuracies and ranks alone"}};

struct described_result
{
    std::string_view subcommand;
    std::span<const result_field> fields;
};

constexpr std::array descriptions{described_result{"find", find_fields},
                                  described_result{"score", score_fields},
                                  described_result{"count", count_fields},
                                  described_result{"health", health_fields},
                                  described_result{"annotators", annotators_fields},
                                  described_result{"inspect", inspect_fields},
                                  described_result{"datasets", datasets_fields},
                                  described_result{"votes", votes_fields},
                                  described_result{"item", item_fields},
                                  described_result{"correct", correct_fields},
                                  described_result{"evaluate", evaluate_fields}};

[[nodiscard]] std::string text_of(std::span<const result_field> fields, const CLI::App& subcommand)
{
    std::string text = "Result, as JSON:\n";
    for (const auto& field : fields)
        if (field.option == nullptr || subcommand.get_option_no_throw(field.option) != nullptr)
            text += help_line(std::string(field.names), std::string(field.meaning));
    return text;
}

}  // namespace

void describe_results(CLI::App& app)
{
    for (auto* subcommand : app.get_subcommands([](const CLI::App*) { return true; }))
    {
        std::string text;
        for (const auto& [name, fields] : descriptions)
            if (subcommand->get_name() == name)
                text = text_of(fields, *subcommand);
        subcommand->footer(text);
    }
}

}  // namespace program
