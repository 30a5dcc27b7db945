#include "io/stored_bytes.hpp"
#include "io/temporary_directory.hpp"
#include <labelerrors/concepts.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/io/column_slabs.hpp>
#include <labelerrors/io/matrix_file.hpp>
#include <labelerrors/io/npy_rows.hpp>
#include <labelerrors/io/write_npy.hpp>
#include <labelerrors/rows/float16.hpp>
#include <labelerrors/rows/num_threads.hpp>
#include <labelerrors/rows/parallel.hpp>
#include <labelerrors/rows/row_blocks.hpp>
#include <labelerrors/rows/xtensor.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <type_traits>
#include <vector>

using namespace labelerrors;
using namespace labelerrors::io;
using tests::npy;
using tests::npy_of;
using tests::temporary_directory;

using paths = std::vector<std::filesystem::path>;

static_assert(element_source<npy_rows<float>>);
static_assert(element_source<npy_rows<double>>);
static_assert(probability_matrix<npy_rows<float>>);
static_assert(!row_source<matrix_file>);

namespace
{

/// An (n, k) matrix whose element (i, j) is 100 i + j, which every element type from two bytes on holds for few rows.
template <class T>
xt::xtensor<T, 2> counting(std::size_t n, std::size_t k, std::size_t first = 0)
{
    xt::xtensor<T, 2> matrix(std::array{n, k});
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < k; ++j)
        {
            const auto value = static_cast<float>(100 * (first + i) + j);
            if constexpr (std::is_same_v<T, float16>)
                matrix(i, j) = to_float16(value);
            else
                matrix(i, j) = static_cast<T>(value);
        }
    return matrix;
}

/// Whether all rows, read in blocks of `step` and element by element, count as `counting` makes them.
template <class T>
bool counts(const npy_rows<T>& rows, std::size_t step)
{
    bool right = true;
    std::vector<T> buffer;
    for (std::size_t first = 0; first < rows.num_rows(); first += step)
    {
        const std::size_t count = std::min(step, rows.num_rows() - first);
        const T* const block = rows.read(first, count, buffer);
        for (std::size_t i = 0; i < count; ++i)
            for (std::size_t j = 0; j < rows.num_columns(); ++j)
            {
                const auto expected = static_cast<T>(100 * (first + i) + j);
                right =
                    right && block[i * rows.num_columns() + j] == expected && rows.element(first + i, j) == expected;
            }
    }
    return right;
}

template <class T>
bool in_place(const npy_rows<T>& rows, std::size_t first, std::size_t count)
{
    std::vector<T> buffer;
    return rows.read(first, count, buffer) != buffer.data() && buffer.empty();
}

}  // namespace

TEST_CASE_TEMPLATE("rows of every element type, in both byte orders and both orders, are read the same", T, float16,
                   float, double, std::int16_t, std::int32_t, std::int64_t, std::uint16_t, std::uint32_t, std::uint64_t)
{
    const temporary_directory directory;
    // More rows and columns than one tile, and no multiples of it.
    const auto matrix = counting<T>(20, 37);
    const auto tall = counting<T>(std::is_same_v<T, float16> ? 20 : 150, 3);
    for (const auto bytes : {byte_order::little, byte_order::big})
        for (const auto order : {array_order::c, array_order::fortran})
        {
            const auto path = directory / "a.npy";
            write_npy(path, matrix, {.bytes = bytes, .order = order});
            const matrix_file file = open_matrix(path);
            CHECK(file.fits_in_float() == (std::is_same_v<T, float16> || std::is_same_v<T, float>));
            for (const std::size_t step : {1u, 7u, 20u})
                CHECK(with_matrix(file, [&](const auto& rows) { return counts(rows, step); }));
            CHECK(counts(npy_rows<double>(file), 9));
            write_npy(path, tall, {.bytes = bytes, .order = order});
            for (const std::size_t step : {1u, 100u, 150u})
                CHECK(with_matrix(open_matrix(path), [&](const auto& rows) { return counts(rows, step); }));
        }
}

TEST_CASE("bytes and booleans are read as doubles")
{
    const temporary_directory directory;
    const npy_rows<double> bytes(open_matrix(directory.write("a.npy", npy_of("|i1", "(2, 2)", "\1\xff\x80\x7f"))));
    CHECK(bytes.element(0, 1) == -1);
    CHECK(bytes.element(1, 0) == -128);
    const npy_rows<double> flags(
        open_matrix(directory.write("b.npy", npy_of("|b1", "(1, 2)", std::string("\0\x02", 2)))));
    CHECK(flags.element(0, 0) == 0);
    CHECK(flags.element(0, 1) == 1);
}

