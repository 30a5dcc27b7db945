#include "support/new_throws.hpp"
#include <labelerrors/rows/large_vector.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <numeric>
#include <utility>
#include <vector>

using labelerrors::large_page_allocator;
using labelerrors::large_vector;

TEST_CASE("a large vector holds what a vector holds while it grows past a large page, is copied, moved and swapped")
{
    large_vector<std::uint32_t> grown;
    for (std::uint32_t i = 0; i < 1500000; ++i)
        grown.push_back(i);
    std::vector<std::uint32_t> plain(1500000);
    std::iota(plain.begin(), plain.end(), 0u);
    CHECK(std::vector<std::uint32_t>(grown.begin(), grown.end()) == plain);

    large_vector<std::uint32_t> copy = grown;
    large_vector<std::uint32_t> small{7, 8};
    std::swap(copy, small);
    CHECK(copy == large_vector<std::uint32_t>{7, 8});
    CHECK(small == grown);
    const auto moved = std::move(small);
    CHECK(moved == grown);
}

TEST_CASE("large blocks begin at a large page, and small ones take no more than they need")
{
    const large_vector<double> large(labelerrors::detail::least_large_block / sizeof(double));
    CHECK(reinterpret_cast<std::uintptr_t>(large.data()) % labelerrors::detail::large_page == 0);
    const large_vector<char> small(100, 'x');
    CHECK(small.capacity() == 100);
}

TEST_CASE("an allocator refuses more than there can be")
{
    constexpr auto most = std::numeric_limits<std::size_t>::max();
    CHECK_THROWS_AS(large_page_allocator<double>{}.allocate(most / 4), std::bad_array_new_length);
#if LABELERRORS_NEW_THROWS
    CHECK_THROWS_AS(large_page_allocator<double>{}.allocate(most / 64), std::bad_alloc);
#endif
    CHECK(large_page_allocator<int>{} == large_page_allocator<int>(large_page_allocator<double>{}));
}

TEST_CASE("advice about any block, however small or misaligned, changes nothing in it")
{
    std::vector<unsigned char> block(5 << 20, 3);
    for (const std::size_t offset : {std::size_t{0}, std::size_t{1}, std::size_t{4096}, block.size()})
        labelerrors::detail::advise_large_pages(block.data() + offset, block.size() - offset);
    labelerrors::detail::advise_large_pages(nullptr, 0);
    CHECK(std::accumulate(block.begin(), block.end(), std::size_t{0}) == 3 * block.size());
}
