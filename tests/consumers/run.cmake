# cmake -D SOURCE=... -D BUILD=... -D PREFIX=... -D REPOSITORY=... -D COMPILER=... -D GENERATOR=... -D PREFIX_PATH=...
#       -P run.cmake: configures, builds and runs one consumer, from nothing.
file(REMOVE_RECURSE "${BUILD}")
execute_process(
    COMMAND "${CMAKE_COMMAND}" -S "${SOURCE}" -B "${BUILD}" -G "${GENERATOR}" -D "CMAKE_CXX_COMPILER=${COMPILER}"
            -D "CMAKE_PREFIX_PATH=${PREFIX};${PREFIX_PATH}" -D "LABELERRORS_SOURCE_DIR=${REPOSITORY}"
            --no-warn-unused-cli COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${CMAKE_COMMAND}" --build "${BUILD}" COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${BUILD}/consumer" COMMAND_ERROR_IS_FATAL ANY)
