"""Peer: decode and resize by Pillow, to the size the default model reads.

    python pillow_resize.py --photos DIR [--threads 1]
"""

import measure
import photos

SIZE = (256, 224)


def main():
    parser = measure.parser(__doc__.splitlines()[0])
    photos.add_decode_option(parser)
    args = parser.parse_args()
    report = measure.Report("pillow", args)
    paths = measure.find_photos(args)

    def decode_resize(batch):
        for _ in photos.batches(paths, SIZE, batch, args.decode_workers):
            pass

    report.rate("decode_resize", len(paths), decode_resize)


if __name__ == "__main__":
    main()
