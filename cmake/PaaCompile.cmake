# How every target of the project is compiled: standard, warnings, sanitizers, ccache.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 99)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(PAA_CCACHE ccache)
if(PAA_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # ccache cannot see into a precompiled header without this sloppiness; the compilers check its content themselves.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${PAA_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_CXX_COMPILER_LAUNCHER})
endif()

if(PAA_SANITIZE)
  add_compile_options(-fsanitize=${PAA_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${PAA_SANITIZE})
endif()

# Warnings for our own targets only, never for those who consume them.
add_library(paa_warnings INTERFACE)
target_compile_options(paa_warnings INTERFACE -Wall -Wextra -Wpedantic
    $<$<COMPILE_LANGUAGE:CXX>:-Wshadow=local -Wnon-virtual-dtor>
    $<$<BOOL:${PAA_WARNINGS_AS_ERRORS}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 warns wrongly about its own std::string and std::vector where it inlines them, more so under sanitizers.
  target_compile_options(paa_warnings INTERFACE
      $<$<COMPILE_LANGUAGE:CXX>:-Wno-stringop-overflow -Wno-array-bounds -Wno-restrict>)
  if(PAA_SANITIZE)
    target_compile_options(paa_warnings INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-uninitialized -Wno-maybe-uninitialized>)
  endif()
endif()
