"""What the program `paa` can be told, as its --help says."""

import functools
import re
import subprocess

OPTION = re.compile(r"^ {2,}(?:(-\w),)?(--[\w-]+)", re.MULTILINE)
SHORT_OPTION = re.compile(r"^ {2,}(-\w)\b", re.MULTILINE)
SUBCOMMANDS = re.compile(r"^(?:Subcommands|SUBCOMMANDS):\n((?:.+\n)*)", re.MULTILINE)
SUBCOMMAND = re.compile(r"^ {2}(\w[\w-]*)", re.MULTILINE)


class ProgramHelp:
    """Asks the program once for each of its subcommands."""

    def __init__(self, program):
        self.program = program

    @functools.lru_cache(maxsize=None)
    def text(self, *path):
        done = subprocess.run([self.program, *path, "--help"], capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise RuntimeError(f"paa {' '.join(path)} --help ends with {done.returncode}: {done.stderr}")
        return done.stdout

    def options(self, *path):
        text = self.text(*path)
        return {name for pair in OPTION.findall(text) for name in pair if name} | set(SHORT_OPTION.findall(text))

    def subcommands(self, *path):
        return {name for part in SUBCOMMANDS.findall(self.text(*path)) for name in SUBCOMMAND.findall(part)}

    def faults(self, words):
        """What is wrong with the words after `paa`, line by line."""
        path = []
        while words and words[0] in self.subcommands(*path):
            path.append(words[0])
            words = words[1:]
        if not path and not (words and words[0].startswith("-")):
            yield f"paa has no subcommand {words[0]}" if words else "paa without a subcommand"
            return
        known = self.options(*path)
        for word in words:
            if re.match(r"^--?[a-zA-Z]", word) and word.partition("=")[0] not in known:
                yield f"paa {' '.join(path)} has no option {word}"
