#!/usr/bin/env python3
"""Expected values of tests/dlllm/gaussian_process_test.cpp: scikit-learn's GaussianProcessRegressor with an equal kernel.

The population and the photos are those of data/fusion.json. Needs numpy and scikit-learn.

    python3 make_gaussian_process_goldens.py > ../dlllm/data/gaussian_process.json
"""

import json
import pathlib

import numpy
import sklearn
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct, Kernel

DATA = pathlib.Path(__file__).resolve().parent.parent / "dlllm" / "data"
SCALE, LENGTH = 0.9, 0.8


class Columns(Kernel):
    """A kernel of some of the columns."""

    def __init__(self, kernel, begin, end):
        self.kernel, self.begin, self.end = kernel, begin, end

    def part(self, values):
        return None if values is None else values[:, self.begin : self.end]

    def __call__(self, X, Y=None, eval_gradient=False):
        return self.kernel(self.part(X), self.part(Y))

    def diag(self, X):
        return self.kernel.diag(self.part(X))

    def is_stationary(self):
        return self.kernel.is_stationary()


def main():
    golden = json.loads((DATA / "fusion.json").read_text())
    p, rows = golden["population"], numpy.array(golden["rows"])
    score = (rows[:, 0] - p["score_mean"]) / p["score_deviation"]
    means = numpy.concatenate([group["mean"] for group in golden["groups"]])
    deviations = numpy.concatenate([group["deviation"] for group in golden["groups"]])
    columns = (rows[:, 1:] - means) / deviations
    scale = numpy.concatenate([numpy.full(len(g["mean"]), g["scale"] / numpy.sqrt(len(g["mean"]))) for g in golden["groups"]])
    # One set of inputs for both parts: those of the linear kernel, then those of the radial one.
    linear = numpy.column_stack([numpy.full(len(rows), p["offset_scale"]), p["tilt_scale"] * score, columns * scale])
    radial = columns / numpy.sqrt(columns.shape[1])
    inputs = numpy.column_stack([linear, radial])
    first = linear.shape[1]

    kernel = (Columns(DotProduct(0, "fixed"), 0, first) +
              Columns(ConstantKernel(SCALE**2, "fixed") * RBF(LENGTH, "fixed"), first, inputs.shape[1]))
    prior = p["intercept"] + p["slope"] * score

    cases = []
    for case in golden["cases"]:
        if case["name"] not in ("one rating", "stars"):
            continue
        photos = [verdict["photo"] for verdict in case["verdicts"]]
        stars = numpy.array([verdict["stars"] for verdict in case["verdicts"]])
        process = GaussianProcessRegressor(kernel, alpha=p["noise"] ** 2, optimizer=None)
        process.fit(inputs[photos], stars - prior[photos])
        mean, deviation = process.predict(inputs, return_std=True)
        cases.append({"name": case["name"], "verdicts": case["verdicts"], "mean": (prior + mean).tolist(),
                      "deviation": deviation.tolist()})
    print(json.dumps({"made_with": {"numpy": numpy.__version__, "scikit-learn": sklearn.__version__},
                      "gaussian_process": {"scale": SCALE, "length": LENGTH}, "cases": cases}))


if __name__ == "__main__":
    main()
