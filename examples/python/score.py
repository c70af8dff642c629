#!/usr/bin/env python3
"""Scores photos for two people through the C library, with ctypes and numpy only.

    score.py [--library libpaa_capi.so] [--model MODEL] PROFILE_A.json PROFILE_B.json PHOTO...

Prints a table of expected ratings, the photo that person A likes best on top. The library is the one in --library, else
in the variable PAA_LIBRARY, else the system's. A photo that cannot be read does not stop the others; the exit status is
then 1.
"""

import argparse
import ctypes
import os
import sys
from ctypes import POINTER, byref, c_char_p, c_int32, c_size_t, c_void_p

import numpy as np


class PaaError(Exception):
    """A call of the library failed: the message is the library's, `status` one of paa.h's PAA_ values."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


def open_library(path):
    """libpaa_capi with the types of every function used here; those that return a status raise PaaError instead."""
    library = ctypes.CDLL(path)
    library.paa_last_error.argtypes = []
    library.paa_last_error.restype = c_char_p

    def check(status, _function, _arguments):
        if status != 0:
            raise PaaError(status, library.paa_last_error().decode(errors="replace"))

    handle, handles, options = c_void_p, POINTER(c_void_p), c_void_p
    doubles = np.ctypeslib.ndpointer(dtype=np.float64, flags="C_CONTIGUOUS")
    text = [c_char_p, c_size_t]
    calls = {
        "paa_model_load": [handles, *text, options],
        "paa_profile_read": [handles, *text],
        "paa_model_prepare": [handles, handle, handle],
        "paa_prepared_text": [POINTER(c_char_p), POINTER(c_size_t), handle],
        "paa_photo_read": [handles, *text, options],
        "paa_model_encode": [handles, handle, handles, c_size_t, options],
        "paa_model_score_photos": [doubles, doubles, doubles, handle, handle, handles, c_size_t, options],
    }
    for name, arguments in calls.items():
        function = getattr(library, name)
        function.argtypes = arguments
        function.restype = c_int32
        function.errcheck = check
    for name in ("model", "profile", "prepared", "photo", "tokens"):
        function = getattr(library, f"paa_{name}_free")
        function.argtypes = [handle]
        function.restype = None
    return library


class Owned:
    """A handle of the library, made by `make(byref(handle), *arguments)` and freed with this object."""

    def __init__(self, free, make, *arguments):
        self.handle = c_void_p()
        self._free = free
        make(byref(self.handle), *arguments)

    def __del__(self):
        self._free(self.handle)


class Scorer:
    """A loaded model."""

    def __init__(self, library, model=""):
        self._paa = library
        name = os.fsencode(model)
        self._model = Owned(library.paa_model_free, library.paa_model_load, name, len(name), None)

    def prepare(self, path):
        """The person that a profile file describes, as the model has read it."""
        name = os.fsencode(path)
        profile = Owned(self._paa.paa_profile_free, self._paa.paa_profile_read, name, len(name))
        return Owned(self._paa.paa_prepared_free, self._paa.paa_model_prepare, self._model.handle, profile.handle)

    def words(self, person):
        """What the model has read about the person."""
        text = c_char_p()
        self._paa.paa_prepared_text(byref(text), None, person.handle)
        return text.value.decode()

    def encode(self, path):
        """The vision tokens of a photo file; the photo itself is not kept."""
        name = os.fsencode(path)
        photo = Owned(self._paa.paa_photo_free, self._paa.paa_photo_read, name, len(name), None)
        return Owned(self._paa.paa_tokens_free, self._paa.paa_model_encode, self._model.handle, byref(photo.handle), 1,
                     None)

    def score(self, person, photos):
        """Expected ratings (n), their standard deviations (n) and the probabilities of the five levels (n, 5)."""
        means, spreads, levels = np.empty(len(photos)), np.empty(len(photos)), np.empty((len(photos), 5))
        handles = (c_void_p * len(photos))(*[photo.handle.value for photo in photos])
        self._paa.paa_model_score_photos(means, spreads, levels, self._model.handle, person.handle, handles,
                                         len(photos), None)
        return means, spreads, levels


def encode_all(scorer, paths):
    """The photos that can be read: their paths and tokens. The others are named on stderr."""
    readable, tokens = [], []
    for path in paths:
        try:
            tokens.append(scorer.encode(path))
            readable.append(path)
        except PaaError as error:
            print(f"score.py: {error}", file=sys.stderr)
    return readable, tokens


def main():
    parser = argparse.ArgumentParser(description="Scores photos for two people.")
    parser.add_argument("--library", default=os.environ.get("PAA_LIBRARY", "libpaa_capi.so"))
    parser.add_argument("--model", default="", help="a folder or a name; without it the default model")
    parser.add_argument("profile_a")
    parser.add_argument("profile_b")
    parser.add_argument("photo", nargs="+")
    options = parser.parse_args()

    scorer = Scorer(open_library(options.library), options.model)
    people = [scorer.prepare(options.profile_a), scorer.prepare(options.profile_b)]
    paths, photos = encode_all(scorer, options.photo)
    ratings = np.array([scorer.score(person, photos)[0] for person in people])

    for name, person in zip("AB", people):
        print(f"{name}: {scorer.words(person)}")
    print(f"{'A':>7} {'B':>7} {'A - B':>7}  photo")
    for i in np.argsort(-ratings[0], kind="stable"):
        a, b = ratings[:, i]
        print(f"{a:7.4f} {b:7.4f} {a - b:+7.4f}  {paths[i]}")
    return 0 if len(paths) == len(options.photo) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (PaaError, OSError) as error:
        sys.exit(f"score.py: {error}")
