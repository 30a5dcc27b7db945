# One translation unit for each header of the library, which includes it first and twice: every header compiles alone.
# They are linked into one program: with the umbrella among them each header is in two units at least, so a function
# that is not inline is a duplicate symbol.
file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}/include"
     "${PROJECT_SOURCE_DIR}/include/*.hpp")
if(NOT LABELERRORS_MPI)
    list(FILTER headers EXCLUDE REGEX "/distributed/mpi\\.hpp$")
endif()
set(units "")
foreach(header IN LISTS headers)
    string(REGEX REPLACE "[^A-Za-z0-9]" "_" name "${header}")
    set(unit "${CMAKE_CURRENT_BINARY_DIR}/headers/${name}.cpp")
    file(CONFIGURE OUTPUT "${unit}" CONTENT "#include <@header@>\n#include <@header@>\n" @ONLY)
    list(APPEND units "${unit}")
endforeach()
add_executable(labelerrors_tests_headers house/headers_main.cpp ${units})
target_link_libraries(labelerrors_tests_headers PRIVATE labelerrors::labelerrors nlohmann_json::nlohmann_json
                                                        labelerrors_warnings)
if(LABELERRORS_MPI)
    target_link_libraries(labelerrors_tests_headers PRIVATE labelerrors::mpi)
endif()
# Nothing of them runs: the cheapest code will do.
target_compile_options(labelerrors_tests_headers PRIVATE -O0 -g0)
add_test(NAME "house/every header compiles alone, and all of them link together"
         COMMAND labelerrors_tests_headers)
