#!/usr/bin/env python3
"""The examples build as projects of their own against an installed tree that was moved, and the README's programs, too.

    examples_test.py --cmake CMAKE --generator NAME --libdir LIB --version VERSION BUILD_TREE SOURCE_TREE WHAT

WHAT: c (the C library alone, by CMake and by pkg-config) or all (everything under examples/, and the C++ library by
pkg-config). Nothing of the project's own folders may be needed or named. The Rust example is left out without --cargo.
"""

import argparse
import os
import pathlib
import re
import shutil
import sys
import tempfile

from out_of_reach import Outside

VERSION_IN_C = '#include <paa.h>\n#include <stdio.h>\nint main(void) { puts(paa_version()); return 0; }\n'
README_CMAKE = "cmake_minimum_required(VERSION 3.25)\nproject(readme LANGUAGES CXX)\nadd_executable(app app.cpp)\n"


def expect(output, wanted, what):
    if wanted not in output:
        sys.exit(f"{what} does not say \"{wanted}\":\n{output}")


def block_of_readme(source_tree, language, holds):
    """The code block of the README in this language that holds a text."""
    text = (source_tree / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    blocks = [block for block in blocks if holds in block]
    if len(blocks) != 1:
        sys.exit(f"README.md has {len(blocks)} blocks of {language} with {holds}, not 1")
    return blocks[0]


class PkgConfig:
    """Compiles single files with what pkg-config says of the installed tree."""

    def __init__(self, outside, libdir):
        self.outside, self.libdir = outside, outside.prefix / libdir
        path = os.pathsep.join([str(self.libdir / "pkgconfig"), os.environ.get("PKG_CONFIG_PATH", "")])
        self.environment = {**os.environ, "PKG_CONFIG_PATH": path}

    def compile(self, compiler, name, text, module):
        source, program = self.outside.folder / name, self.outside.folder / pathlib.Path(name).stem
        source.write_text(text)
        flags = self.outside.run("pkg-config", "--cflags", "--libs", *module, env=self.environment).split()
        self.outside.check_unnamed(" ".join(flags), "pkg-config")
        self.outside.run(*compiler, source, "-o", program, *flags, f"-Wl,-rpath,{self.libdir}")
        return program


def check_c(outside, options, examples):
    built = outside.build(examples / "c", options.generator)
    expect(outside.run(built / "score_c", status=2), "usage: ", "the C example")
    outside.check_unnamed(outside.run("ldd", built / "score_c"), "the C example")

    pkg_config = PkgConfig(outside, options.libdir)
    cc = ["cc", "-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror"]
    program = pkg_config.compile(cc, "version.c", VERSION_IN_C, ["paa"])
    expect(outside.run(program), options.version, "the program that prints paa_version()")
    outside.check_unnamed(outside.run("ldd", program), "a program by pkg-config")
    pkg_config.compile(cc, "readme.c", block_of_readme(options.source_tree, "c", "int main"), ["paa"])


def check_bindings(outside, options, examples):
    """The examples in Python and Rust, with copies of the bindings; what they load is the installed C library."""
    library = outside.prefix / options.libdir / "libpaa_capi.so"
    bindings = outside.folder / "capi"
    shutil.copytree(options.source_tree / "capi/python/src", bindings / "python/src")
    environment = {**os.environ, "PYTHONPATH": str(bindings / "python/src"), "PAA_LIBRARY": str(library)}
    said = outside.run(sys.executable, "-B", examples / "python/score.py", "--model", "/nowhere", "a.json", "b.json", "c.jpg",
                       status=1, env=environment)
    expect(said, "/nowhere", "the Python example")

    if options.cargo:
        shutil.copytree(options.source_tree / "capi/rust", bindings / "rust", ignore=shutil.ignore_patterns("target"))
        target = outside.folder / "cargo"
        environment = {**PkgConfig(outside, options.libdir).environment, "CARGO_TARGET_DIR": str(target)}
        environment.pop("PAA_LIB_DIR", None)
        manifest = examples / "rust/Cargo.toml"
        outside.run(options.cargo, "build", "--offline", "--locked", "--manifest-path", manifest, env=environment)
        expect(outside.run(target / "debug/score", status=2), "usage: ", "the Rust example")
        outside.check_unnamed(outside.run("ldd", target / "debug/score"), "the Rust example")


def check_all(outside, options, examples):
    built = outside.build(examples, options.generator)
    expect(outside.run(built / "paa/paa", "--version"), options.version, "paa, built outside")
    expect(outside.run(built / "c/score_c", status=2), "usage: ", "the C example")
    outside.check_unnamed(outside.run("ldd", built / "paa/paa"), "paa, built outside")
    check_bindings(outside, options, examples)

    app = block_of_readme(options.source_tree, "cpp", "int main")
    readme = outside.folder / "readme"
    readme.mkdir()
    (readme / "app.cpp").write_text(app)
    finding = block_of_readme(options.source_tree, "cmake", "find_package(paa")
    (readme / "CMakeLists.txt").write_text(README_CMAKE + finding)
    outside.build(readme, options.generator)
    PkgConfig(outside, options.libdir).compile(["c++", "-std=c++20"], "app.cpp", app, ["--static", "paa-cpp"])


def main():
    parser = argparse.ArgumentParser()
    for name in ("cmake", "generator", "libdir", "version"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--cargo")
    parser.add_argument("build_tree", type=pathlib.Path)
    parser.add_argument("source_tree", type=pathlib.Path)
    parser.add_argument("what", choices=["c", "all"])
    options = parser.parse_args()

    # Not in the project's own folders, which are hidden.
    with tempfile.TemporaryDirectory(prefix="paa-outside-") as folder:
        outside = Outside(folder, options.cmake, options.build_tree, options.source_tree)
        examples = shutil.copytree(options.source_tree / "examples", outside.folder / "examples")
        (check_c if options.what == "c" else check_all)(outside, options, examples)


if __name__ == "__main__":
    main()
