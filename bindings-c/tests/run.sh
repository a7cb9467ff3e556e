#!/usr/bin/env bash
# Runs this binding's tests: run.sh FOLDER-OF-THE-LIBRARY PROGRAM... Started by `make -C bindings-c test`.
# The headers stand alone, only our symbols are visible, and every program ends well against a sandbox.
set -euo pipefail
export RUST_BACKTRACE=0 # the panic on purpose fits one line
library=$(realpath "$1")
shift
export EGITO_LIBRARY=$library/libegito.so
programs=$(realpath "$@")
cd "$(dirname "$0")/.."

# Alone, in every language version, with whichever of the two compilers is there.
headers() {
    local strict=(-Wall -Wextra -Wpedantic -Werror -fsyntax-only) compiler std file
    for compiler in gcc clang; do
        command -v $compiler >/dev/null || { not_run $compiler && continue || return 1; }
        for std in c99 c11 c17; do $compiler -std=$std "${strict[@]}" -Wstrict-prototypes -x c include/egito.h; done
        for std in c++11 c++14 c++17 c++20; do ${compiler/gcc/g++} -std=$std "${strict[@]}" -x c++ include/egito.h; done
        for file in include/egito.hpp include/egito/*.hpp; do
            # A header of its own is no main file: `-include` compiles it as one that is included.
            for std in c++17 c++20; do ${compiler/gcc/g++} -std=$std "${strict[@]}" -include $file -x c++ /dev/null; done
        done
    done
}

not_run() {
    echo "NOT RUN: $(../scripts/need.sh "$1" 2>&1)"
    [ -z "${EGITO_REQUIRE_ALL_ADAPTERS:-}" ]
}

# symbols.txt names every symbol with the version that brought it; none may vanish, none may come unasked.
symbols() {
    diff <(awk '!/^#/ && !/ = / { print $1 }' symbols.txt | LC_ALL=C sort) \
        <(nm -D --defined-only "$library/libegito.so" | awk '{ print $NF }' | LC_ALL=C sort)
    readelf -d "$library/libegito.so" >"$library/c/dynamic"
    grep -q 'SONAME.*\[libegito\.so\.0\]' "$library/c/dynamic"
    grep -q 'NODELETE' "$library/c/dynamic"
}

start_sandbox() {
    exec {sandbox_says}< <(exec "$library/egito-sandbox" --records 350 --exit-with-parent)
    sandbox=$!
    trap 'kill "$sandbox"' EXIT
    read -r -u "$sandbox_says" EGITO_SANDBOX
    export EGITO_SANDBOX
}

failures=0
check() {
    ("$@") & # as a condition it would not end at its first failure
    if wait $!; then echo "ok   ${*##*/}"; else echo "FAIL ${*##*/}" && failures=$((failures + 1)); fi
}

check headers
check symbols
[ -x "$library/c/many" ] || { echo "NOT RUN: many; install it with: sudo apt-get install nlohmann-json3-dev" && check [ -z "${EGITO_REQUIRE_ALL_ADAPTERS:-}" ]; }
start_sandbox
for program in $programs; do
    check "$program"
done
exit $((failures > 0))
