#ifndef LABELERRORS_PROGRAM_PROGRESS_HPP
#define LABELERRORS_PROGRAM_PROGRESS_HPP

#include <labelerrors/rows/parallel.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace program
{

/// Watches the passes: draws a bar on a terminal once the work has taken a second, keeps each pass's time, and ends the
/// work, by the exception `interrupted`, where a signal has asked for it.
class progress
{
public:
    using clock = std::chrono::steady_clock;

    progress();
    ~progress();
    progress(const progress&) = delete;
    progress& operator=(const progress&) = delete;

    /// What the library calls. Refers to this object.
    [[nodiscard]] std::function<void(const labelerrors::scan_progress&)> callback();

    /// Ends whatever pass is running and starts a step of that name, for work that the library does not report.
    void begin(const std::string& step);

    /// The line that --timing adds to standard error.
    [[nodiscard]] std::string timing(std::optional<std::size_t> bytes_read) const;

private:
    struct pass_time
    {
        std::string name;
        double seconds = 0.0;
    };

    void start(const std::string& step);
    void report(const labelerrors::scan_progress& state);
    void draw(const labelerrors::scan_progress& state);
    void erase();

    clock::time_point start_ = clock::now();
    clock::time_point pass_start_ = start_;
    clock::time_point last_drawn_ = start_;
    std::vector<pass_time> passes_;
    std::string current_;
    std::size_t num_scans_ = 0;  // passes over rows that have begun
    bool is_at_start_ = false;   // of such a pass
    bool terminal_;
    bool drawn_ = false;
};

}  // namespace program

#endif
