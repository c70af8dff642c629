#!/usr/bin/env python3
"""Makes tests/eval/data/metrics.json: small sets of ratings and predictions with the figures that SciPy, scikit-learn
and mpmath give for them.

Needs numpy, scipy, scikit-learn and mpmath; run it from anywhere. CRPS is integrated from its definition, not taken from
the closed form that is to be tested. null stands for a figure that is not defined.
"""

import json
import math
import pathlib
import warnings

import mpmath
import numpy as np
import scipy
import scipy.stats
import sklearn
import sklearn.metrics

OUT = pathlib.Path(__file__).resolve().parent.parent / "eval" / "data" / "metrics.json"
MIDDLE = 4.0
LEVELS = (0.5, 0.8, 0.95)
mpmath.mp.dps = 40


def crps_of(truth, mean, spread):
    """The integral of (F(x) - [x >= truth])^2 for the normal distribution F."""
    if spread == 0:
        return abs(truth - mean)
    z = (mpmath.mpf(truth) - mpmath.mpf(mean)) / mpmath.mpf(spread)
    below = mpmath.quad(lambda x: mpmath.ncdf(x) ** 2, [-mpmath.inf, min(z, -4), z])
    above = mpmath.quad(lambda x: mpmath.ncdf(-x) ** 2, [z, max(z, 4), mpmath.inf])
    return float(mpmath.mpf(spread) * (below + above))


def defined(number):
    return None if math.isnan(number) else float(number)


def figures_of(truth, mean, spread):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # constant input
        figures = {
            "srocc": scipy.stats.spearmanr(truth, mean).statistic,
            "plcc": scipy.stats.pearsonr(truth, mean).statistic,
            "tau": scipy.stats.kendalltau(truth, mean).statistic,
        }
    figures["mae"] = sklearn.metrics.mean_absolute_error(truth, mean)
    figures["rmse"] = sklearn.metrics.root_mean_squared_error(truth, mean)
    figures["high_accuracy"] = sklearn.metrics.accuracy_score(truth > MIDDLE, mean > MIDDLE)
    for level in LEVELS:
        low, high = scipy.stats.norm.interval(level, mean, np.where(spread > 0, spread, 1))
        low, high = np.where(spread > 0, low, mean), np.where(spread > 0, high, mean)
        figures[f"coverage_{level * 100:.0f}"] = np.mean((low <= truth) & (truth <= high))
    figures["crps"] = np.mean([crps_of(*case) for case in zip(truth, mean, spread)])
    return {name: defined(value) for name, value in figures.items()}


def draw_cases():
    rng = np.random.default_rng(4)
    for count in (2, 2, 2, 3, 4, 5, 7, 10, 16, 22, 40, 87):
        for kind in range(6):
            truth = rng.integers(1, 8, count).astype(float)
            mean = truth + rng.normal(0, 2, count)
            spread = rng.uniform(0.3, 2, count)
            if kind == 1:
                mean = np.round(np.clip(mean, 1, 7))  # ties on both sides
            elif kind == 2:
                mean = np.round(-mean)
            elif kind == 3:
                truth, mean = rng.normal(0, 1, count), rng.normal(1e6, 1e-3, count)  # far from zero, and close together
                spread = np.full(count, 1e6)
            elif kind == 4:
                mean = np.full(count, 3.7)  # constant
                spread[0] = 0
            elif kind == 5:
                truth = np.full(count, 4.0)
                mean = rng.integers(3, 6, count).astype(float)
            yield truth, mean, spread


def rounded(values):
    """What the test reads is what the figures were computed from."""
    return np.array([float(repr(float(value))) for value in values])


cases = []
for truth, mean, spread in draw_cases():
    truth, mean, spread = map(rounded, (truth, mean, spread))
    cases.append({"truth": truth.tolist(), "mean": mean.tolist(), "spread": spread.tolist(),
                  "figures": figures_of(truth, mean, spread)})
probabilities = [1e-300, 1e-12, 1e-3, 0.025, 0.1, 0.25, 0.4999, 0.5, 0.6, 0.75, 0.9, 0.975, 0.999, 1 - 1e-12]
quantiles = [[p, scipy.stats.norm.ppf(p)] for p in probabilities]

versions = {"numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__,
            "mpmath": mpmath.__version__}
lines = ",\n".join(json.dumps(case) for case in cases)
OUT.parent.mkdir(exist_ok=True)
OUT.write_text(f'{{"versions": {json.dumps(versions)},\n"middle": {MIDDLE},\n"quantiles": {json.dumps(quantiles)},\n'
               f'"cases": [\n{lines}\n]}}\n')
