# Configures, builds and runs the project in SOURCE against the package in PAA_DIR, from nothing.

file(REMOVE_RECURSE "${BINARY}")
foreach(command IN ITEMS
    "${CMAKE_COMMAND};-S;${SOURCE};-B;${BINARY};-G;${GENERATOR};-Dpaa_DIR=${PAA_DIR};-DCMAKE_BUILD_TYPE=Release"
    "${CMAKE_COMMAND};--build;${BINARY}"
    "${BINARY}/consumer")
  execute_process(COMMAND ${command} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
