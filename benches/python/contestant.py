"""The contestants in Python: `contestant.py CONTESTANT WORKLOAD COUNT`. See ../README.md.

The environment has the settings in BENCH_SETTINGS and the record to create in BENCH_RECORD, both as JSON.
"""

from __future__ import annotations

import json
import os
import sys

import workloads


def main() -> None:
    """Runs a workload and prints the number of records and the sum of their fields, which the runner checks."""
    contestant, workload, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    run = workloads.ALL[workload]
    records, total = run(contestant, json.loads(os.environ["BENCH_SETTINGS"]), count)
    print(json.dumps({"count": int(records), "sum": int(total)}))


if __name__ == "__main__":
    main()
