#!/bin/sh
# Sets up what is missing and builds the named CMake targets (all of them if none is named) in build/, optimised.
#
#   sh examples/build.sh [TARGET...]
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
python="${PAA_HOME:-$HOME/.cache/paa}/venv/bin/python"

# One compiler a core, but no more than the memory holds: a file that includes Torch takes up to 2 GB.
jobs=$(awk -v cores="$(nproc)" '/^MemAvailable:/ { held = int($2 / 2000000) }
                               END { if (held < 1) held = 1; print held < cores ? held : cores }' /proc/meminfo)

sh "$root/examples/setup.sh"
cd "$root"
# Python runs the tests of the bindings; the one of the virtual environment has numpy.
cmake --preset release --log-level=NOTICE -DPython3_EXECUTABLE="$python" ${Torch_DIR:+-DTorch_DIR="$Torch_DIR"}
if [ $# -gt 0 ]; then
  cmake --build --preset release --parallel "$jobs" --target "$@"
else
  cmake --build --preset release --parallel "$jobs"
fi
