# Makes docstrings of the plain comments inside types, so that Doxygen sees what a field or an enumerator means: one on
# lines of its own is about what follows, one at the end of a line about what stands before it. Comments in functions
# stay as they are. It relies on the layout of .clang-format: a brace that opens a type or a function begins a line.

# What the brace opens that follows a declaration.
function kind_of(declaration)
{
    while (gsub(/<[^<>]*>/, "", declaration))
        ;
    return declaration ~ /(^|[ \t])(struct|class|union|enum)[ \t]/ && declaration !~ /[(=]/ ? "type" : "code"
}

{
    line = $0
    code = line
    gsub(/"([^"\\]|\\.)*"/, "\"\"", code)
    gsub(/'([^'\\]|\\.)'/, "''", code)
    comment = match(code, /\/\/.*/) ? substr(code, RSTART) : ""
    sub(/\/\/.*/, "", code)
    if (depth > 0 && kinds[depth] == "type" && comment ~ /^\/\/ /)
        sub(/\/\/ /, code ~ /^[ \t]*$/ ? "/// " : "///< ", line)
    print line

    if (code ~ /^[ \t]*(#|$)/)
        next
    if (code !~ /^[ \t]*[{}]/)
        declaration = declaration " " code
    begins = code ~ /^[ \t]*[{]/
    while (match(code, /[{}]/))
    {
        if (substr(code, RSTART, 1) == "{")
            kinds[++depth] = begins ? kind_of(declaration) : "code"
        else if (depth > 0)
            --depth
        begins = 0
        code = substr(code, RSTART + 1)
        declaration = ""
    }
    if (code ~ /[;:][ \t]*$/)
        declaration = ""
}
