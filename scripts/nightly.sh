#!/usr/bin/env bash
# Runs the long tests for about MINUTES (default 60), for a machine that is idle at night: half of the time fuzzing, then torture with
# seeds of the day, then the unsafe code under Miri. A failure does not end the run; its seed or input is printed.
# usage: scripts/nightly.sh [MINUTES]
set -uo pipefail
cd "$(dirname "$0")/.."
minutes=${1:-60}
[[ $minutes =~ ^[0-9]+$ ]] && [ "$minutes" -ge 1 ] || { echo "invalid MINUTES: expected a number from 1 on, got \"$minutes\""; exit 2; }
failed=()

fuzz() {
    local targets seconds
    targets=$(find core/fuzz/fuzz_targets -name '*.rs' | wc -l)
    seconds=$((minutes * 30 * $(nproc) / targets)) # the targets share the cores
    echo "== fuzzing, $targets targets for $((seconds > 1 ? seconds : 1)) s each =="
    scripts/fuzz.sh $((seconds > 1 ? seconds : 1)) || failed+=("fuzzing")
}

# Runs one seed after the other until the time is over. A run that takes 20 minutes hangs.
torture() { # NAME
    local end=$((SECONDS + minutes * 10)) seed=$(($(date +%s) / 86400 * 1000)) runs=0
    while [ "$SECONDS" -lt "$end" ]; do
        echo "== torture: $1, seed $seed =="
        SEED=$seed RUNS=1 LEADS=${LEADS:-2000} ROWS=${ROWS:-1000} timeout 1200 scripts/torture.sh "$1" || failed+=("SEED=$seed RUNS=1 LEADS=${LEADS:-2000} ROWS=${ROWS:-1000} scripts/torture.sh $1")
        seed=$((seed + 1)) runs=$((runs + 1))
    done
    summary+=("$1: $runs seeds")
}

# libegito has the only unsafe code. Its C programs run under valgrind and sanitizers in `make test`.
miri() {
    if ! cargo +nightly miri --version >/dev/null 2>&1; then
        echo "NOT RUN: missing: Miri; install it with: rustup toolchain install nightly --profile minimal --component miri,rust-src"
        return
    fi
    echo "== Miri: the unit tests of libegito =="
    CARGO_TARGET_DIR=target/miri MIRIFLAGS=-Zmiri-disable-isolation cargo +nightly miri test --locked --quiet -p egito-c --lib || failed+=("Miri")
}

fuzz
summary=()
cargo test --locked --quiet -p egito --test it --no-run || exit 1 # so that the time is for the tests
for name in outbox import changes; do torture $name; done
miri
printf '%s\n' "${summary[@]}"
[ ${#failed[@]} = 0 ] || { printf 'FAILED: %s\n' "${failed[@]}"; exit 1; }
