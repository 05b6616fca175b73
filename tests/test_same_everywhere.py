"""The same decision everywhere: in another interpreter, in a stream, after pickle and JSON."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys

from hypothesis import given

from lockership import Decision, Parcel, route_parcel
from lockership.explain import LANGUAGES
from lockership.inbound import read_order
from lockership.testing import decisions

from .some_orders import Orders


@given(decisions())
def test_decisions_travel(decision: Decision) -> None:
    """Decisions go through pickle and JSON unharmed, and print in every language."""
    assert pickle.loads(pickle.dumps(decision)) == decision
    answer = decision.to_dict("A-1")
    assert json.loads(json.dumps(answer)) == answer
    assert all(decision.explain(language) for language in LANGUAGES)


def lawful_lines(seed: int, number: int) -> list[str]:
    """Write orders as JSON Lines."""
    some = Orders(seed)
    return [json.dumps({"order_id": place} | some.next()[0]) for place in range(number)]


def run_route(lines: list[str], hash_seed: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command on these lines, in an interpreter with that seed for its hashes."""
    return subprocess.run(
        [sys.executable, "-m", "lockership", "route", "-"],
        input="\n".join(lines).encode(),
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
    )


def test_all_at_once_is_one_at_a_time_on_every_machine() -> None:
    """The same decision, on every machine, one at a time or a million at once (contract 2.11)."""
    lines = lawful_lines(7, 300)
    first, second = run_route(lines, "1"), run_route(lines, "2")
    assert (first.returncode, second.returncode) == (0, 0)
    assert first.stdout == second.stdout
    together = first.stdout.splitlines()
    assert len(together) == len(lines)
    for line, answer in zip(lines, together, strict=True):
        order = read_order(line)
        parcel = order.parcels[0]
        assert isinstance(parcel, Parcel)
        alone = route_parcel(
            order.ship_to,
            order.carrier,
            parcel,
            home=order.home,
            service=order.service,
            signals=order.signals,
            location=order.location,
        )
        assert json.loads(answer) == alone.to_dict(json.loads(line)["order_id"])


def test_bad_records_never_stop_a_run() -> None:
    """A record that can't be read gives an error in its place and the run goes on (contract 4)."""
    lines = lawful_lines(8, 40)
    bad = [
        "{",
        "[1]",
        "null",
        '"x"',
        '{"order_id": "B"}',
        '{"order_id": {}}',
        "\x00",
        "[" * 5000,
        '{"a": NaN}',
    ]
    mixed: list[str] = []
    for place, line in enumerate(lines):
        mixed += [bad[place % len(bad)], line]
    run = run_route(mixed, "0")
    answers = [json.loads(answer) for answer in run.stdout.splitlines()]
    assert run.returncode == 1
    assert len(answers) == len(mixed)
    assert all("error" in answer for answer in answers[::2])
    assert answers[1::2] == [json.loads(answer) for answer in run_route(lines, "0").stdout.splitlines()]
