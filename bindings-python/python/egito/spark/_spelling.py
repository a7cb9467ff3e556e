"""Spellings of one name: Spark converts the names of options to lower case, and files have either style."""


def squeezed(name: str) -> str:
    """Returns a name without case and underscores: `numPartitions`, `numpartitions` and `num_partitions` are one."""
    return name.lower().replace("_", "")
