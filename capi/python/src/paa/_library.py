"""Finds and opens libpaa_capi, once, when it is first needed."""

import ctypes
import functools
import importlib.util
import os
import pathlib
from typing import Any, List, Optional, Type, TypeVar

from . import _declarations
from .errors import InvalidArgument, error_of

_Struct = TypeVar("_Struct", bound=ctypes.Structure)

_NAMES = ("libpaa_capi.so.0", "libpaa_capi.so", "libpaa_capi.dylib")


def _candidates() -> List[str]:
    """Where the library may be, in the order in which it is looked for."""
    named = os.environ.get("PAA_LIBRARY")
    if named:
        return [named]
    package = pathlib.Path(__file__).resolve().parent
    found = [str(package / name) for name in _NAMES if (package / name).exists()]
    found += _NAMES  # without a folder: the system's loader looks
    checkout = package.parents[3] if len(package.parents) > 3 else package
    if (checkout / "capi/paa.h").exists():
        built = checkout / "build/capi"
        found += [str(built / name) for name in _NAMES if (built / name).exists()]
    return found


def _open_torch() -> bool:
    """Opens the libraries of the installed torch, so that the loader knows them by name. Does not import torch."""
    spec = importlib.util.find_spec("torch")
    if spec is None or spec.origin is None:
        return False
    folder = pathlib.Path(spec.origin).parent / "lib"
    try:
        for name in ("libc10.so", "libtorch_cpu.so"):
            ctypes.CDLL(str(folder / name))
    except OSError:
        return False
    return True


def _open(path: str) -> ctypes.CDLL:
    try:
        return ctypes.CDLL(path)  # which lets go of the GIL for the time of each call
    except OSError as error:
        # Where the library itself does not know where its libtorch is, that of Python's torch will do.
        if ("libtorch" in str(error) or "libc10" in str(error)) and _open_torch():
            return ctypes.CDLL(path)
        raise


@functools.lru_cache(maxsize=None)
def library() -> Any:
    """The opened library, its functions declared.

    Errors: ImportError, which names every place and why it did not do. Thread-safe.
    """
    failures: List[str] = []
    opened: Optional[ctypes.CDLL] = None
    for path in _candidates():
        try:
            opened = _open(path)
            break
        except OSError as error:
            failures.append(f"  {path}: {error}")
    if opened is None:
        raise ImportError("libpaa_capi was not found; name its file in the variable PAA_LIBRARY\n" +
                          "\n".join(failures))
    for name, (result, arguments) in _declarations.FUNCTIONS.items():
        function = getattr(opened, name)
        function.restype = result
        function.argtypes = arguments
    return opened


def check(status: int) -> None:
    """Raises the error of this thread's last call unless its status is PAA_OK."""
    if status != 0:
        raise error_of(status, library().paa_last_error().decode("utf-8", "replace"))


def initialised(struct: Type[_Struct], init: str) -> _Struct:
    """A struct with the defaults that its _init function of this name fills in."""
    made = struct()
    check(getattr(library(), init)(ctypes.byref(made), ctypes.sizeof(made)))
    return made


def text_of(data: Optional[bytes]) -> str:
    """What C says; its texts are UTF-8 with a zero at the end."""
    return (data or b"").decode("utf-8", "replace")


def take_text(pointer: ctypes.c_void_p) -> str:
    """The content of a paa_text, which is freed."""
    try:
        data, size = ctypes.c_char_p(), ctypes.c_size_t()
        check(library().paa_text_get(ctypes.byref(data), ctypes.byref(size), pointer))
        return text_of(data.value)
    finally:
        library().paa_text_free(pointer)


def unsigned(name: str, value: int) -> int:
    """`value`, if a uint64_t holds it; ctypes would cut it. Error: InvalidArgument, which names it."""
    if not 0 <= value < 2**64:
        raise InvalidArgument(f"{name} is {value}; it must be from 0 to 2**64 - 1")
    return value