TEST_CASE("native rows in C order are handed out in place")
{
    const temporary_directory directory;
    const auto path = directory / "a.npy";
    write_npy(path, counting<double>(10, 3));
    const npy_rows<double> doubles(open_matrix(path));
    CHECK(in_place(doubles, 0, 10));
    CHECK(in_place(doubles, 9, 1));
    write_npy(path, counting<float>(10, 3));
    const matrix_file floats = open_matrix(path);
    CHECK(in_place(npy_rows<float>(floats), 3, 4));
    CHECK_FALSE(in_place(npy_rows<double>(floats), 3, 4));
    write_npy(path, counting<float>(1, 30), {.order = array_order::fortran});
    CHECK(in_place(npy_rows<float>(open_matrix(path)), 0, 1));
    write_npy(path, counting<float>(30, 1), {.order = array_order::fortran});
    CHECK(in_place(npy_rows<float>(open_matrix(path)), 2, 28));
    write_npy(path, counting<float>(30, 2), {.order = array_order::fortran});
    CHECK_FALSE(in_place(npy_rows<float>(open_matrix(path)), 2, 1));
}

TEST_CASE("data that a header of odd length leaves unaligned are read all the same")
{
    const temporary_directory directory;
    write_npy(directory / "a.npy", counting<double>(10, 3));
    const std::string elements = tests::content_of(directory / "a.npy").substr(128);
    std::string dictionary = "{'descr': '=f8', 'fortran_order': False, 'shape': (10, 3)}";
    std::size_t num_in_place = 0;
    for (std::size_t i = 0; i < 8; ++i, dictionary += ' ')
    {
        const npy_rows<double> rows(open_matrix(directory.write("b.npy", npy(dictionary, elements))));
        CHECK(counts(rows, 4));
        num_in_place += in_place(rows, 0, 10) ? 1 : 0;
    }
    CHECK(num_in_place == 8 / alignof(double));
    std::vector<float16> buffer;
    const std::string odd = " {'descr': '=f2', 'fortran_order': False, 'shape': (1, 3)}";
    for (std::size_t i = 0; i < 2; ++i)
    {
        const auto path = directory.write("c.npy", npy(odd.substr(i), "abcdef"));
        CHECK((npy_rows<float>(open_matrix(path)).halves(0, 1, buffer) != nullptr) ==
              (open_npy(path).header().data_offset % 2 == 0));
    }
}

TEST_CASE("parts of all kinds follow one another, and only blocks across a border are copied")
{
    const temporary_directory directory;
    const auto part = [&](const char* name, const auto& matrix, const write_npy_options& options = {})
    {
        write_npy(directory / name, matrix, options);
        return directory / name;
    };
    const auto archive = directory.write(
        "c.npz", tests::zip({tests::compressed("x.npy", tests::content_of(part("x.npy", counting<float>(2, 3, 11))))}));
    const matrix_file file = open_matrix(
        paths{part("empty.npy", counting<float>(0, 3)), part("a.npy", counting<float>(4, 3)),
              part("b.npy", counting<float>(3, 3, 4), {.order = array_order::fortran}), directory / "empty.npy",
              part("c.npy", counting<float16>(4, 3, 7), {.bytes = byte_order::big}), archive.string() + ":x",
              part("e.npy", counting<float>(1, 3, 13)), directory / "empty.npy"});
    REQUIRE(file.num_rows() == 14);
    const npy_rows<float> rows(file);
    for (std::size_t step = 1; step <= 14; ++step)
        CHECK(counts(rows, step));
    CHECK(in_place(rows, 0, 4));
    CHECK_FALSE(in_place(rows, 0, 5));
    CHECK_FALSE(in_place(rows, 4, 1));
    CHECK(in_place(rows, 13, 1));
    CHECK(counts(npy_rows<double>(file), 5));

    const matrix_file mixed =
        open_matrix(paths{directory / "a.npy", directory.write("f.csv", "a,b,c\n400,401,402\n500,501,502\n")});
    CHECK_FALSE(mixed.fits_in_float());
    CHECK(counts(npy_rows<double>(mixed), 6));
}

TEST_CASE("a matrix without rows has none to read")
{
    const temporary_directory directory;
    const auto path = directory.write("a.npy", npy_of("<f4", "(0, 3)", ""));
    const npy_rows<float> rows(open_matrix(paths{path, path}));
    CHECK(rows.num_rows() == 0);
    CHECK(rows.num_columns() == 3);
    std::vector<float> buffer;
    CHECK(rows.read(0, 0, buffer) == buffer.data());
}

TEST_CASE("rows of doubles are not read as floats")
{
    const temporary_directory directory;
    write_npy(directory / "a.npy", counting<double>(1, 2));
    CHECK_THROWS_WITH_AS(npy_rows<float>{open_matrix(directory / "a.npy")},
                         doctest::Contains("npy_rows: file must have"), value_error);
}

