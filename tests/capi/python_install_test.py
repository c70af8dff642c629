#!/usr/bin/env python3
"""The Python package installs with the library inside, works from there, beside torch too, and goes away again.

    python_install_test.py LIBRARY

Installs a library that is built already into an environment of its own, which sees the packages of the set-up's, so
that nothing is downloaded. Exit status 77: skipped.
"""

import importlib.metadata
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import venv
import zipfile

from python_interpreter import PACKAGE, PROJECT, need_samples, run_again_with, sample_photos

SCORE = """
import paa
model = paa.Model()
person = model.prepare({{"age": 30, "about": "I like quiet landscapes."}})
photos = model.encode([paa.Photo({photo!r})])
print(model.score_photos(person, photos).means[0].hex())
"""

# CPU time, so that what else the machine does is left out.
IMPORT = """
import sys, time
begin = time.process_time()
import paa
print(time.process_time() - begin)
print(sorted({"torch", "pandas", "pyarrow", "ray", "sklearn", "tqdm", "PIL"} & set(sys.modules)))
print([line for line in open("/proc/self/maps") if "libpaa" in line or "libtorch" in line])
"""


class Environment:
    """A virtual environment without pip, which this Python's pip works on."""

    def __init__(self, folder):
        venv.create(folder, with_pip=False)
        self.python = folder / "bin/python"
        self.packages = next(folder.glob("lib/python3*/site-packages"))
        others = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
        (self.packages / "others.pth").write_text("\n".join(others) + "\n")
        self.folder = folder

    def pip(self, *arguments, **variables):
        environment = {name: value for name, value in os.environ.items()
                       if name not in ("PYTHONPATH", "PAA_LIBRARY", "Torch_DIR")}
        return subprocess.run([sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", self.python,
                               *arguments], capture_output=True, text=True, timeout=600, check=False,
                              env={**environment, **variables})

    def run(self, code, **variables):
        """What Python prints in an empty folder, without the variables that name the package or its library."""
        environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PAA_LIBRARY")}
        done = subprocess.run([self.python, "-c", code], capture_output=True, text=True, timeout=300, check=False,
                              cwd=self.folder, env={**environment, "OMP_NUM_THREADS": "1", **variables})
        assert done.returncode == 0, done.stderr
        return done.stdout


class Installed(unittest.TestCase):
    """As most people will have it: installed once, then used."""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        folder = pathlib.Path(cls.temporary.name)
        # A copy without the sources beside it: the tests leave nothing in the checkout.
        cls.source = folder / "source"
        shutil.copytree(PROJECT / "capi/python", cls.source, ignore=shutil.ignore_patterns("build", "*.egg-info"))
        cls.environment = Environment(folder / "environment")
        # --no-index: a requirement that the environment does not meet must fail, not be fetched.
        done = cls.environment.pip("install", "--no-build-isolation", "--no-index", cls.source, PAA_LIBRARY=LIBRARY)
        assert done.returncode == 0, done.stdout + done.stderr

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def test_scores_as_the_checkout_does(self):
        code = SCORE.format(photo=str(sample_photos()[0]))
        checkout = self.environment.run(code, PYTHONPATH=str(PACKAGE), PAA_LIBRARY=LIBRARY)
        self.assertEqual(self.environment.run(code), checkout)

    def test_the_library_is_the_one_in_the_package(self):
        code = "import paa; paa.version(); print([line for line in open('/proc/self/maps') if 'libpaa' in line])"
        self.assertIn(str(self.environment.packages / "paa/libpaa_capi.so.0"), self.environment.run(code))

    def test_beside_torch(self):
        try:
            importlib.metadata.version("torch")
        except importlib.metadata.PackageNotFoundError:
            self.skipTest("no torch")
        score, sums = SCORE.format(photo=str(sample_photos()[0])), "import torch\nassert torch.ones(2).sum() == 2\n"
        alone = self.environment.run(score)
        self.assertEqual([self.environment.run(sums + score), self.environment.run(score + sums)], [alone, alone])

    def test_versions(self):
        code = "import importlib.metadata as m, paa; print(paa.__version__, paa.version(), m.version('paa'))"
        versions = self.environment.run(code).split()
        self.assertEqual(len(set(versions)), 1, versions)
        self.assertRegex((PROJECT / "CMakeLists.txt").read_text(), rf"VERSION {re.escape(versions[0])} ")

    def test_importing_is_light(self):
        runs = [self.environment.run(IMPORT).splitlines() for _ in range(5)]
        for _, modules, libraries in runs:
            self.assertEqual((modules, libraries), ("[]", "[]"))
        self.assertLess(min(float(seconds) for seconds, _, _ in runs), 0.3)


