# labelerrors::mpi: core on several machines. MPI is looked for where labelerrors is the project that is being built, or
# where LABELERRORS_MPI says so; nobody else needs it.
if(labelerrors_top_level AND (NOT DEFINED LABELERRORS_MPI OR LABELERRORS_MPI))
    # The headers of the C++ bindings that MPI once had do not compile without warnings.
    set(MPI_CXX_SKIP_MPICXX ON)
    find_package(MPI QUIET COMPONENTS CXX)
endif()
# Not by the target, which FindMPI makes of nothing, too.
if(labelerrors_top_level AND MPI_CXX_FOUND)
    set(labelerrors_mpi_default ON)
else()
    set(labelerrors_mpi_default OFF)
endif()
# Minutes of compiling and running; the preset release-gcc leaves them out, .ci/run has them done by clang++.
option(LABELERRORS_MPI "Build the program and the tests of labelerrors that need MPI" ${labelerrors_mpi_default})
if(LABELERRORS_MPI AND NOT MPI_CXX_FOUND)
    set(MPI_CXX_SKIP_MPICXX ON)
    find_package(MPI REQUIRED COMPONENTS CXX)
endif()

# Installed whether there is an MPI here or not: it is the consumer's that counts.
add_library(labelerrors_mpi INTERFACE)
set_target_properties(labelerrors_mpi PROPERTIES EXPORT_NAME mpi)
target_link_libraries(labelerrors_mpi INTERFACE labelerrors_core MPI::MPI_CXX)
if(TARGET MPI::MPI_CXX)
    add_library(labelerrors::mpi ALIAS labelerrors_mpi)
endif()
