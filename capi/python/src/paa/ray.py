"""Scores folders of any size with Ray: on all cores of this machine, or on a cluster.

    import paa.ray
    table = paa.ray.score_folder("photos", {"age": 30}, out="scores")

Needs ray[data], pandas and pyarrow: `pip install paa[ray]`.
"""

import dataclasses
import json
import math
import os
import uuid
from typing import Any, Dict, List, Mapping, Optional, Tuple, Union

import pandas
import pyarrow
import ray
import ray.data
import ray.exceptions

from .attempts import Attempts
from .errors import Error, InvalidArgument, Mismatch
from .model import LEVELS, Model
from .photo import Photo
from .photo_folder import photo_files, printable
from .run import Progress, version
from .score_parts import COLUMNS, IDENTITY, ScoreParts


@dataclasses.dataclass(frozen=True)
class _Job:
    """What a worker has to know."""

    folder: str
    out: str
    model: str
    precision: str  # as chosen, so that all machines compute alike
    threads: int
    profile: str  # JSON
    run: Dict[str, Any]
    call: str  # tells this call from others


def score_folder(folder: Union[str, "os.PathLike[str]"], profile: Union[Mapping[str, Any], str],
                 out: Union[str, "os.PathLike[str]"], *, model: str = "", precision: str = "auto", workers: int = 0,
                 threads: int = 1, block: int = 128, progress: Optional[Progress] = None) -> "pandas.DataFrame":
    """Scores the photos in a folder and those inside it for one person.

    What is finished stays in `out` whatever happens, and a later call does only what is missing: photos that are new
    or changed (another size or time of change), or all, if the model or the profile is another. A worker that dies is
    started again. A photo that cannot be read, or that kills two workers, becomes a row with an error.

    Uses the Ray cluster that the program is connected to, else connects as ray.init() does, without Ray's usage
    statistics unless the variable RAY_USAGE_STATS_ENABLED says otherwise. On a cluster, `folder`, `out` and the model
    must have the same paths on every machine.

    Args:
        folder: Where the photos are. Hidden files and folders, and links to folders, are left out.
        profile: Fields of a profile, or a JSON text of it.
        out: A folder for the results, made if it is not there: for each model and profile a folder run=..., which
            pandas.read_parquet reads, and whose _run.json says what it is.
        model, precision: As for Model.
        workers: How many load the model and work side by side. 0: as many as the cluster has cores for.
        threads: Cores of each worker.
        block: Photos that are scored and written together: the most that a worker that dies has done for nothing.
        progress: Called as progress(done, total), in photos, at the start and after each block. What it raises ends the
            run and is raised.

    Returns: a row for each photo, in the order of their paths: "path" (relative to `folder`), "mean", "spread", each of
    LEVELS, "error" and "error_code" (as Error.code; both missing where all went well), "size" (bytes), "mtime_ns".
    Errors: OSError (`folder` or `out`), InvalidArgument, those of Model and Model.prepare; Mismatch if a machine has
    another model; of Ray, if it fails as a whole, such as when workers die again and again but over no single photo.
    """
    if workers < 0 or threads < 1 or block < 1:
        raise InvalidArgument(f"workers is {workers}, threads {threads}, block {block}; "
                              "workers must be at least 0, the others at least 1")
    text = profile if isinstance(profile, str) else json.dumps(dict(profile))
    found = pandas.DataFrame(list(photo_files(folder)), columns=["name", "size", "mtime_ns", "error"])
    found = found.astype({"size": "int64", "mtime_ns": "int64"})  # also where there are none
    found["path"] = pandas.Series([printable(name) for name in found["name"]], dtype=str)
    if not ray.is_initialized():
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # what runs here is nobody else's business
        ray.init()
    run = _result(ray.remote(_describe).options(num_cpus=threads).remote(model, precision, threads, text))
    job = _Job(os.path.abspath(folder), os.path.abspath(out), model, run["precision"], threads, text, run,
               uuid.uuid4().hex)
    parts = ScoreParts(job.out, run, job.call)
    try:
        _score_missing(job, found, parts, workers, block, progress)
    finally:
        parts.remove_scratch()
    return _table(found, parts)


def _score_missing(job: _Job, found: "pandas.DataFrame", parts: ScoreParts, workers: int, block: int,
                   progress: Optional[Progress]) -> None:
    finished = found.merge(parts.finished().drop_duplicates(), on=IDENTITY, how="left", indicator=True)
    missing = found[(finished["_merge"] == "left_only").to_numpy() & (found["error"] == "")]
    done, total = len(found) - len(missing), len(found)
    if progress is not None:
        progress(done, total)
    if len(missing) == 0:
        return
    for count in _score(job, missing, _workers(workers, job.threads, math.ceil(len(missing) / block)), block):
        done += count
        if progress is not None:
            progress(done, total)


def _describe(model: str, precision: str, threads: int, profile: str) -> Dict[str, Any]:
    """What decides the figures: by that a run is known again."""
    loaded = Model(model, precision=precision, threads=threads)
    return {"model": loaded.info.name, "hash": loaded.info.hash, "precision": loaded.info.precision,
            "scale": list(loaded.info.scale), "person": loaded.prepare(profile).text, "profile": json.loads(profile),
            "version": version()}


