"""Handles of the C library as Python objects that free them once."""

import threading
from ctypes import c_void_p
from types import TracebackType
from typing import Any, Optional, Type, TypeVar

from ._library import library
from .errors import InvalidArgument

_Self = TypeVar("_Self", bound="Handle")

#: Of each thread: how many callbacks of the library's it is in.
in_callback = threading.local()


class Owned:
    """One handle; freed when the last reference to this object goes.

    A call keeps a reference while it runs. So close() in another thread, or in a callback, never frees a handle in use.
    """

    __slots__ = ("pointer", "_free", "_needed")

    def __init__(self, pointer: c_void_p, free: Any, needed: Any = None) -> None:
        self.pointer = pointer
        self._free = free
        self._needed = needed  # kept alive as long as the handle, such as a callback that C calls

    def __del__(self) -> None:
        if getattr(in_callback, "depth", 0) == 0:
            self._free(self.pointer)
            return
        # A thread of the library that frees what it works for would wait for itself.
        threading.Thread(target=_free, args=(self._free, self.pointer, self._needed)).start()


def _free(free: Any, pointer: c_void_p, _needed: Any) -> None:
    free(pointer)


class Handle:
    """What Model, Photo, Person and the other classes over C handles have in common.

    Each is a context manager. Without `with` or close(), its memory is freed when Python collects the object. Objects
    may be closed in any order and more than once. Threads may share them.
    """

    _free_name = ""  # of the C function
    _owned: Optional[Owned] = None

    def _take(self, pointer: c_void_p, needed: Any = None) -> None:
        self._owned = Owned(pointer, getattr(library(), self._free_name), needed)

    @classmethod
    def _of(cls: Type[_Self], pointer: c_void_p) -> _Self:
        made = cls.__new__(cls)
        made._take(pointer)
        return made

    def _use(self) -> Owned:
        """The handle, to be held for the time of a call. Error: InvalidArgument after close()."""
        owned = self._owned
        if owned is None:
            raise InvalidArgument(f"this {type(self).__name__} is closed")
        return owned

    @property
    def closed(self) -> bool:
        """Whether close() has been called."""
        return self._owned is None

    def close(self) -> None:
        """Frees the memory, as soon as no running call uses it any more. Does nothing the second time."""
        self._owned = None

    def __enter__(self: _Self) -> _Self:
        self._use()
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        self.close()

    def __reduce__(self) -> Any:
        raise TypeError(f"a {type(self).__name__} cannot be pickled or copied: it lives in the C library")
