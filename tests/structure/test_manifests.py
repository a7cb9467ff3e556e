"""The manifests of the published packages have what the registries show and search."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

tomllib: Any = pytest.importorskip("tomllib", reason="Python 3.10 has no tomllib")

ROOT = Path(__file__).parents[2]
FIELDS = ("description", "license", "keywords")


def read(path: str) -> dict[str, Any]:
    """Returns the content of a manifest."""
    text = (ROOT / path).read_text()
    manifest: dict[str, Any] = json.loads(text) if path.endswith(".json") else tomllib.loads(text)
    return manifest


MANIFESTS: dict[str, dict[str, Any]] = {
    path: read(path)[table] if table else read(path)
    for path, table in {
        "core/Cargo.toml": "package",
        "sandbox/Cargo.toml": "package",
        "bindings-python/pyproject.toml": "project",
        "bindings-python/sandbox/pyproject.toml": "project",
        "bindings-python/cli/pyproject.toml": "project",
        "bindings-node/package.json": "",
        "sandbox/npm/package.json": "",
        "cli/npm/package.json": "",
        "bindings-c/php/composer.json": "",
    }.items()
}


@pytest.mark.parametrize("path", MANIFESTS)
def test_a_package_says_what_it_is(path: str) -> None:
    """Registries show the description and the README, and search the keywords."""
    manifest = MANIFESTS[path]
    assert [field for field in FIELDS if not manifest.get(field)] == []
    assert {"egito", "crm"} <= set(manifest["keywords"])
    assert "readme" in manifest or path.endswith("package.json"), "npm finds README.md itself"
    assert (ROOT / path).with_name("README.md").is_file()


@pytest.mark.parametrize("path", [path for path in MANIFESTS if path.endswith("Cargo.toml")])
def test_crates_io_accepts_the_keywords(path: str) -> None:
    """It refuses a crate with more than five keywords or categories when it is published."""
    manifest = MANIFESTS[path]
    assert len(manifest["keywords"]) <= 5
    assert 1 <= len(manifest["categories"]) <= 5


def test_all_packages_have_the_license_of_the_repository() -> None:
    """Crates inherit it from the workspace, the other packages state it again."""
    inherited: dict[str, bool] = {"workspace": True}
    licenses = [manifest["license"] for manifest in MANIFESTS.values()]
    assert licenses.count(inherited) == 2
    assert {name for name in licenses if name != inherited} == {read("Cargo.toml")["workspace"]["package"]["license"]}


def test_the_maven_artifact_is_of_this_version() -> None:
    """Its classes refuse a native library of another version, which has the version of the workspace."""
    version = ElementTree.parse(ROOT / "bindings-jvm/pom.xml").findtext("{http://maven.apache.org/POM/4.0.0}version")
    assert version == read("Cargo.toml")["workspace"]["package"]["version"]
    assert f'VERSION = "{version}"' in (ROOT / "bindings-jvm/src/main/kotlin/pl/egito/NativeLibrary.kt").read_text()
