#!/bin/sh
# Kills programs at random moments while the server fails in all ways; each record must be stored once.
# `outbox`: 8 processes put and deliver LEADS leads. `import`: an upsert of ROWS records is broken off 50 times.
# SEED is the first seed, RUNS the number of seeds.
set -eu
cd "$(dirname "$0")/.."
case ${1:-} in
outbox) test=outbox_processes::many_processes_that_are_killed_deliver_each_lead_once_for_long ;;
import) test=bulk_journal_crash::an_upsert_that_is_killed_fifty_times_on_a_failing_server_stores_each_record_once ;;
*) echo "usage: [SEED=1] [RUNS=20] [LEADS=10000] [ROWS=5000] scripts/torture.sh outbox|import" >&2; exit 2 ;;
esac
EGITO_TORTURE_SEED=${SEED:-1} EGITO_TORTURE_RUNS=${RUNS:-20} EGITO_TORTURE_LEADS=${LEADS:-10000} EGITO_TORTURE_ROWS=${ROWS:-5000} \
    exec cargo test --locked --quiet -p egito --test it -- --ignored --exact --nocapture "$test"
