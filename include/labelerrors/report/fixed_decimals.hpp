#ifndef LABELERRORS_REPORT_FIXED_DECIMALS_HPP
#define LABELERRORS_REPORT_FIXED_DECIMALS_HPP

#include <array>
#include <charconv>
#include <string>

namespace labelerrors::report::detail
{

/// A number with so many decimals, at most 20, whatever the locale and however large it is.
[[nodiscard]] inline std::string fixed_decimals(double value, int decimals)
{
    std::array<char, 340> text{};  // the largest double has 309 digits before its point
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, decimals).ptr;
    return {text.data(), end};
}

}  // namespace labelerrors::report::detail

#endif
