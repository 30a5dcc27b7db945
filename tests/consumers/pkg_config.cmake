# cmake [the arguments of consumers.cmake] -P pkg_config.cmake: compiles the consumers of the core and of everything as
# one does by hand, from an installation that was moved since.
find_program(pkg_config NAMES pkg-config pkgconf)
if(NOT pkg_config)
    message("skipped: no pkg-config")
    return()
endif()
set(build "${SCRATCH}/pkg_config")
file(REMOVE_RECURSE "${build}")
file(COPY "${PREFIX}/" DESTINATION "${build}/moved")
# An xtensor of one's own comes before the system's.
set(path "${build}/moved/share/pkgconfig")
foreach(prefix IN LISTS PREFIX_PATH)
    string(APPEND path ":${prefix}/share/pkgconfig:${prefix}/lib/pkgconfig")
endforeach()
set(ENV{PKG_CONFIG_PATH} "${path}:$ENV{PKG_CONFIG_PATH}")

function(build_and_run package definition)
    execute_process(COMMAND "${pkg_config}" --print-errors --cflags --libs ${package} OUTPUT_VARIABLE flags
                    OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
    if(NOT flags MATCHES "moved/share/pkgconfig/[.][.]/[.][.]/include")
        message(FATAL_ERROR "${package}.pc does not move with the installation: ${flags}")
    endif()
    separate_arguments(flags UNIX_COMMAND "${FLAGS} ${flags}")
    execute_process(COMMAND "${COMPILER}" -std=c++20 ${definition} "${CMAKE_CURRENT_LIST_DIR}/consumer.cpp" -o
                            "${build}/${package}" ${flags} COMMAND_ERROR_IS_FATAL ANY)
    execute_process(COMMAND "${build}/${package}" COMMAND_ERROR_IS_FATAL ANY)
endfunction()
build_and_run(labelerrors-core "")
build_and_run(labelerrors "-DCONSUMER_OF_EVERYTHING")
