"""Links and images of a page lead to files, and to headings, that are there."""

import os
import re

from page import read_page


def anchor_of(heading):
    """What a heading is called in a link, as GitHub has it."""
    return re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).replace(" ", "-")


def missing_in_index(index, names):
    """Yields a line for each of the pages in its folder that an index does not link to."""
    linked = {target for _, target in index.links}
    for name in names:
        if name not in linked and name != os.path.basename(index.path):
            yield f"{index.path}: does not link to {name}, so nobody finds that page"


def check_links(page, root):
    """Yields a line for each link that leads nowhere."""
    for line, target in page.links:
        if re.match(r"^[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = root / os.path.dirname(page.path) / path
        if not file.exists():
            yield f"{page.path}:{line}: links to {target}, which is not there"
            continue
        there = read_page(target, file.read_text(encoding="utf-8")) if path and anchor else page
        if anchor and anchor not in map(anchor_of, there.headings):
            yield f"{page.path}:{line}: links to {target}, but there is no such heading"
