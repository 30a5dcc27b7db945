#include "io/temporary_directory.hpp"
#include "published_root.hpp"
#include "support/data.hpp"
#include "support/xtensor.hpp"
#include <labelerrors/datasets/cifar10.hpp>
#include <labelerrors/datasets/imagenet.hpp>
#include <labelerrors/datasets/model_predictions.hpp>
#include <labelerrors/io/write_npy.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace datasets = labelerrors::datasets;
using tests::contains;
using tests::message_of;

namespace
{

constexpr auto cifar10 = datasets::facts_of<datasets::cifar10>();

/// Predictions for n examples: classes j and scores that rise with j, so that the last is the likeliest.
void write_predictions(const std::filesystem::path& directory, const std::string& start, std::size_t n, std::size_t k)
{
    auto labels = xt::xtensor<std::int64_t, 2>::from_shape({n, k});
    auto scores = xt::xtensor<float, 2>::from_shape({n, k});
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < k; ++j)
        {
            labels(i, j) = static_cast<std::int64_t>(j);
            scores(i, j) = static_cast<float>(j) / 10.0F;
        }
    labelerrors::io::write_npy(directory / (start + "preds.npy"), labels);
    labelerrors::io::write_npy(directory / (start + "probs.npy"), scores);
}

}  // namespace

TEST_CASE("models are found by the names of their files, others are left alone")
{
    const tests::temporary_directory directory;
    const auto root = directory / "";
    write_predictions(root, "vgg11_bn_pytorch_cifar10_top5", 3, 5);
    write_predictions(root, "resnet50_keras_cifar10_top5", 3, 5);
    write_predictions(root, "resnet50_pytorch_cifar10_top3", 3, 3);
    write_predictions(root, "alexnet_pytorch_imagenet_top5", 3, 5);
    directory.write("README.md", "");
    directory.write("x_cifar10_topfivepreds.npy", "");
    const auto found = datasets::find_model_predictions(cifar10, root);
    REQUIRE(found.size() == 3);
    CHECK(found[0].name == "resnet50");
    CHECK(found[0].platform == "keras");
    CHECK(found[1].platform == "pytorch");
    CHECK(found[1].k == 3);
    CHECK(found[2].name == "vgg11_bn");
    CHECK(found[2].platform == "pytorch");
    CHECK(found[2].labels.filename() == "vgg11_bn_pytorch_cifar10_top5preds.npy");
    CHECK(found[2].scores.filename() == "vgg11_bn_pytorch_cifar10_top5probs.npy");
}

TEST_CASE("the folder above that of a set will do")
{
    const tests::temporary_directory directory;
    std::filesystem::create_directory(directory / "cifar10");
    write_predictions(directory / "cifar10", "a_b_cifar10_top5", 3, 5);
    CHECK(datasets::find_model_predictions(cifar10, directory / "").size() == 1);
}

TEST_CASE("a clone of the repository that they are published in will do, which has a folder for each platform and set")
{
    const tests::temporary_directory directory;
    for (const char* folder : {"pytorch_imagenet", "keras_imagenet", "pytorch_cifar10", "imagenet_scripts"})
        std::filesystem::create_directory(directory / folder);
    write_predictions(directory / "pytorch_imagenet", "resnet50_pytorch_imagenet_top5", 2, 5);
    write_predictions(directory / "keras_imagenet", "resnet50_keras_imagenet_top5", 2, 5);
    write_predictions(directory / "pytorch_cifar10", "vgg11_bn_pytorch_cifar10_top5", 2, 5);
    const auto found = datasets::find_model_predictions(datasets::facts_of<datasets::imagenet>(), directory / "");
    REQUIRE(found.size() == 2);
    CHECK(found[0].platform == "keras");
    CHECK(found[1].platform == "pytorch");
    CHECK(datasets::find_model_predictions(cifar10, directory / "").size() == 1);
    // The same model in two folders is there twice.
    write_predictions(directory / "", "vgg11_bn_pytorch_cifar10_top5", 2, 5);
    CHECK(contains(message_of<labelerrors::value_error>(
                       [&] { static_cast<void>(datasets::find_model_predictions(cifar10, directory / "")); }),
                   "are there twice"));
}

TEST_CASE("the file of scores is known by the name of the file of labels")
{
    CHECK(datasets::scores_beside("dir/mine_top5preds.npy") == std::filesystem::path("dir/mine_top5probs.npy"));
    CHECK(datasets::scores_beside("mine_top10preds.npy") == std::filesystem::path("mine_top10probs.npy"));
    CHECK(datasets::scores_beside("mine_top05preds.npy") == std::filesystem::path("mine_top05probs.npy"));
    CHECK(!datasets::scores_beside("mine.npy"));
    CHECK(!datasets::scores_beside("mine_preds.npy"));
    CHECK(!datasets::scores_beside("mine_top5probs.npy"));
    CHECK(!datasets::scores_beside("mine_top0preds.npy"));
}

