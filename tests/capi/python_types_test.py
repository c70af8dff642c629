#!/usr/bin/env python3
"""The type hints of the Python package hold: mypy --strict, as capi/python/pyproject.toml sets it, finds nothing.

Exit status 77: skipped, since no Python with mypy was found.
"""

import pathlib
import subprocess
import sys
import tempfile

from python_interpreter import PROJECT, run_again_with

# What a strict check must find, so that a configuration that checks nothing is noticed.
WRONG = """
import paa

def means(scores: paa.Scores):
    return scores.means

number: int = paa.version()
"""


def mypy(cache, *files):
    return subprocess.run([sys.executable, "-m", "mypy", "--cache-dir", cache, *files], cwd=PROJECT / "capi/python",
                          capture_output=True, text=True, timeout=600, check=False)


def main():
    with tempfile.TemporaryDirectory() as folder:
        done = mypy(folder)
        file = pathlib.Path(folder) / "wrong.py"
        file.write_text(WRONG)
        wrong = mypy(folder, file)
    print(done.stdout, done.stderr)
    for expected in ("Function is missing a return type annotation", 'expression has type "str"'):
        if expected not in wrong.stdout:
            print(f"mypy did not say {expected!r} of wrong code, but:\n{wrong.stdout}{wrong.stderr}")
            return 1
    return done.returncode


if __name__ == "__main__":
    run_again_with("mypy", "numpy")
    sys.exit(main())
