"""A page of Markdown as its code blocks, links and headings."""

import dataclasses
import re

FENCE = re.compile(r"^(```+)\s*([\w+-]*)")
NOTE = re.compile(r"^<!-- (not checked|not run|run with|run after|run in order)(?:: (.*?))? -->$")
LINK = re.compile(r"\[[^\]\[]*\]\(([^)\s]+)\)")
INLINE = re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`")
INDENTED = "commands"  # the language of blocks that are indented by four spaces


@dataclasses.dataclass
class Block:
    """One code block. `note` is the HTML comment before it: (what, the rest), such as ("not run", "it never ends")."""

    page: "Page"
    line: int  # of its first line, from 1 on
    language: str
    text: str
    note: tuple = ("", "")

    @property
    def where(self):
        return f"{self.page.path}:{self.line}"


@dataclasses.dataclass
class Page:
    """`path` is relative to the project."""

    path: str
    text: str
    blocks: list = dataclasses.field(default_factory=list)
    prose: list = dataclasses.field(default_factory=list)  # (line, text)
    run_in_order: str = None  # the commands to run before this page's; None: they are not run

    @property
    def _running_text(self):
        """The prose at its line numbers: blocks are empty lines."""
        prose = dict(self.prose)
        return "\n".join(prose.get(line, "") for line in range(1, self.text.count("\n") + 2))

    @property
    def inline_code(self):
        """(line, text) of what stands between back-ticks in the prose, perhaps over two lines."""
        text = self._running_text
        return [(text.count("\n", 0, found.start()) + 1, found.group(1).replace("\n", " "))
                for found in INLINE.finditer(text)]

    @property
    def headings(self):
        return [re.sub(r"^#+ ", "", text) for _, text in self.prose if re.match(r"^#+ ", text)]

    @property
    def links(self):
        """(line, target) of links and images; the line is that on which a link ends."""
        text = INLINE.sub(lambda found: "\n" * found.group().count("\n"), self._running_text)
        return [(text.count("\n", 0, found.end()) + 1, found.group(1)) for found in LINK.finditer(text)]


def _fenced(lines, begin):
    """The text of the fenced block that begins there, and the number of the line after it."""
    mark = FENCE.match(lines[begin]).group(1)
    end = begin + 1
    while end < len(lines) and not lines[end].startswith(mark):
        end += 1
    return "\n".join(lines[begin + 1:end]) + "\n", end + 1


def _indented(lines, begin):
    """Likewise of an indented block; empty lines inside belong to it."""
    end = last = begin
    while end < len(lines) and (lines[end].startswith("    ") or not lines[end].strip()):
        if lines[end].strip():
            last = end
        end += 1
    return "\n".join(line[4:] for line in lines[begin:last + 1]) + "\n", last + 1


def read_page(path, text):
    """Raises ValueError for a comment to this test that says no reason."""
    page = Page(path, text)
    lines = text.split("\n")
    note, after_empty, i = ("", ""), True, 0
    while i < len(lines):
        line = lines[i]
        if FENCE.match(line):
            text, end = _fenced(lines, i)
            page.blocks.append(Block(page, i + 2, FENCE.match(line).group(2), text, note))
        elif after_empty and line.startswith("    "):
            text, end = _indented(lines, i)
            page.blocks.append(Block(page, i + 1, INDENTED, text, note))
        else:
            end = i + 1
            page.prose.append((i + 1, line))
            if found := NOTE.match(line):
                note = found.group(1), found.group(2) or ""
                if note[0] == "run in order":
                    page.run_in_order = note[1].removeprefix("after ")
                    note = ("", "")
                elif not note[1]:
                    raise ValueError(f"{path}:{i + 1}: say why, or with what: <!-- {note[0]}: ... -->")
            elif line.strip():
                note = ("", "")
        if end > i + 1:
            note = ("", "")
        after_empty, i = not lines[end - 1].strip() or end > i + 1, end
    return page
