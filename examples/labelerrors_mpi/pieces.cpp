// Results that each rank writes a piece of.
#include "pieces.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <span>

namespace program
{

std::string piece_path(const std::string& path, std::size_t rank, std::size_t size)
{
    const std::string last = std::to_string(size - 1);
    std::string number = std::to_string(rank);
    number.insert(0, last.size() - number.size(), '0');
    const std::filesystem::path whole(path);
    const std::string name =
        whole.stem().string() + "." + number + "-of-" + std::to_string(size) + whole.extension().string();
    return (whole.parent_path() / name).string();
}

listed_part part_of_rank(const mpi_processes& ranks, std::size_t first, std::size_t count, std::size_t total,
                         std::optional<std::size_t> top)
{
    auto part = part_of(first, count, total, top);
    part.begins = ranks.rank() == 0;
    part.ends = ranks.rank() + 1 == ranks.size();
    return part;
}

bool writes_pieces(const output_options& options)
{
    return !options.path.empty() && options.chosen_format() != output_format::table;
}

void choose_format(output_options& options)
{
    if (options.format.empty())
        options.format = "json";
}

void write_pieces(mpi_processes& ranks, const output_options& options, const std::function<void(output&)>& write,
                  const std::string& summary)
{
    output_options mine = options;
    mine.path = piece_path(options.path, ranks.rank(), ranks.size());
    std::optional<output> out;
    labelerrors::distributed::together(ranks,
                                       [&]
                                       {
                                           out.emplace(mine);
                                           write(*out);
                                           out->flush();
                                       });
    labelerrors::distributed::together(ranks, [&] { out->finish(); });
    write_on_first(ranks,
                   [&]
                   {
                       output to_screen(output_options{});
                       to_screen << summary << ",\"pieces\":[";
                       for (std::size_t rank = 0; rank < ranks.size(); ++rank)
                           to_screen << (rank == 0 ? "" : ",")
                                     << json_string(piece_path(options.path, rank, ranks.size()));
                       to_screen << "]}\n";
                       to_screen.finish();
                   });
}

void write_on_first(mpi_processes& ranks, const std::function<void()>& write)
{
    labelerrors::distributed::together(ranks,
                                       [&]
                                       {
                                           if (ranks.rank() == 0)
                                               write();
                                       });
}

void tell_timing(mpi_processes& ranks, const progress& watch, std::size_t bytes_read)
{
    const auto sent = ranks.communicated();
    std::array numbers{static_cast<std::int64_t>(sent.bytes_sent), static_cast<std::int64_t>(bytes_read)};
    ranks.sum(numbers);
    if (ranks.rank() != 0)
        return;
    std::string line = watch.timing(static_cast<std::size_t>(numbers[1]));
    line.pop_back();
    line += ",\"ranks\":" + std::to_string(ranks.size()) + ",\"rounds\":" + std::to_string(sent.rounds) +
            ",\"bytes_sent\":" + std::to_string(numbers[0]) + "}";
    std::fprintf(stderr, "%s\n", line.c_str());
}

}  // namespace program
