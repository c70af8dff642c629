# The installed tree must outlive the build tree: its programs run, and nothing in it names the build tree.

execute_process(COMMAND "${PREFIX}/bin/paa" --version COMMAND_ERROR_IS_FATAL ANY OUTPUT_VARIABLE version)
if(NOT version MATCHES "${VERSION}")
  message(FATAL_ERROR "paa --version says \"${version}\", expected ${VERSION}")
endif()
file(GLOB files "${PREFIX}/bin/paa" "${PREFIX}/${LIBDIR}/libpaa*.so" "${PREFIX}/${LIBDIR}/cmake/paa/*"
     "${PREFIX}/${LIBDIR}/pkgconfig/*")
list(LENGTH files count)
if(count LESS 8)
  message(FATAL_ERROR "too few files in ${PREFIX}: ${files}")
endif()
string(REGEX REPLACE "([][+.*^$()|?])" "\\\\\\1" build_tree "${BUILD_TREE}")
foreach(file IN LISTS files)
  file(STRINGS "${file}" found REGEX "${build_tree}" LIMIT_COUNT 1)
  if(found)
    message(FATAL_ERROR "${file} names the build tree: ${found}")
  endif()
endforeach()
