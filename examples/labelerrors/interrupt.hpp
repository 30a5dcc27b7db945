#ifndef LABELERRORS_PROGRAM_INTERRUPT_HPP
#define LABELERRORS_PROGRAM_INTERRUPT_HPP

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstddef>
#include <initializer_list>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

// Ctrl-C, SIGTERM and a terminal that is closed. The work asks now and then whether it should end, and then ends by an
// exception, so that files under way are removed. Work that does not ask for two seconds (a long file being read, a
// sort) is ended where it is: that leaves every result file as it was as well, since those take their names only when
// they are whole.
namespace program
{

/// What ends the work when it is interrupted.
struct interrupted
{
    int signal = 0;
};

/// What ends the work when no one reads standard output any more, as in `labelerrors find ... | head -1`.
struct reader_gone : std::runtime_error
{
    reader_gone() : std::runtime_error("standard output: is read by no one any more")
    {
    }
};

namespace detail
{

static_assert(std::atomic<int>::is_always_lock_free && std::atomic<const char*>::is_always_lock_free &&
              std::atomic<std::size_t>::is_always_lock_free);

/// What is known to handlers of signals, which may touch nothing but such values.
struct work_state
{
    std::atomic<int> signal{0};                 // that asked for the end; 0: none
    std::atomic<const char*> step{"starting"};  // what the work is at, or the name of the pass
    std::atomic<std::size_t> pass{0};           // over the rows, from 1; 0: the step is none
    std::atomic<std::size_t> rows_done{0};
    std::atomic<std::size_t> rows{0};
    std::atomic<bool> has_printed{false};  // a part of the result has gone to standard output
    std::atomic<bool> has_bar{false};      // a bar of progress stands in the line of the terminal
};

inline work_state state;

/// One line of text, made without memory of the heap.
class short_line
{
public:
    short_line& operator<<(std::string_view text) noexcept
    {
        for (const char c : text)
            if (size_ < text_.size())
                text_[size_++] = c;
        return *this;
    }

    short_line& operator<<(std::size_t number) noexcept
    {
        std::array<char, 24> digits;
        std::size_t first = digits.size();
        do
        {
            digits[--first] = static_cast<char>('0' + number % 10);
            number /= 10;
        } while (number != 0);
        return *this << std::string_view(digits.data() + first, digits.size() - first);
    }

    /// Writes the line to standard error; whether that succeeds makes no difference any more.
    void write() const noexcept
    {
        [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text_.data(), size_);
    }

private:
    std::array<char, 256> text_;
    std::size_t size_ = 0;
};

/// Says how far the work has come. Safe in a handler of signals.
inline void report_interruption() noexcept
{
    short_line line;
    const std::string_view step = state.step.load();
    if (state.has_bar)
        line << "\r\033[K";
    line << "labelerrors: interrupted ";
    if (const std::size_t pass = state.pass; pass != 0)
        line << "after " << state.rows_done << " of " << state.rows << " rows of pass " << pass << " (" << step << ")";
    else
        line << "in the step " << step;
    line << (state.has_printed ? "; what was printed of the result is cut short\n" : "; the result was not written\n");
    line.write();
}

constexpr unsigned patience_seconds = 2;

/// The handler of these signals: a second one ends the program without further ado.
inline void ask_for_the_end(int signal) noexcept
{
    if (state.signal.exchange(signal) != 0)
        ::_exit(128 + signal);
    ::alarm(patience_seconds);
}

/// The handler of the alarm.
inline void end_now(int) noexcept
{
    report_interruption();
    ::_exit(128 + state.signal);
}

inline void handle(int signal, void (*handler)(int)) noexcept
{
    struct sigaction action = {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    ::sigaction(signal, &action, nullptr);
}

}  // namespace detail

/// To be called once, before anything else. What a shell has told the program to ignore stays ignored.
inline void prepare_for_signals() noexcept
{
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
    {
        struct sigaction before = {};
        if (::sigaction(signal, nullptr, &before) == 0 && before.sa_handler != SIG_IGN)
            detail::handle(signal, &detail::ask_for_the_end);
    }
    detail::handle(SIGALRM, &detail::end_now);
    // A closed pipe, and a file that grows beyond its limit, are errors of the call that writes.
    detail::handle(SIGPIPE, SIG_IGN);
    detail::handle(SIGXFSZ, SIG_IGN);
    // The first files that are opened must not take the places of standard streams that are closed. What is written to
    // those fails, as it would without this.
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(stream, F_GETFD) == -1)
            static_cast<void>(::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY));
}

/// Throws interrupted if a signal has asked for the end.
inline void check_for_signals()
{
    if (const int signal = detail::state.signal; signal != 0)
        throw interrupted{signal};
}

/// Notes what the work is at, for report_interruption: "reading", "writing"; a name is kept for good.
inline void note_step(std::string_view name)
{
    // Never destroyed: a handler may run at any time. There are few different names.
    static auto& names = *new std::set<std::string, std::less<>>;
    detail::state.pass = 0;
    detail::state.step = names.emplace(name).first->c_str();
}

/// Notes how far pass `pass` over the rows has come, which note_step has named.
inline void note_rows(std::size_t pass, std::size_t rows_done, std::size_t rows) noexcept
{
    detail::state.rows_done = rows_done;
    detail::state.rows = rows;
    detail::state.pass = pass;
}

/// Notes that a part of the result has gone to standard output.
inline void note_printed() noexcept
{
    detail::state.has_printed = true;
}

/// Notes whether a bar of progress stands in the line of the terminal.
inline void note_bar(bool is_drawn) noexcept
{
    detail::state.has_bar = is_drawn;
}

/// Says in one line on standard error that and where the work was interrupted; returns the exit status.
inline int report(const interrupted& by) noexcept
{
    ::alarm(0);
    detail::report_interruption();
    return 128 + by.signal;
}

}  // namespace program

#endif
