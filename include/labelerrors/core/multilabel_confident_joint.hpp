#ifndef LABELERRORS_CORE_MULTILABEL_CONFIDENT_JOINT_HPP
#define LABELERRORS_CORE_MULTILABEL_CONFIDENT_JOINT_HPP

#include <labelerrors/core/calibrate_confident_joint.hpp>
#include <labelerrors/core/confident_joint.hpp>
#include <labelerrors/core/exact_sum.hpp>
#include <labelerrors/core/label_set_rows.hpp>
#include <labelerrors/core/peers.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace labelerrors
{

/// The confident joints of k questions, one a class: does the example have it, by its labels and by the model?
struct multilabel_confident_joint_result
{
    xt::xtensor<std::int64_t, 3> confident_joint;  // k x 2 x 2 counts: class, given (0: no, 1: yes), guessed true
    xt::xtensor<double, 2> thresholds;             // k x 2: of 1 - p where the class is not given, of p where it is
    xt::xtensor<std::size_t, 1> class_counts;      // k: examples given each class
};

/// Counts, for each class by itself, the examples given it or not that the model confidently sees with it or without.
///
/// Each class is a question with the probabilities 1 - p and p, to which the rules of compute_confident_joint apply.
/// `labels`: n sets of classes, 0 .. k - 1, or n x k zeros and ones; sets may be empty. `pred_probs`: n x k
/// probabilities, any source of rows, each independent of the others: rows need not sum to 1.
/// Throws shape_error and value_error as check_label_sets, and value_error for a probability that is not finite or
/// outside [0, 1]. O(n k) time in two passes, O(k) memory a thread.
/// Source: cleanlab.count.compute_confident_joint with multi_label. Differs from cleanlab: a class that every example
/// has, or none, is no error.
template <label_set_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] multilabel_confident_joint_result
compute_multilabel_confident_joint(const Labels& labels, const PredProbs& pred_probs,
                                   const confident_joint_options& options = {});

/// The joint distributions of given and true answers, one a class: the calibrated confident joints over their sums.
/// Returns k x 2 x 2 probabilities. Throws and costs as compute_multilabel_confident_joint.
/// Source: cleanlab.count.estimate_joint with multi_label.
template <label_set_sequence Labels, probability_matrix PredProbs>
[[nodiscard]] xt::xtensor<double, 3> estimate_multilabel_joint(const Labels& labels, const PredProbs& pred_probs,
                                                               const pass_options& options = {});

namespace detail
{

/// The two numbers of examples that a class divides the set into: without it, with it.
[[nodiscard]] inline std::array<std::size_t, 2> answer_counts(const class_sets& labels, std::size_t j)
{
    return {labels.num_counted - labels.class_counts[j], labels.class_counts[j]};
}

/// Cells: the sums of the self-confidences of each class's two answers.
struct answer_sums
{
    std::vector<exact_sum> absent;   // k, of 1 - p
    std::vector<exact_sum> present;  // k, of p
    term_count terms = {};

    void add(const label_set_row& row)
    {
        terms.expect(2, absent, present);
        for (std::size_t j = 0; j < absent.size(); ++j)
            absent[j].add(1.0 - row.pred_probs[j]);
        for (const std::uint32_t j : row.labels)
        {
            // Sums are exact: what was added too much is taken back without a trace.
            absent[j].add(-(1.0 - row.pred_probs[j]));
            present[j].add(row.pred_probs[j]);
        }
    }

