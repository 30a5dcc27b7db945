#ifndef LABELERRORS_MODEL_LOGISTIC_REGRESSION_OPTIONS_HPP
#define LABELERRORS_MODEL_LOGISTIC_REGRESSION_OPTIONS_HPP

#include <cstddef>

namespace labelerrors
{

/// What is done to dense features before they are learnt from. Sparse features are taken as they are: a mean taken away
/// would fill them.
enum class feature_scaling
{
    standardize,  // each to mean 0 and standard deviation 1, by the mean and deviation of the examples of the fit
    none,         // for columns around 0 and of like size; with others a fit may not converge in thousands of steps
};

/// What logistic_regression lets its caller choose.
struct logistic_regression_options
{
    // How much a unit of loss weighs against the penalty: the fit minimises C * (sum of log losses) + (sum of squared
    // weights) / 2, the biases left out, above 0.
    double C = 1.0;
    // What is done to the columns of dense features first.
    feature_scaling scaling = feature_scaling::standardize;
    // The fit ends once no entry of the gradient of the mean loss (the above over C times the examples' weight) exceeds
    // this.
    double tolerance = 1e-3;
    std::size_t max_iterations = 500;  // not converged by then: logistic_regression::report says so
    // Threads of one fit or prediction, 0: as many as the machine has. The result is the same for any number.
    std::size_t threads = 0;
};

/// How a fit ended.
struct fit_report
{
    bool converged = false;
    std::size_t iterations = 0;
    double gradient_norm = 0.0;  // the largest entry of the gradient of the mean loss at the end
    double loss = 0.0;           // the mean loss, with its penalty, at the end
};

}  // namespace labelerrors

#endif
