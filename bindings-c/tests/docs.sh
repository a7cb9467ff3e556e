#!/usr/bin/env bash
# Compiles and runs every program of docs/c.md and docs/cpp.md, unchanged. docs.sh PROFILE
set -euo pipefail
cd "$(dirname "$0")/.."
profile=$1
target=$(realpath "../target/$profile")
out=$target/c/docs
rm -rf "$out" && mkdir -p "$out"

# Writes each block of a language that is a whole program to its own file.
programs() {
    awk -v fence='```'"$1" -v out="$out/$2" '
        $0 == fence { inside = 1; text = ""; line = NR; next }
        /^```/ && inside { inside = 0; if (text ~ /int main/) { file = out "-" line "." "'"$1"'"; printf "%s", text >file; close(file) } next }
        inside { text = text $0 "\n" }' "../docs/$2.md"
}
programs c c
programs cpp cpp
[ "$(ls "$out" | wc -l)" -ge 10 ]

exec {output}< <(exec "$target/egito-sandbox" --records 1200 --print-env --exit-with-parent)
sandbox=$!
trap 'kill "$sandbox"' EXIT
for _ in 1 2 3 4 5; do read -r -u "$output" line && eval "$line"; done

link=(-L"$target" -legito -pthread -Wl,-rpath,"$target")
strict=(-Wall -Wextra -Wpedantic -Werror -Iinclude)
for file in "$out"/*.c "$out"/*.cpp; do
    if grep -q nlohmann "$file" && ! echo '#include <nlohmann/json.hpp>' | c++ -std=c++17 -fsyntax-only -x c++ - 2>/dev/null; then
        echo "NOT RUN: ${file##*/}; install nlohmann::json with: sudo apt-get install nlohmann-json3-dev"
        [ -z "${EGITO_REQUIRE_ALL_ADAPTERS:-}" ] && continue
        exit 1
    fi
    case $file in
        *.c) cc -std=c99 -D_POSIX_C_SOURCE=200809L "${strict[@]}" -o "${file%.*}" "$file" "${link[@]}" ;;
        *) c++ -std=c++17 "${strict[@]}" -o "${file%.*}" "$file" "${link[@]}" ;;
    esac
    (cd "$out" && "${file%.*}") >"$out/log" 2>&1 || { cat "$out/log" && echo "FAIL ${file##*/}" && exit 1; }
    echo "ok   ${file##*/}"
done
