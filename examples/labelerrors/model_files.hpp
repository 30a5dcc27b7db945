#ifndef LABELERRORS_PROGRAM_MODEL_FILES_HPP
#define LABELERRORS_PROGRAM_MODEL_FILES_HPP

#include <labelerrors/io/matrix_file.hpp>
#include <labelerrors/io/npy_rows.hpp>
#include <labelerrors/rows/any_rows.hpp>

#include <cstddef>
#include <deque>
#include <filesystem>
#include <string>
#include <vector>

namespace program
{

/// What several models predict for the same examples, a file each.
class model_files
{
public:
    /// Opens the files; a softmax is applied to the rows if asked for. Throws io_error or format_error.
    model_files(const std::vector<std::filesystem::path>& paths, bool softmax);

    [[nodiscard]] const std::vector<labelerrors::any_rows<double>>& rows() const noexcept
    {
        return rows_;
    }

    /// That of the first model, of which there is one at least.
    [[nodiscard]] const labelerrors::io::matrix_file& first() const
    {
        return files_.front();
    }

    [[nodiscard]] std::size_t num_bytes() const noexcept;

private:
    std::vector<labelerrors::io::matrix_file> files_;
    std::deque<labelerrors::io::npy_rows<double>> logits_;  // stay where they are, which softmax_rows refer to
    std::vector<labelerrors::any_rows<double>> rows_;
};

/// What a message of the library about several models comes down to for someone who gave their files: it names that of
/// the model at fault, or, where there is none, all of them behind `labels`, which may be empty.
[[nodiscard]] std::string explain_of_models(std::string message, const std::vector<std::filesystem::path>& models,
                                            const std::string& labels = {});

}  // namespace program

#endif
