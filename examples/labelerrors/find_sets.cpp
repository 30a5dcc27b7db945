// Sets of labels, for find: telling which are likely wrong.
#include "find_sets.hpp"

#include "issue_output.hpp"
#include "multilabel.hpp"
#include "progress.hpp"
#include <labelerrors/core/find_multilabel_issues.hpp>
#include <labelerrors/core/reference_cleanlab_1_multilabel.hpp>

#include <cstdint>

namespace program
{

namespace v1 = labelerrors::reference::cleanlab_1;

void find_sets(const find_options& options, std::optional<v1::prune_method> as_cleanlab_1, const input_options& input,
               const output_options& written)
{
    progress watch;
    watch.begin("reading");
    const auto in = open_pred_probs(input);
    const auto sets = read_sets(input.labels, in.pred_probs.num_columns());
    auto find = options.for_sets(in, input);
    find.progress = watch.callback();
    const auto issues = with_pred_probs(
        in, input,
        [&](const auto& rows)
        {
            if (!as_cleanlab_1)
                return labelerrors::find_multilabel_issues(sets, rows, find);
            return v1::get_multilabel_noise_indices(
                sets, rows,
                {.prune_method = *as_cleanlab_1,
                 .order = options.rank == "none" ? v1::label_set_order::index : v1::label_set_order::as_published,
                 .frac_noise = find.frac_noise,
                 .tolerance = input.tolerance,
                 .threads = input.threads,
                 .progress = watch.callback()});
        });
    watch.begin("writing");
    const std::size_t all = issues.indices.size();
    auto heading = options.heading(issues.num_examples, issues.num_classes, all);
    heading.more_json = as_cleanlab_1 ? ",\"reference\":\"cleanlab-1\""
                                      : ",\"aggregator\":" + json_string(options.sets.aggregator_text());
    const auto format = written.chosen_format();
    output out(written);
    const auto list = whole_list(all, options.top, format, input.threads);
    write_issues(out, issues, in, heading, list, format);
    out.finish();
    input.timing.tell(watch, in.num_bytes() + num_bytes(sets));
}

}  // namespace program
