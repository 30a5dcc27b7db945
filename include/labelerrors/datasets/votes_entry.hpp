#ifndef LABELERRORS_DATASETS_VOTES_ENTRY_HPP
#define LABELERRORS_DATASETS_VOTES_ENTRY_HPP

#include <labelerrors/datasets/dataset.hpp>
#include <labelerrors/datasets/published_files.hpp>
#include <labelerrors/error.hpp>
#include <labelerrors/io/in_quotes.hpp>
#include <labelerrors/io/json.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

// What read_votes and read_label_votes read an entry of a votes file with.
namespace labelerrors::datasets::detail
{

[[nodiscard]] inline std::string in_lower_case(std::string_view text)
{
    std::string out(text);
    for (char& c : out)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

[[nodiscard]] inline std::string without_commas(std::string_view text)
{
    std::string out(text);
    std::erase(out, ',');
    return out;
}

/// The labels of a set by their names, as its votes file has them.
[[nodiscard]] inline std::map<std::string, std::size_t> labels_by_name(const dataset_facts& set)
{
    std::map<std::string, std::size_t> labels;
    for (std::size_t label = 0; label < set.num_classes; ++label)
        labels.emplace(without_commas(set.class_names[label]), label);
    return labels;
}

/// An entry of a votes file, and what it must hold. Every member throws format_error, with the entry and its byte,
/// where it does not.
struct votes_entry
{
    const dataset_facts& set;
    const std::map<std::string, std::size_t>& labels;
    const std::filesystem::path& path;
    std::size_t index;
    const nlohmann::json& value;

    [[noreturn]] void fail(const std::string& problem) const
    {
        throw format_error(path.string(), io::offset_of_element(path, index),
                           "entry " + std::to_string(index) + ": " + problem);
    }

    [[noreturn]] void fail_type(const std::string& key, const char* expected, const nlohmann::json& found) const
    {
        fail(key + " must be " + expected + ", but is a JSON " + found.type_name());
    }

    [[nodiscard]] const nlohmann::json& member(const nlohmann::json& object, const std::string& key) const
    {
        if (!object.is_object())
            fail_type(&object == &value ? "the entry" : "mturk", "an object", object);
        const auto found = object.find(key);
        if (found == object.end())
            fail("has no " + io::detail::in_quotes(key));
        return *found;
    }

    [[nodiscard]] std::size_t as_number(const std::string& key, const nlohmann::json& found) const
    {
        if (!found.is_number_unsigned())
            fail_type(key, "a whole number from 0 on", found);
        const auto number = found.get<std::uint64_t>();
        // Sums of counts must not wrap around either.
        if (number > std::numeric_limits<std::uint32_t>::max())
            fail(key + " is " + std::to_string(number) + ", too large");
        return static_cast<std::size_t>(number);
    }

    [[nodiscard]] const std::string& as_text(const std::string& key, const nlohmann::json& found) const
    {
        if (!found.is_string())
            fail_type(key, "a string", found);
        return found.get_ref<const std::string&>();
    }

    [[nodiscard]] std::size_t number(const std::string& key) const
    {
        return as_number(key, member(value, key));
    }

    [[nodiscard]] const std::string& text(const std::string& key) const
    {
        return as_text(key, member(value, key));
    }

    [[nodiscard]] std::size_t label_named(const std::string& key, const std::string& name) const
    {
        const auto found = labels.find(name);
        if (found == labels.end())
            fail(key + " is " + io::detail::in_quotes(name) + ", which is no class of " + std::string(set.title));
        return found->second;
    }

    /// The label under `key`: a name, or a number that agrees with the name beside it.
    [[nodiscard]] std::size_t label(const std::string& key) const
    {
        const auto& found = member(value, key);
        if (set.dialect == votes_dialect::given_guessed_neutral || set.dialect == votes_dialect::class_names)
            return label_named(key, as_text(key, found));
        const std::size_t label = as_number(key, found);
        if (label >= set.num_classes)
            fail(key + " must be below the " + std::to_string(set.num_classes) + " classes, but is " +
                 std::to_string(label));
        const std::string& name = text(key + "_name");
        if (name != set.class_names[label])
            fail(key + "_name is " + io::detail::in_quotes(name) + ", but class " + std::to_string(label) + " is " +
                 io::detail::in_quotes(set.class_names[label]));
        return label;
    }

    /// The labels under `key`, which are names, ascending.
    [[nodiscard]] std::vector<std::size_t> label_set(const std::string& key) const
    {
        const auto& found = member(value, key);
        if (!found.is_array())
            fail_type(key, "an array of names", found);
        std::vector<std::size_t> set_of;
        for (const auto& name : found)
            set_of.push_back(label_named(key, as_text(key, name)));
        std::sort(set_of.begin(), set_of.end());
        if (std::adjacent_find(set_of.begin(), set_of.end()) != set_of.end())
            fail(key + " names a class twice");
        return set_of;
    }

    /// How many votes there are for `side`.
    [[nodiscard]] std::size_t count(const std::string& side) const
    {
        const auto& mturk = member(value, "mturk");
        return as_number("mturk." + side, member(mturk, side));
    }

    /// The votes for each label, by label.
    [[nodiscard]] std::map<std::size_t, std::size_t> counts() const
    {
        const auto& mturk = member(value, "mturk");
        if (!mturk.is_object())
            fail_type("mturk", "an object", mturk);
        std::map<std::size_t, std::size_t> counts;
        for (const auto& [name, count] : mturk.items())
        {
            // First, since a name that is no class's may hold anything.
            const std::size_t label = label_named("mturk", name);
            counts[label] = as_number("mturk." + io::detail::in_quotes(name), count);
        }
        return counts;
    }
};

/// Calls `use` with every entry of a set's votes file.
template <class Use>
void for_each_entry(const dataset_facts& set, const std::filesystem::path& root, Use use)
{
    const auto path = require_files(set, root, published_file::votes).front();
    const auto entries = io::read_json(path);
    if (!entries.is_array())
        throw format_error(path.string(), 0,
                           std::string("the votes must be an array, but are a JSON ") + entries.type_name());
    const auto labels = labels_by_name(set);
    for (std::size_t index = 0; index < entries.size(); ++index)
        use(votes_entry{set, labels, path, index, entries[index]});
}

}  // namespace labelerrors::datasets::detail

#endif
