"""The lines of paa interview edited in a terminal, key by key."""

import json
import pathlib
import shutil
import signal
import time

import program
from terminal import Terminal

LEFT, RIGHT, UP, DOWN = "\x1b[D", "\x1b[C", "\x1b[A", "\x1b[B"
HOME, END, DELETE, BACKSPACE, WORD_BACK = "\x1b[H", "\x1b[F", "\x1b[3~", "\x7f", "\x17"
WORD_LEFT, WORD_RIGHT = "\x1b[1;5D", "\x1b[1;5C"
PASTE, PASTED = "\x1b[200~", "\x1b[201~"
ENTER = "\r"
READY = "\x1b[?2004h"  # asks for marks around what is pasted; shown once a line


class EditingTest(program.ProgramTest):
    def setUp(self):
        super().setUp()
        self.person = self.folder / "anna.json"
        self.running = pathlib.Path(f"{self.person}.interview.jsonl")
        self.home = self.folder / "home"
        self.home.mkdir()

    def interview(self, editing=True, **options):
        terminal = Terminal(program.PROGRAM, "interview", "--person", self.person, HOME=str(self.home),
                            PAA_HOME=str(program.HOME), **options)
        self.addCleanup(terminal.end, signal.SIGKILL)
        terminal.until(READY if editing else "> ")
        return terminal

    def answers(self):
        events = map(json.loads, self.running.read_text().splitlines())
        return [event["text"] for event in events if event["event"] == "answer"]

    def answer(self, terminal, keys):
        """What the program takes for the answer after these keys."""
        before = len(self.answers())
        terminal.type(keys + ENTER)
        terminal.until(READY)
        answers = self.answers()
        self.assertEqual(len(answers), before + 1)
        return answers[-1]


class LineEditing(EditingTest):
    def test_keys_move_in_the_line_take_away_and_bring_back(self):
        terminal = self.interview()
        for keys, line in (
                ("I lve boats" + LEFT * 8 + "o", "I love boats"),
                ("ove boats" + HOME + "I l" + END + ".", "I love boats."),
                ("I love old boats" + WORD_LEFT * 2 + "very " + WORD_RIGHT + "!", "I love very old! boats"),
                ("not the sea" + HOME + DELETE * 4, "the sea"),
                ("quiet harbours at night" + WORD_BACK * 2 + "only", "quiet harbours only"),
                # Characters of two, three and four bytes, and such as take two cells.
                ("schön" + BACKSPACE * 2 + "öne Bäume" + LEFT * 3 + BACKSPACE + "ä", "schöne Bäume"),
                ("sea 😀🌊" + LEFT + BACKSPACE + "日本" + BACKSPACE + END + "!", "sea 日🌊!"),
                (UP, "sea 日🌊!"),
                (UP * 4 + " and fog", "quiet harbours only and fog"),
                ("a draft" + UP * 2 + "x" + DOWN * 2 + ", gone on with", "a draft, gone on with"),
                ("\xa0" + BACKSPACE + "tea\tfor\x0ctwo", "teafortwo")):  # keys without a meaning
            self.assertEqual(self.answer(terminal, keys), line, keys)
        self.assertFalse(terminal.shows_what_is_typed())
        terminal.type("/quit" + ENTER)
        self.assertEqual(self.status_and_echo(terminal), (0, True))
        self.assertEqual(list(self.home.rglob("*")), [])  # nobody's history

    def test_what_is_pasted_is_one_answer_however_long(self):
        terminal = self.interview(rows=10, columns=40)
        pasted = f"{PASTE}the sea\nin\r\nwinter\x1b[A{PASTED}."
        self.assertEqual(self.answer(terminal, pasted), "the sea in  winter [A.")
        for count in (300, 10_000):
            text = " ".join(f"wörd{i}" for i in range(count))
            self.assertEqual(self.answer(terminal, text[:-1] + LEFT + RIGHT + text[-1]), text)
            self.assertEqual(self.answer(terminal, PASTE + text + PASTED + UP + DOWN + HOME + "1 "), "1 " + text)

    def test_ctrl_c_keeps_what_was_said_and_tells_how_to_go_on(self):
        terminal = self.interview()
        self.assertEqual(self.answer(terminal, "I love old boats."), "I love old boats.")
        terminal.type("and half a li\x03")
        terminal.until(f"Kept. Go on with: paa interview --person {self.person} --resume")
        self.assertEqual(self.status_and_echo(terminal), (130, True))
        self.assertEqual(self.answers(), ["I love old boats."])

    def test_ctrl_d_ends_on_an_empty_line_only(self):
        terminal = self.interview()
        self.assertEqual(self.answer(terminal, "I love trrams" + LEFT * 4 + "\x04"), "I love trams")
        terminal.type("\x04")
        terminal.until("Kept. Go on with")
        self.assertEqual(self.status_and_echo(terminal), (0, True))

    def status_and_echo(self, terminal):
        status = terminal.process.wait(60)
        return status, terminal.shows_what_is_typed()

    def test_another_size_of_the_window_shows_the_line_anew(self):
        terminal = self.interview(columns=60)
        terminal.type("I love old boats and quiet harbours in winter")
        terminal.until("winter")
        terminal.resize(24, 20)
        shown = terminal.until("winter")
        self.assertIn("\x1b[J> I love", shown)
        self.assertEqual(self.answer(terminal, HOME + RIGHT * 2 + DELETE * 4 + "like"),
                         "I like old boats and quiet harbours in winter")

    def test_nothing_is_written_into_the_line(self):
        terminal = self.interview()
        # What is typed ahead shows once, where it belongs; meanwhile the Analyzer reads.
        terminal.type("I love old boats." + ENTER + "trams, and ")
        shown = terminal.until(READY)
        self.assertIn("I love old boats.", shown)
        self.assertNotIn("trams", shown)
        terminal.until("> trams, and ")
        for letter in "neon signs":
            terminal.type(letter)
            time.sleep(0.1)
        shown = terminal.until("signs")
        self.assertEqual(shown, "neon ")

    def test_a_terminal_that_moves_no_cursor_edits_by_itself(self):
        for kind in ("dumb", "no-such-terminal"):
            terminal = self.interview(editing=False, kind=kind)
            self.assertTrue(terminal.shows_what_is_typed())
            terminal.type("I love old boats.\n")
            self.assertNotIn("\x1b", terminal.until("> "))
            terminal.end(signal.SIGKILL)
            self.assertEqual(self.answers(), ["I love old boats."])
            self.running.unlink()


class JobControl(EditingTest):
    @program.unittest.skipUnless(shutil.which("bash"), "no bash")
    def test_stopped_and_gone_on_with_the_line_is_as_it_was(self):
        terminal = Terminal("bash", "--norc", "--noprofile", "-i", PS1="$ ", HOME=str(self.home),
                            PAA_HOME=str(program.HOME))
        self.addCleanup(terminal.end)
        terminal.type(f"'{program.PROGRAM}' interview --person '{self.person}'{ENTER}")
        terminal.until(READY)  # the shell's
        terminal.until(READY)
        terminal.type("I love bots")
        terminal.until("bots")
        terminal.type("\x1a")
        terminal.until("Stopped")
        terminal.type(f"stty -a | grep -o '.echo '{ENTER}fg{ENTER}")
        self.assertNotIn("-echo ", terminal.until("I love bots"))
        self.assertEqual(self.answer(terminal, LEFT * 2 + "a"), "I love boats")
        terminal.type("\x03")
        terminal.until("Kept.")
        terminal.type("exit" + ENTER)


if __name__ == "__main__":
    program.main()
