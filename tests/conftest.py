"""What all tests share: how hard Hypothesis tries, golden files, the carriers' own documents."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, settings

# The same examples on every run, so that a red test means a changed program.
settings.register_profile(
    "default", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
# New examples on every run, and many of them: HYPOTHESIS_PROFILE=thorough make test
settings.register_profile(
    "thorough", deadline=None, max_examples=2_000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

# A job in the background is started with Ctrl-C ignored, and so would be the programs that tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the top folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder with the carriers' specifications; a test that asks for it is left out without."""
    folder = ROOT.parent / "shared"
    # All of it, or it is some other folder of that name.
    if not all((folder / part).is_dir() for part in ("specs", "facts", "data")):
        pytest.skip("left out: ../shared, with the carriers' specifications, is not on this machine")
    return folder


class Golden(NamedTuple):
    """Outputs that were looked at once and must not change unseen: a changed file shows in the review."""

    folder: Path
    rewrite: bool

    def check(self, name: str, made: str | bytes) -> None:
        """Compare what was made with the file of that name, or write the file when asked to."""
        path = self.folder / name
        raw = made.encode() if isinstance(made, str) else made
        if self.rewrite:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(raw)
        hint = f"look at the change, then accept it: pytest --rewrite-golden (tests/golden/{name})"
        assert path.is_file(), hint
        kept = path.read_bytes()
        if isinstance(made, str):
            assert made.splitlines() == kept.decode().splitlines(), hint
        assert raw == kept, hint


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a person accept changed outputs by one command."""
    parser.addoption("--rewrite-golden", action="store_true", help="write tests/golden anew")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Return the files in tests/golden: ``golden.check("payloads/easypost/home.json", text)``."""
    return Golden(ROOT / "tests" / "golden", rewrite=bool(request.config.getoption("--rewrite-golden")))
