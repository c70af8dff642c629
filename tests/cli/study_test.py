"""paa study and paa train population on research data; skipped where that is absent."""

import json
import os
import signal
import subprocess
import time

import program
from small_oasis import OASIS, small_oasis


@program.unittest.skipUnless(OASIS.is_dir(), "no OASIS data")
class Study(program.ProgramTest):
    def setUp(self):
        super().setUp()
        self.root = small_oasis(self.folder / "oasis")
        self.command = ["study", "--data", self.root, "--set", "oasis", "--draws", "2"]

    def study(self, folder, *arguments):
        done = program.run(*self.command, "--out", folder, *arguments)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done

    def test_killed_and_run_again_it_comes_to_the_same_end(self):
        self.command += ["--k", "0,2,10", "--no-llm"]
        whole = self.study(self.folder / "whole", "--json").stdout
        folder = self.folder / "killed"
        running = subprocess.Popen([program.PROGRAM, *map(os.fspath, self.command), "--out", folder],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + program.TIMEOUT_S
        while not any(path.stat().st_size > 20000 for path in folder.glob("progress-*.jsonl")):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)
        running.send_signal(signal.SIGKILL)
        running.wait()
        self.assertFalse((folder / "study.json").exists())
        self.assertEqual(self.study(folder, "--json").stdout, whole)
        self.assertEqual((folder / "study.json").read_bytes(), whole)

        report = json.loads(whole)
        rows = {(row["name"], row["k"]): row for row in report["rows"]}
        generic = rows["generic (no profile)", 0]
        for name in ("low-level features", "high-level features", "low- and high-level (DL-LLM)"):
            learned = rows[name, 10]
            self.assertLess(learned["mae"]["mean"], generic["mae"]["mean"] - 0.05, name)
            self.assertGreater(learned["srocc"]["mean"], generic["srocc"]["mean"] - 0.03, name)
            self.assertTrue(0.65 < learned["coverage_80"]["mean"] < 0.9, learned["coverage_80"])
        # All of the largest support is known then, however it was chosen.
        chosen, drawn = rows["low- and high-level, photos chosen by ask", 10], rows["low- and high-level (DL-LLM)", 10]
        self.assertAlmostEqual(chosen["mae"]["mean"], drawn["mae"]["mean"], delta=1e-6)
        page = (folder / "study.html").read_text()
        self.assertIn("<svg", page)
        self.assertNotIn("http:", page.replace("http://www.w3.org", ""))

    def test_other_ways_to_learn_are_added_by_name(self):
        command = [*self.command, "--k", "0,10", "--no-llm"]
        done = program.run(*command, "--out", self.folder / "out", "--also", "gaussian-process,boosted-trees", "--json")
        if b"built without XGBoost" in done.stderr:
            self.assertFalse((self.folder / "out").exists())
            self.skipTest("built without XGBoost")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        report = json.loads(done.stdout)
        rows = {(row["name"], row["k"]): row for row in report["rows"]}
        generic = rows["generic (no profile)", 0]["mae"]["mean"]
        for name in ("Gaussian process", "boosted trees"):
            self.assertLess(rows[name, 10]["mae"]["mean"], generic)
            self.assertIn((name, "low- and high-level (DL-LLM)"), {(one["row"], one["minus"]) for one in report["differences"]})
        done = program.run(*command, "--out", self.folder / "out", "--also", "witchcraft")
        self.assertEqual(done.returncode, 2)
        self.assertIn("boosted-trees", done.stderr.decode())

    def test_the_language_model_is_asked_directly(self):
        users = (self.root / "users.csv").read_text().splitlines()
        left_out = [line for line in users if line.endswith(",test")][3:]
        (self.root / "users.csv").write_text("\n".join(line for line in users if line not in left_out) + "\n")
        people = {line.split(",")[0] for line in left_out}
        ratings = (self.root / "ratings.csv").read_text().splitlines()
        (self.root / "ratings.csv").write_text("\n".join(line for line in ratings if line.split(",")[0] not in people) + "\n")
        report = json.loads(self.study(self.folder / "asked", "--k", "0,2,26", "--json").stdout)
        asked = [row for row in report["rows"] if row["name"] == "language model, asked directly"]
        self.assertEqual([row["k"] for row in asked], [0, 2])
        for row in asked:
            self.assertTrue(0.3 < row["mae"]["mean"] < 4, row["mae"])
        self.assertNotEqual(asked[0]["mae"], asked[1]["mae"])

    def test_wrong_sizes_are_refused(self):
        done = program.run("study", "--data", self.root, "--set", "oasis", "--k", "5,2", "--out", self.folder / "out")
        self.assertEqual(done.returncode, 2)
        self.assertIn("must rise", done.stderr.decode())

    def test_the_population_that_is_shipped_is_the_one_that_is_fitted(self):
        out = self.folder / "population.json"
        done = program.run("train", "population", "--data", OASIS, "--set", "oasis", "--out", out)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        fitted, shipped = json.loads(out.read_text()), json.loads((program.MODEL / "population.json").read_text())
        self.assertEqual(fitted["features"], shipped["features"])
        for name in ("offset_scale", "tilt_scale", "noise", "intercept", "slope"):
            self.assertAlmostEqual(fitted[name], shipped[name], delta=0.02, msg=name)
        self.assertEqual(fitted["concepts"], shipped["concepts"])
        self.assertEqual([group["name"] for group in fitted["groups"]], [group["name"] for group in shipped["groups"]])
        for ours, theirs in zip(fitted["groups"], shipped["groups"]):
            self.assertAlmostEqual(ours["scale"], theirs["scale"], delta=0.05, msg=ours["name"])


if __name__ == "__main__":
    program.main()
