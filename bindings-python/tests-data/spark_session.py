"""A Spark session on this machine, and its worker processes."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

import egito.spark


@contextmanager
def spark_session(log_folder: Path) -> Iterator[Any]:
    """Starts Spark with two threads, which run a task up to three times, and writes its event log into the folder."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    options = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "10",
        "spark.sql.python.filterPushdown.enabled": "true",
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": log_folder.as_uri(),
        "spark.eventLog.rolling.enabled": "false",
        "spark.eventLog.compress": "false",
        "spark.log.level": "OFF",
    }
    builder = SparkSession.builder.master("local[2,3]")
    for name, value in options.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    egito.spark.register(session)
    try:
        yield session
    finally:
        session.stop()


def kill_workers() -> int:
    """Kills the Python workers of Spark, as the system does if memory runs out. Returns their number."""
    workers = [pid for pid, parent in _daemons().items() if parent in _daemons()]
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    return len(workers)


def _daemons() -> dict[int, int]:
    """Returns the processes of pyspark's daemon that this process started, with their parents."""
    found: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):  # the process has ended
            continue
        if b"pyspark.daemon" in command:
            found[int(folder.name)] = parent
    return found
