"""paa rate --serve answers its own page and nobody else; what it is told is on disk."""

import json
import os
import signal
import socket
import threading
import time

import program
from serving import Serving


class RateServer(program.ProgramTest):
    def setUp(self):
        super().setUp()
        self.person = self.folder / "anna.json"
        self.photos = self.folder / "photos"
        for i in range(3):
            self.sample_as(f"photos/{i}{program.sample_photos()[i].suffix}", i)

    def serving(self, **options):
        return Serving(self.person, self.photos, **options)

    def verdicts(self):
        return json.loads(self.person.read_text())["verdicts"]

    def interview(self, server, *answers):
        server.say(interview="begin")
        for answer in answers:
            server.state("?interview=1")  # finds the question
            self.assertEqual(server.say(interview="answer", text=answer)[0], 200)
        server.say(interview="stop")
        self.assertEqual(server.state("?interview=1")["open"]["kind"], "summary")
        self.assertEqual(server.say(interview="answer", text="yes")[0], 200)
        self.assertTrue(server.state("?interview=1")["over"])

    def wait_until_looked(self, server):
        deadline = time.monotonic() + 60
        while server.state("?looking=1") is not None:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.1)

    def test_an_interview_counts_at_once(self):
        with self.serving() as server:
            before = server.state()
            self.assertIsNone(before["looking"])
            self.interview(server, "I love cats and dogs.", "Crowded beaches put me off.")
            looking = server.state()["looking"] or {"done": 3, "of": 3}
            self.assertEqual(looking["of"], 3)
            self.wait_until_looked(server)
            after = server.state()
            self.assertNotEqual([one["stars"] for one in before["best"]], [one["stars"] for one in after["best"]])
            self.assertEqual(server.say(kind="stars", photo=before["question"]["photo"], stars=6)[0], 200)
            after = server.state()
        self.assertIn("beaches", [one["name"] for one in json.loads(self.person.read_text())["concepts"]])
        with self.serving() as server:
            again = server.state()
        for key in ("best", "verdicts", "photos"):
            self.assertEqual(after[key], again[key])

    def test_an_answer_while_photos_are_looked_at_again_counts_too(self):
        with self.serving() as server:
            photo = server.state()["question"]["photo"]
            self.interview(server, "I love cats and dogs.")
            self.assertEqual(server.say(kind="stars", photo=photo, stars=2)[0], 200)
            self.wait_until_looked(server)
            after = server.state()
        with self.serving() as server:
            self.assertEqual(server.state()["best"], after["best"])

    def test_an_end_right_after_an_interview_loses_nothing(self):
        with self.serving() as server:
            self.interview(server, "I love cats.")
            self.assertEqual(server.end(signal.SIGINT), 130)
        self.assertIn("cats", [one["subject"] for one in json.loads(self.person.read_text())["preferences"]])

    def test_strangers_are_refused(self):
        with self.serving() as server:
            here = f"http://127.0.0.1:{server.port}"
            self.assertEqual(server.ask("GET", "/state")[0], 200)
            self.assertEqual(server.ask("GET", "/state", Origin=here)[0], 200)
            self.assertEqual(server.ask("GET", "/state", Host=f"localhost:{server.port}")[0], 200)
            for strange in ({"token": False}, {"X_Paa_Token": "0" * 32}, {"X_Paa_Token": server.token[:-1]},
                            {"Host": f"evil.example:{server.port}"}, {"Host": "127.0.0.1"}, {"Origin": "http://evil.example"},
                            {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"}):
                for method, path in (("GET", "/"), ("GET", "/state"), ("POST", "/say"), ("GET", "/photo/" + "0" * 64)):
                    status, _, body = server.ask(method, path, b"{}" if method == "POST" else None, **strange)
                    self.assertEqual(status, 403, (strange, path))
                    self.assertNotIn(server.token.encode(), body)

    def test_it_listens_on_loopback_alone(self):
        with self.serving() as server:
            others = [entry[4][0] for entry in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
            for address in set(others) - {"127.0.0.1"}:
                with self.assertRaises(OSError, msg=address):
                    socket.create_connection((address, server.port), timeout=2).close()

    def test_only_the_photos_named_are_shown(self):
        with self.serving() as server:
            photo = server.state()["question"]["photo"]
            status, headers, body = server.ask("GET", f"/photo/{photo}?side=100")
            self.assertEqual((status, headers["Content-Type"], body[:2]), (200, "image/jpeg", b"\xff\xd8"))
            self.assertEqual(headers["Cache-Control"], "no-store")
            for path in ("/photo/" + "0" * 64 + "?side=100", "/photo/../../etc/passwd", "/photo/%2e%2e%2fanna.json", "/etc/passwd",
                         "//etc/passwd", "/photo/", f"/photo/{photo}/../x", "/../anna.json"):
                self.assertIn(server.ask("GET", path)[0], (400, 404), path)
            for side in ("", "0", "5000", "-1", "x", "1e3"):
                self.assertEqual(server.ask("GET", f"/photo/{photo}?side={side}")[0], 400, side)

    def test_the_page_lets_nothing_in_and_nothing_out(self):
        with self.serving() as server:
            _, headers, body = server.ask("GET", "/?token=" + server.token, token=False)
            policy = headers["Content-Security-Policy"]
            self.assertIn("default-src 'none'", policy)
            self.assertNotIn("unsafe", policy)
            self.assertEqual(headers["Referrer-Policy"], "no-referrer")
            self.assertNotIn(b"http://", body)
            self.assertNotIn(b"https://", body)

    def test_what_cannot_be_is_refused_and_not_written(self):
        with self.serving() as server:
            photo = server.state()["question"]["photo"]
            for said, word in (({"kind": "stars", "photo": photo, "stars": 8}, "from 1 to 7"),
                               ({"kind": "stars", "photo": photo}, "stars"), ({"kind": "stars", "photo": photo, "stars": "7"}, "stars"),
                               ({"kind": "love", "photo": photo}, "kind"), ({"kind": "keep"}, "photo"), ({}, "kind"),
                               ({"kind": "preference", "photo": photo}, "other"), ({"kind": "undo"}, "nothing"),
                               ({"kind": "preference", "photo": photo, "other": photo}, "same photo"),
                               ({"kind": "keep", "photo": photo, "extra": 1}, "extra")):
                status, answer = server.say(**said)
                self.assertEqual(status, 400, said)
                self.assertIn(word, answer["error"])
            self.assertEqual(server.say(kind="keep", photo="0" * 64)[0], 404)
            for body in (b"", b"{", b"[1]", b"\xff\xfe", b'{"kind": NaN}'):
                self.assertEqual(server.ask("POST", "/say", body)[0], 400, body)
            self.assertEqual(server.ask("POST", "/say", b"{" + b" " * 10000)[0], 413)
            self.assertEqual(server.ask("DELETE", "/say")[0], 404)
            self.assertFalse(self.person.exists())
            self.assertEqual(server.say(kind="stars", photo=photo, stars=7)[0], 200)

    def test_rude_connections_do_not_end_it(self):
        with self.serving() as server:
            rude = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(6)]
            for i, connection in enumerate(rude):
                connection.sendall([b"\x00\xff" * 50 + b"\r\n\r\n", b"GET /state HTTP/1.1\r\nHost:", os.urandom(500), b"", b"\r\n", b"GET "][i])
            self.assertEqual(server.ask("GET", "/state")[0], 200)
            for connection in rude:
                connection.close()
            self.assertEqual(server.ask("GET", "/state")[0], 200)

    def test_answers_at_once_and_other_programs_lose_nothing(self):
        with self.serving() as server:
            shown = [one["photo"] for one in server.state()["best"]]
            working = [threading.Thread(target=server.say, kwargs={"kind": "stars", "photo": photo, "stars": 1 + i})
                       for i, photo in enumerate(shown)]
            for thread in working:
                thread.start()
            done = program.run("rate", "--person", self.person, "--keep", self.photos / "0.png")
            for thread in working:
                thread.join()
            self.assertEqual(done.returncode, 0, done.stderr)
            said = self.verdicts()
            self.assertEqual(sorted(one["stars"] for one in said if one["kind"] == "stars"), [1, 2, 3])
            self.assertEqual(sum(one["kind"] == "keep" for one in said), 1)
            self.assertEqual(server.say(kind="undo")[0], 200)
            self.assertEqual(len(self.verdicts()), 3)

    def test_undo_brings_back_what_was_said_before(self):
        photo = self.photos / "1.jpg" if (self.photos / "1.jpg").exists() else self.photos / "1.png"
        self.assertEqual(program.run("rate", "--person", self.person, f"{photo}=6").returncode, 0)
        before = self.verdicts()
        with self.serving() as server:
            server.say(kind="stars", photo=before[0]["photo"], stars=2)
            self.assertEqual(len(self.verdicts()), 2)
            server.say(kind="skip", photo=before[0]["photo"])
            server.say(kind="undo")
            self.assertEqual(len(self.verdicts()), 2)
            server.say(kind="undo")
        self.assertEqual(self.verdicts(), before)

    def test_what_was_said_outlives_a_kill(self):
        server = self.serving()
        photo = server.state()["question"]["photo"]
        server.say(kind="stars", photo=photo, stars=5)
        server.end(signal.SIGKILL)
        self.assertEqual([(one["photo"], one["stars"]) for one in self.verdicts()], [(photo, 5)])
        with self.serving() as again:
            self.assertEqual(again.state()["verdicts"], 1)
            self.assertNotEqual(again.state()["question"]["photo"], photo)

    def test_it_ends_as_asked_and_says_why_it_does_not_begin(self):
        server = self.serving()
        busy = program.run("rate", "--person", self.person, "--serve", str(server.port), self.photos)
        self.assertEqual(busy.returncode, 1)
        self.assertIn(f"port {server.port}", busy.stderr.decode())
        self.assertEqual(server.end(signal.SIGINT), 130)
        for arguments in (["70000", self.photos], ["x", self.photos], ["0"], ["0", self.photos, "--keep", self.photos / "0.png"]):
            self.assertEqual(program.run("rate", "--person", self.person, "--serve", *arguments).returncode, 2, arguments)
        self.assertEqual(program.run("rate", "--person", self.person, "--serve", "0", self.folder / "nowhere").returncode, 1)


if __name__ == "__main__":
    program.main()
