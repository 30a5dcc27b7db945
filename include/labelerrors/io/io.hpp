#ifndef LABELERRORS_IO_IO_HPP
#define LABELERRORS_IO_IO_HPP

// Files to values and back; knows no dataset.
#include <labelerrors/io/atomic_file.hpp>
#include <labelerrors/io/audioset_csv.hpp>
#include <labelerrors/io/byte_order_mark.hpp>
#include <labelerrors/io/byte_source.hpp>
#include <labelerrors/io/cached_reads.hpp>
#include <labelerrors/io/cifar.hpp>
#include <labelerrors/io/csv.hpp>
#include <labelerrors/io/decode.hpp>
#include <labelerrors/io/element_type.hpp>
#include <labelerrors/io/gzip.hpp>
#include <labelerrors/io/idx.hpp>
#include <labelerrors/io/input_file.hpp>
#include <labelerrors/io/label_sets.hpp>
#include <labelerrors/io/line_fields.hpp>
#include <labelerrors/io/matrix_file.hpp>
#include <labelerrors/io/npy_array.hpp>
#include <labelerrors/io/npy_header.hpp>
#include <labelerrors/io/npy_rows.hpp>
#include <labelerrors/io/npz.hpp>
#include <labelerrors/io/parse_npy_header.hpp>
#include <labelerrors/io/parse_number.hpp>
#include <labelerrors/io/pick_lines.hpp>
#include <labelerrors/io/pickle.hpp>
#include <labelerrors/io/pickle_global.hpp>
#include <labelerrors/io/pickle_machine.hpp>
#include <labelerrors/io/pickle_numpy.hpp>
#include <labelerrors/io/pickle_opcode.hpp>
#include <labelerrors/io/pickle_value.hpp>
#include <labelerrors/io/quickdraw_bitmaps.hpp>
#include <labelerrors/io/read_class_names.hpp>
#include <labelerrors/io/read_labels.hpp>
#include <labelerrors/io/read_npy.hpp>
#include <labelerrors/io/read_npz.hpp>
#include <labelerrors/io/read_object_array.hpp>
#include <labelerrors/io/write_npy.hpp>

#endif
