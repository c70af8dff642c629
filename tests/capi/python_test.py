#!/usr/bin/env python3
"""The Python package does what paa.h says, and scores as `paa score` does.

    python_test.py LIBRARY PROGRAM

Runs itself again with the interpreter of the set-up, which has numpy and torch. Exit status 77: skipped.
"""

import ctypes
import gc
import importlib.util
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import unittest

SKIPPED = 77
PROJECT = pathlib.Path(__file__).resolve().parents[2]
PACKAGE = PROJECT / "capi/python/src"
HOME = pathlib.Path(os.environ.get("PAA_HOME") or pathlib.Path.home() / ".cache/paa")
MODEL = HOME / "models/smollm2-135m-efficientnet-lite1"  # the default
SAMPLES = HOME / "samples"
PROFILE = {"age": 61, "gender": "male", "about": "I like quiet landscapes and old machines."}

# Tests run side by side: threads that wait for each other by spinning would take the cores from one another.
os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.dont_write_bytecode = True
sys.path.insert(0, str(PACKAGE))


def sample_photos():
    return sorted(path for path in SAMPLES.iterdir() if path.suffix in (".png", ".jpg"))


def run_python(code, **environment):
    """What a new interpreter with the package prints."""
    done = subprocess.run([sys.executable, "-B", "-c", code], capture_output=True, text=True, timeout=120,
                          env={**os.environ, "PYTHONPATH": str(PACKAGE), **environment})
    assert done.returncode == 0, done.stderr
    return done.stdout


class Declarations(unittest.TestCase):
    """_declarations.py says the same as paa.h and the committed table of its structs."""

    @classmethod
    def setUpClass(cls):
        text = (PROJECT / "capi/paa.h").read_text()
        cls.header = re.sub(r"//[^\n]*", "", text)

    def test_every_function_with_its_arguments(self):
        found = {}
        for name, arguments in re.findall(r"PAA_API[^;(]*?\b(paa_\w+)\(([^)]*)\)\s*;", self.header):
            found[name] = 0 if arguments.strip() == "void" else arguments.count(",") + 1
        self.assertGreater(len(found), 25)
        declared = {name: len(arguments) for name, (_, arguments) in _declarations.FUNCTIONS.items()}
        self.assertEqual(declared, found)

    def test_constants(self):
        found = {name: int(value) for name, value in re.findall(r"\b(PAA_[A-Z0-9_]+) = (\d+)", self.header)}
        found.update((name, int(value)) for name, value in re.findall(r"#define (PAA_\w+) (\d+)", self.header))
        self.assertEqual(_declarations.CONSTANTS, found)
        self.assertEqual(len(paa.LEVELS), found["PAA_LEVEL_COUNT"])

    def test_structs(self):
        lines = []
        for name, struct in _declarations.STRUCTS.items():
            lines.append(f"{name} {ctypes.sizeof(struct)}")
            for field, *_ in struct._fields_:
                place = getattr(struct, field)
                lines.append(f"  {field} {place.offset}+{place.size}")
        self.assertEqual(lines, (PROJECT / "tests/capi/struct_layout.txt").read_text().splitlines())

    def test_an_exception_for_every_status(self):
        library = paa._library.library()
        for name, status in _declarations.CONSTANTS.items():
            if re.search(rf"\b{name} = {status},?\s", self.header.split("paa_status_name")[0]) and status:
                error = errors.error_of(status, "words")
                self.assertEqual((error.status, error.code, str(error)),
                                 (status, library.paa_status_name(status).decode(), "words"))
                self.assertIsNot(type(error), paa.Error, name)
        self.assertEqual(errors.error_of(99, "").status, 99)
        self.assertEqual(paa.version().count("."), 2)


