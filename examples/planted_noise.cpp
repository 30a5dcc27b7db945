// How many label errors are found? Errors are planted in labels that are right, by a noise matrix of one's choice, and
// what is found is held against what was planted: here at the shape of CIFAR-10's test set, with a made model that sees
// the true class best in nine of ten examples.
#include <labelerrors/core/core.hpp>
#include <labelerrors/core/noise.hpp>
#include <labelerrors/evaluation/detection_measures.hpp>

#include <cstdint>
#include <iomanip>
#include <iostream>
#include <random>
#include <vector>

int main()
{
    using namespace labelerrors;
    constexpr std::size_t n = 10000;
    constexpr std::size_t k = 10;
    std::mt19937_64 random(2021);
    const auto uniform = [&]  // of the library's own making, to be the same everywhere
    {
        return static_cast<double>(random() >> 11) * 0x1p-53;
    };
    std::vector<int> true_labels(n);
    auto pred_probs = xt::xtensor<double, 2>::from_shape({n, k});
    for (std::size_t i = 0; i < n; ++i)
    {
        true_labels[i] = static_cast<int>(i % k);
        const std::size_t seen = uniform() < 0.9 ? i % k : random() % k;
        double sum = 0.0;
        for (std::size_t j = 0; j < k; ++j)
            sum += pred_probs(i, j) = uniform() + (j == seen ? 1.0 + 20.0 * uniform() : 0.0);
        for (std::size_t j = 0; j < k; ++j)
            pred_probs(i, j) /= sum;
    }

    std::cout << "trace  errors  found  precision  recall     F1  average precision  AUROC  lift at 100\n"
              << std::fixed << std::setprecision(3);
    for (const double trace : {9.5, 9.0, 8.0, 7.0})
    {
        const auto noise = generate_noise_matrix_from_trace(
            k, trace, {.py = std::vector<double>(k, 0.1), .frac_zero_noise_rates = 0.5, .seed = 1});
        const auto labels = generate_noisy_labels(true_labels, noise.value(), {.seed = 2});
        std::vector<std::size_t> errors;
        for (std::size_t i = 0; i < n; ++i)
            if (labels(i) != true_labels[i])
                errors.push_back(i);
        const auto found = evaluation::measure_detection(errors, find_label_issues(labels, pred_probs).indices, n);
        const auto scores = label_quality_scores(labels, pred_probs);
        const auto ranked = evaluation::measure_ranking(errors, scores);
        std::cout << std::setw(5) << std::setprecision(1) << trace << std::setw(8) << found.num_errors << std::setw(7)
                  << found.num_found << std::setprecision(3) << std::setw(11) << found.precision << std::setw(8)
                  << found.recall << std::setw(7) << found.f1 << std::setw(19) << ranked.average_precision
                  << std::setw(7) << ranked.auroc << std::setw(13) << evaluation::lift_at(100, errors, scores) << '\n';
    }
}
