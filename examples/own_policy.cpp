// A consensus policy of one's own: a majority of those who took a side, however many were neutral.
#include <labelerrors/consensus/consensus.hpp>
#include <labelerrors/corrections/corrections.hpp>

#include <iostream>
#include <vector>

namespace consensus = labelerrors::consensus;

struct majority_of_sides
{
    [[nodiscard]] consensus::decision decide(const consensus::votes& votes) const
    {
        const std::size_t sides = votes.given + votes.guessed + votes.both + votes.neither;
        return consensus::at_least_of{sides / 2 + 1, 5}.decide(votes);
    }
    [[nodiscard]] std::string name() const
    {
        return "majority of those who took a side";
    }
};

struct reviewed
{
    std::size_t row, given_label, guessed_label;
    consensus::votes votes;
};

int main()
{
    const std::vector<int> labels{0, 1, 1, 0};
    const std::vector<reviewed> checked{{1, 1, 0, {.given = 0, .guessed = 2, .neutral = 3}},
                                        {2, 1, 0, {.given = 3, .guessed = 2}}};
    const auto show = [&](const auto& policy)
    {
        const auto corrected = labelerrors::corrections::correct_labels(std::span(labels), checked, policy);
        std::cout << policy.name() << ':';
        for (const auto label : corrected.labels)
            std::cout << ' ' << label;
        std::cout << '\n';
    };
    show(consensus::majority{});
    show(majority_of_sides{});
}
