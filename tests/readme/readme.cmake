# README's code works as pasted and prints what README says it prints, and the program's lines run.
file(READ "${PROJECT_SOURCE_DIR}/README.md" readme)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/README.md")
set(readme_dir "${CMAKE_CURRENT_BINARY_DIR}/readme")

# The first block is a program of its own.
string(REGEX MATCH "```cpp\n([^`]*)```\n\nIt prints\n\n```\n([^`]*)```" readme_code "${readme}")
file(CONFIGURE OUTPUT "${readme_dir}/readme.cpp" CONTENT "${CMAKE_MATCH_1}" @ONLY)
file(CONFIGURE OUTPUT "${readme_dir}/readme.txt" CONTENT "${CMAKE_MATCH_2}" @ONLY)
add_executable(labelerrors_readme "${readme_dir}/readme.cpp")
target_link_libraries(labelerrors_readme PRIVATE labelerrors::core labelerrors_warnings)
add_test(NAME "README's code prints what README says"
         COMMAND "${CMAKE_COMMAND}" -D "PROGRAM=$<TARGET_FILE:labelerrors_readme>" -D "EXPECTED=${readme_dir}/readme.txt"
                 -P "${CMAKE_CURRENT_SOURCE_DIR}/support/compare_output.cmake")

# All blocks are functions of another, which has what they take for granted at hand (readme/given.hpp). A block with a
# main of its own is a namespace.
option(LABELERRORS_TEST_README "Compile and run every block of code in README.md" ON)
if(NOT LABELERRORS_TEST_README)
    return()
endif()
set(includes "")
set(functions "")
set(calls "")
set(number 0)
set(left "${readme}")
while(left MATCHES "```cpp\n([^`]*)```(.*)$")
    set(code "${CMAKE_MATCH_1}")
    set(left "${CMAKE_MATCH_2}")
    set(prints "")
    if(left MATCHES "^\n\nIt prints\n\n```\n([^`]*)```")
        set(prints "${CMAKE_MATCH_1}")
    endif()
    math(EXPR number "${number} + 1")
    string(REGEX MATCHALL "#include [^\n]*\n" directives "${code}")
    list(JOIN directives "" directives)
    string(APPEND includes "${directives}")
    string(REGEX REPLACE "#include [^\n]*\n" "" code "${code}")
    if(code MATCHES "int main[(][)]")
        string(REGEX REPLACE "int main[(][)]" "void run()" code "${code}")
        set(code "${code}")
    else()
        set(code "void run()\n{\n    using namespace tests::readme;\n${code}}\n")
    endif()
    string(APPEND functions "namespace block_${number}\n{\n${code}}\n\n")
    string(APPEND calls "    {\"block ${number}\", block_${number}::run, R\"text(${prints})text\"},\n")
endwhile()
file(CONFIGURE OUTPUT "${readme_dir}/blocks.cpp" @ONLY
     CONTENT "#include \"readme/given.hpp\"\n@includes@\n@functions@\
const std::vector<tests::readme::block> tests::readme::blocks{\n@calls@};\n")
add_executable(labelerrors_readme_blocks readme/main.cpp "${readme_dir}/blocks.cpp")
target_include_directories(labelerrors_readme_blocks PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}")
# What a block makes only to show it is not used.
target_compile_options(labelerrors_readme_blocks PRIVATE -Wno-unused-variable $<$<CONFIG:Release>:-O1>)
target_link_libraries(labelerrors_readme_blocks PRIVATE labelerrors::labelerrors labelerrors_warnings)
set(files_dir "${readme_dir}/files")
add_test(NAME "readme/every block of code runs and prints what README says"
         COMMAND labelerrors_readme_blocks "${files_dir}")
set_tests_properties("readme/every block of code runs and prints what README says" PROPERTIES FIXTURES_SETUP readme_files)

if(TARGET labelerrors_program)
    add_test(NAME "readme/every line of the program runs"
             COMMAND "${CMAKE_COMMAND}" -D "README=${PROJECT_SOURCE_DIR}/README.md" -D "DIR=${files_dir}" -D
                     "PROGRAM=$<TARGET_FILE:labelerrors_program>" -D "DATA=${published}" -P
                     "${CMAKE_CURRENT_SOURCE_DIR}/readme/run_lines.cmake")
    set_tests_properties("readme/every line of the program runs" PROPERTIES FIXTURES_REQUIRED readme_files)
endif()
