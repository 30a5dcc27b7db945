#ifndef LABELERRORS_CONSENSUS_CONSENSUS_HPP
#define LABELERRORS_CONSENSUS_CONSENSUS_HPP

// Votes, and the policies that read them.
#include <labelerrors/consensus/policy.hpp>
#include <labelerrors/consensus/votes.hpp>

#endif
