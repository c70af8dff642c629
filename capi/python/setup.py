"""Builds libpaa_capi with CMake and puts it into the package; the rest of the package stands in pyproject.toml.

    PAA_LIBRARY=FILE     a libpaa_capi.so that is built already: it is copied, and nothing is compiled
    Torch_DIR=FOLDER     the libtorch to build with (the folder of its TorchConfig.cmake)
    CMAKE_BUILD_PARALLEL_LEVEL=N, CMAKE_ARGS="-DNAME=VALUE ..."   as for CMake

Without Torch_DIR it is the libtorch of the torch package in the environment that is installed into; if that has none,
the one that cmake/PaaTorch.cmake finds.
"""

import os
import pathlib
import shlex
import shutil
import subprocess
import sys
from typing import List, NamedTuple, Optional

import setuptools
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.command.build_py import build_py

if int(setuptools.__version__.split(".")[0]) < 77:  # only without build isolation
    sys.exit(f"paa: setuptools {setuptools.__version__} is too old; pip install 'setuptools>=77'")
from setuptools.command.bdist_wheel import bdist_wheel  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
BUILD = PROJECT / "build-python"  # kept, so that installing again compiles what has changed only
LIBRARY = "libpaa_capi.so.0"
BYTES_A_COMPILER = 2_000_000_000  # what one needs for a file that includes Torch


class Torch(NamedTuple):
    folder: str
    version: str  # as a requirement names it: without +cpu and the like


def torch_of_environment() -> Optional[Torch]:
    """The torch package that will lie beside this one, None if there is none.

    A build environment hides it from this process by variables, which -E ignores. Importing torch would take seconds.
    """
    locate = """
import importlib.metadata, importlib.util
found = importlib.util.find_spec("torch")
if found and found.submodule_search_locations:
    print(list(found.submodule_search_locations)[0], importlib.metadata.version("torch"), sep="\\n")
"""
    done = subprocess.run([sys.executable, "-E", "-c", locate], capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    return Torch(lines[0], lines[1].split("+")[0]) if done.returncode == 0 and len(lines) == 2 else None


def is_built_here() -> bool:
    return not os.environ.get("PAA_LIBRARY")


def torch_to_require() -> Optional[Torch]:
    """The environment's torch, where the library is built with it: libtorch's interface changes with every version."""
    return torch_of_environment() if is_built_here() and not os.environ.get("Torch_DIR") else None


def compilers_at_once() -> int:
    """One a core, but no more than the memory holds."""
    available = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        with open("/proc/meminfo", encoding="ascii") as lines:
            available = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration):
        pass
    return max(1, min(len(os.sched_getaffinity(0)), available // BYTES_A_COMPILER))


def cmake(*arguments: str) -> None:
    command = ["cmake", *arguments]
    print("paa:", shlex.join(command), flush=True)
    try:
        subprocess.run(command, check=True)
    except FileNotFoundError:
        sys.exit("paa: there is no cmake on the PATH; `sh examples/setup.sh` in the project installs what building "
                 "needs")
    except subprocess.CalledProcessError:
        sys.exit("paa: cmake failed, its message stands above. `sh examples/setup.sh` in the project installs what "
                 "building needs; PAA_LIBRARY=FILE takes a libpaa_capi.so that is built already")


def build_library() -> pathlib.Path:
    """Compiles the C library from the project around this folder."""
    if not (PROJECT / "capi/paa.h").exists() or not (PROJECT / "CMakeLists.txt").exists():
        sys.exit(f"paa: the sources of the library are not in {PROJECT}: install from a checkout of the whole project "
                 "(pip install ./capi/python, with pip 21 or newer), or name a libpaa_capi.so in PAA_LIBRARY")
    torch = torch_to_require()
    configure: List[str] = ["-S", str(PROJECT), "-B", str(BUILD), "-DCMAKE_BUILD_TYPE=Release",
                            "-DPAA_BUILD_TESTS=OFF", "-DPAA_BUILD_EXAMPLES=OFF", "-DPAA_INSTALL=OFF",
                            # First the torch in the same site-packages, so that an environment or a wheel may move.
                            "-DCMAKE_BUILD_RPATH=$ORIGIN/../torch/lib"]
    # What an earlier build has noted must not outlive a change of environment.
    configure += [f"-DTorch_DIR={torch.folder}/share/cmake/Torch"] if torch else ["-UTorch_DIR"]
    if shutil.which("ninja"):
        configure += ["-G", "Ninja"]
    cmake(*configure, *shlex.split(os.environ.get("CMAKE_ARGS", "")))
    jobs = os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL") or str(compilers_at_once())
    cmake("--build", str(BUILD), "--target", "paa_capi", "--parallel", jobs)
    return BUILD / "capi" / LIBRARY


def named_library() -> pathlib.Path:
    named = pathlib.Path(os.environ["PAA_LIBRARY"])
    if not named.is_file():
        sys.exit(f"paa: PAA_LIBRARY names {named}, and there is no such file" +
                 ("" if named.is_absolute() else "; pip changes the folder, so give the whole path"))
    return named


class BuildPython(build_py):
    """Starts from an empty folder: modules that the package no longer has would get into the wheel."""

    def run(self) -> None:
        if not self.editable_mode:
            shutil.rmtree(pathlib.Path(self.build_lib) / "paa", ignore_errors=True)
        super().run()


class BuildLibrary(build_ext):
    """Puts the library beside the package's modules; an editable install takes it from build/ of the checkout."""

    def run(self) -> None:
        if self.editable_mode:
            return
        folder = pathlib.Path(self.build_lib) / "paa"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(build_library() if is_built_here() else named_library(), folder / LIBRARY)

    def get_outputs(self) -> List[str]:
        return [str(pathlib.Path(self.build_lib) / "paa" / LIBRARY)]


class PlatformWheel(bdist_wheel):
    """For this platform and any Python 3: the library knows nothing of Python."""

    def get_tag(self) -> "tuple[str, str, str]":
        return ("py3", "none", super().get_tag()[2])


torch_beside = torch_to_require()
setup(install_requires=["numpy"] + ([f"torch=={torch_beside.version}"] if torch_beside else []),
      # The name stands for the library only: it makes the wheel one for this platform.
      ext_modules=[Extension("paa.libpaa_capi", [])],
      cmdclass={"build_py": BuildPython, "build_ext": BuildLibrary, "bdist_wheel": PlatformWheel})
