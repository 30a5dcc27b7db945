// From features to label errors on Fashion-MNIST, with a fifth of the training labels made wrong: what is found of
// them, and how well classifiers do on the clean test images before and after what was found is left out.
//     cross_validation FOLDER [IDX FILES: TRAIN IMAGES, TRAIN LABELS, TEST IMAGES, TEST LABELS]
// Prints a line of JSON a classifier, and leaves the same split and labels in FOLDER for against_sklearn.py.
#include <labelerrors/core/label_quality_scores.hpp>
#include <labelerrors/core/noise.hpp>
#include <labelerrors/evaluation/detection_measures.hpp>
#include <labelerrors/io/idx.hpp>
#include <labelerrors/io/write_npy.hpp>
#include <labelerrors/model/k_nearest_neighbors.hpp>
#include <labelerrors/model/learn_with_noisy_labels.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

namespace
{

using namespace labelerrors;

/// The images of one file, a row each, pixels from 0 to 1, and their labels.
struct image_set
{
    xt::xtensor<float, 2> features;
    xt::xtensor<std::uint8_t, 1> labels;
};

[[nodiscard]] image_set read_set(const std::string& images_path, const std::string& labels_path,
                                 const std::filesystem::path& copy)
{
    const auto images = io::read_idx_images(images_path);
    image_set set{xt::xtensor<float, 2>::from_shape({images.shape()[0], images.shape()[1] * images.shape()[2]}),
                  io::read_idx_labels(labels_path)};
    auto bytes = xt::xtensor<std::uint8_t, 2>::from_shape(set.features.shape());
    std::copy(images.begin(), images.end(), bytes.begin());
    std::transform(images.begin(), images.end(), set.features.begin(),
                   [](std::uint8_t grey) { return static_cast<float>(grey) / 255.0f; });
    io::write_npy(copy, bytes);
    return set;
}

[[nodiscard]] double accuracy_of(const xt::xtensor<double, 2>& pred_probs, const xt::xtensor<std::uint8_t, 1>& labels)
{
    const std::size_t k = pred_probs.shape()[1];
    std::size_t num_right = 0;
    for (std::size_t i = 0; i < labels.size(); ++i)
    {
        const double* const row = pred_probs.data() + i * k;
        num_right += std::max_element(row, row + k) - row == labels(i) ? 1u : 0u;
    }
    return static_cast<double>(num_right) / static_cast<double>(labels.size());
}

[[nodiscard]] double seconds_since(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

template <class Classifier>
void measure(const char* name, const Classifier& classifier, const image_set& train,
             const xt::xtensor<std::int64_t, 1>& noisy, const image_set& test)
{
    std::vector<std::size_t> errors;
    for (std::size_t i = 0; i < noisy.size(); ++i)
        if (noisy(i) != train.labels(i))
            errors.push_back(i);
    auto before = classifier;
    const std::vector<std::size_t> labels(noisy.begin(), noisy.end());
    const auto fit_start = std::chrono::steady_clock::now();
    before.fit(train.features, labels, 10);
    const double fit_seconds = seconds_since(fit_start);
    const double accuracy_before = accuracy_of(before.predict_proba(test.features), test.labels);
    const auto start = std::chrono::steady_clock::now();
    const auto learnt = learn_with_noisy_labels(classifier, train.features, noisy);
    const double learn_seconds = seconds_since(start);
    const auto& issues = learnt.found.issues;
    const auto found = evaluation::measure_detection(errors, issues.indices, noisy.size());
    const auto ranked = evaluation::measure_ranking(errors, label_quality_scores(noisy, learnt.found.pred_probs));
    std::printf("{\"classifier\":\"%s\",\"planted\":%zu,\"found\":%zu,\"precision\":%.4f,\"recall\":%.4f,"
                "\"auroc\":%.4f,\"accuracy_before\":%.4f,\"accuracy_after\":%.4f,\"fit_seconds\":%.2f,"
                "\"learn_seconds\":%.2f}\n",
                name, errors.size(), found.num_found, found.precision, found.recall, ranked.auroc, accuracy_before,
                accuracy_of(learnt.classifier.predict_proba(test.features), test.labels), fit_seconds, learn_seconds);
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv)
try
{
    const std::string debian = "/usr/share/datasets/fashion-mnist/";
    std::array<std::string, 4> files{debian + "train-images-idx3-ubyte.gz", debian + "train-labels-idx1-ubyte.gz",
                                     debian + "t10k-images-idx3-ubyte.gz", debian + "t10k-labels-idx1-ubyte.gz"};
    if ((argc != 2 && argc != 6) || argv[1][0] == '-')
    {
        std::fputs("usage: cross_validation FOLDER [TRAIN IMAGES, TRAIN LABELS, TEST IMAGES, TEST LABELS]\n", stderr);
        return 2;
    }
    for (int i = 2; i < argc; ++i)
        files.at(static_cast<std::size_t>(i) - 2) = argv[i];
    const std::filesystem::path folder = argv[1];
    std::filesystem::create_directories(folder);
    const auto train = read_set(files[0], files[1], folder / "train_features.npy");
    const auto test = read_set(files[2], files[3], folder / "test_features.npy");
    const auto noise = generate_noise_matrix_from_trace(
        10, 8.0, {.py = std::vector<double>(10, 0.1), .frac_zero_noise_rates = 0.4, .seed = 1});
    const auto noisy = generate_noisy_labels(train.labels, noise.value(), {.seed = 2});
    io::write_npy(folder / "train_labels.npy", noisy);
    io::write_npy(folder / "test_labels.npy", test.labels);

    measure("pixels, C = 1", logistic_regression({.C = 1.0, .scaling = feature_scaling::none}), train, noisy, test);
    measure("standardized, C = 1", logistic_regression({.C = 1.0}), train, noisy, test);
    measure("standardized, C = 0.01", logistic_regression({.C = 0.01}), train, noisy, test);
    measure("10 nearest neighbors", k_nearest_neighbors(), train, noisy, test);
}
catch (const std::exception& error)
{
    std::fprintf(stderr, "cross_validation: error: %s\n", error.what());
    return 1;
}