class Photos(unittest.TestCase):
    def test_path_bytes_and_size(self):
        path = sample_photos()[0]
        with paa.Photo(path) as read, paa.Photo(path.read_bytes()) as decoded, paa.Photo(str(path)) as named:
            self.assertEqual(read.size, (512, 512))
            self.assertEqual(decoded.size, named.size)
        paa.Photo(bytearray(path.read_bytes())).close()
        paa.Photo(memoryview(path.read_bytes())).close()

    def test_errors(self):
        with tempfile.TemporaryDirectory() as folder:
            missing = pathlib.Path(folder) / "missing.jpg"
            with self.assertRaises(FileNotFoundError) as caught:
                paa.Photo(missing)
            self.assertIsInstance(caught.exception, paa.NotFound)
            self.assertEqual(caught.exception.code, "not found")
            self.assertIn("missing.jpg", str(caught.exception))
        for data in (b"", b"no image"):
            with self.assertRaises(paa.BadFormat):
                paa.Photo(data)
        with self.assertRaises(paa.InvalidArgument):
            paa.Photo("zero\0byte.jpg")
        with self.assertRaises(paa.LimitExceeded):
            paa.Photo(sample_photos()[0], max_pixels=100)
        with self.assertRaises(paa.LimitExceeded):
            paa.Photo(sample_photos()[0], max_bytes=100)
        with self.assertRaises(paa.InvalidArgument):
            paa.Photo(sample_photos()[0], max_pixels=-1)
        with self.assertRaises(TypeError):
            paa.Photo(3)

    def test_arrays_that_do_not_fit(self):
        array = np.zeros((8, 8, 3), np.uint8)
        for bad in (array[::-1], array[:, ::-1], array[:, ::2], array[..., ::-1], array.transpose(1, 0, 2),
                    np.asfortranarray(array), np.broadcast_to(array[:1], array.shape), array[..., :2], array[0],
                    array.astype(float), array[:0], array[:, :0]):
            with self.assertRaises(paa.InvalidArgument):
                paa.Photo(bad)
        for good in (array, array[1:7, 2:5], array[::2], array[:1], array[:, :1], array[3:4][::-1]):
            with paa.Photo(good) as photo:
                self.assertEqual(photo.size, (good.shape[1], good.shape[0]))


