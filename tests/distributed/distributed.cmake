# Several processes against one: the cases of one executable, each of which runs on all processes that mpirun starts, and
# the program labelerrors-mpi, which is run as a user does.
add_library(labelerrors_tests_on_ranks OBJECT distributed/main.cpp)
target_link_libraries(labelerrors_tests_on_ranks PUBLIC labelerrors::labelerrors labelerrors::mpi doctest::doctest
                                                        nlohmann_json::nlohmann_json labelerrors_warnings)
target_include_directories(labelerrors_tests_on_ranks PUBLIC "${CMAKE_CURRENT_SOURCE_DIR}")
target_compile_definitions(labelerrors_tests_on_ranks PUBLIC LABELERRORS_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                                                             DOCTEST_CONFIG_VOID_CAST_EXPRESSIONS)
target_compile_options(labelerrors_tests_on_ranks PUBLIC $<$<CONFIG:Release>:-O1>)
file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/distributed/*.test.cpp")
list(FILTER sources EXCLUDE REGEX "/program\\.test\\.cpp$")
if(LABELERRORS_JOIN_SOURCES)
    join_tests(distributed 0 "${sources}" sources)
endif()
add_executable(labelerrors_tests_distributed ${sources})
target_link_libraries(labelerrors_tests_distributed PRIVATE labelerrors_tests_on_ranks)

# A machine may have fewer cores than there are ranks, and a container nobody but root.
set(environment
    OMPI_ALLOW_RUN_AS_ROOT=1
    OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
    OMPI_MCA_rmaps_base_oversubscribe=1
    OMPI_MCA_hwloc_base_binding_policy=none
    OMPI_MCA_mpi_yield_when_idle=1
    OMPI_MCA_btl_vader_single_copy_mechanism=none
    # The sanitizers take what MPI keeps until the end for leaks.
    ASAN_OPTIONS=detect_leaks=0)
foreach(ranks RANGE 1 4)
    foreach(part cases reference)
        set(test "distributed/${ranks} ranks: ${part}")
        # What needs the reference's outputs is a test of its own, for it is skipped where they are absent.
        if(part STREQUAL "reference")
            set(filter "--test-case=*reference outputs*")
        else()
            set(filter "--test-case-exclude=*reference outputs*")
        endif()
        add_test(NAME "${test}"
                 COMMAND "${MPIEXEC_EXECUTABLE}" "${MPIEXEC_NUMPROC_FLAG}" ${ranks} ${MPIEXEC_PREFLAGS}
                         "$<TARGET_FILE:labelerrors_tests_distributed>" ${MPIEXEC_POSTFLAGS} "${filter}")
        set_tests_properties("${test}" PROPERTIES ENVIRONMENT "${environment}" PROCESSORS ${ranks} TIMEOUT 900
                             SKIP_REGULAR_EXPRESSION "skipped: " FAIL_REGULAR_EXPRESSION "test cases: *0 [|]")
    endforeach()
endforeach()

if(TARGET labelerrors_mpi_program AND TARGET labelerrors_program)
    # A property of a discovered test holds no list: what starts mpirun says it instead.
    list(JOIN environment " " settings)
    add_executable(labelerrors_tests_distributed_program distributed/program.test.cpp)
    target_link_libraries(labelerrors_tests_distributed_program PRIVATE labelerrors_tests_main)
    target_compile_options(labelerrors_tests_distributed_program PRIVATE $<$<CONFIG:Release>:-O1>)
    target_compile_definitions(
        labelerrors_tests_distributed_program
        PRIVATE LABELERRORS_MPI_PROGRAM="$<TARGET_FILE:labelerrors_mpi_program>"
                LABELERRORS_TESTS_ON_RANKS="$<TARGET_FILE:labelerrors_tests_distributed>"
                LABELERRORS_MPIRUN="env ${settings} ${MPIEXEC_EXECUTABLE} ${MPIEXEC_NUMPROC_FLAG}")
    add_dependencies(labelerrors_tests_distributed_program labelerrors_mpi_program labelerrors_program
                     labelerrors_tests_distributed)
    doctest_discover_tests(labelerrors_tests_distributed_program TEST_PREFIX "distributed/" PROPERTIES
                           PROCESSORS 4 TIMEOUT 600
                           SKIP_REGULAR_EXPRESSION "skipped: " FAIL_REGULAR_EXPRESSION "test cases: *0 [|]")
endif()
