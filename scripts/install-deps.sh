#!/usr/bin/env bash
# Installs what building and testing need, on Debian 12, Ubuntu 24.04 and newer. Does nothing, and asks for nothing,
# when all of it is there. With --with-tools also what checking the code's form needs.
set -euo pipefail

packages=(
  g++ cmake ninja-build
  libboost-dev nlohmann-json3-dev libyaml-cpp-dev libfmt-dev libcli11-dev
  libgtest-dev libgmock-dev
)
[[ "${1:-}" == --with-tools ]] && packages+=(clang-format-14 python3 python3-venv)

installed() { [[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" == installed ]]; }

missing=()
if command -v dpkg-query >/dev/null; then
  for package in "${packages[@]}"; do
    installed "$package" || missing+=("$package")
  done
else
  echo "install-deps: this is no Debian or Ubuntu; please install the equivalents of: ${packages[*]}" >&2
  exit 0
fi
[[ ${#missing[@]} -eq 0 ]] && exit 0

as_root=(env DEBIAN_FRONTEND=noninteractive)
if [[ $EUID -ne 0 ]]; then
  command -v sudo >/dev/null || { echo "install-deps: needs root to install: ${missing[*]}" >&2; exit 1; }
  as_root=(sudo "${as_root[@]}")
fi
echo "install-deps: installing ${missing[*]}" >&2
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null
