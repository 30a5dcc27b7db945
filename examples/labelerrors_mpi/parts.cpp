// Inputs in part files, of which each rank takes consecutive rows.
#include "parts.hpp"

#include "../labelerrors/multilabel.hpp"
#include <labelerrors/io/decode.hpp>
#include <labelerrors/io/npy_array.hpp>
#include <labelerrors/io/read_labels.hpp>
#include <labelerrors/io/read_object_array.hpp>

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>

namespace program
{

namespace
{

namespace io = labelerrors::io;

/// How many labels a file has. What is wrong with it comes out here, on every rank.
[[nodiscard]] std::size_t count_labels(const std::string& path)
{
    if (io::is_csv(path))
        return io::read_labels(path).size();
    const auto array = io::open_npy(path);
    const auto& header = array.header();
    if (header.element <= io::element_type::f8 || header.shape.size() != 1)
        return io::read_labels(path).size();
    return header.shape[0];
}

/// Labels [first, first + count) of a file.
void read_some_labels(const std::string& path, std::size_t first, std::size_t count, std::int64_t* to)
{
    if (!io::is_csv(path))
        return io::decode(io::open_npy(path), first, count, to);
    const auto all = io::read_labels(path);
    std::copy_n(all.begin() + static_cast<std::ptrdiff_t>(first), count, to);
}

/// How many sets of labels a file has: the header of a .npy says so.
[[nodiscard]] std::size_t count_sets(const std::string& path)
{
    if (io::is_csv(path))
        return read_sets(path).sets.size();
    const auto file = io::detail::open_stored(path);
    if (io::detail::is_pickle(file.bytes))
        return io::read_label_sets(file).size();
    if (io::detail::holds_objects(file))
        return io::detail::parse_object_header(file.bytes, file.path).shape[0];
    return io::matrix_file({io::detail::make_array(file.bytes, file.owner, file.path)}).num_rows();
}

template <class Paths, class Count>
[[nodiscard]] std::vector<part_file> files_of(const Paths& paths, const Count& count)
{
    std::vector<part_file> files;
    std::size_t end = 0;
    for (const auto& path : paths)
    {
        end += count(path);
        files.push_back({path, end});
    }
    return files;
}

/// Calls `use(path, first, count, done)` for the rows of `range` in each file that has some, `done` those before.
template <class Use>
void for_each_file(const std::vector<part_file>& files, const row_range& range, const Use& use)
{
    std::size_t begin = 0;
    std::size_t done = 0;
    for (const auto& file : files)
    {
        const std::size_t from = std::max(range.first, begin);
        const std::size_t to = std::min(range.first + range.count, file.end);
        if (from < to)
        {
            use(file.path, from - begin, to - from, done);
            done += to - from;
        }
        begin = file.end;
    }
}

[[nodiscard]] std::string names_of(const std::vector<part_file>& files)
{
    return files.front().path + (files.size() > 1 ? " .. " + files.back().path : "");
}

[[nodiscard]] rank_inputs open_here(const mpi_processes& ranks, const part_options& options, label_kind kind)
{
    rank_inputs opened{open_pred_probs(options.input), {}, {}, {}, {}, {}};
    const auto& matrix = opened.in.pred_probs;
    opened.matrix_files = part_files(matrix);
    opened.label_files = files_of(options.labels, kind == label_kind::single ? count_labels : count_sets);
    opened.names = names_of(opened.label_files) + ", " + names_of(opened.matrix_files);
    const std::size_t num_labels = opened.label_files.back().end;
    if (num_labels != matrix.num_rows())
        throw std::runtime_error(opened.names + ": " + std::to_string(num_labels) + " labels and " +
                                 std::to_string(matrix.num_rows()) +
                                 " rows of probabilities; the files must be the same examples in the same order");
    opened.mine = labelerrors::distributed::slice_of_rank(matrix.num_rows(), ranks.rank(), ranks.size());
    if (kind == label_kind::single)
    {
        opened.in.labels = xt::xtensor<std::int64_t, 1>::from_shape({opened.mine.count});
        for_each_file(opened.label_files, opened.mine,
                      [&](const std::string& path, std::size_t first, std::size_t count, std::size_t done)
                      { read_some_labels(path, first, count, opened.in.labels.data() + done); });
        return opened;
    }
    for_each_file(opened.label_files, opened.mine,
                  [&](const std::string& path, std::size_t first, std::size_t count, std::size_t /*done*/)
                  {
                      const auto all = read_sets(path, matrix.num_columns());
                      for (std::size_t i = first; i < first + count; ++i)
                      {
                          opened.sets.labels.insert(opened.sets.labels.end(), all[i].begin(), all[i].end());
                          opened.sets.end_example();
                      }
                  });
    return opened;
}

/// Throws on all ranks where one sees files of another length: it would take other rows than those that are its own.
void require_same_length(mpi_processes& ranks, const rank_inputs& in)
{
    std::vector<std::int64_t> lengths(ranks.size());
    lengths[ranks.rank()] = static_cast<std::int64_t>(in.in.pred_probs.num_rows());
    ranks.sum(lengths);
    for (std::size_t rank = 1; rank < lengths.size(); ++rank)
        if (lengths[rank] != lengths[0])
            throw labelerrors::distributed::agreed<std::runtime_error>(
                in.names + ": rank " + std::to_string(rank) + ": " + std::to_string(lengths[rank]) +
                " rows of probabilities, but rank 0 sees " + std::to_string(lengths[0]) +
                "; all ranks must see the same files");
}

}  // namespace

void part_options::add_to(CLI::App& app)
{
    input.add_to(app, input_requirement::left_to_the_subcommand);
    app.remove_option(app.get_option("--labels"));
    app.add_option("--labels", labels,
                   "The given labels: n integers, 0 to k - 1 (.npy, .npz:NAME, or .csv with one a line); several files "
                   "are one list in their order")
        ->required()
        ->type_name("FILE ...");
    app.get_option("--pred-probs")->required();
}

std::size_t rank_inputs::num_bytes() const
{
    const auto& matrix = in.pred_probs;
    const std::size_t rows = std::max<std::size_t>(matrix.num_rows(), 1);
    return matrix.num_bytes() / rows * mine.count + in.labels.size() * sizeof(std::int64_t) +
           sets.labels.size() * sizeof(std::uint32_t);
}

rank_inputs open_parts(mpi_processes& ranks, const part_options& options, label_kind kind)
{
    auto opened = labelerrors::distributed::together(ranks, [&] { return open_here(ranks, options, kind); });
    require_same_length(ranks, opened);
    return opened;
}

std::string explain_part(const std::string& message, const rank_inputs& in, std::size_t num_ranks)
{
    const auto rank = number_after(message, "rank ");
    if (rank.end == 0 || !message.starts_with("rank "))
        return explain(message, in.names, offered_options::softmax_and_tolerance);
    // "rank R: function: what is wrong".
    std::string text = message.substr(rank.end + 2);
    std::string place = in.names;
    const std::size_t first =
        labelerrors::distributed::slice_of_rank(in.matrix_files.back().end, rank.number, num_ranks).first;
    for (const auto& [before, files] :
         {std::pair{"pred_probs row ", &in.matrix_files}, std::pair{"labels[", &in.label_files}})
    {
        const auto found = number_after(text, before);
        if (found.end == 0)
            continue;
        place = place_of_row(*files, first + found.number);
        break;
    }
    return explain(text, place + ": rank " + std::to_string(rank.number), offered_options::softmax_and_tolerance);
}

}  // namespace program
