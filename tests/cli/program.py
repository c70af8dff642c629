"""The built `paa` as the tests run it, and the photos and the model they run it on."""

import csv
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

SKIPPED = 77
PROGRAM = os.environ.get("PAA_PROGRAM", "paa")
HOME = pathlib.Path(os.environ.get("PAA_HOME") or pathlib.Path.home() / ".cache/paa")
MODEL = HOME / "models/smollm2-135m-efficientnet-lite1"  # the default
SMALL_MODEL = HOME / "models/smollm2-135m-efficientnet-lite0"  # the faster one
SAMPLES = HOME / "samples"
TIMEOUT_S = 240

# Tests run side by side: threads that wait for each other by spinning would take the cores from one another.
os.environ.setdefault("OMP_NUM_THREADS", "1")


def run(*arguments, before=(), **options):
    """The finished program: returncode, stdout and stderr as bytes. `before` is a command that starts it."""
    command = [*before, PROGRAM, *map(os.fspath, arguments)]
    return subprocess.run(command, capture_output=True, timeout=TIMEOUT_S, **options)


def json_lines(done):
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def csv_rows(done):
    return list(csv.DictReader(io.StringIO(done.stdout.decode(), newline="")))


def sample_photos():
    return sorted(path for path in SAMPLES.iterdir() if path.suffix in (".png", ".jpg"))


class ProgramTest(unittest.TestCase):
    """A test with a folder of its own, which it leaves to nobody."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="paa-cli-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def sample_as(self, name, index=0):
        """A sample photo under another name in the test's folder."""
        target = self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(sample_photos()[index], target)
        return target

    def linked_samples(self, count):
        """A folder with `count` links to the sample photos: many photos that take no room."""
        folder = self.folder / "many"
        folder.mkdir()
        samples = sample_photos()
        for i in range(count):
            source = samples[i % len(samples)]
            (folder / f"{i:04}{source.suffix}").symlink_to(source.resolve())
        return folder

    def profile_file(self, name, fields):
        path = self.folder / name
        path.write_text(json.dumps(fields))
        return path

    def assert_one_line_error(self, done, status, *words):
        """Nothing on stdout; one line on stderr, beginning with "paa: ", that holds the words."""
        message = done.stderr.decode()
        self.assertEqual(done.returncode, status, message)
        self.assertEqual(done.stdout, b"")
        self.assertRegex(message, r"\Apaa: [^\n]+\n\Z")
        for word in words:
            self.assertIn(word, message)


def main():
    """Runs the calling file's tests, or says why not."""
    for wanted in (MODEL / "model.json", SMALL_MODEL / "model.json", SAMPLES):
        if not wanted.exists():
            print(f"skipped: no {wanted}; sh examples/quickstart.sh fetches models and photos")
            sys.exit(SKIPPED)
    unittest.main(verbosity=2)
