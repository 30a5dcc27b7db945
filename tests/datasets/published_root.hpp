#ifndef LABELERRORS_TESTS_DATASETS_PUBLISHED_ROOT_HPP
#define LABELERRORS_TESTS_DATASETS_PUBLISHED_ROOT_HPP

#include "io/temporary_directory.hpp"
#include "support/data.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace tests
{

/// A published tree in a temporary directory, with the files that a case writes into it.
class published_root
{
public:
    published_root()
    {
        for (const char* folder : {"mturk", "dataset_indexing", "original_test_labels",
                                   "cross_validated_predicted_labels", "cross_validated_predicted_probabilities"})
            std::filesystem::create_directory(directory_ / folder);
    }

    std::filesystem::path write(const std::string& name, std::string_view content) const
    {
        return directory_.write(name, content);
    }

    [[nodiscard]] std::filesystem::path path() const
    {
        return directory_ / "";
    }

private:
    temporary_directory directory_;
};

/// What the call throws, as `Error`; an empty text where it throws nothing.
template <class Error, class Call>
[[nodiscard]] std::string message_of(Call&& call)
{
    try
    {
        call();
    }
    catch (const Error& error)
    {
        return error.what();
    }
    return {};
}

[[nodiscard]] inline bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

}  // namespace tests

#endif
