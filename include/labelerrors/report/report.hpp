#ifndef LABELERRORS_REPORT_REPORT_HPP
#define LABELERRORS_REPORT_REPORT_HPP

// Results for people to read.
#include <labelerrors/report/base64.hpp>
#include <labelerrors/report/draw_prevalence.hpp>
#include <labelerrors/report/draw_rank_changes.hpp>
#include <labelerrors/report/file_item.hpp>
#include <labelerrors/report/image_rows.hpp>
#include <labelerrors/report/page.hpp>
#include <labelerrors/report/printable.hpp>
#include <labelerrors/report/read_page_items.hpp>
#include <labelerrors/report/sha256.hpp>
#include <labelerrors/report/svg_drawing.hpp>
#include <labelerrors/report/svg_text.hpp>
#include <labelerrors/report/write_corrected_examples.hpp>
#include <labelerrors/report/write_label_issues.hpp>
#include <labelerrors/report/write_page.hpp>
#include <labelerrors/report/write_vote_figures.hpp>

#endif
