"""Checks that the files of a part do not import each other in a circle."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from structure.imports import Graph, cpp, php, python, rust, typescript

Reader = Callable[[Path], Graph]

ROOT = Path(__file__).parents[2]
PARTS: dict[str, Reader] = {
    "core/src": rust,
    "core/fuzz/src": rust,
    "sandbox/src": rust,
    "bindings-python/src": rust,
    "bindings-python/python/egito": python,
    "bindings-node/src": rust,
    "bindings-node/lib": typescript,
    "bindings-jvm/src": rust,
    "bindings-c/src": rust,
    "bindings-c/include": cpp,
    "bindings-c/php/src": php,
    "tests/judge": python,
}

CIRCLES = {
    "two files": (rust, {"a.rs": "use crate::b::B;", "b.rs": "use crate::a::A;"}),
    "group": (
        rust,
        {"lib.rs": "", "a.rs": "use crate::{c, b::{self, B as X}};", "b.rs": "use super::{\n    a::A,\n};"},
    ),
    "path in an expression": (rust, {"a.rs": "fn f() { crate::b::g() }", "b.rs": "fn g() { super::a::f() }"}),
    "siblings": (rust, {"m/mod.rs": "", "m/a.rs": "use super::b::B;", "m/b.rs": "use super::a::A;"}),
    "child": (rust, {"m/mod.rs": "use a::A;", "m/a.rs": "use crate::b::B;", "b.rs": "use crate::m;"}),
    "pub use": (rust, {"m/mod.rs": "pub use a::A;", "m/a.rs": "use crate::b::B;", "b.rs": "use crate::m::A;"}),
    "inline module": (rust, {"a.rs": "use crate::b::B;", "b.rs": "mod m {\n    use super::super::a::A;\n}"}),
    "three files": (typescript, {"a.ts": "from './b.js'", "b.ts": "from './c.js'", "c.ts": "import './a.js'"}),
    "types": (typescript, {"a.ts": "import type {\n  B\n} from './b.js'", "b.ts": "import { A } from './a.js'"}),
    "module": (python, {"a.py": "import p.b", "b.py": "from p import a"}),
    "within a function": (python, {"a.py": "from p.b import B", "b.py": "def f():\n    from p.a import A"}),
    "package": (python, {"__init__.py": "from p.a import A", "a.py": "from p import B"}),
    "header": (cpp, {"a.hpp": '#include "x/b.hpp"', "x/b.hpp": '#include "../a.hpp"'}),
    "class": (php, {"A.php": "new B();", "B.php": "class B extends A {}"}),
}

NO_CIRCLES = {
    "parent": (rust, {"m/mod.rs": "use a::A;", "m/a.rs": "use super::M;"}),
    "re-export": (rust, {"m/mod.rs": "pub use a::A; pub use b::B;", "m/a.rs": "", "m/b.rs": "use super::A;"}),
    "own tests": (rust, {"a.rs": "use crate::b::B;", "b.rs": "mod tests {\n    use super::*;\n}"}),
    "comment": (rust, {"a.rs": "use crate::b::B;", "b.rs": "/// See [`crate::a::A`]."}),
    "text": (php, {"A.php": "/** @see B */ // B", "B.php": "class B extends A { const NAME = 'A'; }"}),
}


@pytest.mark.parametrize("part", PARTS)
def test_no_circle(part: str) -> None:
    """A file can be read, tested and moved without the files that use it."""
    graph = PARTS[part](ROOT / part)
    assert any(graph.values()), f"no imports in {part}: is it still there?"
    assert list(circles(graph, ROOT / part)) == []


@pytest.mark.parametrize(("read", "files"), CIRCLES.values(), ids=CIRCLES)
def test_finds_a_planted_circle(read: Reader, files: dict[str, str], tmp_path: Path) -> None:
    """A circle is reported once."""
    assert len(planted(read, files, tmp_path / "p")) == 1


@pytest.mark.parametrize(("read", "files"), NO_CIRCLES.values(), ids=NO_CIRCLES)
def test_finds_nothing_else(read: Reader, files: dict[str, str], tmp_path: Path) -> None:
    """Files that only look like importing each other are not reported."""
    assert planted(read, files, tmp_path / "p") == []


def circles(graph: Graph, folder: Path) -> Iterator[str]:
    """Yields one circle after the other, and removes each from the graph."""
    while True:
        try:
            return TopologicalSorter(graph).prepare()
        except CycleError as error:
            circle: list[Path] = error.args[1][::-1]
            graph[circle[0]].remove(circle[1])
            yield " -> ".join(file.relative_to(folder).as_posix() for file in circle)


def planted(read: Reader, files: dict[str, str], folder: Path) -> list[str]:
    """Returns the circles in a folder with these files."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return list(circles(read(folder), folder))
