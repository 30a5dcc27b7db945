#include "io/temporary_directory.hpp"
#include "support/xtensor.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/io/npy_array.hpp>
#include <labelerrors/io/read_npy.hpp>
#include <labelerrors/io/write_npy.hpp>
#include <labelerrors/rows/float16.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

using namespace labelerrors;
using namespace labelerrors::io;
using tests::content_of;
using tests::temporary_directory;
using namespace std::string_literals;

TEST_CASE("the file of an array is byte for byte what numpy saves")
{
    const temporary_directory directory;
    const auto path = directory / "a.npy";
    write_npy(path, xt::xtensor<double, 2>{{1, 2}, {3, 4}}, {.bytes = byte_order::little});
    CHECK(content_of(path) == "\x93NUMPY\1\0v\0{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }"s +
                                  std::string(58, ' ') +
                                  "\n\0\0\0\0\0\0\xf0?\0\0\0\0\0\0\0@\0\0\0\0\0\0\x08@\0\0\0\0\0\0\x10@"s);
    write_npy(path, xt::xtensor<std::int32_t, 1>{1, 2, 3}, {.bytes = byte_order::big});
    CHECK(content_of(path) == "\x93NUMPY\1\0v\0{'descr': '>i4', 'fortran_order': False, 'shape': (3,), }"s +
                                  std::string(60, ' ') + "\n\0\0\0\1\0\0\0\2\0\0\0\3"s);
    write_npy(path, xt::xtensor<bool, 0>(true));
    CHECK(content_of(path) ==
          "\x93NUMPY\1\0v\0{'descr': '|b1', 'fortran_order': False, 'shape': (), }"s + std::string(62, ' ') + "\n\1"s);
    write_npy(path, xt::xtensor<std::uint8_t, 2>{{1, 2, 3}, {4, 5, 6}}, {.order = array_order::fortran});
    CHECK(content_of(path) == "\x93NUMPY\1\0v\0{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }"s +
                                  std::string(59, ' ') + "\n\1\4\2\5\3\6"s);
}

TEST_CASE_TEMPLATE("an array of any type is written and read in every byte order, order and version", T, float16, float,
                   double, std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::uint8_t, std::uint16_t,
                   std::uint32_t, std::uint64_t, long long, bool)
{
    const temporary_directory directory;
    const auto path = directory / "a.npy";
    xt::xtensor<T, 3> array(std::array<std::size_t, 3>{2, 3, 4});
    std::size_t number = 0;
    for (auto& value : array)
    {
        if constexpr (std::is_same_v<T, float16>)
            value = float16{static_cast<std::uint16_t>(977 * number++)};
        else if constexpr (std::is_same_v<T, bool>)
            value = number++ % 3 == 0;
        else
            value = static_cast<T>(number++ * 5 - 7);
    }
    for (const auto version : {npy_version::v1, npy_version::v2, npy_version::v3})
        for (const auto bytes : {byte_order::little, byte_order::big})
            for (const auto order : {array_order::c, array_order::fortran})
            {
                write_npy(path, array, {.version = version, .bytes = bytes, .order = order});
                const npy_array file = open_npy(path);
                CHECK(file.header().version == version);
                CHECK((file.header().bytes == bytes || sizeof(T) == 1));
                CHECK(file.header().order == order);
                CHECK(file.header().data_offset + file.stored().size() == content_of(path).size());
                CHECK((read_npy<T, 3>(file) == array));
            }
}

TEST_CASE("the layout of an expression plays no part, and lazy expressions are evaluated while they are written")
{
    const temporary_directory directory;
    const xt::xtensor<double, 2> matrix{{1, 2, 3}, {4, 5, 6}};
    const xt::xtensor<double, 2, xt::layout_type::column_major> column_major = matrix;
    const xt::xarray<double> dynamic = matrix;
    for (const auto order : {array_order::c, array_order::fortran})
    {
        const write_npy_options options{.order = order};
        write_npy(directory / "a.npy", matrix, options);
        const std::string expected = content_of(directory / "a.npy");
        write_npy(directory / "b.npy", column_major, options);
        CHECK(content_of(directory / "b.npy") == expected);
        write_npy(directory / "b.npy", dynamic, options);
        CHECK(content_of(directory / "b.npy") == expected);
        write_npy(directory / "b.npy", 2 * matrix - matrix, options);
        CHECK(content_of(directory / "b.npy") == expected);
        const auto view = xt::view(matrix, xt::all(), xt::range(1, 3));
        write_npy(directory / "b.npy", view, options);
        CHECK((read_npy<double, 2>(directory / "b.npy") == xt::xtensor<double, 2>{{2, 3}, {5, 6}}));
    }
    write_npy(directory / "c.npy", matrix > 3.0);
    CHECK((read_npy<bool, 2>(directory / "c.npy")(1, 0)));
}

TEST_CASE("an array of several blocks, and one without elements, are written whole")
{
    const temporary_directory directory;
    const xt::xtensor<std::uint32_t, 1> many = xt::arange<std::uint32_t>(200'001);
    write_npy(directory / "a.npy", many, {.bytes = byte_order::big});
    CHECK((read_npy<std::uint32_t, 1>(directory / "a.npy") == many));
    write_npy(directory / "b.npy", xt::xtensor<float, 2>(std::array<std::size_t, 2>{0, 3}));
    CHECK(open_npy(directory / "b.npy").header().shape == std::vector<std::size_t>{0, 3});
}

namespace
{

/// A function that fails at the last of its elements.
struct failing
{
    double operator()(double value) const
    {
        if (value > 99'998)
            throw value_error("too far");
        return value;
    }
};

}  // namespace

TEST_CASE("a failure while writing leaves the file as it was, and nothing beside it")
{
    const temporary_directory directory;
    const auto path = directory.write("a.npy", "before");
    const auto lazy = xt::make_lambda_xfunction(failing{}, xt::arange<double>(100'000));
    CHECK_THROWS_AS(write_npy(path, lazy), value_error);
    CHECK(content_of(path) == "before");
    CHECK(directory.size() == 1);
    CHECK_THROWS_AS(write_npy(directory / "missing/a.npy", xt::xtensor<double, 1>{1}), io_error);
    CHECK_THROWS_AS(write_npy(path / "b.npy", xt::xtensor<double, 1>{1}), io_error);
    CHECK(content_of(path) == "before");
}