    void merge(answer_sums&& later)
    {
        for (std::size_t j = 0; j < absent.size(); ++j)
        {
            absent[j].merge(later.absent[j]);
            present[j].merge(later.present[j]);
        }
    }
};

/// The thresholds of both answers, class by class: 2 k.
template <row_source Source, peer_processes Peers = alone>
[[nodiscard]] std::vector<double> answer_thresholds(const Source& source, const class_sets& labels,
                                                    const pass_options& options, const char* function,
                                                    const Peers& peers = {})
{
    const std::size_t k = labels.num_classes();
    auto sums = scan_label_sets(source, labels, "thresholds",
                                answer_sums{std::vector<exact_sum>(k), std::vector<exact_sum>(k)}, options, function);
    add_up(peers, sums.absent);
    add_up(peers, sums.present);
    std::vector<double> thresholds(2 * k);
    for (std::size_t j = 0; j < k; ++j)
    {
        const auto counts = answer_counts(labels, j);
        const std::array totals{sums.absent[j].value(), sums.present[j].value()};
        for (std::size_t answer = 0; answer < 2; ++answer)
            thresholds[2 * j + answer] =
                counts[answer] == 0 ? missing_class_threshold
                                    : std::max(totals[answer] / static_cast<double>(counts[answer]), least_threshold);
    }
    return thresholds;
}

/// The answers that the model might be confident in: none, or the one it is taken for.
struct confident_answer
{
    bool any;
    bool present;
};

/// What the model confidently answers, by bounds that are the thresholds less 1e-6.
[[nodiscard]] inline confident_answer answer_of(double p, double absent_bound, double present_bound) noexcept
{
    const double absent = 1.0 - p;
    const bool sees_absent = absent >= absent_bound;
    const bool sees_present = p >= present_bound;
    return {sees_absent || sees_present, sees_present && (!sees_absent || p > absent)};
}

/// Whether the model contradicts a given answer: it does not win even when its probability is raised by 1e-6.
[[nodiscard]] inline bool contradicts(double p, bool given) noexcept
{
    constexpr double bump = 1e-6;
    const double absent = 1.0 - p;
    // Of equals the first, "absent", wins.
    return given ? p + bump <= absent : absent + bump < p;
}

/// Cells: counts each class's answers, and keeps the examples of each class that are counted off the diagonal and that
/// the model contradicts, where they are asked for.
struct answer_joints
{
    enum class keeping
    {
        counts,
        rows,
    };

    std::vector<double> bounds;                       // 2 k: thresholds less 1e-6
    std::vector<std::array<std::int64_t, 4>> counts;  // k: given, guessed
    keeping keep = keeping::counts;
    std::vector<std::vector<std::size_t>> flagged = {};  // k, where rows are kept

    void add(const label_set_row& row)
    {
        for (std::size_t j = 0; j < counts.size(); ++j)
        {
            const double p = row.pred_probs[j];
            const auto answer = answer_of(p, bounds[2 * j], bounds[2 * j + 1]);
            if (!answer.any)
                continue;
            const bool given = row.given[j] != 0;
            ++counts[j][(given ? 2u : 0u) + (answer.present ? 1u : 0u)];
            if (keep == keeping::rows && given != answer.present && contradicts(p, given))
                flagged[j].push_back(row.index);
        }
    }

    void merge(answer_joints&& later)
    {
        for (std::size_t j = 0; j < counts.size(); ++j)
            for (std::size_t cell = 0; cell < 4; ++cell)
                counts[j][cell] += later.counts[j][cell];
        for (std::size_t j = 0; j < flagged.size(); ++j)
            flagged[j].insert(flagged[j].end(), later.flagged[j].begin(), later.flagged[j].end());
    }

