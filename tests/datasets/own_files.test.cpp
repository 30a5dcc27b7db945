// Where the files of a test set itself are found.
#include "io/temporary_directory.hpp"
#include <labelerrors/datasets/own_files.hpp>
#include <labelerrors/datasets/registry.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

namespace datasets = labelerrors::datasets;
using datasets::find_dataset;

TEST_CASE("a set's file is the one that is named, or lies in the folder or the one above it")
{
    const tests::temporary_directory directory;
    const auto& mnist = find_dataset("mnist");
    CHECK_THROWS_WITH_AS(static_cast<void>(datasets::find_set_file(mnist, directory / "")),
                         doctest::Contains("t10k-images-idx3-ubyte: no such file; name the folder of MNIST's test set"),
                         labelerrors::io_error);
    std::filesystem::create_directories(directory / "mnist/raw");
    const auto file = directory.write("mnist/raw/t10k-images-idx3-ubyte.gz", "");
    for (const auto& where : {directory / "", directory / "mnist", directory / "mnist/raw", file})
        CHECK(std::filesystem::equivalent(datasets::find_set_file(mnist, where), file));
    std::filesystem::create_directories(directory / "cifar-100-binary");
    const auto cifar = directory.write("cifar-100-binary/test.bin", "");
    CHECK(datasets::find_set_file(find_dataset("cifar100"), directory / "") == cifar);
    const auto amazon = directory.write("amazon5core.txt", "");
    CHECK(datasets::find_set_file(find_dataset("amazon"), directory / "") == amazon);
}

TEST_CASE("a set of folders is in the one that is named, or in that one's folder of the set's name")
{
    const tests::temporary_directory directory;
    const auto& news = find_dataset("20news");
    const auto& drawings = find_dataset("quickdraw");
    CHECK(datasets::set_folder(news, "").empty());
    CHECK(datasets::set_folder(news, directory / "x") == directory / "x");
    std::filesystem::create_directories(directory / "20news-bydate-test");
    std::filesystem::create_directories(directory / "numpy_bitmap");
    CHECK(datasets::set_folder(news, directory / "") == directory / "20news-bydate-test");
    CHECK(datasets::set_folder(drawings, directory / "") == directory / "numpy_bitmap");
    CHECK(datasets::set_folder(find_dataset("imdb"), directory / "numpy_bitmap") == directory / "numpy_bitmap");
}

TEST_CASE("a listed file lies below the folder, with as many folders of its name as there are")
{
    const tests::temporary_directory directory;
    std::filesystem::create_directories(directory / "n01440764");
    const auto image = directory.write("n01440764/a.JPEG", "");
    CHECK(datasets::locate_listed(directory / "", "val/n01440764/a.JPEG") == image);
    CHECK(datasets::locate_listed(directory / "n01440764", "val/n01440764/a.JPEG") == image);
    CHECK(datasets::locate_listed(directory / "", "val/n01440764/b.JPEG") == directory / "val/n01440764/b.JPEG");
    CHECK(datasets::locate_listed(directory / "", "val//n01440764/a.JPEG") == image);
    // What is left without the folders of a name is no path from the root.
    const std::filesystem::path outside = "val/" + directory.write("outside.JPEG", "").string();
    CHECK(datasets::locate_listed(directory / "n01440764", outside.string()) == directory / "n01440764" / outside);
    CHECK(datasets::locate_listed(directory / "", "val//") == directory / "val//");
    // A review of the same name in another folder is another review.
    directory.write("3_4.txt", "");
    CHECK(datasets::locate_listed(directory / "", "neg/3_4.txt") == directory / "neg/3_4.txt");
    CHECK(datasets::lies_in(directory / "n01440764", image));
    CHECK(!datasets::lies_in(directory / "n01440764", directory / "3_4.txt"));
    CHECK(!datasets::lies_in(directory / "none", image));
}
