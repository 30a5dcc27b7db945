#ifndef LABELERRORS_ROWS_SOFTMAX_ROWS_HPP
#define LABELERRORS_ROWS_SOFTMAX_ROWS_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/rows/reread_costs.hpp>
#include <labelerrors/rows/row_blocks.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace labelerrors
{

/// The rows of another source taken as logits: each becomes exp(x) over the sum of exp(x), computed in double as it is
/// read. Minus infinity becomes the probability 0. A NaN or plus infinity stays what it is in a row of zeros, and so
/// does the first logit of a row of nothing but minus infinity: the algorithms refuse it with its row and column.
template <row_source Source>
class softmax_rows
{
public:
    using value_type = double;

    /// `logits` must outlive this object.
    explicit softmax_rows(const Source& logits) : logits_(&logits)
    {
    }

    explicit softmax_rows(const Source&& logits) = delete;

    [[nodiscard]] std::size_t num_rows() const noexcept
    {
        return logits_->num_rows();
    }

    [[nodiscard]] std::size_t num_columns() const noexcept
    {
        return logits_->num_columns();
    }

    /// Whether what may be needed of a row is better kept than read again.
    [[nodiscard]] bool costly_to_reread() const
    {
        return detail::is_costly_to_reread(*logits_);
    }

    /// See row_elements.
    [[nodiscard]] std::size_t rows_worth_a_read() const
    {
        return detail::rows_worth_a_read(*logits_);
    }

    /// Tells the logits' source which rows are looked at next; see npy_rows::announce.
    void announce(std::size_t first, std::size_t count) const
    {
        detail::announce_rows(*logits_, first, count);
    }

    const double* read(std::size_t first, std::size_t count, std::vector<double>& buffer) const
    {
        const std::size_t k = num_columns();
        std::vector<typename Source::value_type> logits;
        const auto* from = logits_->read(first, count, logits);
        buffer.resize(count * k);
        for (std::size_t i = 0; i < count; ++i)
        {
            const auto* row = from + i * k;
            double* probabilities = buffer.data() + i * k;
            const auto largest = static_cast<double>(*std::max_element(row, row + k));
            double sum = 0.0;
            for (std::size_t j = 0; j < k; ++j)
            {
                probabilities[j] = std::exp(static_cast<double>(row[j]) - largest);
                sum += probabilities[j];
            }
            for (std::size_t j = 0; j < k; ++j)
                probabilities[j] /= sum;
            if (!std::isfinite(sum))
                keep_faults(row, k, probabilities);
        }
        return buffer.data();
    }

private:
    /// What logits that have no probabilities are told by.
    static void keep_faults(const typename Source::value_type* row, std::size_t k, double* probabilities)
    {
        bool any = false;
        for (std::size_t j = 0; j < k; ++j)
        {
            const auto logit = static_cast<double>(row[j]);
            const bool is_fault = std::isnan(logit) || logit > std::numeric_limits<double>::max();
            probabilities[j] = is_fault ? logit : 0.0;
            any = any || is_fault;
        }
        if (!any)
            probabilities[0] = static_cast<double>(row[0]);
    }

    const Source* logits_;
};

}  // namespace labelerrors

#endif
