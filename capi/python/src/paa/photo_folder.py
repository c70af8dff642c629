"""The photos in a folder, as the command line finds them."""

import os
import stat
from typing import Iterator, NamedTuple, Union

#: The endings of the files that Photo reads, in lower case.
PHOTO_ENDINGS = (".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".bmp", ".gif", ".psd", ".tga", ".ppm", ".pgm", ".pnm")


class PhotoFile(NamedTuple):
    """A file that is to be read; or a file or folder that cannot be looked at, where `error` says why."""

    path: bytes  #: relative to the folder, in the system's own bytes
    size: int = -1  #: bytes
    mtime_ns: int = -1  #: time of the last change, nanoseconds since 1970
    error: str = ""


def printable(path: bytes) -> str:
    r"""A path as text. Bytes that are not UTF-8 become \xNN, so that every table can hold it."""
    return path.decode("utf-8", "backslashreplace")


def photo_files(folder: Union[str, "os.PathLike[str]"]) -> Iterator[PhotoFile]:
    """Walks a folder and those inside it, by name, byte by byte.

    Files of other endings, hidden files and folders, and links to folders are left out; links to files are followed.
    Errors: OSError if `folder` itself cannot be read. What is inside it and cannot be is given with its `error`.
    """
    root = os.fsencode(folder)
    os.scandir(root).close()
    return _walk(root, b"")


def _walk(root: bytes, inside: bytes) -> Iterator[PhotoFile]:
    try:
        with os.scandir(os.path.join(root, inside)) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        yield PhotoFile(inside, error=f"cannot read the folder: {error.strerror}")
        return
    for entry in entries:
        path = os.path.join(inside, entry.name)
        if entry.name.startswith(b"."):
            continue
        if entry.is_dir():
            if not entry.is_symlink():
                yield from _walk(root, path)
        elif os.path.splitext(entry.name)[1].decode("latin-1").lower() in PHOTO_ENDINGS:
            yield from _file(root, path)


def _file(root: bytes, path: bytes) -> Iterator[PhotoFile]:
    try:
        found = os.stat(os.path.join(root, path))
    except OSError as error:
        yield PhotoFile(path, error=f"cannot look at the file: {error.strerror}")
        return
    if stat.S_ISREG(found.st_mode):
        yield PhotoFile(path, found.st_size, found.st_mtime_ns)
