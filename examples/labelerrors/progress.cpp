#include "progress.hpp"

#include "interrupt.hpp"

#include <nlohmann/json.hpp>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace program
{

progress::progress() : terminal_(isatty(STDERR_FILENO) == 1)
{
}

progress::~progress()
{
    erase();
}

std::function<void(const labelerrors::scan_progress&)> progress::callback()
{
    return [this](const labelerrors::scan_progress& state)
    {
        report(state);
    };
}

void progress::begin(const std::string& step)
{
    start(step);
    check_for_signals();
}

void progress::start(const std::string& step)
{
    const auto now = clock::now();
    const double seconds = std::chrono::duration<double>(now - pass_start_).count();
    if (!current_.empty())
    {
        const auto same =
            std::find_if(passes_.begin(), passes_.end(), [&](const pass_time& time) { return time.name == current_; });
        if (same == passes_.end())
            passes_.push_back({current_, seconds});
        else
            same->seconds += seconds;
    }
    current_ = step;
    pass_start_ = now;
    note_step(step);
}

std::string progress::timing(std::optional<std::size_t> bytes_read) const
{
    auto seconds = nlohmann::ordered_json::object();
    for (const auto& pass : passes_)
        seconds[pass.name] = pass.seconds;
    if (!current_.empty())
        seconds[current_] =
            seconds.value(current_, 0.0) + std::chrono::duration<double>(clock::now() - pass_start_).count();
    seconds["total"] = std::chrono::duration<double>(clock::now() - start_).count();
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    constexpr std::size_t kibibyte = 1024;
    return nlohmann::ordered_json{{"seconds", seconds},
                                  {"bytes_read", bytes_read ? nlohmann::ordered_json(*bytes_read) : nullptr},
                                  {"peak_memory_bytes", static_cast<std::size_t>(usage.ru_maxrss) * kibibyte}}
        .dump();
}

void progress::report(const labelerrors::scan_progress& state)
{
    // Some passes say several times that nothing is done yet.
    const bool goes_on = state.rows_done != 0 || (current_ == state.pass && is_at_start_);
    if (!goes_on)
    {
        start(std::string(state.pass));
        ++num_scans_;
    }
    is_at_start_ = state.rows_done == 0;
    note_rows(num_scans_, state.rows_done, state.rows);
    check_for_signals();
    draw(state);
}

void progress::draw(const labelerrors::scan_progress& state)
{
    using namespace std::chrono_literals;
    const auto now = clock::now();
    if (!terminal_ || now - start_ < 1s || now - last_drawn_ < 50ms || state.rows == 0)
        return;
    last_drawn_ = now;
    drawn_ = true;
    note_bar(true);
    constexpr std::size_t width = 30;
    const auto share = static_cast<double>(state.rows_done) / static_cast<double>(state.rows);
    const auto full = static_cast<std::size_t>(share * static_cast<double>(width));
    const std::string bar = std::string(full, '#') + std::string(width - full, '.');
    std::fprintf(stderr, "\r\033[K%-16s [%s] %3.0f %%", std::string(state.pass).c_str(), bar.c_str(), share * 100.0);
    std::fflush(stderr);
}

void progress::erase()
{
    if (drawn_)
        std::fputs("\r\033[K", stderr);
    drawn_ = false;
    note_bar(false);
}

}  // namespace program
