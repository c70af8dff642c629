#!/usr/bin/env python3
"""Makes tests/data/data: icc.json, small sets of ratings and their ICC(1) and that of the OASIS subset; and csv.json,
tables that Python's csv module wrote, in several encodings and dialects, with the rows it reads back.

Needs numpy, pandas, pingouin and statsmodels. Usage: python tests/oracles/make_data_goldens.py OASIS_FOLDER
Balanced sets are pingouin's to judge (it takes no others). For the others the mean squares are those of statsmodels'
analysis of variance, and n0 is written out here.
"""

import csv
import io
import json
import pathlib
import random as python_random
import sys

import numpy
import pandas
import pingouin
import statsmodels
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm

FOLDER = pathlib.Path(__file__).parents[1] / "data/data"


def by_pingouin(frame):
    result = pingouin.intraclass_corr(frame, targets="photo", raters="person", ratings="value")
    return float(result["ICC"].iloc[0])


def by_statsmodels(frame):
    table = anova_lm(ols("value ~ C(photo)", frame).fit())
    between, within = table["mean_sq"]
    sizes = frame.groupby("photo").size()
    n0 = (len(frame) - (sizes**2).sum() / len(frame)) / (len(sizes) - 1)
    return float((between - within) / (between + (n0 - 1) * within))


def by_group_means(frame):
    """statsmodels would make a column for each photo; pandas' groups give the same mean squares."""
    group = frame.groupby("photo")["value"]
    sizes, mean = group.size(), frame["value"].mean()
    between = (sizes * (group.mean() - mean) ** 2).sum() / (len(sizes) - 1)
    within = ((frame["value"] - group.transform("mean")) ** 2).sum() / (len(frame) - len(sizes))
    n0 = (len(frame) - (sizes**2).sum() / len(frame)) / (len(sizes) - 1)
    return float((between - within) / (between + (n0 - 1) * within))


def drawn(random, photos, people, spread, keep):
    quality = random.normal(0, spread, photos)
    rows = [(j, i, int(numpy.clip(round(4 + quality[i] + random.normal()), 1, 7)))
            for i in range(photos) for j in range(people) if random.random() < keep]
    return pandas.DataFrame(rows, columns=["person", "photo", "value"])


def as_case(name, frame, icc):
    return {"name": name, "people": frame["person"].tolist(), "photos": frame["photo"].tolist(),
            "values": frame["value"].tolist(), "icc": icc}


def make_csv():
    random = python_random.Random(4)
    cases = []
    for number in range(60):
        encoding = random.choice(["utf-8", "utf-8-sig", "latin-1"])
        dialect = {"delimiter": random.choice(",;=\t|"), "lineterminator": random.choice(["\n", "\r\n"]),
                   "quoting": random.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])}
        letters = list("ab 1,;=|\"\n\t\u00e9\u00df") + ["\r\n", '"'] + ([] if encoding == "latin-1" else ["\u8a9e"])
        width = random.randint(2, 5)
        rows = [["".join(random.choices(letters, k=random.randint(0, 6))) for _ in range(width)]
                for _ in range(random.randint(1, 6))]
        text = io.StringIO(newline="")
        csv.writer(text, **dialect).writerows(rows)
        content = text.getvalue()
        if random.random() < 0.3:
            content = content.removesuffix(dialect["lineterminator"])
        read = list(csv.reader(io.StringIO(content, newline=""), delimiter=dialect["delimiter"]))
        cases.append({"encoding": encoding, "separator": dialect["delimiter"], "hex": content.encode(encoding).hex(),
                      "rows": read})
    result = {"python": sys.version.split()[0], "cases": cases}
    (FOLDER / "csv.json").write_text(json.dumps(result) + "\n")


def main(oasis):
    random = numpy.random.default_rng(4)
    balanced = drawn(random, 8, 5, 1.0, 1)
    noise = drawn(random, 6, 4, 0.0, 1)
    unbalanced = drawn(random, 12, 9, 1.5, 0.5)
    for frame in (balanced, noise):
        assert abs(by_pingouin(frame) - by_statsmodels(frame)) < 1e-12
    assert abs(by_group_means(unbalanced) - by_statsmodels(unbalanced)) < 1e-12
    ratings = pandas.read_csv(oasis / "ratings.csv").rename(columns={"image_id": "photo", "score": "value"})
    retest = pandas.read_csv(oasis / "retest.csv")
    result = {
        "versions": {module.__name__: module.__version__ for module in (numpy, pandas, pingouin, statsmodels)},
        "cases": [as_case("balanced", balanced, by_pingouin(balanced)), as_case("noise", noise, by_pingouin(noise)),
                  as_case("unbalanced", unbalanced, by_statsmodels(unbalanced))],
        "oasis": {"icc": by_group_means(ratings), "mean": float(ratings["value"].mean()),
                  "retest_mae": float((retest["first"] - retest["second"]).abs().mean())},
    }
    (FOLDER / "icc.json").write_text(json.dumps(result) + "\n")
    make_csv()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
