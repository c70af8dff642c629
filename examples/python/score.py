#!/usr/bin/env python3
"""Scores photos for two people through the Python package (docs/python.md).

    score.py [--library libpaa_capi.so] [--model MODEL] PROFILE_A.json PROFILE_B.json PHOTO...

Prints a table of expected ratings, the photo that person A likes best on top. The library is the one in --library, else
the one that the package finds. A photo that cannot be read does not stop the others; the exit status is then 1.
"""

import argparse
import os
import sys

import numpy as np
import paa


def encode_all(model, paths):
    """The photos that can be read: their paths and tokens. The others are named on stderr."""
    readable, tokens = [], []
    for path in paths:
        try:
            with paa.Photo(path) as photo:
                tokens += model.encode([photo])
            readable.append(path)
        except paa.Error as error:
            print(f"score.py: {error}", file=sys.stderr)
    return readable, tokens


def main():
    parser = argparse.ArgumentParser(description="Scores photos for two people.")
    parser.add_argument("--library", help="libpaa_capi.so; without it the one that the package finds")
    parser.add_argument("--model", default="", help="a folder or a name; without it the default model")
    parser.add_argument("profile_a")
    parser.add_argument("profile_b")
    parser.add_argument("photo", nargs="+")
    options = parser.parse_args()

    if options.library:
        os.environ["PAA_LIBRARY"] = options.library
    model = paa.Model(options.model)
    people = [model.prepare(paa.Profile.read(path)) for path in (options.profile_a, options.profile_b)]
    paths, photos = encode_all(model, options.photo)
    ratings = np.array([model.score_photos(person, photos).means for person in people])

    for name, person in zip("AB", people):
        print(f"{name}: {person.text}")
    print(f"{'A':>7} {'B':>7} {'A - B':>7}  photo")
    for i in np.argsort(-ratings[0], kind="stable"):
        a, b = ratings[:, i]
        print(f"{a:7.4f} {b:7.4f} {a - b:+7.4f}  {paths[i]}")
    return 0 if len(paths) == len(options.photo) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (paa.Error, ImportError, OSError) as error:
        sys.exit(f"score.py: {error}")
