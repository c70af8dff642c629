#!/usr/bin/env python3
"""paa.ray scores a folder as Model does, on two workers of a local cluster, also when it is interrupted.

    python_ray_test.py LIBRARY

Exit status 77: skipped, since no Python with ray, pandas and pyarrow was found, or no model has been fetched.
"""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

from python_interpreter import PACKAGE, PROJECT, need_samples, run_again_with, sample_photos

sys.dont_write_bytecode = True
sys.path.insert(0, str(PACKAGE))

PROFILE = {"age": 30, "about": "I like quiet landscapes."}
EXAMPLE = PROJECT / "examples/python/score_folder.py"
COPIES = 8  # of each sample
BLOCK = 4


def children(parent):
    """The processes that a process has started, by number, and theirs."""
    tasks = pathlib.Path(f"/proc/{parent}/task")
    found = []
    for task in tasks.iterdir() if tasks.exists() else []:
        try:
            found += [int(number) for number in (task / "children").read_text().split()]
        except OSError:
            pass
    return found + [below for child in found for below in children(child)]


def title(process):
    try:
        return pathlib.Path(f"/proc/{process}/cmdline").read_text()
    except OSError:
        return ""


def make_photos(folder):
    """Copies of the samples in two folders, and what cannot be scored."""
    for copy in range(COPIES):
        for sample in sample_photos():
            path = folder / f"{copy % 2}" / f"{copy}-{sample.name}"
            path.parent.mkdir(exist_ok=True)
            shutil.copyfile(sample, path)
    (folder / "notes.txt").write_text("no photo")
    (folder / "bad.jpg").write_text("no photo")
    (folder / "empty.png").touch()
    (folder / "gone.gif").symlink_to("nowhere")
    truncated = sample_photos()[0].read_bytes()[:5000]
    (folder / "truncated.png").write_bytes(truncated)
    with open(os.path.join(os.fsencode(folder), b"\xff.png"), "wb") as file:
        file.write(sample_photos()[1].read_bytes())


