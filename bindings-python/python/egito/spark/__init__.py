"""Data source of Spark: reads, streams and writes the records of an Egito CRM. Needs `pip install 'egito[spark]'`.

egito.spark.register(spark)
accounts = spark.read.format("egito").load("Account")
"""

from __future__ import annotations

from typing import Any

from egito.spark._source import EgitoDataSource
from egito.spark._variables import warn_of_late_variables

__all__ = ["EgitoDataSource", "register"]


def register(spark: Any) -> None:
    """Registers the format `egito` in a Spark session.

    Warns of variables such as `EGITO_PAGE_SIZE` that were changed after Spark's JVM was started: it does not see them.

    Example:
        egito.spark.register(spark)
        accounts = spark.read.format("egito").load("Account")
    """
    warn_of_late_variables(spark)
    spark.dataSource.register(EgitoDataSource)
