"""Photos by Pillow: found, decoded, resized."""

import collections
import concurrent.futures

import numpy as np
from PIL import Image

EXTENSIONS = {".jpg", ".jpeg", ".png"}


def add_decode_option(parser):
    parser.add_argument("--decode-workers", type=int, default=0, help="threads that decode ahead; 0 decodes in line")


def find(folder):
    """The photos of a folder and those below it, in sorted order."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in EXTENSIONS)


def read(path, size):
    """(height, width, 3) uint8 of one photo at size = (width, height), bicubic, its aspect not kept."""
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB").resize(size, Image.BICUBIC))


def read_ahead(paths, size, workers, ahead):
    """The same for many, in order, `workers` threads decoding up to `ahead` photos before they are asked for."""
    if workers == 0:
        yield from (read(path, size) for path in paths)
        return
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        waiting = collections.deque()
        for path in paths:
            waiting.append(pool.submit(read, path, size))
            if len(waiting) > ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def batches(paths, size, batch, workers):
    """Lists of up to `batch` decoded photos, the next batch being read while the last is used."""
    held = []
    for pixels in read_ahead(paths, size, workers, 2 * batch):
        held.append(pixels)
        if len(held) == batch:
            yield held
            held = []
    if held:
        yield held
