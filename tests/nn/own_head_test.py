#!/usr/bin/env python3
"""The C++ example learns from the sample photos, in whatever order they are rated, and refuses what it cannot read.

    own_head_test.py OWN_HEAD

Exit status 77: skipped.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

SKIPPED = 77


def home():
    return pathlib.Path(os.environ.get("PAA_HOME") or pathlib.Path.home() / ".cache/paa")


def run(program, *arguments, status=0):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, timeout=600)
    assert done.returncode == status, f"{arguments}: exit status {done.returncode}, not {status}: {done.stderr}"
    return done.stdout if status == 0 else done.stderr


def table(folder, rows):
    file = folder / "ratings.csv"
    file.write_text("photo,rating\n" + "".join(f"{photo},{rating}\n" for photo, rating in rows))
    return file


def check_learning(program, folder, photos, ratings):
    """Gives the hash of the frozen weights. The last argument is a rated photo again, under another name."""
    rows = list(zip([photo.name for photo in photos], ratings))
    output = run(program, table(folder, rows), folder / "again.jpg")

    losses = [float(loss) for loss in re.findall(r"^step +\d+  loss ([\d.]+)$", output, re.MULTILINE)]
    assert len(losses) == 60 and losses[-1] < losses[0] / 10, losses

    lines = re.findall(r"^ *([\d.]+|-) +([\d.-]+)  (.+)$", output.split("predicted  photo\n")[1], re.MULTILINE)
    assert [pathlib.Path(path).name for _, _, path in lines] == [*(photo.name for photo in photos), "again.jpg"], output
    predicted = [float(value) for _, value, _ in lines]
    assert [value for value, _, _ in lines] == [*(f"{rating:.2f}" for rating in ratings), "-"], output
    assert predicted.pop() == predicted[0], f"the same photo has two predictions: {output}"
    order = sorted(range(len(ratings)), key=lambda i: predicted[i])
    assert order == sorted(range(len(ratings)), key=lambda i: ratings[i]), output
    return re.search(r"frozen LLM is as it was: ([0-9a-f]{64})\n", output)[1]


def check_refusals(program, folder, photo):
    assert run(program, status=2).startswith("usage: own_head RATINGS.csv"), "no usage"
    said = run(program, table(folder, [("nowhere.jpg", 3), (photo.name, 5)]), status=1)
    assert str(folder / "nowhere.jpg") in said, said
    said = run(program, table(folder, [(photo.name, "fine"), (photo.name, 5)]), status=1)
    assert "ratings.csv:2:" in said and "fine" in said, said
    said = run(program, table(folder, [(photo.name, 5)]), status=1)
    assert "ratings.csv" in said and "two" in said, said


def main():
    program = sys.argv[1]
    samples = sorted(path for path in (home() / "samples").glob("*") if path.suffix in (".png", ".jpg"))
    if not samples or not (home() / "models").is_dir():
        print(f"skipped: no model or no sample photos in {home()}; examples/quickstart.sh fetches them")
        return SKIPPED
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        photos = [folder / path.name for path in samples]
        for link, path in zip([*photos, folder / "again.jpg"], [*samples, samples[0]]):
            link.symlink_to(path)
        ratings = [1 + 6 * (2 * i % len(photos)) / (len(photos) - 1) for i in range(len(photos))]
        hashes = {check_learning(program, folder, photos, order) for order in (ratings, ratings[::-1])}
        assert len(hashes) == 1, f"the frozen weights differ from run to run: {hashes}"
        check_refusals(program, folder, photos[0])
    return 0


if __name__ == "__main__":
    sys.exit(main())
