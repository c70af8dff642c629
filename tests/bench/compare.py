"""Runs paa_bench and its peers in turn on the same photos, weights and cores, and prints a table of medians and ratios.

    python tests/bench/compare.py --model DIR --photos DIR --paa BUILD/tests/bench/paa_bench

README.md says what is measured and how.
"""

import argparse
import collections
import json
import os
import pathlib
import statistics
import subprocess
import sys

PEERS = pathlib.Path(__file__).resolve().parent / "peers"
FIGURES = {  # what -> peers it is compared with, and under which name they measure it
    "language": [("llava_style", "language"), ("llava_style", "language_uncached"), ("fused_pytorch", "language")],
    "end_to_end": [("llava_style", "end_to_end"), ("llava_style", "end_to_end_uncached"),
                   ("fused_pytorch", "end_to_end")],
    "vision": [("fused_pytorch", "vision")],
    "decode_resize": [("pillow", "decode_resize")],
    "load": [("fused_pytorch", "load"), ("llava_style", "load")],
    "prepare": [("fused_pytorch", "prepare")],
    "first_score": [("fused_pytorch", "first_score"), ("llava_style", "first_score")],
    "rss": [("fused_pytorch", "rss"), ("llava_style", "rss")],
}
RATES = {"language", "end_to_end", "vision", "decode_resize"}
TARGETS = {("language", "llava_style", "language"): 5.0, ("end_to_end", "llava_style", "end_to_end"): 3.0,
           ("end_to_end", "fused_pytorch", "end_to_end"): 1.5}
MOST_MIB = 400
LONGEST_LOAD = 1.0


def arguments():
    numbers = lambda text: [int(number) for number in text.split(",")]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=pathlib.Path, required=True, help="model folder")
    parser.add_argument("--photos", type=pathlib.Path, required=True, help="folder of photos")
    parser.add_argument("--paa", type=pathlib.Path, required=True, help="the program paa_bench")
    parser.add_argument("--limit", type=int, default=48, help="use the first N photos")
    parser.add_argument("--threads", type=numbers, default=[1, 2])
    parser.add_argument("--dtypes", default="f32,bf16")
    parser.add_argument("--batch", default="1,8,32")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--lines", type=pathlib.Path, help="also keep every line measured in this file")
    return parser.parse_args()


def programs(args):
    """who -> its command, without the options that all share."""
    python = lambda script: [sys.executable, str(PEERS / script)]
    model = ["--model", str(args.model)]
    return {"paa": [str(args.paa), *model], "fused_pytorch": python("fused_pytorch.py") + model,
            "llava_style": python("llava_style.py") + model, "pillow": python("pillow_resize.py") + model}


def run(command, args, threads, dtype):
    """The lines of one program, pinned to `threads` cores."""
    cores = set(sorted(os.sched_getaffinity(0))[:threads])
    options = ["--photos", args.photos, "--limit", args.limit, "--threads", threads, "--dtype", dtype,
               "--batch", args.batch]
    done = subprocess.run([*command, *map(str, options)], stdout=subprocess.PIPE, text=True, check=False,
                          env={**os.environ, "OMP_NUM_THREADS": str(threads)},
                          preexec_fn=lambda: os.sched_setaffinity(0, cores))
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command[:2])} ended with status {done.returncode}; its message stands above")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def value(line):
    return next(line[key] for key in ("photos_per_s", "seconds", "mib") if key in line)


def collect(rounds):
    """(who, what, batch or None) -> one value a round. For rates the best batch is there too, under batch "best": the
    one whose median over the rounds is highest."""
    values, batches = collections.defaultdict(list), collections.defaultdict(set)
    for lines in rounds:
        for line in lines:
            values[line["who"], line["what"], line.get("batch")].append(value(line))
            batches[line["who"], line["what"]].add(line.get("batch"))
    best = {}
    for (who, what), found in batches.items():
        if found != {None}:
            best[who, what] = max(found, key=lambda batch: statistics.median(values[who, what, batch]))
            values[who, what, "best"] = values[who, what, best[who, what]]
    return values, best


def times_better(ours, theirs, is_rate):
    """Median over the rounds of how many times better we did."""
    return statistics.median(a / b if is_rate else b / a for a, b in zip(ours, theirs))


def row(values, best, what, batch, peer):
    ours, theirs = values.get(("paa", what, batch)), values.get((*peer, batch))
    if not ours or not theirs:
        return None
    unit = "photos/s" if what in RATES else "MiB" if what == "rss" else "s"
    chosen = f"{best['paa', what]} | {best[peer]}" if batch == "best" else str(batch or "")
    ratio = times_better(ours, theirs, what in RATES)
    target = TARGETS.get((what, *peer)) if batch == "best" else None
    verdict = "" if target is None else f"{target:g}x " + ("reached" if ratio >= target else "MISSED")
    name = peer[0] + (" uncached" if peer[1].endswith("_uncached") else "")
    return [f"{what} ({unit})", chosen, f"{statistics.median(ours):.4g}", name, f"{statistics.median(theirs):.4g}",
            f"{ratio:.2f}x", verdict]


def load_row(values):
    """The target for loading is an absolute one."""
    if not values.get(("paa", "load", None)):
        return None
    seconds = statistics.median(values["paa", "load", None])
    verdict = "reached" if seconds <= LONGEST_LOAD else "MISSED"
    return ["load (s)", "", f"{seconds:.4g}", "", "", "", f"{LONGEST_LOAD:g} s {verdict}"]


def memory_row(lines):
    """What paa holds beyond the libraries and the weights; the target is 400 MiB."""
    line = next((line for line in lines if line["who"] == "paa" and line["what"] == "rss"), None)
    if not line:
        return None
    beyond = line["mib"] - line["library_mib"] - line["weights_mib"]
    verdict = "reached" if beyond <= MOST_MIB else "MISSED"
    return ["rss beyond libraries and weights (MiB)", "", f"{beyond:.4g}", "", "", "", f"{MOST_MIB} MiB {verdict}"]


def table(rounds):
    values, best = collect(rounds)
    rows = [["figure", "batch", "paa", "peer", "peer's", "better", "target"]]
    for what, peers in FIGURES.items():
        for batch in ("best", 1) if what in RATES else (None,):
            rows += [row(values, best, what, batch, peer) for peer in peers]
    rows += [load_row(values), memory_row(rounds[-1])]
    rows = [r for r in rows if r]
    widths = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(r, widths)).rstrip() for r in rows)


def main():
    args = arguments()
    for dtype in args.dtypes.split(","):
        for threads in args.threads:
            rounds = []
            for _ in range(args.rounds):
                rounds.append(sum((run(command, args, threads, dtype) for command in programs(args).values()), []))
                if args.lines:
                    with args.lines.open("a") as file:
                        file.writelines(json.dumps(line) + "\n" for line in rounds[-1])
            print(f"\n{threads} thread(s), {dtype}, medians of {args.rounds} rounds, {args.limit} photos")
            print(table(rounds), flush=True)


if __name__ == "__main__":
    main()
