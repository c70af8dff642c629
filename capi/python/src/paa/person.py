"""A person's own file: what they said of photos, of themselves, and in interviews."""

import dataclasses
import os
import threading
from ctypes import byref, c_void_p
from typing import Any, List, Mapping, Optional, Tuple, Union

from . import _declarations
from ._handle import Handle
from ._library import check, initialised, library, take_text, text_of
from .photo import Photo
from .profile import Profile

Path = Union[str, "os.PathLike[str]"]

_KINDS = ("stars", "preference", "keep", "reject")


@dataclasses.dataclass(frozen=True)
class Verdict:
    """One thing that a person said of photos."""

    kind: str  #: "stars", "preference", "keep" or "reject"
    photo: str  #: Photo.hash; of a preference the better one
    other: str  #: of a preference the worse one; else empty
    stars: float  #: on the person's scale; 0 unless kind is "stars"
    time_ms: int  #: when it was said, milliseconds since 1970-01-01 UTC


@dataclasses.dataclass(frozen=True)
class Preference:
    """A like or dislike that an interview found, with its evidence."""

    statement: str  #: "dislikes crowded beaches"
    subject: str  #: in the person's words: "crowded beaches"
    quote: str  #: what they said
    likes: bool
    strength: int  #: 1 mild, 2, 3 strong
    confidence: float  #: 0 to 1: how sure the reader is that this was meant


@dataclasses.dataclass(frozen=True)
class Concept:
    """What photos are rated on for a person: a question with two ends."""

    name: str
    question: str
    low: str  #: what the one end means
    high: str  #: what the other end means
    stated: float  #: what the person said of the high end: -3 (dislikes it strongly) to 3; 0: nothing, or both
    enabled: bool  #: False: the person switched it off


