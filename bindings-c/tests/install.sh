#!/usr/bin/env bash
# Installs into an empty prefix through DESTDIR, and builds the examples from it: with pkg-config and find_package, shared and
# static. Then runs every program against the sandbox. install.sh PROFILE
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/requirements.sh
needs cmake pkg-config
profile=$1
sandbox=$PWD/../target/$profile/egito-sandbox
examples=$PWD/examples
work=$(mktemp -d)
trap 'rm -rf "$work"; [ -z "${sandbox_id:-}" ] || kill "$sandbox_id"' EXIT
prefix="$work/opt/an egito"

for name in PREFIX LIBDIR DESTDIR; do
    if make -s install PREFIX="$prefix" FROM="$profile" $name=elsewhere 2>"$work/log" || ! grep -q "invalid $name" "$work/log"; then
        echo "a relative $name was accepted" && exit 1
    fi
done
[ ! -e elsewhere ] && [ ! -e "$prefix" ]
make -s install PREFIX="$prefix" DESTDIR="$work/stage" FROM="$profile"
[ ! -e "$prefix" ] || { echo "DESTDIR was ignored" && exit 1; }
mkdir -p "$work/opt" && mv "$work/stage$prefix" "$prefix"
(cd "$prefix" && find . -type f -o -type l | sort)

export PKG_CONFIG_PATH=$prefix/lib/pkgconfig
pkg-config --print-errors --exists 'egito >= 0.1.0'
# The output of pkg-config is quoted for a shell: the prefix contains a space.
flags=$(pkg-config --cflags --libs egito)
eval "cc -std=c99 '$examples/c/demo.c' -o '$work/c-pc' $flags -Wl,-rpath,'$prefix/lib'"
eval "c++ -std=c++17 '$examples/cpp/demo.cpp' -o '$work/cpp-pc' $flags -Wl,-rpath,'$prefix/lib'"
flags=$(pkg-config --static --cflags --libs egito | sed 's/-legito/-l:libegito.a/')
eval "cc -std=c99 '$examples/c/demo.c' -o '$work/c-pc-static' $flags"
eval "c++ -std=c++17 '$examples/cpp/demo.cpp' -o '$work/cpp-pc-static' $flags"
cmake -S tests/install -B "$work/build" -DCMAKE_PREFIX_PATH="$prefix" -DEXAMPLES="$examples" >/dev/null
cmake --build "$work/build" >/dev/null
for version in 0.2 1.0; do
    if cmake -S tests/install -B "$work/$version" -DCMAKE_PREFIX_PATH="$prefix" -DEXAMPLES="$examples" -DWANTED=$version &>/dev/null; then
        echo "version $version was found, but is not installed" && exit 1
    fi
done

exec {output}< <(exec "$sandbox" --records 1200 --print-env --exit-with-parent)
sandbox_id=$!
for _ in 1 2 3 4 5; do read -r -u "$output" line && eval "$line"; done
shared=("$work"/{c,cpp}-pc "$work"/build/{c,cpp}-egito)
static=("$work"/{c,cpp}-pc-static "$work"/build/{c,cpp}-static)
for program in "${shared[@]}" "${static[@]}"; do
    "$program" >"$work/output" || { cat "$work/output" && echo "${program##*/} failed" && exit 1; }
    echo "ran ${program##*/}"
done
for program in "${shared[@]}"; do ldd "$program" | grep "libegito.so.0 => $prefix/lib/" >/dev/null; done
for program in "${static[@]}"; do
    if ldd "$program" | grep libegito; then echo "${program##*/} is not static" && exit 1; fi
done
make -s uninstall PREFIX="$prefix"
[ -z "$(find "$prefix" -type f -o -type l)" ]
