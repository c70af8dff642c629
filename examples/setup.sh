#!/bin/sh
# Installs what paa needs to build and run, and only what is missing: tools and libraries as Debian packages, and a
# Python virtual environment in $PAA_HOME/venv (default ~/.cache/paa/venv) with numpy and, unless a libtorch is found,
# PyTorch. Says what it will install, and how large that is, before it does. Run again after an interruption, it goes on.
#
#   PAA_TORCH_INDEX=URL   a further wheel index for pip, for example one with CPU wheels of PyTorch
#   PAA_ALLOW_CUDA=1      take a CUDA wheel of PyTorch (about 3 GB to download) without asking
#   PAA_WITH_BROWSER=1    also a browser, for the tests of pages, which are skipped without one
#   PAA_WITH_RUST=1       also Rust's Cargo, for the tests of the Rust binding, which are left out without one
#   PAA_WITH_PACKING=1    also what cpack needs to make Debian packages, and its test
#   PAA_WITH_DOXYGEN=1    also Doxygen, for the API reference and the test that everything public is documented
#   Torch_DIR=FOLDER      the libtorch to use (the folder of its TorchConfig.cmake)
set -eu

TORCH_VERSION=2.13.0
root=$(cd "$(dirname "$0")/.." && pwd)
venv="${PAA_HOME:-$HOME/.cache/paa}/venv"
export PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf 'setup: %s\n' "$*"; }
fail() {
  printf 'setup: %s\n' "$*" >&2
  exit 1
}

# --- tools and libraries of the system ---

