# What `cmake --install` brings, and the package that find_package(paa) reads: from the install tree, and from the build
# tree without installing. Two export sets, because the C library needs no Torch to be found or compiled against.

if(NOT PAA_WITH_TORCH)
  return()  # without the models there is no library to install
endif()
include(CMakePackageConfigHelpers)
set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/paa")

# Where things go; the record adds the folders of include/.
set(PAA_INSTALL_FOLDERS "${CMAKE_INSTALL_BINDIR}" "${package_folder}" "${CMAKE_INSTALL_LIBDIR}/pkgconfig"
    "${CMAKE_INSTALL_DOCDIR}")
set(PAA_INSTALL_RECORDS "${PROJECT_BINARY_DIR}/installed")
configure_file("${CMAKE_CURRENT_LIST_DIR}/install_record.cmake.in" "${PROJECT_BINARY_DIR}/install_record.cmake" @ONLY)
install(CODE "include(\"${PROJECT_BINARY_DIR}/install_record.cmake\")\npaa_begin_record()")

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

# --- find_package(paa) ---

get_target_property(kind paa TYPE)
set(PAA_STATIC OFF)
if(kind STREQUAL "STATIC_LIBRARY")
  set(PAA_STATIC ON)
endif()
# What those who link a static libpaa need as well: pkg-config's names.
set(PAA_NEEDED_MODULES "sentencepiece libpcre2-8")
set(PAA_WITH_XGBOOST OFF)
if(PAA_XGBOOST_FOUND)
  set(PAA_WITH_XGBOOST ON)
  string(APPEND PAA_NEEDED_MODULES " xgboost")
endif()
configure_file("${CMAKE_CURRENT_LIST_DIR}/paaConfig.cmake.in" "${PROJECT_BINARY_DIR}/paaConfig.cmake" @ONLY)
configure_file("${CMAKE_CURRENT_LIST_DIR}/PaaTorch.cmake" "${PROJECT_BINARY_DIR}/PaaTorch.cmake" COPYONLY)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/paaConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/paaConfig.cmake" "${PROJECT_BINARY_DIR}/paaConfigVersion.cmake"
              "${CMAKE_CURRENT_LIST_DIR}/PaaTorch.cmake" DESTINATION "${package_folder}")
foreach(set paaTargets paaCapiTargets)
  install(EXPORT ${set} NAMESPACE paa:: DESTINATION "${package_folder}")
  export(EXPORT ${set} NAMESPACE paa:: FILE "${PROJECT_BINARY_DIR}/${set}.cmake")
endforeach()

# --- pkg-config ---

# Relative, so that `cmake --install --prefix` and moved trees keep it right.
file(RELATIVE_PATH pc_to_prefix "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
string(REGEX REPLACE "/$" "" pc_to_prefix "${pc_to_prefix}")
# Not in Requires.private and Libs.private: those are for --static, which would want static libraries of all the others.
set(pc_requires "")
set(pc_libs "")
if(PAA_STATIC)
  set(pc_requires "${PAA_NEEDED_MODULES} libcurl libcrypto")
  get_target_property(torch_libraries paa::torch INTERFACE_LINK_LIBRARIES)
  list(JOIN torch_libraries " " pc_libs)
  string(APPEND pc_libs " -Wl,-rpath,${PAA_TORCH_ROOT}/lib -pthread")
endif()
foreach(module paa paa-cpp)
  configure_file("${CMAKE_CURRENT_LIST_DIR}/${module}.pc.in" "${PROJECT_BINARY_DIR}/${module}.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/${module}.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endforeach()

# --- packing and taking away ---

include(PaaPack)
install(CODE "paa_end_record()")
add_custom_target(uninstall
    COMMAND ${CMAKE_COMMAND} "-DRECORDS=${PAA_INSTALL_RECORDS}" "-DCONFIGURED_PREFIX=${CMAKE_INSTALL_PREFIX}"
            -P "${PROJECT_SOURCE_DIR}/cmake/uninstall.cmake"
    VERBATIM)
