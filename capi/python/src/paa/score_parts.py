"""Scores of many photos on disk: a folder of Parquet files, of which each is there as a whole or not at all."""

import hashlib
import json
import os
import pathlib
import shutil
from typing import Any, List, Mapping, Sequence, Tuple, Union

import pandas
import pyarrow
import pyarrow.parquet

from .errors import BadFormat, LimitExceeded, Unsupported
from .model import LEVELS

#: What decides whether a photo has changed.
IDENTITY = ["path", "size", "mtime_ns"]

#: Of a row: a photo's scores, or why it has none, and which state of the file that holds for.
SCHEMA = pyarrow.schema([("path", pyarrow.string()), ("mean", pyarrow.float64()), ("spread", pyarrow.float64()),
                         *[(level, pyarrow.float64()) for level in LEVELS], ("error", pyarrow.string()),
                         ("error_code", pyarrow.string()), ("size", pyarrow.int64()), ("mtime_ns", pyarrow.int64())])
COLUMNS: List[str] = SCHEMA.names

# Reading the same bytes again would end the same way. Other failures may pass, so they are tried again.
_LASTING_ERRORS = [kind.code for kind in (BadFormat, LimitExceeded, Unsupported)]


class ScoreParts:
    """The parts of one run: one model, one person. Several processes may write side by side.

    Attributes:
        folder: Where the parts are.
        scratch: A hidden folder in it, for what is to be gone at the end of a call.
    """

    def __init__(self, out: Union[str, "os.PathLike[str]"], run: Mapping[str, Any], call: str) -> None:
        """The folder `out`/run=HASH, which is made if it is not there; HASH is over `run`, which JSON must hold.

        `call` tells calls on the same folder apart. Error: OSError.
        """
        text = json.dumps(run, indent=2, sort_keys=True)
        self.folder = pathlib.Path(out) / f"run={hashlib.sha256(text.encode()).hexdigest()[:16]}"
        self.scratch = self.folder / f".{call}"
        self.scratch.mkdir(parents=True, exist_ok=True)
        if not (self.folder / "_run.json").exists():
            self._write("_run.json", text.encode())

    def part_name(self, photos: Sequence[Tuple[Any, ...]]) -> str:
        """The name of the part with the scores of these photos, which are of IDENTITY each."""
        return f"part-{hashlib.sha256(repr(photos).encode()).hexdigest()[:24]}.parquet"

    def write(self, name: str, rows: Mapping[str, Any]) -> None:
        """Writes a part: the columns of SCHEMA. One of the same name is replaced. Error: OSError."""
        sink = pyarrow.BufferOutputStream()
        pyarrow.parquet.write_table(pyarrow.table(dict(rows), schema=SCHEMA), sink)
        self._write(name, sink.getvalue())

    def finished(self) -> "pandas.DataFrame":
        """IDENTITY of the photos that need not be looked at again."""
        rows = self._read([*IDENTITY, "error_code"])
        return rows.loc[rows["error_code"].isna() | rows["error_code"].isin(_LASTING_ERRORS), IDENTITY]

    def scores_of(self, photos: "pandas.DataFrame") -> "pandas.DataFrame":
        """The rows of these photos, given by IDENTITY, in their order. What was tried again has its last state."""
        rows = self._read(COLUMNS)
        rows["_open"] = rows["error_code"].notna() & ~rows["error_code"].isin(_LASTING_ERRORS)
        rows = rows.sort_values("_open", kind="stable").drop_duplicates(IDENTITY).drop(columns="_open")
        return photos[IDENTITY].merge(rows, on=IDENTITY, how="left")[COLUMNS]

    def remove_scratch(self) -> None:
        """To be called once, when no process writes any more."""
        shutil.rmtree(self.scratch, ignore_errors=True)

    def _read(self, columns: List[str]) -> "pandas.DataFrame":
        parts = sorted(self.folder.glob("part-*.parquet"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
        tables = [pyarrow.parquet.ParquetFile(part).read(columns) for part in parts]
        empty = pyarrow.table({name: [] for name in columns}, schema=pyarrow.schema(map(SCHEMA.field, columns)))
        rows: pandas.DataFrame = pyarrow.concat_tables([*tables, empty]).to_pandas()
        return rows

    def _write(self, name: str, data: Any) -> None:
        """Beside its place first, then there, so that nobody meets half a file, also after a power cut."""
        beside = self.scratch / f"{name}.{os.urandom(8).hex()}"
        with open(beside, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, self.folder / name)
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
