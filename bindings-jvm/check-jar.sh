#!/usr/bin/env bash
# Runs a plain Java program with the jar and its dependencies, on every JDK of the machine: the jar brings its native library.
set -euo pipefail
cd "$(dirname "$0")/.."

jvm=target/jvm
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$jvm/egito.jar" "$jvm"/dependencies/*.jar "$work"
cp bindings-jvm/src/test/programs/Plain.java "$work"
entries=$(jar --list --file "$work/egito.jar")
for entry in linux-x86-64/libegito_jvm.so META-INF/LICENSE META-INF/NOTICE; do
    grep -q "$entry" <<<"$entries" || { echo "$entry is not in the jar" && exit 1; }
done

for jdk in $(ls -d /usr/lib/jvm/*/bin/javac | xargs -n1 realpath | sort -u); do
    java=$(dirname "$jdk")/java
    printf '%s: ' "$("$java" -version 2>&1 | head -1)"
    EGITO_SANDBOX=$PWD/target/debug/egito-sandbox "$java" --enable-native-access=ALL-UNNAMED -cp "$work/*" "$work/Plain.java"
done
