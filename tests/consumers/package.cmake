# cmake -D BINARY_DIR=... [the arguments of consumers.cmake] -P package.cmake: holds what find_package says of a build
# directory, where nothing is installed, and of an installation that has the core alone.
set(build "${SCRATCH}/package")
file(REMOVE_RECURSE "${build}")

function(expect_found directory expected)
    execute_process(
        COMMAND "${CMAKE_COMMAND}" -S "${CMAKE_CURRENT_LIST_DIR}/package" -B "${build}/project" -G "${GENERATOR}" -D
                "CMAKE_CXX_COMPILER=${COMPILER}" -D "CMAKE_PREFIX_PATH=${PREFIX_PATH}" -D "labelerrors_DIR=${directory}"
        OUTPUT_VARIABLE said COMMAND_ERROR_IS_FATAL ANY)
    if(NOT said MATCHES "${expected}")
        message(FATAL_ERROR "of ${directory} find_package does not say \"${expected}\":\n${said}")
    endif()
endfunction()

expect_found("${BINARY_DIR}" "found 1")
file(COPY "${PREFIX}/share/cmake/labelerrors/" DESTINATION "${build}/core_alone")
file(REMOVE "${build}/core_alone/labelerrors-labelerrors.cmake")
expect_found("${build}/core_alone" "found 0 .*no component labelerrors, .*COMPONENTS core")
