#!/usr/bin/env python3
"""The examples build as projects of their own against an installed tree that was moved, and the pages' programs, too.

    examples_test.py --cmake CMAKE --generator NAME --libdir LIB --version VERSION BUILD_TREE SOURCE_TREE WHAT

WHAT: c (the C example and the pages' C programs, also by pkg-config), bindings (the examples in Python and, with
--cargo, in Rust), cpp (the pages' C++ programs, one also by pkg-config), or all (examples/ as one project, which takes
minutes). Nothing of the project's own folders may be needed or named.
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
QUICK_TO_BUILD = "-DCMAKE_CXX_FLAGS_RELEASE=-O0"
PAGES_CMAKE = "cmake_minimum_required(VERSION 3.25)\nproject(pages LANGUAGES CXX)\nfind_package(paa REQUIRED)\n"


def expect(output, wanted, what):
    if wanted not in output:
        sys.exit(f"{what} does not say \"{wanted}\":\n{output}")


def programs_in_pages(source_tree, language):
    """{page and number: program} of the whole programs in this language that README and docs show."""
    programs = {}
    for page in [source_tree / "README.md", *sorted((source_tree / "docs").glob("*.md"))]:
        blocks = re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
        whole = [block for block in blocks if "int main(" in block]
        programs.update({f"{page.stem}-{number}": block for number, block in enumerate(whole, 1)})
    if not programs:
        sys.exit(f"neither README.md nor docs shows a program in {language}")
    return programs


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
    pkg_config.compile(cc, "score.c", (examples / "c/score.c").read_text(), ["paa"])
    for name, text in programs_in_pages(options.source_tree, "c").items():
        pkg_config.compile(cc, f"{name}.c", text, ["paa"])


def check_bindings(outside, options, examples):
    """The examples in Python and Rust, with copies of the bindings; what they load is the installed C library."""
    library = outside.prefix / options.libdir / "libpaa_capi.so"
    bindings = outside.folder / "capi"
    shutil.copytree(options.source_tree / "capi/python/src", bindings / "python/src")
    environment = {**os.environ, "PYTHONPATH": str(bindings / "python/src"), "PAA_LIBRARY": str(library)}
    arguments = ["--model", "/nowhere", "a.json", "b.json", "c.jpg"]
    said = outside.run(sys.executable, "-B", examples / "python/score.py", *arguments, status=1, env=environment)
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


def check_cpp(outside, options, _):
    project = outside.folder / "pages"
    project.mkdir()
    programs = programs_in_pages(options.source_tree, "cpp")
    text = PAGES_CMAKE
    for name, program in programs.items():
        (project / f"{name}.cpp").write_text(program)
        text += f"add_executable({name} {name}.cpp)\ntarget_link_libraries({name} PRIVATE paa::paa)\n"
    (project / "CMakeLists.txt").write_text(text)
    outside.build(project, options.generator)
    name, program = next(iter(programs.items()))
    PkgConfig(outside, options.libdir).compile(["c++", "-std=c++20"], f"{name}.cpp", program, ["paa-cpp"])


def check_all(outside, options, examples):
    built = outside.build(examples, options.generator, QUICK_TO_BUILD)
    expect(outside.run(built / "paa/paa", "--version"), options.version, "paa, built outside")
    for program in ("c/score_c", "cpp/own_head"):
        expect(outside.run(built / program, status=2), "usage: ", program)
    for program in ("paa/paa", "cpp/own_head"):
        outside.check_unnamed(outside.run("ldd", built / program), f"{program}, built outside")
    # Alone, too; what it makes then is the same.
    outside.run(options.cmake, "-S", examples / "cpp", "-B", outside.folder / "alone", "-G", options.generator,
                f"-DCMAKE_PREFIX_PATH={outside.prefix}")


CHECKS = {"c": check_c, "bindings": check_bindings, "cpp": check_cpp, "all": check_all}


def main():
    parser = argparse.ArgumentParser()
    for name in ("cmake", "generator", "libdir", "version"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--cargo")
    parser.add_argument("build_tree", type=pathlib.Path)
    parser.add_argument("source_tree", type=pathlib.Path)
    parser.add_argument("what", choices=CHECKS)
    options = parser.parse_args()

    # Not in the project's own folders, which are hidden.
    with tempfile.TemporaryDirectory(prefix="paa-outside-") as folder:
        outside = Outside(folder, options.cmake, options.build_tree, options.source_tree)
        examples = shutil.copytree(options.source_tree / "examples", outside.folder / "examples")
        CHECKS[options.what](outside, options, examples)


if __name__ == "__main__":
    main()
