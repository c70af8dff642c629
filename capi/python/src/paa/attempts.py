"""Which photo a process was reading when it died, so that one that kills every process is left out in the end."""

import collections
import os
import pathlib
from types import TracebackType
from typing import Counter, Optional, Type

_DEATHS = 2  # one may be anybody's fault


class Attempts:
    """A file that outlives the process: what is written to it is with the system, also if the process is killed.

    For one block of photos and one process at a time.
    """

    def __init__(self, path: "os.PathLike[str]") -> None:
        """Reads what earlier attempts left in `path`, and goes on there. Error: OSError."""
        self._path = pathlib.Path(path)
        lines = self._path.read_text().split("\n") if self._path.exists() else []
        last = lines[-2] if len(lines) > 1 else ""  # the text ends with a newline
        self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        if last.startswith("reads "):
            lines.append(last.replace("reads", "died", 1))
            self._note(lines[-1])
        self._deaths: Counter[str] = collections.Counter(line for line in lines if line.startswith("died "))

    def killed(self, photo: int) -> bool:
        """Whether reading this photo, by its number in the block, has ended more than one process."""
        return self._deaths[f"died {photo}"] >= _DEATHS

    def reads(self, photo: int) -> None:
        """To be called before a photo is read."""
        self._note(f"reads {photo}")

    def has_read(self) -> None:
        """To be called when the last photo has been read."""
        self._note("has read")

    def _note(self, line: str) -> None:
        os.write(self._file, f"{line}\n".encode())

    def __enter__(self) -> "Attempts":
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        """Removes the file: a process that comes here has not died."""
        os.close(self._file)
        self._path.unlink(missing_ok=True)
