#!/usr/bin/env python3
"""What a call through C, Python and Rust costs beside the same work in C++, in one run on one machine.

    compare_bindings.py BUILD      the build folder, with binding_bench; needs the default model

Prints microseconds a call, what is above C++, and the ratio. All are for the same photos and verdicts.
Rust is left out where there is no Cargo.
"""

import json
import os
import pathlib
import shutil
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


def in_rust(build):
    """The command of the crate's example; none where there is no Cargo."""
    cargo = shutil.which("cargo")
    if cargo is None:
        return []
    command = [cargo, "run", "--release", "--offline", "--quiet", "--manifest-path", PROJECT / "capi/rust/Cargo.toml",
               "--example", "prediction_cost", "--", str(ROUNDS), str(CALLS), str(BATCH)]
    return lines_of(command, PAA_LIB_DIR=str(build / "capi"), CARGO_TARGET_DIR=str(build / "tests/bench/rust"))


def lines_of(command, **environment):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env={**os.environ, **environment})
    return [json.loads(line) for line in done.stdout.splitlines()]


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    rows = lines_of([build / "tests/bench/binding_bench", f"--rounds={ROUNDS}", f"--calls={CALLS}", f"--batch={BATCH}"])
    times = {(row["work"], row["language"]): row["us"] for row in rows + in_rust(build)}
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
