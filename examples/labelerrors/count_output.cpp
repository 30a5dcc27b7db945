// What count tells, and how it writes it: JSON, CSV and a table.
#include "count_output.hpp"

#include <labelerrors/core/calibrate_confident_joint.hpp>
#include <labelerrors/core/estimate_joint.hpp>
#include <labelerrors/core/num_label_issues.hpp>

#include <cstdint>
#include <string>

namespace program
{

namespace
{

void write_number(output& out, double number)
{
    out << number;
}

void write_number(output& out, std::int64_t number)
{
    out << std::to_string(number);
}

template <class Vector>
void write_vector(output& out, const Vector& values)
{
    out << "[";
    for (std::size_t i = 0; i < values.size(); ++i)
    {
        out << (i == 0 ? "" : ",");
        write_number(out, values(i));
    }
    out << "]";
}

template <class Matrix>
void write_matrix(output& out, const Matrix& values)
{
    out << "[";
    for (std::size_t i = 0; i < values.shape()[0]; ++i)
    {
        out << (i == 0 ? "[" : ",[");
        for (std::size_t j = 0; j < values.shape()[1]; ++j)
        {
            out << (j == 0 ? "" : ",");
            write_number(out, values(i, j));
        }
        out << "]";
    }
    out << "]";
}

void write_json(output& out, const counts& found, const inputs& in)
{
    out << "{\"n\":" << found.n << ",\"k\":" << found.k;
    write_class_names(out, in.class_names);
    out << ",\n\"thresholds\":";
    write_vector(out, found.thresholds);
    out << ",\n\"confident_joint\":";
    write_matrix(out, found.confident_joint);
    out << ",\n\"calibrated_confident_joint\":";
    write_matrix(out, found.calibrated);
    out << ",\n\"joint\":";
    write_matrix(out, found.joint);
    out << ",\n\"py\":";
    write_vector(out, found.latent.py);
    out << ",\n\"noise_matrix\":";
    write_matrix(out, found.latent.noise_matrix);
    out << ",\n\"inverse_noise_matrix\":";
    write_matrix(out, found.latent.inverse_noise_matrix);
    out << ",\n\"num_label_issues\":{\"off_diagonal\":" << found.off_diagonal
        << ",\"off_diagonal_calibrated\":" << found.off_diagonal_calibrated << "}}\n";
}

template <class Matrix>
void write_csv_matrix(output& out, const std::string& name, const Matrix& values)
{
    for (std::size_t i = 0; i < values.shape()[0]; ++i)
        for (std::size_t j = 0; j < values.shape()[1]; ++j)
        {
            out << name << "," << i << "," << j << ",";
            write_number(out, values(i, j));
            out << "\n";
        }
}

/// One line for each number: its name, its row and column where it has them, its value.
void write_csv(output& out, const counts& found, const inputs& in)
{
    out << "name,row,column,value\n";
    for (std::size_t j = 0; j < in.class_names.size(); ++j)
        out << "class_names," << j << ",," << csv_field(in.class_names[j]) << "\n";
    for (std::size_t j = 0; j < found.k; ++j)
        out << "thresholds," << j << ",," << found.thresholds(j) << "\n";
    for (std::size_t j = 0; j < found.k; ++j)
        out << "py," << j << ",," << found.latent.py(j) << "\n";
    write_csv_matrix(out, "confident_joint", found.confident_joint);
    write_csv_matrix(out, "calibrated_confident_joint", found.calibrated);
    write_csv_matrix(out, "joint", found.joint);
    write_csv_matrix(out, "noise_matrix", found.latent.noise_matrix);
    write_csv_matrix(out, "inverse_noise_matrix", found.latent.inverse_noise_matrix);
    out << "num_label_issues.off_diagonal,,," << found.off_diagonal << "\n";
    out << "num_label_issues.off_diagonal_calibrated,,," << found.off_diagonal_calibrated << "\n";
}

void write_table(output& out, const counts& found, const inputs& in)
{
    out << std::to_string(found.n) + " examples, " + std::to_string(found.k) +
               " classes; label issues: " + std::to_string(found.off_diagonal) + " (off_diagonal), " +
               std::to_string(found.off_diagonal_calibrated) + " (off_diagonal_calibrated)\n\n";
    table rows({"class", "threshold", "given", "estimated true", "given, of which true", "most often truly"});
    for (std::size_t i = 0; i < found.k; ++i)
    {
        std::int64_t given = 0;
        std::size_t other = i == 0 ? 1 : 0;
        for (std::size_t j = 0; j < found.k; ++j)
        {
            given += found.calibrated(i, j);
            if (j != i && found.calibrated(i, j) > found.calibrated(i, other))
                other = j;
        }
        const std::int64_t most = found.calibrated(i, other);
        rows.add({in.class_name(i), to_fixed(found.thresholds(i), 4), std::to_string(given),
                  to_fixed(found.latent.py(i) * static_cast<double>(found.n), 1),
                  std::to_string(found.calibrated(i, i)),
                  most == 0 ? "-" : in.class_name(other) + " (" + std::to_string(most) + ")"});
    }
    rows.write_to(out);
    out << "\nThe matrices are in --format json and csv.\n";
}

}  // namespace

counts counts_of(const labelerrors::confident_joint_result& found, std::size_t off_diagonal)
{
    counts result;
    for (const std::size_t count : found.class_counts)
        result.n += count;
    result.k = found.class_counts.size();
    result.thresholds = found.thresholds;
    result.confident_joint = found.confident_joint;
    constexpr auto as_counted = labelerrors::summation_order::by_columns;
    result.calibrated = labelerrors::calibrate_confident_joint(found.confident_joint, found.class_counts, as_counted);
    result.joint = labelerrors::estimate_joint(found.confident_joint, found.class_counts, as_counted);
    result.latent = labelerrors::estimate_latent(result.calibrated, found.class_counts);
    result.off_diagonal = off_diagonal;
    result.off_diagonal_calibrated = labelerrors::num_label_issues(result.calibrated, found.class_counts);
    return result;
}

void write_counts(const output_options& options, const counts& found, const inputs& in)
{
    output out(options);
    const auto format = options.chosen_format();
    if (format == output_format::json)
        write_json(out, found, in);
    else if (format == output_format::csv)
        write_csv(out, found, in);
    else
        write_table(out, found, in);
    out.finish();
}

}  // namespace program
