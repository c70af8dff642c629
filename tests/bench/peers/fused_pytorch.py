"""Peer: the same fused model in plain PyTorch, with the same caches.

    python fused_pytorch.py --model DIR --photos DIR [--threads 1] [--dtype f32] [--batch 16]
"""

import time

import measure
import photos
import weights
from fused_model import FusedModel

PROFILE = "a woman, 35 to 39 years old, some college."


def main():
    parser = measure.parser(__doc__.splitlines()[0])
    weights.add_part_options(parser)
    parser.add_argument("--decode-workers", type=int, default=0, help="threads that decode ahead; 0 decodes in line")
    args = parser.parse_args()
    report = measure.Report("fused_pytorch", args)
    paths = measure.find_photos(args)

    start = time.perf_counter()
    model, load_seconds = measure.timed(lambda: FusedModel(args, measure.DTYPES[args.dtype]))
    size = (model.config["photo"]["width"], model.config["photo"]["height"])
    person, prepare_seconds = measure.timed(lambda: model.prepare(PROFILE))
    model.score(person, model.encode([photos.read(paths[0], size)]))
    report.line("load", seconds=round(load_seconds, 3))
    report.line("first_score", seconds=round(time.perf_counter() - start, 3))
    report.line("prepare", seconds=round(prepare_seconds, 4))

    def end_to_end():
        for pixels in photos.batches(paths, size, args.batch, args.decode_workers):
            model.score(person, model.encode(pixels))

    report.rate("end_to_end", len(paths), end_to_end, decode_workers=args.decode_workers)
    pixels = [photos.read(path, size) for path in paths]
    report.rate("vision", len(paths), lambda: [model.encode(chunk) for chunk in measure.chunks(pixels, args.batch)])
    tokens = [model.encode(chunk) for chunk in measure.chunks(pixels, args.batch)]
    report.rate("language", len(paths), lambda: [model.score(person, chunk) for chunk in tokens])
    report.memory(model.weights_bytes())


if __name__ == "__main__":
    main()
