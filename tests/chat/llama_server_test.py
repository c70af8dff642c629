"""The HTTP chat model and `paa interview --chat` against llama-cpp-python's server with the fetched language model.

    llama_server_test.py CLIENT [PROGRAM]

CLIENT is the built test_llama_server; PROGRAM is `paa`, where it was built. The server runs under the Python that
PAA_LLAMA_PYTHON names (the default: the one of the set-up), which must have llama-cpp-python[server]. Exit status 77:
skipped.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest

SKIPPED = 77
CLIENT, PROGRAM = [*sys.argv[1:], None][:2]
HOME = pathlib.Path(os.environ.get("PAA_HOME") or pathlib.Path.home() / ".cache/paa")
MODEL = HOME / "models/smollm2-135m-efficientnet-lite0"
PYTHON = os.environ.get("PAA_LLAMA_PYTHON") or HOME / "venv/bin/python"
ALIAS, KEY = "smollm2", "sk-of-the-test"
START_S, RUN_S = 120, 400

ANSWERS = """I love old boats and quiet harbours.
Crowded beaches put me off.
My grandmother's hands, I have that photo on my wall.
I can't stand neon signs.
"""


class LlamaServer:
    """The running server on a port that the system chose; `with` ends it."""

    def __init__(self, gguf, log):
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [PYTHON, "-m", "llama_cpp.server", "--model", gguf, "--model_alias", ALIAS, "--host", "127.0.0.1",
                 "--port", "0", "--api_key", KEY, "--n_ctx", "4096", "--n_threads", "1", "--n_threads_batch", "1",
                 "--verbose", "false"],
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)

    def __enter__(self):
        try:
            self.url = self.address() + "/v1"
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *_):
        self.end()

    def address(self):
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and self.process.poll() is None:
            found = re.search(r"running on (http://127\.0\.0\.1:\d+)", self.log.read_text(errors="replace"))
            if found:
                return found[1]
            time.sleep(0.1)
        said = self.log.read_text(errors="replace")[-2000:]
        raise AssertionError(f"the server did not begin within {START_S} s: {said}")

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class LlamaServerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="paa-llama-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        gguf = MODEL / json.loads((MODEL / "model.json").read_text())["parts"]["llm"]["file"]
        cls.server = cls.enterClassContext(LlamaServer(gguf, cls.folder / "server.log"))
        cls.environment = {**os.environ, "PAA_CHAT_KEY": KEY, "PAA_LLAMA_URL": cls.server.url, "PAA_LLAMA_MODEL": ALIAS}

    def run_with_server(self, *command):
        return subprocess.run(command, env=self.environment, timeout=RUN_S, capture_output=True, text=True)

    def test_client(self):
        done = self.run_with_server(CLIENT)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("All tests passed", done.stdout)

    @unittest.skipIf(PROGRAM is None, "paa was not built")
    def test_interview(self):
        person, script = self.folder / "anna.json", self.folder / "answers.txt"
        script.write_text(ANSWERS)
        done = self.run_with_server(PROGRAM, "interview", "--person", person, "--chat", self.server.url,
                                    "--chat-model", ALIAS, "--script", script)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn(KEY, done.stdout + done.stderr)
        self.assertNotIn("refuses", done.stderr)
        # So small a model hardly understands what it reads: what counts is the form.
        written = json.loads(person.read_text())
        (interview,) = written["interviews"]
        *turns, summary = interview["turns"]
        self.assertEqual([turn["answer"] for turn in turns if turn["answer"]], ANSWERS.splitlines())
        self.assertTrue(all("?" in turn["text"] for turn in turns))
        self.assertEqual(summary["kind"], "summary")
        self.assertEqual(interview["end"], "person")
        self.assertTrue(all(one["quote"] in ANSWERS for one in written["preferences"]))
        shown = self.run_with_server(PROGRAM, "person", "show", "--person", person)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertRegex(shown.stdout, "interviews +1")


def reason_to_skip():
    if not (MODEL / "model.json").exists():
        return f"no {MODEL}; sh examples/quickstart.sh fetches it"
    probe = subprocess.run([PYTHON, "-c", "import llama_cpp.server.app"], capture_output=True, text=True)
    if probe.returncode != 0:
        return (f"{PYTHON} has no llama_cpp.server; install llama-cpp-python[server] there, or name a Python that has "
                "it in PAA_LLAMA_PYTHON")
    return None


if __name__ == "__main__":
    if reason := reason_to_skip():
        print(f"skipped: {reason}")
        sys.exit(SKIPPED)
    unittest.main(argv=sys.argv[:1], verbosity=2)
