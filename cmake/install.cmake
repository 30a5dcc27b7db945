include(CMakePackageConfigHelpers)

# Headers and what describes them are the same for all architectures: share, not lib.
set(package_dir "${CMAKE_INSTALL_DATADIR}/cmake/labelerrors")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/labelerrors" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
        COMPONENT development FILES_MATCHING PATTERN "*.hpp")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT license)

# One export for each component, so that a consumer of `core` need not have what only the rest depends on. What is built
# need not be installed to be found: labelerrors_DIR may be the build directory.
foreach(component IN ITEMS core mpi labelerrors)
    set(built_package "${PROJECT_BINARY_DIR}/labelerrors-${component}.cmake")
    if(TARGET labelerrors_${component})
        install(TARGETS labelerrors_${component} EXPORT labelerrors_${component})
        install(EXPORT labelerrors_${component} NAMESPACE labelerrors:: FILE labelerrors-${component}.cmake
                DESTINATION "${package_dir}" COMPONENT development)
        export(EXPORT labelerrors_${component} NAMESPACE labelerrors:: FILE "${built_package}")
    else()
        # One that was complete before would still be found.
        file(REMOVE "${built_package}")
    endif()
endforeach()
if(TARGET labelerrors_program)
    install(TARGETS labelerrors_program RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT program)
endif()
if(TARGET labelerrors_mpi_program)
    install(TARGETS labelerrors_mpi_program RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT mpi_program)
endif()

configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/labelerrorsConfig.cmake.in"
                              "${PROJECT_BINARY_DIR}/labelerrorsConfig.cmake" INSTALL_DESTINATION "${package_dir}"
                              NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/labelerrorsConfigVersion.cmake"
                                 COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES "${PROJECT_BINARY_DIR}/labelerrorsConfig.cmake" "${PROJECT_BINARY_DIR}/labelerrorsConfigVersion.cmake"
        DESTINATION "${package_dir}" COMPONENT development)
include("${CMAKE_CURRENT_LIST_DIR}/packaging/pkgconfig.cmake")
if(labelerrors_top_level)
    include("${CMAKE_CURRENT_LIST_DIR}/packaging/debian.cmake")
endif()
