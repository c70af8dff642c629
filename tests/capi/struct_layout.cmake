# cmake -DPROGRAM=... -DEXPECTED=... -P struct_layout.cmake
# The structs of paa.h lie in memory as callers were compiled.
execute_process(COMMAND "${PROGRAM}" OUTPUT_VARIABLE found COMMAND_ERROR_IS_FATAL ANY)
file(READ "${EXPECTED}" expected)
if(NOT found STREQUAL expected)
  message(FATAL_ERROR "The layout of a struct has changed. Compiled callers break unless fields were only added at the "
                      "end of a struct; then update ${EXPECTED}. It is now:\n${found}")
endif()
