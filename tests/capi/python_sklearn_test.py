#!/usr/bin/env python3
"""paa.sklearn's estimator is the Predictor, and does what scikit-learn asks of an estimator.

    python_sklearn_test.py LIBRARY

Exit status 77: skipped, since no Python with scikit-learn was found, or no model has been fetched.
"""

import os
import pathlib
import pickle
import sys
import tempfile
import unittest
import warnings

from python_interpreter import PACKAGE, need_samples, run_again_with, sample_photos

sys.dont_write_bytecode = True
sys.path.insert(0, str(PACKAGE))

PROFILE = {"age": 34, "about": "I like quiet landscapes."}


class Estimator(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.paths = [str(path) for path in sample_photos()]
        cls.ratings = [6.0, 3.0, 4.5, 5.0, 2.0][:len(cls.paths)]
        cls.fitted = PersonRegressor(profile=PROFILE, threads=1).fit(cls.paths, cls.ratings)
        cls.expected = cls.fitted.predict(cls.paths)

    def test_equals_the_predictor(self):
        person = paa.Person()
        person.profile = PROFILE
        photos = [paa.Photo(path) for path in self.paths]
        for photo, rating in zip(photos, self.ratings):
            person.rate(photo, rating)
        predictor = paa.Predictor(paa.Model(threads=1), person)
        seen = predictor.see(photos)
        predictor.learn(person, seen)
        predictions = predictor.predict(seen)
        means, spreads = self.fitted.predict(self.paths, return_std=True)
        numpy.testing.assert_array_equal(means, predictions.means)
        numpy.testing.assert_array_equal(spreads, predictions.spreads)
        self.assertEqual([verdict.stars for verdict in self.fitted.person_.verdicts], self.ratings)

    def test_learns(self):
        nothing = PersonRegressor(profile=PROFILE, threads=1).fit([], [])
        before = numpy.abs(nothing.predict(self.paths) - self.ratings).mean()
        self.assertLess(numpy.abs(self.expected - self.ratings).mean(), before)
        self.assertGreater(self.fitted.score(self.paths, self.ratings), nothing.score(self.paths, self.ratings))

    def test_photos_of_any_kind(self):
        sources = [pathlib.Path(path).read_bytes() for path in self.paths]
        numpy.testing.assert_array_equal(self.fitted.predict(sources), self.expected)
        numpy.testing.assert_array_equal(self.fitted.predict(numpy.array(self.paths)), self.expected)
        arrays = numpy.random.default_rng(1).integers(0, 256, (3, 64, 64, 3), numpy.uint8)
        self.assertEqual(self.fitted.predict(arrays).shape, (3,))

    def test_pickles(self):
        data = pickle.dumps(self.fitted)
        numpy.testing.assert_array_equal(pickle.loads(data).predict(self.paths), self.expected)
        self.assertEqual(pickle.dumps(pickle.loads(data)), data)
        fresh = pickle.loads(pickle.dumps(PersonRegressor(scale=(1, 5))))
        self.assertEqual(fresh.get_params(), PersonRegressor(scale=(1, 5)).get_params())

    def test_cross_validation_holds_each_photo_out(self):
        """Also in several processes, and with what was seen remembered on disk."""
        model = PersonRegressor(profile=PROFILE, threads=1)
        folds = KFold(len(self.paths))
        alone = cross_val_predict(model, self.paths, self.ratings, cv=folds)
        others = clone(self.fitted).fit(self.paths[1:], self.ratings[1:])
        self.assertEqual(alone[0], others.predict(self.paths[:1])[0])
        with tempfile.TemporaryDirectory() as cache:
            model.set_params(cache=cache)
            for jobs in (1, 2):
                again = cross_val_predict(model, self.paths, self.ratings, cv=folds, n_jobs=jobs)
                numpy.testing.assert_array_equal(again, alone)
            self.assertGreater(len(os.listdir(cache)), 0)

    def test_search_over_profiles(self):
        search = GridSearchCV(PersonRegressor(threads=1), {"profile": [None, PROFILE]}, cv=2,
                              scoring="neg_mean_absolute_error").fit(self.paths, self.ratings)
        self.assertIn(search.best_params_["profile"], [None, PROFILE])
        self.assertTrue(numpy.isfinite(search.cv_results_["mean_test_score"]).all())

    def test_scikit_learns_own_checks(self):
        """Those that hand in tables of numbers are left out: here X are photos."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # which says the same
            results = estimator_checks.check_estimator(PersonRegressor(), on_fail=None)
        self.assertEqual([one["check_name"] for one in results if one["status"] == "failed"], [])
        for check in ("check_estimator_cloneable", "check_estimator_repr",
                      "check_estimator_tags_renamed", "check_get_params_invariance", "check_mixin_order",
                      "check_no_attributes_set_in_init", "check_set_params",
                      "check_valid_tag_types"):
            with self.subTest(check):
                getattr(estimator_checks, check)("PersonRegressor", PersonRegressor())
        estimator_checks.check_parameters_default_constructible("PersonRegressor", PersonRegressor())

    def test_errors(self):
        with self.assertRaises(NotFittedError):
            PersonRegressor().predict(self.paths)
        with self.assertRaisesRegex(paa.InvalidArgument, "5 photos, but ratings of the shape"):
            PersonRegressor(threads=1).fit(self.paths, [1.0])
        with self.assertRaises(paa.InvalidArgument):
            PersonRegressor(threads=1, scale=(1, 5)).fit(self.paths, self.ratings)
        with self.assertRaises(FileNotFoundError):
            self.fitted.predict(["no-such-photo.jpg"])


if __name__ == "__main__":
    run_again_with("sklearn", "numpy")
    need_samples()
    os.environ.update(PAA_LIBRARY=sys.argv[1], PYTHONPATH=str(PACKAGE), OMP_NUM_THREADS="1")
    import numpy
    from sklearn.base import clone
    from sklearn.exceptions import NotFittedError
    from sklearn.model_selection import GridSearchCV, KFold, cross_val_predict
    from sklearn.utils import estimator_checks

    import paa
    from paa.sklearn import PersonRegressor
    unittest.main(argv=sys.argv[:1], verbosity=2)