def _workers(wanted: int, threads: int, blocks: int) -> int:
    """Error: InvalidArgument if the cluster does not hold so many, since Ray would wait for ever."""
    cluster: Any = ray
    cores = int(cluster.cluster_resources().get("CPU", 0))
    if cores < max(wanted, 1) * threads:
        raise InvalidArgument(f"{max(wanted, 1)} workers with {threads} threads each need more cores than Ray has, "
                              f"which is {cores}")
    return min(wanted or cores // threads, blocks)


def _score(job: _Job, photos: "pandas.DataFrame", workers: int, block: int) -> Any:
    """Gives the number of photos of each block when it is written."""
    items = photos[["name", "size", "mtime_ns"]].to_dict("records")
    blocks = ray.data.from_items(items, override_num_blocks=math.ceil(len(items) / block))
    # Ray starts a worker that has died again and gives it the same block, without end; Attempts ends it.
    counts = blocks.map_batches(_Worker, fn_constructor_args=(job,), batch_size=None, batch_format="pyarrow",
                                compute=ray.data.ActorPoolStrategy(size=workers), num_cpus=job.threads)
    try:
        for counted in counts.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0):
            counts_of_blocks: Any = counted["photos"]
            yield sum(counts_of_blocks.to_pylist())
    except ray.exceptions.RayError as error:
        raise _own_error(error) from error


def _result(reference: Any) -> Any:
    try:
        return ray.get(reference)
    except ray.exceptions.RayError as error:
        raise _own_error(error) from error


def _own_error(error: BaseException) -> BaseException:
    """This package's error inside one of Ray's, else that itself."""
    inner: Optional[BaseException] = error
    while inner is not None:
        cause = getattr(inner, "cause", None) or inner.__cause__
        if isinstance(cause, Error) and not isinstance(cause, ray.exceptions.RayError):
            return cause
        inner = cause
    return error


def _table(found: "pandas.DataFrame", parts: ScoreParts) -> "pandas.DataFrame":
    table = parts.scores_of(found)
    unseen = (found["error"] != "").to_numpy()
    table.loc[unseen, "error"] = found["error"][unseen].to_numpy()
    table.loc[unseen, "error_code"] = "input/output error"
    return table


class _Worker:
    """Holds a model, and turns blocks of photos into parts on disk."""

    def __init__(self, job: _Job) -> None:
        self._job = job
        self._parts = ScoreParts(job.out, job.run, job.call)
        self._model = Model(job.model, precision=job.precision, threads=job.threads)
        if self._model.info.hash != job.run["hash"] or version() != job.run["version"]:
            raise Mismatch(f"the model {job.run['model']} has the hash {job.run['hash']} and the library the version "
                           f"{job.run['version']} on one machine of the cluster, but {self._model.info.hash} and "
                           f"{version()} on {os.uname().nodename}; install the same on all")
        self._person = self._model.prepare(job.profile)

    def __call__(self, photos: "pyarrow.Table") -> "pyarrow.Table":
        files = [(photo["name"], photo["size"], photo["mtime_ns"]) for photo in photos.to_pylist()]
        name = self._parts.part_name(files)
        with Attempts(self._parts.scratch / f"{name}.attempts") as attempts:
            self._parts.write(name, self._rows(files, attempts))
        return pyarrow.table({"photos": [len(files)]})

    def _rows(self, files: List[Tuple[bytes, int, int]], attempts: Attempts) -> Dict[str, List[Any]]:
        rows: Dict[str, List[Any]] = {name: [None] * len(files) for name in COLUMNS}
        rows["path"] = [printable(name) for name, _, _ in files]
        rows["size"], rows["mtime_ns"] = [size for _, size, _ in files], [mtime_ns for _, _, mtime_ns in files]
        readable: Dict[int, Photo] = {}
        for index, file in enumerate(files):
            try:
                if attempts.killed(index):
                    raise ChildProcessError("two workers have died while they read this photo")
                attempts.reads(index)
                readable[index] = self._read(*file)
            except (Error, OSError) as error:
                rows["error"][index] = str(error)
                rows["error_code"][index] = getattr(error, "code", "input/output error")
        attempts.has_read()
        scores = self._model.score_photos(self._person, self._model.encode(list(readable.values())))
        for index, mean, spread, levels in zip(readable, *scores):
            for column, value in zip(("mean", "spread", *LEVELS), (mean, spread, *levels)):
                rows[column][index] = float(value)
        return rows

    def _read(self, name: bytes, size: int, mtime_ns: int) -> Photo:
        """The photo at the size that the model looks at. OSError if it is not the one that was found in the folder."""
        path = os.path.join(self._job.folder, os.fsdecode(name))
        with Photo(path) as photo:
            fitted = self._model.fit(photo)
        now = os.stat(path)
        if (now.st_size, now.st_mtime_ns) != (size, mtime_ns):
            raise OSError("the file has changed since the run began")
        return fitted
