# cmake -D DOXYGEN=... -D DIR=... -P run_doxygen.cmake: makes the reference, and fails on any warning but one: a field or
# a member function of a type that has a docstring may go by its name.
execute_process(COMMAND "${DOXYGEN}" "${DIR}/Doxyfile" COMMAND_ERROR_IS_FATAL ANY)
file(STRINGS "${DIR}/warnings.txt" warnings)
list(FILTER warnings EXCLUDE REGEX "Member .* [(](variable|function|typedef|friend|enumeration)[)] of (struct|class) .* is not documented[.]$")
if(warnings)
    list(JOIN warnings "\n" warnings)
    message(FATAL_ERROR "${warnings}")
endif()
