"""Model folders that must not be used: one line says which part is wrong and how."""

import hashlib
import json
import struct

import program


class BadModel(program.ProgramTest):
    def setUp(self):
        super().setUp()
        self.model = self.folder / "model"
        self.model.mkdir()
        for part in program.MODEL.iterdir():
            (self.model / part.name).symlink_to(part.resolve())
        self.manifest = json.loads((program.MODEL / "model.json").read_text())

    def replace(self, name, content):
        (self.model / name).unlink()
        (self.model / name).write_bytes(content)

    def change_part(self, role, change):
        """Changes a part's bytes behind the manifest's back."""
        file = self.manifest["parts"][role]["file"]
        self.replace(file, change((program.MODEL / file).read_bytes()))

    def declare(self, *roles):
        """Writes the parts' lengths and hashes as they are now into model.json."""
        for role in roles:
            entry = self.manifest["parts"][role]
            content = (self.model / entry["file"]).read_bytes()
            entry.update(bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
        self.replace("model.json", json.dumps(self.manifest).encode())

    def forge_part(self, role, change):
        """Changes a part and everything that vouches for it, so that only reading it can tell."""
        before = self.manifest["parts"][role]["sha256"].encode()
        self.change_part(role, change)
        self.declare(role)
        if role != "fusion":
            after = self.manifest["parts"][role]["sha256"].encode()
            self.change_part("fusion", lambda content: content.replace(before, after))
            self.declare("fusion")

    def assert_refused(self, *words):
        done = program.run("score", "--model", self.model, program.sample_photos()[0])
        self.assert_one_line_error(done, 1, *words)

    def test_the_copy_itself_works(self):
        self.assertEqual(program.run("score", "--model", self.model, program.sample_photos()[0]).returncode, 0)

    def test_a_missing_part(self):
        (self.model / self.manifest["parts"]["vision"]["file"]).unlink()
        self.assert_refused(self.manifest["parts"]["vision"]["file"])

    def test_a_changed_byte(self):
        self.change_part("fusion", lambda content: content[:-1] + bytes([content[-1] ^ 1]))
        self.assert_refused(self.manifest["parts"]["fusion"]["file"])

    def test_a_cut_part(self):
        self.change_part("llm", lambda content: content[:-1000])
        self.assert_refused(self.manifest["parts"]["llm"]["file"])

    def test_cut_parts_that_everything_vouches_for(self):
        for role in ("fusion", "vision", "llm"):
            with self.subTest(role=role):
                self.setUp()
                self.forge_part(role, lambda content: content[:len(content) * 2 // 3])
                self.assert_refused(self.manifest["parts"][role]["file"])

    def test_a_gguf_array_longer_than_any_file(self):
        def endless(content):
            key = b"tokenizer.ggml.tokens"
            count_at = content.index(key) + len(key) + 8  # after the value's type and the elements' type
            return content[:count_at] + struct.pack("<Q", 2**60) + content[count_at + 8:]

        self.forge_part("llm", endless)
        self.assert_refused(self.manifest["parts"]["llm"]["file"], "tokenizer.ggml.tokens")

    def test_fusion_modules_of_another_pair(self):
        self.change_part("llm", lambda content: content + bytes(1))
        self.declare("llm")
        self.assert_refused("llm", "trained for")

    def test_a_tensor_of_another_shape(self):
        names = []

        def transposed(content):
            size = struct.unpack("<Q", content[:8])[0]
            header = json.loads(content[8:8 + size])
            name = next(key for key, value in sorted(header.items())
                        if key != "__metadata__" and len(value["shape"]) == 2 and len(set(value["shape"])) == 2)
            names.append(name)
            header[name]["shape"].reverse()
            text = json.dumps(header).encode()
            return struct.pack("<Q", len(text)) + text + content[8 + size:]

        self.forge_part("fusion", transposed)
        self.assert_refused(self.manifest["parts"]["fusion"]["file"], *names)

    def test_a_folder_without_model_json(self):
        (self.model / "model.json").unlink()
        self.assert_refused("model.json")

    def test_a_manifest_that_is_no_json(self):
        self.replace("model.json", b'{"format": "paa-model", ')
        self.assert_refused("model.json")


if __name__ == "__main__":
    program.main()
