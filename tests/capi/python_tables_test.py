#!/usr/bin/env python3
"""What the Python package adds to the C library without a model: tables, a bar, the photos of a folder, parts on disk.

Exit status 77: skipped, since no Python with pandas, pyarrow and tqdm was found.
"""

import io
import math
import os
import pathlib
import re
import signal
import sys
import tempfile
import unittest
import unittest.mock

from python_interpreter import PACKAGE, PROJECT, run_again_with

sys.dont_write_bytecode = True
sys.path.insert(0, str(PACKAGE))


class Frame(unittest.TestCase):
    def setUp(self):
        levels = np.array([[.1, .2, .3, .2, .2], [0, 0, 0, .5, .5]])
        self.scores = paa.Scores(np.array([3.25, 6.0]), np.array([1.5, .5]), levels)

    def test_columns_and_rows(self):
        frame = self.scores.to_frame(["a.jpg", pathlib.Path("b.jpg")])
        self.assertEqual(list(frame.columns), ["path", "mean", "spread", *paa.LEVELS])
        self.assertEqual(frame.iloc[0].to_list(), ["a.jpg", 3.25, 1.5, .1, .2, .3, .2, .2])
        self.assertEqual(frame.iloc[1].to_list(), ["b.jpg", 6.0, .5, 0, 0, 0, .5, .5])
        self.assertEqual(list(self.scores.to_frame().columns), ["mean", "spread", *paa.LEVELS])

    def test_holds_its_own_figures(self):
        frame = self.scores.to_frame()
        for array in self.scores:
            array[:] = -1
        self.assertEqual(frame["mean"].to_list(), [3.25, 6.0])
        self.assertEqual(frame["excellent"].to_list(), [.2, .5])

    def test_as_many_paths_as_scores(self):
        with self.assertRaisesRegex(paa.InvalidArgument, "1 paths for 2 scores"):
            self.scores.to_frame(["a.jpg"])
        empty = paa.Scores(np.empty(0), np.empty(0), np.empty((0, 5))).to_frame([])
        self.assertEqual((len(empty), list(empty.columns)[0]), (0, "path"))


class Bar(unittest.TestCase):
    def setUp(self):
        self.shown = io.StringIO()
        self.bar = paa.ProgressBar(file=self.shown, mininterval=0, desc="encoding")

    def test_ends_full_and_begins_anew(self):
        for done in (64, 100):
            self.bar(done, 100)
        self.assertIn("encoding: 100%", self.shown.getvalue())
        self.assertIn("100/100", self.shown.getvalue())
        self.bar(3, 7)
        self.assertRegex(self.shown.getvalue(), r"3/7")

    def test_after_a_call_that_was_stopped(self):
        self.bar(64, 200)
        self.bar(10, 200)
        self.assertIn("10/200", self.shown.getvalue())
        self.bar.close()
        self.bar.close()


