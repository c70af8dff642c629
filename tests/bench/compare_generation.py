"""Generates text with paa and llama.cpp in turn: the same weights and number type, prompt, number of tokens, cores.

    python tests/bench/compare_generation.py --model DIR --paa BUILD/tests/bench/interview_bench

Needs llama-cpp-python. Prints, for each type and number of threads, tokens a second (least, median, most of the rounds)
and the median of the rounds' ratios. README.md says what is measured and how.
"""

import argparse
import concurrent.futures
import json
import logging
import multiprocessing
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

import llama_cpp
import numpy

PROMPT = b"The old harbour was quiet"  # interview_bench's
FILE_TYPES = {"f32": llama_cpp.LLAMA_FTYPE_ALL_F32, "bf16": llama_cpp.LLAMA_FTYPE_MOSTLY_BF16}
AS_IT_IS = "the file as it is"


def arguments():
    numbers = lambda text: [int(number) for number in text.split(",")]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=pathlib.Path, required=True, help="model folder with a GGUF file")
    parser.add_argument("--paa", type=pathlib.Path, required=True, help="the program interview_bench")
    parser.add_argument("--threads", type=numbers, default=[1, 2])
    parser.add_argument("--dtypes", default="bf16", help="f32, bf16 or both by comma")
    parser.add_argument("--tokens", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=7)
    return parser.parse_args()


def language_model(model):
    """The GGUF file of a model folder."""
    return model / json.loads((model / "model.json").read_text())["parts"]["llm"]["file"]


def convert(source, target, dtype):
    """The weights of a GGUF file as numbers of one type, as paa expands them when it loads; vectors stay F32."""
    settings = llama_cpp.llama_model_quantize_default_params()
    settings.ftype = FILE_TYPES[dtype]
    settings.allow_requantize = True
    if llama_cpp.llama_model_quantize(os.fsencode(source), os.fsencode(target), settings) != 0:
        raise SystemExit(f"llama.cpp could not convert {source} to {dtype}; its message stands above")


def pin(threads):
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])


def paa_speed(program, model, dtype, threads, tokens, folder):
    """Tokens a second. The interviews that the program would go on to hold are of no interest here."""
    command = [program, "--model", model, "--dtype", dtype, "--threads", threads, "--tokens", tokens, "--rounds", 1]
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads), "TMPDIR": str(folder)}
    with subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True, env=environment,
                          preexec_fn=lambda: pin(threads)) as process:
        line = process.stdout.readline()
        process.kill()
    if not line:
        raise SystemExit(f"{program} measured nothing; its message stands above")
    return json.loads(line)["tokens_per_s"]


def llama_generate(gguf, threads, tokens):
    """Tokens a second, in a process of its own. The prompt but for its last token is read before."""
    pin(threads)
    llm = llama_cpp.Llama(str(gguf), n_ctx=1024, n_threads=threads, n_threads_batch=threads, verbose=False)
    ids = llm.tokenize(PROMPT, add_bos=False)
    llm.eval(ids[:-1])
    token, words = ids[-1], llm.n_vocab()
    start = time.perf_counter()
    for _ in range(tokens):
        llm.eval([token])
        token = int(numpy.ctypeslib.as_array(llama_cpp.llama_get_logits(llm.ctx), shape=(words,)).argmax())
    return tokens / (time.perf_counter() - start)


def llama_speed(gguf, threads, tokens):
    with concurrent.futures.ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(llama_generate, gguf, threads, tokens).result()


def spread(values):
    return f"{min(values):.1f} / {statistics.median(values):.1f} / {max(values):.1f}"


def compare(args, dtype, threads, folder):
    paa, peers = [], {dtype: (folder / dtype, []), AS_IT_IS: (language_model(args.model), [])}
    for _ in range(args.rounds):
        paa.append(paa_speed(args.paa, args.model, dtype, threads, args.tokens, folder))
        for file, speeds in peers.values():
            speeds.append(llama_speed(file, threads, args.tokens))
    print(f"{threads} thread(s), {args.tokens} tokens, {args.rounds} rounds, load {os.getloadavg()[0]:.1f}; "
          f"tokens/s least / median / most\n  paa {dtype}: {spread(paa)}")
    for name, (_, speeds) in peers.items():
        ratios = [ours / theirs for ours, theirs in zip(paa, speeds)]
        print(f"  llama.cpp {name}: {spread(speeds)}; paa {statistics.median(ratios):.2f}x as fast "
              f"({min(ratios):.2f} to {max(ratios):.2f})", flush=True)


def main():
    args = arguments()
    logging.getLogger("llama-cpp-python").setLevel(logging.ERROR)
    print(f"llama-cpp-python {llama_cpp.__version__}; {llama_cpp.llama_print_system_info().decode()}")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for dtype in args.dtypes.split(","):
            convert(language_model(args.model), folder / dtype, dtype)
            for threads in args.threads:
                compare(args, dtype, threads, folder)


if __name__ == "__main__":
    main()
