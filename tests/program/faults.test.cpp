// What happens to the program from outside: signals, pipes that close, disks that fill, files that change.
#include "run_program.hpp"
#include "support/data.hpp"
#include "support/new_throws.hpp"
#include <labelerrors/io/npy_header.hpp>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <fstream>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#ifdef LABELERRORS_PROGRAM

using tests::arguments;
using tests::case_files;
using tests::content_of;
using tests::run_result;
using tests::temporary_directory;

namespace
{

/// A run of the program that a case takes part in while it goes on.
class running_program
{
public:
    /// `prepare` is called in the new process, before the program takes its place.
    explicit running_program(
        const arguments& given, const std::function<void()>& prepare = [] {})
    {
        const std::string out = (directory_ / "out").string();
        const std::string err = (directory_ / "err").string();
        std::string path = tests::program_path();
        arguments kept = given;
        std::vector<char*> words{path.data()};
        for (std::string& word : kept)
            words.push_back(word.data());
        words.push_back(nullptr);
        process_ = ::fork();
        if (process_ == 0)
        {
            ::dup2(::open("/dev/null", O_RDONLY), STDIN_FILENO);
            ::dup2(::open(out.c_str(), O_WRONLY | O_CREAT, 0600), STDOUT_FILENO);
            ::dup2(::open(err.c_str(), O_WRONLY | O_CREAT, 0600), STDERR_FILENO);
            // So that only the program's own threads are counted.
            ::setenv("OPENBLAS_NUM_THREADS", "1", 1);
            prepare();
            ::execv(path.c_str(), words.data());
            ::_exit(not_started);
        }
        if (process_ < 0)
            throw std::runtime_error("no process can be made");
    }

    running_program(const running_program&) = delete;
    running_program& operator=(const running_program&) = delete;

    ~running_program()
    {
        if (process_ <= 0)
            return;
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
    }

    void send(int signal) const
    {
        ::kill(process_, signal);
    }

    /// What /proc tells of the process.
    [[nodiscard]] std::string proc(const std::string& name) const
    {
        return "/proc/" + std::to_string(process_) + "/" + name;
    }

    /// The bytes that it has read from files so far; nothing where the system does not tell.
    [[nodiscard]] std::optional<std::size_t> bytes_read() const
    {
        std::ifstream file(proc("io"));
        std::string key;
        std::size_t bytes = 0;
        if (!(file >> key >> bytes) || key != "rchar:")
            return std::nullopt;
        return bytes;
    }

    [[nodiscard]] std::size_t num_threads() const
    {
        std::error_code ended;
        std::size_t count = 0;
        for (std::filesystem::directory_iterator entry(proc("task"), ended), end; !ended && entry != end;
             entry.increment(ended))
            ++count;
        return count;
    }

    /// Waits for the end. The status is as a shell has it: 128 and the signal where one has ended the program.
    [[nodiscard]] run_result wait()
    {
        int status = 0;
        ::waitpid(process_, &status, 0);
        process_ = -1;
        return {WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status), content_of(directory_ / "out"),
                content_of(directory_ / "err")};
    }

    static constexpr int not_started = 127;

private:
    temporary_directory directory_;
    pid_t process_ = -1;
};

/// Waits until `holds()`; false if it does not within a minute.
template <class Condition>
[[nodiscard]] bool wait_until(const Condition& holds)
{
    using namespace std::chrono_literals;
    const auto end = std::chrono::steady_clock::now() + 60s;
    for (; !holds(); std::this_thread::sleep_for(1ms))
        if (std::chrono::steady_clock::now() > end)
            return false;
    return true;
}

/// Labels and logits of 30,000 x 1,000, all of them 0, which take a second or so to read and no room on the disk.
struct large_case
{
    static constexpr std::size_t n = 30'000;
    static constexpr std::size_t k = 1'000;
    static constexpr std::size_t some_bytes = std::size_t{5} << 20;

    temporary_directory directory;
    std::string labels = write("labels.npy", labelerrors::io::element_type::u1, {n}, n);
    std::string logits = write("logits.npy", labelerrors::io::element_type::f8, {n, k}, n* k * 8);
    std::string output = directory.write("result", "old").string();

    [[nodiscard]] std::string write(const std::string& name, labelerrors::io::element_type type,
                                    std::vector<std::size_t> shape, std::size_t bytes) const
    {
        const auto header = labelerrors::io::make_npy_header({.element = type, .shape = std::move(shape)});
        const auto path = directory.write(name, header);
        std::filesystem::resize_file(path, header.size() + bytes);
        return path.string();
    }

