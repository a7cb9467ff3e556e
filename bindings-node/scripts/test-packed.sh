#!/bin/sh
# Installs the packed tarballs into an empty folder, and runs every case of the suite with this package.
set -eu
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
node scripts/pack.mjs --sandbox ../target/debug/egito-sandbox >"$folder/tarballs"
echo '{}' >"$folder/package.json"
(cd "$folder" && xargs npm install --silent --offline --no-audit --no-fund <tarballs)
export ADAPTER_PACKAGE="$folder/node_modules/egito"
cd .. && .venv/bin/pytest -q tests/test_cases.py --adapter node
