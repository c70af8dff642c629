"""Peer: decode and resize by Pillow, to the size the model reads.

    python pillow_resize.py --model DIR --photos DIR [--threads 1]
"""

import measure
import photos
import weights


def main():
    parser = measure.parser(__doc__.splitlines()[0])
    weights.add_part_options(parser)
    photos.add_decode_option(parser)
    args = parser.parse_args()
    report = measure.Report("pillow", args)
    paths = measure.find_photos(args)
    policy = weights.read_fusion(weights.part_path(args, "fusion"))[0]["photo"]
    size = (policy["width"], policy["height"])

    def decode_resize(batch):
        for _ in photos.batches(paths, size, batch, args.decode_workers):
            pass

    report.rate("decode_resize", len(paths), decode_resize)


if __name__ == "__main__":
    main()
