"""Lists that are read with orjson: the records are the same as without it, and it is imported only when it pays off."""

from __future__ import annotations

import json
import random
import re
import struct
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from raw_server import RawServer

from support import start_program

CORPUS = Path(__file__).parents[2] / "core/fuzz/corpus"

READ_LISTS = """
import json, sys
settings, with_orjson, options = json.loads(sys.argv[1]), json.loads(sys.argv[2]), json.loads(sys.argv[3])
calls = []
if not with_orjson:
    sys.modules["orjson"] = None
else:
    import orjson
    loads = orjson.loads
    def spy(text):
        calls.append(len(text))
        return loads(text)
    orjson.loads = spy
import egito
client = egito.Client(**settings, **options)
for number in range(int(sys.argv[4])):
    try:
        print(ascii(client.accounts.list(number=number).to_list()))
    except egito.EgitoError as error:
        print(ascii(repr(error)))
if with_orjson:
    print(len(calls))
"""


def read_lists(bodies: list[bytes], with_orjson: bool, **options: Any) -> list[str]:
    """Reads one list for each body in another process, and returns the `repr` of its records, or of its error.

    With orjson, the last line is the number of calls of `orjson.loads`.
    """

    def respond(head: bytes) -> bytes:
        found = re.search(rb"[?&]number=(\d+)", head)
        assert found is not None
        return bodies[int(found[1])]

    with RawServer(respond=respond) as server:
        arguments: list[Any] = [server.settings, with_orjson, options, len(bodies)]
        child = start_program(READ_LISTS, *map(json.dumps, arguments))
        output, errors = child.communicate(timeout=100)
    assert errors == ""
    return output.splitlines()


def page(records: Iterable[str]) -> bytes:
    """Returns the body of a page of these records, given as JSON."""
    records = list(records)
    return f'{{"list": [{",".join(records)}], "total": {len(records)}}}'.encode()


def of_values(values: Iterable[str]) -> bytes:
    """Returns the body of a page with a record for each of these values, given as JSON."""
    return page(f'{{"id": {id}, "value": {value}}}' for id, value in enumerate(values, 1))


