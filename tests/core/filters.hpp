#ifndef LABELERRORS_TESTS_CORE_FILTERS_HPP
#define LABELERRORS_TESTS_CORE_FILTERS_HPP

#include <labelerrors/core/find_label_issues.hpp>

#include <array>

namespace tests
{

inline constexpr std::array all_filters{
    labelerrors::filter_by::prune_by_noise_rate,
    labelerrors::filter_by::prune_by_class,
    labelerrors::filter_by::both,
    labelerrors::filter_by::confident_learning,
    labelerrors::filter_by::predicted_neq_given,
    labelerrors::filter_by::low_normalized_margin,
    labelerrors::filter_by::low_self_confidence,
};

/// Those that meet quotas.
inline constexpr std::array prune_filters{
    labelerrors::filter_by::prune_by_noise_rate,
    labelerrors::filter_by::prune_by_class,
    labelerrors::filter_by::both,
};

}  // namespace tests

#endif
