# cmake -D COMPILER=... -D INCLUDE=... -D SCRATCH=... -P refused_flags.cmake: flags that would change what the library
# answers, and an earlier standard, are refused by the preprocessor, with a message that names them, and others are not.
file(WRITE "${SCRATCH}/refused_flags.cpp" "#include <labelerrors/concepts.hpp>\n")
function(check expected)
    execute_process(COMMAND "${COMPILER}" -std=c++20 "-I${INCLUDE}" ${ARGN} -E "${SCRATCH}/refused_flags.cpp"
                    RESULT_VARIABLE status OUTPUT_QUIET ERROR_VARIABLE errors)
    if(expected STREQUAL "")
        if(NOT status EQUAL 0)
            message(FATAL_ERROR "${ARGN} is refused:\n${errors}")
        endif()
    elseif(status EQUAL 0 OR NOT errors MATCHES "labelerrors must be compiled ${expected}")
        message(FATAL_ERROR "${ARGN} is not refused with a message that says \"${expected}\":\n${errors}")
    endif()
endfunction()

execute_process(COMMAND "${COMPILER}" --version OUTPUT_VARIABLE version COMMAND_ERROR_IS_FATAL ANY)
check("without -ffast-math" -ffast-math)
check("without -ffast-math" -O3 -ffinite-math-only)
check("without -ffast-math" -Ofast)
check("with exceptions" -fno-exceptions)
check("as C..20 or later" -std=c++17)
if(NOT version MATCHES "clang")
    # clang++ tells of neither.
    check("without -fassociative-math" -funsafe-math-optimizations)
    check("without -fassociative-math" -ffast-math -fno-finite-math-only)
endif()
foreach(allowed -O0 -O3 -Os -DNDEBUG -funsigned-char -fno-math-errno -march=native -std=c++2b)
    check("" "${allowed}")
endforeach()
