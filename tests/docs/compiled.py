"""Blocks of C and C++ compile, and a C program runs where the page says with which arguments."""

import pathlib
import re
import shlex
import subprocess
import tempfile

from sandbox import model_is_there, sandbox

HAS_MAIN = re.compile(r"^int main\(", re.MULTILINE)
DEFINES_FUNCTION = re.compile(r"^\w[\w :*&<>,]*\([^;]*\) (?:noexcept )?\{", re.MULTILINE)
TORCH = re.compile(r'#include [<"](?:paa/nn|torch|ATen)/')


def as_translation_unit(text):
    """A fragment of statements gets a function around it; what has functions of its own stays as it is. The lines keep
    their numbers."""
    if HAS_MAIN.search(text) or DEFINES_FUNCTION.search(text):
        return text
    lines = text.split("\n")
    body = next((i for i, line in enumerate(lines) if line and not line.startswith(("#include", "using "))), None)
    if body is None:
        return text
    lines[body] = "void fragment(void); void fragment(void) { " + lines[body]
    return "\n".join(lines).rstrip("\n") + " }\n"


class Compilers:
    """`c` and `cxx` are commands; `library` is libpaa_capi.so."""

    def __init__(self, c, cxx, root, build, library):
        self.library = library
        self.root = root
        include = [f"-I{root / 'capi'}"]
        self.c = [c, "-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", "-x", "c", *include]
        self.cxx = [cxx, "-std=c++20", "-Wall", "-Wextra", "-Wno-missing-field-initializers", "-Werror", "-x", "c++",
                    *include, f"-I{root / 'include'}", f"-I{build / 'include'}"]

    def check(self, block):
        """Yields what is wrong."""
        if block.language == "cpp" and TORCH.search(block.text):
            yield (f"{block.where}: includes Torch, which takes too long to compile here; put the program under "
                   "examples/ or mark the block with <!-- not checked: ... -->")
            return
        command = self.c if block.language == "c" else self.cxx
        done = subprocess.run([*command, "-fsyntax-only", "-"], input=as_translation_unit(block.text), text=True,
                              capture_output=True)
        if done.returncode != 0:
            yield f"{block.where}: does not compile:\n{done.stderr}"
        elif block.note[0] == "run with" and model_is_there():
            yield from self._run(block)

    def _run(self, block):
        if block.language != "c":
            yield f"{block.where}: only programs in C are run"
            return
        with tempfile.TemporaryDirectory() as folder, sandbox() as place:
            program = pathlib.Path(folder, "program")
            subprocess.run([*self.c, "-o", program, "-", "-x", "none", self.library,
                            f"-Wl,-rpath,{self.library.parent}"], input=block.text, text=True, check=True)
            place.put_photos_of(block.note[1])
            done = place.run(program, *shlex.split(block.note[1]))
        if done.returncode != 0 or not done.stdout:
            yield f"{block.where}: ends with {done.returncode}:\n{done.stdout}{done.stderr}"
