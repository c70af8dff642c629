# `cpack`: the installed tree as paa-VERSION-Linux.tar.gz and, where Debian's tools for packages are, as a Debian package.

set(CPACK_GENERATOR TGZ)
find_program(PAA_DPKG_SHLIBDEPS dpkg-shlibdeps)
find_program(PAA_FILE file)
mark_as_advanced(PAA_DPKG_SHLIBDEPS PAA_FILE)
if(PAA_DPKG_SHLIBDEPS AND PAA_FILE)  # what cpack makes Debian packages with
  list(APPEND CPACK_GENERATOR DEB)
endif()

set(CPACK_PACKAGE_NAME paa)
set(CPACK_PACKAGE_VENDOR "The paa maintainers")
set(CPACK_PACKAGE_CONTACT "The paa maintainers")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_DESCRIPTION "A C++ library with a C interface, its headers, and the command line paa.
It needs libtorch ${PAA_TORCH_VERSION}, which is no Debian package: it is looked for where it was when this
package was built (${PAA_TORCH_ROOT}/lib), and before that in the folders of the
variable LD_LIBRARY_PATH.")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_STRIP_FILES ON)
set(CPACK_THREADS 0)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION libdevel)
# Of the system's libraries; libtorch belongs to no package.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${PAA_TORCH_ROOT}/lib")
# To build against the package: what paaConfig.cmake and paa-cpp.pc look for.
set(builders_need nlohmann-json3-dev libfmt-dev libssl-dev libcurl4-openssl-dev libsentencepiece-dev libpcre2-dev
    libxgboost-dev pkg-config)
list(JOIN builders_need ", " CPACK_DEBIAN_PACKAGE_SUGGESTS)
include(CPack)
