# The target `docs`: the API reference, as HTML in reference/html of the build tree. Only where Doxygen is installed.

find_package(Doxygen 1.9.4 QUIET)
if(NOT DOXYGEN_FOUND)
  message(STATUS "Doxygen not found: no target docs, and the test structure_documented is left out")
  return()
endif()
set(PAA_DOXYFILE "${PROJECT_BINARY_DIR}/Doxyfile")
configure_file("${CMAKE_CURRENT_LIST_DIR}/Doxyfile.in" "${PAA_DOXYFILE}" @ONLY)
add_custom_target(docs
    COMMAND "${DOXYGEN_EXECUTABLE}" "${PAA_DOXYFILE}"
    COMMAND ${CMAKE_COMMAND} -E echo "The reference begins at ${PROJECT_BINARY_DIR}/reference/html/index.html"
    COMMENT "Writing the API reference"
    VERBATIM)
