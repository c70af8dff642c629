#!/bin/sh
# Sets up what is missing, builds everything and runs all tests but those labelled nightly: first what needs no Torch,
# under AddressSanitizer and UndefinedBehaviorSanitizer, then everything, optimised.
#
#   sh tests/run.sh [CTEST_ARGUMENT...]      for example: sh tests/run.sh -LE slow
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
trap '[ $? -eq 0 ] || echo "FAILED: see above"' EXIT

sh "$root/examples/build.sh"
"${PAA_HOME:-$HOME/.cache/paa}/venv/bin/python" "$root/examples/fetch_model.py"

cd "$root"
cmake --preset asan --log-level=NOTICE
cmake --build --preset asan --parallel "$(nproc)"
# As many tests as cores run side by side; more threads than that would only wait for each other.
export OMP_NUM_THREADS=1
failed=0
ctest --preset asan --parallel "$(nproc)" "$@" || failed=1
ctest --preset release --parallel "$(nproc)" "$@" || failed=1
[ "$failed" -eq 0 ] || exit 1
echo "PASSED: all tests"
