"""A loaded model: reads people, looks at photos, scores."""

import dataclasses
import os
from ctypes import byref, c_char_p, c_void_p, cast
from typing import TYPE_CHECKING, Any, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

import numpy as np
import numpy.typing as npt

from . import _declarations
from ._handle import Handle
from ._library import check, initialised, library, unsigned
from .errors import InvalidArgument
from .photo import Photo, Tokens
from .profile import Prepared, Profile
from .run import Cancel, Progress, Run

if TYPE_CHECKING:
    import pandas

#: The levels of a rating, in the order of the columns of Scores.levels.
LEVELS = ("bad", "poor", "fair", "good", "excellent")

_PRECISIONS = ("auto", "f32", "bf16")

Floats = npt.NDArray[np.float64]


class Scores(NamedTuple):
    """What is predicted for n photos or people, in the order given."""

    means: Floats  #: (n): expected ratings on the model's scale
    spreads: Floats  #: (n): their standard deviations, same units
    levels: Floats  #: (n, 5): the probabilities of LEVELS

    def to_frame(self, paths: Optional[Sequence[Union[str, "os.PathLike[str]"]]] = None) -> "pandas.DataFrame":
        """A pandas table of n rows, with columns "path" (if `paths` are given), "mean", "spread" and each of LEVELS.

        Copies the figures. Errors: InvalidArgument (not n paths), ImportError (no pandas).
        """
        return frame_of("scores", paths, mean=self.means, spread=self.spreads, **dict(zip(LEVELS, self.levels.T)))


@dataclasses.dataclass(frozen=True)
class ModelInfo:
    """What a loaded model is."""

    name: str  #: of the model folder
    hash: str  #: 12 hexadecimal digits over everything that decides a score
    data_note: str  #: what the model was trained on and what it cannot tell; may be empty
    scale: Tuple[float, float]  #: the lowest and the highest rating
    precision: str  #: "f32" or "bf16", as chosen


