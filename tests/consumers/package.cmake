# cmake -D BINARY_DIR=... [the arguments of consumers.cmake] -P package.cmake: holds what find_package says of a build
# directory, where nothing is installed, of an installation that has the core alone, and to a project that builds what the
# library depends on; and that no MPI is needed where there is none.
set(build "${SCRATCH}/package")
file(REMOVE_RECURSE "${build}")

# All the ways in which FindMPI looks for one.
set(ENV{PKG_CONFIG_LIBDIR} "${build}")
unset(ENV{PKG_CONFIG_PATH})
set(no_mpi -D MPI_SKIP_COMPILER_WRAPPER=ON -D MPI_SKIP_GUESSING=ON -D MPI_ASSUME_NO_BUILTIN_MPI=ON)
function(expect_found directory expected)
    execute_process(
        COMMAND "${CMAKE_COMMAND}" -S "${CMAKE_CURRENT_LIST_DIR}/package" -B "${build}/project" -G "${GENERATOR}" -D
                "CMAKE_CXX_COMPILER=${COMPILER}" -D "CMAKE_PREFIX_PATH=${PREFIX_PATH}" -D "labelerrors_DIR=${directory}"
                ${no_mpi} ${ARGN}
        OUTPUT_VARIABLE said COMMAND_ERROR_IS_FATAL ANY)
    if(NOT said MATCHES "${expected}")
        message(FATAL_ERROR "of ${directory} find_package does not say \"${expected}\":\n${said}")
    endif()
endfunction()

expect_found("${BINARY_DIR}" "found 1 mpi (0|FALSE) ")
file(COPY "${PREFIX}/share/cmake/labelerrors/" DESTINATION "${build}/core_alone")
file(REMOVE "${build}/core_alone/labelerrors-labelerrors.cmake")
expect_found("${build}/core_alone" "found 0 mpi  .*no component labelerrors, .*COMPONENTS core")
expect_found("${PREFIX}/share/cmake/labelerrors" "found 1 mpi (0|FALSE) " -D HAS_DEPENDENCIES=ON)

execute_process(COMMAND "${CMAKE_COMMAND}" -S "${REPOSITORY}" -B "${build}/library" -G "${GENERATOR}" -D
                        "CMAKE_CXX_COMPILER=${COMPILER}" -D "CMAKE_PREFIX_PATH=${PREFIX_PATH}" -D
                        LABELERRORS_BUILD_TESTS=OFF ${no_mpi} OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
file(STRINGS "${build}/library/CMakeCache.txt" chosen REGEX "^LABELERRORS_MPI:")
if(NOT chosen STREQUAL "LABELERRORS_MPI:BOOL=OFF")
    message(FATAL_ERROR "where there is no MPI the library is configured with ${chosen}")
endif()
