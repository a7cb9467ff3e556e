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

headers() {
    gcc -std=c99 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -x c include/egito.h
    g++ -std=c++17 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -x c++ include/egito.h
    g++ -std=c++17 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -x c++ include/egito.hpp
}

# symbols.txt names every symbol with the version that brought it; none may vanish, none may come unasked.
symbols() {
    diff <(awk '!/^#/ { print $1 }' symbols.txt | LC_ALL=C sort) \
        <(nm -D --defined-only "$library/libegito.so" | awk '{ print $NF }' | LC_ALL=C sort)
    readelf -d "$library/libegito.so" | grep -q 'SONAME.*\[libegito\.so\.0\]'
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
    if "$@"; then echo "ok   ${*##*/}"; else echo "FAIL ${*##*/}" && failures=$((failures + 1)); fi
}

check headers
check symbols
[ -x "$library/c/many" ] || { echo "NOT RUN: many; install it with: sudo apt-get install nlohmann-json3-dev" && check [ -z "${EGITO_REQUIRE_ALL_ADAPTERS:-}" ]; }
start_sandbox
for program in $programs; do
    check "$program"
done
exit $((failures > 0))
