"""Makes tests/pmllm/data/samples.json: scores of five sample photos for three profiles by the plain PyTorch forward in
tests/bench/peers/fused_model.py, in fp32.

    python tests/oracles/make_pmllm_goldens.py --model DIR PHOTO_FOLDER [REFERENCE]

Needs torch, transformers, gguf, safetensors, efficientnet-lite-pytorch, pillow. DIR is the model folder
smollm2-135m-efficientnet-lite0, PHOTO_FOLDER is skimage/data of scikit-image.
REFERENCE is the folder shared/data: where it is given, the forward must first equal its golden values within 1e-4.

    profiles[i]   a profile as JSON, the text it becomes, and the token ids of prompt prefix + text
    photos[i]     lossless: decoders agree on its pixels; if false (JPEG) they may differ by a few levels;
                  decoded_sha256 is of the RGB bytes as decoded by Pillow, resized_sha256 after its bicubic resize to
                  256 x 224
    cases[i]      profile and photo by number, the five level probabilities (bad to excellent) and the score on 1-7
"""

import argparse
import hashlib
import importlib.metadata
import json
import pathlib
import sys

import numpy as np
import torch
from PIL import Image

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "bench" / "peers"))

import photos
import weights
from fused_model import FusedModel

OUTPUT = TESTS / "pmllm" / "data" / "samples.json"
SIZE = (256, 224)
PHOTOS = ["astronaut.png", "coffee.png", "chelsea.png", "rocket.jpg", "hubble_deep_field.jpg"]
PROFILES = [
    ({}, "anyone."),
    ({"age": 37, "gender": "female", "education": "some college"}, "a woman, 35 to 39 years old, some college."),
    ({"age": 72, "gender": "male", "education": "graduate degree"}, "a man, 70 to 74 years old, graduate degree."),
]
PACKAGES = ("torch", "transformers", "gguf", "safetensors", "efficientnet-lite-pytorch", "pillow")


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def check_against(model, data):
    """Refuses to go on unless the forward equals the reference."""
    golden = json.loads((data / "reference" / "golden.json").read_text())
    tokens = model.encode([photos.read(data / "oasis" / photo, SIZE) for photo in golden["photos"]])
    worst = 0.0
    for number, profile in enumerate(golden["profiles"]):
        levels, _ = model.score(model.prepare(profile["text"]), tokens)
        for case in (case for case in golden["cases"] if case["profile"] == number):
            found = levels[golden["photos"].index(case["photo"])]
            worst = max(worst, (found - torch.tensor(case["levels"])).abs().max().item())
    print("largest difference from the reference's levels:", worst)
    if worst > 1e-4:
        raise SystemExit("the forward does not equal the reference")


def photo_golden(path):
    with Image.open(path) as image:
        rgb = np.asarray(image.convert("RGB"))
    return {"file": path.name, "lossless": path.suffix == ".png", "width": rgb.shape[1], "height": rgb.shape[0],
            "decoded_sha256": sha256(rgb.tobytes()), "resized_sha256": sha256(photos.read(path, SIZE).tobytes())}


def main():
    parser = argparse.ArgumentParser()
    weights.add_part_options(parser)
    parser.add_argument("photos", type=pathlib.Path)
    parser.add_argument("reference", type=pathlib.Path, nargs="?")
    args = parser.parse_args()
    model = FusedModel(args, torch.float32)
    if args.reference:
        check_against(model, args.reference)
    tokens = model.encode([photos.read(args.photos / photo, SIZE) for photo in PHOTOS])
    cases, prefix = [], model.config["prompt"]["prefix"]
    for number, (_, text) in enumerate(PROFILES):
        levels, scores = model.score(model.prepare(text), tokens)
        cases += [{"profile": number, "photo": photo, "levels": [round(p, 7) for p in levels[photo].tolist()],
                   "score": round(scores[photo].item(), 6)} for photo in range(len(PHOTOS))]
    golden = {
        "made_by": "tests/oracles/make_pmllm_goldens.py",
        "versions": {package: importlib.metadata.version(package) for package in PACKAGES},
        "parts_sha256": {part: sha256(weights.part_path(args, part).read_bytes()) for part in weights.PARTS},
        "profiles": [{"profile": profile, "text": text, "prefix_ids": model.encode_text(prefix + text)["input_ids"]}
                     for profile, text in PROFILES],
        "photos": [photo_golden(args.photos / photo) for photo in PHOTOS],
        "cases": cases,
    }
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps(golden, indent=1) + "\n")
    for case in cases:
        print(golden["profiles"][case["profile"]]["text"], golden["photos"][case["photo"]]["file"], case["score"])


if __name__ == "__main__":
    main()
