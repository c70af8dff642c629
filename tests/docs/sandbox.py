"""A folder in which the programs of a page run: sample photos under the names the page uses, a home of its own."""

import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

DEFAULT_MODEL = "smollm2-135m-efficientnet-lite1"
PHOTO = re.compile(r"\b[\w-]+\.jpg\b")


def paa_home():
    return pathlib.Path(os.environ.get("PAA_HOME") or pathlib.Path.home() / ".cache/paa")


def sample_photos():
    return sorted(path for path in (paa_home() / "samples").glob("*") if path.suffix in (".jpg", ".png"))


def model_is_there():
    return (paa_home() / "models" / DEFAULT_MODEL / "model.json").exists() and len(sample_photos()) >= 3


class Sandbox:
    """`environment` is that of its programs; PAA_HOME is unset, and ~/.cache/paa has the real models."""

    def __init__(self, folder):
        self.folder = folder
        home = folder / ".cache/paa"
        home.mkdir(parents=True)
        for name in ("models", "samples"):
            (home / name).symlink_to(paa_home() / name)
        (folder / "Pictures").mkdir()
        for number, name in enumerate(("one.jpg", "two.jpg", "three.jpg")):
            self.put(f"Pictures/{name}", number + 2)  # other photos than the first that a page names
        self.environment = {name: value for name, value in os.environ.items() if name not in ("PAA_HOME", "PAA_MODEL")}
        # Tests run side by side: threads that wait for each other by spinning would take the cores from one another.
        self.environment |= {"HOME": str(folder), "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}

    def put(self, name, number):
        samples = sample_photos()
        shutil.copyfile(samples[number % len(samples)], self.folder / name)

    def put_photos_of(self, text):
        """A sample photo under each name of a photo in the text; those in folders are not the text's own."""
        for number, name in enumerate(dict.fromkeys(PHOTO.findall(text))):
            self.put(name, number)

    def run(self, *command, **more):
        environment = self.environment | more.pop("environment", {})
        return subprocess.run(list(map(str, command)), cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=300, **more)


@contextlib.contextmanager
def sandbox():
    with tempfile.TemporaryDirectory(prefix="paa-docs-") as folder:
        yield Sandbox(pathlib.Path(folder))
