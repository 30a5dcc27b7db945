#ifndef LABELERRORS_REPORT_IMAGE_ROWS_HPP
#define LABELERRORS_REPORT_IMAGE_ROWS_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/byte_source.hpp>
#include <labelerrors/io/cifar.hpp>
#include <labelerrors/io/element_type.hpp>
#include <labelerrors/io/encode_png.hpp>
#include <labelerrors/io/idx.hpp>
#include <labelerrors/io/npy_array.hpp>
#include <labelerrors/io/npy_header.hpp>
#include <labelerrors/io/read_npy.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace labelerrors::report
{

/// How the colours of an image lie in memory.
enum class image_layout
{
    pixels,  // (height, width) of grey or (height, width, 3)
    planes,  // (3, height, width): all red, then all green, then all blue
};

/// Images that one file holds, each of which becomes a PNG when it is asked for.
struct image_rows
{
    std::size_t num_images = 0;
    std::size_t height = 0;
    std::size_t width = 0;
    io::png_pixel pixel = io::png_pixel::grey;
    image_layout layout = image_layout::pixels;
    io::byte_source bytes = {};                   // of all images, one after another
    std::shared_ptr<const void> owner = nullptr;  // of the bytes

    /// The bytes of the PNG of image `row`. Throws value_error where there are not so many, io_error where the file has
    /// become shorter. O(size of an image).
    [[nodiscard]] std::string png(std::size_t row) const;
};

/// Opens the images of an IDX file, plain or compressed with gzip, or of a .npy (or FILE.npz:NAME) of shape (n, height,
/// width), (n, height, width, 1) or (n, height, width, 3) and integers 0 .. 255. Of a large .npy of bytes the images
/// that are asked for are read, and no others. An array may come from a pipe.
/// Throws what read_idx_images, open_npy and read_npy throw; format_error for an array of another shape, of fractions
/// or of booleans; io_error for another file from a pipe.
[[nodiscard]] image_rows open_image_rows(const std::filesystem::path& path);

/// Opens the images of a CIFAR batch: the binary version where the name ends in .bin, else the Python version.
/// Throws what read_cifar_binary and read_cifar_python throw; format_error for a batch of the other kind.
[[nodiscard]] image_rows open_cifar_images(const std::filesystem::path& path, io::cifar_kind kind);

namespace detail
{

/// Rows of an array that stays in memory with them.
template <class Array>
[[nodiscard]] image_rows images_of(Array array, std::size_t channels, image_layout layout = image_layout::pixels)
{
    const auto kept = std::make_shared<const Array>(std::move(array));
    const auto& shape = kept->shape();
    const std::size_t first = layout == image_layout::planes ? 2 : 1;
    return {shape[0],
            shape[first],
            shape[first + 1],
            channels == 3 ? io::png_pixel::rgb : io::png_pixel::grey,
            layout,
            std::as_bytes(std::span(kept->data(), kept->size())),
            kept};
}

/// Whether an opened file is an array of NumPy: a member of an archive, or what begins with \x93NUMPY.
[[nodiscard]] inline bool is_npy(const io::detail::stored_file& file, const std::filesystem::path& path)
{
    std::array<std::byte, 1> start = {};
    if (file.bytes.size() > 0)
        file.bytes.read_at(0, start);
    return start[0] == std::byte{0x93} || file.path != io::detail::locate_array(path).file.string();
}

/// Refuses an array that holds no images, with what to do about it.
inline void require_images(const io::npy_array& array)
{
    const auto& header = array.header();
    const auto& shape = header.shape;
    const auto fail = [&](const std::string& remedy)
    {
        throw format_error(array.path(), io::detail::offset_of_header(array),
                           "images must have the shape (n, height, width) or (n, height, width, 3), each extent at "
                           "least 1, and values from 0 to 255, but these are " +
                               io::shape_text(shape) + " of " + io::dtype_text(header) + "; " + remedy);
    };
    if (shape.size() != 3 && shape.size() != 4)
        fail("give each row its height and width with reshape");
    const std::size_t channels = shape.size() == 4 ? shape[3] : 1;
    // Of three planes of colours four pixels wide the last extent is no transparency.
    if (channels == 4 && shape[1] != 3)
        fail("drop the transparency with images[..., :3]");
    if (channels != 1 && channels != 3)
        fail("move the colours to the end with numpy.moveaxis");
    if (shape[1] == 0 || shape[2] == 0)
        fail("save images that have pixels");
    if (header.element <= io::element_type::f8)
        fail("of fractions from 0 to 1 save (255 * images).round().astype('uint8')");
    // As numbers they would all be black.
    if (header.element == io::element_type::boolean)
        fail("of booleans save (255 * images).astype('uint8')");
}

[[nodiscard]] inline image_rows open_npy_images(const io::detail::stored_file& file)
{
    const auto array = std::make_shared<const io::npy_array>(io::detail::make_array(file.bytes, file.owner, file.path));
    const auto& header = array->header();
    const auto& shape = header.shape;
    require_images(*array);
    const std::size_t channels = shape.size() == 4 ? shape[3] : 1;
    if (header.element != io::element_type::u1 || header.order != io::array_order::c)
        return shape.size() == 4 ? images_of(io::read_npy<std::uint8_t, 4>(*array), channels)
                                 : images_of(io::read_npy<std::uint8_t, 3>(*array), channels);
    return {shape[0],
            shape[1],
            shape[2],
            channels == 3 ? io::png_pixel::rgb : io::png_pixel::grey,
            image_layout::pixels,
            array->stored(),
            array};
}

}  // namespace detail

inline std::string image_rows::png(std::size_t row) const
{
    if (row >= num_images)
        throw value_error("image_rows::png: row must be below the " + std::to_string(num_images) + " images, but is " +
                          std::to_string(row));
    const std::size_t plane = height * width;
    const std::size_t size = plane * (pixel == io::png_pixel::rgb ? 3 : 1);
    std::vector<std::uint8_t> image(size);
    bytes.read_at(row * size, std::as_writable_bytes(std::span(image)));
    if (layout == image_layout::pixels)
        return io::encode_png(image, height, width, pixel);
    std::vector<std::uint8_t> mixed(size);
    for (std::size_t i = 0; i < plane; ++i)
        for (std::size_t colour = 0; colour < 3; ++colour)
            mixed[3 * i + colour] = image[colour * plane + i];
    return io::encode_png(mixed, height, width, pixel);
}

inline image_rows open_image_rows(const std::filesystem::path& path)
{
    // What comes from a pipe is there once.
    if (const auto file = io::detail::open_stored(path); detail::is_npy(file, path))
        return detail::open_npy_images(file);
    std::error_code failed;
    if (!std::filesystem::is_regular_file(path, failed))
        throw io_error(path.string(), "holds no array of NumPy, and IDX files are not read from pipes; copy what it "
                                      "holds into a file first");
    return detail::images_of(io::read_idx_images(path), 1);
}

inline image_rows open_cifar_images(const std::filesystem::path& path, io::cifar_kind kind)
{
    auto batch = path.extension() == ".bin" ? io::read_cifar_binary(path, kind) : io::read_cifar_python(path);
    // A binary file is read as what it is said to be, a pickle says itself what it is.
    const bool is_100 = batch.coarse_labels.size() > 0;
    if (batch.labels.size() > 0 && is_100 != (kind == io::cifar_kind::cifar100))
        throw format_error(path.string(), 0,
                           is_100 ? "holds images of CIFAR-100, not of CIFAR-10; name the file test_batch"
                                  : "holds images of CIFAR-10, not of CIFAR-100; name the file test");
    return detail::images_of(std::move(batch.images), 3, image_layout::planes);
}

}  // namespace labelerrors::report

#endif
