"""The shell scripts on machines that are not like this one: stubs stand in for what they lack or would change."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from wheel_file import write_wheel

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPTS = sorted([*ROOT.glob("examples/*.sh"), *ROOT.glob("tests/*.sh")])

# What setup.sh itself needs of any Unix.
CHMOD = shutil.which("chmod")
BASICS = ["sh", "env", "awk", "cat", "dirname", "grep", "id", "mkdir", "rm", "touch", "tr"]


class Machine:
    """A PATH of its own: links to the named programs of this machine, and stubs."""

    def __init__(self, folder, programs):
        self.bin, self.log, self.home = folder / "bin", folder / "log", folder / "home"
        self.bin.mkdir()
        self.log.touch()
        for program in BASICS + programs:
            (self.bin / program).symlink_to(shutil.which(program))

    def stub(self, name, body):
        path = self.bin / name
        path.unlink(missing_ok=True)
        path.write_text(f'#!/bin/sh\necho "{name} $*" >>"{self.log}"\n{body}\n')
        path.chmod(0o755)

    def run(self, script, **variables):
        environment = {key: value for key, value in os.environ.items()
                       if not key.startswith("PAA_") and key != "Torch_DIR"}
        environment |= {"PATH": str(self.bin), "PAA_HOME": str(self.home)} | variables
        return subprocess.run([shutil.which("sh"), str(script)], env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True)

    def calls(self):
        return self.log.read_text()


class ShellScripts(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_every_script_parses(self):
        self.assertGreaterEqual(len(SCRIPTS), 4)
        for script in SCRIPTS:
            for shell in filter(shutil.which, ("sh", "dash", "bash")):
                result = subprocess.run([shell, "-n", script], capture_output=True, text=True)
                self.assertEqual((result.returncode, result.stderr), (0, ""), script)

    def test_another_system_is_told_what_it_lacks(self):
        machine = Machine(self.folder, ["python3"])
        result = machine.run(ROOT / "examples/setup.sh")
        self.assertEqual(result.returncode, 1)
        self.assertIn("no Debian system", result.stderr)
        for package in ("g++", "cmake", "ninja-build", "pkg-config", "libfmt-dev", "libsentencepiece-dev"):
            self.assertIn(package, result.stderr)
        self.assertNotIn("ccache", result.stderr)
        self.assertFalse(machine.home.exists())

    def test_a_debian_user_without_root_or_sudo_is_told_the_command(self):
        machine = Machine(self.folder, ["python3"])
        machine.stub("apt-get", "exit 1")
        machine.stub("id", "echo 1000")
        result = machine.run(ROOT / "examples/setup.sh")
        self.assertEqual(result.returncode, 1)
        self.assertIn("needs root or sudo", result.stderr)
        self.assertIn("apt-get install", result.stderr)
        self.assertNotIn("apt-get", machine.calls())

    def test_only_what_is_missing_is_installed_and_said_first(self):
        machine = Machine(self.folder, [])
        self.pretend_all_is_there(machine)
        (machine.bin / "ninja").unlink()
        ninja = machine.bin / "ninja"
        machine.stub("apt-get", f'case "$*" in *"install --yes"*) echo "#!/bin/sh" >"{ninja}"; {CHMOD} +x {ninja} ;; esac')
        machine.stub("dpkg", "")
        machine.stub("sudo", 'exec "$@"')
        machine.stub("id", "echo 1000")
        result = machine.run(ROOT / "examples/setup.sh")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stdout, r"installing Debian packages .*MB.*: ninja-build \n")
        installs = [line for line in machine.calls().splitlines() if line.startswith("apt-get") and "--yes" in line]
        self.assertEqual(len(installs), 1)
        self.assertTrue(installs[0].endswith("--no-install-recommends ninja-build"), installs)
        self.assertIn("sudo", machine.calls())

    def test_nothing_is_asked_of_apt_when_all_is_there(self):
        machine = Machine(self.folder, [])
        self.pretend_all_is_there(machine)
        machine.stub("apt-get", "exit 1")
        result = machine.run(ROOT / "examples/setup.sh")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertNotIn("apt-get", machine.calls())

    def test_a_browser_is_installed_only_when_asked_for(self):
        machine = Machine(self.folder, [])
        self.pretend_all_is_there(machine)
        (machine.bin / "chromedriver").unlink(missing_ok=True)
        machine.stub("apt-get", "exit 1")
        machine.stub("dpkg", "")
        self.assertEqual(machine.run(ROOT / "examples/setup.sh").returncode, 0)
        self.assertIn("MB on disk): chromium-driver", machine.run(ROOT / "examples/setup.sh", PAA_WITH_BROWSER="1").stdout)

    def test_cargo_is_installed_only_when_asked_for_and_not_there(self):
        machine = Machine(self.folder, [])
        self.pretend_all_is_there(machine)
        (machine.bin / "cargo").unlink(missing_ok=True)
        machine.stub("apt-get", "exit 1")
        machine.stub("dpkg", "")
        home = self.folder / "user"
        (home / ".cargo/bin").mkdir(parents=True)
        self.assertEqual(machine.run(ROOT / "examples/setup.sh", HOME=str(home)).returncode, 0)
        asked = {"HOME": str(home), "PAA_WITH_RUST": "1"}
        self.assertIn("MB on disk): cargo", machine.run(ROOT / "examples/setup.sh", **asked).stdout)
        (home / ".cargo/bin/cargo").symlink_to(CHMOD)
        self.assertEqual(machine.run(ROOT / "examples/setup.sh", **asked).returncode, 0)

    def test_libedit_is_asked_of_debian_alone(self):
        for debian in (False, True):
            with self.subTest(debian=debian), tempfile.TemporaryDirectory() as folder:
                machine = Machine(pathlib.Path(folder), [])
                self.pretend_all_is_there(machine)
                machine.stub("pkg-config", '[ "$2" != libedit ]')
                machine.stub("dpkg", "")
                if debian:
                    machine.stub("apt-get", "exit 1")
                result = machine.run(ROOT / "examples/setup.sh")
                self.assertEqual("MB on disk): libedit-dev" in result.stdout, debian, result.stdout)
                self.assertEqual(result.returncode == 0, not debian)

    def test_a_half_made_virtual_environment_is_made_anew(self):
        machine = Machine(self.folder, [])
        self.pretend_all_is_there(machine)
        (machine.home / "venv/.incomplete").touch()
        result = machine.run(ROOT / "examples/setup.sh")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("python3 -m venv", machine.calls())
        self.assertFalse((machine.home / "venv/.incomplete").exists())

    def test_a_cuda_wheel_is_not_fetched_unasked(self):
        wheels = self.folder / "wheels"
        wheels.mkdir()
        write_wheel(wheels, "torch", "2.13.0", ["nvidia-cublas", 'nvidia-odd; python_version < "3"'])
        write_wheel(wheels, "numpy", "2.0.0")
        machine = Machine(self.folder, [])
        self.pretend_all_is_there(machine)
        shutil.rmtree(machine.home)
        machine.stub("python3", f'exec "{sys.executable}" "$@"')
        machine.stub("cmake", '[ "$1" = --version ] && echo "cmake version 3.25.1"')  # and finds no libtorch
        local = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), "PIP_CONFIG_FILE": os.devnull}
        result = machine.run(ROOT / "examples/setup.sh", **local)
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn("about 3 GB", result.stdout)
        for choice in ("PAA_TORCH_INDEX", "PAA_ALLOW_CUDA=1", "Torch_DIR"):
            self.assertIn(choice, result.stderr)
        self.assertNotIn("nvidia-cublas", result.stderr)
        # Allowed, pip is let loose; here it finds no such package.
        result = machine.run(ROOT / "examples/setup.sh", PAA_ALLOW_CUDA="1", **local)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("nvidia-cublas", result.stderr)

    def pretend_all_is_there(self, machine):
        for program in ("c++", "ninja", "ccache", "pkg-config"):
            machine.stub(program, "")
        machine.stub("python3", f'[ "$2" != venv ] || {{ mkdir "$3/bin"; : >"$3/bin/python"; {CHMOD} +x "$3/bin/python"; }}')
        machine.stub("cmake", 'echo "cmake version 3.25.1"')  # as a script it finds a libtorch: status 0
        python = machine.home / "venv/bin/python"
        python.parent.mkdir(parents=True)
        python.write_text("#!/bin/sh\n")
        python.chmod(0o755)


if __name__ == "__main__":
    unittest.main()
