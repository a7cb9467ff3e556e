#!/usr/bin/env bash
# Runs a plain Java program with the jar and its dependencies, on every JDK of the machine: the jar brings its native library.
# The argument is the folder of a release, whose jars of sources and documentation are checked, too: check-jar.sh [target/jvm-release]
set -euo pipefail
cd "$(dirname "$0")/.."

jvm=${1:-target/jvm}
export EGITO_SANDBOX=$PWD/target/debug/egito-sandbox
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/jars"
cp "$jvm/egito.jar" "$jvm"/dependencies/*.jar "$work/jars"
cp bindings-jvm/src/test/programs/Plain.java "$work"

contains() {
    local jar=$1 entries
    shift
    entries=$(jar --list --file "$jvm/$jar")
    for entry; do
        grep -q "$entry" <<<"$entries" || { echo "$entry is not in $jar" && exit 1; }
    done
}

contains egito.jar linux-x86-64/libegito_jvm.so META-INF/LICENSE META-INF/NOTICE
if [ "$jvm" != target/jvm ]; then
    contains egito-sources.jar META-INF/LICENSE $(cd bindings-jvm/src/main/kotlin && find pl -type f)
    contains egito-javadoc.jar index.html pl/egito/{Egito,CoroutineEgito,AsyncEgito,ProbeReport,testing/Sandbox}.html
fi

run() {
    "$java" ${enabled---enable-native-access=ALL-UNNAMED} "$@" -cp "$work/jars/*" "$work/Plain.java"
}

fails_with() {
    local message=$1
    shift
    if run "$@" >"$work/output" 2>&1 || ! grep -F "Exception in thread \"main\" java.lang.UnsatisfiedLinkError: $message" "$work/output"; then
        echo "expected an UnsatisfiedLinkError: $message" && cat "$work/output" && exit 1
    fi
}

for jdk in $(ls -d /usr/lib/jvm/*/bin/javac | xargs -n1 realpath | sort -u); do
    java=$(dirname "$jdk")/java
    printf '%s: ' "$("$java" -version 2>&1 | head -1)"
    run
done

# Another library of the name: it has none of the functions.
mkdir "$work/other"
cp target/debug/libegito.so "$work/other/libegito_jvm.so"
fails_with "the native library of the Egito SDK is of another version than its jar" -Djna.library.path="$work/other"

# No folder for the file that JNA extracts, and a JVM that denies native code.
fails_with "cannot load the native library of the Egito SDK for linux-x86-64: Failed to create temporary file" -Djna.tmpdir="$work/Plain.java/folder"
fails_with "cannot load the native library of the Egito SDK for linux-x86-64: Failed to create temporary file" -Djna.tmpdir=/proc
if "$java" --illegal-native-access=deny -version >"$work/output" 2>&1; then
    enabled='' fails_with "cannot load the native library of the Egito SDK for linux-x86-64: the JVM denies access to native code" \
        --illegal-native-access=deny
fi

# A platform without a library.
(cd "$work" && jar --extract --file jars/egito.jar && rm -r linux-x86-64 && jar --create --file jars/egito.jar pl META-INF)
fails_with "cannot load the native library of the Egito SDK for linux-x86-64"

# A file that is not a library: the error has the reason.
mkdir "$work/damaged"
echo damaged >"$work/damaged/libegito_jvm.so"
fails_with "cannot load the native library of the Egito SDK for linux-x86-64" -Djna.library.path="$work/damaged"
grep -q "damaged/libegito_jvm.so: file too short" "$work/output"
