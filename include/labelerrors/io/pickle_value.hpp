#ifndef LABELERRORS_IO_PICKLE_VALUE_HPP
#define LABELERRORS_IO_PICKLE_VALUE_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/element_type.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace labelerrors::io
{

namespace detail
{
class pickle_machine;
}

/// What a value of a pickle is. `function` and `element` are parts of an array under way: a global that is known, and
/// the type of an array's elements.
enum class pickle_kind : std::uint8_t
{
    none,
    boolean,
    integer,
    text,
    bytes,
    list,
    tuple,
    dictionary,
    array,
    function,
    element
};

/// Stands for "none" where the number of a value, item or array is stored.
inline constexpr std::uint32_t no_pickle_index = 0xffffffff;

/// One value of a pickle. It names its content by numbers, so that values nest and are shared without owning each
/// other; `pickle` has the functions that look it up.
struct pickle_value
{
    pickle_kind kind = pickle_kind::none;
    std::uint32_t offset = 0;                 // where in the file the opcode stands that made it
    std::int64_t integer = 0;                 // of an integer, a boolean; which global a function is
    std::uint32_t first = no_pickle_index;    // the first item; of text and bytes, where in the file they begin
    std::uint32_t last = no_pickle_index;     // the last item
    std::uint32_t size = 0;                   // the number of items (2 for each entry of a dictionary), or of bytes
    std::uint32_t details = no_pickle_index;  // of an array and its elements, where their description is kept; of a
                                              // text and of bytes, where what a text was decoded to is kept
};

/// The type of an array's elements.
struct pickle_element
{
    bool is_object = false;  // any Python object; the other two then mean nothing
    element_type type = element_type::u1;
    byte_order bytes = byte_order::little;
};

/// An array of one or two dimensions.
struct pickle_array
{
    pickle_element element;
    std::size_t num_dimensions = 1;
    std::array<std::size_t, 2> shape = {};  // the second is 1 if there is one dimension
    bool is_fortran = false;                // the first index runs fastest
    std::span<const std::byte> bytes;       // the elements of an array of numbers, in the file or in the pickle
};

/// The content of a pickle, as read_pickle returns it: all values in one place, so that taking it apart needs no
/// recursion however deep they nest. It refers to the bytes of the file, which must outlive it.
class pickle
{
public:
    /// `file` and `path` are what errors and the texts of values refer to.
    pickle(std::span<const std::byte> file, std::string path) : file_(file), path_(std::move(path))
    {
    }

    /// The value that was pickled.
    [[nodiscard]] const pickle_value& root() const
    {
        return values_[root_];
    }

    /// The file's name, for messages.
    [[nodiscard]] const std::string& path() const noexcept
    {
        return path_;
    }

    /// The size of the file, in bytes.
    [[nodiscard]] std::size_t file_size() const noexcept
    {
        return file_.size();
    }

    /// The content of a text (UTF-8) or of bytes; nothing of other kinds. It lies in the file, or in this object and
    /// its copies. O(1).
    [[nodiscard]] std::string_view text(const pickle_value& value) const
    {
        const auto bytes = content(value);
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }

    /// The items of a list or tuple, keys and values of a dictionary in turn, the elements of an array of objects in
    /// stored order; none of other kinds. Items may be shared, even with a list that holds itself: whoever goes deeper
    /// than one level counts what that adds up to. O(items).
    [[nodiscard]] std::vector<const pickle_value*> items(const pickle_value& value) const;

    /// The description of an array. Throws format_error where the value is none or was never given its elements.
    [[nodiscard]] const pickle_array& array(const pickle_value& value) const
    {
        if (value.kind != pickle_kind::array || value.details == no_pickle_index)
            fail(value, std::string("an array is expected here, not ") + name_of(value.kind));
        return arrays_[value.details];
    }

    /// Whether the value is a text or bytes equal to `key`: Python 2 wrote all texts as bytes.
    [[nodiscard]] bool is_text(const pickle_value& value, std::string_view key) const
    {
        return (value.kind == pickle_kind::text || value.kind == pickle_kind::bytes) && text(value) == key;
    }

    /// The value that a dictionary has for `key`; nullptr if it has none. O(entries).
    [[nodiscard]] const pickle_value* find(const pickle_value& dictionary, std::string_view key) const;

    /// Throws format_error about `value`, at its place in the file.
    [[noreturn]] void fail(const pickle_value& value, const std::string& problem) const
    {
        throw format_error(path_, value.offset, problem);
    }

    /// A kind of value, for messages: "a list".
    [[nodiscard]] static const char* name_of(pickle_kind kind) noexcept;

private:
    friend class detail::pickle_machine;

    [[nodiscard]] std::span<const std::byte> content(const pickle_value& value) const
    {
        if (value.kind == pickle_kind::bytes && value.details != no_pickle_index)
            return *decoded_[value.details];
        if (value.kind != pickle_kind::text && value.kind != pickle_kind::bytes)
            return {};
        return file_.subspan(value.first, value.size);
    }

    /// An item of a list, tuple, dictionary or array of objects, and which one follows it.
    struct item
    {
        std::uint32_t value;
        std::uint32_t next;
    };

    std::span<const std::byte> file_;
    std::string path_;
    std::vector<pickle_value> values_;
    std::vector<item> items_;
    std::vector<pickle_array> arrays_;
    std::vector<pickle_element> elements_;
    std::vector<std::shared_ptr<const std::vector<std::byte>>>
        decoded_;  // shared with copies, whose arrays refer to it
    std::uint32_t root_ = 0;
};

inline std::vector<const pickle_value*> pickle::items(const pickle_value& value) const
{
    std::vector<const pickle_value*> result;
    switch (value.kind)
    {
    case pickle_kind::list:
    case pickle_kind::tuple:
    case pickle_kind::dictionary:
    case pickle_kind::array:
        break;
    default:
        return result;
    }
    result.reserve(value.size);
    // Counted, since the list that an array of objects was made of may have grown later.
    for (std::uint32_t index = value.first; result.size() < value.size; index = items_[index].next)
        result.push_back(&values_[items_[index].value]);
    return result;
}

inline const pickle_value* pickle::find(const pickle_value& dictionary, std::string_view key) const
{
    const pickle_value* found = nullptr;
    if (dictionary.kind != pickle_kind::dictionary)
        return found;
    const auto entries = items(dictionary);
    for (std::size_t i = 0; i + 1 < entries.size(); i += 2)
        if (is_text(*entries[i], key))
            found = entries[i + 1];  // a later entry replaces an earlier one, as in Python
    return found;
}

inline const char* pickle::name_of(pickle_kind kind) noexcept
{
    switch (kind)
    {
    case pickle_kind::boolean:
        return "a boolean";
    case pickle_kind::integer:
        return "an integer";
    case pickle_kind::text:
        return "a text";
    case pickle_kind::bytes:
        return "a string of bytes";
    case pickle_kind::list:
        return "a list";
    case pickle_kind::tuple:
        return "a tuple";
    case pickle_kind::dictionary:
        return "a dictionary";
    case pickle_kind::array:
        return "an array";
    case pickle_kind::function:
        return "a function";
    case pickle_kind::element:
        return "an element type";
    case pickle_kind::none:
        break;
    }
    return "None";
}

}  // namespace labelerrors::io

#endif
