"""Stopping, watching and logging calls."""

import atexit
import ctypes
import signal
import threading
from ctypes import byref, c_void_p
from typing import Any, Callable, Optional

from ._declarations import LogCallback, ProgressCallback, RunOptions
from ._handle import Handle, Owned
from ._library import check, initialised, library

Progress = Callable[[int, int], object]  # (done, total) photos or people
Log = Callable[[int, str], object]  # (level, line): 0 debug, 1 info, 2 warning

_STOPPED = -1  # a status of our own: the callback raised


class Cancel(Handle):
    """A flag that one thread raises to stop calls of others; they then raise Cancelled.

    One flag may serve many calls. Every method may be called at any time by any thread.
    """

    _free_name = "paa_cancel_free"

    def __init__(self) -> None:
        pointer = c_void_p()
        check(library().paa_cancel_new(byref(pointer)))
        self._take(pointer)

    def request(self) -> None:
        """Raises the flag: calls that look at it end soon, also those begun later."""
        owned = self._use()
        check(library().paa_cancel_request(owned.pointer))

    def reset(self) -> None:
        """Lowers the flag again."""
        owned = self._use()
        check(library().paa_cancel_reset(owned.pointer))


class Run:
    """The options of one long call, and what its progress callback raised."""

    def __init__(self, cancel: Optional[Cancel], progress: Optional[Progress]) -> None:
        self.options = initialised(RunOptions, "paa_run_options_init")
        self._cancel: Optional[Owned] = cancel._use() if cancel is not None else None
        if self._cancel is not None:
            self.options.cancel = self._cancel.pointer
        self._raised: Optional[BaseException] = None

        def step(done: int, total: int, _user_data: Optional[int]) -> int:
            try:
                if progress is not None:
                    progress(done, total)
            except BaseException as error:  # it must not be lost inside C
                self._raised = error
            return 0 if self._raised is None else _STOPPED

        # Always there, also with nothing to tell: this is where Python gets to see Ctrl-C.
        self.options.progress = ProgressCallback(step)

    def call(self, function: Any, *arguments: Any) -> None:
        """function(*arguments, options); raises what the callback raised, else the library's error if there is one."""
        # A KeyboardInterrupt raised on the way into the callback would end in ctypes, which drops it. So it is noted.
        noted = (threading.current_thread() is threading.main_thread() and
                 signal.getsignal(signal.SIGINT) is signal.default_int_handler)
        if noted:
            signal.signal(signal.SIGINT, self._note_interrupt)
        try:
            status = function(*arguments, byref(self.options))
        finally:
            if noted:
                signal.signal(signal.SIGINT, signal.default_int_handler)
            self.options.progress = ProgressCallback()  # ends the cycle of references through the callback
        if self._raised is not None:
            raised, self._raised = self._raised, None
            raise raised
        check(status)

    def _note_interrupt(self, _signal: int, _frame: Any) -> None:
        self._raised = KeyboardInterrupt()


_log_lock = threading.Lock()
_log_callback: Any = None  # C holds no reference to it, so this does


def set_log_callback(callback: Optional[Log]) -> None:
    """Sends the library's log, one line a call, to callback(level, line); None, as at the start, silences it.

    Holds for the whole process. The callback may be called by any thread, one call at a time, and must not call this
    package. What it raises goes to threading.excepthook. Thread-safe.
    """
    global _log_callback
    with _log_lock:
        if callback is None:
            check(library().paa_set_log_callback(LogCallback(), None))
            _log_callback = None
            return
        receive = callback

        def line(level: int, text: int, size: int, _user_data: Optional[int]) -> int:
            try:
                receive(level, ctypes.string_at(text, size).decode("utf-8", "replace"))
            except BaseException as error:  # nobody waits for it, and C knows no exceptions
                threading.excepthook(threading.ExceptHookArgs((type(error), error, error.__traceback__, None)))
            return 0

        made = LogCallback(line)
        check(library().paa_set_log_callback(made, None))
        if _log_callback is None:
            atexit.register(_silence)  # a thread of the library must not call into an interpreter that is gone
        _log_callback = made


def _silence() -> None:
    if _log_callback is not None:
        set_log_callback(None)


def version() -> str:
    """The C library's version, "MAJOR.MINOR.PATCH"."""
    return str(library().paa_version().decode())
