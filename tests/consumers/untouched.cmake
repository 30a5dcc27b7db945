# Holds that the library changed nothing of the project that uses it. The consumers set none of these.
foreach(variable CMAKE_BUILD_TYPE CMAKE_CXX_STANDARD CMAKE_CXX_EXTENSIONS CMAKE_CXX_FLAGS BUILD_TESTING
                 CMAKE_INTERPROCEDURAL_OPTIMIZATION CMAKE_POSITION_INDEPENDENT_CODE)
    if(NOT "${${variable}}" STREQUAL "")
        message(FATAL_ERROR "labelerrors set ${variable} to ${${variable}} in its consumer")
    endif()
endforeach()
foreach(property COMPILE_OPTIONS COMPILE_DEFINITIONS INCLUDE_DIRECTORIES LINK_OPTIONS)
    get_directory_property(value ${property})
    if(NOT "${value}" STREQUAL "")
        message(FATAL_ERROR "labelerrors set ${property} to ${value} in its consumer")
    endif()
endforeach()
