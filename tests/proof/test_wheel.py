"""What is published works without the checkout that it was built from."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

_PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as a release would, with no network."""
    out = tmp_path_factory.mktemp("dist")
    build = (
        *_PIP,
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        str(out),
        str(root),
    )
    subprocess.run(build, check=True)
    return next(out.glob("lockership-*.whl"))


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path, root: Path) -> None:
    """Every file of the package is in the wheel, with its licence; no test, no document, no cache."""
    names = set(zipfile.ZipFile(wheel).namelist())
    source = root / "src"
    package = {
        path.relative_to(source).as_posix()
        for path in (source / "lockership").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    demo = {
        f"lockership/demo/{path.name}" for path in (root / "examples" / "demo").iterdir() if path.is_file()
    }
    meta = {name for name in names if ".dist-info/" in name}
    assert names - meta == package | demo
    assert "lockership/py.typed" in names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in meta)


def test_what_was_built_can_be_imported(wheel: Path, tmp_path: Path) -> None:
    """Every public name is there when only the wheel is, and the checkout is not looked at."""
    install = (*_PIP, "install", "--quiet", "--no-deps", "--target", tmp_path, wheel)
    subprocess.run(install, check=True)
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import lockership; "
        "[getattr(lockership, name) for name in lockership.__all__]; print(lockership.__file__)"
    )
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip().startswith(str(tmp_path))
