#ifndef LABELERRORS_TESTS_MODEL_CHECK_REFUSED_HPP
#define LABELERRORS_TESTS_MODEL_CHECK_REFUSED_HPP

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace tests
{

/// Does work that must throw an Error whose message holds all of `parts`.
template <class Error, class Work>
void check_refused(const Work& work, const std::vector<std::string>& parts)
{
    std::string message;
    try
    {
        work();
    }
    catch (const Error& error)
    {
        message = error.what();
    }
    CAPTURE(message);
    REQUIRE(!message.empty());
    for (const std::string& part : parts)
    {
        CAPTURE(part);
        CHECK(message.find(part) != std::string::npos);
    }
}

}  // namespace tests

#endif
