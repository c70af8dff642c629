#!/usr/bin/env python3
"""Turns the first trained fusion weights (plain PyTorch names, no config) into the project's fusion file.

    convert_reference_fusion.py fusion-oasis.safetensors MODEL_FOLDER examples/models/oasis-demographics.safetensors

MODEL_FOLDER is what examples/fetch_model.py made: the pair of models that the weights belong to is taken from there.
Made with safetensors 0.8.0 and numpy 2.4.6; the bytes are the same each time.
"""

import hashlib
import json
import pathlib
import re
import sys

import numpy
from safetensors.numpy import load_file, save_file

# The parameters of nn::SelectiveFusion.
NAMES = {"q.weight": "query", "k.weight": "key", "v.weight": "value", "o.weight": "output", "beta": "beta",
         "gu.weight": "gate_hidden", "gu.bias": "gate_bias", "gc.weight": "gate_visual", "gp.weight": "gate_profile"}

CONFIG = {
    "format": "paa-fusion",
    "version": 1,
    "name": "oasis-demographics",
    "layers": [22, 26],
    "width": 64,
    "heads": 4,
    "gate": {"inputs": ["hidden", "visual", "profile"], "granularity": "head"},
    "update": "relative",
    "prompt": {"prefix": "<|im_start|>user\nThe person who rates: ",
               "suffix": "\nIn one word, the beauty of this photo is"},
    "profile_wording": {"generic": "anyone."},
    "readout": {"kind": "rating_words", "words": [" bad", " poor", " fair", " good", " excellent"]},
    "scale": [1, 7],
    "photo": {"policy": "fixed", "width": 256, "height": 224, "filter": "bicubic", "mean": 127, "scale": 128},
    "data_note": "Trained on beauty ratings of OASIS photos with the raters' demographics only, which say almost nothing "
                 "about taste on this data: differences between profiles mean little.",
    "licence": "research use only: trained on OASIS photos and ratings, which are free for research",
}


def our_name(name):
    match = re.fullmatch(r"(fusion\.\d+\.)(.+)", name)
    return match[1] + NAMES[match[2]] if match else name


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main(reference, model, output):
    llm = next(model.glob("*.gguf"))
    vision = model / "vision.safetensors"
    config = CONFIG | {
        "llm": {"name": "SmolLM2-135M-Instruct Q4_1", "sha256": sha256(llm)},
        "vision": {"name": "EfficientNet-Lite0", "sha256": sha256(vision)},
    }
    tensors = {our_name(name): numpy.ascontiguousarray(tensor) for name, tensor in load_file(reference).items()}
    save_file(tensors, output, metadata={"paa.fusion": json.dumps(config)})


if __name__ == "__main__":
    main(*map(pathlib.Path, sys.argv[1:]))
