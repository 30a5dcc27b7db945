#ifndef LABELERRORS_CONSENSUS_POLICY_HPP
#define LABELERRORS_CONSENSUS_POLICY_HPP

#include <labelerrors/consensus/votes.hpp>

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

namespace labelerrors::consensus
{

/// What the votes on an example come to.
enum class decision
{
    keep,          // the given label stands
    relabel,       // the guessed label takes its place
    both,          // both labels are right
    neither,       // neither label is right
    no_agreement,  // the policy finds no winner
};

/// The word for a decision, as files have it.
[[nodiscard]] constexpr std::string_view name_of(decision what) noexcept
{
    constexpr std::string_view names[] = {"keep", "relabel", "both", "neither", "no_agreement"};
    return names[static_cast<std::size_t>(what)];
}

/// How votes become a decision. A policy is a value with two members; one of one's own that trusts the guess more:
///
///     struct lenient
///     {
///         consensus::decision decide(const consensus::votes& votes) const
///         {
///             return votes.guessed >= 2 && votes.given < 2 ? consensus::decision::relabel : consensus::decision::keep;
///         }
///         std::string name() const { return "lenient"; }
///     };
template <class P>
concept policy = requires(const P& p, const votes& cast)
{
    {
        p.decide(cast)
        } -> std::same_as<decision>;
    {
        p.name()
        } -> std::convertible_to<std::string>;
};

/// The side that has at least so many votes decides. Its run-time form; at_least<K, N> below is its type.
///
/// With needed > asked / 2 no two sides can both have that many; with fewer the larger side decides, and of equal ones
/// none, and a side without a vote never does. `needed` is from 1 to `asked`, as at_least<K, N> sees to when it is
/// compiled: more than come to vote decide nothing. `asked` is how many people were meant to vote: it names the policy,
/// but votes that came short are still counted as they are, and where fewer than `needed` came, none decides. Votes for
/// a third label are no side, as in the published study: nobody was asked whether neither is right, and several labels
/// may share them.
struct at_least_of
{
    std::size_t needed = 3;
    std::size_t asked = 5;

    [[nodiscard]] constexpr decision decide(const votes& cast) const noexcept
    {
        struct side
        {
            std::size_t count;
            decision what;
        };
        const side sides[] = {{cast.given, decision::keep},
                              {cast.guessed, decision::relabel},
                              {cast.both, decision::both},
                              {cast.neither, decision::neither}};
        side best{0, decision::no_agreement};  // a side without a vote is no better
        for (const side& one : sides)
            if (one.count >= needed && one.count >= best.count)
                best = {one.count, one.count == best.count ? decision::no_agreement : one.what};
        return best.what;
    }

    [[nodiscard]] std::string name() const
    {
        return std::to_string(needed) + " of " + std::to_string(asked);
    }
};

/// K of N votes decide, K from 1 to N.
template <std::size_t K, std::size_t N>
    requires(K >= 1 && K <= N)
struct at_least
{
    [[nodiscard]] static constexpr decision decide(const votes& cast) noexcept
    {
        return at_least_of{K, N}.decide(cast);
    }

    [[nodiscard]] static std::string name()
    {
        return at_least_of{K, N}.name();
    }
};

/// 3 of 5, as the published study.
using majority = at_least<3, 5>;

/// 5 of 5.
using unanimous = at_least<5, 5>;

/// What becomes of a plurality that two sides share.
enum class tie_rule
{
    no_agreement,
    keep_given,  // the given label stands if it is among them; else no agreement
};

/// The side with the most votes decides, however few. People who are neutral, off topic or for a third label are not a
/// side.
struct plurality
{
    tie_rule ties = tie_rule::no_agreement;

    [[nodiscard]] constexpr decision decide(const votes& cast) const noexcept
    {
        const bool given_leads =
            cast.given > 0 && cast.given >= cast.guessed && cast.given >= cast.both && cast.given >= cast.neither;
        return ties == tie_rule::keep_given && given_leads ? decision::keep : at_least_of{1, 1}.decide(cast);
    }

    [[nodiscard]] std::string name() const
    {
        return ties == tie_rule::keep_given ? "plurality, ties keep the given label" : "plurality";
    }
};

}  // namespace labelerrors::consensus

#endif
