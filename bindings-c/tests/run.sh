#!/usr/bin/env bash
# Runs the tests of this binding: run.sh LIBRARY_FOLDER PROGRAM... Called by `make -C bindings-c test`.
# Checks that each header compiles alone, that the library exports only the symbols of symbols.txt, and that every test program passes.
set -euo pipefail
export RUST_BACKTRACE=0 # an intended panic prints one line
library=$(realpath "$1")
shift
export EGITO_LIBRARY=$library/libegito.so
programs=$(realpath "$@")
cd "$(dirname "$0")/.."

# Compiles each header alone, for every version of the language, with each of the two compilers that is installed.
headers() {
    local strict=(-Wall -Wextra -Wpedantic -Werror -fsyntax-only) compiler std file
    for compiler in gcc clang; do
        command -v $compiler >/dev/null || { not_run $compiler && continue || return 1; }
        for std in c99 c11 c17; do $compiler -std=$std "${strict[@]}" -Wstrict-prototypes -x c include/egito.h; done
        for std in c++11 c++14 c++17 c++20; do ${compiler/gcc/g++} -std=$std "${strict[@]}" -x c++ include/egito.h; done
        for file in include/egito.hpp include/egito/*.hpp; do
            # `-include` compiles it as an included file, since compilers warn about a header as the main file.
            for std in c++17 c++20; do ${compiler/gcc/g++} -std=$std "${strict[@]}" -include $file -x c++ /dev/null; done
        done
    done
}

not_run() {
    echo "NOT RUN: $(../scripts/need.sh "$1" 2>&1)"
    [ -z "${EGITO_REQUIRE_ALL_ADAPTERS:-}" ]
}

# Compares the exported symbols with symbols.txt. Builds for tests have one more, of the feature `test-panic`.
symbols() {
    diff <(awk '!/^#/ && !/ = / { print $1 }' symbols.txt | LC_ALL=C sort) \
        <(nm -D --defined-only "$library/libegito.so" | awk '$NF != "egito_panic_for_tests" { print $NF }' | LC_ALL=C sort)
    readelf -d "$library/libegito.so" >"$library/c/dynamic"
    grep -q 'SONAME.*\[libegito\.so\.0\]' "$library/c/dynamic"
    grep -q 'NODELETE' "$library/c/dynamic"
}

start_sandbox() {
    exec {sandbox_output}< <(exec "$library/egito-sandbox" --records 350 --exit-with-parent)
    sandbox=$!
    trap 'kill "$sandbox"' EXIT
    read -r -u "$sandbox_output" EGITO_SANDBOX
    export EGITO_SANDBOX
}

failures=0
check() {
    ("$@") & # not as a condition, which would disable `set -e`
    if wait $!; then echo "ok   ${*##*/}"; else echo "FAIL ${*##*/}" && failures=$((failures + 1)); fi
}

check headers
check symbols
[ -x "$library/c/cpp_bulk" ] || { echo "NOT RUN: cpp_bulk; install it with: sudo apt-get install nlohmann-json3-dev" && check [ -z "${EGITO_REQUIRE_ALL_ADAPTERS:-}" ]; }
start_sandbox
for program in $programs; do
    check "$program"
done
exit $((failures > 0))
