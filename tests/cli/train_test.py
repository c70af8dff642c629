"""paa train: the same bytes whatever kills it, one curve for one process and for two, and what stops it says why."""

import json
import os
import random
import re
import signal
import socket
import struct
import subprocess
import time
import zlib

import program
from rank_test import Page

TRAIN_PHOTOS, VALIDATION_PHOTOS, TEST_PHOTOS = 12, 3, 2
TRAIN_PEOPLE, VALIDATION_PEOPLE, TEST_PEOPLE = 6, 2, 2
STEPS = 12
EPOCHS = 6  # of 12 photos in batches of 8
TORCHRUN = program.HOME / "venv/bin/torchrun"


def png(width, height, colour):
    """A PNG whose pixel (x, y) has the bytes colour(x, y)."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"".join(colour(x, y) for x in range(width)) for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")


def picture(number):
    """Stripes and a gradient that differ from picture to picture."""
    step, tint = 3 + number % 5, 37 * number

    def colour(x, y):
        stripe = 90 * ((x + number * y) // step % 2)
        return bytes(((tint + stripe) % 256, (3 * x + stripe) % 256, (5 * y + tint // 2) % 256))

    return png(40, 32, colour)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def steps_of(out):
    """The metrics of the steps; how long a step took is nobody's business here."""
    path = out / "metrics.jsonl"
    text = path.read_text() if path.exists() else ""
    whole = text[:text.rfind("\n") + 1]  # the program may be writing the last line
    return [{key: value for key, value in json.loads(line).items() if key != "seconds"} for line in whole.splitlines()]


def model_bytes(out):
    return (out / "model/fusion.safetensors").read_bytes()


