#ifndef LABELERRORS_IO_AUDIOSET_CSV_HPP
#define LABELERRORS_IO_AUDIOSET_CSV_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/csv_fields.hpp>
#include <labelerrors/io/in_quotes.hpp>
#include <labelerrors/io/input_file.hpp>
#include <labelerrors/io/label_sets.hpp>
#include <labelerrors/io/line_fields.hpp>
#include <labelerrors/io/npy_header.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace labelerrors::io
{

/// A class of AudioSet. Its number is its place in the list.
struct audioset_class
{
    std::string mid;           // the identifier that segments name it by: "/m/09x0r"
    std::string display_name;  // "Male speech, man speaking"
};

/// A piece of a video and what is heard in it.
struct audioset_segment
{
    std::string video;  // the identifier on YouTube
    double start_seconds = 0;
    double end_seconds = 0;
    std::vector<std::string> mids;  // of the classes, in the order of the file
};

/// Reads class_labels_indices.csv: lines of index, mid and display name, after a header that may be missing; the name
/// may stand in quotes, in which a quote is doubled, and have commas either way.
/// Throws io_error where the file cannot be read; format_error, naming the line, where a line lacks a field, an index
/// is not that of its place, a mid comes twice, or there are no lines. O(size).
[[nodiscard]] std::vector<audioset_class> read_audioset_classes(const std::filesystem::path& path);

/// Reads eval_segments.csv and its like: lines of video, start, end and mids, the mids in quotes or simply as the rest
/// of the line, after lines that begin with # and a header that may be missing. Where such a line says num_segs or
/// num_positive_labels, the numbers are compared. A header has no digit where times stand and no mid.
/// Throws io_error where the file cannot be read; format_error, naming the line, where a line lacks a field, a time is
/// no number or ends before it starts, there are no lines, or not as many as the file says. O(size).
[[nodiscard]] std::vector<audioset_segment> read_audioset_segments(const std::filesystem::path& path);

/// The numbers of the classes of each segment, ascending. Throws value_error where a segment names a class that is not
/// among `classes`, or one twice. O(labels log classes).
[[nodiscard]] label_sets audioset_label_sets(std::span<const audioset_segment> segments,
                                             std::span<const audioset_class> classes);

namespace detail
{

/// The number after `key=` in a comment; -1 if there is none.
[[nodiscard]] inline std::int64_t number_in_comment(std::string_view comment, std::string_view key)
{
    const std::size_t position = comment.find(std::string(key) + "=");
    if (position == std::string_view::npos)
        return -1;
    const std::string_view rest = comment.substr(position + key.size() + 1);
    std::int64_t number = -1;
    return parse_field(rest.substr(0, rest.find_first_not_of("0123456789")), number) ? number : -1;
}

/// Reads the line of a segment.
[[nodiscard]] inline audioset_segment parse_segment(const text_line& line, const std::string& path)
{
    constexpr const char* expected = "a video, a start, an end and mids, separated by commas";
    std::string_view rest = line.text;
    audioset_segment segment;
    segment.video = take_field(line, rest, path, expected);
    for (double* const time : {&segment.start_seconds, &segment.end_seconds})
    {
        const std::string_view field = take_field(line, rest, path, expected);
        if (!parse_field(bare_field(field), *time) || !std::isfinite(*time))
            fail_at(line, path, in_quotes(field) + " is not a time in seconds");
    }
    if (segment.start_seconds > segment.end_seconds)
        fail_at(line, path, "the segment ends before it starts");
    for_each_field(last_field(line, rest, path, expected),
                   [&](std::string_view field, std::size_t)
                   {
                       const std::string_view mid = without_quotes(field);
                       if (mid.empty())
                           fail_at(line, path, "a mid is missing between commas");
                       segment.mids.emplace_back(mid);
                   });
    return segment;
}

/// Whether the first line is a header: no digit stands where its times would, and no mid behind them, which begins with
/// a slash. A segment whose times are damaged is none.
[[nodiscard]] inline bool is_segment_header(const text_line& line)
{
    bool is_segment = false;
    for_each_field(line.text,
                   [&](std::string_view field, std::size_t number)
                   {
                       const bool is_time = number == 2 || number == 3;
                       const std::string_view name =
                           field.substr(std::min(field.find_first_not_of(" \t\""), field.size()));
                       is_segment = is_segment || (is_time && field.find_first_of("0123456789") != field.npos) ||
                                    (number > 3 && name.starts_with('/'));
                   });
    return !is_segment;
}

}  // namespace detail

inline std::vector<audioset_class> read_audioset_classes(const std::filesystem::path& path)
{
    const std::string name = path.string();
    const input_file file = read_whole(path);
    constexpr const char* expected = "an index, a mid and a name, separated by commas";
    std::vector<audioset_class> classes;
    std::map<std::string, std::size_t, std::less<>> seen;
    bool may_be_header = true;
    const auto use = [&](const detail::text_line& line)
    {
        std::string_view rest = line.text;
        const std::string_view field = detail::take_field(line, rest, name, expected);
        std::int64_t index = -1;
        const bool is_number = detail::parse_field(detail::bare_field(field), index);
        if (std::exchange(may_be_header, false) && !is_number)
            return;
        if (!is_number || index < 0 || static_cast<std::size_t>(index) != classes.size())
            detail::fail_at(line, name,
                            "the index should be " + std::to_string(classes.size()) + ", the classes being numbered " +
                                "in their order, but is " + detail::in_quotes(field));
        const std::string mid(detail::take_field(line, rest, name, expected));
        if (!seen.emplace(mid, classes.size()).second)
            detail::fail_at(line, name, "the mid " + detail::in_quotes(mid) + " came before");
        classes.push_back({mid, detail::last_field(line, rest, name, expected)});
    };
    detail::for_each_nonblank_line(detail::as_text(file.bytes()), name, use);
    if (classes.empty())
        throw format_error(name, file.bytes().size(), "the file has no lines of classes");
    return classes;
}

inline std::vector<audioset_segment> read_audioset_segments(const std::filesystem::path& path)
{
    const std::string name = path.string();
    const input_file file = read_whole(path);
    std::vector<audioset_segment> segments;
    std::int64_t promised_segments = -1;
    std::int64_t promised_labels = -1;
    std::int64_t num_labels = 0;
    bool may_be_header = true;
    const auto use = [&](const detail::text_line& line)
    {
        if (line.text.front() == '#')
        {
            promised_segments = std::max(promised_segments, detail::number_in_comment(line.text, "num_segs"));
            promised_labels = std::max(promised_labels, detail::number_in_comment(line.text, "num_positive_labels"));
            return;
        }
        if (std::exchange(may_be_header, false) && detail::is_segment_header(line))
            return;
        segments.push_back(detail::parse_segment(line, name));
        num_labels += static_cast<std::int64_t>(segments.back().mids.size());
    };
    detail::for_each_nonblank_line(detail::as_text(file.bytes()), name, use);
    const auto require = [&](std::int64_t promised, std::int64_t found, const char* what)
    {
        if (promised >= 0 && promised != found)
            throw format_error(name, file.bytes().size(),
                               "the file promises " + std::to_string(promised) + what + ", but has " +
                                   std::to_string(found) + "; copy it again");
    };
    require(promised_segments, static_cast<std::int64_t>(segments.size()), " segments");
    require(promised_labels, num_labels, " positive labels");
    if (segments.empty())
        throw format_error(name, file.bytes().size(), "the file has no lines of segments");
    return segments;
}

inline label_sets audioset_label_sets(std::span<const audioset_segment> segments,
                                      std::span<const audioset_class> classes)
{
    std::map<std::string_view, std::uint32_t> number_of;
    for (std::size_t k = 0; k < classes.size(); ++k)
        number_of.emplace(classes[k].mid, static_cast<std::uint32_t>(k));
    label_sets sets;
    for (std::size_t i = 0; i < segments.size(); ++i)
    {
        for (const std::string& mid : segments[i].mids)
        {
            const auto found = number_of.find(mid);
            if (found == number_of.end())
                throw value_error("audioset_label_sets: segments[" + std::to_string(i) + "] names the class " +
                                  detail::in_quotes(mid) + ", which is not among the " +
                                  std::to_string(classes.size()) + " classes");
            sets.labels.push_back(found->second);
        }
        const auto begin = sets.labels.begin() + static_cast<std::ptrdiff_t>(sets.first.back());
        std::sort(begin, sets.labels.end());
        if (std::adjacent_find(begin, sets.labels.end()) != sets.labels.end())
            throw value_error("audioset_label_sets: segments[" + std::to_string(i) + "] names a class twice");
        sets.end_example();
    }
    return sets;
}

}  // namespace labelerrors::io

#endif
