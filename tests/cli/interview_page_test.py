"""The interview on the page of paa rate --serve, in a real browser, by real key presses."""

import json
import pathlib
import sys

import program
from serving import Serving
from web_driver import BROWSER, DRIVER, Browser

ENTER = "\ue007"


class InterviewPage(program.ProgramTest):
    def setUp(self):
        super().setUp()
        self.person = self.folder / "anna.json"
        self.running = pathlib.Path(f"{self.person}.interview.jsonl")
        self.photos = self.folder / "photos"
        for i in range(4):
            self.sample_as(f"photos/{i}{program.sample_photos()[i].suffix}", i)
        self.server = self.enterContext(Serving(self.person, self.photos))
        self.browser = self.enterContext(Browser())
        self.open()

    def open(self):
        self.browser.open(self.server.address)
        self.browser.wait_for("return state && !busy")
        self.browser.click("#view")
        self.browser.wait_for("return talk && !busy")

    def turns(self, count):
        self.browser.wait_for("return !busy && talk.begun && talk.turns.length === arguments[0]", count)

    def answer(self, text):
        before = self.browser.run("return talk.turns.length")
        self.browser.press(text + ENTER)
        self.turns(before + 1)

    def test_a_conversation_with_photos_is_kept_understood_and_ended(self):
        self.browser.click("#begin")
        self.turns(0)
        self.answer("I love old boats.")
        self.answer("Crowded beaches put me off.")
        # The key presses went to the answer, not to the ratings behind.
        self.assertFalse(self.person.exists())
        heard = self.browser.wait_for("return !talk.reading && document.querySelector('#heard').textContent")
        self.assertIn("You like old boats", heard)
        self.assertIn("beaches", heard)
        self.assertIn("I love old boats.", self.running.read_text())
        self.browser.wait_for("return [...document.querySelectorAll('#log img')].length === 2 || talk.turns.length > 2")
        shown = self.browser.run("return document.querySelectorAll('#log img').length")
        while not shown and self.browser.run("return talk.turns.length") < 8:
            self.answer("nothing much to say about that one")
            shown = self.browser.run("return document.querySelectorAll('#log img').length")
        self.assertEqual(shown, 2)
        self.browser.wait_for("return [...document.querySelectorAll('#log img')].every(one => one.complete && one.naturalWidth)")
        self.browser.click("#talk-back")
        self.browser.wait_for("return !busy")
        self.browser.click("#talk-stop")
        self.browser.wait_for("return !busy && talk.open && talk.open.kind === 'summary'")
        self.answer_summary()
        person = json.loads(self.person.read_text())
        self.assertFalse(self.running.exists())
        self.assertIn("old boats", [one["subject"] for one in person["preferences"]])
        self.assertIn("old boats", [one["name"] for one in person["concepts"]])
        self.browser.click("#view")
        self.browser.wait_for("return !talking && !busy && state.looking === null && state.question")
        self.assertEqual(self.browser.run("return document.querySelector('#progress').textContent"), "0 said so far, 4 photos")

    def answer_summary(self):
        self.browser.press("yes" + ENTER)
        self.browser.wait_for("return !busy && talk.over")
        self.assertIn("old boats", self.browser.run("return document.querySelector('#concepts').textContent"))

    def test_markup_and_escapes_in_an_answer_stay_text(self):
        self.browser.click("#begin")
        self.turns(0)
        self.answer("<b id=bold>I love</b> <script>document.title='taken'</script> boats")
        self.assertIsNone(self.browser.run("return document.querySelector('#bold')"))
        self.assertNotEqual(self.browser.run("return document.title"), "taken")
        self.assertIn("<b id=bold>", self.browser.run("return document.querySelector('#log').textContent"))

    def test_left_and_opened_again_it_goes_on(self):
        self.browser.click("#begin")
        self.turns(0)
        self.answer("I love old boats.")
        question = self.browser.run("return talk.open.question")
        self.open()
        self.turns(1)
        self.assertEqual(self.browser.run("return talk.open.question"), question)


if __name__ == "__main__":
    if not (BROWSER and DRIVER):
        print("skipped: there is no chromium with chromedriver")
        sys.exit(program.SKIPPED)
    program.main()