class Model(Handle):
    """A frozen language model, a frozen vision encoder and trained fusion modules. Immutable; threads may share it.

    Every call lets go of the GIL, so that threads score side by side.
    """

    _free_name = "paa_model_free"

    def __init__(self, name: Union[str, "os.PathLike[str]"] = "", *, precision: str = "auto", threads: int = 0,
                 verify_max_bytes: Optional[int] = None,
                 parts: Optional[Mapping[str, Union[str, "os.PathLike[str]"]]] = None,
                 cancel: Optional[Cancel] = None) -> None:
        """Loads a model.

        Args:
            name: A folder, or the name of one under ${PAA_HOME:-~/.cache/paa}/models. Empty: the one that the variable
                PAA_MODEL names, else the default.
            precision: "auto" (bf16 where the CPU has instructions for it), "f32" or "bf16".
            threads: Of one call. 0: libtorch's setting; others set it for the whole process, torch in Python included.
            verify_max_bytes: Parts up to this size have their SHA-256 checked, larger ones their length; 512 MiB.
            parts: Files to take instead of the folder's, by role: {"fusion": "mine.safetensors"}. They must go together
                as those of a folder must.
            cancel: Stops the loading.

        Errors: NotFound, Mismatch, BadFormat, Unsupported, IoError, Cancelled, OutOfMemory, InvalidArgument.
        """
        if precision not in _PRECISIONS:
            raise InvalidArgument(f"precision is {precision!r}; it must be one of {', '.join(_PRECISIONS)}")
        if not 0 <= threads < 2**31:
            raise InvalidArgument(f"threads is {threads}; it must be from 0 to 2**31 - 1")
        options = initialised(_declarations.LoadOptions, "paa_load_options_init")
        options.precision = _PRECISIONS.index(precision)
        options.threads = threads
        if verify_max_bytes is not None:
            options.verify_max_bytes = unsigned("verify_max_bytes", verify_max_bytes)
        roles = [role.encode() for role in parts or {}]
        files = [os.fsencode(path) for path in (parts or {}).values()]
        held = (c_char_p * len(roles))(*roles), (c_char_p * len(files))(*files)
        options.roles, options.paths = (cast(array, c_void_p) for array in held)
        options.part_count = len(roles)
        flag = cancel._use() if cancel is not None else None  # held until the call is over
        if flag is not None:
            options.cancel = flag.pointer
        folder = os.fsencode(name)
        pointer = c_void_p()
        check(library().paa_model_load(byref(pointer), folder, len(folder), byref(options)))
        self._take(pointer)

    @property
    def info(self) -> ModelInfo:
        """What this model is."""
        owned = self._use()
        info = initialised(_declarations.ModelInfo, "paa_model_info_init")
        check(library().paa_model_describe(byref(info), owned.pointer))
        return ModelInfo(info.name.decode("utf-8", "replace"), info.hash.decode(),
                         info.data_note.decode("utf-8", "replace"), (info.scale_low, info.scale_high),
                         _PRECISIONS[info.precision])

    def prepare(self, profile: Union[Profile, Mapping[str, Any], str]) -> Prepared:
        """Lets the model read a profile, or the fields or JSON text of one. Costs a forward pass, once a person.

        Errors: LimitExceeded (more than 256 tokens; never cut), OutOfMemory, those of Profile.
        """
        said = profile if isinstance(profile, Profile) else Profile(profile)
        model, read = self._use(), said._use()
        pointer = c_void_p()
        check(library().paa_model_prepare(byref(pointer), model.pointer, read.pointer))
        return Prepared._of(pointer)

    def fit(self, photo: Photo) -> Photo:
        """A copy at the size that the vision encoder reads, with the same tokens; the large photo can then be closed.

        Error: OutOfMemory.
        """
        model, large = self._use(), photo._use()
        pointer = c_void_p()
        check(library().paa_model_fit(byref(pointer), model.pointer, large.pointer))
        return Photo._of(pointer)

    def encode(self, photos: Sequence[Photo], *, cancel: Optional[Cancel] = None,
               progress: Optional[Progress] = None) -> List[Tokens]:
        """Lets the vision encoder look at photos; their tokens in the same order. The photos may be closed afterwards.

        Args:
            photos: Any number of them, also none.
            cancel: Stops the call.
            progress: Called in this thread as progress(done, total) after each step of up to 64 photos. What it raises
                ends the call and is raised by it.

        Errors: Cancelled, OutOfMemory, what `progress` raises.
        """
        model, held, run = self._use(), [photo._use() for photo in photos], Run(cancel, progress)
        made = (c_void_p * len(held))()
        try:
            run.call(library().paa_model_encode, made, model.pointer, array_of(held), len(held))
        finally:  # Ctrl-C may come after the last step, with all made
            tokens = [Tokens._of(c_void_p(pointer)) for pointer in made if pointer]
        return tokens

    def score_photos(self, person: Prepared, photos: Sequence[Tokens], *, out: Optional[Tuple[Floats, Floats, Floats]]
                     = None, cancel: Optional[Cancel] = None, progress: Optional[Progress] = None) -> Scores:
        """Scores photos for one person.

        Args:
            person: From prepare of a model of the same hash.
            photos: n tokens from encode of a model of the same hash.
            out: Arrays to write to: means (n), spreads (n) and levels (n, 5), float64 and C-contiguous; such as an
                earlier Scores. Without it new ones are made. Unchanged after a failure.
            cancel: As for encode.
            progress: As for encode.

        Returns: `out`, or the new arrays.
        Errors: InvalidArgument (also a person or tokens of another model), Cancelled, OutOfMemory, what `progress`
        raises.
        """
        model, reader, held = self._use(), person._use(), [photo._use() for photo in photos]
        scores, run = _scores(out, len(held)), Run(cancel, progress)
        run.call(library().paa_model_score_photos, *_pointers(scores), model.pointer, reader.pointer, array_of(held),
                 len(held))
        return scores

    def score_people(self, people: Sequence[Prepared], photo: Tokens, *, out: Optional[Tuple[Floats, Floats, Floats]]
                     = None, cancel: Optional[Cancel] = None, progress: Optional[Progress] = None) -> Scores:
        """Scores one photo for n people, in their order. As score_photos."""
        model, seen, held = self._use(), photo._use(), [person._use() for person in people]
        scores, run = _scores(out, len(held)), Run(cancel, progress)
        run.call(library().paa_model_score_people, *_pointers(scores), model.pointer, array_of(held), len(held),
                 seen.pointer)
        return scores


def frame_of(what: str, paths: Optional[Sequence[Union[str, "os.PathLike[str]"]]],
             **columns: Any) -> "pandas.DataFrame":
    """A pandas table of copies, a row for each of `what`, with the paths in front if they are given."""
    import pandas

    rows = len(columns["mean"])
    if paths is not None and len(paths) != rows:
        raise InvalidArgument(f"{len(paths)} paths for {rows} {what}")
    front = {} if paths is None else {"path": [os.fspath(path) for path in paths]}
    return pandas.DataFrame({**front, **columns}, copy=True)


def array_of(held: Sequence[Any]) -> Any:
    """Handles as C takes several of them."""
    return (c_void_p * len(held))(*[owned.pointer.value for owned in held])


def _pointers(scores: Scores) -> Tuple[int, int, int]:
    return scores.means.ctypes.data, scores.spreads.ctypes.data, scores.levels.ctypes.data


def _scores(out: Optional[Tuple[Floats, Floats, Floats]], count: int) -> Scores:
    """Where C writes to: `out`, which must fit to the byte, or new arrays."""
    if out is None:
        return Scores(np.empty(count), np.empty(count), np.empty((count, len(LEVELS))))
    scores = Scores(*out)
    for name, array, shape in zip(Scores._fields, scores, ((count,), (count,), (count, len(LEVELS)))):
        if not (isinstance(array, np.ndarray) and array.dtype == np.float64 and array.shape == shape and
                array.flags.carray):  # C-contiguous, aligned and writeable
            raise InvalidArgument(f"out: {name} must be a writeable C-contiguous float64 array of the shape {shape}")
    return scores
