#!/usr/bin/env python3
"""Expected values of tests/dlllm/feature_fusion_test.cpp: the posterior over weights, in the primal form.

The library works in the dual form and by Newton's method; here the mode is found by scipy's optimiser over the weights
themselves, and the covariance is the inverse Hessian there. Needs numpy and scipy.

    python3 make_fusion_goldens.py > ../dlllm/data/fusion.json
"""

import json

import numpy
import scipy
from scipy.optimize import minimize
from scipy.stats import norm

GROUPS = [("pooled", 0.8, 3), ("statistics", 0.3, 2)]
POPULATION = {"score_mean": 3.9, "score_deviation": 0.7, "intercept": 4.2, "slope": 0.9, "offset_scale": 0.7, "tilt_scale": 0.35,
              "noise": 1.2, "keep_mean": 0.2, "keep_scale": 0.8}
PHOTOS = 12


def features(rows, means, deviations):
    """phi (n, weights) and prior mean (n): offset, tilt, threshold, columns."""
    p = POPULATION
    score = (rows[:, 0] - p["score_mean"]) / p["score_deviation"]
    columns = (rows[:, 1:] - means) / deviations
    scale = numpy.concatenate([numpy.full(size, group / numpy.sqrt(size)) for _, group, size in GROUPS])
    phi = numpy.column_stack([numpy.full(len(rows), p["offset_scale"]), p["tilt_scale"] * score, numpy.zeros(len(rows)),
                              columns * scale])
    return phi, p["intercept"] + p["slope"] * score


def term(verdict, phi, mean):
    """kind, phi of what it is about, its prior mean, its target, noise variance."""
    p = POPULATION
    noise = p["noise"] ** 2
    if verdict["kind"] == "stars":
        return "value", phi[verdict["photo"]], mean[verdict["photo"]], verdict["stars"], noise
    if verdict["kind"] == "preference":
        a, b = verdict["photo"], verdict["other"]
        return "above", phi[a] - phi[b], mean[a] - mean[b], 0, 2 * noise
    one = phi[verdict["photo"]].copy()
    one[0], one[2] = 0, -p["keep_scale"]
    center = mean[verdict["photo"]] - p["intercept"] - p["keep_mean"]
    sign = 1 if verdict["kind"] == "keep" else -1
    return "above", sign * one, sign * center, 0, noise


def posterior(verdicts, phi, mean):
    terms = [term(verdict, phi, mean) for verdict in verdicts]

    def loss(u):
        value = 0.5 * u @ u
        for kind, row, prior, target, variance in terms:
            at = prior + row @ u
            value += (at - target) ** 2 / (2 * variance) if kind == "value" else -norm.logcdf(at / numpy.sqrt(variance))
        return value

    def gradient(u):
        slope = u.copy()
        for kind, row, prior, target, variance in terms:
            at, s = prior + row @ u, numpy.sqrt(variance)
            slope += row * ((at - target) / variance if kind == "value" else
                            -numpy.exp(norm.logpdf(at / s) - norm.logcdf(at / s)) / s)
        return slope

    u = minimize(loss, numpy.zeros(phi.shape[1]), jac=gradient, method="BFGS", options={"gtol": 1e-11, "maxiter": 10000}).x
    hessian = numpy.eye(phi.shape[1])
    for kind, row, prior, target, variance in terms:
        if kind == "value":
            weight = 1 / variance
        else:
            z = (prior + row @ u) / numpy.sqrt(variance)
            ratio = numpy.exp(norm.logpdf(z) - norm.logcdf(z))
            weight = ratio * (ratio + z) / variance
        hessian += weight * numpy.outer(row, row)
    covariance = numpy.linalg.inv(hessian)
    return mean + phi @ u, numpy.sqrt(numpy.einsum("ij,jk,ik->i", phi, covariance, phi))


def main():
    random = numpy.random.default_rng(5)
    columns = sum(size for _, _, size in GROUPS)
    means, deviations = random.normal(0, 1, columns).round(3), random.uniform(0.5, 2, columns).round(3)
    rows = numpy.column_stack([random.normal(3.9, 0.7, PHOTOS), random.normal(means, deviations, (PHOTOS, columns))]).round(4)
    phi, mean = features(rows, means, deviations)
    stars = [{"kind": "stars", "photo": int(i), "stars": float(s)} for i, s in zip([0, 3, 5, 7, 3], [6, 2, 5, 7, 3])]
    others = [{"kind": "preference", "photo": 1, "other": 2}, {"kind": "keep", "photo": 4}, {"kind": "reject", "photo": 6},
              {"kind": "preference", "photo": 8, "other": 0}, {"kind": "preference", "photo": 2, "other": 1}]
    cases = []
    for name, verdicts in {"nothing": [], "one rating": stars[:1], "stars": stars, "choices": others, "all": stars + others}.items():
        expected, deviation = posterior(verdicts, phi, mean)
        cases.append({"name": name, "verdicts": verdicts, "mean": expected.tolist(), "deviation": deviation.tolist()})
    begin, groups = 0, []
    for name, scale, size in GROUPS:
        groups.append({"name": name, "scale": scale, "mean": means[begin:begin + size].tolist(),
                       "deviation": deviations[begin:begin + size].tolist()})
        begin += size
    print(json.dumps({"made_with": {"numpy": numpy.__version__, "scipy": scipy.__version__}, "population": POPULATION,
                      "groups": groups, "rows": rows.tolist(), "cases": cases}))


if __name__ == "__main__":
    main()
