#!/usr/bin/env python3
"""The target uninstall takes away what was installed, and nothing else.

    uninstall_test.py CMAKE BUILD_TREE
"""

import os
import pathlib
import subprocess
import sys
import tempfile


def cmake(program, *arguments, status=0, **variables):
    environment = {**os.environ, **{name: str(value) for name, value in variables.items()}}
    done = subprocess.run([program, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env=environment)
    if (done.returncode == 0) != (status == 0):
        sys.exit(f"cmake {arguments} with {variables} exits with {done.returncode}:\n{done.stdout}")
    return done.stdout


def everything_in(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def expect(found, wanted, what):
    if found != wanted:
        sys.exit(f"{what}: too much: {sorted(found - wanted)}; too little: {sorted(wanted - found)}")


def check_prefix(program, build, folder):
    """Into a prefix that holds a file and an empty folder already, twice; a file is put between what was installed."""
    prefix = folder / "opt/paa"
    (prefix / "lib").mkdir(parents=True)
    (prefix / "lib/foreign.txt").write_text("mine\n")
    (prefix / "bin").mkdir()
    before = everything_in(folder)

    cmake(program, "--install", build, "--prefix", prefix)
    if len(everything_in(prefix)) < 100 or not (prefix / "include/paa.h").exists():
        sys.exit(f"too little was installed: {everything_in(prefix)}")
    cmake(program, "--install", build, "--prefix", prefix)
    cmake(program, "--build", build, "--target", "uninstall", PREFIX=prefix)
    expect(everything_in(folder), before, "after uninstall")

    cmake(program, "--install", build, "--prefix", prefix)
    (prefix / "include/paa/mine.h").write_text("mine\n")
    said = cmake(program, "--build", build, "--target", "uninstall", PREFIX=prefix)
    expect(everything_in(folder), before | {f"opt/paa/include{name}" for name in ("", "/paa", "/paa/mine.h")},
           "after uninstall around a foreign file")
    if f"{prefix}/include/paa" not in said:
        sys.exit(f"uninstall does not say what it left:\n{said}")

    said = cmake(program, "--build", build, "--target", "uninstall", status=1, PREFIX=prefix)
    if f"Nothing that this build tree installed is under {prefix}." not in " ".join(said.split()):
        sys.exit(f"a second uninstall does not say that nothing is there:\n{said}")


def check_destdir(program, build, folder):
    """Under DESTDIR, where even the prefix is new."""
    stage = folder / "stage"
    stage.mkdir()
    cmake(program, "--install", build, "--prefix", "/usr/paa-test", DESTDIR=stage)
    if not (stage / "usr/paa-test/include/paa.h").exists():
        sys.exit(f"DESTDIR was not heeded: {everything_in(stage)}")
    cmake(program, "--build", build, "--target", "uninstall", status=1, PREFIX="/usr/paa-test")
    cmake(program, "--build", build, "--target", "uninstall", PREFIX="/usr/paa-test", DESTDIR=stage)
    expect(everything_in(stage), set(), "after uninstall under DESTDIR")


def main():
    program, build = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="paa-uninstall-") as folder:
        check_prefix(program, build, pathlib.Path(folder).resolve())
        check_destdir(program, build, pathlib.Path(folder).resolve())


if __name__ == "__main__":
    main()