class Scoring(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.model = paa.Model()
        cls.person = cls.model.prepare(PROFILE)
        cls.photos = [paa.Photo(path) for path in sample_photos()]
        cls.tokens = cls.model.encode(cls.photos)
        cls.scores = cls.model.score_photos(cls.person, cls.tokens)

    @classmethod
    def tearDownClass(cls):
        cls.model.close()

    def assert_same(self, left, right):
        for a, b in zip(left, right):
            np.testing.assert_array_equal(a, b)

    def test_as_the_command_line(self):
        """Every digit that `paa score` prints, which is six after the point."""
        with tempfile.TemporaryDirectory() as folder:
            profile = pathlib.Path(folder) / "profile.json"
            profile.write_text(json.dumps(PROFILE))
            done = subprocess.run([PROGRAM, "score", "--format", "json", "--profile", profile, *sample_photos()],
                                  capture_output=True, check=True, timeout=240)
            self.assert_same(self.model.score_photos(self.model.prepare(paa.Profile.read(profile)), self.tokens),
                             self.scores)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(len(lines), len(self.photos))
        for line, mean, spread, levels in zip(lines, *self.scores):
            self.assertEqual(line["score"], float(f"{mean:.6f}"))
            self.assertEqual(line["spread"], float(f"{spread:.6f}"))
            self.assertEqual(list(line["levels"]), list(paa.LEVELS))
            self.assertEqual(list(line["levels"].values()), [float(f"{level:.6f}") for level in levels])
            self.assertEqual((line["model"], tuple(line["scale"])), (self.model.info.hash, self.model.info.scale))

    def test_shapes_and_ranges(self):
        means, spreads, levels = self.scores
        count = len(self.photos)
        self.assertEqual((means.shape, spreads.shape, levels.shape), ((count,), (count,), (count, 5)))
        np.testing.assert_allclose(levels.sum(axis=1), 1)
        self.assertTrue(((1 <= means) & (means <= 7) & (0 < spreads)).all())
        self.assertGreater(len(set(means)), 1)
        empty = self.model.score_photos(self.person, self.model.encode([]))
        self.assertEqual(empty.levels.shape, (0, 5))

    def test_out_is_written_in_place(self):
        out = paa.Scores(*(np.full_like(array, np.nan) for array in self.scores))
        got = self.model.score_photos(self.person, self.tokens, out=out)
        self.assertIs(got.means, out.means)
        self.assert_same(out, self.scores)
        means, spreads, levels = out
        readonly = means.copy()
        readonly.flags.writeable = False
        for bad in ((means[1:], spreads, levels), (means.astype(np.float32), spreads, levels),
                    (means, spreads, spreads), (means, np.zeros(2 * len(means))[::2], levels),
                    (readonly, spreads, levels)):
            with self.assertRaises(paa.InvalidArgument):
                self.model.score_photos(self.person, self.tokens, out=bad)

    def test_people(self):
        people = [self.person, self.model.prepare(paa.Profile()), self.model.prepare('{"age": 20}')]
        scores = self.model.score_people(people, self.tokens[0])
        self.assertEqual(scores.levels.shape, (3, 5))
        self.assertLess(abs(scores.means[0] - self.scores.means[0]), 0.07)  # a batch of another size, in bf16
        self.assertIn("60 to", self.person.text)

    def test_array_and_fitted_photo_have_the_same_scores(self):
        wide = np.random.default_rng(1).integers(0, 256, (300, 400, 3), np.uint8)
        crop = wide[20:200, 30:330]
        whole, copied = paa.Photo(crop), paa.Photo(np.ascontiguousarray(crop))
        tokens = self.model.encode([whole, copied, self.model.fit(whole)])
        means = [self.model.score_photos(self.person, [one]).means[0] for one in tokens]
        self.assertEqual(len(set(means)), 1, means)

    def test_pil_image_equals_array_and_file(self):
        try:
            from PIL import Image
        except ImportError:
            self.skipTest("no Pillow")
        image = Image.open(sample_photos()[0])
        tokens = self.model.encode([paa.Photo(image), paa.Photo(np.asarray(image.convert("RGB"))), self.photos[0]])
        means = [self.model.score_photos(self.person, [one]).means[0] for one in tokens]
        self.assertEqual(len(set(means)), 1, means)
        turned = Image.new("RGB", (4, 2))
        turned.getexif()[0x0112] = 6
        self.assertEqual(paa.Photo(turned).size, (2, 4))

    def test_progress(self):
        seen = []
        self.model.score_photos(self.person, self.tokens * 20, progress=lambda *step: seen.append(step))
        self.assertEqual(seen, [(64, 100), (100, 100)])

    def test_an_exception_of_the_callback_comes_out_unchanged(self):
        out = tuple(np.full_like(array, -1) for array in self.scores)
        for raised in (KeyError("mine"), KeyboardInterrupt()):
            def stop(_done, _total, error=raised):
                raise error

            with self.assertRaises(type(raised)) as caught:
                self.model.score_photos(self.person, self.tokens, out=out, progress=stop)
            self.assertIs(caught.exception, raised)
            with self.assertRaises(type(raised)):
                self.model.encode(self.photos[:1], progress=stop)
        self.assertTrue(all((array == -1).all() for array in out))

    def test_ctrl_c_ends_a_call(self):
        for progress in (None, lambda *_: None):
            timer = threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT))
            with self.assertRaises(KeyboardInterrupt):
                timer.start()
                self.model.score_photos(self.person, self.tokens * 400, progress=progress)
            timer.join()
        self.assertIs(signal.getsignal(signal.SIGINT), signal.default_int_handler)

    def test_cancel(self):
        with paa.Cancel() as cancel:
            cancel.request()
            for call in (lambda: self.model.score_photos(self.person, self.tokens, cancel=cancel),
                         lambda: self.model.encode(self.photos, cancel=cancel), lambda: paa.Model(cancel=cancel)):
                with self.assertRaises(paa.Cancelled):
                    call()
            cancel.reset()
            self.assert_same(self.model.score_photos(self.person, self.tokens, cancel=cancel), self.scores)
            with self.assertRaises(paa.Cancelled):  # also by another thread, while the call runs
                self.model.score_photos(self.person, self.tokens * 40, cancel=cancel,
                                        progress=lambda *_: cancel.request())
        with self.assertRaises(paa.InvalidArgument):
            cancel.request()

    def test_two_threads_score_at_once(self):
        results = [None, None]

        def work(index):
            results[index] = [self.model.score_photos(self.person, self.tokens) for _ in range(3)]

        threads = [threading.Thread(target=work, args=(index,)) for index in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for scores in results[0] + results[1]:
            self.assert_same(scores, self.scores)

    def test_closing(self):
        photo = paa.Photo(sample_photos()[0])
        tokens = self.model.encode([photo])[0]
        profile = paa.Profile(PROFILE)
        person = self.model.prepare(profile)
        for thing in (photo, profile, tokens, person):
            thing.close()
            thing.close()
            self.assertTrue(thing.closed)
        for use in (lambda: photo.size, lambda: person.text, lambda: self.model.encode([photo]),
                    lambda: self.model.score_photos(self.person, [tokens]), lambda: self.model.prepare(profile),
                    lambda: self.model.score_photos(person, self.tokens), photo.__enter__):
            with self.assertRaisesRegex(paa.InvalidArgument, "closed"):
                use()

    def test_closing_what_a_call_uses(self):
        """The call goes on to its end: the handle is freed after it."""
        person, tokens = self.model.prepare(PROFILE), self.model.encode(self.photos)

        def close(_done, _total):
            for thing in (person, *tokens):
                thing.close()
            gc.collect()

        self.assert_same(self.model.score_photos(person, tokens, progress=close), self.scores)
        self.assertTrue(person.closed)

    def test_bad_profiles_and_models(self):
        for bad in ({"shoe_size": 40}, "not json", {"age": 400}, "\udcff", b"\xff"):
            with self.assertRaises(paa.BadFormat):
                paa.Profile(bad)
        with self.assertRaises(paa.LimitExceeded):
            self.model.prepare({"about": "quiet landscapes " * 200})
        with self.assertRaises(paa.NotFound):
            paa.Model("no-such-model")
        with self.assertRaises(paa.NotFound):
            paa.Profile.read("no-such-file.json")
        for options in ({"precision": "f16"}, {"threads": -1}, {"verify_max_bytes": -1}):
            with self.assertRaises(paa.InvalidArgument):
                paa.Model(**options)
        with self.assertRaises(TypeError):
            paa.Tokens()

    def test_log(self):
        lines = []
        paa.set_log_callback(lambda level, line: lines.append((level, line)))
        try:
            with self.assertRaises(paa.BadFormat):
                paa.Photo(b"no image")
        finally:
            paa.set_log_callback(None)
        count = len(lines)
        self.assertGreater(count, 0)
        with self.assertRaises(paa.BadFormat):
            paa.Photo(b"no image")
        self.assertEqual(len(lines), count)


class Loading(unittest.TestCase):
    SCORE = ("m = paa.Model(); s = m.score_photos(m.prepare({{'age': 30}}), m.encode([paa.Photo({photo!r})])); "
             "print(s.means[0].hex())")

    def test_beside_torch(self):
        """Imported before the package, or after the library has been used."""
        if importlib.util.find_spec("torch") is None:
            self.skipTest("no torch")
        score = self.SCORE.format(photo=str(sample_photos()[0]))
        alone = run_python(f"import paa, sys; {score}; assert 'torch' not in sys.modules")
        before = run_python(f"import torch; import paa; {score}")
        after = run_python(f"import paa; {score}; import torch; assert torch.ones(2).sum().item() == 2")
        self.assertEqual([before, after], [alone, alone])

    def test_finds_the_libtorch_of_the_installed_torch(self):
        """A copy of the library that does not know where its libtorch is."""
        folder = next((path for path in map(pathlib.Path, sys.path) if (path / "torch/lib/libtorch_cpu.so").exists()),
                      None)
        data = pathlib.Path(LIBRARY).read_bytes()
        known = os.fsencode(str(folder / "torch/lib")) if folder is not None else b""
        if not known or known not in data:
            self.skipTest("the library takes its libtorch from elsewhere")
        with tempfile.TemporaryDirectory() as temporary:
            copy = pathlib.Path(temporary) / "libpaa_capi.so.0"
            copy.write_bytes(data.replace(known, b"/" + b"x" * (len(known) - 1)))
            printed = run_python("import paa, sys; print(paa.version(), 'torch' in sys.modules)",
                                 PAA_LIBRARY=str(copy))
            self.assertEqual(printed.split(), [paa.version(), "False"])

    def test_a_missing_library_is_named(self):
        code = "import paa\ntry: paa.version()\nexcept ImportError as error: print(error)"
        printed = run_python(code, PAA_LIBRARY="/no/such/library.so")
        self.assertIn("PAA_LIBRARY", printed)
        self.assertIn("/no/such/library.so", printed)


def interpreter():
    """The one that has numpy: the set-up's, else this one."""
    venv = HOME / "venv/bin/python"
    return str(venv) if venv.exists() else sys.executable


if __name__ == "__main__":
    LIBRARY, PROGRAM = sys.argv[1:3]
    if sys.executable != interpreter() and "PAA_PYTHON_TEST" not in os.environ:
        os.environ["PAA_PYTHON_TEST"] = "again"
        os.execv(interpreter(), [interpreter(), "-B", *sys.argv])
    for wanted in (MODEL / "model.json", SAMPLES):
        if not wanted.exists():
            print(f"skipped: no {wanted}; sh examples/quickstart.sh fetches models and photos")
            sys.exit(SKIPPED)
    try:
        import numpy as np
    except ImportError:
        print(f"skipped: {sys.executable} has no numpy")
        sys.exit(SKIPPED)
    os.environ["PAA_LIBRARY"] = LIBRARY
    import paa
    from paa import _declarations, errors
    unittest.main(argv=sys.argv[:1], verbosity=2)
