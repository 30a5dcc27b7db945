// Files of the predictions of several models.
#include "model_files.hpp"

#include "inputs.hpp"
#include <labelerrors/rows/softmax_rows.hpp>

#include <string_view>

namespace program
{

model_files::model_files(const std::vector<std::filesystem::path>& paths, bool softmax)
{
    for (const auto& path : paths)
    {
        files_.push_back(labelerrors::io::open_matrix(path));
        logits_.emplace_back(files_.back());
        if (softmax)
            rows_.emplace_back(labelerrors::softmax_rows(logits_.back()));
        else
            rows_.emplace_back(logits_.back());
    }
}

std::size_t model_files::num_bytes() const noexcept
{
    std::size_t sum = 0;
    for (const auto& file : files_)
        sum += file.num_bytes();
    return sum;
}

std::string explain_of_models(std::string message, const std::vector<std::filesystem::path>& models,
                              const std::string& labels)
{
    const std::string before = "model ";
    const auto model = number_after(message, before);
    if (model.end != 0 && model.number < models.size())
    {
        const auto begin = message.find(before);
        message.erase(begin, message.find_first_not_of(": ", model.end) - begin);
        return explain(message, models[model.number].string(), offered_options::softmax_and_tolerance);
    }
    std::string names = labels;
    for (const auto& path : models)
        names += (names.empty() ? "" : ", ") + path.string();
    return explain(message, names, offered_options::softmax_and_tolerance);
}

}  // namespace program