TEST_CASE("no directory, an empty one and one with predictions for another set are refused")
{
    const tests::temporary_directory directory;
    const auto find = [&](const std::filesystem::path& path)
    {
        return message_of<labelerrors::io_error>(
            [&] { static_cast<void>(datasets::find_model_predictions(cifar10, path)); });
    };
    CHECK(contains(find(directory / "none"), "is no directory"));
    CHECK(contains(find(directory.write("file", "")), "is no directory"));
    CHECK(contains(find(directory / ""), "has no predictions for CIFAR-10; their files are called"));
    write_predictions(directory / "", "alexnet_pytorch_imagenet_top5", 3, 5);
    CHECK(contains(find(directory / ""), "has no predictions for CIFAR-10, but for imagenet; "));
}

TEST_CASE("one file of two, and a model that is there twice, are refused by name")
{
    const tests::temporary_directory directory;
    const auto root = directory / "";
    write_predictions(root, "a_pytorch_cifar10_top5", 3, 5);
    std::filesystem::remove(directory / "a_pytorch_cifar10_top5probs.npy");
    CHECK(contains(
        message_of<labelerrors::io_error>([&] { static_cast<void>(datasets::find_model_predictions(cifar10, root)); }),
        "a_pytorch_cifar10_top5probs.npy: no such file, but a_pytorch_cifar10_top5preds.npy is there"));
    write_predictions(root, "a_pytorch_cifar10_top5", 3, 5);
    std::filesystem::remove(directory / "a_pytorch_cifar10_top5preds.npy");
    CHECK(contains(
        message_of<labelerrors::io_error>([&] { static_cast<void>(datasets::find_model_predictions(cifar10, root)); }),
        "a_pytorch_cifar10_top5preds.npy: no such file"));
    write_predictions(root, "a_pytorch_cifar10_top5", 3, 5);
    write_predictions(root, "a_pytorch_cifar10_top3", 3, 3);
    CHECK(contains(message_of<labelerrors::value_error>(
                       [&] { static_cast<void>(datasets::find_model_predictions(cifar10, root)); }),
                   "are there twice, also in " + (root / "a_pytorch_cifar10_top3preds.npy").string()));
}

TEST_CASE("predictions of other examples or another k than their names say are refused, naming the file")
{
    const tests::temporary_directory directory;
    const auto root = directory / "";
    const auto read = [&]
    {
        return message_of<labelerrors::shape_error>(
            [&] {
                static_cast<void>(
                    datasets::read_model_predictions(cifar10, datasets::find_model_predictions(cifar10, root)[0]));
            });
    };
    write_predictions(root, "a_pytorch_cifar10_top5", 9999, 5);
    CHECK(contains(read(), "a_pytorch_cifar10_top5preds.npy: is 9999 x 5, but must be 10000 x 5"));
    write_predictions(root, "a_pytorch_cifar10_top5", 10000, 4);
    CHECK(contains(read(), "a_pytorch_cifar10_top5preds.npy: is 10000 x 4, but must be 10000 x 5"));
    write_predictions(root, "a_pytorch_cifar10_top5", 10000, 5);
    CHECK(read() == "");
    auto short_scores = xt::xtensor<float, 2>::from_shape({10000, 4});
    short_scores.fill(0.0F);
    labelerrors::io::write_npy(directory / "a_pytorch_cifar10_top5probs.npy", short_scores);
    CHECK(contains(read(), "a_pytorch_cifar10_top5probs.npy: is 10000 x 4"));
}

TEST_CASE("13 CIFAR-10 models and 7 ImageNet models are published here, in half and in single precision")
{
    const auto data = tests::data_dir();
    if (!data || !std::filesystem::exists(*data / "model-predictions"))
        return tests::skip("no model-predictions in LABELERRORS_DATA_DIR");
    const auto small = datasets::find_model_predictions(cifar10, *data / "model-predictions");
    CHECK(small.size() == 13);
    const auto imagenet = datasets::facts_of<datasets::imagenet>();
    const auto large = datasets::find_model_predictions(imagenet, *data / "model-predictions" / "imagenet");
    CHECK(large.size() == 7);
    const auto stored = datasets::read_model_predictions(cifar10, small.front());
    CHECK(stored.labels.shape() == std::array<std::size_t, 2>{10000, 5});
    CHECK(stored.scores.shape() == std::array<std::size_t, 2>{10000, 5});
    CHECK(datasets::read_model_predictions(imagenet, large.front()).labels.shape()[0] == 50000);
}
