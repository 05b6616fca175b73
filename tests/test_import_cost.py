"""What ``import lockership`` costs a program that only wants to route."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import NamedTuple

HEAVY = ("easypost", "shippo", "reportlab", "pydantic")
"""Loaded only where they are used: together they take half a second."""

LIMIT_S = 0.060
RUNS = 7

_CHILD = """
import json, sys, time
before = set(sys.modules)
start = time.perf_counter()
{statement}
seconds = time.perf_counter() - start
print(json.dumps([seconds, sorted({{name.partition(".")[0] for name in set(sys.modules) - before}})]))
"""


class Cost(NamedTuple):
    """What one import took, and which top-level packages it brought in."""

    seconds: float
    loaded: set[str]


def cost_of(statement: str) -> Cost:
    """Run a statement in a new interpreter that nothing measures or hinders."""
    plain = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("COVERAGE_") and name != "PYTHONDONTWRITEBYTECODE"
    }
    program = _CHILD.format(statement=statement)
    done = subprocess.run([sys.executable, "-c", program], env=plain, capture_output=True, check=True)
    seconds, loaded = json.loads(done.stdout)
    return Cost(seconds, set(loaded))


def test_import_is_quick() -> None:
    """``import lockership`` adds less than 60 ms to the start of Python."""
    # The quickest of a few runs: the others tell what else the machine was doing.
    assert min(cost_of("import lockership").seconds for _ in range(RUNS)) < LIMIT_S


def test_import_loads_nothing_heavy() -> None:
    """``import lockership`` loads neither SDK, nor reportlab, nor pydantic."""
    loaded = cost_of("import lockership").loaded
    assert "lockership" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_routing_loads_nothing_heavy() -> None:
    """Neither do the names that a routing program needs."""
    loaded = cost_of("from lockership import Address, Parcel, recognise, route_parcel").loaded
    assert "attrs" in loaded or "attr" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_the_measure_would_see_a_heavy_import() -> None:
    """The measure itself sees a heavy package when one is loaded."""
    assert "pydantic" in cost_of("import pydantic").loaded
