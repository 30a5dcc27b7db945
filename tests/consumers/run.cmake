# cmake -D CONSUMER=... [the arguments of consumers.cmake] -P run.cmake: configures, builds and runs the project of that
# name, from nothing. An archive of the library lies at hand for the one that fetches it.
set(build "${SCRATCH}/${CONSUMER}")
file(REMOVE_RECURSE "${build}")
set(archive "${build}/labelerrors.tar.gz")
if(CONSUMER STREQUAL "fetch_content")
    file(MAKE_DIRECTORY "${build}")
    execute_process(COMMAND "${CMAKE_COMMAND}" -E tar cz "${archive}" CMakeLists.txt LICENSE cmake include
                    WORKING_DIRECTORY "${REPOSITORY}" COMMAND_ERROR_IS_FATAL ANY)
endif()
# The generator expression keeps one that knows several configurations from making a folder of each.
execute_process(
    COMMAND "${CMAKE_COMMAND}" -S "${CMAKE_CURRENT_LIST_DIR}/${CONSUMER}" -B "${build}" -G "${GENERATOR}" -D
            "CMAKE_CXX_COMPILER=${COMPILER}" -D "CMAKE_CXX_FLAGS=${FLAGS}" -D
            "CMAKE_PREFIX_PATH=${PREFIX};${PREFIX_PATH}" -D "LABELERRORS_SOURCE_DIR=${REPOSITORY}" -D
            "CMAKE_RUNTIME_OUTPUT_DIRECTORY=$<1:${build}>" -D "README_DIR=${README_DIR}" -D
            "labelerrors_archive=file://${archive}" --no-warn-unused-cli
    COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${CMAKE_COMMAND}" --build "${build}" COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${build}/consumer" COMMAND_ERROR_IS_FATAL ANY)
