#ifndef LABELERRORS_DATASETS_NEWS20_HPP
#define LABELERRORS_DATASETS_NEWS20_HPP

#include <labelerrors/datasets/dataset.hpp>

#include <array>
#include <cstddef>
#include <string_view>

namespace labelerrors::datasets
{

/// The 20 Newsgroups test set: posts, in the order of scikit-learn's fetch_20newsgroups(subset='test').
struct news20
{
    static constexpr std::string_view name = "20news";
    static constexpr std::string_view title = "20News";
    static constexpr std::string_view file_stem = "20news_test_set";
    static constexpr std::string_view votes_stem = "20news";
    static constexpr std::size_t num_examples = 7532;
    static constexpr std::size_t num_classes = 20;
    static constexpr std::array<std::string_view, num_classes> class_names{"alt.atheism",
                                                                           "comp.graphics",
                                                                           "comp.os.ms-windows.misc",
                                                                           "comp.sys.ibm.pc.hardware",
                                                                           "comp.sys.mac.hardware",
                                                                           "comp.windows.x",
                                                                           "misc.forsale",
                                                                           "rec.autos",
                                                                           "rec.motorcycles",
                                                                           "rec.sport.baseball",
                                                                           "rec.sport.hockey",
                                                                           "sci.crypt",
                                                                           "sci.electronics",
                                                                           "sci.med",
                                                                           "sci.space",
                                                                           "soc.religion.christian",
                                                                           "talk.politics.guns",
                                                                           "talk.politics.mideast",
                                                                           "talk.politics.misc",
                                                                           "talk.religion.misc"};
    static constexpr auto modality = datasets::modality::text;
    static constexpr auto dialect = votes_dialect::given_guessed_neither_both;
    static constexpr auto items = item_source::newsgroup_folders;
    static constexpr std::string_view items_file = "20news-bydate-test";
};

}  // namespace labelerrors::datasets

#endif
