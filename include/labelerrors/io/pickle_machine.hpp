#ifndef LABELERRORS_IO_PICKLE_MACHINE_HPP
#define LABELERRORS_IO_PICKLE_MACHINE_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/npy_header.hpp>
#include <labelerrors/io/pickle_opcode.hpp>
#include <labelerrors/io/pickle_value.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace labelerrors::io::detail
{

/// The machine that a pickle is a program for: the values made so far, a stack of them, marks in it, and a memo of
/// values by number. Every function takes constant time and memory for each byte of the file that it uses up.
class pickle_machine
{
public:
    pickle_machine(std::span<const std::byte> file, std::size_t begin, const std::string& path)
        : out_(file, path), position_(begin), start_(begin)
    {
        // Places in the file are kept in 32 bits, which halves the memory of a value.
        if (file.size() >= no_pickle_index)
            fail("pickles of 4 GiB and more are not read; save the array as numbers");
    }

    /// Takes the next opcode; errors are about it from here on.
    [[nodiscard]] std::uint8_t take_opcode()
    {
        start_ = position_;
        return static_cast<std::uint8_t>(take_number(1));
    }

    /// The next `size` bytes of the file, at most 8, as a number, the lowest first.
    [[nodiscard]] std::uint64_t take_number(std::size_t size)
    {
        const auto bytes = take(size);
        std::uint64_t number = 0;
        for (std::size_t i = size; i > 0; --i)
            number = number << 8 | std::to_integer<std::uint64_t>(bytes[i - 1]);
        return number;
    }

    /// The same as a signed number in two's complement; 0 if there are no bytes.
    [[nodiscard]] std::int64_t take_signed(std::size_t size)
    {
        std::uint64_t number = take_number(size);
        if (size > 0 && size < 8 && (number >> (8 * size - 1) & 1) != 0)
            number |= ~std::uint64_t{0} << (8 * size);
        return static_cast<std::int64_t>(number);
    }

    /// What stands up to the next line feed, which is taken too.
    [[nodiscard]] std::string_view take_line()
    {
        const std::string_view rest = as_text(out_.file_.subspan(position_));
        const std::size_t end = rest.find('\n');
        if (end == std::string_view::npos)
            fail("the file ends within a name; copy or save it again");
        position_ += end + 1;
        return rest.substr(0, end);
    }

    /// Takes `size` bytes as they are and makes them a text, or bytes. They stay in the file.
    void push_content(pickle_kind kind, std::uint64_t size)
    {
        const auto begin = static_cast<std::uint32_t>(position_);
        static_cast<void>(take(size));
        pickle_value& content = value(push(kind));
        content.first = begin;
        content.size = static_cast<std::uint32_t>(size);
    }

    /// Makes the bytes that `decode` makes of the content of `text`, a value of that kind. It is called once however
    /// often the text is named, so that memory and time stay within a constant times the size of the file.
    template <class Decode>
    void push_decoded(const pickle_value& text, Decode&& decode)
    {
        if (text.details == no_pickle_index)
        {
            auto decoded = std::make_shared<const std::vector<std::byte>>(decode(out_.text(text)));
            const auto place = static_cast<std::size_t>(&text - out_.values_.data());
            out_.values_[place].details = static_cast<std::uint32_t>(out_.decoded_.size());
            out_.decoded_.push_back(std::move(decoded));
        }
        const std::uint32_t details = text.details;
        pickle_value& bytes = value(push(pickle_kind::bytes));
        bytes.details = details;
        bytes.size = static_cast<std::uint32_t>(out_.decoded_[details]->size());
    }

    /// Refuses a frame of `size` bytes that reaches beyond the file; for the rest, a frame only says how much to read
    /// ahead.
    void enter_frame(std::uint64_t size) const
    {
        if (size > out_.file_.size() - position_)
            fail("the frame reaches beyond the end of the file; copy or save it again");
    }

    /// Makes a value and pushes it; returns its number.
    std::uint32_t push(pickle_kind kind, std::int64_t integer = 0)
    {
        const auto index = static_cast<std::uint32_t>(out_.values_.size());
        out_.values_.push_back({.kind = kind, .offset = static_cast<std::uint32_t>(start_), .integer = integer});
        stack_.push_back(index);
        return index;
    }

    /// The number of the value on top of the stack, which must lie above the last mark.
    [[nodiscard]] std::uint32_t top() const
    {
        if (stack_.size() == (marks_.empty() ? 0 : marks_.back()))
            fail("a value is missing that should have been made before; the file is damaged");
        return stack_.back();
    }

    [[nodiscard]] std::uint32_t pop()
    {
        const std::uint32_t index = top();
        stack_.pop_back();
        return index;
    }

    void push_mark()
    {
        marks_.push_back(stack_.size());
    }

    /// Removes the last mark and what stands above it.
    [[nodiscard]] std::vector<std::uint32_t> pop_mark()
    {
        if (marks_.empty())
            fail("there is no mark that it would go back to; the file is damaged");
        const auto first = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
        std::vector<std::uint32_t> above(first, stack_.end());
        stack_.erase(first, stack_.end());
        marks_.pop_back();
        return above;
    }

    /// Makes `index` the last item of a container.
    void append(std::uint32_t container, std::uint32_t index)
    {
        const auto item = static_cast<std::uint32_t>(out_.items_.size());
        out_.items_.push_back({index, no_pickle_index});
        pickle_value& to = value(container);
        if (to.size == 0)
            to.first = item;
        else
            out_.items_[to.last].next = item;
        to.last = item;
        ++to.size;
    }

    /// Gives the value on top the number `index` in the memo.
    void put(std::uint64_t index)
    {
        const std::uint32_t remembered = top();
        // Python counts from 0 or 1 and spends a byte on each, so that no honest number is larger.
        if (index >= out_.file_.size())
            fail("the number " + std::to_string(index) + " in the memo is larger than the file; it is damaged");
        if (index >= memo_.size())
            memo_.resize(static_cast<std::size_t>(index) + 1, no_pickle_index);
        std::uint32_t& place = memo_[static_cast<std::size_t>(index)];
        num_memoized_ += place == no_pickle_index ? 1 : 0;
        place = remembered;
    }

    /// The number that the next value gets that is put in the memo without one.
    [[nodiscard]] std::uint64_t num_memoized() const noexcept
    {
        return num_memoized_;
    }

    /// Pushes the value that has the number `index` in the memo.
    void get(std::uint64_t index)
    {
        if (index >= memo_.size() || memo_[static_cast<std::size_t>(index)] == no_pickle_index)
            fail("nothing has the number " + std::to_string(index) + " in the memo; the file is damaged");
        stack_.push_back(memo_[static_cast<std::size_t>(index)]);
    }

    [[nodiscard]] pickle_value& value(std::uint32_t index)
    {
        return out_.values_[index];
    }

    /// The values made so far, to be looked up.
    [[nodiscard]] const pickle& values() const noexcept
    {
        return out_;
    }

    /// Describes an array, or the type of the elements of arrays.
    void describe(std::uint32_t index, const pickle_array& array)
    {
        value(index).details = static_cast<std::uint32_t>(out_.arrays_.size());
        out_.arrays_.push_back(array);
    }

    void describe(std::uint32_t index, const pickle_element& element)
    {
        value(index).details = static_cast<std::uint32_t>(out_.elements_.size());
        out_.elements_.push_back(element);
    }

    [[nodiscard]] pickle_element& element(const pickle_value& of)
    {
        return out_.elements_[of.details];
    }

    /// The bytes of a value that is bytes.
    [[nodiscard]] std::span<const std::byte> bytes(const pickle_value& of) const
    {
        return out_.content(of);
    }

    /// Ends the program and hands over what it made; nothing is left here.
    [[nodiscard]] pickle finish()
    {
        if (!marks_.empty() || stack_.size() != 1)
            fail("the pickle must end with one value, but there are " + std::to_string(stack_.size()) + " and " +
                 std::to_string(marks_.size()) + " marks; the file is damaged");
        out_.root_ = stack_.back();
        return std::move(out_);
    }

    /// Throws format_error about the opcode under way.
    [[noreturn]] void fail(const std::string& problem) const
    {
        const std::size_t size = out_.file_.size();
        const auto name = start_ < size ? name_of_opcode(std::to_integer<std::uint8_t>(out_.file_[start_])) : "";
        throw format_error(out_.path(), start_, name.empty() ? problem : std::string(name) + ": " + problem);
    }

private:
    [[nodiscard]] std::span<const std::byte> take(std::uint64_t size)
    {
        const std::size_t rest = out_.file_.size() - position_;
        if (size > rest)
            fail(std::to_string(size) + " bytes should follow, but the file has only " + std::to_string(rest) +
                 " more; copy or save it again");
        const auto taken = out_.file_.subspan(position_, static_cast<std::size_t>(size));
        position_ += taken.size();
        return taken;
    }

    pickle out_;
    std::size_t position_;
    std::size_t start_;  // of the opcode under way
    std::vector<std::uint32_t> stack_;
    std::vector<std::size_t> marks_;  // heights of the stack
    std::vector<std::uint32_t> memo_;
    std::uint64_t num_memoized_ = 0;
};

}  // namespace labelerrors::io::detail

#endif
