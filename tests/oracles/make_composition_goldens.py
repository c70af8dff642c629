#!/usr/bin/env python3
"""Makes the expected values of paa/image/composition.h: tests/image/data/composition.json.

Needs scikit-image, scipy, pillow and numpy; run it from anywhere, after make_statistics_goldens.py, whose photos it takes.
Resizing is Pillow's; colour spaces, co-occurrence matrices and entropy are scikit-image's; filters are SciPy's.
"""

import json
import pathlib

import numpy as np
import PIL
import scipy
import skimage
import skimage.color
import skimage.feature
import skimage.measure
from PIL import Image
from scipy import ndimage

OUT = pathlib.Path(__file__).resolve().parent.parent / "image" / "data"
SIDE = 256
FILES = [f"statistics-{name}.png" for name in ("astronaut", "chelsea", "coffee", "rocket", "hubble_deep_field")]
FILES += ["png-rgb.png", "png-grey.png", "png-1x1.png"]
HUES = {"red": (345, 45), "yellow": (45, 70), "green": (70, 165), "cyan": (165, 195), "blue": (195, 255), "purple": (255, 345)}


def extent(energy):
    """From the first to the last pixel of those that hold the energy between the 1st and the 99th hundredth."""
    total = np.cumsum(energy) / energy.sum()
    first = np.flatnonzero(total > 0.01)[0]
    backwards = np.cumsum(energy[::-1]) / energy.sum()
    last = len(energy) - 1 - np.flatnonzero(backwards > 0.01)[0]
    return max(1, last - first + 1) / len(energy)


def hue_shares(rgb):
    hsv = skimage.color.rgb2hsv(rgb)
    # Hues of whole degrees are common, and exactly on a range's end they belong to the next one.
    hue, chroma = (360 * hsv[..., 0]).round(9), hsv[..., 1] * hsv[..., 2]
    shares = {}
    for name, (low, high) in HUES.items():
        within = (hue >= low) | (hue < high) if low > high else (hue >= low) & (hue < high)
        shares[name] = chroma[within].sum() / (chroma.sum() + 0.05 * chroma.size)
    return shares


def texture(light):
    levels = np.clip((light * 32).astype(int), 0, 31).astype(np.uint8)
    # Of scikit-image, a diagonal's pixels are a distance apart that is rounded to whole steps of rows and columns.
    values = []
    for distance, angle in ((2, 0), (2, np.pi / 2), (2 * np.sqrt(2), np.pi / 4), (2 * np.sqrt(2), 3 * np.pi / 4)):
        if distance * np.cos(np.pi / 4 * (distance > 2)) >= min(levels.shape):
            values.append(0)
            continue
        matrix = skimage.feature.graycomatrix(levels, [distance], [angle], levels=32, symmetric=True, normed=True)
        values.append(1 - skimage.feature.graycoprops(matrix, "homogeneity")[0, 0])
    return np.mean(values)


def composition(image):
    scale = SIDE / max(image.size)
    size = tuple(max(1, int(np.floor(side * scale + 0.5))) for side in image.size)
    rgb = np.asarray(image.resize(size, Image.Resampling.BILINEAR))
    light = skimage.color.rgb2lab(rgb)[..., 0] / 100
    height, width = light.shape
    across = ndimage.sobel(light, axis=1, mode="nearest") / 4
    down = ndimage.sobel(light, axis=0, mode="nearest") / 4
    energy = across**2 + down**2 + 1e-6
    laplacian = ndimage.laplace(light, mode="nearest")
    y, x = (np.arange(height) + 0.5) / height, (np.arange(width) + 0.5) / width
    yy, xx = np.meshgrid(y, x, indexing="ij")
    middle = (abs(yy - 0.5) <= 0.25) & (abs(xx - 0.5) <= 0.25)
    points = [(a, b) for a in (1 / 3, 2 / 3) for b in (1 / 3, 2 / 3)]
    distance = np.min([(yy - a) ** 2 + (xx - b) ** 2 for a, b in points], axis=0)
    near = np.exp(-distance / (2 * 0.1**2))
    mirrored = light[:, ::-1]
    strength = abs(laplacian) + 1e-3
    halves = light[: height // 2], light[(height + 1) // 2 :]
    values = {
        **hue_shares(rgb),
        "sharpness": np.log10(laplacian.var() + 1e-6),
        "edge spread": extent(energy.sum(axis=0)) * extent(energy.sum(axis=1)),
        "entropy": skimage.measure.shannon_entropy(np.clip((light * 64).astype(int), 0, 63)),
        "symmetry": (np.cov(light.ravel(), mirrored.ravel(), ddof=0)[0, 1] + 1e-4) / (light.var() + 1e-4),
        "thirds": np.average(near, weights=energy) - near.mean(),
        "background blur": strength[middle].sum() / strength.sum(),
        "centre light": light[middle].mean() - light[~middle].mean(),
        "top light": halves[0].mean() - halves[1].mean(),
        "texture": texture(light),
        "lines": (down**2 - across**2).sum() / energy.sum(),
        "format": np.clip(np.log2(width / height), -3, 3),
    }
    return {name: float(value) for name, value in values.items()}


golden = {
    "made_with": {"scikit-image": skimage.__version__, "scipy": scipy.__version__, "pillow": PIL.__version__,
                  "numpy": np.__version__},
    "photos": [{"file": f, **composition(Image.open(OUT / f).convert("RGB"))} for f in FILES],
}
(OUT / "composition.json").write_text(json.dumps(golden, indent=1) + "\n")
