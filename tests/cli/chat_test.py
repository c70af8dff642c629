"""Concepts rated by a server that sees photos: a small one on loopback, which answers by how bright they are."""

import base64
import http.server
import json
import os
import threading

import program
from small_oasis import OASIS, small_oasis


class Answering(http.server.BaseHTTPRequestHandler):
    asked = []

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        picture, question = body["messages"][0]["content"]
        jpeg = base64.b64decode(picture["image_url"]["url"].partition(",")[2])
        self.asked.append((self.headers.get("Authorization"), question["text"], len(jpeg)))
        # "temperature" gets one answer for all photos.
        digit = "5" if "warm a place" in question["text"] else str(len(jpeg) // 1000 % 10)
        reply = {"choices": [{"message": {"content": digit}, "finish_reason": "stop", "logprobs": {"content": [
            {"token": digit, "logprob": -0.01, "top_logprobs": [{"token": digit, "logprob": -0.01}]}]}}]}
        text = json.dumps(reply).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


@program.unittest.skipUnless(OASIS.is_dir(), "no OASIS data")
class Chat(program.ProgramTest):
    def test_a_server_rates_concepts_once(self):
        Answering.asked.clear()
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self.addCleanup(server.server_close)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.shutdown)
        chat = ["--chat", f"http://127.0.0.1:{server.server_port}/v1", "--chat-model", "bright"]
        population = self.folder / "population.json"
        home = self.folder / "home"  # what this server says is for nobody else
        home.mkdir()
        (home / "models").symlink_to(program.HOME / "models")
        environment = {**os.environ, "PAA_HOME": str(home), "PAA_CHAT_KEY": "sk-test"}
        training = ["train", "population", "--data", small_oasis(self.folder / "oasis"), "--set", "oasis", "--groups",
                    "statistics,concepts", "--rater", "chat", "--out", population]
        done = program.run(*training, *chat, env=environment)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.assertIn('"temperature" hardly varies', done.stderr.decode())
        fitted = json.loads(population.read_text())
        self.assertEqual(fitted["rater"], "chat")
        self.assertEqual(len(fitted["concepts"]), 9)
        self.assertEqual({key for key, _, _ in Answering.asked}, {"Bearer sk-test"})
        self.assertNotIn("sk-test", done.stderr.decode() + done.stdout.decode() + population.read_text())

        # The one concept less is another list of columns, but what was answered is not asked for again.
        asked = len(Answering.asked)
        self.assertEqual(program.run(*training, *chat, env=environment).returncode, 0)
        self.assertEqual(len(Answering.asked), asked)

        photo = self.sample_as("photo.png")
        predict = ["predict", "--person", self.folder / "anna.json", "--population", population, photo]
        rate = ["rate", "--person", self.folder / "anna.json", "--population", population, f"{photo}=6"]
        self.assertEqual(program.run(*rate, *chat, env=environment).returncode, 0)
        self.assertEqual(program.run(*predict, *chat, env=environment).returncode, 0)
        self.assertEqual(len(Answering.asked), asked + 9)
        self.assert_one_line_error(program.run(*predict, env=environment), 1, "--chat")
        self.assert_one_line_error(program.run(*predict, "--chat", "http://example.org/v1", "--chat-model", "m", env=environment), 1, "https://")


if __name__ == "__main__":
    program.main()
