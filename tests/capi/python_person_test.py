#!/usr/bin/env python3
"""One person through the Python package: what they say, predictions as of `paa predict`, an interview.

    python_person_test.py LIBRARY PROGRAM

Exit status 77: skipped, since no Python with numpy was found.
"""

import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import unittest.mock

from python_interpreter import HOME, PACKAGE, run_again_with, sample_photos, SAMPLES

sys.dont_write_bytecode = True
sys.path.insert(0, str(PACKAGE))

SAID = {0: 6.0, 1: 2.0, 2: 5.5}


def as_printed(values):
    """The program prints six decimals."""
    return [round(float(value), 6) for value in values]


class Files(unittest.TestCase):
    """Person files, without a model."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name) / "anna.json"
        self.photos = [paa.Photo(numpy.full((2, 3, 3), level, numpy.uint8)) for level in (1, 2, 3)]

    def test_what_is_said_is_in_the_file(self):
        person = paa.Person(self.path)
        self.assertFalse(self.path.exists())
        person.profile = {"age": 34}
        person.rate(self.photos[0], 6)
        person.choose(self.photos[0], self.photos[1])
        person.keep(self.photos[2], False)
        again = paa.Person(self.path)
        self.assertEqual([verdict.kind for verdict in again.verdicts], ["stars", "preference", "reject"])
        self.assertEqual(again.verdicts[0].photo, self.photos[0].hash)
        self.assertEqual(again.verdicts[1].other, self.photos[1].hash)
        self.assertEqual(json.loads(self.path.read_text())["profile"], {"age": 34})

    def test_the_hash_of_a_file_is_sha256(self):
        if not SAMPLES.exists():
            self.skipTest("no sample photos")
        photo = sample_photos()[0]
        self.assertEqual(paa.Photo(photo).hash, hashlib.sha256(photo.read_bytes()).hexdigest())

    def test_in_memory_and_back(self):
        person = paa.Person()
        person.scale = (1, 5)
        with self.assertRaises(paa.InvalidArgument):
            person.rate(self.photos[0], 6)
        person.rate(self.photos[0], 4)
        with self.assertRaises(paa.Mismatch):
            person.scale = (1, 7)
        copy = paa.Person.from_json(person.to_json())
        self.assertEqual((copy.scale, copy.verdicts), ((1, 5), person.verdicts))
        copy.forget(self.photos[0])
        with self.assertRaises(paa.NotFound):
            copy.forget(self.photos[0])
        person.merge(copy)
        self.assertEqual(person.verdicts, [])

    def test_threads_share_a_person(self):
        person = paa.Person(self.path)
        photos = [paa.Photo(numpy.full((2, 2, 3), level, numpy.uint8)) for level in range(24)]
        threads = [threading.Thread(target=lambda part: [person.rate(photo, 4) for photo in part], args=(photos[i::4],))
                   for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(paa.Person(self.path).verdicts), 24)

    def test_errors(self):
        self.path.write_text('{"format": "paa-per')
        with self.assertRaises(paa.BadFormat):
            paa.Person(self.path)
        self.assertEqual(self.path.read_text(), '{"format": "paa-per')
        with self.assertRaises(paa.NotFound):
            paa.Person.delete(self.path.with_name("nobody.json"))
        with self.assertRaises(paa.NotFound):
            paa.Person().enable_concept("boats", False)
        person = paa.Person()
        person.close()
        with self.assertRaises(paa.InvalidArgument):
            person.verdicts


class Parts(unittest.TestCase):
    def test_a_part_may_come_from_elsewhere(self):
        models = HOME / "models"
        if not models.exists():
            self.skipTest("no model")
        lite1, lite0 = (models / f"smollm2-135m-efficientnet-lite{i}" for i in (1, 0))
        fusion = json.loads((lite1 / "model.json").read_text())["parts"]["fusion"]["file"]
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder) / "mine.safetensors"
            shutil.copy(lite1 / fusion, copy)
            self.assertEqual(paa.Model(lite1, threads=1, parts={"fusion": copy}).info.hash,
                             paa.Model(lite1, threads=1).info.hash)
            with self.assertRaises(paa.Mismatch):  # trained for another vision encoder
                paa.Model(lite0, threads=1, parts={"fusion": copy})
            with self.assertRaisesRegex(paa.NotFound, "shoes"):
                paa.Model(lite1, parts={"shoes": copy})


class Figures(unittest.TestCase):
    def test_metrics_equal_numpys(self):
        random = numpy.random.default_rng(3)
        ratings, means = random.normal(4, 1, 50), random.normal(4, 1, 50)
        figures = paa.metrics(ratings, means, numpy.ones(50), middle=4)
        self.assertAlmostEqual(figures["plcc"], numpy.corrcoef(ratings, means)[0, 1], 12)
        self.assertAlmostEqual(figures["mae"], numpy.abs(ratings - means).mean(), 12)
        self.assertTrue(0 <= figures["coverage_80"] <= 1)
        self.assertTrue(numpy.isnan(paa.metrics(ratings, means, middle=4)["crps"]))
        with self.assertRaises(paa.InvalidArgument):
            paa.metrics(ratings, means[1:], middle=4)


class OnePerson(unittest.TestCase):
    """With the default model, as `paa predict` and `paa ask` do."""

    @classmethod
    def setUpClass(cls):
        if not SAMPLES.exists() or not (HOME / "models").exists():
            raise unittest.SkipTest(f"no models and samples in {HOME}; sh examples/quickstart.sh fetches them")
        cls.model = paa.Model(threads=1)
        cls.paths = sample_photos()
        cls.photos = [paa.Photo(path) for path in cls.paths]

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.path = self.folder / "anna.json"

    def predicted_by_program(self):
        environment = {**os.environ, "PAA_HOME": str(self.home()), "OMP_NUM_THREADS": "1"}
        done = subprocess.run([PROGRAM, "predict", "--person", self.path, "--format", "json", *self.paths],
                              capture_output=True, text=True, timeout=300, env=environment, check=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def home(self):
        """A home whose cache of features is empty, with the model of the real one."""
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        if not (home / "models").exists():
            (home / "models").symlink_to(HOME / "models")
        return home

    def test_predictions_are_those_of_the_program(self):
        person = paa.Person(self.path)
        person.profile = {"age": 40, "gender": "female"}
        for index, stars in SAID.items():
            person.rate(self.photos[index], stars)
        predictor = paa.Predictor(self.model, person)
        seen = predictor.see(self.photos)
        self.assertEqual(predictor.learn(person, seen), 0)
        predictions = predictor.predict(seen)
        rows = self.predicted_by_program()
        self.assertEqual([row["score"] for row in rows], as_printed(predictions.means))
        self.assertEqual([row["spread"] for row in rows], as_printed(predictions.spreads))
        explanation = predictor.explain(seen[0])
        self.assertEqual([rows[0]["usual"]], as_printed([explanation.usual]))
        self.assertEqual([reason["text"] for reason in rows[0]["reasons"]],
                         [reason.text for reason in explanation.reasons])
        self.assertEqual([reason["points"] for reason in rows[0]["reasons"]],
                         as_printed(reason.points for reason in explanation.reasons))
        frame_columns = ["path", "mean", "spread", "deviation", *paa.LEVELS]
        try:
            self.assertEqual(list(predictions.to_frame(self.paths).columns), frame_columns)
        except ImportError:
            pass  # pandas is an extra

    def test_ratings_move_predictions_and_end_questions(self):
        person = paa.Person()
        predictor = paa.Predictor(self.model, person)
        steps = []
        seen = predictor.see(self.photos, progress=lambda done, total: steps.append((done, total)))
        self.assertEqual(steps[-1], (len(self.photos), len(self.photos)))
        before = predictor.predict(seen)
        first = predictor.ask(person, seen, threshold=0)[0]
        person.rate(self.photos[first.photo], before.means[first.photo] + .5)
        predictor.learn(person, seen)
        after = predictor.predict(seen)
        self.assertGreater(after.means[first.photo], before.means[first.photo])
        self.assertLess(after.deviations.mean(), before.deviations.mean())
        asked = predictor.ask(person, seen, count=len(seen), threshold=0)
        self.assertEqual(len({question.photo for question in asked}), len(seen) - 1)
        self.assertNotIn(first.photo, [question.photo for question in asked])
        pair = predictor.ask(person, seen, pairs=True, threshold=0)[0]
        self.assertNotEqual(pair.photo, pair.other)
        with self.assertRaises(paa.InvalidArgument):
            stranger = paa.Person()
            stranger.profile = {"age": 70}
            paa.Predictor(self.model, stranger).predict(seen)

    def test_what_the_callback_raises_comes_back(self):
        predictor = paa.Predictor(self.model, paa.Person())
        with self.assertRaises(KeyError):
            predictor.see(self.photos[:1], progress=lambda done, total: {}["missing"])
        cancel = paa.Cancel()
        cancel.request()
        with self.assertRaises(paa.Cancelled):
            predictor.see(self.photos[:1], cancel=cancel)

    def test_an_interview_becomes_concepts(self):
        person = paa.Person(self.path)
        interview = paa.Interview(person, self.model, photos=self.paths[:2])
        self.assertEqual(interview.ask().turn, 1)
        interview.answer("I love old wooden boats in the fog.")
        interview.close()  # the program ends
        interview = paa.Interview(person, self.model)
        self.assertEqual(interview.ask().turn, 2)
        with self.assertRaises(paa.IoError):
            paa.Interview(paa.Person(self.path), self.model)  # held by another
        interview.answer("Crowded beaches put me off.")
        interview.stop()
        while (question := interview.ask()) is not None:
            self.assertTrue(question.summary)
            interview.answer("yes")
        self.assertTrue(interview.snapshot()["over"])
        interview.finish()
        self.assertIn("old wooden boats in the fog", " ".join(one.quote for one in person.preferences))
        self.assertTrue(person.concepts)
        name = person.concepts[0].name
        person.reword_concept(name, "ships at sea")
        person.enable_concept(name, False)
        self.assertFalse(paa.Person(self.path).concepts[0].enabled)
        self.assertIn("ships", paa.Person(self.path).concepts[0].question)

    def test_closing_frees_nothing_that_a_call_uses(self):
        predictor = paa.Predictor(self.model, paa.Person())
        seen = predictor.see(self.photos[:2], progress=lambda done, total: predictor.close())
        self.assertEqual(len(seen), 2)
        with self.assertRaises(paa.InvalidArgument):
            predictor.see(self.photos[:1])

    def test_what_a_chat_raises_comes_back(self):
        def chat(request):
            raise KeyError("no server")

        interview = paa.Interview(paa.Person(self.path), chat=chat)
        with self.assertRaisesRegex(KeyError, "no server"):
            interview.ask()
        question = interview.ask()  # the guide's own stands in
        self.assertEqual(question.turn, 1)
        told = []
        with unittest.mock.patch("threading.excepthook", told.append):
            interview.answer("The light.")
            interview.finish()
        self.assertEqual([one.exc_type for one in told], [KeyError])

    def test_a_chat_that_gives_up_is_not_asked_forever(self):
        asked = []

        def chat(request):
            if "response_format" in request:
                asked.append(request)
                raise KeyboardInterrupt
            return "And then?"

        interview = paa.Interview(paa.Person(self.path), chat=chat)
        interview.ask()
        interview.answer("The light.")
        with unittest.mock.patch("threading.excepthook", lambda args: None):
            interview.finish()
        self.assertEqual(len(asked), 1)

    def test_a_chat_may_look_at_the_person(self):
        person = paa.Person(self.path)

        def chat(request):
            if "response_format" in request:
                time.sleep(.2)  # so that finish waits for it
                person.profile
                return '{"preferences": []}'
            return "And then?"

        interview = paa.Interview(person, chat=chat)
        interview.ask()
        interview.answer("The light.")
        interview.finish()
        self.assertEqual(json.loads(person.to_json())["interviews"][0]["turns"][0]["answer"], "The light.")

    def test_the_last_reference_may_go_in_its_own_chat(self):
        entered, held = threading.Event(), {}

        def chat(request):
            if "response_format" in request:
                entered.set()
                held.pop("interview", None)  # nobody else has it
                return '{"preferences": []}'
            return "And then?"

        held["interview"] = paa.Interview(paa.Person(self.path), chat=chat)
        held["interview"].ask()
        gate = held["interview"]
        gate.answer("The light.")
        del gate
        self.assertTrue(entered.wait(30))
        for _ in range(300):  # it is freed in a thread of its own
            if "interview" not in held and threading.active_count() == 1:
                break
            time.sleep(.05)
        self.assertEqual(paa.Interview(paa.Person(self.path), self.model).ask().turn, 2)  # nobody holds it

    def test_a_language_model_of_ones_own(self):
        requests = []

        def chat(request):
            requests.append(request)
            if "response_format" in request:
                return '{"preferences": []}'
            return iter(["What draws ", "you to it?"])

        interview = paa.Interview(paa.Person(self.path), chat=chat)
        self.assertEqual(interview.ask().text, "What draws you to it?")
        interview.answer("The light.")
        interview.finish()
        self.assertTrue(any("response_format" in request for request in requests))
        self.assertTrue(all(request["messages"] for request in requests))

    def test_features_are_named(self):
        features = paa.Features(self.model, ["statistics", "composition"])
        rows = features.compute(self.photos[:2])
        self.assertEqual(rows.shape, (2, len(features.names)))
        self.assertTrue(numpy.isfinite(rows).all())
        with self.assertRaises(paa.InvalidArgument):
            paa.Features(self.model, ["shoes"])


if __name__ == "__main__":
    run_again_with("numpy")
    import numpy

    LIBRARY, PROGRAM = sys.argv[1:3]
    os.environ["PAA_LIBRARY"] = LIBRARY
    os.environ["OMP_NUM_THREADS"] = "1"
    import paa

    unittest.main(argv=sys.argv[:1], verbosity=2)