    [[nodiscard]] arguments call(const std::string& subcommand) const
    {
        return {subcommand,  "--labels", labels, "--pred-probs", logits,
                "--softmax", "--output", output, "--threads",    "2"};
    }

    /// Whether the result's old file is there still, and no other.
    [[nodiscard]] bool stands() const
    {
        return content_of(output) == "old" && directory.size() == 3;
    }
};

/// A case with more issues than a pipe has room for.
[[nodiscard]] tests::small_case many_issues()
{
    std::mt19937_64 random(9);
    auto made = tests::random_case(random, 20'000, 4, 32);
    for (int& label : made.labels)
        label = static_cast<int>(random() % 4);
    return made;
}

/// A pipe whose ends close with it, or before.
struct open_pipe
{
    std::array<int, 2> ends = {-1, -1};

    open_pipe()
    {
        if (::pipe2(ends.data(), O_CLOEXEC) != 0)
            throw std::runtime_error("no pipe can be made");
    }

    ~open_pipe()
    {
        close(0);
        close(1);
    }

    void close(std::size_t end)
    {
        if (ends[end] >= 0)
            ::close(ends[end]);
        ends[end] = -1;
    }
};

void check_interrupted(const run_result& ran, int signal, const std::string& part)
{
    CAPTURE(ran.err);
    CHECK(ran.status == 128 + signal);
    CHECK(tests::is_one_line(ran.err));
    CHECK(ran.err.starts_with("labelerrors: interrupted "));
    CHECK(ran.err.find(part) != std::string::npos);
}

}  // namespace

TEST_CASE("Ctrl-C in a pass ends the program with what was done so far, and the old result stands")
{
    const large_case files;
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
    {
        running_program program(files.call("score"));
        if (!wait_until([&]
                        { return program.bytes_read().value_or(large_case::some_bytes) >= large_case::some_bytes; }))
            FAIL("the program does not read");
        program.send(signal);
        const auto ran = program.wait();
        check_interrupted(ran, signal, " of 30000 rows of pass ");
        CHECK(ran.err.find("; the result was not written\n") != std::string::npos);
        CHECK(ran.out.empty());
        CHECK(files.stands());
    }
}

