#include <labelerrors/consensus/consensus.hpp>

#include <doctest/doctest.h>

#include <string>

namespace
{

namespace consensus = labelerrors::consensus;
using consensus::decision;
using consensus::votes;

/// A policy of one's own.
struct lenient
{
    [[nodiscard]] decision decide(const votes& cast) const
    {
        return cast.guessed >= 2 && cast.given < 2 ? decision::relabel : decision::keep;
    }

    [[nodiscard]] std::string name() const
    {
        return "lenient";
    }
};

struct nameless
{
    [[nodiscard]] decision decide(const votes& /*cast*/) const
    {
        return decision::keep;
    }
};

static_assert(consensus::policy<consensus::majority>);
static_assert(consensus::policy<consensus::unanimous>);
static_assert(consensus::policy<consensus::at_least_of>);
static_assert(consensus::policy<consensus::plurality>);
static_assert(consensus::policy<lenient>);
static_assert(!consensus::policy<nameless>);
static_assert(!consensus::policy<int>);

}  // namespace

TEST_CASE("a side with three of five votes decides")
{
    CHECK(consensus::majority::decide({.given = 3, .guessed = 2}) == decision::keep);
    CHECK(consensus::majority::decide({.given = 2, .guessed = 3}) == decision::relabel);
    CHECK(consensus::majority::decide({.given = 1, .guessed = 1, .both = 3}) == decision::both);
    CHECK(consensus::majority::decide({.given = 1, .neither = 4}) == decision::neither);
    CHECK(consensus::majority::decide({.given = 2, .guessed = 2, .neither = 1}) == decision::no_agreement);
    CHECK(consensus::majority::name() == "3 of 5");
}

TEST_CASE("people who are neutral or off topic decide nothing, however many they are")
{
    CHECK(consensus::majority::decide({.given = 1, .neutral = 4}) == decision::no_agreement);
    CHECK(consensus::majority::decide({.off_topic = 5}) == decision::no_agreement);
    CHECK(votes{.given = 1, .neutral = 3, .off_topic = 1}.total() == 5);
}

TEST_CASE("votes for a third label count as votes, but are no side")
{
    CHECK(consensus::majority::decide({.given = 1, .other = 4}) == decision::no_agreement);
    CHECK(consensus::plurality{}.decide({.given = 1, .other = 4}) == decision::keep);
    CHECK(votes{.given = 1, .other = 4}.total() == 5);
}

TEST_CASE("unanimous takes five of five and nothing less")
{
    CHECK(consensus::unanimous::decide({.guessed = 5}) == decision::relabel);
    CHECK(consensus::unanimous::decide({.guessed = 4, .neither = 1}) == decision::no_agreement);
    CHECK(consensus::unanimous::name() == "5 of 5");
}

TEST_CASE("the type and its run-time sibling decide alike on every way to cast five votes")
{
    for (std::size_t given = 0; given <= 5; ++given)
        for (std::size_t guessed = 0; given + guessed <= 5; ++guessed)
            for (std::size_t both = 0; given + guessed + both <= 5; ++both)
            {
                const votes cast{
                    .given = given, .guessed = guessed, .both = both, .neither = 5 - given - guessed - both};
                CHECK(consensus::at_least<3, 5>::decide(cast) == consensus::at_least_of{3, 5}.decide(cast));
                CHECK(consensus::at_least<4, 5>::decide(cast) == consensus::at_least_of{4, 5}.decide(cast));
                CHECK(consensus::at_least<5, 5>::decide(cast) == consensus::at_least_of{5, 5}.decide(cast));
                // Whoever has four has three.
                if (consensus::at_least<4, 5>::decide(cast) != decision::no_agreement)
                    CHECK(consensus::at_least<3, 5>::decide(cast) == consensus::at_least<4, 5>::decide(cast));
            }
}

TEST_CASE("where few votes are needed the larger side decides and equal sides do not")
{
    CHECK(consensus::at_least<1, 5>::decide({.given = 1, .guessed = 3}) == decision::relabel);
    CHECK(consensus::at_least<1, 5>::decide({.given = 2, .guessed = 2}) == decision::no_agreement);
    CHECK(consensus::at_least<1, 5>::decide({.given = 1, .guessed = 1, .both = 2}) == decision::both);
    CHECK(consensus::at_least<1, 5>::decide({}) == decision::no_agreement);
}

TEST_CASE("a plurality decides with the most votes, and a tie goes by the stated rule")
{
    using consensus::plurality;
    using consensus::tie_rule;
    CHECK(plurality{}.decide({.given = 1, .guessed = 2, .neutral = 2}) == decision::relabel);
    CHECK(plurality{}.decide({.given = 2, .guessed = 2, .neither = 1}) == decision::no_agreement);
    CHECK(plurality{tie_rule::keep_given}.decide({.given = 2, .guessed = 2, .neither = 1}) == decision::keep);
    CHECK(plurality{tie_rule::keep_given}.decide({.given = 1, .guessed = 2, .neither = 2}) == decision::no_agreement);
    CHECK(plurality{tie_rule::keep_given}.decide({.neutral = 5}) == decision::no_agreement);
    CHECK(plurality{}.name() == "plurality");
    CHECK(plurality{tie_rule::keep_given}.name() == "plurality, ties keep the given label");
}

TEST_CASE("a plurality without the given label decides the same whatever becomes of ties")
{
    const consensus::plurality ties_keep_given{consensus::tie_rule::keep_given};
    CHECK(ties_keep_given.decide({.given = 2, .guessed = 3}) == decision::relabel);
    CHECK(ties_keep_given.decide({.given = 2, .guessed = 1, .both = 3}) == decision::both);
    CHECK(ties_keep_given.decide({.given = 2, .guessed = 2, .both = 1, .neither = 3}) == decision::neither);
    CHECK(ties_keep_given.decide({.given = 1, .both = 2, .neither = 2}) == decision::no_agreement);
    CHECK(ties_keep_given.decide({.given = 3, .guessed = 2}) == decision::keep);
}

TEST_CASE("votes that stand under both labels of one class are votes for the given label, once")
{
    const auto ten = consensus::without_double_votes({.given = 5, .guessed = 5});
    CHECK(ten == votes{.given = 5});
    CHECK(ten.total() == 5);
    CHECK(consensus::majority::decide(ten) == decision::keep);
    CHECK(consensus::without_double_votes({.given = 4, .guessed = 4, .neither = 1}).total() == 5);
    CHECK(consensus::without_double_votes({.given = 1, .guessed = 3, .both = 1}) == votes{.given = 3, .both = 1});
}

TEST_CASE("decisions have the words that files have")
{
    CHECK(consensus::name_of(decision::keep) == "keep");
    CHECK(consensus::name_of(decision::no_agreement) == "no_agreement");
}

TEST_CASE("a side that nobody is for decides nothing, however few votes are needed")
{
    CHECK(consensus::at_least_of{0, 5}.decide({}) == consensus::decision::no_agreement);
    CHECK(consensus::at_least_of{0, 5}.decide({.given = 1}) == consensus::decision::keep);
    CHECK(consensus::at_least_of{6, 5}.decide({.given = 5}) == consensus::decision::no_agreement);
}
