#ifndef LABELERRORS_CORE_PORTABLE_RANDOM_HPP
#define LABELERRORS_CORE_PORTABLE_RANDOM_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <span>
#include <utility>
#include <vector>

/// Random numbers that are the same on every platform: std::mt19937_64 is fixed by the standard, its distributions are
/// not, and neither are the last bits of the logarithm that many a method takes.
namespace labelerrors::detail
{

/// A number in [0, 1), a multiple of 2^-53.
[[nodiscard]] inline double uniform_real(std::mt19937_64& random)
{
    return static_cast<double>(random() >> 11) * 0x1p-53;
}

/// A number below `bound`, which is at least 1, each as likely as any other.
[[nodiscard]] inline std::uint64_t uniform_below(std::mt19937_64& random, std::uint64_t bound)
{
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    // 2^64 mod bound of the largest numbers have no full set of remainders.
    const std::uint64_t surplus = (most % bound + 1) % bound;
    std::uint64_t number = random();
    while (number > most - surplus)
        number = random();
    return number % bound;
}

/// Moves `count` of the values, at most all, to the front: a sample without replacement, in random order.
template <class T>
void sample_to_front(std::mt19937_64& random, std::span<T> values, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        std::swap(values[i], values[i + static_cast<std::size_t>(uniform_below(random, values.size() - i))]);
}

/// `count` numbers between `least` and `most` that sum to `sum`, without the bounds spread evenly over all such. Needs
/// count * least <= sum <= count * most, count at least 1. What exceeds `most` goes to the others by the room they
/// have.
[[nodiscard]] inline std::vector<double> random_parts(std::mt19937_64& random, std::size_t count, double sum,
                                                      double least, double most)
{
    // The gaps between uniform numbers are evenly spread over all that sum to 1.
    std::vector<double> cuts(count + 1, 1.0);
    cuts.front() = 0.0;
    for (std::size_t i = 1; i < count; ++i)
        cuts[i] = uniform_real(random);
    std::sort(cuts.begin(), cuts.end());
    const double free = std::max(sum - static_cast<double>(count) * least, 0.0);
    std::vector<double> parts(count);
    double excess = 0.0;
    double room = 0.0;
    for (std::size_t i = 0; i < count; ++i)
    {
        parts[i] = least + (cuts[i + 1] - cuts[i]) * free;
        excess += std::max(parts[i] - most, 0.0);
        parts[i] = std::min(parts[i], most);
        room += most - parts[i];
    }
    if (excess > 0.0 && room > 0.0)
        for (double& part : parts)
            part = std::min(part + (most - part) / room * excess, most);
    return parts;
}

}  // namespace labelerrors::detail

#endif
