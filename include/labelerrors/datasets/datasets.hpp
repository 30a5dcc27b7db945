#ifndef LABELERRORS_DATASETS_DATASETS_HPP
#define LABELERRORS_DATASETS_DATASETS_HPP

// The test sets whose label errors were published, as facts.
#include <labelerrors/datasets/cifar10.hpp>
#include <labelerrors/datasets/dataset.hpp>
#include <labelerrors/datasets/imdb.hpp>
#include <labelerrors/datasets/mnist.hpp>
#include <labelerrors/datasets/news20.hpp>
#include <labelerrors/datasets/published_files.hpp>

#endif
