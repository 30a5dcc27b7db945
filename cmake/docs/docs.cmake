# The target `docs`: the reference from the docstrings, in build/<preset>/docs/html.
find_package(Doxygen QUIET)
if(DOXYGEN_FOUND)
    set(labelerrors_docs_dir "${PROJECT_BINARY_DIR}/docs")
    configure_file("${CMAKE_CURRENT_LIST_DIR}/Doxyfile.in" "${labelerrors_docs_dir}/Doxyfile" @ONLY)
    add_custom_target(docs COMMAND "${CMAKE_COMMAND}" -D "DOXYGEN=${DOXYGEN_EXECUTABLE}" -D "DIR=${labelerrors_docs_dir}"
                                   -P "${CMAKE_CURRENT_LIST_DIR}/run_doxygen.cmake" VERBATIM USES_TERMINAL
                      COMMENT "The reference goes to ${labelerrors_docs_dir}/html")
endif()
