#!/usr/bin/env bash
# Builds the packages a second time, from nothing, and compares each file with that of dist/. It takes as long as `make dist`.
# `compare.sh pack` compiles nothing, and only packs again.
set -euo pipefail
cd "$(dirname "$0")/../.."
again=$PWD/target/dist-again
steps=()
if [ "${1:-}" = pack ]; then
    steps=(npm_packages c_archive debian crates jars composer_archive)
else
    rm -rf target/release-build/cargo
fi
rm -rf "$again"
DIST=$again scripts/release/build.sh "${steps[@]}"
failed=0
for file in $(cd "$again" && find . -type f ! -name SHA256SUMS -printf '%P\n' | sort); do
    if cmp -s "dist/$file" "$again/$file"; then
        echo "equal      $file"
    else
        echo "DIFFERENT  $file"
        failed=1
    fi
done
exit $failed
