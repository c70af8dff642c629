#!/usr/bin/env python3
"""Checks that includes follow the arrows of the architecture: a folder includes itself and folders of lower layers only.

    include_arrows.py PROJECT      checks include/, src/, capi/ and examples/; prints each include that goes astray
    include_arrows.py --self-test  checks that each kind of wrong include is caught

Torch's headers stand in include/paa/nn, in src from nn on, in capi's sources, and in examples/cpp; nowhere else.
"""

import pathlib
import re
import sys
import tempfile

# Lowest first. Folders of one layer do not include each other.
LAYERS = [["core"], ["image", "text", "person"], ["checkpoint", "data"], ["taste"], ["nn"], ["pmllm"], ["chat"], ["dlllm"],
          ["interview"], ["eval"], ["train"], ["capi"], ["examples"]]
LAYER_OF = {folder: layer for layer, folders in enumerate(LAYERS) for folder in folders}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
TORCH = re.compile(r"(torch|ATen|c10|caffe2)/")
SOURCES = {".h", ".hpp", ".c", ".cc", ".cpp", ".in"}


def folder_of(path, project):
    """The folder of the architecture that a file stands in; None for what belongs to all, such as src/CMakeLists.txt."""
    parts = path.relative_to(project).parts
    if parts[:2] == ("include", "paa"):
        return parts[2] if len(parts) > 3 else None
    if parts[0] == "src":
        return parts[1] if len(parts) > 2 else None
    return parts[0]


def may_include_torch(path, project):
    parts = path.relative_to(project).parts
    if parts[0] == "include":
        return parts[2] == "nn"
    if parts[0] == "capi":
        return path.name != "paa.h"
    if parts[:2] == ("examples", "cpp"):
        return True
    return parts[0] == "src" and LAYER_OF[parts[1]] >= LAYER_OF["nn"]


def target_folder(name, quoted, path, project):
    """The folder that an include leads to; None if it leaves the project."""
    if name == "paa.h":
        return "capi"
    if name.startswith("paa/"):
        return name.split("/")[1]
    if quoted:
        for base in (path.parent, project / "src"):
            target = (base / name).resolve()
            if target.is_file() and target.is_relative_to(project):
                return folder_of(target, project)
    return None


def faults_of(path, project):
    folder = folder_of(path, project)
    if folder is None:
        return
    if folder not in LAYER_OF:
        yield f"{path}: the folder {folder} has no place among the layers of include_arrows.py"
        return
    public = path.relative_to(project).parts[0] == "include"
    text = path.read_text(encoding="utf-8")
    for match in INCLUDE.finditer(text):
        name = match[2]
        where = f"{path}:{text.count(chr(10), 0, match.start(2)) + 1}: includes {name}"
        if TORCH.match(name):
            if not may_include_torch(path, project):
                yield f"{where}, but Torch's headers have no place in this file"
            continue
        target = target_folder(name, match[1] == '"', path, project)
        if target is None or target == folder:
            continue
        if target not in LAYER_OF:
            yield f"{where}: there is no folder {target}"
        elif LAYER_OF[target] >= LAYER_OF[folder]:
            yield f"{where}: {folder} stands below {target} or beside it"
        elif target == "nn" and public:
            yield f"{where}: a public header outside nn may not bring Torch along"


def check(project):
    project = project.resolve()
    files = sorted(path for top in ("include", "src", "capi", "examples") for path in (project / top).rglob("*")
                   if path.suffix in SOURCES)
    return [fault for path in files for fault in faults_of(path, project)], len(files)


def self_test():
    """One wrong include at a time in a small tree that is right otherwise."""
    right = {
        "include/paa/core/a.h": "#include <string>\n",
        "include/paa/core/version.h.in": "\n",
        "include/paa/image/a.h": '#include "paa/core/a.h"\n',
        "include/paa/nn/a.h": '#include <ATen/core/Tensor.h>\n#include "paa/checkpoint/a.h"\n',
        "include/paa/pmllm/a.h": '#include "paa/image/a.h"\n',
        "src/checkpoint/private.h": "\n",
        "src/image/a.cpp": '#include "paa/image/a.h"\n#include "b.h"\n',
        "src/image/b.h": "\n",
        "src/pmllm/a.cpp": '#include <ATen/ops/add.h>\n#include "paa/nn/a.h"\n',
        "capi/a.cpp": '#include "paa.h"\n#include <c10/util/Exception.h>\n',
        "capi/paa.h": "#include <stddef.h>\n",
        "examples/c/score.c": "#include <paa.h>\n",
        "examples/cpp/own_head.cpp": '#include <torch/optim/adamw.h>\n#include "paa/nn/a.h"\n',
    }
    wrong = {
        "include/paa/core/b.h": '#include "paa/image/a.h"\n',
        "include/paa/image/c.h": '#include <paa/text/a.h>\n',
        "include/paa/pmllm/b.h": '#include "paa/nn/a.h"\n',
        "include/paa/person/a.h": "#include <torch/torch.h>\n",
        "include/paa/odd/a.h": "#include <string>\n",
        "include/paa/text/a.h": '  #  include "paa/odd/a.h"\n',
        "src/image/d.cpp": '#include "../checkpoint/private.h"\n',
        "src/text/e.cpp": '#include "checkpoint/private.h"\n',
        "src/checkpoint/a.cpp": "#include <c10/core/Device.h>\n",
        "src/pmllm/b.cpp": '#include "paa.h"\n',
        "examples/paa/main.cpp": "#include <ATen/core/Tensor.h>\n",
    }
    for name, text in {"": "", **wrong}.items():
        with tempfile.TemporaryDirectory() as folder:
            project = pathlib.Path(folder)
            for path, content in (right | ({name: text} if name else {})).items():
                (project / path).parent.mkdir(parents=True, exist_ok=True)
                (project / path).write_text(content)
            faults, _ = check(project)
            if len(faults) != (1 if name else 0):
                sys.exit(f"self-test: {name or 'the tree without a fault'} gave {faults}")
    print(f"{len(wrong)} kinds of wrong include are caught")


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    faults, files = check(pathlib.Path(sys.argv[1]))
    if faults:
        sys.exit("\n".join(faults))
    if files == 0:
        sys.exit(f"{sys.argv[1]} holds no sources: this would pass whatever they include")
    print(f"the includes of {files} files follow the arrows")


if __name__ == "__main__":
    main()
