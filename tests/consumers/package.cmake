# cmake -D BINARY_DIR=... [the arguments of consumers.cmake] -P package.cmake: holds what find_package says of a build
# directory, where nothing is installed, of one that has the core alone, without BLAS, and to a project that builds what the
# library depends on; and that no MPI is needed where there is none, and no BLAS for the core.
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
                ${no_mpi} ${ARGN} --no-warn-unused-cli
        OUTPUT_VARIABLE said COMMAND_ERROR_IS_FATAL ANY)
    if(NOT said MATCHES "${expected}")
        message(FATAL_ERROR "of ${directory} find_package does not say \"${expected}\":\n${said}")
    endif()
endfunction()

function(configure_library result)
    execute_process(COMMAND "${CMAKE_COMMAND}" -S "${REPOSITORY}" -B "${build}/library" -G "${GENERATOR}" -D
                            "CMAKE_CXX_COMPILER=${COMPILER}" -D "CMAKE_PREFIX_PATH=${PREFIX_PATH}" -D
                            LABELERRORS_BUILD_TESTS=OFF ${no_mpi} ${ARGN} OUTPUT_VARIABLE said ERROR_VARIABLE said
                    RESULT_VARIABLE status)
    string(REGEX REPLACE "[ \n]+" " " said "${said}")
    set(${result} "${status}: ${said}" PARENT_SCOPE)
endfunction()

# FindBLAS knows no such vendor.
set(no_blas -D BLA_VENDOR=nobody)
set(installed "${PREFIX}/share/cmake/labelerrors")
expect_found("${installed}" "found 0 mpi .*dependency LAPACK could not be found" ${no_blas})
expect_found("${BINARY_DIR}" "found 1 mpi (0|FALSE) " -D BLA_VENDOR=All)
expect_found("${installed}" "found 1 mpi (0|FALSE) " -D HAS_DEPENDENCIES=ON)

configure_library(said)
if(NOT said MATCHES "^0: ")
    message(FATAL_ERROR "where there is no MPI the library is not configured: ${said}")
endif()
file(STRINGS "${build}/library/CMakeCache.txt" chosen REGEX "^LABELERRORS_MPI:")
if(NOT chosen STREQUAL "LABELERRORS_MPI:BOOL=OFF")
    message(FATAL_ERROR "where there is no MPI the library is configured with ${chosen}")
endif()
configure_library(said ${no_blas})
if(NOT said MATCHES "^1: .*not found here: xtensor-blas with BLAS and LAPACK[.] .*LABELERRORS_BUILD_EXAMPLES=OFF")
    message(FATAL_ERROR "where there is no BLAS the examples do not say so: ${said}")
endif()
configure_library(said ${no_blas} -D LABELERRORS_BUILD_EXAMPLES=OFF -D LABELERRORS_BUILD_BENCHMARKS=OFF)
if(NOT said MATCHES "^0: .*core only, without xtensor-blas with BLAS and LAPACK ")
    message(FATAL_ERROR "where there is no BLAS there is no core: ${said}")
endif()
expect_found("${build}/library" "found 0 mpi  .*no component labelerrors, .*COMPONENTS core")
