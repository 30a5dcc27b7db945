// Text of a drawing that someone else made: entities are undone, and what is written again means the same.
#include "fuzz/fuzz.hpp"
#include <labelerrors/report/svg_text.hpp>

#include <string>

namespace
{

using labelerrors::report::svg_escaped;
using labelerrors::report::svg_unescaped;

/// Whether all of `text` are characters of XML in UTF-8. Of those, the ones that end or shape lines are not written.
[[nodiscard]] bool is_xml(std::string text)
{
    for (char& character : text)
        if (character == '\t' || character == '\n' || character == '\r' || character == 127)
            character = ' ';
    return svg_unescaped(svg_escaped(text)) == text;
}

void require(bool holds)
{
    if (!holds)
        std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(data, data + size);
    const std::string escaped = svg_escaped(text);
    require(escaped.find_first_of("<>\"") == std::string::npos);
    // What could not be written is a question mark now, and stays one.
    require(is_xml(svg_unescaped(escaped)) && svg_escaped(svg_unescaped(escaped)) == escaped);

    const std::string unescaped = svg_unescaped(text);
    require(unescaped.size() <= text.size());
    require(is_xml(unescaped) || !is_xml(text));
    return 0;
}
