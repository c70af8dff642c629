"""Runs `paa train` and the same loop in plain PyTorch in turn on the same ratings, weights and cores.

    python tests/bench/compare_training.py --model DIR --data OASIS --paa BUILD/examples/paa/paa

Prints a line for each type of number: samples a second (median of the rounds' medians over steps), the median of the
rounds' ratios, and peak memory. README.md says what is measured and how.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

PEER = pathlib.Path(__file__).resolve().parent / "peers" / "train_pytorch.py"
PRECISIONS = {"f32": "fp32", "bf16": "bf16"}
TARGET = 1.3
WARM_UP = 3


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=pathlib.Path, required=True, help="model folder")
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder of the OASIS subset")
    parser.add_argument("--paa", type=pathlib.Path, required=True, help="the program paa")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--dtypes", default="f32,bf16")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def run(command, args):
    """(standard output, peak MiB) of one program, pinned to its cores."""
    cores = set(sorted(os.sched_getaffinity(0))[:args.threads])
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True,
                               env={**os.environ, "OMP_NUM_THREADS": str(args.threads)},
                               preexec_fn=lambda: os.sched_setaffinity(0, cores))
    output = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"{command[0]} ended with status {os.waitstatus_to_exitcode(status)}; its message stands above")
    return output, used.ru_maxrss / 1024


def ours(args, dtype, folder):
    config = {"format": "paa-training", "version": 1, "precision": PRECISIONS[dtype], "batch": args.batch, "epochs": 1,
              "views": 1, "samples": {"generic": 1, "demographics": 1}, "checkpoint_every": 10**6, "validate_every": 10**6}
    with tempfile.TemporaryDirectory(dir=folder) as out:
        file = pathlib.Path(out) / "bench.json"
        file.write_text(json.dumps(config))
        _, mib = run([args.paa, "train", "--data", args.data, "--set", "oasis", "--model", args.model, "--config", file,
                      "--out", pathlib.Path(out) / "out", "--cache", folder / "tokens.safetensors",
                      "--threads", args.threads], args)
        lines = (pathlib.Path(out) / "out" / "metrics.jsonl").read_text().splitlines()
    return args.batch / statistics.median(json.loads(line)["seconds"] for line in lines[WARM_UP:]), mib


def theirs(args, dtype):
    output, mib = run([sys.executable, PEER, "--model", args.model, "--data", args.data, "--dtype", dtype, "--batch",
                       args.batch, "--threads", args.threads, "--warm-up", WARM_UP], args)
    return json.loads(output.splitlines()[-1])["samples_per_s"], mib


def compare(args, dtype, folder):
    rounds = [(ours(args, dtype, folder), theirs(args, dtype)) for _ in range(args.rounds)]
    middle = lambda who, figure: statistics.median(r[who][figure] for r in rounds)
    ratio = statistics.median(a[0] / b[0] for a, b in rounds)
    speed = f"{TARGET}x " + ("reached" if ratio >= TARGET else "MISSED")
    memory = "no more memory: " + ("reached" if middle(0, 1) <= middle(1, 1) else "MISSED")
    print(f"{dtype}, {args.threads} thread(s), {args.rounds} rounds: paa {middle(0, 0):.1f} samples/s, "
          f"plain PyTorch {middle(1, 0):.1f}, {ratio:.2f}x ({speed}); "
          f"peak {middle(0, 1):.0f} MiB against {middle(1, 1):.0f} ({memory}); load {os.getloadavg()[0]:.1f}", flush=True)


def main():
    args = arguments()
    with tempfile.TemporaryDirectory() as folder:
        ours(args, "f32", pathlib.Path(folder))  # makes the vision tokens; not counted
        for dtype in args.dtypes.split(","):
            compare(args, dtype, pathlib.Path(folder))


if __name__ == "__main__":
    main()
