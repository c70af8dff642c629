"""Blocks of commands: shell syntax, the files they name, the options of `paa`."""

import json
import re
import shlex
import subprocess

from page import INDENTED
from sandbox import model_is_there, sandbox

PAA = {"paa", "$paa", "build/examples/paa/paa"}
KEYWORDS = {"do", "then", "else", "if", "while", "!", "{"}
# What else a page may begin a command with: the tools that a reader has or is told to install.
TOOLS = {"alias", "basename", "c++", "cargo", "cc", "cmake", "cpack", "ctest", "do", "done", "echo", "export", "fi",
         "for", "head", "pip", "pkg-config", "printf", "python", "python3", "rm", "sh", "torchrun"}
RUN_IN_ORDER = PAA | {"echo", "printf", "rm"}
# Files and folders of the project, as a command names them.
PROJECT_PATH = re.compile(r"^(?:\./)?((?:capi|cmake|docs|examples|include|src|tests)(?:/[\w.*-]+)*)/?$")
PUBLIC_HEADER = re.compile(r"^paa/\w+/\w+\.h$")
BUILT_PROGRAM = re.compile(r"^build/((?:examples|tests)/[\w/.-]+)$")
SEPARATORS = set(";&|()")
SUBSTITUTION = re.compile(r"\$\(([^()]*)\)")


def logical_lines(text):
    """(number from 0 on, line) with continued lines joined."""
    number, parts = 0, []
    for i, line in enumerate(text.split("\n")):
        number = number if parts else i
        parts.append(line.removesuffix("\\"))
        if not line.endswith("\\"):
            yield number, " ".join(parts)
            parts = []


def simple_commands(line):
    """The words of each simple command of a line, without assignments, keywords and redirections. What $(...) stands
    for is one word, and what is in it commands of its own."""
    inner = [words for text in SUBSTITUTION.findall(line) for words in simple_commands(text)]
    lexer = shlex.shlex(SUBSTITUTION.sub("$_", line), posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    commands, words, skip = [], [], False
    for token in lexer:
        if token and set(token) <= SEPARATORS:
            commands.append(words)
            words = []
        elif token and set(token) <= set("<>"):
            skip = True
        elif skip:
            skip = False
        elif words or not (token in KEYWORDS or re.match(r"^\w+=", token)):
            words.append(token)
    return inner + [words for words in [*commands, words] if words]


def without_output(text):
    """After an empty line a block may show what the program says: paragraphs that begin with no command."""
    paragraphs, keep = text.split("\n\n"), []
    for i, paragraph in enumerate(paragraphs):
        first = re.match(r"\s*([^\s]+)", paragraph)
        is_command = first and (first.group(1) in PAA | TOOLS or "=" in first.group(1))
        keep.append(paragraph if i == 0 or is_command else "\n" * paragraph.count("\n"))
    return "\n\n".join(keep)


class CommandCheck:
    """`help`: a ProgramHelp; `build`: the build tree."""

    def __init__(self, help, root, build):
        self.help, self.root = help, root
        ninja = build / "build.ninja"
        self.built = ninja.read_text(encoding="utf-8", errors="replace") if ninja.exists() else None
        presets = json.loads((root / "CMakePresets.json").read_text(encoding="utf-8"))
        self.presets = {preset["name"] for kind in ("configurePresets", "buildPresets", "testPresets")
                        for preset in presets[kind]}

    def check(self, block):
        """Yields what is wrong."""
        text = without_output(block.text) if block.language == INDENTED else block.text
        if text.lstrip().startswith("{"):
            yield from self._json_lines(block)
            return
        done = subprocess.run(["sh", "-n"], input=text, text=True, capture_output=True)
        if done.returncode != 0:
            yield f"{block.where}: the shell does not understand it: {done.stderr.strip()}"
            return
        for number, line in logical_lines(text):
            for words in simple_commands(line):
                for fault in self._command(words):
                    yield f"{block.page.path}:{block.line + number}: {fault}"

    def check_inline(self, page):
        """Likewise for commands and files of the project that the prose names, public headers as paa/FOLDER/FILE.h."""
        for line, text in page.inline_code:
            words = text.split()
            header = PUBLIC_HEADER.match(text)
            found = list(self._path(words[0])) if len(words) == 1 else []
            if header and not (self.root / "include" / text).exists():
                found.append(f"{text} is no public header")
            if words[:1] == ["paa"] and len(words) > 1 and re.match(r"[-\w]+$", words[1]):
                found += self.help.faults(words[1:])
            for fault in found:
                yield f"{page.path}:{line}: {fault}"

    def _json_lines(self, block):
        try:
            json.loads(block.text)
        except json.JSONDecodeError as error:
            yield f"{block.where}: is no JSON: {error}"

    def _command(self, words):
        if words[0] in PAA:
            yield from self.help.faults(words[1:])
        elif words[0] not in TOOLS and not BUILT_PROGRAM.match(words[0]):
            yield f"{words[0]} is no command that a page may use; mark text that is none as ```text"
        for word in words:
            yield from self._path(word.partition("=")[2] or word)
        yield from self._presets(words)

    def _path(self, word):
        if (found := PROJECT_PATH.match(word)) and not list(self.root.glob(found.group(1))):
            yield f"{found.group(1)} is not in the project"
        if (found := BUILT_PROGRAM.match(word)) and self.built is not None and f" {found.group(1)}:" not in self.built:
            yield f"nothing builds {word}"

    def _presets(self, words):
        for option, value in zip(words, words[1:]):
            if words[0] in ("cmake", "ctest") and option == "--preset" and value not in self.presets:
                yield f"CMakePresets.json has no preset {value}"
            if words[0] == "cmake" and option == "--target" and self.built is not None:
                if f"build {value}:" not in self.built and value != "uninstall":
                    yield f"nothing builds the target {value}"


def can_be_run(line):
    """Whether a line can be run without somebody who answers and without a data set."""
    commands = simple_commands(line)
    wanted = bool(commands) and all(words[0] in RUN_IN_ORDER for words in commands)
    waits = any("--serve" in words or (words[1:2] == ["interview"] and "--script" not in words) for words in commands)
    needs_data = any(words[1:2] in (["data"], ["eval"], ["study"], ["train"]) for words in commands)
    return wanted and not waits and not needs_data


def run_in_order(page, program):
    """Runs the page's commands in one folder; yields the first that fails."""
    if not model_is_there():
        return
    lines = [(0, line) for line in page.run_in_order.split(";")]
    for block in page.blocks:
        if block.language in (INDENTED, "sh") and block.note[0] not in ("not checked", "not run"):
            lines += [(block.line + number, line) for number, line in logical_lines(without_output(block.text))]
    with sandbox() as place:
        place.put_photos_of("sea.jpg cat.jpg")
        start = f'paa={shlex.quote(str(program))}\npaa() {{ "$paa" "$@"; }}\n'
        for number, line in lines:
            if not can_be_run(line):
                continue
            done = place.run("sh", "-c", start + line)
            if done.returncode != 0:
                yield f"{page.path}:{number}: ends with {done.returncode}: {line.strip()}\n{done.stderr}"
                return
