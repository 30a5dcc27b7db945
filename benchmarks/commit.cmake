# cmake -D GIT=... -D REPOSITORY=... -D HEADER=... -P commit.cmake: has a header say which commit the repository is at.
set(commit "")
if(GIT)
    execute_process(COMMAND "${GIT}" -C "${REPOSITORY}" describe --always --dirty OUTPUT_VARIABLE commit
                    OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
if(commit STREQUAL "")
    set(commit "unknown")
endif()
file(CONFIGURE OUTPUT "${HEADER}" CONTENT "inline constexpr char benchmarked_commit[] = \"${commit}\";\n" @ONLY)