TEST_CASE("rows outlive the matrix_file that they were made from")
{
    const temporary_directory directory;
    write_npy(directory / "a.npy", counting<double>(10, 2));
    const auto rows = [&]
    {
        return npy_rows<double>(open_matrix(directory / "a.npy"));
    }();
    const auto copy = rows;
    CHECK(counts(rows, 3));
    CHECK(counts(copy, 3));
}

namespace
{

struct sum_of_rows
{
    double sum = 0;

    template <class T>
    void add(const row_block<T>& block)
    {
        for (std::size_t i = 0; i < block.num_rows * block.num_columns; ++i)
            sum += static_cast<double>(block.data[i]);
    }

    void merge(sum_of_rows&& later)
    {
        sum += later.sum;
    }
};

}  // namespace

TEST_CASE("several threads read rows at once")
{
    const temporary_directory directory;
    const std::size_t n = 60'000;
    const std::size_t k = 20;
    // Whole numbers whose sum is exact in any order.
    const auto matrix = counting<std::int32_t>(n, k);
    const auto half = counting<std::int32_t>(n, k, n);
    write_npy(directory / "a.npy", matrix, {.bytes = byte_order::big});
    write_npy(directory / "b.npy", half, {.order = array_order::fortran});
    const npy_rows<double> rows(open_matrix(paths{directory / "a.npy", directory / "b.npy"}));
    double expected = 0;
    for (const auto* part : {&matrix, &half})
        for (const auto value : *part)
            expected += value;
    CHECK(scan(rows, "sum", sum_of_rows{}, {.threads = 1}).sum == expected);
    CHECK(scan(rows, "sum", sum_of_rows{}, {.threads = 4}).sum == expected);
}

namespace
{

/// A matrix of T that is large enough to be read by calls of the system, in a file.
template <class T>
struct large_file
{
    temporary_directory directory;
    xt::xtensor<T, 2> matrix = counting<T>(n, k);
    std::filesystem::path path = directory / "large.npy";

    static constexpr std::size_t k = 37;
    static constexpr std::size_t n = (std::size_t{5} << 20) / (sizeof(T) * k);

    explicit large_file(const write_npy_options& options = {})
    {
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = 0; j < k; ++j)
                if constexpr (std::is_same_v<T, float16>)
                    matrix(i, j) = to_float16(static_cast<float>((i * 7 + j) % 2048));
                else
                    matrix(i, j) = static_cast<T>((i * 7 + j) % 2048);
        write_npy(path, matrix, options);
    }
};

template <class T, class Stored>
[[nodiscard]] bool reads_as_stored(const large_file<Stored>& file)
{
    const npy_rows<T> rows(open_matrix(file.path));
    std::vector<T> buffer;
    bool right = true;
    for (std::size_t first = 0; first < file.n; first += 1000)
    {
        const std::size_t count = std::min<std::size_t>(1000, file.n - first);
        rows.announce(first, count);
        const T* const block = rows.read(first, count, buffer);
        for (std::size_t i = 0; i < count * file.k; ++i)
            right = right && block[i] == static_cast<T>(file.matrix.data()[first * file.k + i]);
        right = right && rows.element(first, 5) == static_cast<T>(file.matrix(first, 5));
    }
    return right;
}

}  // namespace

TEST_CASE_TEMPLATE("large files are read block by block, whatever they hold", T, float16, float, double, std::int32_t)
{
    CHECK(reads_as_stored<double>(large_file<T>()));
    CHECK(reads_as_stored<double>(large_file<T>({.bytes = byte_order::big})));
    CHECK(reads_as_stored<double>(large_file<T>({.order = array_order::fortran})));
    if constexpr (std::is_same_v<T, float16> || std::is_same_v<T, float>)
        CHECK(reads_as_stored<float>(large_file<T>()));
}

