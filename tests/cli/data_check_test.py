"""paa data check: what it says of a set, whole, damaged and empty."""

import json
import pathlib

import program

OASIS = pathlib.Path(__file__).resolve().parents[2] / "../shared/data/oasis"


class DataCheck(program.ProgramTest):
    def oasis(self, ratings="u1,i1,5\r\nu2,i1,3\r\nu2,i2,7\r\nu2,i1,1\r\n"):
        """A small set with the files and headers of the OASIS subset; the file of photo i2 is missing."""
        files = {
            "images.csv": "image_id,file,theme,category,split\r\ni1,images/i1.jpg,Acorns,Object,train\r\n"
                          "i2,images/i2.jpg,Lake,Scene,test\r\n",
            "users.csv": "user_id,age,gender,education,split\r\nu1,37,male,,train\r\nu2,20,female,college,test\r\n",
            "ratings.csv": "user_id,image_id,score\r\n" + ratings,
            "retest.csv": "user_id,image_id,first,second\r\nr1,i1,5,3\r\n",
            "images/i1.jpg": "",
        }
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text.encode())
        return self.folder

    def check(self, *arguments):
        return program.run("data", "check", *arguments)

    def test_text_says_what_is_there_what_is_missing_and_what_was_left_out(self):
        done = self.check(self.oasis(), "--set", "oasis")
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        text = done.stdout.decode()
        for words in ("oasis: 3 ratings of 2 photos by 2 people, from 1 to 7", "1 to 2, median 1.5", "ratings.csv:5",
                      "1 of 2 are missing; the first: " + str(self.folder / "images/i2.jpg"), "mean difference 2.000"):
            self.assertIn(words, text)
        self.assertLessEqual(max(map(len, done.stdout.decode().splitlines()[:8])), 120)

    def test_json_says_the_same(self):
        done = self.check(self.oasis(), "--set", "oasis", "--json")
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        [found] = program.json_lines(done)
        expected = {"name": "oasis", "people": 2, "photos": 2, "ratings": 3, "duplicates": 1, "missing_photos": 1,
                    "mean": 5.0, "retests": 1, "retest_mae": 2.0, "problems": [],
                    "scale": {"low": 1, "high": 7, "step": 1},
                    "splits": {"train": {"people": 1, "photos": 1, "ratings": 1},
                               "test": {"people": 1, "photos": 1, "ratings": 1}}}
        self.assertEqual({key: found[key] for key in expected}, expected)
        self.assertEqual(found["left_out"][0]["count"], 1)

    def test_damage_is_named_with_file_line_and_column(self):
        done = self.check(self.oasis("u1,i1,5\r\nu1,i2,8\r\n"), "--set", "oasis")
        self.assert_one_line_error(done, 1, "ratings.csv:3:7", "1 to 7")
        (self.folder / "users.csv").unlink()
        self.assert_one_line_error(self.check(self.folder, "--set", "oasis"), 1, "users.csv")

    def test_a_set_that_cannot_be_used_is_reported_and_refused(self):
        self.oasis("")
        (self.folder / "images/i1.jpg").unlink()
        done = self.check(self.folder, "--set", "oasis", "--json")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(len(program.json_lines(done)[0]["problems"]), 2)
        self.assertIn(b"not one rating", done.stderr)
        self.assertIn(b"not one photo file", done.stderr)

    def test_wrong_usage(self):
        for arguments, word in [(["data"], "--help"), (["data", "check"], "ROOT"), (["data", "list"], "--help"),
                                (["data", "check", self.folder], "--set"),
                                (["data", "check", self.folder, "--set", "ava"], "flickr-aes"),
                                (["data", "check", self.folder / "none", "--set", "eva"], "none")]:
            with self.subTest(arguments=arguments):
                self.assert_one_line_error(program.run(*arguments), 2, word)

    def test_help(self):
        for arguments in (["data", "--help"], ["data", "check", "--help"]):
            done = program.run(*arguments)
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            self.assertIn(b"Usage: paa data", done.stdout)
            self.assertLessEqual(max(map(len, done.stdout.decode().splitlines())), 120)

    def test_the_oasis_subset_at_hand(self):
        if not OASIS.is_dir():
            self.skipTest(f"no folder {OASIS}")
        [found] = program.json_lines(self.check(OASIS, "--set", "oasis", "--json"))
        numbers = [found[key] for key in ("photos", "people", "ratings", "retest_people", "missing_photos")]
        self.assertEqual(numbers, [514, 596, 76544, 59, 0])


if __name__ == "__main__":
    program.main()
