#ifndef LABELERRORS_IO_CIFAR_HPP
#define LABELERRORS_IO_CIFAR_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/input_file.hpp>
#include <labelerrors/io/pickle.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace labelerrors::io
{

/// The two sets that come as CIFAR batches.
enum class cifar_kind
{
    cifar10,
    cifar100
};

/// Images with their labels, in the order of the file.
struct cifar_batch
{
    xt::xtensor<std::uint8_t, 1> labels;         // (n,), 0 to 9; the fine labels of CIFAR-100, 0 to 99
    xt::xtensor<std::uint8_t, 1> coarse_labels;  // (n,), 0 to 19, of CIFAR-100; (0,) of CIFAR-10
    xt::xtensor<std::uint8_t, 4> images;         // (n, 3, 32, 32): red, green, blue, 0 to 255
};

/// Reads a batch of the binary version (test_batch.bin, test.bin): a record of one label, or of a coarse and a fine
/// label, and 3072 bytes of image each.
/// Throws io_error where the file cannot be read; format_error where its size is no multiple of a record, it is empty,
/// or a label is none of the set's, naming the record. O(size).
[[nodiscard]] cifar_batch read_cifar_binary(const std::filesystem::path& path, cifar_kind kind);

/// Reads a batch of the Python version (test_batch, test), a pickle of a dictionary with the keys data and labels, or
/// data, fine_labels and coarse_labels, which says which set it is. No code in it is run: see read_pickle.
/// Throws io_error where the file cannot be read; format_error where it is no such pickle, its parts differ in length,
/// or a label is none of the set's, naming the image. O(size).
[[nodiscard]] cifar_batch read_cifar_python(const std::filesystem::path& path);

namespace detail
{

/// The bytes of an image: three colours of 32 x 32.
inline constexpr std::size_t cifar_image_size = 3 * 32 * 32;

/// The classes that a label is one of.
inline constexpr std::size_t cifar10_classes = 10;
inline constexpr std::size_t cifar100_classes = 100;
inline constexpr std::size_t cifar100_coarse_classes = 20;

/// A batch with room for n images.
[[nodiscard]] inline cifar_batch make_cifar_batch(std::size_t n, cifar_kind kind)
{
    const std::size_t num_coarse = kind == cifar_kind::cifar100 ? n : 0;
    return {.labels = xt::xtensor<std::uint8_t, 1>(std::array{n}),
            .coarse_labels = xt::xtensor<std::uint8_t, 1>(std::array{num_coarse}),
            .images = xt::xtensor<std::uint8_t, 4>(std::array<std::size_t, 4>{n, 3, 32, 32})};
}

/// What is wrong with a label.
[[nodiscard]] inline std::string cifar_label_problem(std::size_t i, std::int64_t label, std::size_t num_classes)
{
    return "image " + std::to_string(i) + " has the label " + std::to_string(label) + ", not one of 0 to " +
           std::to_string(num_classes - 1);
}

/// Copies the list of labels under `key`; fails where it is not there, of another length, or a label is out of range.
inline void read_cifar_labels(const pickle& content, const char* key, std::size_t num_classes,
                              xt::xtensor<std::uint8_t, 1>& labels)
{
    const pickle_value* const list = content.find(content.root(), key);
    if (list == nullptr || list->kind != pickle_kind::list || list->size != labels.size())
        content.fail(list == nullptr ? content.root() : *list, std::string("the dictionary must have ") + key +
                                                                   ", a list of " + std::to_string(labels.size()) +
                                                                   " labels, one for each row of data");
    const auto items = content.items(*list);
    for (std::size_t i = 0; i < items.size(); ++i)
    {
        const auto label = items[i]->integer;
        if (items[i]->kind != pickle_kind::integer)
            content.fail(*items[i], "image " + std::to_string(i) + ": a label must be an integer, not " +
                                        pickle::name_of(items[i]->kind));
        if (label < 0 || static_cast<std::size_t>(label) >= num_classes)
            content.fail(*items[i], cifar_label_problem(i, label, num_classes));
        labels(i) = static_cast<std::uint8_t>(label);
    }
}

/// Copies an array of n x 3072 bytes, whichever index runs fastest.
inline void copy_cifar_images(const pickle_array& array, std::uint8_t* to)
{
    const auto value = [](std::byte byte)
    {
        return std::to_integer<std::uint8_t>(byte);
    };
    if (!array.is_fortran)
    {
        std::transform(array.bytes.begin(), array.bytes.end(), to, value);
        return;
    }
    for (std::size_t i = 0; i < array.shape[0]; ++i)
        for (std::size_t j = 0; j < cifar_image_size; ++j)
            to[i * cifar_image_size + j] = value(array.bytes[j * array.shape[0] + i]);
}

}  // namespace detail

inline cifar_batch read_cifar_binary(const std::filesystem::path& path, cifar_kind kind)
{
    const input_file file(path);
    const bool is_100 = kind == cifar_kind::cifar100;
    const std::size_t num_labels = is_100 ? 2 : 1;
    const std::size_t record_size = num_labels + detail::cifar_image_size;
    if (file.size() == 0 || file.size() % record_size != 0)
        throw format_error(path.string(), file.size(),
                           "the size is not a multiple of " + std::to_string(record_size) +
                               " bytes, the size of a record of " + (is_100 ? "CIFAR-100" : "CIFAR-10") +
                               "; copy it again, or name the other set");
    cifar_batch batch = detail::make_cifar_batch(file.size() / record_size, kind);
    std::vector<std::byte> record(record_size);
    for (std::size_t i = 0; i < batch.labels.size(); ++i)
    {
        file.read_at(i * record_size, record);
        const auto take_label = [&](std::size_t position, std::size_t num_classes)
        {
            const auto label = std::to_integer<std::uint8_t>(record[position]);
            if (label >= num_classes)
                throw format_error(path.string(), i * record_size + position,
                                   detail::cifar_label_problem(i, label, num_classes));
            return label;
        };
        if (is_100)
            batch.coarse_labels(i) = take_label(0, detail::cifar100_coarse_classes);
        batch.labels(i) = take_label(num_labels - 1, is_100 ? detail::cifar100_classes : detail::cifar10_classes);
        std::transform(record.begin() + static_cast<std::ptrdiff_t>(num_labels), record.end(),
                       batch.images.data() + i * detail::cifar_image_size,
                       [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
    }
    return batch;
}

inline cifar_batch read_cifar_python(const std::filesystem::path& path)
{
    const input_file file = read_whole(path);
    const pickle content =
        detail::with_memory_for(path.string(), [&] { return read_pickle(file.bytes(), 0, path.string()); });
    const pickle_value& root = content.root();
    const pickle_value* const data = content.find(root, "data");
    if (data == nullptr)
        content.fail(root, std::string("a CIFAR batch is a dictionary with the key data, not ") +
                               pickle::name_of(root.kind) +
                               (root.kind == pickle_kind::dictionary ? " without it" : ""));
    const pickle_array& array = content.array(*data);
    if (array.element.is_object || array.element.type != element_type::u1 || array.num_dimensions != 2 ||
        array.shape[1] != detail::cifar_image_size)
        content.fail(*data, "data must be an array of bytes (u1) of shape (n, 3072)");
    const bool is_100 = content.find(root, "fine_labels") != nullptr;
    cifar_batch batch = detail::make_cifar_batch(array.shape[0], is_100 ? cifar_kind::cifar100 : cifar_kind::cifar10);
    if (is_100)
    {
        detail::read_cifar_labels(content, "fine_labels", detail::cifar100_classes, batch.labels);
        detail::read_cifar_labels(content, "coarse_labels", detail::cifar100_coarse_classes, batch.coarse_labels);
    }
    else
        detail::read_cifar_labels(content, "labels", detail::cifar10_classes, batch.labels);
    detail::copy_cifar_images(array, batch.images.data());
    return batch;
}

}  // namespace labelerrors::io

#endif
