#!/usr/bin/env bash
# Fails if a manifest has another version than the tag of a release: check-version.sh v0.1.0
set -euo pipefail
cd "$(dirname "$0")/../.."
version=${1#v}
failed=0
check() { # FILE VERSION
    [ "$2" = "$version" ] || { echo "invalid version in $1: expected $version, as in the tag, got $2"; failed=1; }
}
check Cargo.toml "$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)"
for file in bindings-node/package.json sandbox/npm/package.json cli/npm/package.json bindings-c/php/composer.json; do
    check "$file" "$(sed -n 's/^ *"version": "\(.*\)",/\1/p' "$file" | head -1)"
done
check bindings-jvm/pom.xml "$(sed -n 's|^  <version>\(.*\)</version>|\1|p' bindings-jvm/pom.xml)"
grep -q "^## $version" CHANGELOG.md || { echo "missing in CHANGELOG.md: a section \"## $version\""; failed=1; }
exit $failed
