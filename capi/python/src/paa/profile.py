"""What is said of a person."""

import json
import os
from ctypes import byref, c_char_p, c_size_t, c_void_p
from typing import Any, Mapping, Union

from ._handle import Handle
from ._library import check, library


class Profile(Handle):
    """What is said of a person: age, gender, interests and so on; all may be left out. Immutable.

    `paa score --help` lists the fields. Nothing is read by a model yet; Model.prepare does that.
    """

    _free_name = "paa_profile_free"

    def __init__(self, fields: Union[Mapping[str, Any], str, bytes] = "{}") -> None:
        """Takes a mapping such as {"age": 34, "about": "I like quiet landscapes."}, or a JSON text of it.

        Errors: BadFormat (not JSON, an unknown field, a wrong type, a value out of range; the message names it),
        LimitExceeded. TypeError for what JSON cannot hold.
        """
        if isinstance(fields, bytes):
            text = fields
        elif isinstance(fields, str):
            text = fields.encode("utf-8", "surrogatepass")  # which the library then refuses by name
        else:
            text = json.dumps(dict(fields)).encode()
        pointer = c_void_p()
        check(library().paa_profile_from_json(byref(pointer), text, len(text)))
        self._take(pointer)

    @classmethod
    def read(cls, path: Union[str, "os.PathLike[str]"]) -> "Profile":
        """Reads a JSON file. Errors: as the constructor, also NotFound, IoError."""
        name = os.fsencode(path)
        pointer = c_void_p()
        check(library().paa_profile_read(byref(pointer), name, len(name)))
        return cls._of(pointer)


class Prepared(Handle):
    """A person as one model has read them; from Model.prepare. Immutable. Of use with a model of the same hash only."""

    _free_name = "paa_prepared_free"

    def __init__(self) -> None:
        raise TypeError("Model.prepare makes these")

    @property
    def text(self) -> str:
        """The profile in the words that the language model reads, such as "a woman, 30 to 34 years old."."""
        owned = self._use()
        text, size = c_char_p(), c_size_t()
        check(library().paa_prepared_text(byref(text), byref(size), owned.pointer))
        return (text.value or b"").decode("utf-8", "replace")
