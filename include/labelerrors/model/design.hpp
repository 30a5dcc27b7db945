#ifndef LABELERRORS_MODEL_DESIGN_HPP
#define LABELERRORS_MODEL_DESIGN_HPP

#include <labelerrors/concepts.hpp>
#include <labelerrors/model/column_scaling.hpp>
#include <labelerrors/model/multiply.hpp>
#include <labelerrors/model/sparse_features.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

// The features of a linear model, block by block: the two products that learning takes, for dense and sparse ones.
namespace labelerrors::detail
{

/// Scaled rows of a dense matrix, a block at a time. All sums are of type T within a block, and double between blocks.
template <row_source Source>
class dense_design
{
public:
    using value_type = typename Source::value_type;

    /// Some rows, and the memory that they are read and scaled into; one a thread.
    struct block
    {
        std::size_t num_rows = 0;
        const value_type* values = nullptr;
        std::vector<value_type> read;
        std::vector<value_type> scaled;
        std::vector<value_type> product;
    };

    dense_design(const Source& rows, const column_scaling& scaling)
        : rows_(rows), means_(scaling.means.begin(), scaling.means.end()),
          inverse_deviations_(scaling.inverse_deviations.begin(), scaling.inverse_deviations.end())
    {
    }

    [[nodiscard]] std::size_t num_rows() const noexcept
    {
        return rows_.num_rows();
    }

    [[nodiscard]] std::size_t num_columns() const noexcept
    {
        return rows_.num_columns();
    }

    /// Multiplications that a pass takes for each class.
    [[nodiscard]] std::size_t cost() const noexcept
    {
        return num_rows() * num_columns();
    }

    void load(std::size_t first, std::size_t count, block& rows) const
    {
        const std::size_t d = num_columns();
        rows.num_rows = count;
        rows.values = rows_.read(first, count, rows.read);
        if (means_.empty())
            return;
        rows.scaled.resize(count * d);
        for (std::size_t i = 0; i < count; ++i)
        {
            const value_type* const from = rows.values + i * d;
            value_type* const to = rows.scaled.data() + i * d;
            for (std::size_t j = 0; j < d; ++j)
                to[j] = (from[j] - means_[j]) * inverse_deviations_[j];
        }
        rows.values = rows.scaled.data();
    }

    /// logits (rows x k) = rows * weights (d x k).
    void multiply_weights(const block& rows, const value_type* weights, std::size_t k, value_type* logits) const
    {
        const std::size_t d = num_columns();
        multiply<value_type>(rows.num_rows, k, d, {rows.values, d}, {weights, k}, {logits, k});
    }

    /// gradient (d x k) += rows' * residuals (rows x k).
    void add_gradient(block& rows, const value_type* residuals, std::size_t k, double* gradient) const
    {
        const std::size_t d = num_columns();
        rows.product.resize(d * k);
        multiply_transposed<value_type>(d, k, rows.num_rows, {rows.values, d}, {residuals, k},
                                        {rows.product.data(), k});
        for (std::size_t i = 0; i < d * k; ++i)
            gradient[i] += static_cast<double>(rows.product[i]);
    }

private:
    const Source& rows_;
    std::vector<value_type> means_;
    std::vector<value_type> inverse_deviations_;
};

/// Rows of sparse features, as they are.
template <row_element T>
class sparse_design
{
public:
    using value_type = T;

    struct block
    {
        std::size_t first_row = 0;
        std::size_t num_rows = 0;
    };

    explicit sparse_design(const sparse_features<T>& features) noexcept : features_(features)
    {
    }

    [[nodiscard]] std::size_t num_rows() const noexcept
    {
        return features_.num_rows();
    }

    [[nodiscard]] std::size_t num_columns() const noexcept
    {
        return features_.num_columns;
    }

    [[nodiscard]] std::size_t cost() const noexcept
    {
        return features_.values.size();
    }

    void load(std::size_t first, std::size_t count, block& rows) const noexcept
    {
        rows = {first, count};
    }

    void multiply_weights(const block& rows, const T* weights, std::size_t k, T* logits) const noexcept
    {
        std::fill(logits, logits + rows.num_rows * k, T{0});
        for_each_value(rows,
                       [&](std::size_t i, std::size_t column, T value)
                       {
                           for (std::size_t j = 0; j < k; ++j)
                               logits[i * k + j] += value * weights[column * k + j];
                       });
    }

    void add_gradient(const block& rows, const T* residuals, std::size_t k, double* gradient) const noexcept
    {
        for_each_value(rows,
                       [&](std::size_t i, std::size_t column, T value)
                       {
                           for (std::size_t j = 0; j < k; ++j)
                               gradient[column * k + j] += static_cast<double>(value * residuals[i * k + j]);
                       });
    }

private:
    template <class Use>
    void for_each_value(const block& rows, const Use& use) const noexcept
    {
        for (std::size_t i = 0; i < rows.num_rows; ++i)
            for (std::size_t at = features_.row_starts[rows.first_row + i];
                 at < features_.row_starts[rows.first_row + i + 1]; ++at)
                use(i, features_.columns[at], features_.values[at]);
    }

    const sparse_features<T>& features_;
};

}  // namespace labelerrors::detail

#endif