class Generator:
    """Generates JSON values, with the numbers and strings that parsers disagree about."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def value(self, depth: int = 0) -> str:
        """Returns any value."""
        kinds: list[Callable[[], str]] = [self.number, self.string, lambda: self._pick("true", "false", "null")]
        if depth < 4:
            kinds += [lambda: self._array(depth), lambda: self._object(depth)]
        return self._random.choice(kinds)()

    def number(self) -> str:
        """Returns a number with any number of digits; a third of them are floats in the usual spelling."""
        if self._random.random() < 0.3:
            (float_,) = struct.unpack("d", self._random.randbytes(8))
            return repr(float_) if abs(float_) < float("inf") else "1e308"
        near = self._pick(2**31, 2**53, 2**63, 2**64, 10**18, 10**19) + self._random.randint(-2, 2)
        digits = self._pick(str(near), self._digits().lstrip("0") or "0")
        fraction = self._pick("", "", "." + self._digits())
        exponent = self._pick("", "", "", self._pick("e", "E-", "e+") + str(self._random.randint(0, 340)))
        return f"{self._pick('', '-')}{digits}{fraction}{exponent}"

    def string(self) -> str:
        """Returns a string of ASCII, Polish and other characters, some of them as escapes."""
        length = self._pick(0, 1, 3, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 200)
        alphabet = self._pick("abc 09", "ażćłÓ„”", "a€\u2028\uffff", "é🚀\U0010ffff", '\x7f\x80ÿĀ"\\/\n\t\0\x1f')
        text = "".join(self._random.choices(alphabet, k=length))
        return json.dumps(text, ensure_ascii=self._random.random() < 0.5)

    def _array(self, depth: int) -> str:
        space = self._pick("", " ", "\n\t")
        return f"[{space}{f',{space}'.join(self.value(depth + 1) for _ in range(self._pick(0, 1, 2, 5)))}{space}]"

    def _object(self, depth: int) -> str:
        names = [self._pick('"a"', '"b"', self.string()) for _ in range(self._pick(0, 1, 2, 40))]  # some occur twice
        return "{" + ", ".join(f"{name} : {self.value(depth + 1)}" for name in names) + "}"

    def _digits(self) -> str:
        return "".join(self._random.choices("0123456789", k=self._pick(1, 2, 8, 16, 17, 18, 19, 20, 21, 40, 400)))

    def _pick(self, *values: Any) -> Any:
        return self._random.choice(values)


def corpus() -> list[bytes]:
    """Returns the inputs of the fuzz targets that may be JSON, as pages and as values of records."""
    texts = [file.read_text("utf-8", "replace") for file in sorted(CORPUS.glob("*/*")) if file.is_file()]
    assert len(texts) > 100
    return [text.encode() for text in texts] + [of_values([text]) for text in texts]


EDGES = [
    *("-0", "-0.0", "0e5", "-0e1", "1e400", "-1e400", "1e-400", "5e-324", "2e-324", "1.7976931348623159e308"),
    *("9223372036854775807", "-9223372036854775808", "-9223372036854775809", "18446744073709551615"),
    *("18446744073709551616", "1" * 30, "1" * 400, "1" * 4300, "1" * 4301, "0." + "1" * 5000, "1e" + "9" * 30),
    *(
        '"\\u0000"',
        '"\\ud83d\\ude80"',
        '"\\ud83d"',
        '"\\ude80\\ud83d"',
        '"a\\u0000b"',
        '"\x7f"',
        "NaN",
        "Infinity",
        "01",
    ),
    *(
        '{"a": 1, "b": 2, "a": 3}',
        '{"": {"": ""}}',
        "[" * 125 + "]" * 125,
        "[" * 126 + "]" * 126,
        "[" * 1030 + "]" * 1030,
    ),
]


def test_edge_cases_are_read_alike() -> None:
    bodies = [of_values([value]) for value in EDGES]
    without = read_lists(bodies, with_orjson=False)
    *records, calls = read_lists(bodies, with_orjson=True)
    assert records == without
    assert len(bodies) / 2 < int(calls) < len(bodies)
    assert without[EDGES.index("18446744073709551616")] == "[{'id': 1, 'value': 18446744073709551616}]"


def test_inputs_of_the_fuzz_targets_are_read_alike() -> None:
    bodies = corpus()
    *records, calls = read_lists(bodies, with_orjson=True)
    assert records == read_lists(bodies, with_orjson=False)
    assert int(calls) > 30


@pytest.mark.parametrize("decimals", ["float", "string"])
def test_generated_records_are_read_alike(decimals: str) -> None:
    generator = Generator(seed=13)
    bodies = [of_values(generator.value() for _ in range(20)) for _ in range(300)]
    bodies += [of_values([generator.number()]) for _ in range(700)]
    *records, calls = read_lists(bodies, with_orjson=True, decimals=decimals)
    assert records == read_lists(bodies, with_orjson=False, decimals=decimals)
    assert int(calls) > 300


def test_values_that_orjson_would_change_are_read_without_it() -> None:
    fits = ["-9223372036854775808"[:19], "9223372036854775807", "0.30000000000000004", '"12345678901234567890"']
    assert read_lists([of_values(fits)], with_orjson=True)[-1] == "1"
    for value in ("18446744073709551615", "-9223372036854775808", "18446744073709551616"):
        assert read_lists([of_values([*fits, value])], with_orjson=True)[-1] == "0"
    assert read_lists([of_values(fits)], with_orjson=True, decimals="decimal")[-1] == "0"


def test_old_versions_are_not_used() -> None:
    old = "import orjson\norjson.__version__ = '3.9.15'\n"
    program = READ_LISTS.replace("    import orjson\n", "".join(f"    {line}\n" for line in old.splitlines()))
    with RawServer(respond=lambda _: of_values(["1"])) as server:
        child = start_program(program, json.dumps(server.settings), "true", "{}", "1")
        assert child.communicate(timeout=60) == ("[{'id': 1, 'value': 1}]\n0\n", "")


READ_MANY = """
import json, sys, egito
client = egito.Client(**json.loads(sys.argv[1]))
pages = 0
while "orjson" not in sys.modules and pages < 100:
    assert len(client.accounts.list().to_list()) == 1
    pages += 1
print(pages)
"""


def test_orjson_is_imported_once_it_saves_time() -> None:
    megabyte = of_values([json.dumps("x" * (1 << 20))])
    with RawServer(respond=lambda _: megabyte) as server:
        child = start_program(READ_MANY, json.dumps(server.settings))
        assert child.communicate(timeout=60) == ("8\n", "")


def test_this_run_has_orjson() -> None:
    assert "orjson" in sys.modules
