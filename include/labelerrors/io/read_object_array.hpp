#ifndef LABELERRORS_IO_READ_OBJECT_ARRAY_HPP
#define LABELERRORS_IO_READ_OBJECT_ARRAY_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/byte_source.hpp>
#include <labelerrors/io/decode.hpp>
#include <labelerrors/io/element_type.hpp>
#include <labelerrors/io/label_sets.hpp>
#include <labelerrors/io/npy_array.hpp>
#include <labelerrors/io/npy_dictionary.hpp>
#include <labelerrors/io/npy_header.hpp>
#include <labelerrors/io/parse_npy_header.hpp>
#include <labelerrors/io/pickle.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace labelerrors::io
{

/// Reads a set of labels for each of n examples: a one-dimensional .npy of objects, as numpy.save writes an array of
/// arrays or of lists of integers, or a pickle of a list of such. Either may be the member `FILE.npz:NAME` of an
/// archive, as open_npy finds it. What a file is, its first byte decides. Integers may be of any type and byte order,
/// in lists too; a label is at most 2^32 - 1. An array of no labels may be of any type, as numpy.array([]) is.
/// Throws what open_npy throws for an archive; io_error where the file cannot be read; format_error, with the offset
/// and the example, where it is neither, holds anything else, a label is out of range, the header and the pickle
/// disagree, or sharing makes the labels add up to more than 64 bytes of memory for each byte of the file. See
/// read_pickle for what is refused. O(size).
[[nodiscard]] label_sets read_label_sets(const std::filesystem::path& path);

/// The same for a file that is open already.
[[nodiscard]] label_sets read_label_sets(detail::stored_file file);

/// Reads a list of texts for each of n items from what read_label_sets reads; a text that stands where a list should
/// becomes a list of one. Throws what read_label_sets throws. O(size).
[[nodiscard]] std::vector<std::vector<std::string>> read_string_lists(const std::filesystem::path& path);

namespace detail
{

/// The header of a .npy that may be of objects.
struct object_array_header
{
    npy_header header;  // of objects the element type is left as it is by default
    bool is_of_objects = false;
};

/// Reads the header of a .npy of objects or of numbers.
[[nodiscard]] inline object_array_header read_object_header(const byte_source& file, const std::string& path)
{
    const npy_dictionary_place place = find_npy_dictionary(file, path);
    object_array_header result{.header = {.version = place.version, .data_offset = place.begin + place.size}};
    std::vector<std::byte> buffer;
    const auto dictionary = file.at(place.begin, place.size, buffer);
    npy_dictionary_parser parser(as_text(dictionary), path, result.header, npy_elements::objects_too);
    parser.parse();
    result.is_of_objects = parser.holds_objects();
    return result;
}

/// Whether `file` begins as a pickle does.
[[nodiscard]] inline bool is_pickle(const byte_source& file)
{
    std::vector<std::byte> buffer;
    return file.size() > 0 && file.at(0, 1, buffer)[0] == std::byte{0x80};
}

/// Whether `file` is a pickle or a .npy of objects, which read_label_sets reads. Throws format_error where it is a .npy
/// whose header cannot be read.
[[nodiscard]] inline bool holds_objects(const stored_file& file)
{
    if (is_pickle(file.bytes))
        return true;
    std::vector<std::byte> buffer;
    return file.bytes.size() >= npy_magic.size() && as_text(file.bytes.at(0, npy_magic.size(), buffer)) == npy_magic &&
           read_object_header(file.bytes, file.path).is_of_objects;
}

/// The header of `file`, a .npy of objects. Its shape and the offset of its data are as it says; the element type,
/// which npy_header has none for, means nothing. Throws format_error where it is none. O(length of the header).
[[nodiscard]] inline npy_header object_header(const stored_file& file)
{
    object_array_header found = read_object_header(file.bytes, file.path);
    if (!found.is_of_objects)
        throw format_error(file.path, dictionary_offset(found.header.version),
                           "the elements are of type " + dtype_text(found.header) +
                               ", but sets of labels are stored as objects; read numbers with read_labels or read_npy");
    return std::move(found.header);
}

/// What to do about objects that are not those of one example each. An array of two dimensions may be as many labels of
/// each example as well as a column for each class: whoever saves it knows.
inline constexpr const char* save_list_of_lists =
    "; save a list of lists, one for each example, with pickle.dump, protocol 4 (the program takes a matrix of 0 and 1 "
    "too, a column for each class, saved as integers with numpy.save)";

/// The same for an array that must have one dimension.
[[nodiscard]] inline npy_header parse_object_header(const byte_source& file, const std::string& path)
{
    npy_header header = object_header({file, nullptr, path});
    if (header.shape.size() != 1)
        throw format_error(path, dictionary_offset(header.version),
                           "the array must have one dimension, an example each, but its shape is " +
                               shape_text(header.shape) + save_list_of_lists);
    return header;
}

/// A list or array of objects, each of which stands for an example, and the file that they are in.
struct object_list
{
    stored_file file;
    pickle content;
    std::vector<const pickle_value*> items;
};

/// Takes apart a .npy of objects or a pickle of a list.
[[nodiscard]] inline object_list list_objects(stored_file from)
{
    stored_file file = in_memory(std::move(from));
    const auto bytes = file.bytes.bytes();
    if (bytes.empty())
        throw format_error(file.path, 0, "the file is empty; a .npy of objects or a pickle is expected");
    const bool is_list_allowed = is_pickle(bytes);
    npy_header header;
    if (!is_list_allowed)
        header = parse_object_header(bytes, file.path);
    pickle content = with_memory_for(file.path, [&] { return read_pickle(bytes, header.data_offset, file.path); });
    const pickle_value& root = content.root();
    const bool is_array = root.kind == pickle_kind::array;
    if (is_array ? !content.array(root).element.is_object || content.array(root).num_dimensions != 1
                 : !is_list_allowed || (root.kind != pickle_kind::list && root.kind != pickle_kind::tuple))
        content.fail(root, std::string("the pickle must hold a ") + (is_list_allowed ? "list or a " : "") +
                               "one-dimensional array of objects, an example each, and holds " +
                               pickle::name_of(root.kind) + (is_array ? " of numbers or of two dimensions" : "") +
                               save_list_of_lists);
    if (!is_list_allowed && root.size != header.shape[0])
        content.fail(root, "the header promises " + std::to_string(header.shape[0]) + " elements, the pickle has " +
                               std::to_string(root.size) + "; the file is damaged");
    auto items = content.items(root);
    return {std::move(file), std::move(content), std::move(items)};
}

/// Counts the memory that lists add up to. A pickle can name the same list many times, so that a small file may stand
/// for more than any memory holds; honest files stay far below the limit.
class shared_memory_limit
{
public:
    explicit shared_memory_limit(const pickle& content)
        : content_(content), left_(most_for_each_byte * content.file_size())
    {
    }

    /// Takes `count` elements of `size` bytes off what is left.
    void take(const pickle_value& value, std::size_t count, std::size_t size)
    {
        if (count > left_ / size)
            content_.fail(value, "lists that are named many times add up to more than " +
                                     std::to_string(most_for_each_byte) +
                                     " bytes for each byte of the file, which is refused; save copies of the lists");
        left_ -= count * size;
    }

private:
    static constexpr std::size_t most_for_each_byte = 64;
    const pickle& content_;
    std::size_t left_;
};

/// Throws the error for what stands at example `i`.
[[noreturn]] inline void refuse_example(const pickle& content, const pickle_value& value, std::size_t i,
                                        const std::string& problem)
{
    content.fail(value, "example " + std::to_string(i) + ": " + problem);
}

/// Adds the labels of a list of integers to `sets`.
inline void add_listed_labels(const pickle& content, const pickle_value& list, label_sets& sets)
{
    for (const pickle_value* const item : content.items(list))
    {
        if (item->kind != pickle_kind::integer)
            refuse_example(content, *item, sets.size(),
                           std::string("a label must be an integer, not ") + pickle::name_of(item->kind));
        if (!std::in_range<std::uint32_t>(item->integer))
            refuse_example(content, *item, sets.size(),
                           "the label " + std::to_string(item->integer) + " is not within 0 and 2^32 - 1");
        sets.labels.push_back(static_cast<std::uint32_t>(item->integer));
    }
}

/// Adds the labels of an array of integers to `sets`.
inline void add_stored_labels(const pickle& content, const pickle_value& value, label_sets& sets)
{
    const pickle_array& array = content.array(value);
    // numpy.array([]) is of doubles.
    if (!is_integer(array.element.type) && array.shape[0] != 0)
        refuse_example(content, value, sets.size(), "the labels must be a one-dimensional array of integers");
    const std::size_t begin = sets.labels.size();
    sets.labels.resize(begin + array.shape[0]);
    std::uint32_t* const to = sets.labels.data() + begin;
    const auto read = [&]<class From>()
    {
        if constexpr (conversion_of<From, std::uint32_t>() != conversion::refused)
            return decode_run<From, std::uint32_t>(array.bytes.data(), array.element.bytes, array.shape[0], to);
        else
            return std::size_t{0};  // fractions, which have been refused above unless there are none
    };
    const std::size_t done = with_element_type(array.element.type, read);
    if (done < array.shape[0])
        refuse_example(content, value, sets.size(),
                       "its label " + std::to_string(done) + " is not within 0 and 2^32 - 1");
}

[[nodiscard]] inline bool is_list(const pickle_value& value) noexcept
{
    return value.kind == pickle_kind::list || value.kind == pickle_kind::tuple;
}

}  // namespace detail

inline label_sets read_label_sets(const std::filesystem::path& path)
{
    return read_label_sets(detail::open_stored(path));
}

inline label_sets read_label_sets(detail::stored_file file)
{
    const detail::object_list objects = detail::list_objects(std::move(file));
    const pickle& content = objects.content;
    detail::shared_memory_limit limit(content);
    label_sets sets;
    sets.first.reserve(objects.items.size() + 1);
    for (const pickle_value* const item : objects.items)
    {
        const bool is_array = item->kind == pickle_kind::array;
        if (is_array && content.array(*item).num_dimensions != 1)
            detail::refuse_example(content, *item, sets.size(),
                                   "the labels must be a one-dimensional array of integers");
        if (is_array && !content.array(*item).element.is_object)
        {
            limit.take(*item, content.array(*item).shape[0], sizeof(std::uint32_t));
            detail::add_stored_labels(content, *item, sets);
        }
        else if (is_array || detail::is_list(*item))
        {
            limit.take(*item, item->size, sizeof(std::uint32_t));
            detail::add_listed_labels(content, *item, sets);
        }
        else
            detail::refuse_example(content, *item, sets.size(),
                                   std::string("a list or an array of labels is expected, not ") +
                                       pickle::name_of(item->kind));
        sets.end_example();
    }
    return sets;
}

inline std::vector<std::vector<std::string>> read_string_lists(const std::filesystem::path& path)
{
    const detail::object_list objects = detail::list_objects(detail::open_stored(path));
    const pickle& content = objects.content;
    detail::shared_memory_limit limit(content);
    std::vector<std::vector<std::string>> lists(objects.items.size());
    for (std::size_t i = 0; i < lists.size(); ++i)
    {
        const auto add = [&](const pickle_value& value)
        {
            if (value.kind != pickle_kind::text && value.kind != pickle_kind::bytes)
                detail::refuse_example(content, value, i,
                                       std::string("a text is expected, not ") + pickle::name_of(value.kind));
            limit.take(value, 1, sizeof(std::string) + value.size);
            lists[i].emplace_back(content.text(value));
        };
        const pickle_value& item = *objects.items[i];
        if (!detail::is_list(item))
        {
            add(item);
            continue;
        }
        for (const pickle_value* const text : content.items(item))
            add(*text);
    }
    return lists;
}

}  // namespace labelerrors::io

#endif
