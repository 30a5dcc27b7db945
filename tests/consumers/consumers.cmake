# Small projects that use the library as others do: installed, whole, its core, or its core compiled once for many files;
# as a subdirectory; and in the ways that take longer to check, by pkg-config, by FetchContent and from the Debian packages.
option(LABELERRORS_TEST_ALL_CONSUMERS "Use labelerrors by pkg-config, FetchContent and Debian packages too" ON)
set(scratch "${CMAKE_CURRENT_BINARY_DIR}/consumers")
set(consumers_dir "${CMAKE_CURRENT_SOURCE_DIR}/consumers")

# README's CMake blocks are what the consumers do: by find_package the first, by FetchContent the second.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/README.md")
file(READ "${PROJECT_SOURCE_DIR}/README.md" readme)
set(left "${readme}")
foreach(block find_package fetch_content)
    if(NOT left MATCHES "```cmake\n([^`]*)```(.*)$")
        message(FATAL_ERROR "README.md has no block of CMake for ${block}")
    endif()
    set(left "${CMAKE_MATCH_2}")
    file(CONFIGURE OUTPUT "${scratch}/readme/${block}.cmake" CONTENT "${CMAKE_MATCH_1}" @ONLY)
endforeach()
# So are the files that compile the library once for a project of many.
foreach(file issues.hpp issues.cpp)
    if(NOT readme MATCHES "```c\\+\\+\n(// ${file}\n[^`]*)```")
        message(FATAL_ERROR "README.md has no block of C++ for ${file}")
    endif()
    file(CONFIGURE OUTPUT "${scratch}/readme/${file}" CONTENT "${CMAKE_MATCH_1}" @ONLY)
endforeach()

# The arguments that every script here takes.
list(JOIN labelerrors_xtensor_flags " " xtensor_flags)
# Several prefixes are one argument.
string(REPLACE ";" "\\;" prefix_path "${CMAKE_PREFIX_PATH}")
set(consumer_arguments -D "SCRATCH=${scratch}" -D "PREFIX=${scratch}/prefix" -D "README_DIR=${scratch}/readme" -D
                       "REPOSITORY=${PROJECT_SOURCE_DIR}" -D "COMPILER=${CMAKE_CXX_COMPILER}" -D
                       "FLAGS=${xtensor_flags}" -D "GENERATOR=${CMAKE_GENERATOR}" -D
                       "PREFIX_PATH=${prefix_path}")

function(test_consumer name script)
    set(test "consumers/${name} configures, builds and runs")
    add_test(NAME "${test}" COMMAND "${CMAKE_COMMAND}" ${consumer_arguments} ${ARGN} -D "CONSUMER=${name}" -P
                                    "${consumers_dir}/${script}.cmake")
    set_tests_properties("${test}" PROPERTIES FIXTURES_REQUIRED labelerrors_installed SKIP_REGULAR_EXPRESSION "skipped: ")
endfunction()

add_test(NAME "consumers/the library installs"
         COMMAND "${CMAKE_COMMAND}" --install "${PROJECT_BINARY_DIR}" --config "$<CONFIG>" --prefix "${scratch}/prefix")
set_tests_properties("consumers/the library installs" PROPERTIES FIXTURES_SETUP labelerrors_installed)
foreach(consumer many_files installed_core installed subdirectory)
    test_consumer(${consumer} run)
endforeach()
add_test(NAME "consumers/a build directory is found, and a core alone says what it lacks"
         COMMAND "${CMAKE_COMMAND}" ${consumer_arguments} -D "BINARY_DIR=${PROJECT_BINARY_DIR}" -P
                 "${consumers_dir}/package.cmake")
set_tests_properties("consumers/a build directory is found, and a core alone says what it lacks"
                     PROPERTIES FIXTURES_REQUIRED labelerrors_installed)
if(LABELERRORS_TEST_ALL_CONSUMERS)
    test_consumer(fetch_content run)
    test_consumer(pkg_config pkg_config)
    test_consumer(debian debian -D "BINARY_DIR=${PROJECT_BINARY_DIR}" -D "CPACK=${CMAKE_CPACK_COMMAND}" -D
                  "CONFIG=$<CONFIG>")
endif()
