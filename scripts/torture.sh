#!/bin/sh
# Puts and delivers leads in 8 processes while the server fails in all ways and the processes are killed; each lead must be stored once.
# SEED is the first seed, RUNS the number of seeds, LEADS the number of leads of each run.
set -eu
cd "$(dirname "$0")/.."
EGITO_TORTURE_SEED=${SEED:-1} EGITO_TORTURE_RUNS=${RUNS:-20} EGITO_TORTURE_LEADS=${LEADS:-10000} \
    exec cargo test --locked --quiet -p egito --test it -- --ignored --exact --nocapture \
    outbox_processes::many_processes_that_are_killed_deliver_each_lead_once_for_long
