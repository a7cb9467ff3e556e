#!/bin/sh
# Installs the programs that build the packages of a release into target/release-tools. GLIBC=host leaves zig out.
set -eu
cd "$(dirname "$0")/../.."
python3 -m venv target/release-tools
install() { target/release-tools/bin/pip install --quiet --disable-pip-version-check --only-binary :all: "$@"; }
install $(grep -v -e '^#' -e zig scripts/release/requirements.txt)
if [ "${GLIBC:-}" != host ] && ! install -r scripts/release/requirements.txt; then
    echo "zig cannot be installed from PyPI, and without it the packages only run on systems as new as this one; to build such packages: make dist GLIBC=host" >&2
    exit 1
fi
cargo install --quiet --locked --root target/release-tools cargo-cyclonedx@0.5.9 # lists the crates of each product
