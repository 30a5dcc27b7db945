#ifndef LABELERRORS_CONSENSUS_VOTES_HPP
#define LABELERRORS_CONSENSUS_VOTES_HPP

#include <cstddef>

namespace labelerrors::consensus
{

/// What the people who looked at one example said: for the given label, for the guessed one, for both, for neither, for
/// a third label, or nothing that speaks for one (neutral, off topic). Whatever a file's own words are, it comes down
/// to this.
struct votes
{
    std::size_t given = 0;
    std::size_t guessed = 0;
    std::size_t both = 0;
    std::size_t neither = 0;
    std::size_t other = 0;  // where people named a class (Amazon): one that is neither the given nor the guessed label
    std::size_t neutral = 0;
    std::size_t off_topic = 0;

    friend constexpr bool operator==(const votes&, const votes&) = default;

    /// How many people voted.
    [[nodiscard]] constexpr std::size_t total() const noexcept
    {
        return given + guessed + both + neither + other + neutral + off_topic;
    }
};

/// The votes on an example whose given and guessed label are the same class, from a file that counts each such vote
/// under both: they are votes for the given label, once.
[[nodiscard]] constexpr votes without_double_votes(votes counted) noexcept
{
    counted.given = counted.given > counted.guessed ? counted.given : counted.guessed;
    counted.guessed = 0;
    return counted;
}

}  // namespace labelerrors::consensus

#endif
