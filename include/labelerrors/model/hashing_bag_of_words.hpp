#ifndef LABELERRORS_MODEL_HASHING_BAG_OF_WORDS_HPP
#define LABELERRORS_MODEL_HASHING_BAG_OF_WORDS_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/model/sparse_features.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace labelerrors
{

/// What of a text is counted.
enum class text_terms
{
    words,
    words_and_pairs,  // and each two words that follow one another
};

/// What hashing_bag_of_words lets its caller choose.
struct hashing_bag_of_words_options
{
    std::size_t num_columns = std::size_t{1} << 16;  // what words are hashed to, 1 .. 2^31; two words may share one
    // What the terms of a text are.
    text_terms terms = text_terms::words;
    std::size_t min_word_bytes = 2;  // shorter words do not count
};

/// Turns texts into sparse features: how often each word is in a text, weighed down by how many texts have it, rows of
/// length 1.
///
/// A word is a run of ASCII letters and digits and of the bytes of all characters beyond ASCII, punctuation too; ASCII
/// capitals count as small letters. Its column is a hash (FNV-1a, 64 bits), the same on every platform. A column that
/// is in t of n texts is weighed by log((1 + n) / (1 + t)) + 1. The weights know no labels, so that they may be taken
/// from all texts before cross-validation. A text without words is a row of zeros.
/// `texts`: n texts. Returns n x num_columns features, columns ascending in each row.
/// Throws shape_error where there are no texts; value_error where num_columns is out of its range.
/// O(bytes + words log words) time, memory O(words). Source: the weights of
/// sklearn.feature_extraction.text.TfidfTransformer. Differs from sklearn: a hash without signs, and single letters and
/// digits can be words.
[[nodiscard]] sparse_features<float> hashing_bag_of_words(std::span<const std::string> texts,
                                                          const hashing_bag_of_words_options& options = {});

namespace detail
{

inline constexpr std::uint64_t fnv_start = 0xcbf29ce484222325u;

/// The FNV-1a hash of what `hash` is the hash of, followed by `byte`.
[[nodiscard]] constexpr std::uint64_t add_to_hash(std::uint64_t hash, unsigned char byte) noexcept
{
    constexpr std::uint64_t fnv_prime = 0x100000001b3u;
    return (hash ^ byte) * fnv_prime;
}

/// The byte of a word in lower case; 0 for a byte that is in no word.
[[nodiscard]] constexpr unsigned char word_byte(char c) noexcept
{
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 'A' && byte <= 'Z')
        return static_cast<unsigned char>(byte - 'A' + 'a');
    const bool counts = byte >= 0x80 || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
    return counts ? byte : 0;
}

/// Calls `use(hash)` with the hash of each term of a text.
template <class Use>
void for_each_term(std::string_view text, const hashing_bag_of_words_options& options, const Use& use)
{
    std::uint64_t hash = fnv_start;
    std::uint64_t pair_hash = 0;  // of the word before and a blank
    std::size_t length = 0;
    bool has_before = false;
    std::uint64_t pair_start = 0;
    const auto end_word = [&]
    {
        if (length >= options.min_word_bytes && length > 0)
        {
            use(hash);
            if (options.terms == text_terms::words_and_pairs)
            {
                if (has_before)
                    use(pair_hash);
                pair_start = add_to_hash(hash, ' ');
                has_before = true;
            }
        }
        hash = fnv_start;
        pair_hash = pair_start;
        length = 0;
    };
    for (const char c : text)
    {
        const unsigned char byte = word_byte(c);
        if (byte == 0)
        {
            if (length > 0)
                end_word();
            continue;
        }
        hash = add_to_hash(hash, byte);
        pair_hash = add_to_hash(pair_hash, byte);
        ++length;
    }
    end_word();
}

/// Weighs the counts of terms by how few texts have them and makes each row one of length 1.
inline void weigh_terms(sparse_features<float>& features)
{
    // Columns in use are far fewer than there are.
    auto in_use = features.columns;
    std::sort(in_use.begin(), in_use.end());
    const auto n = static_cast<double>(features.num_rows());
    for (std::size_t row = 0; row < features.num_rows(); ++row)
    {
        const std::size_t begin = features.row_starts[row];
        const std::size_t end = features.row_starts[row + 1];
        std::vector<double> weighed;
        double squares = 0.0;
        for (std::size_t at = begin; at < end; ++at)
        {
            const auto [first, last] = std::equal_range(in_use.begin(), in_use.end(), features.columns[at]);
            const auto texts = static_cast<double>(last - first);
            weighed.push_back(static_cast<double>(features.values[at]) * (std::log((1.0 + n) / (1.0 + texts)) + 1.0));
            squares += weighed.back() * weighed.back();
        }
        for (std::size_t at = begin; at < end; ++at)
            features.values[at] = static_cast<float>(weighed[at - begin] / std::sqrt(squares));
    }
}

}  // namespace detail

inline sparse_features<float> hashing_bag_of_words(std::span<const std::string> texts,
                                                   const hashing_bag_of_words_options& options)
{
    constexpr std::size_t most_columns = std::size_t{1} << 31;
    if (texts.empty())
        throw shape_error("hashing_bag_of_words: texts are empty; at least one is needed");
    if (options.num_columns == 0 || options.num_columns > most_columns)
        throw value_error("hashing_bag_of_words: num_columns must be 1 to 2147483648, not " +
                          std::to_string(options.num_columns));
    sparse_features<float> features;
    features.num_columns = options.num_columns;
    features.row_starts.reserve(texts.size() + 1);
    std::vector<std::uint32_t> columns;
    for (const std::string& text : texts)
    {
        columns.clear();
        detail::for_each_term(text, options,
                              [&](std::uint64_t hash)
                              { columns.push_back(static_cast<std::uint32_t>(hash % options.num_columns)); });
        std::sort(columns.begin(), columns.end());
        for (auto first = columns.begin(); first != columns.end();)
        {
            const auto last =
                std::find_if(first, columns.end(), [&](std::uint32_t column) { return column != *first; });
            features.columns.push_back(*first);
            features.values.push_back(static_cast<float>(last - first));
            first = last;
        }
        features.row_starts.push_back(features.values.size());
    }
    detail::weigh_terms(features);
    return features;
}

}  // namespace labelerrors

#endif
