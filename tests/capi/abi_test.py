#!/usr/bin/env python3
"""A program compiled against an older paa.h may go on with today's library, says abidiff of libabigail.

    abi_test.py COMPILER OLDER_HEADER HEADER

Of each header a library is made in which every function is an empty one, so only what the header promises is compared.
Exit status 77: skipped, since abidiff is not installed (Debian: abigail-tools).
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77
INCOMPATIBLE = 8  # a bit of abidiff's exit status
# What breaks programs, too, though abidiff leaves it to a person to say so.
MOVED = re.compile(r"offset changed|parameter \d+ of type '[^']*' (changed|was added|was removed)")

# Changes that must be found, by what they do to today's header; each is one that breaks compiled programs.
BREAKING = {
    "a function is gone": lambda text: text.replace("PAA_API void paa_photo_free(paa_photo* photo);", ""),
    "a field is elsewhere": lambda text: text.replace("  int32_t precision;          ///<",
                                                      "  int64_t before;\n  int32_t precision;          ///<"),
    "an argument more": lambda text: text.replace("paa_cancel_new(paa_cancel** cancel)",
                                                  "paa_cancel_new(paa_cancel** cancel, int32_t how)"),
    "a number of another type": lambda text: text.replace("const paa_photo* photo, double stars)",
                                                          "const paa_photo* photo, int32_t stars)"),
}


def functions(header):
    """The declarations of a header, as definitions that do nothing."""
    plain = re.sub(r"//[^\n]*", "", header)
    for result, name, arguments in re.findall(r"PAA_API\s+([^;(]*?)(paa_\w+)\(([^)]*)\)\s*;", plain):
        body = "" if result.strip() == "void" else "return 0;"
        yield f"{result}{name}({arguments}) {{ {body} }}"


def library(compiler, header, folder, name):
    """A library with debug information that keeps the promises of a header's text."""
    place = folder / name
    place.mkdir()
    (place / "paa.h").write_text(header)
    (place / "all.c").write_text('#include "paa.h"\n' + "\n".join(functions(header)) + "\n")
    made = place / "libpaa_promised.so"
    subprocess.run([compiler, "-g", "-shared", "-fPIC", "-Wno-unused-parameter", "-o", made, place / "all.c"], check=True)
    return made


def compare(old, new):
    done = subprocess.run(["abidiff", old, new], capture_output=True, text=True, check=False)
    report = done.stdout + done.stderr
    return done.returncode & INCOMPATIBLE or MOVED.search(report) is not None, report


def main():
    compiler, older, header = sys.argv[1:4]
    if shutil.which("abidiff") is None:
        print("skipped: there is no abidiff; Debian has it in the package abigail-tools")
        return SKIPPED
    today = pathlib.Path(header).read_text()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        current = library(compiler, today, folder, "today")
        incompatible, report = compare(library(compiler, pathlib.Path(older).read_text(), folder, "older"), current)
        if incompatible:
            print(f"{report}\nprograms that were compiled against the older header would break")
            return 1
        for index, (what, change) in enumerate(BREAKING.items()):
            found, report = compare(current, library(compiler, change(today), folder, f"broken{index}"))
            if change(today) == today or not found:
                print(f"not noticed: {what}\n{report}")
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
