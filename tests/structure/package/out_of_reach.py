"""Installs paa, moves the installed tree elsewhere, and runs programs with the project's folders out of reach."""

import pathlib
import shutil
import subprocess
import sys


def hiding(folders):
    """What to put before a command so that these folders are empty for it; nothing where the system does not let us."""
    folders = [pathlib.Path(folder).resolve() for folder in folders]
    outermost = [folder for folder in folders if not any(other in folder.parents for other in folders)]
    mounts = "".join(f"mount -t tmpfs none '{folder}' && " for folder in outermost)
    prefix = ["unshare", "--mount", "--map-root-user", "sh", "-c", f'{mounts}exec "$@"', "sh"]
    try:
        allowed = subprocess.run([*prefix, "true"], capture_output=True).returncode == 0
    except FileNotFoundError:
        allowed = False
    return prefix if allowed else []


class Outside:
    """A folder outside the project that holds an installed tree, `prefix`. Not where it was installed to."""

    def __init__(self, folder, cmake, build_tree, source_tree):
        self.folder, self.cmake = pathlib.Path(folder), cmake
        self.project = [source_tree.resolve(), build_tree.resolve()]
        self.prefix = self.folder / "moved"
        self.hide = []
        self.run(cmake, "--install", build_tree, "--prefix", self.folder / "first")
        shutil.move(self.folder / "first", self.prefix)
        self.hide = hiding(self.project)
        print("The project's folders are", "out of reach." if self.hide else "in reach: this system hides no folders.")

    def run(self, *command, status=0, **options):
        """Runs a command, and ends the program unless it exits with `status`. Gives what it prints."""
        command = [*self.hide, *map(str, command)]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=self.folder,
                              **options)
        if done.returncode != status:
            sys.exit(f"{' '.join(command)}\nexits with {done.returncode}, not {status}:\n{done.stdout}")
        return done.stdout

    def check_unnamed(self, text, what):
        """Ends the program if `text` names a folder of the project."""
        for folder in self.project:
            lines = [line for line in text.splitlines() if f"{folder}/" in line]
            if lines:
                sys.exit(f"{what} names {folder}:\n" + "\n".join(lines))

    def build(self, source, generator, *settings):
        """Configures and builds the project in `source` against the installed tree. Gives where it was built."""
        binary = self.folder / f"build-{source.name}"
        self.run(self.cmake, "-S", source, "-B", binary, "-G", generator, f"-DCMAKE_PREFIX_PATH={self.prefix}",
                 "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", *settings)
        self.run(self.cmake, "--build", binary)
        for name in ("compile_commands.json", "build.ninja"):
            if (binary / name).exists():
                self.check_unnamed((binary / name).read_text(), f"{name} of {source.name}")
        return binary
