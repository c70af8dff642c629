"""The page of paa rate --serve in a real browser, by real key presses."""

import json
import sys

import program
from serving import Serving
from web_driver import BROWSER, DRIVER, Browser

LIKED = "coffee"  # to people in general the least of the samples but one


class RatePage(program.ProgramTest):
    def setUp(self):
        super().setUp()
        self.person = self.folder / "anna.json"
        self.photos = self.folder / "photos"
        samples = program.sample_photos()
        for i in range(20):
            photo = self.sample_as(f"photos/{i:02}-{samples[i % len(samples)].name}", i % len(samples))
            with photo.open("ab") as file:
                file.write(b"\0" * i)  # other bytes, the same picture: another photo
        self.server = self.enterContext(Serving(self.person, self.photos))
        self.browser = self.enterContext(Browser())
        self.browser.open(self.server.address)
        self.settled()

    def settled(self, verdicts=0):
        self.browser.wait_for("return state && !busy && state.verdicts === arguments[0] && "
                              "[...document.querySelectorAll('.stage img')].every(image => image.complete && image.naturalWidth)", verdicts)

    def question(self):
        return self.browser.run("return state.question")

    def verdicts(self):
        return json.loads(self.person.read_text())["verdicts"] if self.person.exists() else []

    def ranked_first(self):
        done = program.run("rank", "--person", self.person, self.photos)
        self.assertEqual(done.returncode, 0, done.stderr)
        return next(line for line in done.stdout.decode().splitlines() if "photos/" in line)

    def test_twenty_photos_rated_by_keys_change_the_ranking(self):
        for said in range(20):
            question = self.question()
            if question is None:
                self.browser.click("#anyway")
                self.browser.wait_for("return state.question && !busy")
                question = self.question()
            stars = 7 if LIKED in question["name"] else 2
            self.browser.press(str(stars))
            self.settled(said + 1)
            last = self.verdicts()[-1]
            self.assertEqual((last["photo"], last["stars"]), (question["photo"], stars))
            if said == 0:
                self.assertNotIn(LIKED, self.ranked_first())
        self.assertEqual(len({one["photo"] for one in self.verdicts()}), 20)
        self.assertIn(LIKED, self.ranked_first())
        best = self.browser.run("return [...document.querySelectorAll('#best li')].map(one => one.textContent)")
        self.assertIn(LIKED, best[0])
        self.assertIn("+", best[0])
        self.assertTrue(self.browser.run("return document.getElementById('trouble').hidden"))
        self.browser.open(self.server.address)
        self.settled(20)
        self.assertIsNone(self.question())

    def test_keys_choose_keep_reject_skip_and_undo(self):
        self.browser.press("p")
        self.browser.wait_for("return state.question && state.question.kind === 'preference' && !busy")
        pair = self.question()
        self.browser.press("b")
        self.settled(1)
        self.assertEqual([(one["photo"], one["other"]) for one in self.verdicts()], [(pair["other"], pair["photo"])])
        self.browser.press("u")
        self.settled(0)
        self.assertEqual(self.verdicts(), [])
        self.assertEqual(self.question(), pair)
        self.browser.press("p")
        self.browser.wait_for("return state.question && state.question.kind === 'stars' && !busy")
        for said, (key, kind) in enumerate((("k", "keep"), ("r", "reject")), 1):
            shown = self.question()["photo"]
            self.browser.press(key)
            self.settled(said)
            self.assertEqual((self.verdicts()[-1]["kind"], self.verdicts()[-1]["photo"]), (kind, shown))
            self.assertNotEqual(self.question()["photo"], shown)
        shown = self.question()["photo"]
        self.browser.press(" ")
        self.browser.wait_for("return !busy && state.question && state.question.photo !== arguments[0]", shown)
        self.assertEqual(len(self.verdicts()), 2)
        self.browser.press("9")  # no such star
        self.assertEqual(len(self.verdicts()), 2)
        self.browser.click("#stars button:nth-child(3)")
        self.settled(3)
        self.assertEqual(self.verdicts()[-1]["stars"], 3)

    def test_it_fits_a_phone_and_says_when_the_program_has_gone(self):
        self.browser.call("POST", self.browser.session + "/window/rect", {"width": 360, "height": 740})
        width, shown = self.browser.run("return [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        self.assertLessEqual(width, shown)
        self.server.running.kill()
        self.server.running.wait()
        self.browser.press("4")
        self.browser.wait_for("return !document.getElementById('trouble').hidden")
        self.assertIn("start it again", self.browser.run("return document.getElementById('trouble').textContent"))


if __name__ == "__main__":
    if BROWSER is None or DRIVER is None:
        print("skipped: no chromium or google-chrome, or no chromedriver, on this machine")
        sys.exit(program.SKIPPED)
    program.main()
