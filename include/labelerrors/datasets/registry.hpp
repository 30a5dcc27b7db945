#ifndef LABELERRORS_DATASETS_REGISTRY_HPP
#define LABELERRORS_DATASETS_REGISTRY_HPP

#include <labelerrors/datasets/amazon.hpp>
#include <labelerrors/datasets/audioset.hpp>
#include <labelerrors/datasets/caltech256.hpp>
#include <labelerrors/datasets/cifar10.hpp>
#include <labelerrors/datasets/cifar100.hpp>
#include <labelerrors/datasets/dataset.hpp>
#include <labelerrors/datasets/imagenet.hpp>
#include <labelerrors/datasets/imdb.hpp>
#include <labelerrors/datasets/mnist.hpp>
#include <labelerrors/datasets/news20.hpp>
#include <labelerrors/datasets/quickdraw.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/io/in_quotes.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace labelerrors::datasets
{

/// All test sets, in the order of the published tables.
using all_datasets =
    std::tuple<mnist, cifar10, cifar100, caltech256, imagenet, quickdraw, news20, imdb, amazon, audioset>;

/// Their facts and their names, in that order.
inline constexpr auto all_facts = []<std::size_t... I>(std::index_sequence<I...>)
{
    return std::array{facts_of<std::tuple_element_t<I, all_datasets>>()...};
}
(std::make_index_sequence<std::tuple_size_v<all_datasets>>());

/// The names of the ten test sets, in that order.
inline constexpr auto dataset_names = []
{
    std::array<std::string_view, all_facts.size()> names{};
    for (std::size_t i = 0; i < names.size(); ++i)
        names[i] = all_facts[i].name;
    return names;
}();

/// The facts of the test set called `name`. Throws value_error, listing the names, where there is none.
[[nodiscard]] const dataset_facts& find_dataset(std::string_view name);

/// Calls `use(adapter)` with the adapter of the test set called `name`, an empty value whose type states the facts:
///
///     with_dataset("mnist", [&](auto set) { return read_votes<decltype(set)>(root).size(); });
///
/// and returns what it returns, which must be of one type for all sets. Throws as find_dataset does.
template <class Use>
decltype(auto) with_dataset(std::string_view name, Use&& use);

namespace detail
{

template <std::size_t I, class Use>
decltype(auto) with_dataset_from(std::string_view name, Use& use)
{
    using D = std::tuple_element_t<I, all_datasets>;
    if constexpr (I + 1 < std::tuple_size_v<all_datasets>)
        if (name != D::name)
            return with_dataset_from<I + 1>(name, use);
    return use(D{});
}

}  // namespace detail

inline const dataset_facts& find_dataset(std::string_view name)
{
    for (const dataset_facts& facts : all_facts)
        if (facts.name == name)
            return facts;
    std::string known;
    for (const std::string_view one : dataset_names)
        known += (known.empty() ? "" : ", ") + std::string(one);
    throw value_error("find_dataset: name must be one of " + known + ", but is " + io::detail::in_quotes(name));
}

template <class Use>
decltype(auto) with_dataset(std::string_view name, Use&& use)
{
    return detail::with_dataset_from<0>(find_dataset(name).name, use);
}

}  // namespace labelerrors::datasets

#endif
