// A file of a project in which another compiles the library: issues.hpp, which is precompiled, says so.

int main()
{
    const given_labels labels = {0, 0, 0, 1, 1, 1};
    const model_output pred_probs = {{0.9, 0.1}, {0.8, 0.2}, {0.1, 0.9}, {0.2, 0.8}, {0.3, 0.7}, {0.1, 0.9}};
    const auto issues = labelerrors::find_label_issues(labels, pred_probs);
    return issues.indices.size() == 1 && issues.indices[0] == 2 ? 0 : 1;
}
