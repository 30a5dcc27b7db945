#ifndef LABELERRORS_DATASETS_DATASETS_HPP
#define LABELERRORS_DATASETS_DATASETS_HPP

// The test sets whose label errors were published: what they are, their files, their items and their votes.
#include <labelerrors/datasets/amazon.hpp>
#include <labelerrors/datasets/audioset.hpp>
#include <labelerrors/datasets/caltech256.hpp>
#include <labelerrors/datasets/cifar10.hpp>
#include <labelerrors/datasets/cifar100.hpp>
#include <labelerrors/datasets/correct_published.hpp>
#include <labelerrors/datasets/dataset.hpp>
#include <labelerrors/datasets/imagenet.hpp>
#include <labelerrors/datasets/imagenet_wordnet_ids.hpp>
#include <labelerrors/datasets/imdb.hpp>
#include <labelerrors/datasets/item.hpp>
#include <labelerrors/datasets/item_list.hpp>
#include <labelerrors/datasets/label_matrix.hpp>
#include <labelerrors/datasets/mnist.hpp>
#include <labelerrors/datasets/model_predictions.hpp>
#include <labelerrors/datasets/news20.hpp>
#include <labelerrors/datasets/newsgroup_order.hpp>
#include <labelerrors/datasets/own_files.hpp>
#include <labelerrors/datasets/provenance.hpp>
#include <labelerrors/datasets/published_files.hpp>
#include <labelerrors/datasets/published_set.hpp>
#include <labelerrors/datasets/quickdraw.hpp>
#include <labelerrors/datasets/read_decisions.hpp>
#include <labelerrors/datasets/registry.hpp>
#include <labelerrors/datasets/vote_counts.hpp>
#include <labelerrors/datasets/votes_file.hpp>
#include <labelerrors/datasets/write_corrected.hpp>

#endif
