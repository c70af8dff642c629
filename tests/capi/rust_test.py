#!/usr/bin/env python3
"""The Rust crates say what paa.h says, do the main job, and their documentation compiles.

    rust_test.py CARGO LIBRARY BUILD_FOLDER

Exit status 77: without a model the tests that need none have passed and the others were skipped.
"""

import os
import pathlib
import subprocess
import sys

SKIPPED = 77
WORKSPACE = pathlib.Path(__file__).resolve().parents[2] / "capi/rust"
HOME = pathlib.Path(os.environ.get("PAA_HOME") or pathlib.Path.home() / ".cache/paa")


def main():
    cargo, library, build = sys.argv[1:]
    environment = {**os.environ, "PAA_LIB_DIR": str(pathlib.Path(library).parent), "CARGO_TARGET_DIR": build}
    # --locked: nothing is written to the source tree. The second: a link in the documentation that leads nowhere fails.
    for command in (["test"], ["doc", "--no-deps"]):
        done = subprocess.run([cargo, *command, "--offline", "--locked", "--workspace"], cwd=WORKSPACE, env=environment)
        if done.returncode != 0:
            return 1
    if not (HOME / "models").is_dir():
        print(f"skipped: no model in {HOME}, so only what needs none was tested; sh examples/quickstart.sh fetches it")
        return SKIPPED
    return 0


if __name__ == "__main__":
    sys.exit(main())
