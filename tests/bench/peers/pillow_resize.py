"""Peer: decode and resize by Pillow, to the size the default model reads.

    python pillow_resize.py --photos DIR [--threads 1]
"""

import measure
import photos

SIZE = (256, 224)


def main():
    args = measure.parser(__doc__.splitlines()[0]).parse_args()
    report = measure.Report("pillow", args)
    paths = measure.find_photos(args)
    workers = args.threads if args.threads > 1 else 0
    report.rate("decode_resize", len(paths), lambda: [None for _ in photos.batches(paths, SIZE, args.batch, workers)])


if __name__ == "__main__":
    main()
