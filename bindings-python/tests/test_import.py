"""What `import egito` loads, and type parameters, which need no `typing`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Generic, TypeVar, get_args, get_origin

import egito

SLOW = {"asyncio", "collections", "dataclasses", "enum", "logging", "orjson", "pandas", "re", "typing"}

IMPORTED = """
import sys
sys.path.insert(0, sys.argv[1])
import egito
print(*sys.modules)
"""


def test_import_loads_no_slow_modules() -> None:
    folder = str(Path(egito.__file__).parents[1])
    command = [sys.executable, "-I", "-S", "-c", IMPORTED, folder]  # without the modules that `site` loads
    imported = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert "egito._sync.client" in imported
    assert SLOW.isdisjoint(imported)


def test_public_classes_take_type_parameters() -> None:
    T = TypeVar("T")

    class Offers(egito.RecordList[T], Generic[T]):
        """A list with a type parameter of its own."""

    for each in (egito.Entity, egito.RecordList, egito.AsyncEntity, egito.BulkRow, Offers):
        assert get_origin(each[dict]) is each
        assert get_args(each[dict]) == (dict,)
    assert issubclass(Offers, egito.RecordList)
