#ifndef LABELERRORS_DISTRIBUTED_AGREEMENT_HPP
#define LABELERRORS_DISTRIBUTED_AGREEMENT_HPP

#include <labelerrors/distributed/messages.hpp>
#include <labelerrors/distributed/process_group.hpp>
#include <labelerrors/error.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <new>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace labelerrors::distributed
{

/// What errors have in common that all processes of a group throw alike: who catches one knows that no other process
/// waits for this one.
struct agreed_failure
{
};

/// Such an error: an Error as any other. A program may throw one too, where all of its processes do.
template <class Error>
struct agreed : Error, agreed_failure
{
    using Error::Error;
};

namespace detail
{

/// An error that can travel.
struct described_error
{
    enum class kind : std::uint8_t
    {
        shape,
        value,
        io,
        format,
        other,
    };

    kind what_kind = kind::other;
    std::string text;      // without the path
    std::string path;      // of io and format
    std::size_t byte = 0;  // of format
};

[[nodiscard]] inline described_error describe_error(const std::exception_ptr& error)
{
    using kind = described_error::kind;
    // "FILE: problem" and "FILE: byte N: problem".
    const auto after = [](const std::string& text, const std::string& start)
    {
        return text.starts_with(start) ? text.substr(start.size()) : text;
    };
    try
    {
        std::rethrow_exception(error);
    }
    catch (const shape_error& failed)
    {
        return {kind::shape, failed.what(), {}, 0};
    }
    catch (const value_error& failed)
    {
        return {kind::value, failed.what(), {}, 0};
    }
    catch (const io_error& failed)
    {
        return {kind::io, after(failed.what(), failed.path() + ": "), failed.path(), 0};
    }
    catch (const format_error& failed)
    {
        const auto place = failed.path() + ": byte " + std::to_string(failed.offset()) + ": ";
        return {kind::format, after(failed.what(), place), failed.path(), failed.offset()};
    }
    catch (const std::bad_alloc&)
    {
        return {kind::other, "out of memory", {}, 0};
    }
    catch (const std::exception& failed)
    {
        return {kind::other, failed.what(), {}, 0};
    }
    catch (...)
    {
        return {kind::other, "an exception that is no std::exception", {}, 0};
    }
}

/// Throws what all processes throw where `rank` has failed.
[[noreturn]] inline void throw_agreed(const described_error& failed, std::size_t rank)
{
    using kind = described_error::kind;
    const std::string text = "rank " + std::to_string(rank) + ": " + failed.text;
    switch (failed.what_kind)
    {
    case kind::shape:
        throw agreed<shape_error>(text);
    case kind::value:
        throw agreed<value_error>(text);
    case kind::io:
        throw agreed<io_error>(failed.path, text);
    case kind::format:
        throw agreed<format_error>(failed.path, failed.byte, text);
    case kind::other:
        break;
    }
    throw agreed<std::runtime_error>(text);
}

/// Where all processes meet before they communicate, and one that has failed meets the others: throws on all of them
/// the error of the lowest rank that has one, if any has. One sum of one number; three rounds at a failure.
template <process_group Group>
void meet(Group& group, const std::exception_ptr& failure = nullptr)
{
    std::int64_t failures = failure ? 1 : 0;
    group.sum(std::span(&failures, 1));
    if (failures == 0)
        return;
    std::vector<std::int64_t> has_failed(group.size());
    has_failed[group.rank()] = failure ? 1 : 0;
    group.sum(has_failed);
    const auto first =
        static_cast<std::size_t>(std::find(has_failed.begin(), has_failed.end(), 1) - has_failed.begin());
    std::vector<message> told(group.size());
    if (group.rank() == first)
    {
        const auto mine = describe_error(failure);
        for (message& text : told)
        {
            message_writer writer(text);
            writer.put(mine.what_kind);
            writer.put_text(mine.text);
            writer.put_text(mine.path);
            writer.put_number(mine.byte);
        }
    }
    const auto heard = group.exchange(std::move(told));
    message_reader reader(heard[first]);
    described_error failed;
    failed.what_kind = reader.take<described_error::kind>();
    failed.text = reader.take_text();
    failed.path = reader.take_text();
    failed.byte = reader.take_number();
    throw_agreed(failed, first);
}

/// Adds up numbers, as many on each process, once all have met.
template <process_group Group>
void meet_and_sum(Group& group, std::span<std::int64_t> numbers)
{
    if (numbers.empty())
        return;
    meet(group);
    group.sum(numbers);
}

/// Exchanges messages once all have met.
template <process_group Group>
[[nodiscard]] std::vector<message> meet_and_exchange(Group& group, std::vector<message> messages)
{
    meet(group);
    return group.exchange(std::move(messages));
}

}  // namespace detail

/// Does `work` on all processes of a group so that all end alike: all return what `work` returns, or, where it throws
/// on some of them, all throw the error of the lowest such rank, with "rank R: " before its text. The type is kept of
/// the library's own errors (shape_error, value_error, io_error, format_error); others become std::runtime_error.
///
/// Every function of this folder does so by itself. This one is for what a program does besides, opening its files for
/// one. `work` may call functions of this folder, by all processes alike, and may not communicate by other means.
/// Costs a sum of one number.
template <process_group Group, class Work>
auto together(Group& group, const Work& work)
{
    try
    {
        if constexpr (std::is_void_v<std::invoke_result_t<const Work&>>)
        {
            work();
            detail::meet(group);
            return;
        }
        else
        {
            auto result = work();
            detail::meet(group);
            return result;
        }
    }
    catch (const agreed_failure&)
    {
        throw;
    }
    catch (...)
    {
        detail::meet(group, std::current_exception());
        throw;
    }
}

}  // namespace labelerrors::distributed

#endif
