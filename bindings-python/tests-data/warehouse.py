"""A pipeline of dlt into a DuckDB file."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import duckdb

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
import dlt


class Warehouse:
    """A pipeline of dlt, and the DuckDB file that it fills."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = str(folder / "warehouse.duckdb")

    def run(self, source: Any, **options: Any) -> dict[str, int]:
        """Runs the pipeline as a new program would, and returns the number of rows that it loaded into each table."""
        pipeline = self._pipeline()
        pipeline.run(source, **options)
        normalized = pipeline.last_trace.last_normalize_info
        counts = normalized.row_counts if normalized else {}
        return {name: rows for name, rows in counts.items() if not name.startswith("_dlt")}

    def stop_before_load(self, source: Any) -> None:
        """Runs the pipeline as a program would that is killed before it loads anything."""
        pipeline = self._pipeline()
        pipeline.extract(source)
        pipeline.normalize()

    def forget(self) -> None:
        """Removes the folder of the pipeline, as on another machine."""
        shutil.rmtree(self._folder / "crm")

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Returns the rows of a query."""
        with duckdb.connect(self._file) as connection:
            connection.execute("SET search_path = 'crm'; SET TimeZone = 'UTC'")
            rows: list[tuple[Any, ...]] = connection.execute(sql).fetchall()
        return rows

    def _pipeline(self) -> Any:
        destination = dlt.destinations.duckdb(self._file)
        return dlt.pipeline("crm", destination=destination, dataset_name="crm", pipelines_dir=str(self._folder))
