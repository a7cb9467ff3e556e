#!/usr/bin/env bash
# Finds memory errors, leaks and races: runs the C and C++ adapters over a part of the suite with AddressSanitizer, with
# ThreadSanitizer, and under valgrind with its full leak check; then the test programs under valgrind.
# memory.sh PROFILE [PART_OF_THE_SUITE]
#
# The library itself is built as always: AddressSanitizer sees its memory through malloc, valgrind sees every access.
# ThreadSanitizer sees only accesses of the program, since Rust waits by system calls that it does not know.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/requirements.sh
needs valgrind
profile=$1
part=${2:-bulk or observability or safety or dictionaries or read-ahead or closed}
root=$(realpath ..)
target=$root/target/$profile
out=$target/c/memory
reports=$out/reports
rm -rf "$out" && mkdir -p "$reports"
valgrind=(valgrind -q --leak-check=full --show-leak-kinds=definite,indirect,possible --errors-for-leak-kinds=definite,indirect,possible
    --error-exitcode=99 --suppressions="$PWD/tests/valgrind.supp" --log-file="$reports/valgrind.%p")

build() {
    cc -std=c99 -g -O1 "$@" -Iinclude -o "$out/adapter-c" ../tests/adapters/c/*.c -L"$target" -legito -pthread -Wl,-rpath,"$target"
    c++ -std=c++17 -g -O1 "$@" -Iinclude -o "$out/adapter-cpp" ../tests/adapters/cpp/adapter.cpp -L"$target" -legito -pthread -Wl,-rpath,"$target"
}

# Runs the part of the suite with a table of adapters whose commands begin with the given arguments.
play() {
    for name in c cpp; do
        command=$(printf '"%s", ' "$@" "$out/adapter-$name")
        printf '%s:\n  command: [%s]\n  make: make c\n' "$name" "${command%, }"
    done >"$out/adapters.yaml"
    (cd "$root" && .venv/bin/pytest -q -p no:cacheprovider tests/test_cases.py --adapters "$out/adapters.yaml" --sandbox "$target/egito-sandbox" \
        --adapter c --adapter cpp -k "$part") | tail -n 1
}

clean() {
    find "$reports" -mindepth 1 -empty -delete
    if [ -n "$(ls "$reports")" ]; then
        echo "FAIL $1" && head -n 60 "$reports"/*
        exit 1
    fi
    echo "ok   $1"
}

build -fsanitize=address,undefined -fno-sanitize-recover=all
play env "ASAN_OPTIONS=log_path=$reports/asan" "UBSAN_OPTIONS=log_path=$reports/ubsan"
clean AddressSanitizer

build -fsanitize=thread
play env "TSAN_OPTIONS=log_path=$reports/tsan:ignore_noninstrumented_modules=1"
clean ThreadSanitizer

build
play "${valgrind[@]}"
exec {output}< <(exec "$target/egito-sandbox" --records 350 --exit-with-parent)
sandbox=$!
trap 'kill "$sandbox"' EXIT
read -r -u "$output" EGITO_SANDBOX
export EGITO_SANDBOX EGITO_LIBRARY=$target/libegito.so RUST_BACKTRACE=0
for program in bulk errors events lists null objects ownership processes records threads utf8; do
    libraries=(-L"$target" -legito) leaks=()
    # A forked child does not free objects of its parent, which count as leaks in it.
    [ "$program" != processes ] || { libraries=(-ldl) && leaks=(--leak-check=no); }
    cc -std=c99 -g -O1 -Iinclude -o "$out/$program" "tests/$program.c" "${libraries[@]}" -pthread -Wl,-rpath,"$target"
    "${valgrind[@]}" "${leaks[@]}" "$out/$program" 2>"$out/log" || {
        cat "$out/log" && echo "FAIL $program under valgrind" && head -n 40 "$reports"/* && exit 1
    }
done
clean valgrind
