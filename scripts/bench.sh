#!/bin/sh
# Builds for release and measures. See benches/README.md.
set -eu
cd "$(dirname "$0")/.."
cargo build --locked --quiet --release -p egito-sandbox -p egito-bench
target/release/egito-bench target/release/egito-sandbox
