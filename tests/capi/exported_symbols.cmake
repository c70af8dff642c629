# cmake -DNM=... -DLIBRARY=... -DHEADER=... -DEXPECTED=... -P exported_symbols.cmake
# The functions that paa.h declares, the committed list and what the library exports are the same.
file(STRINGS "${EXPECTED}" expected)

file(STRINGS "${HEADER}" lines REGEX "^PAA_API ")
set(declared "")
foreach(line IN LISTS lines)
  string(REGEX MATCH "(paa_[a-z0-9_]+)\\(" _ "${line}")
  list(APPEND declared "${CMAKE_MATCH_1}")
endforeach()
list(SORT declared)

execute_process(COMMAND "${NM}" --dynamic --defined-only "${LIBRARY}" OUTPUT_VARIABLE symbols
                COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE "\n" ";" symbols "${symbols}")
set(exported "")
foreach(symbol IN LISTS symbols)
  # "0000000000001234 T paa_version@@PAA_0"; the version itself stands there as an absolute symbol (A).
  if(symbol MATCHES "^[0-9a-f]+ [^A] ([^@]+)")
    list(APPEND exported "${CMAKE_MATCH_1}")
  endif()
endforeach()
list(SORT exported)

foreach(list declared exported)
  if(NOT "${${list}}" STREQUAL "${expected}")
    set(extra "${${list}}")
    list(REMOVE_ITEM extra ${expected})
    set(missing "${expected}")
    list(REMOVE_ITEM missing ${${list}})
    message(FATAL_ERROR "${EXPECTED} is sorted and names the ${list} functions, but\n"
                        "  not in it: ${extra}\n  only in it: ${missing}")
  endif()
endforeach()
