#!/bin/sh
# Writes border/, the Kotlin that calls the native library, from the library that `make rust` has built. `generate.sh --check` writes
# nothing, and fails if border/ is stale.
set -eu
cd "$(dirname "$0")/.."
built=${CARGO_TARGET_DIR:-$PWD/target}/debug
new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT

cargo build --locked --quiet -p egito-jvm-bindgen
"$built/egito-jvm-bindgen" "$built/libegito_jvm.so" "$new"
if [ "${1:-}" = --check ]; then
    diff -r "$new" bindings-jvm/border >&2 || { echo "bindings-jvm/border is stale; write it with: make jvm-border" >&2; exit 1; }
else
    rm -rf bindings-jvm/border
    cp -r "$new" bindings-jvm/border
fi
