#ifndef LABELERRORS_PROGRAM_CHECKS_HPP
#define LABELERRORS_PROGRAM_CHECKS_HPP

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <limits>
#include <string>
#include <system_error>
#include <vector>

namespace program
{

// Conditions on the values of options: what is wrong with a text, or nothing. CLI11's own let NaN pass, and tell the
// largest double in 309 digits.
using condition = std::function<std::string(const std::string&)>;

/// What stands between the commas of a text.
[[nodiscard]] inline std::vector<std::string> split_list(const std::string& text)
{
    std::vector<std::string> values;
    for (std::size_t begin = 0; begin <= text.size();)
    {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        values.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return values;
}

/// Whole numbers from `least` to `most`. CLI11 takes 010 for eight, which nobody means who writes it.
[[nodiscard]] inline condition whole_number(std::uint64_t least = 0,
                                            std::uint64_t most = std::numeric_limits<std::uint64_t>::max())
{
    return [=](const std::string& text)
    {
        std::uint64_t number = 0;
        const char* const end = text.data() + text.size();
        const auto read = std::from_chars(text.data(), end, number);
        const bool is_whole = read.ec == std::errc() && read.ptr == end;
        if (is_whole && text.front() == '0' && text.size() > 1)
            return text + " begins with a 0; write " + std::to_string(number);
        if (is_whole && number >= least && number <= most)
            return std::string();
        const bool bounded = most != std::numeric_limits<std::uint64_t>::max();
        return text + " is not a whole number from " + std::to_string(least) +
               (bounded ? " to " + std::to_string(most) : " on");
    };
}

/// Numbers for which `holds(number)`; `what` says which these are.
template <class Holds>
[[nodiscard]] condition number_that(const Holds& holds, const std::string& what)
{
    return [=](const std::string& text)
    {
        char* end = nullptr;
        const double number = std::strtod(text.c_str(), &end);
        return !text.empty() && *end == '\0' && holds(number) ? std::string() : text + " is not " + what;
    };
}

/// For values with commas between them: `each` of every one, of which none may be empty.
[[nodiscard]] inline condition list_of(const condition& each)
{
    return [=](const std::string& text)
    {
        for (const std::string& value : split_list(text))
            if (const auto problem = value.empty() ? text + " has an empty value between commas" : each(value);
                !problem.empty())
                return problem;
        return std::string();
    };
}

/// For --tolerance.
[[nodiscard]] inline condition tolerance_check()
{
    return number_that([](double number) { return number >= 0.0 && number <= 1e9; }, "from 0 to 1e9");
}

/// For --threads.
[[nodiscard]] inline condition threads_check()
{
    return whole_number(0, 1024);
}

}  // namespace program

#endif
