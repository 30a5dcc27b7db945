#include "io/temporary_directory.hpp"
#include "support/data.hpp"
#include <labelerrors/error.hpp>
#include <labelerrors/io/atomic_file.hpp>
#include <labelerrors/rows/joining_thread.hpp>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <grp.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <type_traits>

using labelerrors::io_error;
using labelerrors::io::atomic_file;
using tests::content_of;
using tests::temporary_directory;

static_assert(!std::is_copy_constructible_v<atomic_file>);

TEST_CASE("a file appears whole when it is committed, and not before")
{
    const temporary_directory directory;
    const auto path = directory / "a";
    atomic_file file(path);
    file.write("one ");
    file.write("");
    file.write("two");
    CHECK_FALSE(std::filesystem::exists(path));
    file.commit();
    CHECK(content_of(path) == "one two");
    CHECK(directory.size() == 1);
}

TEST_CASE("a file that is not committed leaves the target as it was, and nothing else")
{
    const temporary_directory directory;
    const auto path = directory.write("a", "before");
    {
        atomic_file file(path);
        file.write("after");
        CHECK(directory.size() == 2);
    }
    CHECK(content_of(path) == "before");
    CHECK(directory.size() == 1);
    {
        const atomic_file file(directory / "b");
    }
    CHECK(directory.size() == 1);
}

TEST_CASE("a file that exists is replaced and its permissions are kept")
{
    const temporary_directory directory;
    const auto path = directory.write("a", "before, and longer");
    REQUIRE(::chmod(path.c_str(), 0640) == 0);
    atomic_file file(path);
    file.write("after");
    file.commit();
    CHECK(content_of(path) == "after");
    struct stat status = {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0640);
}

TEST_CASE("a symbolic link stays one, and the file that it names is replaced")
{
    const temporary_directory directory;
    std::filesystem::create_directory(directory / "elsewhere");
    const auto target = directory.write("elsewhere/a", "before");
    std::filesystem::create_symlink(target, directory / "link");
    atomic_file file(directory / "link");
    file.write("after");
    file.commit();
    CHECK(std::filesystem::is_symlink(directory / "link"));
    CHECK(content_of(target) == "after");
}

TEST_CASE("a symbolic link to a file that does not exist yet makes that file")
{
    const temporary_directory directory;
    std::filesystem::create_symlink("target", directory / "link");
    atomic_file file(directory / "link");
    file.write("new");
    file.commit();
    CHECK(std::filesystem::is_symlink(directory / "link"));
    CHECK(content_of(directory / "target") == "new");
}

TEST_CASE("links that lead to one another are followed to a file that does not exist yet")
{
    const temporary_directory directory;
    std::filesystem::create_directory(directory / "elsewhere");
    std::filesystem::create_symlink("elsewhere/second", directory / "first");
    std::filesystem::create_symlink(directory / "target", directory / "elsewhere/second");
    atomic_file file(directory / "first");
    file.write("new");
    file.commit();
    CHECK(std::filesystem::is_symlink(directory / "first"));
    CHECK(std::filesystem::is_symlink(directory / "elsewhere/second"));
    CHECK(content_of(directory / "target") == "new");
    std::filesystem::create_symlink("round", directory / "about");
    std::filesystem::create_symlink("about", directory / "round");
    CHECK_THROWS_WITH_AS(atomic_file{directory / "round"}, doctest::Contains("Too many levels of symbolic links"),
                         io_error);
    std::filesystem::create_symlink("missing/target", directory / "lost");
    CHECK_THROWS_WITH_AS(atomic_file{directory / "lost"}, doctest::Contains("missing does not exist; create it"),
                         io_error);
}

