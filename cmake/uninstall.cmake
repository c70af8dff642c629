# The target `uninstall`: takes away the files that an installation from this build tree put under DESTDIR and prefix,
# and the folders that it made, if nothing else is in them. The prefix is the configured one, or that in the variable
# PREFIX.

set(prefix "${CONFIGURED_PREFIX}")
if(NOT "$ENV{PREFIX}" STREQUAL "")
  get_filename_component(prefix "$ENV{PREFIX}" ABSOLUTE)
endif()
set(root "$ENV{DESTDIR}${prefix}")
string(REGEX REPLACE "/$" "" root "${root}")
string(SHA256 name "${root}")
set(record "${RECORDS}/${name}.txt")

if(NOT EXISTS "${record}")
  set(message "Nothing that this build tree installed is under ${root}.")
  file(GLOB others "${RECORDS}/*.txt")
  foreach(other IN LISTS others)
    file(STRINGS "${other}" line REGEX "^root " LIMIT_COUNT 1)
    string(REGEX REPLACE "^root " "\n  " line "${line}")
    string(APPEND installed "${line}")
  endforeach()
  if(installed)
    string(APPEND message " It did install under:${installed}\nTo take one of these away, set PREFIX (and DESTDIR, if it "
           "was set then) and run this again.")
  endif()
  message(FATAL_ERROR "${message}")
endif()

# The lines of one kind, without the word in front.
function(read_record kind out)
  file(STRINGS "${record}" lines REGEX "^${kind} ")
  list(TRANSFORM lines REPLACE "^${kind} " "")
  set(${out} "${lines}" PARENT_SCOPE)
endfunction()

read_record(file files)
set(removed 0)
foreach(file IN LISTS files)
  if(EXISTS "${file}" OR IS_SYMLINK "${file}")
    file(REMOVE "${file}")
    if(EXISTS "${file}" OR IS_SYMLINK "${file}")
      message(FATAL_ERROR "${file} could not be removed. Run this as the user who installed it.")
    endif()
    math(EXPR removed "${removed} + 1")
  endif()
endforeach()

read_record(folder folders)
list(SORT folders ORDER DESCENDING)  # what is inside comes first
set(kept "")
foreach(folder IN LISTS folders)
  if(IS_DIRECTORY "${folder}")
    execute_process(COMMAND rmdir "${folder}" RESULT_VARIABLE status ERROR_QUIET)  # refuses a folder that is not empty
    if(NOT status EQUAL 0)
      string(APPEND kept "\n  ${folder}")
    endif()
  endif()
endforeach()
file(REMOVE "${record}")

message(STATUS "${removed} files removed from ${root}")
if(kept)
  message(STATUS "Left, because other files are in them:${kept}")
endif()
