#ifndef LABELERRORS_REPORT_REPORT_HPP
#define LABELERRORS_REPORT_REPORT_HPP

// Results for people to read.
#include <labelerrors/report/write_corrected_examples.hpp>
#include <labelerrors/report/write_label_issues.hpp>
#include <labelerrors/report/write_vote_figures.hpp>

#endif
