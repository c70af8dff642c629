# What `cmake --install` brings, and the package that find_package(paa) reads: from the install tree, and from the build
# tree without installing. Two export sets, because the C library needs no Torch to be found or compiled against.

if(NOT PAA_WITH_TORCH)
  return()  # without the models there is no library to install
endif()
include(CMakePackageConfigHelpers)
set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/paa")

# --- files ---

set(programs paa paa_capi)
if(TARGET paa_cli)
  list(APPEND programs paa_cli)
  install(TARGETS paa_cli RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()
# libtorch is found where it was at build time; a RUNPATH, so that LD_LIBRARY_PATH may name another.
set_target_properties(${programs} PROPERTIES
    INSTALL_RPATH "$ORIGIN;$ORIGIN/../${CMAKE_INSTALL_LIBDIR};${PAA_TORCH_ROOT}/lib")

install(TARGETS paa paa_nn EXPORT paaTargets)
install(TARGETS paa_capi EXPORT paaCapiTargets)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/paa" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
        FILES_MATCHING PATTERN "*.h")
install(FILES "${PROJECT_BINARY_DIR}/include/paa/core/version.h" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/paa/core")
install(FILES "${PROJECT_SOURCE_DIR}/capi/paa.h" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")

# Relative, so that `cmake --install --prefix` and moved trees keep it right.
file(RELATIVE_PATH pc_to_prefix "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
configure_file("${CMAKE_CURRENT_LIST_DIR}/paa.pc.in" "${PROJECT_BINARY_DIR}/paa.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/paa.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")

# --- find_package(paa) ---

configure_file("${CMAKE_CURRENT_LIST_DIR}/paaConfig.cmake.in" "${PROJECT_BINARY_DIR}/paaConfig.cmake" @ONLY)
configure_file("${CMAKE_CURRENT_LIST_DIR}/PaaTorch.cmake" "${PROJECT_BINARY_DIR}/PaaTorch.cmake" COPYONLY)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/paaConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/paaConfig.cmake" "${PROJECT_BINARY_DIR}/paaConfigVersion.cmake"
              "${CMAKE_CURRENT_LIST_DIR}/PaaTorch.cmake" DESTINATION "${package_folder}")
foreach(set paaTargets paaCapiTargets)
  install(EXPORT ${set} NAMESPACE paa:: DESTINATION "${package_folder}")
  export(EXPORT ${set} NAMESPACE paa:: FILE "${PROJECT_BINARY_DIR}/${set}.cmake")
endforeach()
