#ifndef LABELERRORS_CORE_SORT_ALL_HPP
#define LABELERRORS_CORE_SORT_ALL_HPP

#include <algorithm>
#include <span>

namespace labelerrors::detail
{

/// Puts values in ascending order. By pointers, so that one sort is compiled for all containers of a type of values.
template <class T>
void sort_all(std::span<T> values)
{
    std::sort(values.data(), values.data() + values.size());
}

}  // namespace labelerrors::detail

#endif