class Packaging(unittest.TestCase):
    """What pip makes of it, each time in an environment of its own."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.source = self.folder / "source"
        shutil.copytree(PROJECT / "capi/python", self.source, ignore=shutil.ignore_patterns("build", "*.egg-info"))
        self.environment = Environment(self.folder / "environment")

    def test_wheel_is_for_this_platform_and_is_gone_after_uninstall(self):
        (self.source / "build").mkdir()
        done = self.environment.pip("wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", self.folder,
                                    self.source, PAA_LIBRARY=LIBRARY)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        (wheel,) = self.folder.glob("*.whl")
        self.assertRegex(wheel.name, r"^paa-[0-9.]+-py3-none-linux_\w+\.whl$")
        with zipfile.ZipFile(wheel) as file:
            self.assertEqual(file.read("paa/libpaa_capi.so.0"), pathlib.Path(LIBRARY).read_bytes())
            self.assertIn("paa/py.typed", file.namelist())
        self.assertEqual(self.environment.pip("install", "--no-index", wheel).returncode, 0)
        self.assertTrue((self.environment.packages / "paa/libpaa_capi.so.0").exists())
        self.environment.run("import paa")
        self.assertEqual(self.environment.pip("uninstall", "--yes", "paa").returncode, 0)
        self.assertEqual([path.name for path in self.environment.packages.iterdir()], ["others.pth"])

    def test_a_module_that_was_removed_is_not_packed(self):
        module = self.source / "src/paa/removed_later.py"
        module.write_text("")
        for expected in (True, False):
            done = self.environment.pip("wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", self.folder,
                                        self.source, PAA_LIBRARY=LIBRARY)
            self.assertEqual(done.returncode, 0, done.stderr)
            (wheel,) = self.folder.glob("*.whl")
            with zipfile.ZipFile(wheel) as file:
                self.assertEqual("paa/removed_later.py" in file.namelist(), expected)
            module.unlink(missing_ok=True)

    def assert_refused(self, message, **variables):
        done = self.environment.pip("install", "--no-build-isolation", "--no-index", self.source, **variables)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(message, done.stdout + done.stderr)
        self.assertFalse((self.environment.packages / "paa").exists())

    def test_without_the_sources(self):
        self.assert_refused("the sources of the library are not in")

    def test_a_named_library_that_is_not_there(self):
        self.assert_refused("PAA_LIBRARY names /no/such/library.so", PAA_LIBRARY="/no/such/library.so")
        self.assert_refused("give the whole path", PAA_LIBRARY="no/such/library.so")

    def requirements(self, *options, **variables):
        """What an installation that compiles would need; asks for the metadata only."""
        report = self.folder / "report.json"
        done = self.environment.pip("install", "--dry-run", "--no-deps", "--report", report, *options, self.source,
                                    **variables)
        if done.returncode != 0 and "No matching distribution found for setuptools" in done.stdout + done.stderr:
            self.skipTest("pip reaches no package index")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        (installed,) = json.loads(report.read_text())["install"]
        return [need for need in installed["metadata"]["requires_dist"] if "extra" not in need]

    def test_compiling_asks_for_the_torch_of_the_environment(self):
        """Also where pip builds in an environment that does not see it."""
        try:
            torch = importlib.metadata.version("torch").split("+")[0]
        except importlib.metadata.PackageNotFoundError:
            self.skipTest("no torch")
        self.assertEqual(self.requirements("--no-build-isolation"), ["numpy", f"torch=={torch}"])
        self.assertEqual(self.requirements("--no-build-isolation", Torch_DIR="/elsewhere"), ["numpy"])
        self.assertEqual(self.requirements("--no-build-isolation", PAA_LIBRARY=LIBRARY), ["numpy"])
        self.assertEqual(self.requirements(), ["numpy", f"torch=={torch}"])


if __name__ == "__main__":
    LIBRARY = os.path.realpath(sys.argv[1])
    run_again_with("setuptools.command.bdist_wheel", "numpy", "pip")
    need_samples()
    unittest.main(argv=sys.argv[:1], verbosity=2)
