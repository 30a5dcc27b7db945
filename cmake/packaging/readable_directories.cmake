# Run by cpack before it packs: who installs a package is not who made it. CMake makes directories by the maker's umask, and
# CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS cannot give what the umask takes.
file(CHMOD_RECURSE "${CPACK_TEMPORARY_INSTALL_DIRECTORY}"
     DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
