#ifndef LABELERRORS_DISTRIBUTED_MESSAGES_HPP
#define LABELERRORS_DISTRIBUTED_MESSAGES_HPP

#include <labelerrors/distributed/process_group.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

namespace labelerrors::distributed::detail
{

/// Appends values to a message, as they are in memory: all processes must have the same byte order.
class message_writer
{
public:
    /// `to` must outlive this object.
    explicit message_writer(message& to) : to_(&to)
    {
    }

    template <class T>
        requires std::is_trivially_copyable_v<T>
    void put(const T& value)
    {
        const auto bytes = std::as_bytes(std::span(&value, 1));
        to_->insert(to_->end(), bytes.begin(), bytes.end());
    }

    void put_number(std::size_t number)
    {
        put(static_cast<std::uint64_t>(number));
    }

    void put_text(std::string_view text)
    {
        put_number(text.size());
        const auto bytes = std::as_bytes(std::span(text.data(), text.size()));
        to_->insert(to_->end(), bytes.begin(), bytes.end());
    }

private:
    message* to_;
};

/// Takes values from a message in the order in which they were put there.
class message_reader
{
public:
    /// `from` must outlive this object.
    explicit message_reader(std::span<const std::byte> from) : rest_(from)
    {
    }

    [[nodiscard]] bool at_end() const noexcept
    {
        return rest_.empty();
    }

    template <class T>
        requires std::is_trivially_copyable_v<T>
    [[nodiscard]] T take()
    {
        T value;
        std::memcpy(&value, bytes(sizeof(T)).data(), sizeof(T));
        return value;
    }

    [[nodiscard]] std::size_t take_number()
    {
        return static_cast<std::size_t>(take<std::uint64_t>());
    }

    [[nodiscard]] std::string take_text()
    {
        const auto text = bytes(take_number());
        return {reinterpret_cast<const char*>(text.data()), text.size()};
    }

private:
    [[nodiscard]] std::span<const std::byte> bytes(std::size_t count)
    {
        if (count > rest_.size())
            throw std::logic_error("a message between processes ends early; do all run the same program?");
        const auto taken = rest_.first(count);
        rest_ = rest_.subspan(count);
        return taken;
    }

    std::span<const std::byte> rest_;
};

}  // namespace labelerrors::distributed::detail

#endif
