#!/usr/bin/env python3
"""The examples in C, Python and Rust do their job on real photos and agree with the C++ library.

    examples_test.py C_EXAMPLE PYTHON_EXAMPLE REFERENCE LIBRARY [CARGO RUST_BUILD_FOLDER]

REFERENCE prints what C_EXAMPLE prints, computed through the C++ library. The example in Rust, built with CARGO, prints the
same. Exit status 77: skipped.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

SKIPPED = 77
PROJECT = pathlib.Path(__file__).resolve().parents[2]
PROFILES = [{"age": 24, "gender": "female", "education": "university"},
            {"age": 61, "gender": "male", "about": "I like quiet landscapes and old machines."}]
# Printed with four decimals; a batch of another size moves a score by less than 1e-2 of the scale (bf16).
BATCH_TOLERANCE = 0.07


def home():
    return pathlib.Path(os.environ.get("PAA_HOME") or pathlib.Path.home() / ".cache/paa")


def run(*command, **variables):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=600,
                          env={**os.environ, **variables})


def python():
    """The interpreter that has numpy: the set-up's, else this one."""
    venv = home() / "venv/bin/python"
    return venv if venv.exists() else sys.executable


def output_of(*command, **variables):
    done = run(*command, **variables)
    assert done.returncode == 0, f"{command} exits with {done.returncode}: {done.stderr}"
    return done.stdout


def rust_example(library, cargo, build):
    """The program that Cargo builds from examples/rust."""
    output_of(cargo, "build", "--offline", "--locked", "--manifest-path", PROJECT / "examples/rust/Cargo.toml",
              PAA_LIB_DIR=str(pathlib.Path(library).resolve().parent), CARGO_TARGET_DIR=build)
    return pathlib.Path(build) / "debug/score"


def table_of(output):
    """{photo: [A, B]} from the Python example's table; checks that A's best stands on top."""
    lines = output.splitlines()
    assert lines[0].startswith("A: ") and lines[1].startswith("B: "), output
    rows = [line.split(maxsplit=3) for line in lines[3:]]
    ratings = [float(row[0]) for row in rows]
    assert ratings == sorted(ratings, reverse=True), output
    return {row[3]: [float(row[0]), float(row[1])] for row in rows}


def scores_of(output):
    """{photo: score} from the lines of an example that has one profile."""
    return {line.split(maxsplit=2)[2]: float(line.split()[0]) for line in output.splitlines()}


def check_agreement(examples, script, reference, library, photos, profiles):
    table = table_of(output_of(python(), script, "--library", library, *profiles, *photos))
    assert set(table) == set(map(str, photos)), table
    for person, profile in enumerate(profiles):
        from_cpp = output_of(reference, "", profile, *photos)
        for example in examples:
            printed = output_of(example, "", profile, *photos)
            assert printed == from_cpp, f"{example}:\n{printed}\nC++:\n{from_cpp}"
        scores = scores_of(from_cpp)
        assert len(set(scores.values())) > 1, f"every photo scores the same: {scores}"
        for photo, score in scores.items():
            assert abs(score - table[photo][person]) <= BATCH_TOLERANCE, (photo, score, table[photo])


def check_bad_photo(examples, script, library, photos, profiles, folder):
    """A photo that is none is named, the others are scored, and the exit status is 1."""
    bad = folder / "empty.jpg"
    bad.touch()
    commands = [[example, "", profiles[0]] for example in examples]
    for command in (*commands, [python(), script, "--library", library, *profiles]):
        done = run(*command, bad, photos[0])
        assert done.returncode == 1 and "empty.jpg" in done.stderr and str(photos[0]) in done.stdout, done


def check_bad_profile(examples, script, library, photos, profiles, folder):
    bad = folder / "bad.json"
    bad.write_text('{"shoe_size": 40}')
    commands = [[example, "", bad] for example in examples]
    for command in (*commands, [python(), script, "--library", library, profiles[0], bad]):
        done = run(*command, photos[0])
        assert done.returncode == 1 and "shoe_size" in done.stderr and "Traceback" not in done.stderr, done


def main():
    example, script, reference, library, *rust = sys.argv[1:]
    photos = sorted(path for path in (home() / "samples").glob("*") if path.suffix in (".png", ".jpg"))
    if not photos or not (home() / "models").is_dir():
        print(f"skipped: no model or no sample photos in {home()}; examples/quickstart.sh fetches them")
        return SKIPPED
    if run(python(), "-c", "import numpy").returncode != 0:
        print(f"skipped: {python()} has no numpy")
        return SKIPPED
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        profiles = []
        for i, profile in enumerate(PROFILES):
            profiles.append(folder / f"{i}.json")
            profiles[-1].write_text(json.dumps(profile))
        examples = [example, *([rust_example(library, *rust)] if rust else [])]
        check_agreement(examples, script, reference, library, photos, profiles)
        check_bad_photo(examples, script, library, photos, profiles, folder)
        check_bad_profile(examples, script, library, photos, profiles, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
