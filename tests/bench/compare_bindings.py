#!/usr/bin/env python3
"""What a call through C and Python costs beside the same work in C++, in one run on one machine.

    compare_bindings.py BUILD      the build folder, with binding_bench; needs the default model

Prints microseconds a call, what is above C++, and the ratio. Python's numbers are for the same photos and verdicts.
"""

import json
import os
import pathlib
import subprocess
import sys
import time

PROJECT = pathlib.Path(__file__).resolve().parents[2]
ROUNDS, CALLS, BATCH, PHOTOS = 9, 2000, 10000, 16


def drawn(count):
    """The photos of binding_bench."""
    i = numpy.arange(3 * 240 * 160, dtype=numpy.uint64)
    return [((i * (k + 1) // 97 + i % 3 * 60) % 256).astype(numpy.uint8).reshape(160, 240, 3) for k in range(count)]


def least_us(calls, work):
    """Microseconds a call: the least of the rounds, which other programs disturbed least."""
    least = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(calls):
            work()
        least = min(least, (time.perf_counter() - start) / calls * 1e6)
    return least


def in_python():
    model, person = paa.Model(threads=1), paa.Person()
    predictor = paa.Predictor(model, person)
    photos = [paa.Photo(pixels) for pixels in drawn(PHOTOS)]
    for index, photo in enumerate(photos):
        person.rate(photo, 1 + index % 7)
    seen = predictor.see(photos)
    predictor.learn(person, seen)
    many = [seen[index % PHOTOS] for index in range(BATCH)]
    return {"one prediction": least_us(CALLS, lambda: predictor.predict(seen[:1])),
            "a batch": least_us(1, lambda: predictor.predict(many))}


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    done = subprocess.run([build / "tests/bench/binding_bench", f"--rounds={ROUNDS}", f"--calls={CALLS}",
                           f"--batch={BATCH}"], capture_output=True, text=True, check=True)
    times = {(row["work"], row["language"]): row["us"] for row in map(json.loads, done.stdout.splitlines())}
    times.update({(work, "python"): us for work, us in in_python().items()})
    for (work, language), us in sorted(times.items()):
        plain = times[work, "c++"]
        print(f"{work:15} {language:7} {us:12.2f} us  {us - plain:+10.2f} us  {us / plain:6.3f}")


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ["PAA_LIBRARY"] = str(pathlib.Path(sys.argv[1]).resolve() / "capi/libpaa_capi.so")
    sys.path.insert(0, str(PROJECT / "capi/python/src"))
    import numpy
    import paa
    main()
