#!/usr/bin/env bash
# Runs the tests of this binding: run.sh LIBRARY_FOLDER PROGRAM... Called by `make -C bindings-c test`.
# Checks that each header compiles alone, that values without a JSON form do not compile, that the library exports only the symbols
# of symbols.txt, and that every test program passes.
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

# Values without a JSON form do not compile, with a message that says so.
refused_types() {
    local compiler std value number=0 values=('std::filesystem::path("/a")' 'std::vector<std::filesystem::path>(1)' 'std::byte(1)'
        'std::vector<std::byte>(1)' "'x'" "U'x'" "L'x'" 'std::chrono::seconds(1)' "u8'x'")
    for compiler in g++ clang++; do
        command -v $compiler >/dev/null || { not_run ${compiler/clang++/clang} && continue || return 1; }
        for std in c++17 c++20; do
            {
                printf '#include <filesystem>\n#include "egito.hpp"\n'
                for value in "${values[@]}"; do echo "void f$((++number))() { egito::object().set(\"a\", $value); }"; done
            } >"$library/c/refused.cpp"
            ! $compiler -std=$std -Iinclude -fsyntax-only "$library/c/refused.cpp" 2>"$library/c/refused" || return 1
            [ "$(grep -c 'error:.*has no JSON form' "$library/c/refused")" -ge $((${std#c++} == 17 ? 8 : 9)) ] || { cat "$library/c/refused" && return 1; }
        done
    done
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
check refused_types
check symbols
[ -x "$library/c/cpp_bulk" ] || { echo "NOT RUN: cpp_bulk; install it with: sudo apt-get install nlohmann-json3-dev" && check [ -z "${EGITO_REQUIRE_ALL_ADAPTERS:-}" ]; }
start_sandbox
for program in $programs; do
    check "$program"
done
exit $((failures > 0))
