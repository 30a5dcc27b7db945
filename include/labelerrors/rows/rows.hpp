#ifndef LABELERRORS_ROWS_ROWS_HPP
#define LABELERRORS_ROWS_ROWS_HPP

// How an n x k matrix reaches an algorithm.
#include <labelerrors/rows/any_rows.hpp>
#include <labelerrors/rows/callback_rows.hpp>
#include <labelerrors/rows/column_of_label.hpp>
#include <labelerrors/rows/float16.hpp>
#include <labelerrors/rows/joining_thread.hpp>
#include <labelerrors/rows/large_vector.hpp>
#include <labelerrors/rows/parallel.hpp>
#include <labelerrors/rows/ready_elements.hpp>
#include <labelerrors/rows/row_blocks.hpp>
#include <labelerrors/rows/row_elements.hpp>
#include <labelerrors/rows/softmax_rows.hpp>
#include <labelerrors/rows/xtensor.hpp>

#endif
