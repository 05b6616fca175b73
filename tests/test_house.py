"""The order of the house: small modules, one version, commands that explain themselves, nothing private."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import tomllib
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, distribution
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MAX_LINES = 450
MACHINE_PATH = re.compile(r"(^|[^\w.])/(tmp|root|home)/[\w.]")
PIN = re.compile(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+]+")


@pytest.fixture(scope="module")
def modules(root: Path) -> dict[str, str]:
    """Return the text of every module of the package by its path."""
    found = sorted((root / "src").rglob("*.py"))
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in found}


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    """Return pyproject.toml as read."""
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def pins(root: Path) -> list[str]:
    """Return the lines of constraints.txt."""
    return (root / "constraints.txt").read_text("utf-8").splitlines()


def test_every_public_module_names_what_it_offers(modules: dict[str, str]) -> None:
    """Every public module has an ``__all__``."""
    public = {path: text for path, text in modules.items() if "/_" not in path}
    assert public
    assert [path for path, text in public.items() if not _assigns_all(text)] == []


def _assigns_all(text: str) -> bool:
    return any(
        isinstance(target, ast.Name) and target.id == "__all__"
        for statement in ast.parse(text).body
        if isinstance(statement, ast.Assign | ast.AnnAssign)
        for target in (statement.targets if isinstance(statement, ast.Assign) else [statement.target])
    )


def test_no_module_is_a_maze(modules: dict[str, str]) -> None:
    """No module has more than 450 lines."""
    assert {path: n for path, text in modules.items() if (n := text.count("\n")) > MAX_LINES} == {}


def test_the_changelog_begins_with_this_version(root: Path, project: dict[str, Any]) -> None:
    """The newest version in the changelog is the one in pyproject.toml."""
    versions = re.findall(r"^## (\d[^ ]*)", (root / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert versions[0] == project["project"]["version"]


@pytest.mark.skipif(shutil.which("make") is None, reason="left out: make is not on this machine")
def test_make_explains_every_target(root: Path) -> None:
    """``make`` alone lists every target that a person would call, each with a word on what it does."""
    makefile = (root / "Makefile").read_text("utf-8")
    targets = re.findall(r"^([a-z][\w-]*):(?!=)", makefile, re.MULTILINE)
    listed = subprocess.run(["make"], cwd=root, capture_output=True, text=True, check=True).stdout
    assert re.findall(r"^  make ([\w-]+) +\w", listed, re.MULTILINE) == targets


@pytest.mark.skipif(shutil.which("git") is None, reason="left out: git is not on this machine")
def test_nothing_names_the_machine_that_it_was_written_on(root: Path) -> None:
    """No tracked file holds a path of somebody's own machine."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("left out: this is no git checkout, so nothing is tracked")
    tracked = [root / name for name in listing.stdout.split("\0") if name]
    assert sorted(chain.from_iterable(_machine_paths(path, root) for path in tracked if path.is_file())) == []


def _machine_paths(path: Path, root: Path) -> Iterable[str]:
    for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
        if MACHINE_PATH.search(line):
            yield f"{path.relative_to(root)}:{number}"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("see /" + "tmp/x", True),
        ("/" + "root/.cache", True),
        ("https://example.com/home/page", False),
        ("src/" + "tmp/x", False),
    ],
)
def test_a_machine_path_is_told_from_an_address(line: str, *, found: bool) -> None:
    """A path of the machine is seen; a part of a web address or of a relative path is not."""
    assert bool(MACHINE_PATH.search(line)) is found


def test_constraints_are_names_and_versions(pins: list[str]) -> None:
    """constraints.txt holds exact versions and nothing else: no address of a registry, no path, no hash."""
    assert pins
    assert [line for line in pins if not PIN.fullmatch(line)] == []


def test_constraints_hold_what_the_project_asks_for(project: dict[str, Any], pins: list[str]) -> None:
    """Every package that pyproject.toml asks for is pinned, at a version that it allows."""
    pinned = {canonicalize_name(name): version for name, _, version in (pin.partition("==") for pin in pins)}
    asked = [
        Requirement(text)
        for text in chain(
            project["build-system"]["requires"],
            project["project"]["dependencies"],
            *project["project"]["optional-dependencies"].values(),
            *project["dependency-groups"].values(),
        )
        if isinstance(text, str)  # a group that includes another one is no requirement
    ]
    assert asked
    assert [
        str(wanted)
        for wanted in asked
        if not wanted.specifier.contains(pinned.get(canonicalize_name(wanted.name), "0"))
    ] == []


def test_constraints_suit_the_oldest_python(project: dict[str, Any], pins: list[str]) -> None:
    """No pinned package asks for a later Python than this project does; a newer Python would not notice."""
    oldest = project["project"]["requires-python"].removeprefix(">=") + ".0"
    asked: dict[str, str] = {}
    for pin in pins:
        name, _, version = pin.partition("==")
        with suppress(PackageNotFoundError):
            found = distribution(name)
            if found.version == version and "Requires-Python" in found.metadata:
                asked[pin] = found.metadata["Requires-Python"]
    assert asked
    assert {pin: spec for pin, spec in asked.items() if oldest not in SpecifierSet(spec)} == {}


def test_a_changed_output_is_seen(golden: Any, tmp_path: Path) -> None:
    """A golden file that is absent or differs fails the test, and passes once it is rewritten."""
    writing = type(golden)(tmp_path, rewrite=True)
    reading = type(golden)(tmp_path, rewrite=False)
    with pytest.raises(AssertionError, match="--rewrite-golden"):
        reading.check("label/home.txt", "To: Zhang Wei\n")
    writing.check("label/home.txt", "To: Zhang Wei\n")
    reading.check("label/home.txt", "To: Zhang Wei\n")
    with pytest.raises(AssertionError, match="--rewrite-golden"):
        reading.check("label/home.txt", "To: Zhang\n")
    with pytest.raises(AssertionError, match="--rewrite-golden"):
        reading.check("label/home.txt", b"To: Zhang Wei")
