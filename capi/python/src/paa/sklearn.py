"""One person's taste as a scikit-learn estimator: for cross-validation, parameter search and pipelines.

    from paa.sklearn import PersonRegressor
    anna = PersonRegressor(profile={"age": 34}).fit(["sea.jpg", "cat.jpg"], [6, 3])
    anna.predict(["boat.jpg"])

Needs scikit-learn: `pip install paa[sklearn]`.
"""

import functools
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Union

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.utils.validation import check_is_fitted

from .errors import InvalidArgument
from .model import Floats, Model
from .person import Path, Person
from .photo import Photo, Source
from .predictor import Predictor, Seen

# Photos that are decoded at once: what bounds the memory.
_STEP = 64


@functools.lru_cache(maxsize=1)
def _model(name: str, precision: str, threads: int) -> Model:
    """The last model stays loaded: a cross-validation makes many estimators."""
    return Model(name, precision=precision, threads=threads)


class PersonRegressor(RegressorMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no type hints
    """Learns one person's ratings of photos, beginning from their profile and what other people's ratings tell.

    X is a sequence of photos as paa.Photo takes them: paths, bytes, PIL images or arrays; y are ratings on `scale`. An
    estimator may be cloned and pickled, before and after fit; it then holds what was seen in the photos, not the
    photos. Of a photo that X has twice, the last rating counts.

    Attributes:
        person_: After fit the person, with a verdict for each photo.
    """

    def __init__(self, *, profile: Optional[Mapping[str, Any]] = None, scale: Tuple[float, float] = (1, 7),
                 model: str = "", precision: str = "auto", threads: int = 0, population: Optional[Path] = None,
                 cache: Optional[Path] = None) -> None:
        """Keeps the parameters; fit looks at them.

        Args:
            profile: Fields of a profile; None: anyone.
            scale: The lowest and the highest rating.
            model, precision, threads: As for Model. The last model used stays loaded in each process.
            population, cache: As for Predictor. With a `cache`, no photo is looked at twice, such as in each fold of a
                cross-validation.
        """
        self.profile = profile
        self.scale = scale
        self.model = model
        self.precision = precision
        self.threads = threads
        self.population = population
        self.cache = cache

    def fit(self, X: Sequence[Source], y: "npt.ArrayLike") -> "PersonRegressor":
        """Learns from ratings anew, also from none.

        Errors: InvalidArgument (not as many ratings as photos, a rating out of `scale`), those of Model, Predictor and
        Photo.
        """
        ratings = np.asarray(y, np.float64)
        if ratings.shape != (len(X),):
            raise InvalidArgument(f"{len(X)} photos, but ratings of the shape {ratings.shape}")
        person = Person()
        person.scale = self.scale
        person.profile = dict(self.profile or {})
        predictor = self._new_predictor(person)
        seen: List[Seen] = []
        for begin in range(0, len(X), _STEP):
            photos = [Photo(source) for source in X[begin:begin + _STEP]]
            for photo, rating in zip(photos, ratings[begin:]):
                person.rate(photo, float(rating))
            seen += predictor.see(photos)
        predictor.learn(person, seen)
        self.person_, self._predictor = person, predictor
        return self

    def predict(self, X: Sequence[Source], return_std: bool = False) -> Union[Floats, Tuple[Floats, Floats]]:
        """The expected ratings of photos, (n); with `return_std` also the standard deviations of a rating, (n).

        Errors: sklearn.exceptions.NotFittedError, those of Photo.
        """
        check_is_fitted(self, "person_")
        seen: List[Seen] = []
        for begin in range(0, len(X), _STEP):
            seen += self._predictor.see([Photo(source) for source in X[begin:begin + _STEP]])
        predictions = self._predictor.predict(seen)
        return (predictions.means, predictions.spreads) if return_std else predictions.means

    def _new_predictor(self, person: Person) -> Predictor:
        model = _model(self.model, self.precision, self.threads)
        return Predictor(model, person, population=self.population, cache=self.cache)

    def __getstate__(self) -> Dict[str, Any]:
        state: Dict[str, Any] = super().__getstate__()
        state = dict(state)
        if state.pop("_predictor", None) is not None:
            state["person_"] = self.person_.to_json()
        return state

    def __setstate__(self, state: Dict[str, Any]) -> None:
        text = state.pop("person_", None)
        super().__setstate__(state)
        if text is not None:
            self.person_ = Person.from_json(text)
            self._predictor = self._new_predictor(self.person_)
            self._predictor.learn(self.person_)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True  # paths
        return tags
