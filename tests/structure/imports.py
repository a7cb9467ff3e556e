"""Reads which files of a part import each other, in Rust, TypeScript, Python, C++ and PHP."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

# Each file, and the files of the same part that it imports.
Graph = dict[Path, list[Path]]


def typescript(folder: Path) -> Graph:
    """Reads imports and re-exports of relative paths, including those of types."""

    def imports(file: Path) -> Iterator[Path]:
        for path in re.findall(r"""\b(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]""", file.read_text()):
            yield (file.parent / re.sub(r"js$", "ts", path)).resolve()

    return _graph(_files(folder, "ts", "mts"), imports)


def python(package: Path) -> Graph:
    """Reads imports from the same package, including those for type checkers and in functions."""
    files = _files(package, "py", "pyi")
    modules = {".".join(_module(file.relative_to(package.parent), "__init__")): file for file in files}

    def imports(file: Path) -> Iterator[Path]:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{file}:{node.lineno}: a relative import, which this reader does not follow"
                # `from a import b` imports the module a.b if there is one, else a.
                submodules = [f"{node.module}.{alias.name}" for alias in node.names]
                names = [name if name in modules else str(node.module) for name in submodules]
            else:
                continue
            yield from (modules[name] for name in names if name in modules)

    return _graph(files, imports)


def cpp(folder: Path) -> Graph:
    """Reads includes, relative to the header or to the folder."""

    def imports(file: Path) -> Iterator[Path]:
        for path in re.findall(r'^ *# *include ["<]([^">]+)[">]', file.read_text(), re.M):
            yield from ((start / path).resolve() for start in (file.parent, folder))

    return _graph(_files(folder, "h", "hpp"), imports)


def php(folder: Path) -> Graph:
    """Reads the names of classes, since the autoloader finds one in each file."""
    files = _files(folder, "php")
    classes = {file.stem: file for file in files}
    no_code = re.compile(r"/\*.*?\*/|//[^\n]*|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"", re.S)

    def imports(file: Path) -> Iterator[Path]:
        words = re.findall(r"\b[A-Z]\w*", no_code.sub("", file.read_text()))
        yield from (classes[word] for word in words if word in classes)

    return _graph(files, imports)


def rust(source: Path) -> Graph:
    """Reads paths in a crate, and follows them through `pub use` to the file that defines the item.

    A module may use items of its parent modules (`super::`), since it is a part of them.
    """
    crate = _Crate(source)
    return _graph(crate.module_of, crate.imports)


ModulePath = tuple[str, ...]


class _Crate:
    """The modules of a Rust crate, and the meaning of the names in them."""

    def __init__(self, source: Path) -> None:
        self.module_of = {
            file: _module(file.relative_to(source), "lib", "main", "mod") for file in _files(source, "rs")
        }
        self.code = {file: _without_inline_modules(file.read_text()) for file in self.module_of}
        self.file_of = {module: file for file, module in reversed(self.module_of.items())}  # lib.rs before main.rs
        self.names = {module: dict(_uses(self.code[file])) for module, file in self.file_of.items()}

    def imports(self, file: Path) -> Iterator[Path]:
        module, code = self.module_of[file], self.code[file]
        children = [path[-1] for path in self.file_of if path and path[:-1] == module]
        starts = "|".join(["crate", "super", "self", *children])
        paths = [path for _, path in _uses(code)]
        paths += [tuple(path.split("::")) for path in re.findall(rf"(?<![\w:])(?:{starts})(?:::\w+)+", code)]
        for path in paths:
            found = self.find(module, path)
            if found is not None and found != module[: len(found)]:
                yield self.file_of[found]

    def find(self, module: ModulePath, path: ModulePath) -> ModulePath | None:
        """Returns the module that defines the item of a path in a module, or None for another crate."""
        if path[0] not in ("crate", "super", "self") and (*module, path[0]) not in self.file_of:
            return None
        for index, name in enumerate(path):
            if name == "crate":
                module = ()
            elif name == "super":
                module = module[:-1]
            elif (*module, name) in self.file_of:
                module = (*module, name)
            elif name != "self":
                used = self.names[module].get(name, ())
                return self.find(module, (*used, *path[index + 1 :])) if used not in ((), ("self", name)) else module
        return module


def _without_inline_modules(text: str) -> str:
    """Removes comments, and moves the items of inline modules out of them: their `super` becomes `self`."""
    text = re.sub(r"//[^\n]*", "", text)
    inline = re.compile(r"^( *)(?:pub(?:\([^)]*\))? )?mod \w+ \{\n.*?^\1\}", re.M | re.S)
    return inline.sub(lambda block: re.sub(r"(?<!super::)super::", "self::", block[0]), text)


def _uses(code: str) -> Iterator[tuple[str, ModulePath]]:
    """Yields each path of a `use`, after the name that it defines."""
    for tree in re.findall(r"\buse ([^;]+);", code):
        yield from _leaves(tree, ())


def _leaves(tree: str, prefix: ModulePath) -> Iterator[tuple[str, ModulePath]]:
    head, is_group, group = tree.strip().partition("{")
    head, _, alias = head.partition(" as ")
    path = prefix + tuple(name for name in head.strip().split("::") if name not in ("", "*"))
    if is_group:
        for part in re.findall(r"[^,{}]+(?:\{(?:[^{}]|\{[^{}]*\})*\})?", group[:-1]):
            yield from _leaves(part, path)
    elif path:
        yield alias.strip() or path[-1], path


def _files(folder: Path, *suffixes: str) -> list[Path]:
    return sorted(file for suffix in suffixes for file in folder.rglob(f"*.{suffix}"))


def _module(file: Path, *roots: str) -> ModulePath:
    parts = file.with_suffix("").parts
    return parts[:-1] if parts[-1] in roots else parts


def _graph(files: Iterable[Path], imports: Callable[[Path], Iterator[Path]]) -> Graph:
    return {file: sorted((set(imports(file)) & set(files)) - {file}) for file in files}
