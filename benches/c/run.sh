#!/usr/bin/env bash
# Starts a sandbox with 100,000 records and measures against it: run.sh SANDBOX BENCH [ROUNDS]
set -euo pipefail
exec {output}< <(exec "$1" --records 100000 --exit-with-parent)
sandbox=$!
trap 'kill "$sandbox"' EXIT
read -r -u "$output" line
"$2" "$(sed 's/.*"settings"://; s/}$//' <<<"$line")" "${3:-7}"
