// Tables of numbers and labels in .csv files.
#include "fuzz/fuzz.hpp"
#include <labelerrors/io/csv.hpp>
#include <labelerrors/io/matrix_file.hpp>
#include <labelerrors/io/npy_rows.hpp>
#include <labelerrors/io/read_labels.hpp>

#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace labelerrors;
    static const fuzz::memory_file file;
    static const fuzz::directory directory;
    static const auto path = directory.link("a.csv", file);
    file.assign({data, size});
    fuzz::expect_result_or_error([&] { fuzz::look_at(io::read_labels(path)); });
    fuzz::expect_result_or_error([&] { fuzz::look_at(io::read_csv(path)); });
    fuzz::expect_result_or_error(
        [&]
        {
            const io::npy_rows<double> rows(io::open_matrix(path));
            std::vector<double> buffer;
            fuzz::look_at(std::span(rows.read(0, rows.num_rows(), buffer), rows.num_rows() * rows.num_columns()));
        });
    return 0;
}
