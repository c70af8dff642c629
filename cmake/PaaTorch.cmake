# Finds libtorch >= 2.4 and defines paa::torch. Looked up in this order: Torch_DIR, CMAKE_PREFIX_PATH, the libtorch found
# before (PAA_TORCH_ROOT), the torch package of the python3 on the path, the virtual environment of examples/setup.sh.
#
# The target is our own: the config of a CUDA wheel asks for a CUDA toolkit, which only those who compile CUDA need, and
# any wheel's config may pick the libc10 of a libtorch that the distribution has installed beside it.
#
# Sets PAA_TORCH_ROOT (the folder that holds include/ and lib/; in the cache) and PAA_TORCH_VERSION.
# Read from the installed package too: there, what is wrong is reported through paa_FOUND. As a script
# (cmake -P cmake/PaaTorch.cmake) it only says what it finds; examples/setup.sh asks that way.

set(PAA_TORCH_MIN_VERSION 2.4)

# Says in `out` why `root` cannot be used, "" if it can, "absent" if there is no libtorch at all; the version in `out`_VERSION.
function(paa_check_torch root out)
  set(${out} "absent" PARENT_SCOPE)
  set(header "")
  foreach(candidate include/torch/headeronly/version.h include/torch/csrc/api/include/torch/version.h)
    if(EXISTS "${root}/${candidate}")
      file(STRINGS "${root}/${candidate}" lines REGEX "define TORCH_VERSION_(MAJOR|MINOR|PATCH) ")
      if(lines)
        set(header "${lines}")
        break()
      endif()
    endif()
  endforeach()
  if(NOT header OR NOT EXISTS "${root}/lib/libtorch.so")
    return()
  endif()
  string(REGEX REPLACE "[^0-9;]" "" version "${header}")
  string(REPLACE ";" "." version "${version}")
  set(${out}_VERSION "${version}" PARENT_SCOPE)
  if(version VERSION_LESS PAA_TORCH_MIN_VERSION)
    set(${out} "it is version ${version}, and ${PAA_TORCH_MIN_VERSION} is the oldest that works" PARENT_SCOPE)
    return()
  endif()
  foreach(library c10 torch_cpu)
    if(NOT EXISTS "${root}/lib/lib${library}.so")
      set(${out} "lib${library}.so does not lie beside libtorch.so, so another libtorch's would be loaded" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  file(REAL_PATH "${root}/lib/libtorch.so" torch)
  file(REAL_PATH "${root}/lib/libc10.so" c10)
  cmake_path(GET torch PARENT_PATH torch_folder)
  cmake_path(GET c10 PARENT_PATH c10_folder)
  if(NOT torch_folder STREQUAL c10_folder)
    set(${out} "its libtorch comes from ${torch_folder} but its libc10 from ${c10_folder}; mixed, the program would abort"
        PARENT_SCOPE)
    return()
  endif()
  # c10::detail::torchCheckFail(..., const std::string&) by its mangled name.
  file(STRINGS "${c10}" symbol REGEX "torchCheckFailEPK.*__cxx11" LIMIT_COUNT 1)
  if(NOT symbol)
    set(${out} "it is built for the old C++ ABI of libstdc++; take one built for the C++11 ABI" PARENT_SCOPE)
    return()
  endif()
  set(${out} "" PARENT_SCOPE)
endfunction()

# The folder of python3's torch package, "" if it has none. Importing torch would take seconds.
function(paa_torch_of_python out)
  set(locate [[
import importlib.util
found = importlib.util.find_spec("torch")
if found and found.submodule_search_locations: print(list(found.submodule_search_locations)[0])
]])
  find_program(PAA_PYTHON3 python3)
  mark_as_advanced(PAA_PYTHON3)
  set(folder "")
  if(PAA_PYTHON3)
    execute_process(COMMAND "${PAA_PYTHON3}" -c "${locate}" OUTPUT_VARIABLE folder ERROR_QUIET
                    OUTPUT_STRIP_TRAILING_WHITESPACE)
  endif()
  set(${out} "${folder}" PARENT_SCOPE)
endfunction()

# The folders to look in, in order.
function(paa_torch_candidates out)
  string(REPLACE ":" ";" environment_prefixes "$ENV{CMAKE_PREFIX_PATH}")
  set(candidates "")
  foreach(prefix IN LISTS CMAKE_PREFIX_PATH environment_prefixes)
    list(APPEND candidates "${prefix}" "${prefix}/../..")  # the second: torch.utils.cmake_prefix_path
  endforeach()
  set(home "$ENV{PAA_HOME}")
  if(NOT home)
    set(home "$ENV{HOME}/.cache/paa")
  endif()
  file(GLOB venv_torch "${home}/venv/lib/python3*/site-packages/torch")
  paa_torch_of_python(python_torch)
  foreach(folder IN LISTS PAA_TORCH_ROOT PAA_TORCH_BUILT_ROOT python_torch venv_torch)
    list(APPEND candidates "${folder}")
  endforeach()
  list(REMOVE_DUPLICATES candidates)
  set(${out} "${candidates}" PARENT_SCOPE)
endfunction()

# Sets PAA_TORCH_ROOT and PAA_TORCH_VERSION, or PAA_TORCH_ERROR to what is wrong and what to do.
function(paa_find_torch)
  set(PAA_TORCH_ERROR "" PARENT_SCOPE)
  if(NOT Torch_DIR)
    set(Torch_DIR "$ENV{Torch_DIR}")
  endif()
  if(Torch_DIR)
    # Named by the user: this one or none. Both the folder of TorchConfig.cmake and the one above include/ are taken.
    set(candidates "${Torch_DIR}/../../.." "${Torch_DIR}")
  else()
    paa_torch_candidates(candidates)
  endif()
  set(refused "")
  foreach(root IN LISTS candidates)
    get_filename_component(root "${root}" ABSOLUTE)
    paa_check_torch("${root}" reason)
    if(reason STREQUAL "")
      set(PAA_TORCH_ROOT "${root}" CACHE PATH "The libtorch in use (holds include/ and lib/)" FORCE)
      set(PAA_TORCH_VERSION "${reason_VERSION}" PARENT_SCOPE)
      return()
    elseif(NOT reason STREQUAL "absent")
      string(APPEND refused "\n  ${root}: ${reason}.")
    endif()
  endforeach()
  if(Torch_DIR)
    set(looked "in Torch_DIR (${Torch_DIR})")
  else()
    set(looked "in CMAKE_PREFIX_PATH, in python3's packages, and in what examples/setup.sh installs")
  endif()
  if(refused)
    set(refused "\nRefused:${refused}")
  endif()
  set(PAA_TORCH_ERROR "No usable libtorch >= ${PAA_TORCH_MIN_VERSION} ${looked}.${refused}\nRun `sh examples/setup.sh`, or "
      "pass -DTorch_DIR=FOLDER/share/cmake/Torch of a libtorch, or -DPAA_WITH_TORCH=OFF to build without the models.")
  list(JOIN PAA_TORCH_ERROR "" message)
  set(PAA_TORCH_ERROR "${message}" PARENT_SCOPE)
endfunction()

function(paa_define_torch)
  set(lib "${PAA_TORCH_ROOT}/lib")
  add_library(paa::torch INTERFACE IMPORTED GLOBAL)
  set_target_properties(paa::torch PROPERTIES
      INTERFACE_INCLUDE_DIRECTORIES "${PAA_TORCH_ROOT}/include;${PAA_TORCH_ROOT}/include/torch/csrc/api/include"
      INTERFACE_COMPILE_DEFINITIONS _GLIBCXX_USE_CXX11_ABI=1
      INTERFACE_LINK_LIBRARIES "${lib}/libtorch.so;${lib}/libtorch_cpu.so;${lib}/libc10.so"
      # RUNPATH, not RPATH: LD_LIBRARY_PATH may name another libtorch.
      INTERFACE_LINK_OPTIONS "LINKER:--enable-new-dtags")
  # at::parallel_for is a header, and runs what it is given one by one where OpenMP is off. The runtime is libtorch's own,
  # so that one pool of threads serves both; it is GCC's, and another compiler would want another. It is linked whatever
  # the compiler, for a static libpaa may want it. ThreadSanitizer does not see its locks.
  file(GLOB openmp "${lib}/libgomp*.so*" "${PAA_TORCH_ROOT}/../torch.libs/libgomp*.so*")
  if(NOT openmp)
    message(STATUS "No OpenMP runtime of GCC lies beside this libtorch: text will be generated on one core")
  endif()
  if(openmp AND NOT PAA_SANITIZE MATCHES "thread")
    set_property(TARGET paa::torch PROPERTY INTERFACE_COMPILE_OPTIONS
        "$<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:GNU>>:-fopenmp>")
    set_property(TARGET paa::torch APPEND PROPERTY INTERFACE_LINK_LIBRARIES "${openmp}")
  endif()
  if(EXISTS "${lib}/libtorch_cuda.so")
    # Nothing refers to it by name: its static initialisers register the CUDA kernels, so the linker must not drop it.
    # What it needs in turn (cuBLAS ...) it finds at run time by its own RPATH, not at link time.
    set_property(TARGET paa::torch APPEND PROPERTY INTERFACE_LINK_LIBRARIES
        "-Wl,--push-state,--no-as-needed,\"${lib}/libtorch_cuda.so\",\"${lib}/libc10_cuda.so\",--pop-state")
    set_property(TARGET paa::torch APPEND PROPERTY INTERFACE_LINK_OPTIONS "LINKER:--allow-shlib-undefined")
  endif()
endfunction()

if(NOT TARGET paa::torch)
  paa_find_torch()
  if(NOT PAA_TORCH_ERROR)
    message(STATUS "libtorch ${PAA_TORCH_VERSION}: ${PAA_TORCH_ROOT}")
    if(NOT CMAKE_SCRIPT_MODE_FILE)
      paa_define_torch()
    endif()
  elseif(NOT CMAKE_FIND_PACKAGE_NAME)
    message(FATAL_ERROR "${PAA_TORCH_ERROR}")
  endif()
endif()
