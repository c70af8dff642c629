#!/usr/bin/env python3
"""The check of the documentation catches each kind of mistake, and takes what is right.

    catches.py ARGUMENTS      those of code_blocks.py
"""

import sys
import unittest

from code_blocks import Checker, parse
from links import missing_in_index
from page import read_page
from sandbox import model_is_there


def fenced(language, *lines):
    return "\n".join(["```" + language, *lines, "```", ""])


def indented(*lines):
    return "\n".join(["", *("    " + line for line in lines), ""])


MAIN = ("#include <stdio.h>", "", '#include "paa.h"', "", "int main(int argc, char** argv) {")
PRINTS = 'puts(argc > 1 ? argv[1] : "");'
RUST = ("fn main() {",
        '    println!("cargo:rustc-link-arg=-Wl,-rpath,{}", std::env::var("DEP_PAA_LIB_DIR").unwrap());',
        "}")

RIGHT = {
    "C that stands alone": fenced("c", *MAIN, f"  {PRINTS}", "  return 0;", "}"),
    "C that runs": "<!-- run with: sea.jpg -->\n\n" + fenced("c", *MAIN, f"  {PRINTS}", "  return 0;", "}"),
    "C statements": fenced("c", '#include "paa.h"', "paa_model* model = NULL;", "paa_model_free(model);"),
    "C functions": fenced("c", '#include "paa.h"', "int works(paa_status status) { return status == PAA_OK; }"),
    "C++ statements": fenced("cpp", '#include "paa/person/profile.h"', "paa::Profile profile;", "profile.age = 30;"),
    "C++ marked": "<!-- not checked: needs Torch -->\n" + fenced("cpp", '#include "paa/nn/decoder.h"', "decoder;"),
    "Python": fenced("python", "import paa", 'paa.Photo("sea.jpg")') + fenced("python", "paa.version()"),
    "Python after something": "<!-- run after: array = 5 -->\n" + fenced("python", "assert array == 5"),
    "Python marked": "<!-- not run: takes a day -->\n" + fenced("python", "import paa", "raise SystemExit(1)"),
    "Rust of the crate's page": fenced("rust,no_run", *RUST),
    "CMake": fenced("cmake", "find_package(paa 0.1 REQUIRED COMPONENTS capi)", "target_link_libraries(app paa::capi)"),
    "JSON": fenced("json", '{"age": 30}') + indented('{"age": 30}'),
    "TOML": fenced("toml", "[dependencies]"),
    "inline": "`paa` and `paa score --age 30`, `paa/pmllm/pmllm.h`, `examples/training`, `paa ...`, `src/*/*.cpp`",
    "text": fenced("text", "any ( thing"),
    "commands": indented("paa=build/examples/paa/paa",
                         '$paa score --age 30 --about "I like \\"it\\"" ~/Pictures > out.json',
                         "paa person show --person anna.json   # and more", "", "the program says --anything"),
    "more commands": fenced("sh", "for c in examples/training/ablation-*.json; do", "  paa train --config $c \\",
                            "    --out runs/$(basename $c .json)", "done", "cmake --preset dev && ctest --preset dev",
                            'cargo run -- "" examples/profiles/student.json', "cmake --build build --target paa_cli",
                            "PAA_MODEL=small paa models | head"),
    "commands that run": "<!-- run in order: after paa rate --person a.json sea.jpg=6 -->\n" +
                         indented("paa person show --person a.json",
                                  "paa rate --person a.json --serve 8080 ~/Pictures"),
    "links": "# One two\n\n[a](README.md) [b](README.md#documentation) [c](#one-two) "
             "[d](https://example.org) ![e](study.png)",
}

