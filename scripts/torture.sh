#!/bin/sh
# Long forms of tests, to be run by hand.
# `outbox`: 8 processes put and deliver LEADS leads, and are killed at random moments while the server fails in all ways; each lead must
# be stored once. `import`: an upsert of ROWS records is broken off 50 times on such a server. `changes`: two programs read the changes
# while others write and delete; nothing may be missed or come twice.
# SEED is the first seed, RUNS the number of seeds.
set -eu
cd "$(dirname "$0")/.."
case ${1:-} in
outbox) test=outbox_processes::many_processes_that_are_killed_deliver_each_lead_once_for_long ;;
import) test=bulk_journal_crash::an_upsert_that_is_killed_fifty_times_on_a_failing_server_stores_each_record_once ;;
changes) test=changes::nothing_is_missed_while_others_write_and_delete_for_long RUNS=${RUNS:-1000} ;;
*) echo "usage: [SEED=1] [RUNS=20] [LEADS=10000] [ROWS=5000] scripts/torture.sh outbox|import|changes" >&2; exit 2 ;;
esac
EGITO_TORTURE_SEED=${SEED:-1} EGITO_TORTURE_RUNS=${RUNS:-20} EGITO_TORTURE_LEADS=${LEADS:-10000} EGITO_TORTURE_ROWS=${ROWS:-5000} \
    exec cargo test --locked --quiet -p egito --test it -- --ignored --exact --nocapture "$test"