TEST_CASE("Ctrl-C ends a cross-validation, whose fits are stopped")
{
    const temporary_directory directory;
    std::mt19937_64 random(1);
    auto features = xt::xtensor<double, 2>::from_shape({3'000, 300});
    auto labels = xt::xtensor<std::int64_t, 1>::from_shape({3'000});
    for (double& value : features)
        value = static_cast<double>(random() % 1'000);
    for (auto& label : labels)
        label = static_cast<std::int64_t>(random() % 30);
    labelerrors::io::write_npy(directory / "features.npy", features);
    labelerrors::io::write_npy(directory / "labels.npy", labels);
    running_program program({"find", "--labels", (directory / "labels.npy").string(), "--features",
                             (directory / "features.npy").string(), "--C", "1e6", "--save-pred-probs",
                             (directory / "probabilities.npy").string(), "--threads", "2"});
    if (!std::filesystem::exists(program.proc("task")))
        return tests::skip("no /proc");
    if (!wait_until([&] { return program.num_threads() > 1; }))
        FAIL("the program starts no threads");
    program.send(SIGINT);
    const auto ran = program.wait();
    check_interrupted(ran, SIGINT, " of 3000 rows of pass 1 (");
    CHECK(ran.out.empty());
    CHECK(directory.size() == 2);
}

TEST_CASE("Ctrl-C ends work that waits for others: a pipe that delivers nothing, or that no one reads")
{
    const case_files files(many_issues());
    const auto fifo = (files.directory / "fifo").string();
    REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
    running_program reader({"find", "--labels", fifo, "--pred-probs", files.pred_probs});
    // A writer that writes nothing: the program opens the pipe, and waits.
    const int silent = ::open(fifo.c_str(), O_WRONLY | O_CLOEXEC);
    REQUIRE(silent >= 0);

    open_pipe unread;
    auto call = files.call("find");
    call.insert(call.end(), {"--format", "csv"});
    running_program writer(call, [&] { ::dup2(unread.ends[1], STDOUT_FILENO); });
    const auto is_full = [&]
    {
        constexpr int some = 60'000;  // of the 65,536 bytes that a pipe has room for
        int available = 0;
        return ::ioctl(unread.ends[0], FIONREAD, &available) == 0 && available > some;
    };
    CHECK(wait_until(is_full));

    reader.send(SIGINT);
    writer.send(SIGTERM);
    check_interrupted(reader.wait(), SIGINT, "interrupted in the step reading; the result was not written\n");
    check_interrupted(writer.wait(), SIGTERM,
                      "interrupted in the step writing; what was printed of the result is cut short");
    ::close(silent);
}

TEST_CASE("a second Ctrl-C ends the program at once, and one that is ignored, as by nohup, stays so")
{
    const case_files files(tests::worked_case());
    const auto fifo = (files.directory / "fifo").string();
    REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
    {
        running_program program({"find", "--labels", fifo, "--pred-probs", files.pred_probs});
        const int silent = ::open(fifo.c_str(), O_WRONLY | O_CLOEXEC);
        const auto start = std::chrono::steady_clock::now();
        program.send(SIGINT);
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        program.send(SIGINT);
        const auto ran = program.wait();
        ::close(silent);
        CHECK(ran.status == 130);
        CHECK(ran.err.empty());
        CHECK(std::chrono::steady_clock::now() - start < std::chrono::milliseconds(1900));
    }
    running_program program({"find", "--labels", fifo, "--pred-probs", files.pred_probs},
                            [] { std::signal(SIGINT, SIG_IGN); });
    const int writer = ::open(fifo.c_str(), O_WRONLY | O_CLOEXEC);
    program.send(SIGINT);
    const std::string content = content_of(files.labels);
    CHECK(::write(writer, content.data(), content.size()) == static_cast<ssize_t>(content.size()));
    ::close(writer);
    CHECK(program.wait().status == 0);
}

TEST_CASE("a reader that goes away, as head does, ends the program quietly")
{
    const case_files files(many_issues());
    for (const tests::arguments& more : {tests::arguments{}, {"--output", "/dev/stdout"}, {"--output", "/dev/fd/1"}})
    {
        auto call = files.call("find");
        call.insert(call.end(), {"--format", "csv"});
        call.insert(call.end(), more.begin(), more.end());
        open_pipe pipe;
        running_program program(call, [&] { ::dup2(pipe.ends[1], STDOUT_FILENO); });
        pipe.close(1);
        std::array<char, 6> start = {};
        CHECK(::read(pipe.ends[0], start.data(), start.size()) == static_cast<ssize_t>(start.size()));
        CHECK(std::string_view(start.data(), start.size()) == "index,");
        pipe.close(0);
        const auto ran = program.wait();
        CHECK(ran.status == 128 + SIGPIPE);
        CHECK(ran.err.empty());
    }
}

TEST_CASE("standard streams that are closed take nothing away from the files that are opened")
{
    const case_files files(tests::worked_case());
    {
        running_program program(files.call("find"), [] { ::close(STDOUT_FILENO); });
        const auto ran = program.wait();
        CHECK(ran.status == 1);
        CHECK(ran.err == "labelerrors: error: standard output: cannot be written: Bad file descriptor\n");
    }
    const auto output = (files.directory / "result").string();
    auto call = files.call("find");
    call.insert(call.end(), {"--output", output, "--timing"});
    running_program program(call,
                            []
                            {
                                ::close(STDIN_FILENO);
                                ::close(STDOUT_FILENO);
                                ::close(STDERR_FILENO);
                            });
    CHECK(program.wait().status == 0);
    CHECK(content_of(output) == tests::run(files.call("find")).out);
}

TEST_CASE("a disk that is full is an error, and the old result stands")
{
    const case_files files(many_issues());
    if (std::filesystem::exists("/dev/full"))
    {
        for (const auto& call : {files.call("find"), arguments{"--help"}, arguments{"find", "--help"}})
        {
            running_program program(call, [] { ::dup2(::open("/dev/full", O_WRONLY), STDOUT_FILENO); });
            const auto ran = program.wait();
            CHECK(ran.status == 1);
            CHECK(ran.err == "labelerrors: error: standard output: cannot be written: No space left on device; make "
                             "room or choose another place\n");
        }
    }
    // A limit of the size of files does to a file what a full disk does, for everyone.
    for (const char* const subcommand : {"find", "score"})
    {
        const auto output = files.directory.write("result", "old").string();
        auto call = files.call(subcommand);
        call.insert(call.end(), {"--output", output});
        running_program program(call,
                                []
                                {
                                    const rlimit limit{50'000, 50'000};
                                    ::setrlimit(RLIMIT_FSIZE, &limit);
                                });
        const auto ran = program.wait();
        CHECK(ran.status == 1);
        CHECK(ran.err == "labelerrors: error: " + output +
                             ": cannot be written: File too large; raise the limit of the size of files or choose "
                             "another place\n");
        CHECK(content_of(output) == "old");
        CHECK(files.directory.size() == 3);
    }
}

#if LABELERRORS_NEW_THROWS
TEST_CASE("address space for one thread of BLAS is enough to start and to find issues")
{
    const case_files files(tests::worked_case());
    const auto expected = tests::run(files.call("find")).out;
    for (const auto resource : {RLIMIT_AS, RLIMIT_DATA})
    {
        const auto run_within = [&](rlim_t bytes, const char* blas_threads, unsigned seconds)
        {
            running_program program(files.call("find"),
                                    [=]
                                    {
                                        ::alarm(seconds);  // where it waits for memory that it will not get
                                        if (blas_threads == nullptr)
                                            ::unsetenv("OPENBLAS_NUM_THREADS");
                                        else
                                            ::setenv("OPENBLAS_NUM_THREADS", blas_threads, 1);
                                        const rlimit limit{bytes, bytes};
                                        ::setrlimit(resource, &limit);
                                    });
            return program.wait();
        };
        // How much one thread takes depends on the version of OpenBLAS.
        rlim_t bytes = 130'000'000;
        while (bytes < 1'000'000'000 && run_within(bytes, "1", 5).status != 0)
            bytes += bytes / 3;
        const auto ran = run_within(bytes, nullptr, 60);
        CHECK(ran.status == 0);
        CHECK(ran.err == "");
        CHECK(ran.out == expected);
    }
}
#endif

TEST_CASE("a directory and a file that may not be written are errors, and the old result stands")
{
    const case_files files(tests::worked_case());
    const std::string folder = (files.directory / "kept").string();
    std::filesystem::create_directory(folder);
    const auto old = files.directory.write("kept/result", "old").string();
    for (const auto& path : {files.directory / "", std::filesystem::path(folder)})
        REQUIRE(::chmod(path.c_str(), 0555) == 0);
    REQUIRE(::chmod(old.c_str(), 0444) == 0);
    for (const std::string& output : {old, folder + "/new"})
    {
        auto call = files.call("find");
        call.insert(call.end(), {"--output", output});
        running_program program(call,
                                []
                                {
                                    // Permissions mean nothing to root.
                                    constexpr uid_t nobody = 65534;
                                    if (::geteuid() == 0 && ::setuid(nobody) != 0)
                                        ::_exit(running_program::not_started);
                                });
        const auto ran = program.wait();
        if (ran.status == running_program::not_started)
        {
            ::chmod((files.directory / "").c_str(), 0700);
            return tests::skip("the program cannot be run by nobody");
        }
        CAPTURE(ran.err);
        CHECK(ran.status == 1);
        CHECK(ran.err.starts_with("labelerrors: error: " + output + ": cannot be written: "));
        CHECK(ran.err.ends_with("Permission denied; change the permissions or run as a user who has them\n"));
        CHECK(content_of(old) == "old");
    }
    // So that they can be removed.
    for (const auto& path : {files.directory / "", std::filesystem::path(folder)})
        ::chmod(path.c_str(), 0700);
}

TEST_CASE("a file that is shortened while it is read is an error with the place, and one that is removed is none")
{
    {
        const large_case files;
        running_program program(files.call("score"));
        if (!wait_until([&]
                        { return program.bytes_read().value_or(large_case::some_bytes) >= large_case::some_bytes; }))
            FAIL("the program does not read");
        std::filesystem::resize_file(files.logits, 1'000'000);
        const auto ran = program.wait();
        CAPTURE(ran.err);
        CHECK(ran.status == 1);
        CHECK(tests::is_one_line(ran.err));
        CHECK(
            ran.err.starts_with("labelerrors: error: " + files.logits + ": ends at byte 1000000, but had 240000128 "));
        CHECK(files.stands());
    }
    const large_case files;
    running_program program(files.call("score"));
    if (!wait_until([&] { return program.bytes_read().value_or(large_case::some_bytes) >= large_case::some_bytes; }))
        FAIL("the program does not read");
    std::filesystem::remove(files.logits);
    const auto ran = program.wait();
    CAPTURE(ran.err);
    CHECK(ran.status == 0);
    CHECK(std::filesystem::file_size(files.output) == large_case::n * sizeof(double) + 128);
}

#endif
