"""Blocks of Python compile, and those of one page run one after the other in one process, as a reader types them."""

from sandbox import model_is_there, sandbox


def check_syntax(block):
    try:
        compile(block.text, block.where, "exec")
    except SyntaxError as error:
        yield f"{block.where}: line {error.lineno}: {error.msg}"


def script_of(blocks):
    """The blocks at the line numbers that they have on their page, what they are to be run after before them."""
    lines = []
    for block in blocks:
        before = block.note[1] if block.note[0] == "run after" else ""
        lines += [""] * (block.line - 2 - len(lines)) + [before] + block.text.rstrip("\n").split("\n")
    return "\n".join(lines) + "\n"


def check_python(blocks, python, root, library):
    """`blocks`: those of one page. `python`: an interpreter with numpy."""
    faults = [fault for block in blocks for fault in check_syntax(block)]
    yield from faults
    wanted = [block for block in blocks if block.note[0] != "not run"]
    if faults or not wanted or not model_is_there():
        return
    with sandbox() as place:
        script = script_of(wanted)
        place.put_photos_of(script)
        name = place.folder / "blocks.py"
        name.write_text(script, encoding="utf-8")
        package = {"PYTHONPATH": str(root / "capi/python/src"), "PAA_LIBRARY": str(library)}
        done = place.run(python, name, environment=package)
    if done.returncode != 0:
        yield f"{wanted[0].page.path}: its Python blocks end with {done.returncode}:\n{done.stderr}"
