# What our own executables are compiled with; never part of what a consumer gets.
add_library(labelerrors_warnings INTERFACE)
# Packagers, whose compiler may warn of more than ours do, turn CMake's own switch off.
set(labelerrors_as_errors -Werror)
if(DEFINED CMAKE_COMPILE_WARNING_AS_ERROR AND NOT CMAKE_COMPILE_WARNING_AS_ERROR)
    set(labelerrors_as_errors "")
endif()
target_compile_options(
    labelerrors_warnings
    INTERFACE
        -Wall
        -Wextra
        -Wpedantic
        -Wconversion
        -Wshadow
        ${labelerrors_as_errors}
        # xtensor 0.24's inlined loops set it off in g++'s optimiser, although its headers are system headers.
        $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release,RelWithDebInfo>>:-Wno-error=array-bounds>
        # A false alarm of g++ 12 in the standard library's own string concatenation (its bug 105651).
        $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>
        # With the sanitizers g++ takes the standard library's own members for uninitialised.
        $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Debug>>:-Wno-error=maybe-uninitialized>)

# What clang++ 19 and later need to compile xtensor before 0.26 (rows/xtensor.hpp says so to everyone else).
set(labelerrors_xtensor_flags "")
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 19
   AND xtensor_VERSION VERSION_LESS 0.26)
    set(labelerrors_xtensor_flags -fno-relaxed-template-template-args -Wno-deprecated-no-relaxed-template-template-args)
endif()
target_compile_options(labelerrors_warnings INTERFACE ${labelerrors_xtensor_flags})
