"""Data source of Spark: reads, streams and writes the records of an Egito CRM. Needs `pip install 'egito[spark]'`.

egito.spark.register(spark)
accounts = spark.read.format("egito").load("Account")
"""

from __future__ import annotations

from typing import Any

from egito.spark._source import EgitoDataSource

__all__ = ["EgitoDataSource", "register"]


def register(spark: Any) -> None:
    """Registers the format `egito` in a Spark session.

    Example:
        egito.spark.register(spark)
        accounts = spark.read.format("egito").load("Account")
    """
    spark.dataSource.register(EgitoDataSource)
