#ifndef LABELERRORS_EVALUATION_UNIFORM_BELOW_HPP
#define LABELERRORS_EVALUATION_UNIFORM_BELOW_HPP

#include <cstdint>
#include <random>

namespace labelerrors::evaluation
{

/// A whole number below `bound`, each with the same probability, the same on every platform: std::mt19937_64 is fixed
/// by the standard, std::uniform_int_distribution is not.
///
/// `bound`: at least 1. O(1) expected. Source: Lemire 2019, ACM Transactions on Modeling and Computer Simulation 29:3,
/// algorithm 5, on the generator's upper 32 bits.
[[nodiscard]] inline std::uint32_t uniform_below(std::mt19937_64& generator, std::uint32_t bound)
{
    const auto next = [&]
    {
        return (generator() >> 32U) * std::uint64_t{bound};
    };
    std::uint64_t product = next();
    if (static_cast<std::uint32_t>(product) < bound)
    {
        // 2^32 mod bound, so that every number has as many products.
        const std::uint32_t least = (0U - bound) % bound;
        while (static_cast<std::uint32_t>(product) < least)
            product = next();
    }
    return static_cast<std::uint32_t>(product >> 32U);
}

}  // namespace labelerrors::evaluation

#endif
