#!/usr/bin/env python3
"""The Rust crates say what paa.h says, find the library, do the main jobs, and their documentation compiles.

    rust_test.py CARGO LIBRARY BUILD_FOLDER

Exit status 77: without a model the tests that need none have passed and the others were skipped.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

SKIPPED = 77
WORKSPACE = pathlib.Path(__file__).resolve().parents[2] / "capi/rust"
HOME = pathlib.Path(os.environ.get("PAA_HOME") or pathlib.Path.home() / ".cache/paa")


def cargo(*arguments, folder=WORKSPACE, target=None, **variables):
    environment = {name: value for name, value in os.environ.items() if name != "PAA_LIB_DIR"}
    environment |= {"CARGO_TARGET_DIR": str(target or BUILD)} | variables
    return subprocess.run([CARGO, *arguments, "--offline"], cwd=folder, env=environment, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)


class Workspace(unittest.TestCase):
    def passes(self, *arguments):
        # --locked: nothing is written to the source tree.
        done = cargo(*arguments, "--locked", "--workspace", PAA_LIB_DIR=str(LIBRARY.parent))
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_the_crates_own_tests(self):
        self.passes("test")

    def test_no_link_of_the_documentation_leads_nowhere(self):
        self.passes("doc", "--no-deps")


class Finding(unittest.TestCase):
    """Of libpaa_capi.so by paa-sys's build script, in a copy that lies in no checkout."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.crate = self.folder / "paa-sys"
        shutil.copytree(WORKSPACE / "paa-sys", self.crate)

    def build(self, **variables):
        """Cargo's exit status and words; pkg-config sees the package files in self.folder only."""
        variables = {"PKG_CONFIG_LIBDIR": str(self.folder), "PKG_CONFIG_PATH": ""} | variables
        done = cargo("build", folder=self.crate, target=self.folder / "target", **variables)
        return done.returncode, done.stdout

    def write_package(self, libdir):
        (self.folder / "paa.pc").write_text(f"libdir={libdir}\nName: paa\nDescription: paa\nVersion: 0\n")

    def test_a_missing_library_is_explained(self):
        status, words = self.build()
        self.assertNotEqual(status, 0)
        for way in ("sh examples/build.sh paa_capi", "cmake --install", "PAA_LIB_DIR", "PKG_CONFIG_PATH"):
            self.assertIn(way, words)

    def test_a_wrong_variable_is_explained(self):
        self.write_package(LIBRARY.parent)  # the variable comes first
        for folder, words in ((str(self.folder), "there is no libpaa_capi.so in it"), ("build", "absolute")):
            status, said = self.build(PAA_LIB_DIR=folder)
            self.assertNotEqual(status, 0)
            self.assertIn(f"PAA_LIB_DIR is {folder}", said)
            self.assertIn(words, said)

    def test_by_the_variable(self):
        status, words = self.build(PAA_LIB_DIR=str(LIBRARY.parent))
        self.assertEqual(status, 0, words)

    @unittest.skipUnless(shutil.which("pkg-config"), "no pkg-config")
    def test_by_pkg_config(self):
        self.write_package(LIBRARY.parent)
        status, words = self.build()
        self.assertEqual(status, 0, words)

    @unittest.skipUnless(shutil.which("pkg-config"), "no pkg-config")
    def test_a_package_whose_library_has_gone_is_not_taken(self):
        self.write_package(self.folder)
        status, words = self.build()
        self.assertNotEqual(status, 0)
        self.assertIn("found no libpaa_capi.so", words)


def main():
    if not unittest.main(argv=sys.argv[:1], verbosity=2, exit=False).result.wasSuccessful():
        return 1
    if not (HOME / "models").is_dir():
        print(f"skipped: no model in {HOME}, so only what needs none was tested; sh examples/quickstart.sh fetches it")
        return SKIPPED
    return 0


if __name__ == "__main__":
    CARGO, LIBRARY, BUILD = sys.argv[1], pathlib.Path(sys.argv[2]).absolute(), sys.argv[3]
    sys.exit(main())
