"""What all commands share."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from lockership import Address, Decision, InputError, Parcel
from lockership.cli import words
from lockership.errors import Problem
from lockership.files import BadRecord
from lockership.inbound import Order

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., Any]

ADDRESS = Address(street1="933 Sanborn Ave", city="Los Angeles", state="CA", zip="90029")
PARCEL = Parcel.of("14x10x6 in", "8.2 lb")


def test_a_day_is_written_as_people_write_it() -> None:
    """A day is a date; anything else says how one is written."""
    assert words.day("2026-11-24") == date(2026, 11, 24)
    with pytest.raises(argparse.ArgumentTypeError, match="'yesterday' is not a date as 2026-11-24"):
        words.day("yesterday")


def test_each_parcel_of_an_order_is_routed_by_itself() -> None:
    """A lone parcel has no place; several have theirs from 1, and a bad one stands among them."""
    [(place, decision)] = words.routed(Order("A-1", ADDRESS, "ups", parcels=(PARCEL,)))
    assert place is None
    assert isinstance(decision, Decision)
    bad = InputError([Problem("missing_field", "a number is needed", "parcels[1].length")])
    several = list(words.routed(Order("A-1", ADDRESS, "ups", parcels=(PARCEL, bad), several=True), 7))
    assert [place for place, _ in several] == [1, 2]
    assert several[1][1] == BadRecord(7, "A-1", bad, 2)


def test_the_count_is_shown_on_a_terminal_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Progress is for people: a terminal sees the count twice a second, a pipe and a short run nothing."""
    ticks = iter([0.0, 0.0, 0.1, 0.7, 1.0])
    monkeypatch.setattr("lockership.cli.words.time.monotonic", lambda: next(ticks))
    quiet = words.Progress()
    quiet.tell(64)
    quiet.done(64)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    progress = words.Progress("orders")
    progress.tell(63)
    progress.tell(64)
    progress.tell(128)
    progress.done(128)
    assert capsys.readouterr().err == "\r128 orders, 183 a second \r128 orders in 1.0 s        \n"


def test_progress_counts_pieces_of_any_size(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files that are read in pieces tell counts that are no round numbers, and are shown all the same."""
    clock = iter(range(10))
    monkeypatch.setattr("lockership.cli.words.time.monotonic", lambda: next(clock))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    progress = words.Progress()
    progress.tell(28_001)
    progress.tell(28_010)
    progress.tell(56_001)
    assert capsys.readouterr().err == "\r28,001 records, 28,001 a second \r56,001 records, 28,000 a second "


def test_every_command_explains_itself(run: Run) -> None:
    """``--help`` of the command and of each of its verbs says what it is for, and leaves with 0."""
    text = run("--help").out.decode()
    for verb in ("route", "recognise", "label", "rules", "demo"):
        assert verb in text
        ran = run(verb, "--help")
        assert (ran.status, ran.err) == (0, "")
        assert f"usage: lockership {verb}" in ran.out.decode()
