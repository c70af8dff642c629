"""Predictions for one person, learned from what they say of photos."""

import dataclasses
import os
import threading
from ctypes import byref, c_char_p, c_double, c_size_t, c_void_p
from typing import TYPE_CHECKING, List, NamedTuple, Optional, Sequence

import numpy as np

from . import _declarations
from ._handle import Handle, Owned
from ._library import check, initialised, library, text_of, unsigned
from .chat import Chat, ChatCall
from .model import LEVELS, Floats, Model, array_of, frame_of
from .person import Path, Person
from .photo import Photo
from .run import Cancel, Progress, Run

if TYPE_CHECKING:
    import pandas


class Seen(Handle):
    """A photo as a predictor has seen it; from Predictor.see. Immutable.

    Of use with that predictor, and with others of the same model, profile and concepts.
    """

    _free_name = "paa_seen_free"

    def __init__(self) -> None:
        raise TypeError("Predictor.see makes these")


class Predictions(NamedTuple):
    """What a person is expected to give to n photos, in the order given."""

    means: Floats  #: (n): expected ratings on the person's scale
    spreads: Floats  #: (n): standard deviations of a rating, same units
    deviations: Floats  #: (n): standard deviations of the mean alone: what more verdicts take away
    levels: Floats  #: (n, 5): the probabilities of LEVELS

    def to_frame(self, paths: Optional[Sequence[Path]] = None) -> "pandas.DataFrame":
        """A pandas table, with columns "path" (if given), "mean", "spread", "deviation" and LEVELS. Copies the figures.

        Errors: InvalidArgument (not n paths), ImportError (no pandas).
        """
        return frame_of("predictions", paths, mean=self.means, spread=self.spreads, deviation=self.deviations,
                        **dict(zip(LEVELS, self.levels.T)))


class Reason(NamedTuple):
    """One cause of a prediction."""

    text: str  #: "vivid colours", "what most people like about it"
    points: float  #: of the person's scale that it adds; below 0: takes away


@dataclasses.dataclass(frozen=True)
class Explanation:
    """A prediction taken apart: `usual` and the points of all reasons sum to it, before it is cut to the scale."""

    usual: float  #: what this person is expected to give to a typical photo
    reasons: List[Reason]  #: the strongest first; what is not told one by one comes last, summed


class Question(NamedTuple):
    """What to ask the person."""

    photo: int  #: index into the photos that were handed in
    other: Optional[int]  #: of "which of two is better" the second one
    gain: float  #: what the answer is expected to take off the mean spread, points of the population's scale


