"""A part of the OASIS set, for tests that need people; skipped where the research data (OASIS) is absent."""

import pathlib

OASIS = pathlib.Path(__file__).resolve().parents[3] / "shared/data/oasis"
KEPT = 4  # one of so many photos for training and validation, and test people


def small_oasis(root):
    """All training people, a quarter of the others and of the photos that are not for testing, in the folder `root`."""
    root.mkdir()
    (root / "images").symlink_to(OASIS / "images")
    heading, *users = (OASIS / "users.csv").read_text().splitlines()
    users = [line for i, line in enumerate(users) if not line.endswith(",test") or i % KEPT == 0]
    (root / "users.csv").write_text("\n".join([heading, *users]) + "\n")
    people = {line.split(",")[0] for line in users}
    heading, *photos = (OASIS / "images.csv").read_text().splitlines()
    photos = [line for i, line in enumerate(photos) if line.endswith(",test") or i % KEPT == 0]
    (root / "images.csv").write_text("\n".join([heading, *photos]) + "\n")
    ids = {line.split(",")[0] for line in photos}
    for name in ("ratings.csv", "retest.csv"):
        heading, *lines = (OASIS / name).read_text().splitlines()
        lines = [line for line in lines if line.split(",")[1] in ids and (name != "ratings.csv" or line.split(",")[0] in people)]
        (root / name).write_text("\n".join([heading, *lines]) + "\n")
    return root
