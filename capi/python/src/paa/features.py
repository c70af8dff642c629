"""Features of photos by name, and the figures by which predictions are judged."""

from ctypes import byref, c_char_p, c_size_t, c_void_p
from typing import Dict, List, Optional, Sequence

import numpy as np
import numpy.typing as npt

from ._declarations import CONSTANTS
from ._handle import Handle
from ._library import check, library, text_of
from .errors import InvalidArgument
from .model import Model, array_of
from .photo import Photo
from .run import Cancel, Progress, Run

_METRICS = CONSTANTS["PAA_METRIC_COUNT"]


class Features(Handle):
    """Computes numbers that depend on photo and model, not on a person. Immutable; threads may share it."""

    _free_name = "paa_features_free"

    def __init__(self, model: Model, groups: Sequence[str]) -> None:
        """`groups`: of "score", "pooled", "classes", "hidden", "statistics", "composition".

        Errors: InvalidArgument (no such group; the names are told), Unsupported (classes of a model without names).
        """
        names, loaded, pointer = ",".join(groups).encode(), model._use(), c_void_p()
        check(library().paa_features_new(byref(pointer), loaded.pointer, names, len(names)))
        self._take(pointer)

    @property
    def names(self) -> List[str]:
        """One a column: "statistics: brightness"."""
        owned, count = self._use(), c_size_t()
        check(library().paa_features_columns(byref(count), owned.pointer))
        names = []
        for column in range(count.value):
            name, size = c_char_p(), c_size_t()
            check(library().paa_features_name(byref(name), byref(size), owned.pointer, column))
            names.append(text_of(name.value))
        return names

    def compute(self, photos: Sequence[Photo], *, cancel: Optional[Cancel] = None,
                progress: Optional[Progress] = None) -> "npt.NDArray[np.float32]":
        """(photos, names), in the order of `photos`. Errors: Cancelled, OutOfMemory, what `progress` raises."""
        owned, held, count = self._use(), [photo._use() for photo in photos], c_size_t()
        check(library().paa_features_columns(byref(count), owned.pointer))
        rows, run = np.empty((len(held), count.value), np.float32), Run(cancel, progress)
        run.call(library().paa_features_compute, rows.ctypes.data, owned.pointer, array_of(held), len(held))
        return rows


def metrics(ratings: "npt.ArrayLike", means: "npt.ArrayLike", spreads: Optional["npt.ArrayLike"] = None, *,
            middle: float) -> Dict[str, float]:
    """How well predictions follow ratings: "srocc", "plcc", "tau", "mae", "rmse", "high_accuracy", "coverage_50" ...

    Args:
        ratings: (n) what people gave.
        means: (n) what was predicted.
        spreads: (n) standard deviations; None: coverage and "crps" are NaN.
        middle: Of the rating scale; above it is high.

    NaN where a figure is not defined. Error: InvalidArgument (arrays that are not of one length).
    """
    arrays = [np.ascontiguousarray(array, np.float64) for array in (ratings, means)]
    if spreads is not None:
        arrays.append(np.ascontiguousarray(spreads, np.float64))
    if any(array.shape != (arrays[0].size,) for array in arrays):
        raise InvalidArgument("ratings, means and spreads must be one-dimensional and of one length")
    figures = np.empty(_METRICS)
    pointers = [array.ctypes.data for array in arrays] + [None] * (3 - len(arrays))
    check(library().paa_metrics(figures.ctypes.data, *pointers, arrays[0].size, middle))
    return {text_of(library().paa_metric_name(index)): float(figures[index]) for index in range(_METRICS)}
