#!/usr/bin/env python3
"""Checks that every public symbol has a docstring, and that Doxygen finds no fault with any docstring.

    documented.py DOXYGEN DOXYFILE              names each public symbol without a docstring
    documented.py DOXYGEN DOXYFILE --self-test  checks that each kind of missing or faulty docstring is caught

Public are, outside namespaces named detail: files, classes, structs, enums, type names, free functions, and the public
functions and constructors of classes. Not asked for: the values and fields of plain types, whose names may say all;
what overrides a documented function; destructors; what is copied, moved, defaulted or deleted. Of overloads one is
enough.
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

KINDS = {"enum", "function", "typedef"}


def read_by_doxygen(doxygen, doxyfile, inputs=None):
    """The parsed XML files; ends the program where Doxygen finds fault."""
    with tempfile.TemporaryDirectory() as folder:
        settings = pathlib.Path(doxyfile).read_text(encoding="utf-8")
        settings += f'\nOUTPUT_DIRECTORY = "{folder}"\nGENERATE_HTML = NO\nGENERATE_XML = YES\n'
        if inputs:
            settings += f'INPUT = "{inputs}"\n'
        result = subprocess.run([doxygen, "-"], input=settings, capture_output=True, text=True)
        if result.returncode != 0:
            sys.exit(f"{doxygen} finds fault:\n{result.stderr}")
        return [ElementTree.parse(path).getroot() for path in pathlib.Path(folder, "xml").glob("*.xml")]


def is_documented(node):
    return any("".join(part.itertext()).strip()
               for tag in ("briefdescription", "detaileddescription") for part in node.findall(tag))


def needs_no_docstring(function, type_name):
    """Whether the name of the function and its first argument say all: destructor, copy, move, default, override."""
    name = function.findtext("name")
    arguments = function.findtext("argsstring") or ""
    if name.startswith("~") or function.find("reimplements") is not None:
        return True
    if re.search(r"=\s*(default|delete)$", arguments):
        return True
    takes_itself = re.match(rf"\((const )?{re.escape(type_name)} ?&&? ?\w*\)", arguments) is not None
    return takes_itself and name in (type_name, "operator=")


def symbols_of(compound):
    """(name, where, whether it is documented) of the public symbols in a class, namespace or file, itself too."""
    scope = compound.findtext("compoundname")
    kind = compound.get("kind")
    in_class = kind in ("class", "struct", "union")
    if compound.get("prot") in ("private", "protected") or "detail" in scope.split("::"):
        return
    if in_class or kind == "file":
        yield f"{kind} {scope}", compound.find("location"), is_documented(compound)
    type_name = scope.split("::")[-1]
    for member in compound.iter("memberdef"):
        if member.get("kind") not in KINDS or member.get("prot") != "public":
            continue
        if in_class and member.get("kind") == "function" and needs_no_docstring(member, type_name):
            continue
        name = member.findtext("name")
        if name.startswith("@"):  # an enum without a name: by its first value
            name = f"{{{member.findtext('enumvalue/name')} ...}}"
        where = member.find("location")
        owner = "" if kind == "file" else f"{scope}::"
        yield f"{member.get('kind')} {owner}{name}", where, is_documented(member)


def missing(roots):
    """Where and what has no docstring, in order; and how many symbols there are."""
    documented, places = set(), {}
    for root in roots:
        for compound in root.iter("compounddef"):
            if compound.get("kind") not in ("class", "struct", "union", "namespace", "file"):
                continue
            for symbol, where, good in symbols_of(compound):
                if where is None or where.get("file").endswith(".dox"):
                    continue
                places.setdefault(symbol, f"{where.get('file')}:{where.get('line', '1')}")
                if good:
                    documented.add(symbol)
    lines = [f"{place}: no docstring: {symbol}" for symbol, place in places.items() if symbol not in documented]
    return sorted(lines), len(places)


RIGHT = """#pragma once
// What the file is for.

namespace paa {

/// A type.
struct Plain {
  int field = 0;
  bool operator==(const Plain&) const = default;
};

/// A base.
class Base {
 public:
  Base(Base&& other) noexcept;
  Base& operator=(Base&&) noexcept;
  virtual ~Base();
  /// Does it.
  virtual int act() = 0;
  /// For reading.
  const int& at(int i) const;
  int& at(int i);

 private:
  int hidden();
};

/// Overrides.
class Derived : public Base {
 public:
  int act() override;
};

/// A choice.
enum class Choice { kOne, kTwo };
/// A name.
using Name = int;
/// A function.
int function(int number);

namespace detail {
struct Inner {};
}

}  // namespace paa
"""

# What is taken out or put in, and the symbol that must be named then; or what Doxygen itself must say.
FAULTS = [
    ("// What the file is for.", "", "file wrong.h"),
    ("/// A type.", "", "struct paa::Plain"),
    ("/// A base.", "", "class paa::Base"),
    ("  /// Does it.", "", "function paa::Base::act"),
    ("  /// For reading.", "", "function paa::Base::at"),
    ("int act() override;", "int act() override;\n  int other();", "function paa::Derived::other"),
    ("int act() override;", "int act() override;\n  explicit Derived(int number);", "function paa::Derived::Derived"),
    ("  virtual ~Base();", "  struct Part {};", "struct paa::Base::Part"),
    ("/// A choice.", "", "enum paa::Choice"),
    ("/// A choice.\nenum class Choice", "enum", "enum paa::{kOne ...}"),
    ("/// A name.", "", "typedef paa::Name"),
    ("/// A function.", "", "function paa::function"),
    ("/// A function.", "/// A function. \\param count is none of its.", "argument 'count'"),
]


def self_test(doxygen, doxyfile):
    with tempfile.TemporaryDirectory() as folder:
        header = pathlib.Path(folder, "wrong.h")
        namespace = "/// \\namespace paa\n/// All.\n"

        def faults(text):
            header.write_text(text + namespace)
            try:
                return missing(read_by_doxygen(doxygen, doxyfile, folder))[0]
            except SystemExit as found:
                return [str(found)]

        if found := faults(RIGHT):
            sys.exit(f"self-test: the header without a fault gave {found}")
        for old, new, expected in FAULTS:
            if RIGHT.count(old) != 1 and "override" not in old:
                sys.exit(f"self-test: {old!r} must stand once in the header")
            found = faults(RIGHT.replace(old, new))
            if len(found) != 1 or expected not in found[0]:
                sys.exit(f"self-test: without {expected} gave {found}")
    print(f"{len(FAULTS)} kinds of missing or faulty docstring are caught")


def main():
    doxygen, doxyfile, *rest = sys.argv[1:]
    if rest == ["--self-test"]:
        return self_test(doxygen, doxyfile)
    lines, symbols = missing(read_by_doxygen(doxygen, doxyfile))
    if lines:
        sys.exit("\n".join(lines))
    if symbols < 100:
        sys.exit(f"{doxyfile} brought only {symbols} symbols: this would pass whatever they are")
    print(f"{symbols} public symbols have docstrings")


if __name__ == "__main__":
    main()
