// CIFAR batches: both kinds of the binary version and the pickled one.
#include "fuzz/fuzz.hpp"
#include <labelerrors/io/cifar.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace labelerrors;
    static const fuzz::memory_file file;
    file.assign({data, size});
    const auto look_at = [](const io::cifar_batch& batch)
    {
        fuzz::look_at(batch.labels);
        fuzz::look_at(batch.coarse_labels);
        fuzz::look_at(batch.images);
    };
    fuzz::expect_result_or_error([&] { look_at(io::read_cifar_binary(file.path(), io::cifar_kind::cifar10)); });
    fuzz::expect_result_or_error([&] { look_at(io::read_cifar_binary(file.path(), io::cifar_kind::cifar100)); });
    fuzz::expect_result_or_error([&] { look_at(io::read_cifar_python(file.path())); });
    return 0;
}
