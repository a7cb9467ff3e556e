#!/bin/sh
# Packs the jar with the native library of a build: package.sh PROFILE FOLDER STRIP_OPTION [ARGUMENT OF MAVEN…]
# All output is in FOLDER.
set -eu
cd "$(dirname "$0")/.."
built=${CARGO_TARGET_DIR:-$PWD/target}/$1
folder=$2
strip_option=$3
shift 3
native=$folder/native/linux-x86-64

mkdir -p "$native"
strip "$strip_option" -o "$native/libegito_jvm.so" "$built/libegito_jvm.so"
mvn -B -q -f bindings-jvm/pom.xml -Dbuild="$folder" "$@" package
