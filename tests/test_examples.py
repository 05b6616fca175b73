"""Every example runs as it stands, and says what its committed output says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"
ENGINES = ("spark",)
"""Examples that want an engine which only `make proof` installs, and are run there."""
SCRIPTS = sorted(
    path
    for path in EXAMPLES.glob("*/*.py")
    if not path.name.startswith("test_") and path.parent.name not in ENGINES
)
TESTS = sorted(EXAMPLES.glob("*/test_*.py"))
MADE = {"nightly_batch": ("decisions.csv",)}
"""Files that an example writes beside itself."""


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    """Run Python in a folder, with UTF-8 whatever the machine's own encoding is."""
    environment = os.environ | {"PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment, capture_output=True, check=False, timeout=120
    )


def name_of(path: Path) -> str:
    """Name an example by its folder."""
    return path.parent.name


@pytest.mark.parametrize("script", SCRIPTS, ids=name_of)
def test_an_example_says_what_is_committed(script: Path, tmp_path: Path, golden: Any) -> None:
    """Run in a copy of its folder, an example ends well; its words and files are the committed ones."""
    folder = tmp_path / script.parent.name
    shutil.copytree(script.parent, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in MADE.get(folder.name, ()):
        (folder / name).unlink(missing_ok=True)
    done = run(folder, script.name)
    assert (done.returncode, done.stderr.decode()) == (0, "")
    committed = golden._replace(folder=script.parent)
    committed.check("output.txt", done.stdout.replace(b"\r\n", b"\n").decode())
    for name in MADE.get(folder.name, ()):
        committed.check(name, (folder / name).read_bytes())


@pytest.mark.skipif(
    not any(point.value.startswith("lockership.") for point in entry_points(group="hypothesis")),
    reason="left out: lockership is not installed here, so Hypothesis does not find its strategies",
)
@pytest.mark.parametrize("tests", TESTS, ids=name_of)
def test_an_examples_own_tests_pass(tests: Path, tmp_path: Path) -> None:
    """The property tests that a user would write with our strategies pass."""
    folder = tmp_path / tests.parent.name
    shutil.copytree(tests.parent, folder, ignore=shutil.ignore_patterns("__pycache__"))
    done = run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", tests.name)
    assert done.returncode == 0, done.stdout.decode()


def test_no_example_is_left_out() -> None:
    """Each folder of examples holds a script or data for one, and each is run."""
    folders = {path.name for path in EXAMPLES.iterdir() if path.is_dir() and not path.name.startswith("__")}
    assert folders == {path.parent.name for path in [*SCRIPTS, *TESTS]} | {"demo", *ENGINES}