class Ray(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        root = pathlib.Path(cls.temporary.name)
        cls.photos = root / "photos"
        cls.photos.mkdir()
        make_photos(cls.photos)
        ray.init(num_cpus=2, include_dashboard=False, _temp_dir=str(root / "ray"))
        cls.whole = paa_ray.score_folder(cls.photos, PROFILE, root / "whole", block=BLOCK)

    @classmethod
    def tearDownClass(cls):
        ray.shutdown()
        cls.temporary.cleanup()

    def setUp(self):
        self.out = pathlib.Path(tempfile.mkdtemp(dir=self.temporary.name))
        self.steps = []

    def score(self, profile=PROFILE, **options):
        return paa_ray.score_folder(self.photos, profile, self.out, block=BLOCK,
                                    **{"progress": lambda *step: self.steps.append(step), **options})

    def assert_whole(self, table):
        pandas.testing.assert_frame_equal(table, self.whole, check_exact=True)
        (run,) = self.out.glob("run=*")
        left = [path.name for path in run.iterdir() if not path.name.startswith("part-")]
        self.assertEqual(left, ["_run.json"])

    def test_equals_the_model(self):
        """To the last bit, photo for photo."""
        model = paa.Model(threads=1)
        scored = self.whole[self.whole["error"].isna()]
        self.assertEqual(len(scored), COPIES * len(sample_photos()) + 1)
        paths = [os.fsencode(self.photos) + b"/" + (b"\xff.png" if path == "\\xff.png" else path.encode())
                 for path in scored["path"]]
        tokens = [model.encode([paa.Photo(os.fsdecode(path))])[0] for path in paths]
        expected = model.score_photos(model.prepare(PROFILE), tokens).to_frame(list(scored["path"]))
        got = scored[expected.columns].reset_index(drop=True)
        pandas.testing.assert_frame_equal(got, expected, check_exact=True)

    def test_what_cannot_be_read_is_a_row(self):
        failed = self.whole[self.whole["error"].notna()].set_index("path")
        self.assertEqual(sorted(failed.index), ["bad.jpg", "empty.png", "gone.gif", "truncated.png"])
        self.assertTrue(failed["mean"].isna().all())
        self.assertEqual(failed["error_code"]["bad.jpg"], "bad format")
        self.assertEqual(failed["error_code"]["gone.gif"], "input/output error")
        self.assertIn("bad.jpg", failed["error"]["bad.jpg"])
        self.assertNotIn("notes.txt", list(self.whole["path"]))

    def test_goes_on_where_it_was(self):
        class Stop(Exception):
            pass

        def stop(done, total):
            self.steps.append((done, total))
            if done > self.steps[0][0]:
                raise Stop

        with self.assertRaises(Stop):
            self.score(progress=stop)
        total = len(self.whole)
        self.assertEqual(self.steps[0], (1, total))  # the broken link, of which there is nothing to read
        (run,) = self.out.glob("run=*")
        parts = {path: path.stat().st_mtime_ns for path in run.glob("part-*")}
        self.assertGreater(len(parts), 0)
        self.steps.clear()
        self.assert_whole(self.score())
        self.assertGreater(self.steps[0][0], 1)
        self.assertEqual(self.steps[-1], (total, total))
        self.assertEqual({path: path.stat().st_mtime_ns for path in parts}, parts)
        self.steps.clear()
        self.assert_whole(self.score())
        self.assertEqual(self.steps, [(total, total)])

    def test_what_has_changed_is_scored_again(self):
        photo = self.photos / "0" / f"0-{sample_photos()[0].name}"
        self.score()
        before = photo.read_bytes(), photo.stat()
        self.steps.clear()
        try:
            shutil.copyfile(sample_photos()[1], photo)
            table = self.score().set_index("path")
        finally:
            photo.write_bytes(before[0])
            os.utime(photo, ns=(before[1].st_atime_ns, before[1].st_mtime_ns))
        total = len(self.whole)
        self.assertEqual(self.steps, [(total - 1, total), (total, total)])
        name = str(photo.relative_to(self.photos))
        self.assertEqual(table["mean"][name], table["mean"][f"0/0-{sample_photos()[1].name}"])
        self.steps.clear()
        self.assert_whole(self.score())  # the old state was not forgotten
        self.assertEqual(len(self.steps), 1)

    def test_another_person_has_scores_of_their_own(self):
        self.score()
        self.steps.clear()
        other = self.score(json.dumps({"age": 70}))
        self.assertEqual(self.steps[0][0], 1)
        self.assertFalse((other["mean"] == self.whole["mean"]).any())
        runs = [json.loads(path.read_text()) for path in self.out.glob("run=*/_run.json")]
        self.assertEqual(sorted(run["profile"]["age"] for run in runs), [30, 70])
        self.assertEqual({run["hash"] for run in runs}, {paa.Model().info.hash})
        self.assertEqual(len(pandas.read_parquet(self.out)), 2 * (len(self.whole) - 1))

    def test_a_killed_worker_is_replaced(self):
        killed = []

        def kill(done, _total):
            workers = [child for child in children(os.getpid()) if "MapWorker" in title(child)]
            if done > 1 and not killed and workers:
                os.kill(workers[0], signal.SIGKILL)
                killed.append(workers[0])

        table = self.score(progress=kill)
        self.assertEqual(len(killed), 1)
        self.assert_whole(table)

    def test_a_photo_that_kills_is_a_row(self):
        """The worker by itself, as Ray would start it: two die, the third leaves the photo out."""
        names = [f"0/0-{sample.name}" for sample in sample_photos()]
        code = f"""
import os, signal, sys, pyarrow, paa.ray
from paa.ray import _Job, _Worker, _describe
run = _describe("", "auto", 1, {json.dumps(PROFILE)!r})
worker = _Worker(_Job({str(self.photos)!r}, {str(self.out)!r}, "", run["precision"], 1, {json.dumps(PROFILE)!r}, run,
                      "call"))
read = worker._read
worker._read = lambda name, *state: (os.kill(os.getpid(), signal.SIGKILL) if name == {os.fsencode(names[2])!r}
                                     else read(name, *state))
files = [(name.encode(), os.stat(os.path.join({str(self.photos)!r}, name))) for name in {names!r}]
worker(pyarrow.table({{"name": [name for name, _ in files], "size": [state.st_size for _, state in files],
                      "mtime_ns": [state.st_mtime_ns for _, state in files]}}))
"""
        ends = [os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-B", "-c", code]) for _ in range(3)]
        self.assertEqual(ends, [-signal.SIGKILL, -signal.SIGKILL, 0])
        rows = pandas.read_parquet(next(self.out.glob("run=*"))).set_index("path")
        self.assertEqual([path for path in names if isinstance(rows["error"][path], str)], [names[2]])
        self.assertIn("two workers have died", rows["error"][names[2]])
        whole = self.whole.set_index("path")["mean"]
        others = [name for name in names if name != names[2]]
        self.assertEqual(rows["mean"][others].to_list(), whole[others].to_list())

    def test_folders_without_a_readable_photo(self):
        (self.out / "folder").mkdir()
        empty = paa_ray.score_folder(self.out / "folder", PROFILE, self.out / "scores")
        self.assertEqual((len(empty), list(empty.columns)), (0, list(self.whole.columns)))
        (self.out / "folder/bad.jpg").write_text("no photo")
        for _ in range(2):
            bad = paa_ray.score_folder(self.out / "folder", PROFILE, self.out / "scores")
            self.assertEqual(bad["error_code"].to_list(), ["bad format"])

    def test_the_example(self):
        profile = self.out / "profile.json"
        profile.write_text(json.dumps(PROFILE))
        done = subprocess.run([sys.executable, "-B", EXAMPLE, "--profile", profile, "--out", self.out / "scores",
                               "--top", "7", self.photos], capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("score_folder.py: bad.jpg: ", done.stderr)
        best = self.whole.nlargest(7, "mean")
        self.assertEqual(done.stdout.splitlines(), [f"{mean:.4f} +- {spread:.4f}  {path}" for path, mean, spread in
                                                    zip(best["path"], best["mean"], best["spread"])])

    def test_errors_are_this_packages_own(self):
        with self.assertRaises(paa.NotFound):
            self.score(model="no-such-model")
        with self.assertRaisesRegex(paa.BadFormat, "shoe_size"):
            self.score({"shoe_size": 40})
        with self.assertRaisesRegex(paa.InvalidArgument, "more cores"):
            self.score(workers=3)
        with self.assertRaises(FileNotFoundError):
            paa_ray.score_folder(self.photos / "missing", PROFILE, self.out)


if __name__ == "__main__":
    run_again_with("ray", "pandas", "pyarrow", "numpy")
    need_samples()
    # Ray's workers take these from here.
    os.environ.update(PAA_LIBRARY=sys.argv[1], PYTHONPATH=str(PACKAGE), RAY_USAGE_STATS_ENABLED="0")
    import pandas
    import ray

    import paa
    import paa.ray as paa_ray
    unittest.main(argv=sys.argv[:1], verbosity=2)
