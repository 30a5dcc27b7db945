#ifndef LABELERRORS_IO_NPY_DICTIONARY_HPP
#define LABELERRORS_IO_NPY_DICTIONARY_HPP

#include <labelerrors/error.hpp>
#include <labelerrors/io/element_names.hpp>
#include <labelerrors/io/in_quotes.hpp>
#include <labelerrors/io/npy_header.hpp>

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>

namespace labelerrors::io::detail
{

/// Why numpy's kind of element `kind` is not read here, and what to do about it; nullptr for kinds that are read.
[[nodiscard]] constexpr const char* refusal_of(char kind) noexcept
{
    switch (kind)
    {
    case 'O':
        return "Python objects, stored as a pickle; sets of labels are read by read_label_sets (the program: "
               "--multi-label), all else "
               "must be saved as numbers";
    case 'S':
    case 'a':
    case 'U':
        return "text; save the array as numbers, say as the position of each text in a list of class names";
    case 'c':
        return "complex numbers; save their real part";
    case 'M':
    case 'm':
        return "dates or durations; save the array as numbers";
    case 'V':
        return "records or raw bytes; save the field that is wanted as an array of its own";
    default:
        return nullptr;
    }
}

/// Which elements a reader of headers takes.
enum class npy_elements
{
    numbers,
    objects_too
};

/// Reads the Python dictionary of a header. It knows no nesting, so no input can make it recurse.
class npy_dictionary_parser
{
public:
    /// `text` is the dictionary, which stands in the file `path` where `header.version` puts it.
    npy_dictionary_parser(std::string_view text, const std::string& path, npy_header& header,
                          npy_elements elements = npy_elements::numbers)
        : text_(text), path_(path), header_(header), elements_(elements)
    {
    }

    /// Whether the elements are Python objects, which npy_header has no type for.
    [[nodiscard]] bool holds_objects() const noexcept
    {
        return holds_objects_;
    }

    /// Fills in the header's element (not that of objects), bytes, order and shape.
    void parse()
    {
        expect('{', "a dictionary");
        while (!accept('}'))
        {
            const std::size_t begin = position_;
            parse_entry(parse_string("a key in quotes"), begin);
            if (accept(','))
                continue;
            expect('}', "a comma or the end of the dictionary");
            break;
        }
        skip_space();
        if (position_ < text_.size())
            fail(position_, "the header has more than a dictionary");
        require(has_descr_, "descr");
        require(has_order_, "fortran_order");
        require(has_shape_, "shape");
    }

private:
    void parse_entry(std::string_view key, std::size_t begin)
    {
        expect(':', "a colon");
        bool* const seen = key == "descr"           ? &has_descr_
                           : key == "fortran_order" ? &has_order_
                           : key == "shape"         ? &has_shape_
                                                    : nullptr;
        if (seen == nullptr)
            fail(begin,
                 "the header has a key " + in_quotes(key) + "; it must have descr, fortran_order and shape only");
        if (*seen)
            fail(begin, "the header has the key " + in_quotes(key) + " twice");
        *seen = true;
        skip_space();
        if (key == "descr")
            parse_descr();
        else if (key == "fortran_order")
            parse_order();
        else
            parse_shape();
    }

    void parse_descr()
    {
        const std::size_t begin = position_;
        if (next() == '[' || next() == '(')
            fail(begin, std::string("the elements are ") + refusal_of('V'));
        const std::string_view descr = parse_string("the element type in quotes");
        std::string_view name = descr;
        const char order = name.empty() ? '\0' : name.front();
        if (order == '<' || order == '>' || order == '|' || order == '=')
            name.remove_prefix(1);
        if (order == '<' || order == '>')
            header_.bytes = order == '<' ? byte_order::little : byte_order::big;
        if (elements_ == npy_elements::objects_too && (name == "O" || name == "O8" || name == "O4"))
        {
            holds_objects_ = true;
            return;
        }
        if (const auto type = element_taken_for(name, name.size() < descr.size()))
        {
            header_.element = *type;
            return;
        }
        const char* const reason = name.empty() ? nullptr : refusal_of(name.front());
        fail(begin, "the elements are of type " + in_quotes(descr) +
                        (reason != nullptr ? ", " + std::string(reason)
                                           : "; the types read are f2, f4, f8, i1 to i8, u1 to u8 and b1"));
    }

