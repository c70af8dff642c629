#!/usr/bin/env python3
"""Scores a folder of any size with Ray and prints the photos that the person likes best (docs/python.md).

    score_folder.py --profile PROFILE.json --out SCORES [--workers N] FOLDER

Run again after an interruption, or when photos have been added, it does only what is missing. The exit status is 1 if a
photo could not be scored.
"""

import argparse
import pathlib
import sys

import paa
import paa.ray


def main():
    parser = argparse.ArgumentParser(description="Scores a folder of any size.")
    parser.add_argument("--profile", required=True, help="a JSON file")
    parser.add_argument("--out", required=True, help="a folder for the results; read later by pandas.read_parquet")
    parser.add_argument("--model", default="", help="a folder or a name; without it the default model")
    parser.add_argument("--workers", type=int, default=0, help="without it as many as there are cores")
    parser.add_argument("--top", type=int, default=10, help="how many photos to print; 10")
    parser.add_argument("folder")
    options = parser.parse_args()

    profile = pathlib.Path(options.profile).read_text(encoding="utf-8")
    table = paa.ray.score_folder(options.folder, profile, options.out, model=options.model, workers=options.workers,
                                 progress=lambda done, total: print(f"{done} of {total}", file=sys.stderr))
    failed = table[table["error"].notna()]
    for path, error in zip(failed["path"], failed["error"]):
        print(f"score_folder.py: {path}: {error}", file=sys.stderr)
    for row in table.nlargest(options.top, "mean").itertuples():
        print(f"{row.mean:.4f} +- {row.spread:.4f}  {row.path}")
    return 1 if len(failed) > 0 else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (paa.Error, ImportError, OSError) as error:
        sys.exit(f"score_folder.py: {error}")
