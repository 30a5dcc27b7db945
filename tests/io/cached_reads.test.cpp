#include "io/temporary_directory.hpp"
#include "support/data.hpp"
#include "support/xtensor.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/io/byte_source.hpp>
#include <labelerrors/io/cached_reads.hpp>
#include <labelerrors/io/input_file.hpp>
#include <labelerrors/io/matrix_file.hpp>
#include <labelerrors/io/npy_rows.hpp>
#include <labelerrors/io/write_npy.hpp>
#include <labelerrors/rows/column_of_label.hpp>
#include <labelerrors/rows/float16.hpp>
#include <labelerrors/rows/ready_elements.hpp>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

using namespace labelerrors;
using namespace labelerrors::io;
using tests::temporary_directory;

using paths = std::vector<std::filesystem::path>;

static_assert(ready_element_source<npy_rows<float>>);
static_assert(ready_element_source<npy_rows<double>>);

namespace
{

/// A matrix whose rows are of several pages, in one file or in two, and a column for each row.
template <class T>
struct wide_file
{
    temporary_directory directory;
    xt::xtensor<T, 2> matrix = xt::xtensor<T, 2>::from_shape({n, k});
    std::vector<std::size_t> columns = std::vector<std::size_t>(n);

    static constexpr std::size_t k = 16'000 / sizeof(T) + 1;
    static constexpr std::size_t n = 700;

    wide_file()
    {
        for (std::size_t i = 0; i < n; ++i)
        {
            columns[i] = i * 31 % k;
            for (std::size_t j = 0; j < k; ++j)
                if constexpr (std::is_same_v<T, float16>)
                    matrix(i, j) = to_float16(static_cast<float>((i * 7 + j) % 2048));
                else
                    matrix(i, j) = static_cast<T>((i * 7 + j) % 2048);
        }
    }

    [[nodiscard]] matrix_file write(const write_npy_options& options, std::size_t rows_of_first = n) const
    {
        write_npy(directory / "wide.npy", xt::eval(xt::view(matrix, xt::range(0u, rows_of_first))), options);
        if (rows_of_first == n)
            return open_matrix(directory / "wide.npy");
        write_npy(directory / "rest.npy", xt::eval(xt::view(matrix, xt::range(rows_of_first, n))), options);
        return open_matrix(paths{directory / "wide.npy", directory / "rest.npy"});
    }

    [[nodiscard]] double expected(std::size_t i) const
    {
        return static_cast<double>((i * 7 + columns[i]) % 2048);
    }
};

/// Accumulator: the elements in the order of the rows.
struct elements_of_rows
{
    std::vector<double> elements;

    void add(std::size_t /*row*/, std::size_t /*column*/, double value)
    {
        elements.push_back(value);
    }

    void merge(elements_of_rows&& later)
    {
        elements.insert(elements.end(), later.elements.begin(), later.elements.end());
    }
};

/// Has a file leave the system's memory, where the file system lets it.
void forget(const std::filesystem::path& path)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY);
    REQUIRE(descriptor >= 0);
    CHECK(::fdatasync(descriptor) == 0);
#if defined(POSIX_FADV_DONTNEED)
    static_cast<void>(::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED));
#endif
    ::close(descriptor);
}

/// Whether the elements at hand are right, and a scan finds all, at hand or not.
template <class T, class Stored>
[[nodiscard]] bool gives_elements(const npy_rows<T>& rows, const wide_file<Stored>& file)
{
    std::vector<T> values(file.n);
    const std::size_t at_hand = rows.read_elements(0, file.columns, values.data());
    bool right = at_hand <= file.n;
    for (std::size_t i = 0; i < at_hand; ++i)
        right = right && values[i] == static_cast<T>(file.expected(i));
    for (const std::size_t threads : {1u, 4u})
    {
        const auto found =
            scan_column_of_label(rows, std::span(file.columns), "elements", elements_of_rows{}, {.threads = threads});
        right = right && found.elements.size() == file.n;
        for (std::size_t i = 0; i < found.elements.size(); ++i)
            right = right && found.elements[i] == file.expected(i);
    }
    return right;
}

/// Whether the system says what is in memory of the files in a folder.
[[nodiscard]] bool says_what_is_cached(const std::filesystem::path& path)
{
    const input_file file(path, 0);
    const byte_source source(file);
    std::array<std::byte, 2> bytes;
    return cached_reads(source).read_at(0, bytes);
}

}  // namespace

TEST_CASE_TEMPLATE("elements of wide rows are read alone where they are cached, else with their rows", T, float16,
                   float, double, std::uint16_t)
{
    const wide_file<T> file;
    for (const auto bytes : {byte_order::little, byte_order::big})
        for (const auto order : {array_order::c, array_order::fortran})
            for (const std::size_t rows_of_first : {file.n, std::size_t{400}})
            {
                const matrix_file opened = file.write({.bytes = bytes, .order = order}, rows_of_first);
                CHECK(with_matrix(opened, [&](const auto& rows) { return gives_elements(rows, file); }));
                CHECK(gives_elements(npy_rows<double>(opened), file));
                forget(file.directory / "wide.npy");
                CHECK(with_matrix(opened, [&](const auto& rows) { return gives_elements(rows, file); }));
            }
}

TEST_CASE("what is at hand of a file are the elements of rows in C order that are of several pages")
{
    const wide_file<double> file;
    const auto at_hand = [&](const matrix_file& opened, std::size_t first = 0)
    {
        std::vector<double> values(file.n);
        return npy_rows<double>(opened).read_elements(first, std::span(file.columns).subspan(first), values.data());
    };
    CHECK(at_hand(file.write({.order = array_order::fortran})) == 0);
    const std::vector<std::size_t> columns(10);
    std::vector<double> values(columns.size());
    write_npy(file.directory / "narrow.npy", xt::xtensor<double, 2>(xt::xtensor<double, 2>::shape_type{20'000, 50}));
    const npy_rows<double> narrow(open_matrix(file.directory / "narrow.npy"));
    CHECK(narrow.read_elements(0, columns, values.data()) == 0);
    const matrix_file opened = file.write({.bytes = byte_order::big});
    if (!says_what_is_cached(file.directory / "wide.npy"))
        return tests::skip("the system does not say what is cached");
    CHECK(at_hand(opened) == file.n);
    CHECK(at_hand(file.write({}, 400)) == file.n);
    CHECK(at_hand(file.write({}, 400), 300) == file.n - 300);
    // The first part is small enough to be read when it is opened.
    CHECK(at_hand(file.write({}, 50)) == file.n);
}

TEST_CASE("a file of wide rows that becomes shorter is the same io_error for elements as for rows")
{
    const wide_file<double> file;
    const npy_rows<double> rows(file.write({}));
    const auto path = file.directory / "wide.npy";
    const std::size_t size = std::filesystem::file_size(path) / 2;
    std::filesystem::resize_file(path, size);
    for (const std::size_t threads : {1u, 4u})
        CHECK_THROWS_WITH_AS(static_cast<void>(scan_column_of_label(rows, std::span(file.columns), "elements",
                                                                    elements_of_rows{}, {.threads = threads})),
                             doctest::Contains(("wide.npy: ends at byte " + std::to_string(size) + ",").c_str()),
                             io_error);
}