TEST_CASE("what is open already is written where it stands, whether its file has a name or not")
{
    if (!std::filesystem::exists("/dev/fd/0"))
        return tests::skip("no /dev/fd");
    const temporary_directory directory;
    const auto path = directory.write("a", "before ");
    const int descriptor = ::open(path.c_str(), O_RDWR | O_APPEND);
    REQUIRE(descriptor >= 0);
    const std::string number = std::to_string(descriptor);
    std::filesystem::create_symlink("/dev/fd/" + number, directory / "link");
    std::string expected = "before ";
    const auto write_to = [&](const std::filesystem::path& target)
    {
        CAPTURE(target.string());
        atomic_file file(target);
        file.write("more ");
        file.commit();
        expected += "more ";
        std::string content(expected.size() + 1, '\0');
        const auto count = ::pread(descriptor, content.data(), content.size(), 0);
        CHECK(content.substr(0, static_cast<std::size_t>(count)) == expected);
    };
    const std::string own = "/proc/" + std::to_string(::getpid()) + "/fd/" + number;
    for (const std::string& target : {"/dev/fd/" + number, "/proc/self/fd/" + number, own})
        write_to(target);
    write_to(directory / "link");
    CHECK(directory.size() == 2);
    std::filesystem::remove(path);
    write_to("/dev/fd/" + number);
    write_to(directory / "link");
    CHECK(directory.size() == 1);
    ::close(descriptor);
    CHECK_THROWS_WITH_AS(atomic_file{"/dev/fd/" + number},
                         doctest::Contains("it is not open for writing; open it first, as a shell does with 3>FILE"),
                         io_error);
    const int for_reading = ::open("/dev/null", O_RDONLY);
    CHECK_THROWS_WITH_AS(atomic_file{"/dev/fd/" + std::to_string(for_reading)},
                         doctest::Contains("it is not open for writing"), io_error);
    ::close(for_reading);
}

TEST_CASE("what another process has open is written directly")
{
    if (!std::filesystem::exists("/proc/self/fd"))
        return tests::skip("no /proc");
    const temporary_directory directory;
    const auto path = directory.write("a", "before, and longer");
    const int descriptor = ::open(path.c_str(), O_RDWR);
    REQUIRE(descriptor >= 0);
    std::filesystem::remove(path);
    const pid_t process = ::fork();
    if (process == 0)
    {
        ::pause();
        ::_exit(0);
    }
    REQUIRE(process > 0);
    {
        atomic_file file("/proc/" + std::to_string(process) + "/fd/" + std::to_string(descriptor));
        file.write("after");
        file.commit();
    }
    ::kill(process, SIGKILL);
    ::waitpid(process, nullptr, 0);
    std::string content(100, '\0');
    const auto count = ::pread(descriptor, content.data(), content.size(), 0);
    CHECK(content.substr(0, static_cast<std::size_t>(count)) == "after");
    CHECK(directory.size() == 0);
    ::close(descriptor);
}

TEST_CASE("a file that is replaced keeps its owner and group, but not the right to run as them")
{
    const temporary_directory directory;
    const auto path = directory.write("a", "before");
    constexpr uid_t owner = 4321;
    constexpr gid_t group = 5432;
    const bool may_give_away = ::chown(path.c_str(), owner, group) == 0;
    REQUIRE(::chmod(path.c_str(), 06664) == 0);
    atomic_file file(path);
    file.write("after");
    file.commit();
    struct stat status = {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0664);
    CHECK(status.st_uid == (may_give_away ? owner : ::geteuid()));
    CHECK((status.st_gid == group) == may_give_away);
}

