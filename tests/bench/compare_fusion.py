#!/usr/bin/env python3
"""Runs FeatureFusion and scikit-learn in turn on the same numbers and the same core.

    python tests/bench/compare_fusion.py --bench BUILD/tests/bench/fusion_bench

Needs numpy and scikit-learn. Fits one person: 100 ratings, 1,300 features; predicts 10,000 photos. Prints medians and how many
times faster paa is. README.md says what is measured and how.
"""

import os

# Before numpy is imported: one thread each.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile
import time

import numpy
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
from sklearn.linear_model import BayesianRidge, RidgeCV

RATINGS, PHOTOS, COLUMNS = 100, 10_000, 1_301


def median_ms(work, rounds):
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - begin))
    return statistics.median(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", type=pathlib.Path, required=True, help="the program fusion_bench")
    parser.add_argument("--rounds", type=int, default=15)
    args = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    random = numpy.random.default_rng(0)
    train = random.normal(size=(RATINGS, COLUMNS)).astype(numpy.float32)
    photos = random.normal(size=(PHOTOS, COLUMNS)).astype(numpy.float32)
    stars = numpy.clip(4 + train[:, 0] + train[:, 1:30].sum(axis=1) / 5 + random.normal(size=RATINGS), 1, 7)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        train.tofile(folder / "train.f32")
        photos.tofile(folder / "photos.f32")
        stars.tofile(folder / "stars.f64")
        (folder / "shape.txt").write_text(f"{RATINGS} {PHOTOS} {COLUMNS}\n")
        ours = json.loads(subprocess.run([args.bench, folder, str(args.rounds)], check=True, stdout=subprocess.PIPE).stdout)
    kernel = ConstantKernel() * RBF(length_scale=30) + WhiteKernel()
    peers = {
        "BayesianRidge": BayesianRidge().fit,
        "GaussianProcessRegressor (hyper-parameters fitted)": GaussianProcessRegressor(kernel, normalize_y=True).fit,
        "GaussianProcessRegressor (hyper-parameters given)": GaussianProcessRegressor(kernel, normalize_y=True, optimizer=None).fit,
        "RidgeCV": RidgeCV(alphas=numpy.logspace(0, 4, 9)).fit,
    }
    print(f"fit, {RATINGS} ratings x {COLUMNS - 1} features: paa {ours['fit']:.2f} ms; one more rating {ours['add']:.2f} ms")
    doubles = train.astype(numpy.float64)
    for name, fit in peers.items():
        peer = median_ms(lambda fit=fit: fit(doubles, stars), max(3, args.rounds // 5))
        print(f"  {name}: {peer:.2f} ms, paa is {peer / ours['fit']:.1f} times as fast")
    weights = random.normal(size=COLUMNS).astype(numpy.float32)
    peer = median_ms(lambda: photos @ weights, args.rounds)
    print(f"predict, {PHOTOS} photos: paa {ours['predict']:.2f} ms, numpy photos @ weights {peer:.2f} ms, "
          f"paa is {peer / ours['predict']:.2f} times as fast")


if __name__ == "__main__":
    main()
