#ifndef LABELERRORS_CORE_QUOTA_SELECTION_HPP
#define LABELERRORS_CORE_QUOTA_SELECTION_HPP

#include <labelerrors/core/sort_all.hpp>
#include <labelerrors/rows/large_vector.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace labelerrors::detail
{

/// Keeps the `quota` examples with the largest keys it is shown, of equal keys those with the lowest index, in memory
/// of the order of the quota.
class quota_selection
{
public:
    struct candidate
    {
        double key;
        std::size_t index;
    };

    explicit quota_selection(std::size_t quota = 0) : quota_(quota)
    {
    }

    void add(double key, std::size_t index)
    {
        const candidate shown{key, index};
        if (quota_ == 0 || (bounded_ && !before(shown, bound_)))
            return;
        if (quota_ <= most_sorted)
            return insert(shown);
        // Room for all of a large quota at once: memory that is not used is never touched, and none is copied.
        if (kept_.capacity() == 0 && quota_ > 4096)
            kept_.reserve(2 * quota_ + 16);
        kept_.push_back(shown);
        if (kept_.size() >= 2 * quota_ + 16)
            cut();
    }

    /// A key must be above this one to be kept, if it belongs to an index above all that were shown so far.
    [[nodiscard]] double key_to_exceed() const noexcept
    {
        constexpr double infinity = std::numeric_limits<double>::infinity();
        return quota_ == 0 ? infinity : bounded_ ? bound_.key : -infinity;
    }

    void merge(quota_selection other)
    {
        if (kept_.empty() && !bounded_)
            return std::swap(*this, other);
        if (quota_ > most_sorted)
            // Cut when it is next asked: the selections of all pairs can be cut at the same time.
            kept_.insert(kept_.end(), other.kept_.begin(), other.kept_.end());
        else
            for (const auto& kept : other.kept_)
                add(kept.key, kept.index);
    }

    /// Leaves no more than the quota in memory. O(kept).
    void cut()
    {
        if (kept_.size() <= quota_)
            return;
        const auto last = kept_.begin() + static_cast<std::ptrdiff_t>(quota_ - 1);
        std::nth_element(kept_.begin(), last, kept_.end(), before);
        bound_ = *last;
        bounded_ = true;
        kept_.resize(quota_);
    }

    void clear()
    {
        kept_.clear();
        bounded_ = false;
    }

    [[nodiscard]] std::size_t quota() const noexcept
    {
        return quota_;
    }

    /// The smallest key within the quota; minus infinity where nothing was kept.
    [[nodiscard]] double smallest_key()
    {
        cut();
        double key = kept_.empty() ? -std::numeric_limits<double>::infinity() : kept_.front().key;
        for (const auto& kept : kept_)
            key = std::min(key, kept.key);
        return key;
    }

    /// How many examples are kept, at most the quota.
    [[nodiscard]] std::size_t size() const noexcept
    {
        return std::min(kept_.size(), quota_);
    }

    /// The examples that are kept, the best first.
    [[nodiscard]] std::span<const candidate> sorted()
    {
        cut();
        std::sort(kept_.begin(), kept_.end(), before);
        return kept_;
    }

    /// Keeps only the first `count` of those that `sorted` gave. No more can be added.
    void keep_first(std::size_t count)
    {
        kept_.resize(count);
    }

    template <class Indices>
    void append_indices_to(Indices& indices)
    {
        cut();
        for (const auto& kept : kept_)
            indices.push_back(kept.index);
    }

private:
    // Quotas up to this one are kept in order, so that what is no longer wanted is known after each addition.
    static constexpr std::size_t most_sorted = 64;

    [[nodiscard]] static bool before(const candidate& a, const candidate& b) noexcept
    {
        return a.key != b.key ? a.key > b.key : a.index < b.index;
    }

    void insert(const candidate& shown)
    {
        if (bounded_)
            kept_.pop_back();
        kept_.insert(std::upper_bound(kept_.begin(), kept_.end(), shown, before), shown);
        if (kept_.size() < quota_)
            return;
        bound_ = kept_.back();
        bounded_ = true;
    }

    std::size_t quota_;
    large_vector<candidate> kept_;
    candidate bound_{};
    bool bounded_ = false;
};

/// Merges selections of later examples into those of the same quotas.
inline void merge_each(std::vector<quota_selection>& selections, std::vector<quota_selection>&& later)
{
    for (std::size_t i = 0; i < selections.size(); ++i)
        selections[i].merge(std::move(later[i]));
}

/// What two ascending lists share.
[[nodiscard]] inline large_vector<std::size_t> intersection(std::span<const std::size_t> a,
                                                            std::span<const std::size_t> b)
{
    // Without a branch: which list goes on cannot be predicted.
    large_vector<std::size_t> shared(std::min(a.size(), b.size()) + 1);
    std::size_t count = 0;
    for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();)
    {
        const std::size_t of_a = a[i];
        const std::size_t of_b = b[j];
        shared[count] = of_a;
        count += of_a == of_b ? 1u : 0u;
        i += of_a <= of_b ? 1u : 0u;
        j += of_b <= of_a ? 1u : 0u;
    }
    shared.resize(count);
    return shared;
}

/// Ascending and without repetition. O(m log m), or O(m) where the m indices are a good part of those there are.
template <class Indices>
void sort_unique(Indices& indices)
{
    if (std::adjacent_find(indices.begin(), indices.end(), std::greater_equal<>()) == indices.end())
        return;
    const std::size_t words = *std::max_element(indices.begin(), indices.end()) / 64 + 1;
    if (words > 4 * indices.size())
    {
        sort_all(std::span(indices));
        indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
        return;
    }
    std::vector<std::uint64_t> taken(words);
    for (const std::size_t index : indices)
        taken[index / 64] |= std::uint64_t{1} << (index % 64);
    std::size_t count = 0;
    for (std::size_t word = 0; word < words; ++word)
        for (std::uint64_t bits = taken[word]; bits != 0; bits &= bits - 1)
            indices[count++] = word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
    indices.resize(count);
}

}  // namespace labelerrors::detail

#endif
