#!/bin/sh
# Installs the packed tarballs into an empty folder, runs the program `egito`, and every case of the suite with this package.
set -eu
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
strip -o "$folder/egito" ../target/debug/egito # its line numbers would take longer to pack than to build
node scripts/pack.mjs --sandbox ../target/debug/egito-sandbox --cli "$folder/egito" >"$folder/tarballs"
echo '{}' >"$folder/package.json"
(cd "$folder" && xargs npm install --silent --offline --no-audit --no-fund <tarballs)
export ADAPTER_PACKAGE="$folder/node_modules/egito"
cd ..
scripts/check-cli.sh "$folder/node_modules/.bin/egito"
.venv/bin/pytest -q tests/test_cases.py --adapter node
