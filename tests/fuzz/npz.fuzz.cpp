// .npz: the zip archive around arrays, stored and deflated. An archive has check sums, which chance does not hit: after
// each mutation those of its members are made right where they can be, so that what is behind them is reached.
#include "fuzz/fuzz.hpp"
#include "io/text_at.hpp"
#include <labelerrors/io/npy_array.hpp>
#include <labelerrors/io/read_npy.hpp>
#include <labelerrors/io/read_object_array.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace
{

namespace detail = labelerrors::io::detail;
using labelerrors::io::npz_member;

/// The check sum of what the member holds, if it can be found.
[[nodiscard]] std::uint32_t crc_of(std::span<const std::byte> archive, const npz_member& member)
{
    const detail::zip_reader zip{archive, "archive"};
    const auto stored = detail::compressed_bytes(zip, member);
    if (member.method == 8)
        return detail::crc_of(detail::inflate_member(zip, member, stored));
    return detail::crc_of(stored);
}

/// Writes `right` wherever the four bytes of `wrong` stand.
void replace(std::span<std::uint8_t> data, std::uint32_t wrong, std::uint32_t right)
{
    std::array<std::uint8_t, 4> from;
    std::array<std::uint8_t, 4> to;
    std::memcpy(from.data(), &wrong, from.size());
    std::memcpy(to.data(), &right, to.size());
    for (auto at = data.begin();;)
    {
        at = std::search(at, data.end(), from.begin(), from.end());
        if (at == data.end())
            return;
        at = std::copy(to.begin(), to.end(), at);
    }
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned)
{
    size = LLVMFuzzerMutate(data, size, max_size);
    const std::span<std::uint8_t> bytes(data, size);
    fuzz::expect_result_or_error(
        [&]
        {
            for (const auto& member : labelerrors::io::list_npz(std::as_bytes(bytes), "archive"))
                fuzz::expect_result_or_error(
                    [&]
                    {
                        const auto right = crc_of(std::as_bytes(bytes), member);
                        if (right != member.crc)
                            replace(bytes, member.crc, right);
                    });
        });
    return size;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace labelerrors;
    static const fuzz::memory_file file;
    static const fuzz::directory directory;
    static const auto path = directory.link("a.npz", file);
    file.assign({data, size});
    fuzz::expect_result_or_error([&] { fuzz::look_at(io::read_npy<double, 2>(path)); });
    fuzz::expect_result_or_error([&] { fuzz::look_at(io::read_npy<std::int64_t, 1>(path.string() + ":labels")); });
    // As a large file, of which parts are read.
    fuzz::expect_result_or_error(
        [&]
        {
            const io::input_file part_by_part(file.path(), 0);
            for (const auto& member : io::list_npz(part_by_part, "archive"))
            {
                const auto content = io::read_npz(part_by_part, member, "archive");
                fuzz::look_at(tests::text_at(content.bytes, 0, content.bytes.size()));
            }
        });
    fuzz::expect_result_or_error(
        [&]
        {
            for (const auto& member : io::list_npz(std::as_bytes(std::span(data, size)), "archive"))
            {
                fuzz::look_at(member.name);
                fuzz::expect_result_or_error(
                    [&] { fuzz::look_at(io::open_npy(path.string() + ":" + member.name).header().shape); });
                fuzz::expect_result_or_error(
                    [&] { fuzz::look_at(io::read_label_sets(path.string() + ":" + member.name).labels); });
            }
        });
    return 0;
}
