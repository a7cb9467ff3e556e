#!/usr/bin/env bash
# Writes the components of each product as CycloneDX: the crates that are linked, and the jars that the Kotlin and Java package needs.
# The packages of npm and PHP need no other package, and the wheels contain their own lists. Called by build.sh.
set -euo pipefail
. scripts/release/settings.sh
mkdir -p "$dist/sbom"
# cargo-cyclonedx writes a file beside each Cargo.toml.
remove() { find . -path ./target -prune -o -name egito-release-sbom.json -exec rm {} +; }
trap remove EXIT
cargo cyclonedx --quiet --quiet --format json --spec-version 1.5 --target "$target" --override-filename egito-release-sbom
while read -r crate folder; do
    sed "s|file://$PWD|file:///egito|g" "$folder/egito-release-sbom.json" >"$dist/sbom/$crate-$version-$target.cdx.json"
done <<FOLDERS
egito core
egito-c bindings-c
egito-cli cli
egito-jvm-native bindings-jvm
egito-node bindings-node
egito-python bindings-python
egito-sandbox sandbox
FOLDERS
mvn -B -q -f bindings-jvm/pom.xml -Dbuild="$work/jvm" -Dproject.build.outputTimestamp="$SOURCE_DATE_EPOCH" \
    org.cyclonedx:cyclonedx-maven-plugin:2.9.1:makeBom -DincludeTestScope=false -DoutputFormat=json -DoutputName=sbom
cp "$work/jvm/sbom.json" "$dist/sbom/egito-jvm-$version.cdx.json"
