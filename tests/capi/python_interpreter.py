"""Which Python runs a test of the package: one that has what the test needs."""

import os
import pathlib
import subprocess
import sys

SKIPPED = 77
PROJECT = pathlib.Path(__file__).resolve().parents[2]
PACKAGE = PROJECT / "capi/python/src"
HOME = pathlib.Path(os.environ.get("PAA_HOME") or pathlib.Path.home() / ".cache/paa")
SAMPLES = HOME / "samples"


def run_again_with(*modules):
    """Goes on in this interpreter, the set-up's or the one that PAA_TEST_PYTHON names, whichever first has the modules.

    Ends the test as skipped if none has them.
    """
    named = os.environ.get("PAA_TEST_PYTHON")
    candidates = [sys.executable, str(HOME / "venv/bin/python"), *([named] if named else [])]
    locate = f"import importlib.util as u, sys; sys.exit(any(u.find_spec(name) is None for name in {modules!r}))"
    for python in filter(os.path.exists, candidates):
        if subprocess.run([python, "-c", locate], check=False, stderr=subprocess.DEVNULL).returncode == 0:
            if python != sys.executable:
                os.execv(python, [python, "-B", *sys.argv])
            return
    skip(f"neither {' nor '.join(candidates)} has {', '.join(modules)}; PAA_TEST_PYTHON names a further Python")


def need_samples():
    """Ends the test as skipped where model and photos have not been fetched."""
    if not SAMPLES.exists() or not (HOME / "models").exists():
        skip(f"no models and samples in {HOME}; sh examples/quickstart.sh fetches them")


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


def sample_photos():
    return sorted(path for path in SAMPLES.iterdir() if path.suffix in (".png", ".jpg"))
