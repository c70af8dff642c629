"""paa models: what is there, and whether it is whole."""

import os

import program


class Models(program.ProgramTest):
    def environment(self):
        return {**os.environ, "PAA_HOME": str(self.folder), "PAA_MODEL": ""}

    def damaged_copy(self):
        """A home whose one model has a changed and a missing part; the other parts are links."""
        model = self.folder / "models" / program.MODEL.name
        model.mkdir(parents=True)
        for part in program.MODEL.iterdir():
            (model / part.name).symlink_to(part)
        fusion = model / "fusion.safetensors"
        content = bytearray(fusion.read_bytes())
        content[-1] ^= 1
        fusion.unlink()
        fusion.write_bytes(content)
        (model / "class_names.txt").unlink()

    def test_the_default_model_is_listed_with_sizes_and_licences(self):
        done = program.run("models")
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        text = done.stdout.decode()
        self.assertIn(program.MODEL.name, text)
        self.assertIn(program.SMALL_MODEL.name, text)
        for word in ("llm", "vision", "fusion", "MB", "Apache-2.0"):
            self.assertIn(word, text)

    def test_verify_tells_whole_from_damaged(self):
        whole = program.run("models", "verify", program.MODEL.name)
        self.assertEqual((whole.returncode, whole.stderr), (0, b""))
        self.assertTrue(all(line.endswith(" ok") for line in whole.stdout.decode().splitlines()))
        self.damaged_copy()
        for name in ([], [program.MODEL.name]):
            damaged = program.run("models", "verify", *name, env=self.environment())
            self.assertEqual(damaged.returncode, 1)
            states = {line.split()[1]: line.split(maxsplit=2)[2] for line in damaged.stdout.decode().splitlines()}
            self.assertEqual(states, {"class_names": "missing", "fusion": "wrong hash", "llm": "ok",
                                      "population": "ok", "vision": "ok"})

    def test_an_empty_home_says_how_to_get_a_model(self):
        done = program.run("models", env=self.environment())
        self.assertEqual((done.returncode, done.stdout), (0, b""))
        self.assertIn(b"quickstart.sh", done.stderr)
        self.assert_one_line_error(program.run("models", "verify", env=self.environment()), 1, "quickstart.sh")

    def test_a_folder_that_is_no_model_is_named(self):
        broken = self.folder / "models/broken"
        broken.mkdir(parents=True)
        (broken / "model.json").write_text("{")
        done = program.run("models", env=self.environment())
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"model.json", done.stderr)


if __name__ == "__main__":
    program.main()
