#ifndef LABELERRORS_CORE_OFF_DIAGONAL_EXAMPLE_HPP
#define LABELERRORS_CORE_OFF_DIAGONAL_EXAMPLE_HPP

#include <cstddef>
#include <cstdint>

namespace labelerrors::detail
{

/// An example counted off the diagonal, in 8 bytes: of large sets there are many.
class off_diagonal_example
{
public:
    static constexpr std::size_t most_classes = std::size_t{1} << 24;
    static constexpr std::uint64_t most_rows = std::uint64_t{1} << 40;

    off_diagonal_example() = default;

    /// `row`: below most_rows. `guess`: the class it was counted in, below most_classes.
    off_diagonal_example(std::size_t row, std::size_t guess) noexcept
        : packed_(std::uint64_t{row} * most_classes + guess)
    {
    }

    [[nodiscard]] std::size_t row() const noexcept
    {
        return static_cast<std::size_t>(packed_ / most_classes);
    }

    [[nodiscard]] std::size_t guess() const noexcept
    {
        return static_cast<std::size_t>(packed_ % most_classes);
    }

private:
    std::uint64_t packed_;
};

}  // namespace labelerrors::detail

#endif
