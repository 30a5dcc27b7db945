#ifndef LABELERRORS_CORE_LABEL_PAIRS_HPP
#define LABELERRORS_CORE_LABEL_PAIRS_HPP

#include <labelerrors/core/quota_selection.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace labelerrors::detail
{

/// The quotas of prune-by-noise-rate: for each given label the true labels it has a quota for.
struct pair_quotas
{
    struct pair
    {
        std::size_t true_label;
        quota_selection selection;
    };

    std::vector<std::size_t> first;  // k + 1: where the pairs of each given label start
    std::vector<pair> pairs;         // by given label, then by true label

    [[nodiscard]] std::span<pair> of(std::size_t given)
    {
        return {pairs.data() + first[given], first[given + 1] - first[given]};
    }

    /// Merges what is selected of later rows, for the same pairs.
    void merge(pair_quotas&& later)
    {
        for (std::size_t p = 0; p < pairs.size(); ++p)
            pairs[p].selection.merge(std::move(later.pairs[p].selection));
    }
};

/// The pairs that are wanted, with nothing selected. `is_wanted`: one for each pair.
[[nodiscard]] inline pair_quotas quotas_where(pair_quotas quotas, const std::vector<bool>& is_wanted)
{
    pair_quotas wanted;
    wanted.first.push_back(0);
    for (std::size_t given = 0; given + 1 < quotas.first.size(); ++given)
    {
        for (std::size_t p = quotas.first[given]; p < quotas.first[given + 1]; ++p)
            if (is_wanted[p])
            {
                quotas.pairs[p].selection.clear();
                wanted.pairs.push_back(std::move(quotas.pairs[p]));
            }
        wanted.first.push_back(wanted.pairs.size());
    }
    return wanted;
}

/// Which pairs of labels there are, apart from what is selected for them: most selections are not touched by a row.
class label_pairs
{
public:
    /// `first`: k + 1, where the pairs of each given label start. `true_labels`: of each pair, below k, ascending for
    /// each given label.
    label_pairs(std::vector<std::size_t> first, std::vector<std::size_t> true_labels)
        : first_(std::move(first)), true_labels_(std::move(true_labels)), place_(num_classes(), nowhere)
    {
        std::size_t room = 0;
        for (std::size_t given = 0; given < num_classes(); ++given)
            if (has_many(given))
                place_[given] = std::exchange(room, room + num_classes());
        pair_of_column_.assign(room, none);
        for (std::size_t given = 0; given < num_classes(); ++given)
            if (has_many(given))
                for (std::size_t p = begin(given); p < end(given); ++p)
                    pair_of_column_[place_[given] + true_labels_[p]] = static_cast<std::uint32_t>(p - begin(given));
    }

    explicit label_pairs(const pair_quotas& quotas) : label_pairs(quotas.first, true_labels_of(quotas))
    {
    }

    [[nodiscard]] std::size_t num_classes() const noexcept
    {
        return first_.size() - 1;
    }

    [[nodiscard]] std::size_t size() const noexcept
    {
        return true_labels_.size();
    }

    /// The first pair of a given label.
    [[nodiscard]] std::size_t begin(std::size_t given) const noexcept
    {
        return first_[given];
    }

    /// The one behind its last.
    [[nodiscard]] std::size_t end(std::size_t given) const noexcept
    {
        return first_[given + 1];
    }

    [[nodiscard]] std::size_t count(std::size_t given) const noexcept
    {
        return end(given) - begin(given);
    }

    [[nodiscard]] std::size_t true_label(std::size_t pair) const noexcept
    {
        return true_labels_[pair];
    }

    /// Whether a given label has pairs with a good part of the columns, so that memory for every column is O(pairs).
    [[nodiscard]] bool has_many(std::size_t given) const noexcept
    {
        return count(given) > 4 && count(given) * 16 >= num_classes();
    }

    /// The pair of a given label and a column, if there is one. O(1) where the label has many, else O(log pairs).
    [[nodiscard]] std::optional<std::size_t> find(std::size_t given, std::size_t column) const noexcept
    {
        if (place_[given] != nowhere)
        {
            const std::uint32_t at = pair_of_column_[place_[given] + column];
            return at == none ? std::nullopt : std::optional(begin(given) + at);
        }
        const auto* const from = true_labels_.data() + begin(given);
        const auto* const to = true_labels_.data() + end(given);
        const auto* const at = std::lower_bound(from, to, column);
        return at == to || *at != column ? std::nullopt
                                         : std::optional(static_cast<std::size_t>(at - true_labels_.data()));
    }

private:
    static constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();
    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

    [[nodiscard]] static std::vector<std::size_t> true_labels_of(const pair_quotas& quotas)
    {
        std::vector<std::size_t> true_labels(quotas.pairs.size());
        std::transform(quotas.pairs.begin(), quotas.pairs.end(), true_labels.begin(),
                       [](const auto& pair) { return pair.true_label; });
        return true_labels;
    }

    std::vector<std::size_t> first_;
    std::vector<std::size_t> true_labels_;
    std::vector<std::size_t> place_;             // k: where the columns of a label with many pairs start, else nowhere
    std::vector<std::uint32_t> pair_of_column_;  // counted from the label's first
};

}  // namespace labelerrors::detail

#endif