TEST_CASE("where a file cannot be given to the group that it had, the group may do what all others may")
{
    if (::geteuid() != 0)
        return tests::skip("only root can become another user");
    const temporary_directory directory;
    const auto path = directory.write("a", "before");
    REQUIRE(::chmod(path.c_str(), 0676) == 0);
    REQUIRE(::chmod((directory / "").c_str(), 0777) == 0);
    const pid_t process = ::fork();
    if (process == 0)
    {
        constexpr uid_t somebody = 4321;
        bool is_done = ::setgroups(0, nullptr) == 0 && ::setgid(somebody) == 0 && ::setuid(somebody) == 0;
        try
        {
            atomic_file file(path);
            file.write("after");
            file.commit();
        }
        catch (const io_error&)
        {
            is_done = false;
        }
        ::_exit(is_done ? 0 : 1);
    }
    REQUIRE(process > 0);
    int result = 1;
    ::waitpid(process, &result, 0);
    CHECK(result == 0);
    struct stat status = {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK(content_of(path) == "after");
    CHECK((status.st_mode & 07777) == 0666);
}

TEST_CASE("a file that cannot take its name is an error, and nothing is left of it")
{
    const temporary_directory directory;
    {
        atomic_file file(directory / "a");
        file.write("one");
        std::filesystem::create_directories(directory / "a/b");
        CHECK_THROWS_WITH_AS(file.commit(), doctest::Contains("cannot be replaced: "), io_error);
    }
    CHECK(directory.size() == 1);
    CHECK(std::filesystem::is_directory(directory / "a/b"));
}

TEST_CASE("two files may be under way in one directory")
{
    const temporary_directory directory;
    atomic_file first(directory / "a");
    atomic_file second(directory / "b");
    second.write("two");
    first.write("one");
    first.commit();
    second.commit();
    CHECK(content_of(directory / "a") == "one");
    CHECK(content_of(directory / "b") == "two");
}

TEST_CASE("a pipe is written directly")
{
    const temporary_directory directory;
    const auto path = directory / "pipe";
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    std::string received;
    {
        labelerrors::detail::joining_thread reader([&] { received = content_of(path); });
        atomic_file file(path);
        file.write("through the pipe");
        file.commit();
    }
    CHECK(received == "through the pipe");
    CHECK(directory.size() == 1);
}

TEST_CASE("a target that cannot be written is refused with its name and what to do, and no file is left")
{
    const temporary_directory directory;
    const auto missing = directory / "missing/a";
    CHECK_THROWS_WITH_AS(atomic_file{missing},
                         (missing.string() + ": cannot be written: the directory " + missing.parent_path().string() +
                          " does not exist; create it")
                             .c_str(),
                         io_error);
    const auto file = directory.write("file", "content");
    CHECK_THROWS_WITH_AS(atomic_file{file / "a"}, doctest::Contains("Not a directory; a part of the path"), io_error);
    CHECK_THROWS_WITH_AS(atomic_file{directory / ""}, doctest::Contains("it is a directory; name a file in it"),
                         io_error);
    CHECK_THROWS_WITH_AS(atomic_file{directory / std::string(300, 'a')}, doctest::Contains("File name too long"),
                         io_error);
    CHECK_THROWS_WITH_AS(atomic_file{""}, doctest::Contains("does not end in the name of a file"), io_error);
    CHECK_THROWS_WITH_AS(atomic_file{directory / "b/"}, doctest::Contains("does not end in the name of a file"),
                         io_error);
    CHECK(directory.size() == 1);
    CHECK(content_of(file) == "content");
}

TEST_CASE("a full disk is an error when it is written")
{
    if (!std::filesystem::exists("/dev/full"))
        return tests::skip("no /dev/full");
    atomic_file file("/dev/full");
    CHECK_THROWS_WITH_AS(file.write("one"),
                         "/dev/full: cannot be written: No space left on device; make room or choose "
                         "another place",
                         io_error);
}

TEST_CASE("a disk that fills up is an error, the old file stands and no other is left")
{
    const temporary_directory directory;
    const auto path = directory.write("a", "before");
    // A limit of the size of files stands for the disk: it can be had by anyone.
    rlimit before = {};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    const rlimit full{100'000, before.rlim_max};
    auto* const handler = std::signal(SIGXFSZ, SIG_IGN);
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &full) == 0);
    std::string problem;
    try
    {
        atomic_file file(path);
        file.write(std::string(90'000, 'a'));
        file.write(std::string(90'000, 'b'));
        file.commit();
    }
    catch (const io_error& error)
    {
        problem = error.what();
    }
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    CHECK(problem == path.string() + ": cannot be written: File too large; raise the limit of the size of files or "
                                     "choose another place");
    CHECK(content_of(path) == "before");
    CHECK(directory.size() == 1);
}

TEST_CASE("a program that is killed while it writes leaves the old file, and what is left of it hinders no one")
{
    const temporary_directory directory;
    const auto path = directory.write("a", "before");
    const pid_t process = ::fork();
    if (process == 0)
    {
        atomic_file file(path);
        const std::string some(100'000, 'x');
        for (;;)
        {
            file.write(some);
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }
    REQUIRE(process > 0);
    const auto is_under_way = [&]
    {
        for (const auto& entry : std::filesystem::directory_iterator(directory / ""))
            if (entry.path() != path && entry.file_size() > 500'000)
                return true;
        return false;
    };
    for (int i = 0; i < 60'000 && !is_under_way(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    CHECK(is_under_way());
    ::kill(process, SIGKILL);
    ::waitpid(process, nullptr, 0);
    CHECK(content_of(path) == "before");
    CHECK(directory.size() == 2);

    // Processes are numbered anew after a while: the same name may be there already, several times.
    const std::string name = ".labelerrors-" + std::to_string(::getpid()) + "-";
    for (const char* number : {"0", "1", "2"})
        directory.write(name + number + ".tmp", "left over");
    atomic_file file(path);
    file.write("after");
    file.commit();
    CHECK(content_of(path) == "after");
    CHECK(directory.size() == 5);
    CHECK(content_of(directory / (name + "0.tmp")) == "left over");
}
