// How score writes its scores as text: JSON and CSV.
#include "score_output.hpp"

namespace program
{

void write_scores(output& out, const xt::xtensor<double, 1>& scores, const score_heading& heading,
                  const listed_part& part, output_format format)
{
    if (format == output_format::csv)
    {
        if (part.begins)
            out << "index,score\n";
        for (std::size_t i = 0; i < part.count; ++i)
            out << part.first + i << "," << scores(i) << "\n";
        return;
    }
    if (part.begins)
    {
        out << "{\"n\":" << heading.num_examples << ",\"k\":" << heading.num_classes << ",\"method\":\""
            << heading.method << "\"";
        if (!heading.aggregator.empty())
            out << ",\"aggregator\":" << json_string(heading.aggregator);
        if (!heading.weight_by.empty())
        {
            out << ",\"weight_by\":" << json_string(heading.weight_by);
            write_list(out, "model_weight", heading.model_weights);
        }
        out << ",\"scores\":[";
    }
    for (std::size_t i = 0; i < part.count; ++i)
        out << (part.first + i == 0 ? "" : ",") << scores(i);
    if (part.ends)
        out << "]}\n";
}

}  // namespace program
