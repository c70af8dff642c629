"""Peer: the same fused model in plain PyTorch, with the same caches.

    python fused_pytorch.py --model DIR --photos DIR [--threads 1] [--dtype f32] [--batch 1,16]
"""

import time

import torch

import measure
import photos
import weights
from fused_model import FusedModel

PROFILE = "a woman, 35 to 39 years old, some college."


def main():
    parser = measure.parser(__doc__.splitlines()[0])
    weights.add_part_options(parser)
    weights.add_vision_option(parser)
    photos.add_decode_option(parser)
    args = parser.parse_args()
    report = measure.Report("fused_pytorch", args)
    paths = measure.find_photos(args)

    start = time.perf_counter()
    model, load_seconds, load_cpu = measure.timed(lambda: FusedModel(args, measure.DTYPES[args.dtype]))
    size = (model.config["photo"]["width"], model.config["photo"]["height"])
    person, prepare_seconds, _ = measure.timed(lambda: model.prepare(PROFILE))
    model.score(person, model.encode([photos.read(paths[0], size)]))
    report.line("first_score", seconds=round(time.perf_counter() - start, 3))
    report.line("load", seconds=round(load_seconds, 3), cpu_seconds=round(load_cpu, 3))
    report.line("prepare", seconds=round(prepare_seconds, 4))

    def end_to_end(batch):
        for pixels in photos.batches(paths, size, batch, args.decode_workers):
            parts = [model.encode(part) for part in measure.chunks(pixels, args.vision_batch)]
            model.score(person, torch.cat(parts))

    report.rate("end_to_end", len(paths), end_to_end)
    pixels = [photos.read(path, size) for path in paths]
    report.rate("vision", len(paths), lambda batch: [model.encode(chunk) for chunk in measure.chunks(pixels, batch)])
    tokens = torch.cat([model.encode([one]) for one in pixels])
    report.rate("language", len(paths), lambda batch: [model.score(person, chunk) for chunk in tokens.split(batch)])
    report.memory(model.weights_bytes())


if __name__ == "__main__":
    main()
