#ifndef LABELERRORS_MODEL_SOFTMAX_LOSS_HPP
#define LABELERRORS_MODEL_SOFTMAX_LOSS_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/model/multiply.hpp>
#include <labelerrors/model/run_parts.hpp>
#include <labelerrors/rows/work_ranges.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <vector>

namespace labelerrors::detail
{

/// Turns k logits, which have no bias yet, into probabilities and returns the logarithm of their sum of exponentials.
/// Where a logit is so large that it is none, or all are -infinity, the probabilities are NaN and so is what it
/// returns.
template <row_element T>
double to_probabilities(const T* logits, std::span<const double> biases, double* probabilities) noexcept
{
    const std::size_t k = biases.size();
    double largest = static_cast<double>(logits[0]) + biases[0];
    for (std::size_t j = 0; j < k; ++j)
    {
        probabilities[j] = static_cast<double>(logits[j]) + biases[j];
        largest = std::max(largest, probabilities[j]);
    }
    double sum = 0.0;
    for (std::size_t j = 0; j < k; ++j)
        sum += probabilities[j] = std::exp(probabilities[j] - largest);
    for (std::size_t j = 0; j < k; ++j)
        probabilities[j] /= sum;
    return largest + std::log(sum);
}

/// The mean log loss of a softmax of linear functions, plus an L2 penalty, as a function of the weights (d x k, row by
/// row) and the k biases behind them, which are not penalised.
template <class Design>
class softmax_loss
{
public:
    using value_type = typename Design::value_type;

    /// `labels`: n, below k. `example_weights`: n, or none. `penalty`: of half the sum of squared weights. All must
    /// outlive this object.
    softmax_loss(const Design& design, std::span<const std::size_t> labels, std::size_t k,
                 std::span<const double> example_weights, double penalty, std::size_t threads)
        : design_(design), labels_(labels), k_(k), example_weights_(example_weights), penalty_(penalty),
          threads_(threads)
    {
        total_weight_ = example_weights.empty() ? static_cast<double>(labels.size())
                                                : std::accumulate(example_weights.begin(), example_weights.end(), 0.0);
        // Parts of a number that depends on the shape alone, each with a gradient of its own, added up in their order.
        constexpr std::size_t least_work = std::size_t{1} << 20;
        constexpr std::size_t most_entries = std::size_t{1} << 23;
        const std::size_t by_work = design.cost() * k / least_work;
        const std::size_t by_memory = most_entries / (design.num_columns() * k);
        num_parts_ = std::clamp<std::size_t>(std::min({by_work, by_memory, labels.size()}), 1, 16);
    }

    [[nodiscard]] std::size_t num_parameters() const noexcept
    {
        return (design_.num_columns() + 1) * k_;
    }

    /// Fills the gradient and returns the loss.
    double operator()(std::span<const double> parameters, std::span<double> gradient) const
    {
        const std::size_t size = design_.num_columns() * k_;
        const std::vector<value_type> weights(parameters.begin(),
                                              parameters.begin() + static_cast<std::ptrdiff_t>(size));
        std::vector<std::vector<double>> gradients(num_parts_);
        std::vector<double> losses(num_parts_);
        run_parts(num_parts_, threads_,
                  [&](std::size_t part, const std::atomic<bool>&)
                  {
                      gradients[part].assign(num_parameters(), 0.0);
                      losses[part] = add_part(part, weights, parameters.subspan(size), gradients[part]);
                  });
        std::fill(gradient.begin(), gradient.end(), 0.0);
        double loss = 0.0;
        for (std::size_t part = 0; part < num_parts_; ++part)
        {
            loss += losses[part];
            for (std::size_t i = 0; i < gradient.size(); ++i)
                gradient[i] += gradients[part][i];
        }
        double squares = 0.0;
        for (std::size_t i = 0; i < size; ++i)
            squares += parameters[i] * parameters[i];
        for (std::size_t i = 0; i < gradient.size(); ++i)
            gradient[i] = gradient[i] / total_weight_ + (i < size ? penalty_ * parameters[i] : 0.0);
        return loss / total_weight_ + 0.5 * penalty_ * squares;
    }

private:
    /// Adds the gradient of a part's examples and returns their loss.
    [[nodiscard]] double add_part(std::size_t part, const std::vector<value_type>& weights,
                                  std::span<const double> biases, std::vector<double>& gradient) const
    {
        const std::size_t n = design_.num_rows();
        const std::size_t begin = start_of_part(n, num_parts_, part);
        const std::size_t end = start_of_part(n, num_parts_, part + 1);
        const std::size_t size = weights.size();
        const std::size_t step = std::clamp<std::size_t>(most_multiplications / size, 32, 1024);
        typename Design::block rows;
        std::vector<value_type> logits(step * k_);
        std::vector<double> probabilities(k_);
        double loss = 0.0;
        for (std::size_t first = begin; first < end; first += step)
        {
            const std::size_t count = std::min(step, end - first);
            design_.load(first, count, rows);
            design_.multiply_weights(rows, weights.data(), k_, logits.data());
            for (std::size_t i = 0; i < count; ++i)
            {
                value_type* const row = logits.data() + i * k_;
                const std::size_t label = labels_[first + i];
                const double weight = example_weights_.empty() ? 1.0 : example_weights_[first + i];
                const double given = static_cast<double>(row[label]) + biases[label];
                loss += weight * (to_probabilities(row, biases, probabilities.data()) - given);
                for (std::size_t j = 0; j < k_; ++j)
                {
                    const double residual = weight * (probabilities[j] - (j == label ? 1.0 : 0.0));
                    row[j] = static_cast<value_type>(residual);
                    gradient[size + j] += residual;
                }
            }
            design_.add_gradient(rows, logits.data(), k_, gradient.data());
        }
        return loss;
    }

    const Design& design_;
    std::span<const std::size_t> labels_;
    std::size_t k_;
    std::span<const double> example_weights_;
    double penalty_;
    std::size_t threads_;
    double total_weight_;
    std::size_t num_parts_ = 1;
};

}  // namespace labelerrors::detail

#endif