TEST_CASE("parts in Fortran order are told apart, and share the memory that is taken for what was read of them")
{
    const temporary_directory directory;
    const std::size_t n = 3000;
    const std::size_t k = 200;
    paths parts;
    for (std::size_t part = 0; part < 4; ++part)
    {
        parts.push_back(directory / (std::to_string(part) + ".npy"));
        write_npy(parts.back(), counting<double>(n, k, part * n), {.order = array_order::fortran});
    }
    const npy_rows<double> rows(open_matrix(parts));
    std::vector<double> buffer;
    for (const std::size_t step : {std::size_t{700}, std::size_t{4500}})
    {
        bool right = true;
        for (std::size_t first = 0; first < rows.num_rows(); first += step)
        {
            const std::size_t count = std::min(step, rows.num_rows() - first);
            const double* const block = rows.read(first, count, buffer);
            for (std::size_t i = 0; i < count; ++i)
                for (std::size_t j = 0; j < k; ++j)
                    right = right && block[i * k + j] == static_cast<double>(100 * (first + i) + j);
        }
        CHECK(right);
    }

    // Of one row each, as many parts as are kept, and one more: the first is read again, the last is not.
    io::detail::column_slabs<double> slabs;
    const std::size_t most = labelerrors::detail::machine_threads() + 1;
    std::size_t num_read = 0;
    const auto value_of = [&](std::size_t part)
    {
        double value = 0.0;
        slabs.copy_rows({part, 1, 1, 8}, 0, 1, &value,
                        [&](std::size_t, std::size_t, std::size_t, double* to)
                        {
                            ++num_read;
                            *to = static_cast<double>(part);
                        });
        return value;
    };
    for (std::size_t part = 0; part <= most; ++part)
        CHECK(value_of(part) == static_cast<double>(part));
    CHECK(num_read == most + 1);
    CHECK(value_of(most) == static_cast<double>(most));
    CHECK(num_read == most + 1);
    CHECK(value_of(0) == 0.0);
    CHECK(num_read == most + 2);
    // What could not be read leaves no trace.
    double value = 0.0;
    const auto fails = [&](std::size_t, std::size_t, std::size_t, double*)
    {
        throw io_error("part.npy", "gone");
    };
    for (std::size_t i = 0; i < 2 * most; ++i)
        CHECK_THROWS_AS(slabs.copy_rows({100'000, 1, 1, 8}, 0, 1, &value, fails), io_error);
    CHECK(value_of(0) == 0.0);
    CHECK(value_of(1) == 1.0);
    num_read = 0;
    CHECK(value_of(0) == 0.0);
    CHECK(value_of(1) == 1.0);
    CHECK(num_read == 0);
}

TEST_CASE("halves of large files are handed out as they are, others not")
{
    const large_file<float16> file;
    const npy_rows<float> rows(open_matrix(file.path));
    std::vector<float16> buffer;
    const float16* const block = rows.halves(100, 50, buffer);
    REQUIRE(block == buffer.data());
    CHECK(std::equal(block, block + 50 * file.k, file.matrix.data() + 100 * file.k));
    CHECK(!rows.has_elements());
    const large_file<float16> turned(
        {.bytes = byte_order::native == byte_order::little ? byte_order::big : byte_order::little});
    CHECK(npy_rows<float>(open_matrix(turned.path)).halves(0, 1, buffer) == nullptr);
}

TEST_CASE("halves of several parts are handed out where they lie in one")
{
    const large_file<float16> large;
    const auto small = large.directory / "small.npy";
    write_npy(small, counting<float16>(2, large.k));
    for (const paths& parts : {paths{small, small}, paths{large.path, small}, paths{small, large.path}})
    {
        const npy_rows<float> rows(open_matrix(parts));
        std::vector<float16> buffer;
        std::vector<float> values;
        const auto are_right = [&](std::size_t row)
        {
            const float16* const halves = rows.halves(row, 2, buffer);
            return halves != nullptr && std::equal(halves, halves + 2 * large.k, rows.read(row, 2, values),
                                                   [](float16 a, float b) { return static_cast<float>(a) == b; });
        };
        const std::size_t border = open_matrix(parts.front()).num_rows();
        CHECK(are_right(border - 2));
        CHECK(are_right(border));
        CHECK(rows.halves(border - 1, 2, buffer) == nullptr);
    }
}

TEST_CASE("a large file that becomes shorter while it is read is an io_error that names it")
{
    for (const auto order : {array_order::c, array_order::fortran})
        for (const auto bytes : {byte_order::little, byte_order::big})
        {
            const large_file<double> file({.bytes = bytes, .order = order});
            const npy_array array = open_npy(file.path);
            const matrix_file matrix(std::vector{array});
            const npy_rows<double> rows(matrix);
            const auto lost = [&](const auto& read)
            {
                CHECK_THROWS_WITH_AS(read(), doctest::Contains("large.npy: ends at byte"), io_error);
            };
            std::filesystem::resize_file(file.path, std::filesystem::file_size(file.path) / 2);
            std::vector<double> buffer;
            // In Fortran order every row has elements in the half that is gone.
            if (order == array_order::c)
                CHECK(rows.read(0, 10, buffer) != nullptr);
            lost([&] { static_cast<void>(rows.read(file.n - 10, 10, buffer)); });
            lost([&] { static_cast<void>(rows.element(file.n - 1, file.k - 1)); });
            lost([&] { static_cast<void>(read_npy<double, 2>(array)); });
            lost([&] { static_cast<void>(scan(rows, "sum", sum_of_rows{}, {.threads = 2})); });
        }
}
