#ifndef LABELERRORS_REPORT_SHA256_HPP
#define LABELERRORS_REPORT_SHA256_HPP

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace labelerrors::report
{

/// The 32 bytes of the SHA-256 digest of `bytes`, with which a page's policy names the one script that may run in it.
/// O(bytes). Source: FIPS 180-4, section 6.2.
[[nodiscard]] std::string sha256(std::string_view bytes);

namespace detail
{

/// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
inline constexpr std::array<std::uint32_t, 64> sha256_constants{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

/// Takes a block of 64 bytes into the state.
inline void sha256_block(std::array<std::uint32_t, 8>& state, std::string_view block)
{
    std::array<std::uint32_t, 64> words{};
    for (std::size_t t = 0; t < 16; ++t)
        for (std::size_t j = 0; j < 4; ++j)
            words[t] = words[t] << 8 | static_cast<unsigned char>(block[4 * t + j]);
    for (std::size_t t = 16; t < 64; ++t)
    {
        const std::uint32_t a = words[t - 15];
        const std::uint32_t b = words[t - 2];
        words[t] = words[t - 16] + (std::rotr(a, 7) ^ std::rotr(a, 18) ^ a >> 3) + words[t - 7] +
                   (std::rotr(b, 17) ^ std::rotr(b, 19) ^ b >> 10);
    }
    auto s = state;
    for (std::size_t t = 0; t < 64; ++t)
    {
        const std::uint32_t first = s[7] + (std::rotr(s[4], 6) ^ std::rotr(s[4], 11) ^ std::rotr(s[4], 25)) +
                                    ((s[4] & s[5]) ^ (~s[4] & s[6])) + sha256_constants[t] + words[t];
        const std::uint32_t second = (std::rotr(s[0], 2) ^ std::rotr(s[0], 13) ^ std::rotr(s[0], 22)) +
                                     ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
        s = {first + second, s[0], s[1], s[2], s[3] + first, s[4], s[5], s[6]};
    }
    for (std::size_t i = 0; i < state.size(); ++i)
        state[i] += s[i];
}

}  // namespace detail

inline std::string sha256(std::string_view bytes)
{
    std::array<std::uint32_t, 8> state{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                       0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    constexpr std::size_t block = 64;
    const std::size_t num_whole = bytes.size() / block;
    for (std::size_t i = 0; i < num_whole; ++i)
        detail::sha256_block(state, bytes.substr(i * block, block));
    std::string last(bytes.substr(num_whole * block));
    last += '\x80';
    last.resize((last.size() + 8 + block - 1) / block * block, '\0');
    for (std::size_t i = 0; i < 8; ++i)
        last[last.size() - 1 - i] = static_cast<char>(8 * static_cast<std::uint64_t>(bytes.size()) >> 8 * i & 0xffu);
    for (std::size_t i = 0; i < last.size(); i += block)
        detail::sha256_block(state, std::string_view(last).substr(i, block));
    std::string digest;
    for (const std::uint32_t word : state)
        for (int shift = 24; shift >= 0; shift -= 8)
            digest += static_cast<char>(word >> shift & 0xffu);
    return digest;
}

}  // namespace labelerrors::report

#endif
