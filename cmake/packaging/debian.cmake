# `cpack -G DEB` in the build directory makes three packages: liblabelerrors-dev, the headers, for all architectures, and
# the programs that are built, labelerrors and labelerrors-mpi. What only they hold is in components that
# `cmake --install` leaves out.
function(labelerrors_debian_documents package component)
    install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/${package}" RENAME copyright
            COMPONENT ${component} EXCLUDE_FROM_ALL)
    install(FILES "${PROJECT_BINARY_DIR}/debian/changelog.gz" DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/${package}"
            COMPONENT ${component} EXCLUDE_FROM_ALL)
endfunction()

string(TIMESTAMP labelerrors_date "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/debian/changelog" @ONLY
     CONTENT "labelerrors (@PROJECT_VERSION@) unstable; urgency=medium

  * CHANGELOG.md in the source says what changed.

 -- the labelerrors authors <labelerrors@localhost>  @labelerrors_date@
")
file(ARCHIVE_CREATE OUTPUT "${PROJECT_BINARY_DIR}/debian/changelog.gz" PATHS "${PROJECT_BINARY_DIR}/debian/changelog"
     FORMAT raw COMPRESSION GZip COMPRESSION_LEVEL 9)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME labelerrors)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "label errors by confident learning")
set(CPACK_PACKAGE_VENDOR "the labelerrors authors")
set(CPACK_PACKAGE_CONTACT "the labelerrors authors <labelerrors@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX "/usr")
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_STRIP_FILES ON)
set(CPACK_PRE_BUILD_SCRIPTS "${CMAKE_CURRENT_LIST_DIR}/readable_directories.cmake")
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_COMPONENTS_ALL development debian_development)

labelerrors_debian_documents(liblabelerrors-dev debian_development)
set(CPACK_COMPONENT_DEVELOPMENT_GROUP headers)
set(CPACK_COMPONENT_DEBIAN_DEVELOPMENT_GROUP headers)
set(CPACK_DEBIAN_HEADERS_PACKAGE_NAME liblabelerrors-dev)
set(CPACK_DEBIAN_HEADERS_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_HEADERS_PACKAGE_SECTION libdevel)
# BLAS is the one that the .pc file names.
set(CPACK_DEBIAN_HEADERS_PACKAGE_DEPENDS
    "libxtensor-dev (>= 0.24), libxtensor-blas-dev, libopenblas-dev, zlib1g-dev, nlohmann-json3-dev")
set(CPACK_DEBIAN_HEADERS_DESCRIPTION "The headers, and what CMake and pkg-config need to find them. They ask the
compiler for C++20.")

# A package for the component of a program, which is named as the program is.
macro(labelerrors_debian_program package component description)
    string(TOUPPER "${component}" upper)
    list(APPEND CPACK_COMPONENTS_ALL ${component} debian_${component})
    labelerrors_debian_documents(${package} debian_${component})
    set(CPACK_COMPONENT_${upper}_GROUP ${component}_command)
    set(CPACK_COMPONENT_DEBIAN_${upper}_GROUP ${component}_command)
    set(CPACK_DEBIAN_${upper}_COMMAND_PACKAGE_NAME ${package})
    set(CPACK_DEBIAN_${upper}_COMMAND_PACKAGE_SECTION science)
    set(CPACK_DEBIAN_${upper}_COMMAND_PACKAGE_SHLIBDEPS ON)
    set(CPACK_DEBIAN_${upper}_COMMAND_DESCRIPTION "${description}")
endmacro()

if(TARGET labelerrors_program)
    labelerrors_debian_program(labelerrors program
                               "The command-line program: it finds label errors from labels and
predicted probabilities, ranks them, shows them and corrects them.")
endif()
if(TARGET labelerrors_mpi_program)
    labelerrors_debian_program(labelerrors-mpi mpi_program
                               "The command-line program for rows on many machines: started by mpirun,
it finds, scores and counts label errors.")
    set(CPACK_DEBIAN_MPI_PROGRAM_COMMAND_PACKAGE_RECOMMENDS openmpi-bin)
endif()
include(CPack)
