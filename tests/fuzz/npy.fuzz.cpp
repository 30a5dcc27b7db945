// .npy: the header, labels, arrays and the rows of matrices, of every element type, and label issues found in them.
#include "fuzz/fuzz.hpp"
#include <labelerrors/core/find_label_issues.hpp>
#include <labelerrors/io/matrix_file.hpp>
#include <labelerrors/io/npy_rows.hpp>
#include <labelerrors/io/read_labels.hpp>
#include <labelerrors/io/read_npy.hpp>

#include <algorithm>
#include <memory>
#include <vector>

namespace
{

template <class Rows>
void look_at_rows(const Rows& rows)
{
    using T = typename Rows::value_type;
    std::vector<T> buffer;
    const std::size_t columns = rows.num_columns();
    for (std::size_t first = 0; first < rows.num_rows(); first += 3)
    {
        const std::size_t count = std::min<std::size_t>(3, rows.num_rows() - first);
        rows.announce(first, count);
        fuzz::look_at(std::span(rows.read(first, count, buffer), count * columns));
        fuzz::look_at(rows.element(first, columns - 1));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace labelerrors;
    static const fuzz::memory_file file;
    file.assign({data, size});
    const auto& path = file.path();
    fuzz::expect_result_or_error([&] { fuzz::look_at(io::read_labels(path)); });
    fuzz::expect_result_or_error([&] { fuzz::look_at(io::read_npy<double, 2>(path)); });
    fuzz::expect_result_or_error([&] { fuzz::look_at(io::read_npy<std::uint8_t, 3>(path)); });
    fuzz::expect_result_or_error([&] { fuzz::look_at(io::read_npy<bool, 1>(path)); });
    fuzz::expect_result_or_error(
        [&] { io::with_matrix(io::open_matrix(path), [](const auto& rows) { look_at_rows(rows); }); });
    fuzz::expect_result_or_error([&] { look_at_rows(io::npy_rows<double>(io::open_matrix(path))); });
    fuzz::expect_result_or_error(
        [&]
        {
            const io::npy_rows<double> rows(io::open_matrix(path));
            const auto labels = xt::xtensor<std::int64_t, 1>(std::array{rows.num_rows()}, 0);
            fuzz::look_at(find_label_issues(labels, rows, {.tolerance = 1e9, .threads = 1}).indices);
        });
    // As a large file, of which parts are read.
    fuzz::expect_result_or_error(
        [&]
        {
            const auto part_by_part = std::make_shared<const io::input_file>(path, 0);
            const io::matrix_file matrix({io::detail::make_array(*part_by_part, part_by_part, path.string())});
            look_at_rows(io::npy_rows<double>(matrix));
        });
    return 0;
}
