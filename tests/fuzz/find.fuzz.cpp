// find_label_issues on small matrices of any values, with options and labels drawn from the bytes. Some of the matrices
// change between two reads, as a file does that someone writes to: then any result will do.
#include "fuzz/fuzz.hpp"
#include <labelerrors/core/find_label_issues.hpp>
#include <labelerrors/rows/float16.hpp>

#include <algorithm>
#include <atomic>
#include <memory>
#include <vector>

namespace
{

/// Floats as they come from a file: any bits, or a byte for a share, so that some rows are probabilities.
template <class T>
[[nodiscard]] T probability(fuzz::taken& from, std::size_t kind)
{
    if (kind == 0)
        return from.value<T>();
    constexpr float parts = 255.0f;
    return static_cast<T>(static_cast<float>(from.value<std::uint8_t>()) / parts);
}

/// Divides each row by its sum.
template <class T>
void normalize(xt::xtensor<T, 2>& matrix)
{
    for (std::size_t i = 0; i < matrix.shape()[0]; ++i)
    {
        double sum = 0;
        for (std::size_t j = 0; j < matrix.shape()[1]; ++j)
            sum += static_cast<double>(matrix(i, j));
        for (std::size_t j = 0; j < matrix.shape()[1] && sum > 0; ++j)
            matrix(i, j) = static_cast<T>(static_cast<double>(matrix(i, j)) / sum);
    }
}

/// Rows of one matrix, and after some reads of another.
template <class T>
struct changing_rows
{
    using value_type = T;

    const xt::xtensor<T, 2>& before;
    const xt::xtensor<T, 2>& after;
    std::size_t reads_before;
    bool is_costly;
    std::shared_ptr<std::atomic<std::size_t>> num_reads = std::make_shared<std::atomic<std::size_t>>(0);

    [[nodiscard]] std::size_t num_rows() const
    {
        return before.shape()[0];
    }

    [[nodiscard]] std::size_t num_columns() const
    {
        return before.shape()[1];
    }

    [[nodiscard]] bool costly_to_reread() const
    {
        return is_costly;
    }

    const T* read(std::size_t first, std::size_t count, std::vector<T>& buffer) const
    {
        const auto& now = (*num_reads)++ < reads_before ? before : after;
        const T* const begin = now.data() + first * num_columns();
        buffer.assign(begin, begin + count * num_columns());
        return buffer.data();
    }
};

template <class T>
void find(fuzz::taken& from)
{
    using namespace labelerrors;
    find_label_issues_options options;
    options.filter_by = static_cast<filter_by>(from.below(7));
    if (const std::size_t ranking = from.below(4); ranking < 3)
        options.rank_by = static_cast<score_method>(ranking);
    else
        options.rank_by = std::nullopt;
    options.adjust_pred_probs = static_cast<adjustment>(from.below(2));
    options.threads = 1 + from.below(2);
    const std::size_t kind = from.below(3);
    const std::size_t wanted = from.below(4);
    if (wanted == 1)
        options.frac_noise = from.value<double>();
    if (wanted == 2)
        options.tolerance = from.value<double>();
    if (from.flag())
        options.min_examples_per_class = from.value<std::size_t>();
    // Many classes too; but what is k x k by nature has few.
    const std::size_t k = from.flag() ? from.below(12) : from.value<std::uint16_t>() % 2000;
    if (k <= 12 && from.flag())
    {
        options.num_to_remove_per_class.emplace(k + from.below(8) / 7);
        for (auto& number : *options.num_to_remove_per_class)
            number = from.flag() ? from.value<std::size_t>() : from.below(20);
    }
    if (k <= 12 && from.flag())
    {
        auto joint = xt::xtensor<double, 2>::from_shape({k, k + from.below(8) / 7});
        for (double& count : joint)
            count = from.flag() ? from.value<double>() : static_cast<double>(from.below(100));
        options.confident_joint = std::move(joint);
    }
    const std::size_t num_labels = from.below(200);
    auto labels = xt::xtensor<std::int64_t, 1>::from_shape({num_labels});
    for (auto& label : labels)
        label = from.below(64) == 63 ? from.value<std::int64_t>()
                                     : static_cast<std::int64_t>(from.below(std::max<std::size_t>(k, 1)));
    const std::size_t n = from.below(16) == 15 ? from.below(200) : num_labels;
    // No matrix is larger than what is left of the bytes makes it, zeros aside.
    auto matrix = xt::xtensor<T, 2>::from_shape({n, k});
    for (T& value : matrix)
        value = probability<T>(from, kind);
    if (kind == 2)
        normalize(matrix);
    if (from.below(4) == 3)
    {
        const std::size_t reads_before = from.below(8);
        auto after = xt::xtensor<T, 2>::from_shape({n, k});
        for (T& value : after)
            value = probability<T>(from, kind);
        const changing_rows<T> rows{matrix, after, reads_before, from.flag()};
        fuzz::expect_result_or_error([&] { fuzz::look_at(find_label_issues(labels, rows, options).scores); });
    }
    fuzz::expect_result_or_error(
        [&]
        {
            const auto issues = find_label_issues(labels, matrix, options);
            if (issues.num_examples != n || issues.num_classes != k)
                std::abort();
            for (std::size_t i = 0; i < issues.indices.size(); ++i)
                if (issues.indices(i) >= n || issues.given_labels(i) >= k || issues.suggested_labels(i) >= k ||
                    issues.given_labels(i) != static_cast<std::size_t>(labels(issues.indices(i))))
                    std::abort();
            fuzz::look_at(issues.scores);
        });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::taken from({data, size});
    if (from.flag())
        find<double>(from);
    else
        find<float>(from);
    return 0;
}