class Predictor(Handle):
    """Learns from a person's verdicts, beginning from what other people's ratings tell.

    It keeps what it needs of the model. Threads may share it; their calls wait for each other.
    """

    _free_name = "paa_predictor_free"

    def __init__(self, model: Model, person: Person, *, population: Optional[Path] = None,
                 cache: Optional[Path] = None, chat: Optional[Chat] = None, chat_id: str = "") -> None:
        """Knows the person's profile and concepts, and predicts from them alone; verdicts come with learn().

        Args:
            model: Who looks at photos.
            person: Whose profile and concepts count. Make a new predictor when they change.
            population: File of what other people's ratings tell; None: the model folder's.
            cache: Folder where what the model saw in photos is remembered; None: nowhere.
            chat: Rates photos on concepts, where the population asks for that. Called by four threads at once; it must
                use neither this predictor nor the person.
            chat_id: Tells this chat from others in the cache; empty: nothing is remembered of what it says.

        Errors: NotFound (a model without population), Mismatch (a population of another model), BadFormat, IoError,
        LimitExceeded (a profile too long), OutOfMemory.
        """
        options = initialised(_declarations.PredictorOptions, "paa_predictor_options_init")
        options.population = b"" if population is None else os.fsencode(population)
        options.population_size = len(options.population)
        options.cache = b"" if cache is None else os.fsencode(cache)
        options.cache_size = len(options.cache)
        options.chat_id = chat_id.encode()
        options.chat_id_size = len(options.chat_id)
        self._chat = ChatCall(chat)
        options.chat = self._chat.callback
        loaded, known, pointer = model._use(), person._use(), c_void_p()
        with person._lock:
            check(library().paa_predictor_new(byref(pointer), loaded.pointer, known.pointer, byref(options)))
        self._lock = threading.RLock()
        self._take(pointer, self._chat)

    def see(self, photos: Sequence[Photo], *, cancel: Optional[Cancel] = None,
            progress: Optional[Progress] = None) -> List[Seen]:
        """Lets the model look at photos, in their order; they may be closed afterwards.

        Errors: InvalidArgument (a photo of Model.fit), Cancelled, IoError (the cache), OutOfMemory, what `progress`
        raises.
        """
        owned, held = self._use(), [photo._use() for photo in photos]
        out, run = (c_void_p * len(held))(), Run(cancel, progress)
        seen: List[Seen] = []
        try:
            with self._lock, self._chat.told():
                run.call(library().paa_predictor_see, out, owned.pointer, array_of(held), len(held))
        finally:  # what was made must not be lost where Ctrl-C comes after the last step
            seen += [Seen._of(c_void_p(pointer)) for pointer in out if pointer]
        return seen

    def learn(self, person: Person, seen: Sequence[Seen] = (), *, cancel: Optional[Cancel] = None) -> int:
        """Learns from all verdicts of the person anew.

        Of rated photos in `seen` what was seen is written to the person; others are looked at where the person last
        had them. Returns how many could not be found: verdicts about them do not count yet. Errors: InvalidArgument
        (photos that another kind of predictor saw), Cancelled, IoError, OutOfMemory.
        """
        owned, known = self._use(), person._use()
        held, unseen = [one._use() for one in seen], c_size_t()
        flag = cancel._use() if cancel is not None else None
        with self._lock, person._lock, self._chat.told():
            check(library().paa_predictor_learn(byref(unseen), owned.pointer, known.pointer, array_of(held), len(held),
                                                flag.pointer if flag is not None else None))
        return unseen.value

    def predict(self, seen: Sequence[Seen]) -> Predictions:
        """The person's expected ratings of photos. Error: InvalidArgument (seen by another kind of predictor)."""
        owned, held = self._use(), [one._use() for one in seen]
        count = len(held)
        made = Predictions(np.empty(count), np.empty(count), np.empty(count), np.empty((count, len(LEVELS))))
        with self._lock:
            check(library().paa_predictor_predict(*[array.ctypes.data for array in made], owned.pointer, array_of(held),
                                                  count))
        return made

    def explain(self, seen: Seen) -> Explanation:
        """Why the photo is expected to get its rating. Error: as predict."""
        owned, photo, pointer, usual, count = self._use(), seen._use(), c_void_p(), c_double(), c_size_t()
        with self._lock:
            check(library().paa_predictor_explain(byref(pointer), byref(usual), byref(count), owned.pointer,
                                                  photo.pointer))
        reasons = Owned(pointer, library().paa_reasons_free)
        return Explanation(usual.value, [_reason(reasons, index) for index in range(count.value)])

    def ask(self, person: Person, seen: Sequence[Seen], *, count: int = 1, pairs: bool = False,
            threshold: Optional[float] = None) -> List[Question]:
        """What to ask next: the photos whose ratings would make the predictions for all of them surest.

        Args:
            person: What they have rated, or skipped, is not asked again.
            seen: The photos that may be asked about.
            count: Questions wanted at most.
            pairs: Ask which of two is better instead.
            threshold: Points that an answer must be expected to teach; None: the population's. 0: ask anyway.

        Errors: InvalidArgument.
        """
        options = initialised(_declarations.AskOptions, "paa_ask_options_init")
        options.pairs = int(pairs)
        if threshold is not None:
            options.threshold = threshold
        owned, known, held, found = self._use(), person._use(), [one._use() for one in seen], c_size_t()
        most = options.count = min(unsigned("count", count), len(held) * max(1, len(held)))
        photos, others, gains = np.empty(most, np.uintp), np.empty(most, np.uintp), np.empty(most)
        with self._lock, person._lock:
            check(library().paa_predictor_ask(byref(found), photos.ctypes.data, others.ctypes.data, gains.ctypes.data,
                                              owned.pointer, known.pointer, array_of(held), len(held),
                                              byref(options)))
        return [Question(int(photos[i]), int(others[i]) if pairs else None, float(gains[i]))
                for i in range(found.value)]


def _reason(reasons: Owned, index: int) -> Reason:
    text, size, points = c_char_p(), c_size_t(), c_double()
    check(library().paa_reasons_get(byref(text), byref(size), byref(points), reasons.pointer, index))
    return Reason(text_of(text.value), points.value)