class Folder(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def make(self, *names):
        for name in names:
            path = os.path.join(os.fsencode(self.folder), os.fsencode(name))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(b"abc")

    def test_takes_what_the_command_line_takes(self):
        source = (PROJECT / "examples/paa/photo_paths.cpp").read_text()
        endings = re.search(r"kPhotoExtensions = \{([^}]*)\}", source).group(1)
        self.assertEqual(list(photo_folder.PHOTO_ENDINGS), re.findall(r'"(\.\w+)"', endings))

    def test_finds_photos_by_name(self):
        self.make("b.JPG", "a/z.png", "a/.hidden.png", ".hidden/c.png", "notes.txt", "jpg", b"\xff.gif")
        (self.folder / "link").symlink_to(self.folder / "a")
        (self.folder / "linked.bmp").symlink_to(self.folder / "notes.txt")
        (self.folder / "gone.bmp").symlink_to("nowhere")
        os.mkfifo(self.folder / "pipe.png")
        found = list(photo_folder.photo_files(self.folder))
        self.assertEqual([file.path for file in found], [b"a/z.png", b"b.JPG", b"gone.bmp", b"linked.bmp", b"\xff.gif"])
        self.assertEqual([file.size for file in found], [3, 3, -1, 3, 3])
        self.assertEqual(found[0].mtime_ns, (self.folder / "a/z.png").stat().st_mtime_ns)
        self.assertEqual([bool(file.error) for file in found], [False, False, True, False, False])
        self.assertEqual(photo_folder.printable(found[-1].path), "\\xff.gif")

    def test_a_folder_that_cannot_be_read(self):
        self.make("a/z.png", "b.png")
        scandir = os.scandir

        def refuse(path):  # as the system does, but to root too
            if path.endswith(b"/a"):
                raise PermissionError(13, "Permission denied")
            return scandir(path)

        with unittest.mock.patch("os.scandir", refuse):
            found = list(photo_folder.photo_files(self.folder))
        self.assertEqual([(file.path, file.error) for file in found],
                         [(b"a", "cannot read the folder: Permission denied"), (b"b.png", "")])

    def test_a_folder_that_is_not_there(self):
        with self.assertRaises(FileNotFoundError):
            photo_folder.photo_files(self.folder / "missing")


class Parts(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.out = pathlib.Path(temporary.name) / "out"
        self.parts = score_parts.ScoreParts(self.out, {"hash": "1"}, "call")

    def rows(self, *rows):
        """Columns from (path, mean, error code) each, of size 1 and time 2."""
        columns = {name: [None] * len(rows) for name in score_parts.COLUMNS}
        columns["path"], columns["mean"], columns["error_code"] = map(list, zip(*rows))
        columns["size"], columns["mtime_ns"] = [1] * len(rows), [2] * len(rows)
        return columns

    def photos(self, *photos):
        return pandas.DataFrame(list(photos), columns=score_parts.IDENTITY)

    def test_what_is_written_is_read(self):
        mean = math.nextafter(3.3, 4)
        self.parts.write("part-1.parquet", self.rows(("b", 2.0, None), ("a", mean, None)))
        again = score_parts.ScoreParts(self.out, {"hash": "1"}, "call")
        got = again.scores_of(self.photos(("a", 1, 2), ("b", 1, 2), ("a", 1, 3)))
        self.assertEqual(list(got.columns), score_parts.COLUMNS)
        self.assertEqual(got["mean"].to_list()[:2], [mean, 2.0])
        self.assertTrue(math.isnan(got["mean"][2]))  # the file has changed
        self.assertEqual(len(pandas.read_parquet(self.parts.folder)), 2)

    def test_another_run_is_another_folder(self):
        self.parts.write("part-1.parquet", self.rows(("a", 1.0, None)))
        other = score_parts.ScoreParts(self.out, {"hash": "2"}, "call")
        self.assertEqual((len(other.finished()), len(self.parts.finished())), (0, 1))
        self.assertEqual(len(list(self.out.glob("run=*/_run.json"))), 2)

    def test_failures_that_may_pass_are_tried_again(self):
        self.parts.write("part-1.parquet", self.rows(("a", None, "bad format"), ("b", None, "input/output error")))
        self.assertEqual(self.parts.finished()["path"].to_list(), ["a"])
        self.parts.write("part-2.parquet", self.rows(("b", 4.0, None)))
        self.assertEqual(sorted(self.parts.finished()["path"]), ["a", "b"])
        got = self.parts.scores_of(self.photos(("a", 1, 2), ("b", 1, 2)))
        self.assertEqual((len(got), got["mean"][1], got["error_code"][0]), (2, 4.0, "bad format"))
        self.assertTrue(pandas.isna(got["error_code"][1]))

    def test_half_a_file_is_never_seen(self):
        with self.assertRaises(pyarrow.ArrowInvalid):
            self.parts.write("part-1.parquet", {**self.rows(("a", 1.0, None)), "mean": ["no number"]})
        with unittest.mock.patch("os.replace", side_effect=OSError("the disk is full")):
            with self.assertRaisesRegex(OSError, "full"):
                self.parts.write("part-1.parquet", self.rows(("a", 1.0, None)))
        self.assertEqual(len(self.parts.finished()), 0)
        self.parts.remove_scratch()
        self.assertEqual([path.name for path in self.parts.folder.iterdir()], ["_run.json"])


class WhatKills(unittest.TestCase):
    """A photo that ends every process that reads it."""

    def read(self, file, killers=(), late=False):
        """Reads four photos in a process of its own: the signal that ended it, and which photos it left out."""
        reader, writer = os.pipe()
        process = os.fork()
        if process == 0:
            try:
                self.read_here(file, killers, late, writer)
            finally:
                os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as left_out:
            photos = [int(photo) for photo in left_out.read()]
        return os.WTERMSIG(os.waitpid(process, 0)[1]), photos

    @staticmethod
    def read_here(file, killers, late, writer):
        with Attempts(file) as attempts:
            for photo in range(4):
                if attempts.killed(photo):
                    os.write(writer, str(photo).encode())
                    continue
                attempts.reads(photo)
                if photo in killers:
                    os.kill(os.getpid(), signal.SIGKILL)
            attempts.has_read()
            if late:
                os.kill(os.getpid(), signal.SIGKILL)

    def test_is_left_out_after_two_deaths(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "attempts"
            self.assertEqual([self.read(file, [1, 2]) for _ in range(4)],
                             [(signal.SIGKILL, [])] * 2 + [(signal.SIGKILL, [1])] * 2)
            self.assertEqual(self.read(file, [1, 2]), (0, [1, 2]))
            self.assertFalse(file.exists())

    def test_deaths_of_other_causes_blame_no_photo(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "attempts"
            for _ in range(4):
                self.assertEqual(self.read(file, late=True)[0], signal.SIGKILL)
            self.assertEqual(self.read(file, [0])[0], signal.SIGKILL)
            self.assertEqual(self.read(file), (0, []))

    def test_deaths_of_other_causes_end_at_some_time(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "attempts"
            for _ in range(5):
                self.assertEqual(self.read(file, late=True)[0], signal.SIGKILL)
            with self.assertRaisesRegex(ChildProcessError, "5 processes have died"):
                Attempts(file)
            self.assertEqual(self.read(file), (0, []))


if __name__ == "__main__":
    run_again_with("numpy", "pandas", "pyarrow", "tqdm")
    import numpy as np
    import pandas
    import pyarrow

    import paa
    from paa import photo_folder, score_parts
    from paa.attempts import Attempts
    unittest.main(argv=sys.argv[:1], verbosity=2)
