#!/usr/bin/env python3
"""Every public type has a name of its own: two of one name in one namespace break programs that use both headers, and,
as the linker keeps one of their inline functions, also programs that use one.

    type_names.py FOLDER | --self-test
"""

import collections
import pathlib
import re
import sys

NAMESPACE = re.compile(r"^namespace ([\w:]+) \{")
TYPE = re.compile(r"^(?:template <[^>]*>\s*)?(?:struct|class|enum class|enum) (\w+)[^;]*\{", re.MULTILINE)


def types_of(text):
    """Names with their namespace; types inside types are theirs, and stand indented."""
    namespace = next((match[1] for line in text.splitlines() if (match := NAMESPACE.match(line))), "")
    return [f"{namespace}::{name}" for name in TYPE.findall(text)]


def doubled(texts):
    """Names that several of the texts, or one of them twice, define."""
    places = collections.defaultdict(list)
    for place, text in texts.items():
        for name in types_of(text):
            places[name].append(place)
    return {name: found for name, found in places.items() if len(found) > 1}


def self_test():
    one = "namespace paa {\nstruct Message {\n  struct Part {\n  };\n};\nclass Other;\n}\n"
    assert doubled({"a.h": one, "b.h": one.replace("Message", "Reply")}) == {}
    assert doubled({"a.h": one, "b.h": one.replace("struct M", "class M")}) == {"paa::Message": ["a.h", "b.h"]}
    assert doubled({"a.h": one, "b.h": one.replace("paa", "paa::nn")}) == {}


def main():
    if sys.argv[1] == "--self-test":
        return self_test()
    root = pathlib.Path(sys.argv[1])
    found = doubled({str(path.relative_to(root)): path.read_text() for path in sorted(root.rglob("*.h"))})
    for name, places in found.items():
        print(f"{name} is defined in {' and in '.join(places)}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
