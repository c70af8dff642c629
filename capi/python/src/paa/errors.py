"""What goes wrong: one exception class for each status of paa.h."""

from typing import Dict, Type


class Error(Exception):
    """A call failed. The message says what is wrong, where, and what to do.

    Attributes:
        status: paa.h's number for this kind of failure (PAA_NOT_FOUND is 2).
        code: its name in words, such as "not found".
    """

    status: int = -1
    code: str = "unknown status"


class InvalidArgument(Error, ValueError):
    """A value is outside the documented range, or an object has been closed. Also a ValueError."""

    status, code = 1, "invalid argument"


class NotFound(Error, FileNotFoundError):
    """A file, folder, tensor or model that must exist does not. Also a FileNotFoundError; its errno is None."""

    status, code = 2, "not found"


class IoError(Error, OSError):
    """The operating system refused to read or write. Also an OSError; its errno is None."""

    status, code = 3, "input/output error"


class BadFormat(Error, ValueError):
    """The bytes are damaged or are not what they claim to be. Also a ValueError."""

    status, code = 4, "bad format"


class Unsupported(Error):
    """The input is valid, but the library does not handle it."""

    status, code = 5, "unsupported"


class LimitExceeded(Error):
    """A named limit (pixels, bytes, depth, tokens) was passed."""

    status, code = 6, "limit exceeded"


class Mismatch(Error):
    """Two parts do not belong together (hash, shape, model pair)."""

    status, code = 7, "mismatch"


class Cancelled(Error):
    """A Cancel was requested."""

    status, code = 8, "cancelled"


class OutOfMemory(Error, MemoryError):
    """The library could not allocate. Also a MemoryError."""

    status, code = 9, "out of memory"


class Internal(Error):
    """A fault in the library itself; please report it."""

    status, code = 10, "internal error"


_BY_STATUS: Dict[int, Type[Error]] = {
    kind.status: kind
    for kind in (InvalidArgument, NotFound, IoError, BadFormat, Unsupported, LimitExceeded, Mismatch, Cancelled,
                 OutOfMemory, Internal)
}


def error_of(status: int, message: str) -> Error:
    """The exception for a status that is not PAA_OK; an Error with that status if it has no class of its own."""
    error = _BY_STATUS.get(status, Error)(message)
    error.status = status
    return error
