#ifndef LABELERRORS_EXAMPLES_FASHION_MNIST_HPP
#define LABELERRORS_EXAMPLES_FASHION_MNIST_HPP

// What fashion_mnist.cpp reads, and how it shows what it does.
#include <labelerrors/core/health_summary.hpp>
#include <labelerrors/core/label_issues.hpp>
#include <labelerrors/io/atomic_file.hpp>
#include <labelerrors/io/encode_png.hpp>
#include <labelerrors/io/idx.hpp>
#include <labelerrors/model/find_label_issues_in_features.hpp>
#include <labelerrors/report/write_page.hpp>
#include <labelerrors/rows/large_vector.hpp>
#include <labelerrors/rows/parallel.hpp>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <functional>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace fashion_mnist
{

/// The classes of Fashion-MNIST.
inline constexpr std::array<std::string_view, 10> garments{"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                                                           "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};

/// Images, a row of pixels from 0 to 1 each, and their labels.
struct image_set
{
    xt::xtensor<float, 2> images;
    xt::xtensor<std::uint8_t, 1> labels;
    std::size_t width = 0;
};

/// The 70,000 images of Debian's package dataset-fashion-mnist: images, labels, images, labels.
[[nodiscard]] inline std::vector<std::string> debian_files()
{
    const std::string folder = "/usr/share/datasets/fashion-mnist/";
    std::vector<std::string> files;
    for (const char* part : {"train", "t10k"})
        for (const char* kind : {"-images-idx3-ubyte.gz", "-labels-idx1-ubyte.gz"})
            files.push_back(folder + part + kind);
    if (!std::filesystem::exists(files.front()))
        throw std::runtime_error(files.front() +
                                 " is not there; install it by `sudo apt-get install dataset-fashion-mnist`, or name "
                                 "the files of any such set: fashion_mnist IMAGES LABELS [IMAGES LABELS ...]");
    return files;
}

/// Reads pairs of IDX files, one after another.
[[nodiscard]] inline image_set read_idx_pairs(const std::vector<std::string>& files)
{
    if (files.empty() || files.size() % 2 != 0)
        throw std::runtime_error("usage: fashion_mnist [IMAGES LABELS [IMAGES LABELS ...]]");
    labelerrors::large_vector<float> pixels;
    std::vector<std::uint8_t> labels;
    std::size_t size = 0;
    image_set set;
    for (std::size_t i = 0; i < files.size(); i += 2)
    {
        const auto images = labelerrors::io::read_idx_images(files[i]);
        const auto part = labelerrors::io::read_idx_labels(files[i + 1]);
        const std::size_t part_size = images.shape()[1] * images.shape()[2];
        if (images.shape()[0] != part.size() || (i > 0 && part_size != size))
            throw std::runtime_error(files[i] + " and " + files[i + 1] +
                                     " do not have as many images as labels, or other images than the files before");
        size = part_size;
        set.width = images.shape()[2];
        std::transform(images.begin(), images.end(), std::back_inserter(pixels),
                       [](std::uint8_t grey) { return static_cast<float>(grey) / 255.0f; });
        labels.insert(labels.end(), part.begin(), part.end());
    }
    set.images = xt::xtensor<float, 2>::from_shape({labels.size(), size});
    std::copy(pixels.begin(), pixels.end(), set.images.begin());
    set.labels = xt::xtensor<std::uint8_t, 1>::from_shape({labels.size()});
    std::copy(labels.begin(), labels.end(), set.labels.begin());
    return set;
}

/// Says how long each step takes, and how far it is where that is told and standard error is a terminal.
class steps
{
public:
    void begin(std::string_view name)
    {
        end();
        name_ = name;
        start_ = clock::now();
    }

    void end()
    {
        if (name_.empty())
            return;
        if (terminal_)
            std::cerr << "\r\033[K" << std::flush;
        std::cout << std::left << std::setw(18) << name_ << std::right << std::fixed << std::setprecision(1)
                  << std::setw(6) << std::chrono::duration<double>(clock::now() - start_).count() << " s" << std::endl;
        name_.clear();
    }

    /// What the library calls. Refers to this object.
    [[nodiscard]] std::function<void(const labelerrors::scan_progress&)> progress_bar()
    {
        return [this](const labelerrors::scan_progress& state)
        {
            constexpr std::size_t width = 40;
            if (!terminal_ || state.rows == 0)
                return;
            const std::size_t full = width * state.rows_done / state.rows;
            std::cerr << '\r' << state.pass << " [" << std::string(full, '#') << std::string(width - full, '.') << "] "
                      << 100 * state.rows_done / state.rows << " %" << std::flush;
        };
    }

private:
    using clock = std::chrono::steady_clock;

    std::string name_;
    clock::time_point start_;
    bool terminal_ = isatty(STDERR_FILENO) == 1;
};

/// The name of a class; its number where there are no names.
[[nodiscard]] inline std::string name_of(std::size_t label, std::span<const std::string_view> names)
{
    return label < names.size() ? std::string(names[label]) : std::to_string(label);
}

/// Writes all issues, whole or not at all: row, given and suggested label, score.
inline void write_csv(const std::filesystem::path& path, const labelerrors::label_issues& issues,
                      std::span<const std::string_view> names)
{
    std::string text = "index,given_label,suggested_label,score\n";
    for (std::size_t i = 0; i < issues.indices.size(); ++i)
    {
        char score[32];
        const auto end = std::to_chars(score, score + sizeof score, issues.scores(i)).ptr;
        text += std::to_string(issues.indices(i)) + ',' + name_of(issues.given_labels(i), names) + ',' +
                name_of(issues.suggested_labels(i), names) + ',' + std::string(score, end) + '\n';
    }
    labelerrors::io::atomic_file file(path);
    file.write(std::as_bytes(std::span(text.data(), text.size())));
    file.commit();
}

/// Writes a page that shows all issues with their images, and how healthy the labels of each class are.
inline void write_page(const std::filesystem::path& path, const image_set& set,
                       const labelerrors::issues_in_features& found, std::span<const std::string_view> names)
{
    const auto health = labelerrors::health_summary(set.labels, found.pred_probs);
    labelerrors::report::page page;
    page.num_examples = found.issues.num_examples;
    page.num_classes = found.issues.num_classes;
    page.class_names.assign(names.begin(), names.end());
    page.issues = labelerrors::report::page_issues(found.issues);
    page.label_health = health.overall_label_health_score;
    page.classes = health.classes;
    std::ostringstream percent;
    percent << std::fixed << std::setprecision(1) << 100.0 * found.accuracy << " %";
    page.facts = {{"Agreement out of sample", percent.str(), "the given label is the classifier's likeliest"}};
    std::vector<std::uint8_t> pixels(set.images.shape()[1]);
    for (auto& issue : page.issues)
    {
        for (std::size_t j = 0; j < pixels.size(); ++j)
            pixels[j] = static_cast<std::uint8_t>(set.images(issue.index, j) * 255.0f + 0.5f);
        issue.item.kind = labelerrors::report::item_kind::image;
        issue.item.content =
            labelerrors::io::encode_png(pixels, pixels.size() / set.width, set.width, labelerrors::io::png_pixel::grey);
    }
    labelerrors::report::write_page(path, page);
}

/// Draws the images of the first few issues beside each other, a character for two pixels, one above the other.
inline void draw(std::ostream& out, const image_set& set, const labelerrors::label_issues& issues, std::size_t most)
{
    constexpr std::string_view shades = " .:-=+*#%@";
    const std::size_t count = std::min(most, issues.indices.size());
    const std::size_t height = set.width == 0 ? 0 : set.images.shape()[1] / set.width;
    for (std::size_t y = 0; y + 1 < height; y += 2)
    {
        std::string line;
        for (std::size_t i = 0; i < count; ++i)
        {
            for (std::size_t x = 0; x < set.width; ++x)
            {
                const auto row = issues.indices(i);
                const float grey = (set.images(row, y * set.width + x) + set.images(row, (y + 1) * set.width + x)) / 2;
                line += shades[static_cast<std::size_t>(grey * 9.99f)];
            }
            line += "  ";
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out << '\n' << line;
    }
    out << '\n';
}

}  // namespace fashion_mnist

#endif