    /// The joint of one class, its diagonal at least 1.
    [[nodiscard]] xt::xtensor<std::int64_t, 2> joint(std::size_t j) const
    {
        auto matrix = xt::xtensor<std::int64_t, 2>::from_shape({2, 2});
        for (std::size_t cell = 0; cell < 4; ++cell)
            matrix(cell / 2, cell % 2) =
                cell == 0 || cell == 3 ? std::max<std::int64_t>(counts[j][cell], 1) : counts[j][cell];
        return matrix;
    }
};

/// The pass that counts, with thresholds that are known.
template <row_source Source, peer_processes Peers = alone>
[[nodiscard]] answer_joints count_answers(const Source& source, const class_sets& labels,
                                          std::span<const double> thresholds, answer_joints::keeping keep,
                                          const pass_options& options, const char* function, const Peers& peers = {})
{
    answer_joints empty{std::vector<double>(thresholds.begin(), thresholds.end()),
                        std::vector<std::array<std::int64_t, 4>>(labels.num_classes()), keep};
    for (double& bound : empty.bounds)
        bound -= threshold_slack;
    if (keep == answer_joints::keeping::rows)
        empty.flagged.resize(labels.num_classes());
    auto counted = scan_label_sets(source, labels, "confident joint", std::move(empty), options, function);
    std::vector<std::int64_t> numbers;
    for (const auto& cells : counted.counts)
        numbers.insert(numbers.end(), cells.begin(), cells.end());
    peers.add_up(numbers);
    for (std::size_t i = 0; i < numbers.size(); ++i)
        counted.counts[i / 4][i % 4] = numbers[i];
    return counted;
}

/// What compute_multilabel_confident_joint gives.
template <row_source Source, peer_processes Peers = alone>
[[nodiscard]] multilabel_confident_joint_result answer_joints_of(const Source& source, const class_sets& labels,
                                                                 const confident_joint_options& options,
                                                                 const char* function, const Peers& peers = {})
{
    const std::size_t k = labels.num_classes();
    const auto passes = pass_options_of(options);
    const auto thresholds = answer_thresholds(source, labels, passes, function, peers);
    const auto counted =
        count_answers(source, labels, thresholds, answer_joints::keeping::counts, passes, function, peers);
    multilabel_confident_joint_result result{xt::xtensor<std::int64_t, 3>::from_shape({k, 2, 2}),
                                             xt::xtensor<double, 2>::from_shape({k, 2}),
                                             to_xtensor(labels.class_counts)};
    std::copy(thresholds.begin(), thresholds.end(), result.thresholds.begin());
    for (std::size_t j = 0; j < k; ++j)
    {
        auto joint = counted.joint(j);
        if (options.calibrate == calibration::to_label_counts)
            joint = calibrate_confident_joint(joint, answer_counts(labels, j), summation_order::by_columns);
        std::copy(joint.begin(), joint.end(), &result.confident_joint(j, 0, 0));
    }
    return result;
}

/// Confident joints as shares of their sums.
[[nodiscard]] inline xt::xtensor<double, 3> answer_shares(const xt::xtensor<std::int64_t, 3>& joint)
{
    auto result = xt::xtensor<double, 3>::from_shape({joint.shape()[0], 2, 2});
    for (std::size_t j = 0; j < joint.shape()[0]; ++j)
    {
        const std::int64_t* counts = &joint(j, 0, 0);
        const auto total = static_cast<double>(counts[0] + counts[1] + counts[2] + counts[3]);
        for (std::size_t cell = 0; cell < 4; ++cell)
            result(j, cell / 2, cell % 2) = static_cast<double>(counts[cell]) / std::max(total, tiny);
    }
    return result;
}

}  // namespace detail

template <label_set_sequence Labels, probability_matrix PredProbs>
multilabel_confident_joint_result compute_multilabel_confident_joint(const Labels& labels, const PredProbs& pred_probs,
                                                                     const confident_joint_options& options)
{
    constexpr const char* function = "compute_multilabel_confident_joint";
    return detail::with_checked_sets(labels, pred_probs, options.tolerance, function,
                                     [&](const auto& rows, const class_sets& sets)
                                     { return detail::answer_joints_of(rows, sets, options, function); });
}

template <label_set_sequence Labels, probability_matrix PredProbs>
xt::xtensor<double, 3> estimate_multilabel_joint(const Labels& labels, const PredProbs& pred_probs,
                                                 const pass_options& options)
{
    constexpr const char* function = "estimate_multilabel_joint";
    const auto calibrated = detail::joint_options(calibration::to_label_counts, options);
    return detail::with_checked_sets(
        labels, pred_probs, options.tolerance, function,
        [&](const auto& rows, const class_sets& sets)
        { return detail::answer_shares(detail::answer_joints_of(rows, sets, calibrated, function).confident_joint); });
}

}  // namespace labelerrors

#endif
