#!/usr/bin/env python3
"""Every code block, command and link of README.md and docs/*.md holds true.

    code_blocks.py --paa PROGRAM --library libpaa_capi.so --build BUILD_TREE [--cc CC] [--cxx CXX] [--cmake CMAKE] ROOT

C and C++ compile (C programs run, where <!-- run with: ARGUMENTS --> stands before them), Python compiles and runs,
Rust is compiled by the crate's own tests, CMake configures, JSON and TOML parse. Of commands the syntax, the files
named and the options of `paa` are checked, in the prose, too; on a page with <!-- run in order --> they are run, too.
Of two blocks of Python on one page the second goes on from the first; <!-- run after: CODE --> gives one what its
page leaves out. <!-- not checked: WHY --> and <!-- not run: WHY --> before a block leave it out. Exit status 77:
without a model nothing was run; the rest was checked.
"""

import argparse
import pathlib
import sys

from build_files import check_cmake, check_json, check_rust, check_toml
from commands import CommandCheck, run_in_order
from compiled import Compilers
from links import check_links, missing_in_index
from page import INDENTED, read_page
from program_help import ProgramHelp
from python_blocks import check_python
from sandbox import model_is_there, paa_home

SKIPPED = 77
README_LINES = 150  # what fits on a few screens


class Checker:
    """All checks over one project."""

    def __init__(self, options):
        self.program = pathlib.Path(options.paa).resolve()
        self.root = pathlib.Path(options.root).resolve()
        build, library = pathlib.Path(options.build).resolve(), pathlib.Path(options.library).resolve()
        self.commands = CommandCheck(ProgramHelp(self.program), self.root, build)
        self.compilers = Compilers(options.cc, options.cxx, self.root, build, library)
        self.library = library
        venv = paa_home() / "venv/bin/python"
        self.python = venv if venv.exists() else sys.executable
        self.by_language = {
            INDENTED: self.commands.check, "sh": self.commands.check, "c": self.compilers.check,
            "cpp": self.compilers.check, "cmake": lambda block: check_cmake(block, options.cmake, build),
            "json": check_json, "toml": check_toml, "rust": lambda block: check_rust(block, self.root),
            "python": lambda block: (), "text": lambda block: ()}

    def check(self, path, text):
        """Yields what is wrong with a page, each with the place."""
        try:
            page = read_page(path, text)
        except ValueError as error:
            yield str(error)
            return
        blocks = [block for block in page.blocks if block.note[0] != "not checked"]
        for block in blocks:
            if block.language not in self.by_language:
                known = ", ".join(sorted(set(self.by_language) - {INDENTED}))
                yield f"{block.where}: a block in {block.language or 'no language'}; known are {known}"
            else:
                yield from self.by_language[block.language](block)
        python = [block for block in blocks if block.language == "python"]
        yield from check_python(python, self.python, self.root, self.library)
        if page.run_in_order is not None:
            yield from run_in_order(page, self.program)
        yield from self.commands.check_inline(page)
        yield from check_links(page, self.root)
        if path == "README.md" and (lines := text.count("\n")) > README_LINES:
            yield f"README.md: has {lines} lines; more than {README_LINES} belong on pages of docs/"


def parse(arguments):
    parser = argparse.ArgumentParser(description="Checks the code blocks of the documentation.")
    parser.add_argument("--paa", required=True, help="the command line program")
    parser.add_argument("--library", required=True, help="libpaa_capi.so")
    parser.add_argument("--build", required=True, help="the build tree")
    parser.add_argument("--cc", default="cc")
    parser.add_argument("--cxx", default="c++")
    parser.add_argument("--cmake", default="cmake")
    parser.add_argument("root", help="the project")
    return parser.parse_args(arguments)


def main():
    checker = Checker(parse(sys.argv[1:]))
    pages = [checker.root / "README.md", *sorted((checker.root / "docs").glob("*.md"))]
    faults, blocks = [], 0
    for page in pages:
        text = page.read_text(encoding="utf-8")
        path = page.relative_to(checker.root).as_posix()
        faults += checker.check(path, text)
        blocks += len(read_page(path, text).blocks)
    index = read_page("docs/README.md", (checker.root / "docs/README.md").read_text(encoding="utf-8"))
    faults += missing_in_index(index, [page.name for page in pages[1:]])
    if faults:
        sys.exit("\n".join(faults))
    if blocks < 50:
        sys.exit(f"only {blocks} blocks were found on {len(pages)} pages: this would pass whatever they hold")
    print(f"{blocks} blocks on {len(pages)} pages hold true")
    if not model_is_there():
        print(f"skipped: no model or sample photos in {paa_home()}, so nothing was run; "
              "examples/quickstart.sh fetches them")
        return SKIPPED
    return 0


if __name__ == "__main__":
    sys.exit(main())
