"""``lockership rules``: what is in force, and what should be read again."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from lockership.networks import NETWORKS
from lockership.rulebook import rows

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., Any]

READ_ON = max(row.read_on for row in rows())


def test_the_table_shows_every_rule_once(run: Run) -> None:
    """Each rule has its line, with its figure, how sure it is, its source and the day it was read."""
    ran = run("rules")
    assert (ran.status, ran.err) == (0, "")
    head, *lines = ran.out.decode().splitlines()
    assert head.split() == ["subject", "rule", "figure", "sure", "source", "read", "on"]
    expected = list(rows())
    shown = [line for line in lines if line.rstrip().endswith(tuple(str(row.read_on) for row in expected))]
    assert len(shown) == len(expected)
    assert lines[-1].startswith(f"{len(expected)} rules; ")
    text = ran.out.decode()
    assert all(row.source in text and row.subject in text for row in expected)


def test_a_strict_limit_and_a_services_limit_say_so(run: Run) -> None:
    """``under 10 lb`` is not ``10 lb``, and a limit for some services names them."""
    lines = [" ".join(line.split()) for line in run("rules").out.decode().splitlines()]
    assert "amazon.locker max_weight under 10 lb verified AMZ-HELP, AMZ-ABOUT 2026-11-22" in lines
    assert "max_sides under 16 x 14 x 12 in verified AMZ-HELP, AMZ-ABOUT 2026-11-22" in lines
    assert "ups.access_point max_weight 44 lb secondary UPS-AP-US, UPS-LOCKER-US 2026-11-22" in lines
    assert any(line.startswith("max_longest 108 in [fedex_ground,") for line in lines)


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_the_rules_are_there_for_programs(run: Run, form: str) -> None:
    """JSON and JSON Lines give every field of every rule."""
    out = run("rules", "--format", form).out.decode()
    found = json.loads(out) if form == "json" else [json.loads(line) for line in out.splitlines()]
    assert found == json.loads(json.dumps([row.to_dict() for row in rows()]))


def test_a_subject_narrows_the_table(run: Run) -> None:
    """``--subject`` keeps the subjects that contain the word, in any case."""
    found = json.loads(run("rules", "--subject", "UPS.", "--format", "json").out)
    channels = {channel.kind for network in NETWORKS if network.slug == "ups" for channel in network.channels}
    assert {row["subject"] for row in found} == channels
    assert json.loads(run("rules", "--subject", "dhl", "--format", "json").out) == []


def test_stale_rules_are_those_read_longer_ago(run: Run) -> None:
    """``--stale 180`` lists what was read more than 180 days before the day: 180 days are not stale yet."""
    for days, count in ((180, 0), (181, len(list(rows())))):
        day = READ_ON + timedelta(days=days)
        ran = run("rules", "--stale", "180", "--on", day.isoformat(), "--format", "json")
        assert len(json.loads(ran.out)) == count


def test_stale_without_a_day_means_today(run: Run) -> None:
    """Without ``--on`` today decides: what was read today is not stale at 0 days."""
    today = datetime.now().astimezone().date()
    age = (today - READ_ON).days
    stale = json.loads(run("rules", "--stale", str(max(age, 0)), "--format", "json").out)
    assert [row for row in stale if row["read_on"] == READ_ON.isoformat()] == []
    if age > 0:
        assert len(json.loads(run("rules", "--stale", str(age - 1), "--format", "json").out)) > len(stale)


@pytest.mark.parametrize("days", ["-1", "x", "1.5", "１８０", ""])
def test_days_are_a_whole_number(run: Run, days: str) -> None:
    """Anything but a whole number of days is refused with an example."""
    ran = run("rules", f"--stale={days}")
    assert ran.status == 2
    assert ran.err.endswith(f"argument --stale: {days!r} is not a number of days as 180\n")