class Person(Handle):
    """Everything that is known of one person, in one file that the person owns, or only in memory.

    What is said is on the disk when the call returns; other programs may write to the file between calls, and nothing
    of theirs is lost. Threads may share it; their calls wait for each other.
    """

    _free_name = "paa_person_free"

    def __init__(self, path: Optional[Path] = None) -> None:
        """Opens a person file, which need not exist: the first change makes it. None: in memory only.

        Errors: BadFormat, Unsupported (written by a newer version), IoError, InvalidArgument.
        """
        name = b"" if path is None else os.fsencode(path)
        pointer = c_void_p()
        check(library().paa_person_open(byref(pointer), name, len(name)))
        self.path = path  #: of the file; None: in memory only
        self._lock = threading.RLock()
        self._take(pointer)

    @classmethod
    def from_json(cls, text: Union[str, bytes]) -> "Person":
        """A person in memory from what to_json gave. Errors: BadFormat, Unsupported, LimitExceeded."""
        data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
        pointer = c_void_p()
        check(library().paa_person_from_json(byref(pointer), data, len(data)))
        person = cls._of(pointer)
        person.path = None
        person._lock = threading.RLock()
        return person

    @staticmethod
    def delete(path: Path) -> None:
        """Deletes a person file, its lock and an unfinished interview. Errors: NotFound, IoError."""
        name = os.fsencode(path)
        check(library().paa_person_delete_file(name, len(name)))

    def to_json(self) -> str:
        """The whole person, as the text of a person file."""
        pointer = c_void_p()
        self._call("paa_person_to_json", byref(pointer), last=True)
        return take_text(pointer)

    def reload(self) -> None:
        """Takes in what other programs have written to the file since."""
        self._call("paa_person_reload")

    @property
    def scale(self) -> Tuple[float, float]:
        """The lowest and the highest rating; 1 and 7 unless it is set, which is possible before the first verdict.

        Error on setting it: Mismatch.
        """
        info = self._info()
        return info.scale_low, info.scale_high

    @scale.setter
    def scale(self, ends: Tuple[float, float]) -> None:
        low, high = ends
        self._call("paa_person_set_scale", low, high)

    @property
    def profile(self) -> Profile:
        """What the person says of themselves; may be set to a Profile, or to the fields or JSON text of one."""
        pointer = c_void_p()
        self._call("paa_person_profile", byref(pointer), last=True)
        return Profile._of(pointer)

    @profile.setter
    def profile(self, profile: Union[Profile, Mapping[str, Any], str]) -> None:
        said = (profile if isinstance(profile, Profile) else Profile(profile))._use()
        self._call("paa_person_set_profile", said.pointer)

    def rate(self, photo: Photo, stars: float) -> None:
        """"I give this photo `stars`", on the person's scale; takes the place of an earlier rating.

        Errors: InvalidArgument (out of the scale, a photo of Model.fit), IoError; the person is then as before.
        """
        said = photo._use()
        self._call("paa_person_rate", said.pointer, stars)

    def choose(self, better: Photo, worse: Photo) -> None:
        """"I like `better` more than `worse`." Errors: as rate."""
        first, second = better._use(), worse._use()
        self._call("paa_person_choose", first.pointer, second.pointer)

    def keep(self, photo: Photo, keep: bool = True) -> None:
        """"I keep this photo", or "I throw it away". Errors: as rate."""
        said = photo._use()
        self._call("paa_person_keep", said.pointer, int(keep))

    def skip(self, photo: Photo, other: Optional[Photo] = None) -> None:
        """Notes that the person was asked of a photo, or of two, and need not be asked again. Errors: as rate."""
        said, second = photo._use(), other._use() if other is not None else None
        self._call("paa_person_skip", said.pointer, second.pointer if second is not None else None)

    def forget(self, photo: Photo) -> None:
        """Takes back all that was said of a photo. Errors: NotFound (nothing was), those of rate."""
        said = photo._use()
        self._call("paa_person_forget", said.pointer)

    def merge(self, other: "Person") -> None:
        """Takes in what `other`, the same person elsewhere, holds. Errors: Mismatch (another scale), those of rate."""
        copy = Person.from_json(other.to_json())._use()  # so that no call holds two persons' locks
        self._call("paa_person_merge", copy.pointer)

    @property
    def verdicts(self) -> List[Verdict]:
        """What holds now, in the order said."""
        return [Verdict(_KINDS[one.kind], text_of(one.photo), text_of(one.other), one.stars, one.time_ms)
                for one in self._entries("verdict", _declarations.Verdict)]

    @property
    def preferences(self) -> List[Preference]:
        """Likes and dislikes from interviews."""
        return [Preference(text_of(one.statement), text_of(one.subject), text_of(one.quote), bool(one.likes),
                           one.strength, one.confidence)
                for one in self._entries("preference", _declarations.Preference)]

    @property
    def concepts(self) -> List[Concept]:
        """The person's own concepts; none before the first interview."""
        return [Concept(text_of(one.name), text_of(one.question), text_of(one.low), text_of(one.high), one.stated,
                        bool(one.enabled))
                for one in self._entries("concept", _declarations.Concept)]

    def enable_concept(self, name: str, enabled: bool = True) -> None:
        """Switches a concept on or off; predictors made before go on as they were. Errors: NotFound, those of rate."""
        known = name.encode()
        self._call("paa_person_enable_concept", known, len(known), int(enabled))

    def reword_concept(self, name: str, words: str) -> None:
        """Lets photos be rated on other words, such as "wooden boats"; the name stays. As enable_concept."""
        known, wanted = name.encode(), words.encode()
        self._call("paa_person_reword_concept", known, len(known), wanted, len(wanted))

    def _call(self, name: str, *arguments: Any, last: bool = False) -> None:
        """A C function that takes the person first, or `last`, beside what it writes to."""
        owned = self._use()
        with self._lock:
            order = (*arguments, owned.pointer) if last else (owned.pointer, *arguments)
            check(getattr(library(), name)(*order))

    def _info(self) -> _declarations.PersonInfo:
        info = initialised(_declarations.PersonInfo, "paa_person_info_init")
        self._call("paa_person_describe", byref(info), last=True)
        return info

    def _entries(self, what: str, struct: Any) -> List[Any]:
        """Structs whose texts live until the next change, so they are copied, one by one, under the lock."""
        entries = []
        with self._lock:
            owned = self._use()
            for index in range(getattr(self._info(), f"{what}_count")):
                entry = initialised(struct, f"paa_{what}_init")
                check(getattr(library(), f"paa_person_{what}")(byref(entry), owned.pointer, index))
                entries.append(_copy(entry))
        return entries


class _Entry:
    """A struct's fields, its texts as bytes of Python's own."""


def _copy(struct: Any) -> Any:
    entry = _Entry()
    for name, *_ in struct._fields_:
        setattr(entry, name, getattr(struct, name))  # reading a c_char_p copies what it points to
    return entry