class Training(program.ProgramTest):
    def setUp(self):
        super().setUp()
        self.root = self.folder / "set"
        (self.root / "images").mkdir(parents=True)
        photos = ["image_id,file,theme,category,split"]
        for i in range(TRAIN_PHOTOS + VALIDATION_PHOTOS + TEST_PHOTOS):
            split = ("train" if i < TRAIN_PHOTOS else "val" if i < TRAIN_PHOTOS + VALIDATION_PHOTOS else "test")
            (self.root / f"images/i{i}.png").write_bytes(picture(i))
            photos.append(f"i{i},images/i{i}.png,Stripes,{'Scene' if i % 2 else 'Object'},{split}")
        people = ["user_id,age,gender,education,split"]
        ratings = ["user_id,image_id,score"]
        for i in range(TRAIN_PEOPLE + VALIDATION_PEOPLE + TEST_PEOPLE):
            split = ("train" if i < TRAIN_PEOPLE else "val" if i < TRAIN_PEOPLE + VALIDATION_PEOPLE else "test")
            people.append(f"u{i},{20 + 7 * i},{'female' if i % 2 else 'male'},college,{split}")
            ratings += [f"u{i},i{j},{1 + (3 * i + 5 * j + i * j) % 7}" for j in range(len(photos) - 1)]
        for name, lines in (("images", photos), ("users", people), ("ratings", ratings)):
            (self.root / f"{name}.csv").write_text("\n".join(lines) + "\n")

    # --- how it is run ---

    def config(self, name="config", **changes):
        """A short fp32 training with every term of the loss and every kind of noise, and the named changes."""
        config = {"format": "paa-training", "version": 1, "name": "small", "seed": 3, "epochs": EPOCHS, "batch": 8,
                  "precision": "fp32", "views": 3, "token_dropout": 0.3, "channel_dropout": 0.1,
                  "samples": {"generic": 1, "demographics": 1},
                  "loss": {"cross_entropy": 1, "plcc": 0.5, "pairwise": 0.5}, "warmup_steps": 3,
                  "checkpoint_every": 2, "validate_every": 4}
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(config | changes))
        return path

    def arguments(self, out, config, *more):
        return ["train", "--data", self.root, "--set", "oasis", "--config", config, "--out", out, "--threads", "1",
                "--model", program.SMALL_MODEL, "--cache", self.folder / "tokens.safetensors", *more]

    def train(self, out, config, *more, **options):
        return program.run(*self.arguments(out, config, *more), **options)

    def trained(self, out, config, *more):
        done = self.train(out, config, *more)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done

    def start(self, out, config, *more, **options):
        command = [program.PROGRAM, *map(os.fspath, self.arguments(out, config, *more))]
        running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
        self.addCleanup(self.end, running)
        return running

    @staticmethod
    def end(running):
        running.kill()
        running.communicate()

    def need_several_processes(self):
        alone = {"WORLD_SIZE": "2", "RANK": "9"}
        done = self.train(self.folder / "nothing", self.config(), env=os.environ | alone)
        if b"one process only" in done.stderr:
            self.skipTest("this build trains in one process only")

    def start_two(self, out, config, *more):
        """Two processes as torchrun would start them."""
        environment = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port()), "WORLD_SIZE": "2"}
        return [self.start(out, config, *more, env=os.environ | environment | {"RANK": str(rank)}) for rank in range(2)]

    def wait_for(self, running, condition):
        limit = time.monotonic() + 60
        while not condition():
            self.assertLess(time.monotonic(), limit, "it does not come")
            if running.poll() is not None:
                return
            time.sleep(0.002)

    def assert_same_training(self, out, other):
        self.assertEqual(model_bytes(out), model_bytes(other))
        self.assertEqual(steps_of(out), steps_of(other))

    def assert_curves_near(self, out, other):
        """The losses of two trainings, step by step."""
        left, right = steps_of(out), steps_of(other)
        self.assertEqual(len(left), len(right))
        for one, two in zip(left, right):
            for key in ("loss", "cross_entropy", "plcc", "pairwise"):
                self.assertAlmostEqual(one[key], two[key], delta=1e-4, msg=f"{key} in step {one['step']}")

    # --- what it does ---

    def test_killed_at_any_moment_it_ends_in_the_same_bytes(self):
        config = self.config()
        whole, broken = self.folder / "whole", self.folder / "broken"
        done = self.trained(whole, config)
        self.assertIn(f"in {STEPS} steps\n", done.stdout.decode())
        moments = random.Random(5)
        kills = 0
        for goal in (2, 6, 10):  # steps whose checkpoint must be there before the kill
            running = self.start(broken, config)
            self.wait_for(running, lambda: len(steps_of(broken)) >= goal)
            time.sleep(moments.uniform(0, 0.2))
            running.send_signal(signal.SIGKILL)
            kills += running.wait() == -signal.SIGKILL
        self.assertGreaterEqual(kills, 2, "the training is over before it can be killed")
        done = self.trained(broken, config)
        self.assertIn("taken up at step", done.stdout.decode())
        self.assert_same_training(whole, broken)
        self.trained(broken, config)  # a finished one gives the same again
        self.assert_same_training(whole, broken)

    def taste_config(self, name="tastes", **changes):
        """With a phase of taste matching: 6 steps, then 6 with ratings."""
        matching = {"steps": 6, "texts": 60, "batch": 8}
        fusion = {"taste": {"width": 8, "reader": {"width": 16, "heads": 2, "pools": 2, "reading": 8}}}
        return self.config(name, epochs=3, samples={"generic": 1, "stated_simulated": 1}, simulated_texts=20, fusion=fusion,
                           **({"taste_matching": matching} | changes))

    def test_tastes_are_matched_before_ratings_are_seen(self):
        config = self.taste_config()
        whole, broken = self.folder / "whole", self.folder / "broken"
        self.trained(whole, config)
        steps = steps_of(whole)
        self.assertEqual(["matching" in step for step in steps], [True] * 6 + [False] * 6)
        self.assertEqual(["loss" in step for step in steps], [False] * 6 + [True] * 6)
        page = (whole / "report.html").read_text()
        self.assertIn("matched with photos", page)
        for goal in (2, 8):  # one kill in each phase
            running = self.start(broken, config)
            self.wait_for(running, lambda: len(steps_of(broken)) >= goal)
            running.send_signal(signal.SIGKILL)
            running.wait()
        self.assertIn("taken up at step", self.trained(broken, config).stdout.decode())
        self.assert_same_training(whole, broken)

        # Free text moves a score; fields alone, which state no taste, and no profile are read without the taste fusion.
        photos = sorted((self.root / "images").iterdir())[:3]
        def scores(*more):
            return [line["score"] for line in program.json_lines(
                program.run("score", "--model", whole / "model", "--format", "json", *more, *photos))]
        self.assertNotEqual(scores(), scores("--about", "I love red stripes."))

        self.need_several_processes()
        two = self.folder / "two"
        half = self.taste_config("half", batch=4, taste_matching={"steps": 6, "texts": 60, "batch": 4})
        pair = self.start_two(two, half)
        results = [(running, *running.communicate(timeout=program.TIMEOUT_S)) for running in pair]
        self.assertEqual([running.returncode for running, _, _ in results], [0, 0], results)
        self.assertEqual(["matching" in step for step in steps_of(two)], [True] * 6 + [False] * 6)

    def test_a_taste_fusion_and_its_phase_belong_together(self):
        out = self.folder / "out"
        fusion = {"taste": {"width": 8}}
        for config in (self.config("one", fusion=fusion), self.config("other", taste_matching={"steps": 5})):
            self.assert_one_line_error(self.train(out, config), 1, "fusion.taste", "taste_matching.steps")

    def test_interrupting_writes_a_checkpoint_and_resumes(self):
        config = self.config(checkpoint_every=1000, epochs=8)
        out, whole = self.folder / "out", self.folder / "whole"
        self.trained(whole, config)
        running = self.start(out, config)
        self.wait_for(running, lambda: (out / "metrics.jsonl").exists())
        time.sleep(0.5)
        running.send_signal(signal.SIGINT)
        said, errors = running.communicate(timeout=30)
        self.assertEqual((running.returncode, said, errors), (130, b"", b""))
        kept = len(steps_of(out))
        self.assertTrue(0 < kept < 16, kept)
        done = self.trained(out, config)
        self.assertIn(f"(taken up at step {kept})", done.stdout.decode())
        self.assert_same_training(whole, out)

    def test_another_training_in_the_same_folder_is_refused(self):
        out = self.folder / "out"
        self.trained(out, self.config(epochs=1))
        before = model_bytes(out)
        for change in ({"seed": 4}, {"loss": {"cross_entropy": 1}}):
            with self.subTest(change=change):
                done = self.train(out, self.config("other", **({"epochs": 1} | change)))
                self.assert_one_line_error(done, 1, "checkpoint.safetensors", "another output folder", "delete")
        self.assertEqual(model_bytes(out), before)
        self.trained(out, self.config("same", epochs=1, checkpoint_every=5))  # no part of what decides the result

    def test_two_processes_learn_as_one_with_the_doubled_batch(self):
        self.need_several_processes()
        one, two, launched = self.folder / "one", self.folder / "two", self.folder / "launched"
        self.trained(one, self.config())
        half = self.config("half", batch=4)
        pair = self.start_two(two, half)
        results = [(running, *running.communicate(timeout=program.TIMEOUT_S)) for running in pair]
        for running, _, errors in results:
            self.assertEqual(running.returncode, 0, errors.decode())
        self.assertIn(b"model", results[0][1])
        self.assertEqual(results[1][1], b"")  # the first alone writes and tells
        self.assert_curves_near(one, two)
        if not TORCHRUN.exists():
            print(f"left out: no torchrun at {TORCHRUN}")
            return
        command = [TORCHRUN, "--no-python", "--nproc-per-node", "2", "--master-port", str(free_port()), program.PROGRAM,
                   *map(os.fspath, self.arguments(launched, half))]
        done = subprocess.run(command, capture_output=True, timeout=program.TIMEOUT_S)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.assert_same_training(two, launched)

    def test_a_lost_process_ends_the_other_with_its_rank_and_both_resume(self):
        self.need_several_processes()
        config = self.config(batch=4, epochs=16)
        for lost in (1, 0):
            with self.subTest(lost=lost):
                out = self.folder / f"lost{lost}"
                pair = self.start_two(out, config, "--timeout", "20")
                self.wait_for(pair[0], lambda: (out / "checkpoint.safetensors").exists())
                pair[lost].send_signal(signal.SIGKILL)
                begun = time.monotonic()
                said, errors = pair[1 - lost].communicate(timeout=60)
                self.assertLess(time.monotonic() - begun, 20 + 5)
                self.assertEqual((pair[1 - lost].returncode, said), (1, b""))
                self.assertRegex(errors.decode(), rf"\Apaa: process {1 - lost} of 2: [^\n]*process {lost}\b[^\n]*lost[^\n]*\n\Z")
        pair = self.start_two(out, config)
        results = [(running, *running.communicate(timeout=program.TIMEOUT_S)) for running in pair]
        self.assertEqual([running.returncode for running, _, _ in results], [0, 0], results)
        self.assertIn(b"(taken up at step", results[0][1])

    def test_settings_of_several_processes_that_make_no_sense(self):
        self.need_several_processes()
        out, config = self.folder / "out", self.config()
        for variables, word in (({"WORLD_SIZE": "2"}, "RANK"), ({"WORLD_SIZE": "2", "RANK": "2"}, "RANK=2"),
                                ({"WORLD_SIZE": "two"}, "WORLD_SIZE=two"), ({"WORLD_SIZE": "2", "RANK": "0"}, "MASTER_ADDR"),
                                ({"WORLD_SIZE": "2", "RANK": "0", "MASTER_ADDR": "127.0.0.1"}, "MASTER_PORT")):
            with self.subTest(variables=variables):
                self.assert_one_line_error(self.train(out, config, env=os.environ | variables), 1, word)
        alone = {"WORLD_SIZE": "2", "RANK": "1", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port())}
        begun = time.monotonic()
        done = self.train(out, config, "--timeout", "2", env=os.environ | alone)
        self.assert_one_line_error(done, 1, "process 1 of 2", alone["MASTER_PORT"])
        self.assertLess(time.monotonic() - begun, 20)

    def test_numbers_that_are_none_stop_it_with_step_and_tensor(self):
        out, config = self.folder / "out", self.config(epochs=4)
        self.trained(self.folder / "first", config)
        cache = self.folder / "tokens.safetensors"
        data = bytearray(cache.read_bytes())
        begin = 8 + struct.unpack("<Q", data[:8])[0]
        half = (len(data) - begin) // 2
        data[begin:begin + half // 2 * 2] = b"\x00\x7e" * (half // 2)  # NaN in half precision
        cache.write_bytes(data)
        self.assert_one_line_error(self.train(out, config), 1, "step 1:", "the loss", "no finite number")
        self.assertFalse((out / "model").exists())

    def test_what_comes_out(self):
        out = self.folder / "out"
        done = self.trained(out, self.config())
        self.assertEqual(done.stderr, b"")  # the bar is for terminals only
        said = done.stdout.decode()
        self.assertRegex(said, r"frozen LLM untouched: SHA-256 [0-9a-f]{64}\n")
        steps = steps_of(out)
        self.assertEqual([step["step"] for step in steps], list(range(1, STEPS + 1)))
        self.assertEqual([step["step"] for step in steps if "validation_srocc" in step], [4, 8, 12])
        for step in steps:
            whole = step["cross_entropy"] + 0.5 * step["plcc"] + 0.5 * step["pairwise"]
            self.assertAlmostEqual(step["loss"], whole, delta=1e-5)
        self.assertEqual(json.loads((out / "config.json").read_text())["seed"], 3)
        source = (out / "report.html").read_text()
        page = Page(source)
        self.assertEqual(page.open, [])
        self.assertEqual([tag for tag, _ in page.tags].count("svg"), 2)
        words = "".join(page.text)
        for word in ("pairwise", "1 - PLCC", "cross-entropy", "SROCC", re.search("[0-9a-f]{64}", said)[0], "token_dropout"):
            self.assertIn(word, words)
        self.assertNotRegex(source, r"https?:|//|url\(|@import|<link|<iframe|<script| src=")
        self.assertIn("default-src 'none'", source)

        photos = sorted((self.root / "images").iterdir())
        profile = self.profile_file("person.json", {"age": 61, "gender": "female"})
        scores = [[line["score"] for line in program.json_lines(
                      program.run("score", "--model", model, "--format", "json", *more, *photos))]
                  for model, more in ((out / "model", []), (out / "model", ["--profile", profile]),
                                      (program.SMALL_MODEL, []))]
        self.assertEqual([len(some) for some in scores], [len(photos)] * 3)
        self.assertNotEqual(scores[0], scores[1])
        self.assertNotEqual(scores[0], scores[2])
        report = program.run("eval", "--data", self.root, "--set", "oasis", "--model", out / "model", "--json")
        self.assertEqual(report.returncode, 0, report.stderr)

    def test_a_seed_of_the_command_line_is_taken(self):
        outs = [self.folder / name for name in ("three-given-four", "four")]
        self.trained(outs[0], self.config(epochs=1), "--seed", "4")
        self.trained(outs[1], self.config("four", epochs=1, seed=4))
        self.assert_same_training(*outs)

    # --- what is refused ---

    def test_wrong_usage(self):
        config = self.config()
        full = self.arguments(self.folder / "out", config)
        for i in (1, 3, 5, 7):
            with self.subTest(missing=full[i]):
                self.assert_one_line_error(program.run(*full[:i], *full[i + 2:]), 2, full[i], "--help")
        for more, word in ((["--threads", "0"], "--threads"), (["--timeout", "0"], "--timeout"), (["extra"], "extra"),
                           (["--seed", "one"], "--seed")):
            with self.subTest(more=more):
                arguments = [argument for argument in full if argument not in ("--threads", "1")]
                self.assert_one_line_error(program.run(*arguments, *more), 2, word, "--help")

    def test_what_is_wrong_or_missing_is_named(self):
        out = self.folder / "out"
        self.assert_one_line_error(self.train(out, self.folder / "none.json"), 1, "none.json")
        self.assert_one_line_error(self.train(out, self.config(batch=0)), 1, "config.json", "batch", "1 to")
        self.assert_one_line_error(self.train(out, self.config(bacth=8)), 1, "config.json", "bacth")
        self.assert_one_line_error(self.train(out, self.config(fusion={"layers": [22, 99]})), 1, "99")
        self.assert_one_line_error(self.train(out, self.config(fusion={"widht": 9})), 1, "widht")
        self.assert_one_line_error(self.train(out, self.config(), "--plant", "gender"), 1, "gender=female")
        (self.root / "images/i16.png").unlink()  # a test photo, which nobody looks at
        self.trained(out, self.config(epochs=1))
        (self.root / "images/i2.png").write_bytes(b"no photo")
        self.assert_one_line_error(self.train(out, self.config(epochs=1)), 1, "i2.png")
        (self.root / "images/i2.png").unlink()
        self.assert_one_line_error(self.train(out, self.config(epochs=1)), 1, "i2.png", "paa data check")


if __name__ == "__main__":
    program.main()
