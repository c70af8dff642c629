"""paa score: every format says the same of every photo, in the order of the command line."""

import json
import math
import os
import pathlib
import re
import shutil
import subprocess

import program

LEVELS = ["bad", "poor", "fair", "good", "excellent"]
PROFILE = {"age": 31, "gender": "female", "education": "university", "about": 'I love "quiet", wide landscapes.'}


class Formats(program.ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.photos = [str(path) for path in reversed(program.sample_photos())]

    def score(self, *arguments):
        done = program.run("score", *arguments, *self.photos)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return done

    def test_json_holds_the_promised_fields(self):
        lines = program.json_lines(self.score("--format", "json", "--profile", self.profile_file("p.json", PROFILE)))
        self.assertEqual([line["photo"] for line in lines], self.photos)
        for line in lines:
            self.assertEqual(list(line), ["photo", "score", "spread", "scale", "levels", "model", "profile"])
            self.assertEqual(list(line["levels"]), LEVELS)
            self.assertEqual(line["profile"], PROFILE)
            self.assertRegex(line["model"], r"\A[0-9a-f]{12}\Z")
            low, high = line["scale"]
            shares = list(line["levels"].values())
            self.assertAlmostEqual(sum(shares), 1, places=4)
            ratings = [low + (high - low) / 4 * i for i in range(5)]
            mean = sum(p * r for p, r in zip(shares, ratings))
            self.assertAlmostEqual(line["score"], mean, places=3)
            variance = sum(p * (r - mean) ** 2 for p, r in zip(shares, ratings))
            self.assertAlmostEqual(line["spread"], math.sqrt(variance), places=3)
        self.assertEqual(len({line["score"] for line in lines}), len(lines), "photos differ, so must their scores")

    def test_csv_and_text_say_what_json_says(self):
        lines = program.json_lines(self.score("--format", "json", "--jobs", "1"))
        rows = program.csv_rows(self.score("--format", "csv", "--jobs", "5"))
        for line, row in zip(lines, rows, strict=True):
            self.assertEqual(row["photo"], line["photo"])
            self.assertEqual(float(row["score"]), line["score"])
            self.assertEqual(float(row["spread"]), line["spread"])
            self.assertEqual([float(row["scale_low"]), float(row["scale_high"])], line["scale"])
            self.assertEqual([float(row[level]) for level in LEVELS], list(line["levels"].values()))
            self.assertEqual(row["model"], line["model"])
            self.assertEqual(json.loads(row["profile"]), line["profile"])
            self.assertEqual(row["error"], "")
        text = self.score().stdout.decode().splitlines()
        self.assertIn(lines[0]["model"], text[0])
        found = [re.fullmatch(r" *([\d.]+) ± ([\d.]+)  (.*)", row).groups() for row in text[1:]]
        self.assertEqual(found, [(f"{x['score']:.2f}", f"{x['spread']:.2f}", x["photo"]) for x in lines])


class Profiles(program.ProgramTest):
    def test_flags_win_over_the_file(self):
        photo = program.sample_photos()[0]
        file = self.profile_file("p.json", {"age_range": [18, 21], "gender": "male", "education": "high school",
                                            "personality": {"openness": 3, "neuroticism": 9}})
        done = program.run("score", "--format", "json", "--profile", file, "--age", "62", "--gender", "female",
                           "--openness", "8", "--interest", "boats", "--interest", "trains", "--colour-blind", "true",
                           "--art-interest", "2.5", photo)
        self.assertEqual(done.returncode, 0, done.stderr)
        profile = program.json_lines(done)[0]["profile"]
        self.assertEqual(profile, {"age": 62, "gender": "female", "education": "high school",
                                   "personality": {"openness": 8, "neuroticism": 9}, "interests": ["boats", "trains"],
                                   "colour_blind": True, "art_interest": 2.5})

    def test_another_profile_moves_the_score(self):
        photo = program.sample_photos()[0]
        scores = set()
        for arguments in ([], ["--about", "I love machines."], ["--age", "80", "--gender", "male"]):
            done = program.run("score", "--format", "json", *arguments, photo)
            scores.add(program.json_lines(done)[0]["score"])
        self.assertEqual(len(scores), 3)


class Folders(program.ProgramTest):
    def test_folders_are_walked_and_the_rest_is_counted(self):
        names = ["b/z.png", "b/a/deep/photo.JPG", "b/ä ☕.png", "b/line\nbreak.png", "b/png.jpeg", "last.png"]
        for name in names:
            self.sample_as(name)
        for name in ["b/notes.txt", "b/raw.HEIC", "b/README"]:
            (self.folder / name).write_text("no photo")
        self.sample_as("b/.hidden.png")
        self.sample_as("b/.cache/thumb.png")
        (self.folder / "b/linked").symlink_to(self.folder / "b/a")
        (self.folder / "b/round").symlink_to(self.folder / "b")
        (self.folder / "b/y.png").symlink_to(self.folder / "last.png")
        done = program.run("score", "--format", "json", "last.png", "b", cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        found = [line["photo"] for line in program.json_lines(done)]
        expected = ["last.png", "b/a/deep/photo.JPG", "b/line\nbreak.png", "b/png.jpeg", "b/y.png", "b/z.png",
                    "b/ä ☕.png"]
        self.assertEqual(found, expected)
        self.assertEqual(done.stderr.decode(), "paa: skipped 3 other files (no extension 1, .heic 1, .txt 1), "
                                               "2 hidden, 2 linked folders\n")
        in_csv = program.csv_rows(program.run("score", "--format", "csv", "last.png", "b", cwd=self.folder))
        self.assertEqual([row["photo"] for row in in_csv], expected)
        text = program.run("score", "last.png", "b", cwd=self.folder).stdout.decode()
        self.assertEqual(len(text.splitlines()), 1 + len(expected))
        self.assertIn("b/line\\nbreak.png", text)

    def test_a_name_that_is_no_utf8_does_no_harm(self):
        name = os.fsencode(self.folder) + b"/caf\xe9.png"
        try:
            pathlib.Path(os.fsdecode(name)).write_bytes(program.sample_photos()[0].read_bytes())
        except OSError:
            self.skipTest("this file system takes UTF-8 names only")
        done = program.run("score", "--format", "json", name)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(program.json_lines(done)[0]["photo"].endswith("caf\ufffd.png"))

    def test_no_photo_at_all_is_a_failure(self):
        (self.folder / "notes.txt").write_text("no photo")
        (self.folder / "empty").mkdir()
        done = program.run("score", self.folder)
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertEqual(done.stderr.decode(), "paa: skipped 1 other file (.txt 1)\n"
                                               f"paa: no photo found in {self.folder}\n")


class Network(program.ProgramTest):
    def test_scoring_works_where_there_is_no_network(self):
        cut_off = ["unshare", "--map-root-user", "--net"]
        if shutil.which("unshare") is None or subprocess.run([*cut_off, "true"], capture_output=True).returncode != 0:
            self.skipTest("this system lets nobody cut the network")
        done = program.run("score", program.sample_photos()[0], before=cut_off)
        self.assertEqual((done.returncode, done.stderr), (0, b""))


if __name__ == "__main__":
    program.main()
