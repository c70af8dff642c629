"""Blocks of CMake, JSON, TOML and Rust."""

import json
import pathlib
import re
import subprocess
import tempfile
import tomllib

from page import read_page

PROJECT = "cmake_minimum_required(VERSION 3.25)\nproject(block LANGUAGES C CXX)\nadd_executable(app app.cpp)\n"


def check_cmake(block, cmake, build):
    """A project with the block in it can be configured against the build tree."""
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder)
        (source / "app.cpp").write_text("int main() {}\n")
        (source / "CMakeLists.txt").write_text(PROJECT + block.text)
        done = subprocess.run([cmake, "-S", source, "-B", source / "build", f"-Dpaa_DIR={build}"], capture_output=True,
                              text=True)
        if done.returncode != 0:
            yield f"{block.where}: CMake refuses it:\n{done.stderr}"


def check_json(block):
    try:
        json.loads(block.text)
    except json.JSONDecodeError as error:
        yield f"{block.where}: is no JSON: {error}"


def check_toml(block):
    try:
        tomllib.loads(block.text)
    except tomllib.TOMLDecodeError as error:
        yield f"{block.where}: is no TOML: {error}"


def pages_of_the_crate(root):
    """The pages that the Rust crate's documentation tests compile."""
    source = (root / "capi/rust/paa/src/lib.rs").read_text(encoding="utf-8")
    paths = re.findall(r'include_str!\("([^"]+\.md)"\)', source)
    return [(root / "capi/rust/paa/src" / path).resolve().relative_to(root).as_posix() for path in paths]


def check_rust(block, root):
    """Cargo compiles the blocks of the pages that the crate includes; elsewhere such a block may be repeated."""
    pages = pages_of_the_crate(root)
    if block.page.path in pages:
        return
    known = [known.text for path in pages
             for known in read_page(path, (root / path).read_text(encoding="utf-8")).blocks if known.language == "rust"]
    if block.text not in known:
        yield f"{block.where}: nobody compiles this Rust; repeat a block of {' or '.join(pages)}"
