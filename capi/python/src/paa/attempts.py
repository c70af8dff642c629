"""Which photo a process was reading when it died, so that one that kills every process is left out in the end."""

import collections
import os
import pathlib
from types import TracebackType
from typing import Counter, Optional, Type

_DEATHS = 2  # one may be anybody's fault
_UNEXPLAINED_DEATHS = 5


class Attempts:
    """A file that outlives the process: what is written to it is with the system, also if the process is killed.

    For one block of photos and one process at a time.
    """

    def __init__(self, path: "os.PathLike[str]") -> None:
        """Reads what earlier attempts left in `path`, and goes on there.

        Errors: OSError; ChildProcessError, when too many have died while they read no photo. A new count begins then.
        """
        self._path = pathlib.Path(path)
        lines = self._path.read_text().splitlines() if self._path.exists() else []
        self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        if lines:
            lines.append(lines[-1].replace("reads", "died reading") if lines[-1].startswith("reads ") else "died")
            self._note(lines[-1])
        self._note("begins")
        self._deaths: Counter[str] = collections.Counter(line for line in lines if line.startswith("died"))
        if self._deaths["died"] >= _UNEXPLAINED_DEATHS:
            self.__exit__(None, None, None)
            raise ChildProcessError(f"{self._deaths['died']} processes have died while they scored the photos of "
                                    f"{self._path.name}, not while they read one; is there enough memory?")

    def killed(self, photo: int) -> bool:
        """Whether reading this photo, by its number in the block, has ended more than one process."""
        return self._deaths[f"died reading {photo}"] >= _DEATHS

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
