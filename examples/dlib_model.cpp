// A model of another library, here a support vector machine of dlib, in ten lines: fit and predict_proba. Any that
// learns and gives probabilities does as well. Builds where dlib is installed (Debian: libdlib-dev).
#include <labelerrors/core/find_label_issues.hpp>
#include <labelerrors/model/cross_val_predict_proba.hpp>
#include <labelerrors/report/write_label_issues.hpp>

#include <dlib/svm.h>

#include <cmath>
#include <iostream>
#include <random>
#include <vector>

using point = dlib::matrix<double, 2, 1>;
using kernel = dlib::radial_basis_kernel<point>;

/// Of two classes. Samples come as dlib has them: vectors of one element an example are features too.
struct dlib_machine
{
    dlib::probabilistic_decision_function<kernel> learnt;

    void fit(const std::vector<point>& samples, std::span<const std::size_t> labels, std::size_t)
    {
        std::vector<double> signs;
        for (const std::size_t label : labels)
            signs.push_back(label == 1 ? 1.0 : -1.0);
        dlib::svm_c_trainer<kernel> trainer(kernel(0.5), 1.0);
        learnt = dlib::train_probabilistic_decision_function(trainer, samples, signs, 3);
    }

    xt::xtensor<double, 2> predict_proba(const std::vector<point>& samples) const
    {
        auto rows = xt::xtensor<double, 2>::from_shape({samples.size(), 2});
        for (std::size_t i = 0; i < samples.size(); ++i)
            rows(i, 0) = 1.0 - (rows(i, 1) = learnt(samples[i]));
        return rows;
    }
};

int main()
{
    // A disc within a ring, which no line tells apart; every twentieth label is wrong.
    std::mt19937_64 random(8);
    std::vector<point> samples;
    std::vector<int> labels;
    for (int i = 0; i < 400; ++i)
    {
        const double angle = static_cast<double>(random() >> 11) * 0x1p-53 * 6.28;
        const double radius = static_cast<double>(random() >> 11) * 0x1p-53 + (i % 2 == 0 ? 0.0 : 1.5);
        samples.push_back({radius * std::cos(angle), radius * std::sin(angle)});
        labels.push_back(i % 20 == 7 ? 1 - i % 2 : i % 2);
    }
    const auto pred_probs = labelerrors::cross_val_predict_proba(dlib_machine{}, samples, labels);
    labelerrors::report::write_label_issues(std::cout, labelerrors::find_label_issues(labels, pred_probs));
}
