# cmake -D PROGRAM=... -D EXPECTED=... -P compare_output.cmake: runs the program and holds its output to a file.
execute_process(COMMAND "${PROGRAM}" OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
file(READ "${EXPECTED}" expected)
if(NOT output STREQUAL expected)
    message(FATAL_ERROR "${PROGRAM} printed\n${output}\ninstead of what ${EXPECTED} says:\n${expected}")
endif()