    void parse_order()
    {
        if (text_.substr(position_, 5) == "False")
            position_ += 5;
        else if (text_.substr(position_, 4) == "True")
        {
            header_.order = array_order::fortran;
            position_ += 4;
        }
        else
            fail(position_, "fortran_order must be True or False");
    }

    void parse_shape()
    {
        constexpr std::size_t most_dimensions = 64;  // numpy's own limit
        const std::size_t begin = position_;
        expect('(', "the shape, a tuple");
        bool is_tuple = true;
        while (!accept(')'))
        {
            if (!header_.shape.empty() && !is_tuple)
                fail(position_, "expected a comma or the end of the shape");
            if (header_.shape.size() == most_dimensions)
                fail(begin, "the array has more than 64 dimensions");
            header_.shape.push_back(parse_extent());
            is_tuple = accept(',');
        }
        if (header_.shape.size() == 1 && !is_tuple)
            fail(begin, "the shape must be a tuple; one number in parentheses is none without a comma");
    }

    std::size_t parse_extent()
    {
        skip_space();
        const std::size_t begin = position_;
        std::size_t extent = 0;
        for (; next() >= '0' && next() <= '9'; ++position_)
        {
            const auto digit = static_cast<std::size_t>(next() - '0');
            if (extent > (std::numeric_limits<std::size_t>::max() - digit) / 10)
                fail(begin, "an extent of the shape is larger than any array; the file is damaged");
            extent = extent * 10 + digit;
        }
        if (position_ == begin)
            fail(begin, "an extent of the shape must be a whole number of at least 0");
        static_cast<void>(accept('L'));  // as Python 2 wrote long integers
        return extent;
    }

    std::string_view parse_string(const char* what)
    {
        skip_space();
        const char quote = next();
        if (quote != '\'' && quote != '"')
            fail(position_, std::string("expected ") + what);
        const std::size_t begin = position_ + 1;
        const std::size_t end = text_.find(quote, begin);
        const std::string_view string = text_.substr(begin, end == std::string_view::npos ? end : end - begin);
        if (end == std::string_view::npos || string.find_first_of("\\\n") != std::string_view::npos)
            fail(position_, std::string("expected ") + what + ", without escapes, on one line");
        position_ = end + 1;
        return string;
    }

    [[nodiscard]] char next() const noexcept
    {
        return position_ < text_.size() ? text_[position_] : '\0';
    }

    void skip_space() noexcept
    {
        while (next() == ' ' || next() == '\t' || next() == '\n' || next() == '\r' || next() == '\f')
            ++position_;
    }

    bool accept(char character) noexcept
    {
        skip_space();
        const bool found = position_ < text_.size() && text_[position_] == character;
        position_ += found ? 1 : 0;
        return found;
    }

    void expect(char character, const char* what)
    {
        if (!accept(character))
            fail(position_, std::string("expected ") + what + " here: " + in_quotes(text_.substr(position_)));
    }

    void require(bool seen, const char* key) const
    {
        if (!seen)
            fail(0, std::string("the header lacks the key ") + key);
    }

    /// A problem that says nothing of a remedy is one of a header that no writer makes.
    [[noreturn]] void fail(std::size_t position, const std::string& problem) const
    {
        const bool has_remedy = problem.find("; ") != std::string::npos;
        throw format_error(path_, dictionary_offset(header_.version) + position,
                           problem + (has_remedy ? "" : "; the file is damaged, save the array again"));
    }

    std::string_view text_;
    const std::string& path_;
    npy_header& header_;
    npy_elements elements_;
    bool holds_objects_ = false;
    std::size_t position_ = 0;
    bool has_descr_ = false;
    bool has_order_ = false;
    bool has_shape_ = false;
};

}  // namespace labelerrors::io::detail

#endif
