#!/usr/bin/env bash
# Fuzzes the core on the stable compiler: runs every target (or the given ones) for SECONDS, from its corpus. A finding is a failure.
# usage: scripts/fuzz.sh [SECONDS [TARGET…]]
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
shift $(($# > 0))
all=$(cd core/fuzz/fuzz_targets && basename -s .rs ./*.rs)
targets=${*:-$all}

# The flags of `cargo fuzz --sanitizer none`. The core has no unsafe code, so it needs only coverage and debug assertions.
flags="-Dwarnings --cfg fuzzing -Cdebug-assertions -Ccodegen-units=1 -Cpasses=sancov-module"
for option in level=4 inline-8bit-counters pc-table trace-compares stack-depth; do
    flags+=" -Cllvm-args=-sanitizer-coverage-$option"
done
host=$(rustc -vV | sed -n 's/^host: //p')
built=$PWD/target/fuzz
cp Cargo.lock core/fuzz/Cargo.lock # the versions that ship are the ones to be fuzzed
# With --target, the flags do not apply to build scripts.
RUSTFLAGS=$flags CARGO_TARGET_DIR=$built cargo build --quiet --release --target "$host" --manifest-path core/fuzz/Cargo.toml

fuzz() {
    local found=$1/found/$2 log=$1/$2.log
    mkdir -p "$found" "$1/corpus/$2"
    # New inputs go into the first folder; the committed corpus does not change.
    if "$1/$4/release/$2" "$1/corpus/$2" "core/fuzz/corpus/$2" -max_total_time="$3" -timeout=10 -rss_limit_mb=1024 \
        -max_len=4096 -artifact_prefix="$found/" -print_final_stats=1 >"$log" 2>&1; then
        echo "$2: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") executions, nothing found"
    else
        echo "$2: FAILED; the input is in $found"
        tail -n 40 "$log"
        return 1
    fi
}
export -f fuzz
# shellcheck disable=SC2086
printf '%s\n' $targets | xargs -P "$(nproc)" -I{} bash -c 'fuzz "$@"' _ "$built" {} "$seconds" "$host"
