#ifndef LABELERRORS_CONCEPTS_HPP
#define LABELERRORS_CONCEPTS_HPP

// First, for it is what says that an earlier standard will not do.
#include <labelerrors/error.hpp>

#include <concepts>
#include <cstddef>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace labelerrors
{

struct float16;

/// An array expression: anything with a value type, a number of dimensions, a shape and element access by index, such
/// as an xtensor container, a view, a lazy expression or adapted memory.
template <class E>
concept array_expression = requires(const E& expression)
{
    typename E::value_type;
    {
        expression.dimension()
        } -> std::convertible_to<std::size_t>;
    {
        expression.shape().size()
        } -> std::convertible_to<std::size_t>;
    {
        *expression.shape().begin()
        } -> std::convertible_to<std::size_t>;
};

namespace detail
{

/// Whether an expression has N dimensions, or a number that is only known at run time.
template <class E, std::size_t N>
inline constexpr bool may_have_dimension = true;

template <array_expression E, std::size_t N>
    requires requires
    {
        std::tuple_size<std::remove_cvref_t<decltype(std::declval<const E&>().shape())>>::value;
    }
inline constexpr bool may_have_dimension<E, N> =
    std::tuple_size_v<std::remove_cvref_t<decltype(std::declval<const E&>().shape())>> == N;

}  // namespace detail

/// The labels of n examples: a one-dimensional array expression, or a contiguous range, of integers.
template <class L>
concept label_sequence = (array_expression<L> && detail::may_have_dimension<L, 1> &&
                          std::integral<typename L::value_type> &&
                          requires(const L& labels, std::size_t i) {
                              static_cast<typename L::value_type>(labels(i));
                          }) ||
                         (!array_expression<L> && std::ranges::contiguous_range<const L> &&
                          std::ranges::sized_range<const L> && std::integral<std::ranges::range_value_t<const L>>);

/// The type that rows are computed in. Halves are widened to float; everything but float is taken as double, which
/// changes long doubles, and integers above 2^53, alone.
template <class T>
concept row_element = std::same_as<T, float> || std::same_as<T, double>;

/// A matrix that hands out its rows: the one thing that every algorithm of this library reads.
///
/// `read(first, count, buffer)` returns a pointer to rows [first, first + count), one after another, row-major. It
/// points into the source where the rows lie so in memory, else into `buffer`, which `read` sizes and fills. It must be
/// safe to call from several threads at once, each with a buffer of its own.
template <class S>
concept row_source = requires(const S& source, std::size_t i, std::vector<typename S::value_type>& buffer)
{
    requires row_element<typename S::value_type>;
    {
        source.num_rows()
        } -> std::same_as<std::size_t>;
    {
        source.num_columns()
        } -> std::same_as<std::size_t>;
    {
        source.read(i, i, buffer)
        } -> std::same_as<const typename S::value_type*>;
};

/// A row source that can also give one element without the rest of its row.
template <class S>
concept element_source = row_source<S> && requires(const S& source, std::size_t i)
{
    {
        source.element(i, i)
        } -> std::same_as<typename S::value_type>;
};

/// An n x k matrix of predicted probabilities: a row source, or a two-dimensional array expression of numbers
/// (arithmetic, or float16).
template <class P>
concept probability_matrix = row_source<P> ||
    (array_expression<P>&& detail::may_have_dimension<P, 2> &&
     (std::is_arithmetic_v<typename P::value_type> ||
      std::same_as<typename P::value_type, float16>)&&requires(const P& pred_probs, std::size_t i) {
         static_cast<typename P::value_type>(pred_probs(i, i));
     });

/// Several matrices of predicted probabilities of one type, one for each model of an ensemble, as a std::vector or a
/// std::span has them.
template <class M>
concept probability_matrices =
    std::ranges::contiguous_range<const M> && probability_matrix<std::ranges::range_value_t<M>>;

/// A matrix of counts or of shares, given true label by column and observed label by row.
template <class M>
concept count_matrix = array_expression<M> && detail::may_have_dimension<M, 2> &&
    std::is_arithmetic_v<typename M::value_type> && requires(const M& matrix, std::size_t i)
{
    static_cast<typename M::value_type>(matrix(i, i));
};

}  // namespace labelerrors

#endif
