#!/usr/bin/env python3
"""Checks that each public header compiles by itself, and twice in a row.

    headers_alone.py [--only nn | --without nn] FOLDER -- COMPILER ARGUMENT...

FOLDER holds paa/ and is put on the include path. The headers outside paa/nn are to be checked
without Torch among the include folders: that is what makes them usable without it.
"""

import argparse
import concurrent.futures
import os
import pathlib
import subprocess
import sys


def compile_alone(header, compiler):
    program = f'#include "{header}"\n#include "{header}"\n'
    result = subprocess.run([*compiler, "-x", "c++", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-"],
                            input=program, capture_output=True, text=True)
    return header, result.returncode == 0, result.stderr


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--only", metavar="PART")
    parser.add_argument("--without", metavar="PART")
    parser.add_argument("compiler", nargs="+")
    options = parser.parse_args()

    headers = sorted(path.relative_to(options.folder) for path in (options.folder / "paa").rglob("*.h"))
    headers = [header for header in headers if options.only in (None, header.parts[1])
               and header.parts[1] != options.without]
    if not headers:
        sys.exit(f"{options.folder} holds no such headers: this would pass whatever they contain")

    compiler = [*options.compiler, f"-I{options.folder}"]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for header, good, message in pool.map(lambda header: compile_alone(header, compiler), headers):
            if not good:
                failed += 1
                print(f"{header} does not compile by itself:\n{message}", file=sys.stderr)
    sys.exit(f"{failed} of {len(headers)} headers" if failed else 0)


if __name__ == "__main__":
    main()
