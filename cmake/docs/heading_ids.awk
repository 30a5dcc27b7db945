# Gives each heading of README.md the name that GitHub's links call it by, which Doxygen does not make up itself.
/^```/ { in_code = !in_code }
!in_code && /^##+ / {
    name = tolower($0)
    gsub(/^#+ /, "", name)
    gsub(/[^a-z0-9 -]/, "", name)
    gsub(/ /, "-", name)
    print $0 " {#" name "}"
    next
}
{ print }
