#ifndef LABELERRORS_CORE_CONFIDENCE_SAMPLE_HPP
#define LABELERRORS_CORE_CONFIDENCE_SAMPLE_HPP

#include <labelerrors/core/peers.hpp>
#include <labelerrors/core/pred_probs_check.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace labelerrors::detail
{

/// Accumulator: what the self-confidences in a sample of blocks of rows tell of the mean of each class. Whole numbers,
/// so that their sums over processes are the same on each: the values in units of 2^-10.
class confidence_sample
{
public:
    explicit confidence_sample(std::size_t num_classes) : totals_(num_classes * moments), block_(num_classes)
    {
    }

    void add(std::size_t /*row*/, std::size_t label, double value)
    {
        const auto rounded = static_cast<std::int64_t>(to_probability(value) * unit + 0.5);
        if (block_[label].count == 0)
            in_block_.push_back(label);
        block_[label].count += 1;
        block_[label].sum += rounded;
        totals_[label * moments + square] += rounded * rounded;
    }

    /// What follows is of another block.
    void end_block()
    {
        for (const std::size_t label : in_block_)
        {
            const auto [examples, values] = std::exchange(block_[label], {});
            std::int64_t* const totals = totals_.data() + label * moments;
            totals[count] += examples;
            totals[sum] += values;
            totals[block_square] += values * values;
            totals[block_product] += values * examples;
            totals[block_count_square] += examples * examples;
        }
        in_block_.clear();
    }

    void merge(confidence_sample&& later)
    {
        for (std::size_t i = 0; i < totals_.size(); ++i)
            totals_[i] += later.totals_[i];
    }

    template <peer_processes Peers>
    void add_up_over(const Peers& peers)
    {
        peers.add_up(totals_);
    }

    [[nodiscard]] std::size_t size(std::size_t label) const
    {
        return static_cast<std::size_t>(totals_[label * moments + count]);
    }

    /// The mean self-confidence of a class, of which there is a row, in the sample.
    [[nodiscard]] double mean(std::size_t label) const
    {
        return moment(label, sum) / moment(label, count) / unit;
    }

    /// How far from it the mean of the whole class may be, but for once in some 10,000 times.
    ///
    /// Source: the empirical Bernstein bound of Maurer and Pontil (2009), with a smaller constant in the term that
    /// falls with the sample's size, for a wrong range costs a pass and no more. The variance is that of the rows or
    /// that of the blocks, whichever is larger: rows that are next to each other may be alike.
    [[nodiscard]] double margin(std::size_t label) const
    {
        const double rows = moment(label, count);
        const double center = moment(label, sum) / rows;
        const double of_rows = moment(label, square) - center * moment(label, sum);
        const double of_blocks = moment(label, block_square) - 2.0 * center * moment(label, block_product) +
                                 center * center * moment(label, block_count_square);
        const double error = std::sqrt(std::max({of_rows, of_blocks, 0.0})) / rows / unit;
        return 4.5 * error + 10.0 / rows + 1.0 / unit;
    }

private:
    enum : std::size_t
    {
        count,
        sum,
        square,
        block_square,
        block_product,
        block_count_square,
        moments,
    };

    struct in_one_block
    {
        std::int64_t count = 0;
        std::int64_t sum = 0;
    };

    static constexpr double unit = 0x1p10;

    [[nodiscard]] double moment(std::size_t label, std::size_t which) const
    {
        return static_cast<double>(totals_[label * moments + which]);
    }

    std::vector<std::int64_t> totals_;   // k x moments
    std::vector<in_one_block> block_;    // k
    std::vector<std::size_t> in_block_;  // the labels in the block
};

/// Blocks of rows, one in each of as many equal stretches of all rows, at a place of its own: no period of the labels
/// can hide a class.
class block_sample
{
public:
    /// A sample of some `rows` rows, in blocks of `block_rows`, of `num_rows`, of which they are a small part.
    block_sample(std::size_t num_rows, std::size_t rows, std::size_t block_rows) noexcept
        : num_rows_(num_rows), block_rows_(block_rows), num_blocks_(rows / block_rows)
    {
    }

    [[nodiscard]] std::size_t num_blocks() const noexcept
    {
        return num_blocks_;
    }

    [[nodiscard]] std::size_t block_rows() const noexcept
    {
        return block_rows_;
    }

    [[nodiscard]] std::size_t first_row(std::size_t block) const noexcept
    {
        const std::size_t stretch = num_rows_ / num_blocks_;
        // The multiples of the golden ratio fall evenly between the whole numbers.
        const std::uint64_t fraction = (std::uint64_t{block} * 0x9e3779b97f4a7c15u) >> 40;
        return stretch * block + static_cast<std::size_t>(fraction * (stretch - block_rows_) >> 24);
    }

private:
    std::size_t num_rows_;
    std::size_t block_rows_;
    std::size_t num_blocks_;
};

}  // namespace labelerrors::detail

#endif
