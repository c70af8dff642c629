"""paa eval: a small set in OASIS's shape, from the sample photos, through every protocol and output."""

import json
import re

import program
from rank_test import Page

TRAIN_PHOTOS, TEST_PHOTOS = 8, 10
TRAIN_PEOPLE, TEST_PEOPLE = 4, 3
METRICS = ["srocc", "plcc", "tau", "mae", "rmse", "high_accuracy", "coverage_50", "coverage_80", "coverage_95", "crps"]
ZERO_SHOT = ["generic (no profile)", "profile", "shuffled profile", "coarse (age, gender)", "people's mean (oracle)",
             "train mean (constant)"]
INTERVAL = re.compile(r"-?\d\.\d{3} \[-?\d\.\d{3}, -?\d\.\d{3}\]")


class Evaluation(program.ProgramTest):
    def setUp(self):
        super().setUp()
        self.root = self.folder / "set"
        (self.root / "images").mkdir(parents=True)
        samples = program.sample_photos()
        photos = ["image_id,file,theme,category,split"]
        for i in range(TRAIN_PHOTOS + TEST_PHOTOS):
            source = samples[i % len(samples)]
            file = f"images/i{i}{source.suffix}"
            (self.root / file).symlink_to(source.resolve())
            photos.append(f"i{i},{file},Cats,Animal,{'train' if i < TRAIN_PHOTOS else 'test'}")
        people = ["user_id,age,gender,education,split"]
        ratings = ["user_id,image_id,score"]
        for i in range(TRAIN_PEOPLE + TEST_PEOPLE):
            people.append(f"u{i},{20 + 7 * i},{'female' if i % 2 else 'male'},college,{'train' if i < TRAIN_PEOPLE else 'test'}")
            ratings += [f"u{i},i{j},{1 + (3 * i + 5 * j) % 7}" for j in range(TRAIN_PHOTOS + TEST_PHOTOS)]
        retests = ["user_id,image_id,first,second"]
        retests += [f"r{i},i{j},{1 + j % 7},{1 + (j + i) % 7}" for i in range(2) for j in range(9)]
        for name, lines in (("images", photos), ("users", people), ("ratings", ratings), ("retest", retests)):
            (self.root / f"{name}.csv").write_text("\n".join(lines) + "\n")

    def evaluate(self, *arguments):
        done = program.run("eval", "--data", self.root, "--set", "oasis", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def test_zero_shot_reports_every_row_with_its_figures(self):
        [report] = program.json_lines(self.evaluate("--json"))
        self.assertEqual(report["protocol"], "zero-shot")
        self.assertEqual([row["row"] for row in report["rows"]], ZERO_SHOT)
        counts = report["counts"]
        self.assertEqual((counts["people"], counts["photos"], counts["ratings"]),
                         (TEST_PEOPLE, TEST_PHOTOS, TEST_PEOPLE * TEST_PHOTOS))
        for row in report["rows"]:
            self.assertEqual(sorted(row["per_person"]), sorted(METRICS))
            self.assertEqual(sorted(row["pooled"]), sorted(METRICS))
            mae = row["per_person"]["mae"]
            self.assertLessEqual(mae["low"], mae["mean"])
            self.assertLessEqual(mae["mean"], mae["high"])
            self.assertEqual(mae["people"], TEST_PEOPLE)
        self.assertIsNone(report["rows"][-1]["per_person"]["srocc"]["mean"])
        self.assertEqual(report["retest"]["per_person"]["mae"]["people"], 2)
        self.assertEqual([one["minus"] for one in report["differences"]],
                         ["generic (no profile)", "shuffled profile", "generic (no profile)"])
        self.assertEqual([one["person"] for one in report["people"]], ["u4", "u5", "u6"])

    def test_the_model_says_what_score_says(self):
        [report] = program.json_lines(self.evaluate("--json"))
        lines = program.json_lines(program.run("score", "--format", "json", *sorted((self.root / "images").iterdir())))
        scores = {re.search(r"(i\d+)\.\w+$", line["photo"])[1]: line["score"] for line in lines}
        errors = [abs(1 + (3 * i + 5 * j) % 7 - scores[f"i{j}"]) for i in range(TRAIN_PEOPLE, TRAIN_PEOPLE + TEST_PEOPLE)
                  for j in range(TRAIN_PHOTOS, TRAIN_PHOTOS + TEST_PHOTOS)]
        self.assertAlmostEqual(report["rows"][0]["pooled"]["mae"], sum(errors) / len(errors), places=3)

    def test_k_shot_knows_ratings_and_gives_the_same_again(self):
        arguments = ["--protocol", "k-shot", "--k", "2,6", "--draws", "3", "--json"]
        first, second, other = (self.evaluate(*arguments, "--jobs", "2").stdout, self.evaluate(*arguments).stdout,
                                self.evaluate(*arguments, "--seed", "1").stdout)
        self.assertEqual(first, second)
        self.assertNotEqual(first, other)
        report = json.loads(first)
        rows = {(row["row"], row["k"]): row for row in report["rows"]}
        self.assertIn(("generic + person's mean", 2), rows)
        self.assertEqual(rows["generic + person's mean", 6]["repeats"], 3)
        self.assertEqual(report["k"], [2, 6])

    def test_text_and_page_show_the_same_figures(self):
        page_file = self.folder / "eval.html"
        done = self.evaluate("--html", page_file, "--model", program.MODEL, "--model", program.MODEL)
        text = done.stdout.decode()
        for word in ("protocol zero-shot", "seed 0", "3 test people", "ICC(1)", "retest of 2 others", "Models: SROCC",
                     *ZERO_SHOT):
            self.assertIn(word, text)
        source = page_file.read_text()
        page = Page(source)
        self.assertEqual(page.open, [])
        words = "".join(page.text)
        found = INTERVAL.findall(text)
        self.assertGreater(len(found), 50)
        for interval in found:
            self.assertIn(interval, words)
        self.assertEqual([tag for tag, _ in page.tags].count("svg"), 2)
        self.assertGreaterEqual([tag for tag, _ in page.tags].count("circle"), TEST_PEOPLE)
        self.assertNotRegex(source, r"https?:|//|url\(|@import|<link|<iframe|<script| src=")
        self.assertIn("default-src 'none'", source)

    def test_generic_leaves_profiles_out(self):
        [report] = program.json_lines(self.evaluate("--protocol", "generic", "--json"))
        self.assertEqual([row["row"] for row in report["rows"]], [ZERO_SHOT[0], *ZERO_SHOT[4:]])

    def test_a_planted_taste_is_named_and_moves_the_ratings(self):
        planted = "gender=female:Animal:2"
        page = self.folder / "eval.html"
        done = self.evaluate("--plant", planted, "--protocol", "generic", "--json", "--html", page)
        [report], [real] = program.json_lines(done), program.json_lines(self.evaluate("--protocol", "generic", "--json"))
        self.assertEqual((report["planted"], real["planted"]), (planted, None))
        self.assertNotEqual(report["rows"][0]["pooled"], real["rows"][0]["pooled"])
        # The retest is of ratings without the taste.
        self.assertIsNone(report["retest"])
        self.assertIn(planted, "".join(Page(page.read_text()).text))
        self.assertIn(planted, self.evaluate("--plant", planted, "--protocol", "generic").stdout.decode())

    def test_stated_tastes_are_rows_of_the_asked_k_alone(self):
        [report] = program.json_lines(self.evaluate("--protocol", "k-shot", "--k", "6", "--draws", "1", "--stated-tastes", "--json"))
        rows = [(row["row"], row["k"]) for row in report["rows"] if "stated" in row["row"]]
        self.assertEqual(rows, [("stated tastes", 6), ("shuffled stated tastes", 6)])

    def test_steering_reports_four_kinds_of_texts(self):
        # Some photos of another category and theme, so that tastes can tell them apart.
        photos = (self.root / "images.csv").read_text().splitlines()
        (self.root / "images.csv").write_text("\n".join(
            line.replace("Cats,Animal", "Woods,Scene") if i % 2 else line for i, line in enumerate(photos)) + "\n")
        arguments = ["--protocol", "steering", "--texts", "2"]
        page_file = self.folder / "eval.html"
        text = self.evaluate(*arguments, "--html", page_file).stdout.decode()
        [report] = program.json_lines(self.evaluate(*arguments, "--json", "--jobs", "2"))
        self.assertEqual((report["protocol"], report["texts"], report["counts"]["photos"]), ("steering", 2, TEST_PHOTOS))
        self.assertEqual([(row["held_out_traits"], row["held_out_wordings"]) for row in report["rows"]],
                         [(False, False), (False, True), (True, False), (True, True)])
        words = "".join(Page(page_file.read_text()).text)
        for row in report["rows"]:
            self.assertEqual(len(row["texts"]), 2)
            self.assertEqual(row["slope"]["texts"], 2)
            self.assertAlmostEqual(row["slope"]["mean"], sum(one["slope"] for one in row["texts"]) / 2)
            self.assertIn(row["row"], text)
            self.assertIn(row["row"], words)
        self.assertEqual([one["trait"] for one in report["categories"]], ["animals", "scenes"])
        self.assertIn(report["rows"][0]["texts"][0]["about"], words)

    def test_steering_is_what_score_says_with_and_without_the_text(self):
        [report] = program.json_lines(self.evaluate("--protocol", "steering", "--texts", "1", "--json"))
        [stated] = report["rows"][0]["texts"]
        photos = sorted(file for file in (self.root / "images").iterdir()
                        if int(re.match(r"i(\d+)", file.name)[1]) >= TRAIN_PHOTOS)
        scores = [[line["score"] for line in program.json_lines(program.run("score", "--format", "json", *about, *photos))]
                  for about in ([], ["--about", stated["about"]])]
        distance = sum(abs(b - a) for a, b in zip(*scores)) / len(photos)
        self.assertAlmostEqual(stated["distance"], distance, places=3)

    def test_wrong_usage(self):
        data = ["--data", self.root, "--set", "oasis"]
        for arguments, word in [(["--set", "oasis"], "--data"), (["--data", self.root], "--set"),
                                (["--data", self.root, "--set", "nonsense"], "nonsense"),
                                ([*data, "--protocol", "one-shot"], "one-shot"), ([*data, "--k", "0"], "--k"),
                                ([*data, "--k", "25,10"], "--k"), ([*data, "--draws", "0"], "--draws"),
                                ([*data, "--stated-tastes"], "--stated-tastes"),
                                ([*data, "--plant", "nonsense"], "ATTRIBUTE=VALUE"), ([*data, "--texts", "0"], "--texts"),
                                ([*data, "--protocol", "steering", "--plant", "gender=male:Animal:1"], "--plant"),
                                ([*data, "extra"], "extra")]:
            with self.subTest(arguments=arguments):
                self.assert_one_line_error(program.run("eval", *arguments), 2, word, "--help")

    def test_what_is_missing_is_named(self):
        def fails(*words, arguments=()):
            self.assert_one_line_error(program.run("eval", "--data", self.root, "--set", "oasis", *arguments), 1, *words)

        fails("9 ratings", "the most is 8", arguments=["--protocol", "k-shot", "--k", "9"])
        fails("nowhere", arguments=["--html", self.folder / "nowhere/page.html"])
        next((self.root / "images").glob("i8.*")).unlink()
        fails("images/i8")
        (self.root / "ratings.csv").unlink()
        fails("ratings.csv")


if __name__ == "__main__":
    program.main()
