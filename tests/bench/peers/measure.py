"""How every peer is run and measured, so that all are measured alike. The keys of a line are described in ../README.md."""

import argparse
import json
import pathlib
import resource
import statistics
import time

import torch

import photos

DTYPES = {"f32": torch.float32, "bf16": torch.bfloat16}


def parser(description):
    result = argparse.ArgumentParser(description=description)
    result.add_argument("--photos", type=pathlib.Path, required=True, help="folder of photos")
    result.add_argument("--limit", type=int, default=64, help="use the first N photos")
    result.add_argument("--threads", type=int, default=1)
    result.add_argument("--dtype", choices=DTYPES, default="f32")
    result.add_argument("--batch", type=int, default=16)
    result.add_argument("--repeats", type=int, default=5, help="timed passes after one that warms up")
    result.add_argument("--what", default="", help="only these figures, by comma; all if empty")
    return result


class Report:
    """Prints one JSON line a figure."""

    def __init__(self, who, args):
        self.who, self.args = who, args
        self.wanted = set(filter(None, args.what.split(",")))
        torch.set_num_threads(args.threads)
        self.library_mib = peak_mib()

    def wants(self, what):
        return not self.wanted or what in self.wanted

    def line(self, what, **figures):
        if self.wants(what):
            settings = {"threads": self.args.threads, "dtype": self.args.dtype, "batch": self.args.batch}
            print(json.dumps({"who": self.who, "what": what, **settings, **figures}), flush=True)

    def rate(self, what, count, run, **figures):
        """Photos per second of run(), which goes once over `count` photos."""
        if not self.wants(what):
            return
        run()
        rates = [count / timed(run)[1] for _ in range(self.args.repeats)]
        self.line(what, photos_per_s=round(statistics.median(rates), 2), passes=[round(r, 2) for r in rates],
                  photos=count, **figures)

    def memory(self, weights_bytes):
        """Peak resident memory, beside what the libraries alone took and the size of the weights as held."""
        self.line("rss", mib=peak_mib(), library_mib=self.library_mib, weights_mib=round(weights_bytes / 2**20, 1))


def peak_mib():
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def timed(run):
    start = time.perf_counter()
    result = run()
    return result, time.perf_counter() - start


def chunks(items, size):
    return [items[i:i + size] for i in range(0, len(items), size)]


def find_photos(args):
    found = photos.find(args.photos)[:args.limit]
    if not found:
        raise SystemExit(f"{args.photos}: no photos")
    return found
