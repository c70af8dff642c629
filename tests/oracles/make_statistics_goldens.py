#!/usr/bin/env python3
"""Makes the expected values of paa/image/statistics.h: tests/image/data/statistics.json and the PNGs statistics-*.png.

Needs scikit-image, pillow and numpy; run it from anywhere. The photos are scikit-image's own (public domain or CC0),
made small. Resizing is Pillow's, colour spaces and Sobel gradients are scikit-image's.
"""

import json
import pathlib

import numpy as np
import PIL
import skimage
import skimage.color
import skimage.data
import skimage.filters
from PIL import Image

OUT = pathlib.Path(__file__).resolve().parent.parent / "image" / "data"
SIDE = 256
STEEP = 0.05
PHOTOS = {"astronaut": (64, 64), "chelsea": (72, 48), "coffee": (48, 72), "rocket": (72, 48),
          "hubble_deep_field": (64, 56)}
FILES = ["png-rgb.png", "png-grey.png", "png-1x1.png"]


def statistics(image):
    scale = SIDE / max(image.size)
    size = tuple(max(1, int(np.floor(side * scale + 0.5))) for side in image.size)
    rgb = np.asarray(image.resize(size, Image.Resampling.BILINEAR))
    lab = skimage.color.rgb2lab(rgb)
    lch = skimage.color.lab2lch(lab)
    light = lab[..., 0] / 100
    r, g, b = np.moveaxis(rgb.astype(float), -1, 0)
    rg, yb = r - g, 0.5 * (r + g) - b
    warm = -0.5 + 0.02 * lch[..., 1] ** 1.07 * np.cos(lch[..., 2] - np.deg2rad(50))
    edges = skimage.filters.sobel(light)
    values = {
        "brightness": light.mean(),
        "contrast": light.std(),
        "saturation": skimage.color.rgb2hsv(rgb)[..., 1].mean(),
        "colourfulness": np.hypot(rg.std(), yb.std()) + 0.3 * np.hypot(rg.mean(), yb.mean()),
        "warmth": warm.mean(),
        "detail": (edges > STEEP).mean(),
    }
    return {name: float(value) for name, value in values.items()}


for name, size in PHOTOS.items():
    photo = Image.fromarray(getattr(skimage.data, name)()[..., :3])
    photo.resize(size, Image.Resampling.LANCZOS).save(OUT / f"statistics-{name}.png", optimize=True)
files = [f"statistics-{name}.png" for name in PHOTOS] + FILES
golden = {
    "made_with": {"scikit-image": skimage.__version__, "pillow": PIL.__version__, "numpy": np.__version__},
    "photos": [{"file": f, **statistics(Image.open(OUT / f).convert("RGB"))} for f in files],
}
(OUT / "statistics.json").write_text(json.dumps(golden, indent=1) + "\n")
