// IDX files, plain and compressed with gzip. The bytes are read as they are, and once more as what a right gzip file
// holds: chance makes few of those.
#include "fuzz/fuzz.hpp"
#include <labelerrors/io/idx.hpp>

#include <zlib.h>

#include <string>

namespace
{

/// `content` in the format of gzip.
[[nodiscard]] std::string gzipped(std::span<const std::uint8_t> content)
{
    z_stream stream = {};
    if (deflateInit2(&stream, 1, Z_DEFLATED, 16 + MAX_WBITS, 1, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error("zlib does not start");
    std::string out(deflateBound(&stream, static_cast<uLong>(content.size())), '\0');
    // zlib does not write through next_in.
    stream.next_in = const_cast<Bytef*>(content.data());
    stream.avail_in = static_cast<uInt>(content.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

void read(const std::filesystem::path& path)
{
    using namespace labelerrors;
    fuzz::expect_result_or_error([&] { fuzz::look_at(io::read_idx_labels(path)); });
    fuzz::expect_result_or_error([&] { fuzz::look_at(io::read_idx_images(path)); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const fuzz::memory_file file;
    file.assign({data, size});
    read(file.path());
    const std::string compressed = gzipped({data, size});
    file.assign({reinterpret_cast<const std::uint8_t*>(compressed.data()), compressed.size()});
    read(file.path());
    return 0;
}
