"""The command line, run within this process or as a process of its own."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from lockership.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Ran(NamedTuple):
    """What a command left behind."""

    status: int
    out: bytes
    err: str

    @property
    def answers(self) -> list[dict[str, Any]]:
        """Give the answers, one a line."""
        return [json.loads(line) for line in self.out.decode().splitlines()]


@pytest.fixture(scope="session")
def run() -> Callable[..., Ran]:
    """Run a command in this process: ``run("route", "-", given=b"…")``."""

    def run(*arguments: object, given: bytes = b"") -> Ran:
        streams = sys.stdin, sys.stdout, sys.stderr
        stdin, stdout, stderr = (io.TextIOWrapper(io.BytesIO(data), "utf-8") for data in (given, b"", b""))
        sys.stdin, sys.stdout, sys.stderr = stdin, stdout, stderr
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as left:
            status = int(left.code or 0)
        finally:
            sys.stdin, sys.stdout, sys.stderr = streams
        stdout.flush()
        stderr.flush()
        out, err = stdout.detach(), stderr.detach()
        return Ran(status, out.getvalue(), err.getvalue().decode())

    return run


@pytest.fixture(scope="session")
def command() -> list[str]:
    """Return the words that start the command as a process of its own."""
    return [sys.executable, "-m", "lockership"]


@pytest.fixture(scope="session")
def run_alone(command: list[str]) -> Callable[..., Ran]:
    """Run a command as a process of its own, as a user does."""

    def run_alone(*arguments: object, given: bytes = b"") -> Ran:
        words = [*command, *map(str, arguments)]
        done = subprocess.run(words, input=given, capture_output=True, check=False, timeout=60)
        return Ran(done.returncode, done.stdout, done.stderr.decode())

    return run_alone


@pytest.fixture
def start(command: list[str]) -> Iterator[Callable[..., subprocess.Popen[Any]]]:
    """Start a command that is interrupted or left: whatever the test finds, it ends with the test.

    Ask it for its last words with ``communicate(timeout=…)``, which never waits for ever.
    """
    running: list[subprocess.Popen[Any]] = []

    def start(*arguments: object, **streams: Any) -> subprocess.Popen[Any]:
        process = subprocess.Popen([*command, *map(str, arguments)], **streams)
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        for stream in filter(None, (process.stdin, process.stdout, process.stderr)):
            stream.close()
        process.wait(10)