have_cmake() { cmake --version 2>/dev/null | awk 'NR == 1 { split($3, v, "."); ok = v[1] > 3 || (v[1] == 3 && v[2] >= 25) }
                                                  END { exit !ok }'; }
have_compiler() { echo 'int main() {}' | c++ -std=c++20 -x c++ -fsyntax-only - 2>/dev/null; }
have_venv() { python3 -c 'import ensurepip, venv' 2>/dev/null; }
have_command() { command -v "$1" >/dev/null 2>&1; }
have_cargo() { have_command cargo || [ -x "${HOME:-}/.cargo/bin/cargo" ]; }
have_library() { pkg-config --exists "$1" 2>/dev/null; }
have_gloo() { echo '#include <gloo/rendezvous/store.h>' | c++ -E -x c++ - >/dev/null 2>&1; }
have_certificates() { [ -e /etc/ssl/certs/ca-certificates.crt ] || [ -e /etc/ssl/cert.pem ] || [ -d /etc/pki ]; }

# The Debian packages of what is missing, one a line.
missing_packages() {
  have_compiler || echo g++
  have_cmake || echo cmake
  have_command ninja || echo ninja-build
  have_command ccache || ! have_command apt-get || echo ccache  # only makes building again faster
  have_command pkg-config || echo pkg-config
  have_library fmt || echo libfmt-dev
  have_library nlohmann_json || echo nlohmann-json3-dev
  have_library CLI11 || echo libcli11-dev
  have_library catch2 || have_library catch2-with-main || echo catch2
  have_library libpcre2-8 || echo libpcre2-dev
  have_library sentencepiece || echo libsentencepiece-dev
  have_library stb || echo libstb-dev
  have_library libcrypto || echo libssl-dev
  have_library libcurl || echo libcurl4-openssl-dev
  have_library eigen3 || echo libeigen3-dev
  have_library cpp-httplib || echo libcpp-httplib-dev
  have_library libedit || ! have_command apt-get || echo libedit-dev  # only editing lines in the terminal needs it
  have_library xgboost || ! have_command apt-get || echo libxgboost-dev  # only gradient-boosted trees need it
  have_gloo || ! have_command apt-get || echo libgloo-dev  # only training by several processes needs it
  [ -z "${PAA_WITH_BROWSER:-}" ] || have_command chromedriver || echo chromium-driver  # only tests of pages need it
  [ -z "${PAA_WITH_PACKING:-}" ] || have_command dpkg-shlibdeps || echo dpkg-dev  # only Debian packages need these two
  [ -z "${PAA_WITH_PACKING:-}" ] || have_command file || echo file
  [ -z "${PAA_WITH_DOXYGEN:-}" ] || have_command doxygen || echo doxygen  # only the API reference needs it
  [ -z "${PAA_WITH_RUST:-}" ] || have_cargo || echo cargo  # only tests of the Rust binding need it
  have_venv || echo python3-venv
  have_certificates || echo ca-certificates
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -o DPkg::Lock::Timeout=300 "$@"
}

install_packages() {
  missing=$(missing_packages | tr '\n' ' ')
  [ -n "$missing" ] || return 0
  have_command apt-get || fail "this is no Debian system, so please install these yourself (Debian's names) and run this again: $missing"
  [ "$(id -u)" -eq 0 ] || have_command sudo ||
    fail "installing Debian packages needs root or sudo. As root: apt-get install $missing"
  say "installing Debian packages (all of them together: about 115 MB to download, 430 MB on disk): $missing"
  as_root env DEBIAN_FRONTEND=noninteractive dpkg --configure -a  # in case an earlier run was cut off
  apt_get update
  # shellcheck disable=SC2086  # one word a package
  apt_get install --assume-no --no-install-recommends $missing | grep -E '^(Need to get|After this)' || true
  # shellcheck disable=SC2086
  apt_get install --yes --no-install-recommends $missing
  missing=$(missing_packages | tr '\n' ' ')
  [ -z "$missing" ] || fail "still missing after the installation: $missing"
}

# --- the virtual environment ---

# A folder that an interrupted run left half made is made anew: pip takes half a package for a whole one.
prepare_venv() {
  if [ ! -e "$venv/.incomplete" ] && "$venv/bin/python" -c 'import pip' 2>/dev/null; then return 0; fi
  say "making the virtual environment $venv"
  rm -rf "$venv"
  mkdir -p "$venv"
  touch "$venv/.incomplete"
  python3 -m venv "$venv"
}

have_torch() { cmake -P "$root/cmake/PaaTorch.cmake" >/dev/null 2>&1; }
have_numpy() { "$venv/bin/python" -c 'import numpy' 2>/dev/null; }

pip_install() {
  touch "$venv/.incomplete"
  "$venv/bin/python" -m pip install --quiet "$@"
}

# torch's wheel as pip would choose it: "cuda NAME" or "cpu NAME", from its metadata alone.
chosen_wheel() {
  report="$venv/torch-wheel.json"
  "$venv/bin/python" -m pip install --quiet --quiet --dry-run --no-deps --ignore-installed --report "$report" \
    ${PAA_TORCH_INDEX:+--extra-index-url "$PAA_TORCH_INDEX"} "torch==$TORCH_VERSION" || return 1
  "$venv/bin/python" - "$report" <<'PYTHON'
import json, sys
from pip._vendor.packaging.requirements import Requirement

(wheel,) = json.load(open(sys.argv[1]))["install"]
needs = [Requirement(line) for line in wheel["metadata"].get("requires_dist", [])]
names = [need.name for need in needs if need.marker is None or need.marker.evaluate({"extra": ""})]
cuda = any(name.startswith(("nvidia-", "cuda-")) for name in names)
print("cuda" if cuda else "cpu", "torch", wheel["metadata"]["version"])
PYTHON
}

confirm_cuda() {
  say "pip would take $1, built for CUDA: about 3 GB to download, 7 GB on disk with NVIDIA's libraries."
  [ "${PAA_ALLOW_CUDA:-}" != 1 ] || return 0
  if [ -t 0 ]; then
    printf 'setup: go on? [y/N] '
    read -r answer
    case "$answer" in y | Y | yes) return 0 ;; esac
  fi
  fail "not fetching that unasked. Set PAA_TORCH_INDEX to a wheel index with CPU wheels of PyTorch (about 200 MB), or
PAA_ALLOW_CUDA=1 to take this one, or Torch_DIR to a libtorch that is there already; then run this again."
}

install_torch() {
  # An old pip downloads a wheel to learn what it needs; this one reads its metadata. The old one works too.
  pip_install --upgrade 'pip>=24.2' 2>/dev/null || say "pip itself could not be renewed; going on with the old one"
  wheel=$(chosen_wheel) || fail "pip found no torch $TORCH_VERSION for this Python and machine (its message stands above)"
  case "$wheel" in
    cuda*) confirm_cuda "${wheel#cuda }" ;;
    *) say "installing ${wheel#cpu } and numpy (about 200 MB to download, 1 GB on disk)" ;;
  esac
  pip_install ${PAA_TORCH_INDEX:+--extra-index-url "$PAA_TORCH_INDEX"} "torch==$TORCH_VERSION" numpy
}

install_python_packages() {
  prepare_venv
  if ! have_torch; then
    install_torch
    have_torch || cmake -P "$root/cmake/PaaTorch.cmake" # says why not, and fails
  elif ! have_numpy; then
    say "installing numpy (about 20 MB)"
    pip_install numpy
  fi
  rm -f "$venv/.incomplete"
}

install_packages
install_python_packages
say "all there"
