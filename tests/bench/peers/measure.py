"""How every peer is run and measured, so that all are measured alike. ../README.md describes the keys of a line."""

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
    numbers = lambda text: [int(number) for number in text.split(",")]
    result = argparse.ArgumentParser(description=description)
    result.add_argument("--photos", type=pathlib.Path, required=True, help="folder of photos")
    result.add_argument("--limit", type=int, default=48, help="use the first N photos")
    result.add_argument("--threads", type=int, default=1)
    result.add_argument("--dtype", choices=DTYPES, default="f32", help="of the LLM's matrix products")
    result.add_argument("--batch", type=numbers, default=[1, 16], help="photos a call; several are measured in turn")
    result.add_argument("--repeats", type=int, default=3, help="timed passes after one that warms up")
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
            settings = {"threads": self.args.threads, "dtype": self.args.dtype}
            print(json.dumps({"who": self.who, "what": what, **settings, **figures}), flush=True)

    def rate(self, what, count, run):
        """Photos per second of run(batch), which goes once over `count` photos, for each batch asked for."""
        for batch in self.args.batch if self.wants(what) else []:
            run(batch)
            passes = [timed(lambda: run(batch))[1:] for _ in range(self.args.repeats)]
            rates, cpu_seconds = [count / wall for wall, _ in passes], statistics.median(cpu for _, cpu in passes)
            self.line(what, batch=batch, photos_per_s=round(statistics.median(rates), 2),
                      passes=[round(rate, 2) for rate in rates], cpu_ms_per_photo=round(1000 * cpu_seconds / count, 2),
                      photos=count)

    def memory(self, weights_bytes):
        """Peak resident memory, beside what the libraries alone took and the size of the weights as held."""
        self.line("rss", mib=peak_mib(), library_mib=self.library_mib, weights_mib=round(weights_bytes / 2**20, 1))


def peak_mib():
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def timed(run):
    """What run() gives, seconds on the clock, and processor seconds of this process, all threads together."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = run()
    return result, time.perf_counter() - wall, time.process_time() - cpu


def chunks(items, size):
    return [items[i:i + size] for i in range(0, len(items), size)]


def find_photos(args):
    found = photos.find(args.photos)[:args.limit]
    if not found:
        raise SystemExit(f"{args.photos}: no photos")
    return found
