# Small projects that use the library as others do: installed, whole or its core, and as a subdirectory.
set(scratch "${CMAKE_CURRENT_BINARY_DIR}/consumers")
add_test(NAME "consumers/the library installs"
         COMMAND "${CMAKE_COMMAND}" --install "${PROJECT_BINARY_DIR}" --prefix "${scratch}/prefix")
set_tests_properties("consumers/the library installs" PROPERTIES FIXTURES_SETUP labelerrors_installed)
foreach(consumer installed_core installed subdirectory)
    add_test(NAME "consumers/${consumer} configures, builds and runs"
             COMMAND
                 "${CMAKE_COMMAND}" -D "SOURCE=${CMAKE_CURRENT_SOURCE_DIR}/consumers/${consumer}"
                 -D "BUILD=${scratch}/${consumer}" -D "PREFIX=${scratch}/prefix"
                 -D "REPOSITORY=${PROJECT_SOURCE_DIR}" -D "COMPILER=${CMAKE_CXX_COMPILER}"
                 -D "GENERATOR=${CMAKE_GENERATOR}" -D "PREFIX_PATH=${CMAKE_PREFIX_PATH}" -P
                 "${CMAKE_CURRENT_SOURCE_DIR}/consumers/run.cmake")
    set_tests_properties("consumers/${consumer} configures, builds and runs"
                         PROPERTIES FIXTURES_REQUIRED labelerrors_installed)
endforeach()
