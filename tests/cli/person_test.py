"""paa rate, ask, predict and person: from no rating to a person whose photos are ranked by what was said."""

import json
import os
import shutil

import program

PHOTOS = program.sample_photos() if program.SAMPLES.is_dir() else []


class PersonCommands(program.ProgramTest):
    def setUp(self):
        super().setUp()
        self.person = self.folder / "anna.json"

    def said(self):
        return json.loads(self.person.read_text())["verdicts"]

    def succeed(self, *arguments):
        done = program.run(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done

    def fail(self, *arguments, status=1):
        before = self.person.read_bytes() if self.person.exists() else None
        done = program.run(*arguments)
        self.assertEqual(done.returncode, status, done.stdout.decode() + done.stderr.decode())
        self.assertEqual(len(done.stderr.decode().splitlines()), 1, done.stderr.decode())
        self.assertEqual(self.person.read_bytes() if self.person.exists() else None, before, "the person file changed")
        return done.stderr.decode()

    def rate(self, *arguments):
        return self.succeed("rate", "--person", self.person, *arguments)

    def predictions(self, *photos):
        done = self.succeed("predict", "--person", self.person, "--format", "json", *(photos or PHOTOS))
        return program.json_lines(done)

    def order(self):
        lines = self.succeed("rank", "--person", self.person, *PHOTOS).stdout.decode().splitlines()
        return [line.split("  ")[-1] for line in lines if line.strip()[:1].isdigit()]

    def test_from_the_first_rating_predictions_follow_the_person(self):
        self.rate(f"{PHOTOS[0]}=4")
        before = self.order()
        self.rate(f"{PHOTOS[before.index(before[-1])]}=4", f"{before[-1]}=7", f"{before[0]}=1")
        after = self.order()
        self.assertLess(after.index(before[-1]), after.index(before[0]))

    def test_predictions_have_the_fields_of_score_and_reasons_that_sum(self):
        self.rate(f"{PHOTOS[0]}=6", f"{PHOTOS[1]}=2", "--age", "31")
        score = program.json_lines(self.succeed("score", "--format", "json", PHOTOS[0]))[0]
        for line in self.predictions():
            self.assertLessEqual(set(score), set(line))
            self.assertEqual(line["profile"], {"age": 31})
            total = line["usual"] + sum(reason["points"] for reason in line["reasons"])
            self.assertAlmostEqual(min(max(total, 1), 7), line["score"], places=4)

    def test_two_runs_write_the_same_bytes(self):
        self.rate(f"{PHOTOS[0]}=6")
        self.assertEqual(self.predictions(), self.predictions())

    def test_everything_that_can_be_said_is_kept(self):
        table = self.folder / "ratings.csv"
        table.write_text(f"photo,rating\n{PHOTOS[2]},5\n")
        self.rate(f"{PHOTOS[0]}=6.5", "--csv", table, "--prefer", PHOTOS[0], PHOTOS[1], "--prefer", PHOTOS[2], PHOTOS[1],
                  "--keep", PHOTOS[3], "--reject", PHOTOS[4])
        kinds = [verdict["kind"] for verdict in self.said()]
        self.assertEqual(sorted(kinds), ["keep", "preference", "preference", "reject", "stars", "stars"])
        shown = self.succeed("person", "show", "--person", self.person).stdout.decode()
        self.assertIn("2 ratings, 2 choices, 2 kept or rejected, of 5 photos", shown)

    def test_mistakes_are_told_in_a_line_and_nothing_is_written(self):
        rate = ["rate", "--person", self.person]
        self.assertIn("1 to 7", self.fail(*rate, f"{PHOTOS[0]}=9"))
        self.assertFalse(self.person.exists())
        self.rate(f"{PHOTOS[0]}=6")
        self.assertIn("1 to 7", self.fail(*rate, f"{PHOTOS[1]}=4", f"{PHOTOS[0]}=0"))
        self.assertIn("nope.jpg", self.fail(*rate, "nope.jpg=4"))
        self.assertIn("PHOTO=4", self.fail(*rate, PHOTOS[0]))
        self.assertIn("PHOTO=4", self.fail(*rate, f"{PHOTOS[0]}=good"))
        self.assertIn("same photo", self.fail(*rate, "--prefer", PHOTOS[0], PHOTOS[0]))
        text = self.folder / "text.jpg"
        text.write_text("no photo")
        self.assertIn("text.jpg", self.fail(*rate, f"{text}=4"))
        table = self.folder / "ratings.csv"
        table.write_text("photo,rating\na.jpg,much\n")
        self.assertIn("ratings.csv:2:7", self.fail(*rate, "--csv", table))
        self.assertIn("--scale", self.fail(*rate, "--scale", "1", "5"))
        self.assertIn("paa rate --help", self.fail(*rate, status=2))

    def test_a_damaged_file_is_told_and_left_alone(self):
        self.rate(f"{PHOTOS[0]}=6")
        whole = self.person.read_bytes()
        for damaged in (whole[:len(whole) // 2], b"", b"[]", whole.replace(b'"version": 1', b'"version": 99')):
            self.person.write_bytes(damaged)
            for command in ("predict", "ask", "rank"):
                self.assertIn("anna.json", self.fail(command, "--person", self.person, PHOTOS[0]))
            self.assertIn("anna.json", self.fail("rate", "--person", self.person, f"{PHOTOS[1]}=3"))
        self.person.unlink()
        self.assertIn("anna.json", self.fail("predict", "--person", self.person, PHOTOS[0]))

    def test_a_photo_may_move_or_go(self):
        album = self.folder / "album"
        album.mkdir()
        for photo in PHOTOS[:2]:
            shutil.copy(photo, album)
        self.rate(*(f"{album / photo.name}={stars}" for photo, stars in zip(PHOTOS, (7, 1))))
        expected = self.predictions(*PHOTOS[2:])
        album.rename(self.folder / "elsewhere")
        self.assertEqual(self.predictions(*PHOTOS[2:]), expected)
        # A file without what the model saw, as `export` makes it: photos are found by their content.
        bare = self.folder / "bare.json"
        self.succeed("person", "export", "--person", self.person, "--out", bare)
        self.person.write_bytes(bare.read_bytes())
        done = self.succeed("predict", "--person", self.person, "--format", "json", *PHOTOS[2:])
        self.assertIn("2 rated photos are not to be found", done.stderr.decode())
        self.assertEqual(program.json_lines(self.succeed(
            "predict", "--person", self.person, "--format", "json", self.folder / "elsewhere", *PHOTOS[2:]))[2:], expected)
        self.assertEqual(self.predictions(*PHOTOS[2:]), expected)

    def test_ask_never_asks_twice_and_ends(self):
        asked = []
        while lines := program.json_lines(self.succeed("ask", "--person", self.person, "--json", *PHOTOS)):
            asked += [line["photo"] for line in lines]
            self.assertLessEqual(len(asked), len(PHOTOS))
        self.assertEqual(len(asked), len(set(asked)))
        self.assertGreater(len(asked), 1)
        pairs = program.json_lines(self.succeed("ask", "--person", self.person, "--json", "--pairs", "--count", "3", *PHOTOS))
        self.assertEqual(len({frozenset((pair["photo"], pair["other"])) for pair in pairs}), len(pairs))
        self.assertTrue(pairs)

    def test_merge_forget_export_and_delete(self):
        other = self.folder / "laptop.json"
        self.rate(f"{PHOTOS[0]}=6")
        self.succeed("rate", "--person", other, f"{PHOTOS[1]}=3", f"{PHOTOS[0]}=2")
        self.succeed("person", "merge", "--person", self.person, other)
        self.assertEqual(len(self.said()), 3)
        current = json.loads(self.succeed("person", "show", "--json", "--person", self.person).stdout)["current"]
        self.assertEqual(sorted(verdict["stars"] for verdict in current), [2, 3])
        self.succeed("person", "forget", "--person", self.person, PHOTOS[0])
        self.succeed("person", "merge", "--person", self.person, other)
        self.assertEqual([verdict["stars"] for verdict in self.said()], [3])
        self.assertIn("no such photo", self.fail("person", "forget", "--person", self.person, PHOTOS[3]))
        exported = json.loads(self.succeed("person", "export", "--person", self.person, "--no-paths").stdout)
        self.assertEqual([photo["path"] for photo in exported["photos"].values()], [""])
        self.assertIn("--yes", self.fail("person", "delete", "--person", self.person, status=2))
        self.succeed("person", "delete", "--person", self.person, "--yes")
        self.assertEqual([path.name for path in self.folder.iterdir() if path.name.startswith("anna")], [])

    def test_a_file_that_may_only_be_read_serves_for_predictions(self):
        self.rate(f"{PHOTOS[0]}=6")
        expected = self.predictions()
        os.chmod(self.person, 0o444)
        self.assertEqual(self.predictions(), expected)

    def test_the_page_says_why(self):
        page = self.folder / "page.html"
        self.rate(f"{PHOTOS[0]}=6", f"{PHOTOS[1]}=2")
        self.succeed("rank", "--person", self.person, "--html", page, *PHOTOS)
        text = page.read_text()
        self.assertIn("Learned from 2 things this person said of photos.", text)
        self.assertEqual(text.count('class="reasons"'), len(PHOTOS))
        self.assertIn("either --person or --profile", self.fail(
            "rank", "--person", self.person, "--age", "3", PHOTOS[0], status=2))


if __name__ == "__main__":
    program.main()