WRONG = {
    "C that does not compile": (fenced("c", *MAIN, "  paa_model_lode(0);", "}"), "docs/page.md:2: does not compile"),
    "C99 with a warning": (fenced("c", "int main(void) { int unused; return 0; }"), "unused"),
    "C after C99": (fenced("c", "int main(void) { return (int)nullptr; }"), "nullptr"),
    "C statements": (fenced("c", '#include "paa.h"', "paa_model_free(model);"), "model"),
    "C++ that does not compile": (fenced("cpp", '#include "paa/person/profile.h"',
                                         "int main() { paa::Profil profile; }"), "Profil"),
    "C++ with Torch": (fenced("cpp", '#include "paa/nn/decoder.h"'), "includes Torch"),
    "a header that is not there": (fenced("cpp", '#include "paa/pmllm/pmlm.h"'), "pmlm.h"),
    "Python syntax": (fenced("python", "import paa", "print(paa.version("), "docs/page.md:2: line 2"),
    "Rust that nobody compiles": (fenced("rust", 'fn main() { println!("new"); }'), "nobody compiles this Rust"),
    "CMake": (fenced("cmake", "find_package(paa REQUIRED COMPONENTS shoes)"), "CMake refuses it"),
    "JSON": (fenced("json", '{"age": }'), "is no JSON"),
    "indented JSON": (indented('{"age": 30'), "is no JSON"),
    "TOML": (fenced("toml", "[dependencies"), "is no TOML"),
    "no language": (fenced("", "something"), "a block in no language"),
    "unknown language": (fenced("cobol", "something"), "a block in cobol"),
    "shell syntax": (indented("for c in a b; do"), "the shell does not understand"),
    "a quote that is not closed": (indented('paa score --about "I like it ~/Pictures'),
                                   "the shell does not understand"),
    "a command that nobody has": (indented("shh examples/quickstart.sh"), "shh is no command"),
    "a later command that nobody has": (indented("paa models", "pa models"), "docs/page.md:3: pa is no command"),
    "a subcommand that is not there": (indented("paa scores ~/Pictures"), "no subcommand scores"),
    "an option that is not there": (indented("$paa score --abuot x ~/Pictures"), "paa score has no option --abuot"),
    "an option of another subcommand": (indented("paa score --count 5 ~/Pictures"), "paa score has no option --count"),
    "an option of a deeper subcommand": (indented("paa person export --person a.json --no-path"),
                                         "paa person export has"),
    "an option behind a pipe": (indented("paa models | head; paa rank --htm x.html p"), "paa rank has no option --htm"),
    "a program in a substitution": (indented("echo $(paa modells)"), "no subcommand modells"),
    "an option on a continued line": (indented("paa train --data oasis/ \\", "    --confg c.json"),
                                    "no option --confg"),
    "a file that is not there": (indented("sh examples/quickstrat.sh"), "examples/quickstrat.sh is not in the project"),
    "files that are not there": (indented("cat=1", "head examples/training/oblation-*.json"), "oblation"),
    "a program that nothing builds": (indented("build/tests/bench/no_bench --threads 1"), "nothing builds"),
    "a preset that is not there": (indented("cmake --preset fast"), "no preset fast"),
    "a target that is not there": (indented("cmake --build build --target al"), "nothing builds the target al"),
    "a link": ("[text](no-such-page.md)", "links to no-such-page.md"),
    "a link over two lines": ("a [text\nand more](no-such-page.md)", "docs/page.md:2: links to no-such-page.md"),
    "an image": ("![text](no-such.png)", "links to no-such.png"),
    "a link to a heading": ("[text](README.md#no-such-heading)", "no such heading"),
    "inline, a subcommand that is not there": ("Then `paa scoer --age 30` is run.",
                                               "docs/page.md:1: paa has no subcommand"),
    "inline, an option that is not there": ("Then `paa train\npopulation --rate x`.", "no option --rate"),
    "inline, a file that is not there": ("See `examples/training/none.json`.", "none.json is not in the project"),
    "inline, a header that is not there": ("See `paa/pmllm/pmlm.h`.", "paa/pmllm/pmlm.h is no public header"),
    "a mark without a reason": ("<!-- not checked -->\n" + fenced("c", "x"), "docs/page.md:1: say why"),
}

WRONG_WHEN_RUN = {
    "C that fails": ("<!-- run with: sea.jpg -->\n\n" +
                     fenced("c", *MAIN, f"  {PRINTS}", "  return 3;", "}"), "ends with 3"),
    "C that prints nothing": ("<!-- run with: sea.jpg -->\n\n" +
                              fenced("c", "int main(int argc, char** argv) { return argc > 1 && *argv ? 0 : 1; }"),
                              "ends with 0"),
    "Python that fails": (fenced("python", "import paa", "", "paa.Modell()"), "line 4"),
    "Python that uses what no block before made": (fenced("python", "print(model)"), "NameError"),
    "a command that fails": ("<!-- run in order -->\n" + indented("paa person show --person no.json"),
                             "docs/page.md:3: ends"),
    "a command by its variable that fails": ("<!-- run in order -->\n" +
                                             indented("paa=build/examples/paa/paa", "$paa score no.jpg"),
                                             "page.md:4: ends"),
    "a command before that fails": ("<!-- run in order: after paa person show --person no.json -->\n" +
                                    indented("paa models"), "no.json"),
}


class Catches(unittest.TestCase):
    def faults(self, text):
        return "\n".join(CHECKER.check("docs/page.md", text))

    def test_what_is_right_is_taken(self):
        for what, text in RIGHT.items():
            with self.subTest(what):
                self.assertEqual(self.faults(text), "")

    def test_mistakes_are_caught(self):
        for what, (text, expected) in WRONG.items():
            with self.subTest(what):
                self.assertIn(expected, self.faults(text))

    def test_mistakes_are_caught_when_run(self):
        if not model_is_there():
            self.skipTest("no model")
        for what, (text, expected) in WRONG_WHEN_RUN.items():
            with self.subTest(what):
                self.assertIn(expected, self.faults(text))

    def test_a_page_that_the_index_does_not_list(self):
        faults = list(missing_in_index(read_page("docs/README.md", "[a](a.md)"), ["README.md", "a.md", "b.md"]))
        self.assertEqual(len(faults), 1)
        self.assertIn("does not link to b.md", faults[0])

    def test_a_long_readme(self):
        self.assertIn("README.md: has 151 lines", "\n".join(CHECKER.check("README.md", "word\n" * 151)))
        self.assertEqual(list(CHECKER.check("README.md", "word\n" * 150)), [])


if __name__ == "__main__":
    CHECKER = Checker(parse(sys.argv[1:]))
    unittest.main(argv=sys.argv[:1], verbosity=2)
