# An overlay port: it builds the clone of labelerrors that it lies in.
#
#     vcpkg install labelerrors --overlay-ports=CLONE/cmake/packaging/vcpkg
get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../../../.." ABSOLUTE)

# Headers are the same for debug and release, and the program is wanted once.
set(VCPKG_BUILD_TYPE release)

vcpkg_check_features(OUT_FEATURE_OPTIONS features
    FEATURES
        program LABELERRORS_BUILD_EXAMPLES
    INVERTED_FEATURES
        complete CMAKE_DISABLE_FIND_PACKAGE_xtensor-blas  # without it there is labelerrors::core only
)

vcpkg_cmake_configure(
    SOURCE_PATH "${SOURCE_PATH}"
    OPTIONS
        ${features}
        -DLABELERRORS_ALL_EXAMPLES=OFF
        -DLABELERRORS_BUILD_TESTS=OFF
        -DLABELERRORS_BUILD_BENCHMARKS=OFF
        -DLABELERRORS_MPI=OFF
        -DCMAKE_COMPILE_WARNING_AS_ERROR=OFF
    MAYBE_UNUSED_VARIABLES
        LABELERRORS_ALL_EXAMPLES
        CMAKE_COMPILE_WARNING_AS_ERROR
)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH share/cmake/labelerrors)
file(MAKE_DIRECTORY "${CURRENT_PACKAGES_DIR}/lib")
file(RENAME "${CURRENT_PACKAGES_DIR}/share/pkgconfig" "${CURRENT_PACKAGES_DIR}/lib/pkgconfig")
# vcpkg's xtensor has no .pc file, and its headers lie where those of labelerrors do. Its lapack has one, which knows what
# static libraries need and in which order.
vcpkg_replace_string("${CURRENT_PACKAGES_DIR}/lib/pkgconfig/labelerrors-core.pc" "Requires: xtensor[^\n]*\n" "" REGEX)
if("complete" IN_LIST FEATURES)
    vcpkg_replace_string("${CURRENT_PACKAGES_DIR}/lib/pkgconfig/labelerrors.pc"
        "nlohmann_json\n.*" "nlohmann_json, lapack\n" REGEX)
endif()
vcpkg_fixup_pkgconfig()
if("program" IN_LIST FEATURES)
    vcpkg_copy_tools(TOOL_NAMES labelerrors AUTO_CLEAN)
endif()
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/share/doc")

if("complete" IN_LIST FEATURES)
    set(usage usage)
else()
    set(usage usage-core)
endif()
file(INSTALL "${CMAKE_CURRENT_LIST_DIR}/${usage}" DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}" RENAME usage)
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
