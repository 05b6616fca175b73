"""Our rules against the facts that were collected about the networks, row by row."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, NamedTuple

from lockership.networks import CHANNEL_OF
from lockership.networks.sources import SOURCES
from lockership.rulebook import Row, rows

from .upgraded_sources import UPGRADED

if TYPE_CHECKING:
    from pathlib import Path


class Fact(NamedTuple):
    """One row, as both sides can write it."""

    subject: str
    rule: str
    value: str
    unit: str
    inclusive: str
    services: tuple[str, ...]
    source: str
    sure: str


def read(shared: Path, name: str) -> list[dict[str, str]]:
    """Read one of the files."""
    with (shared / "facts" / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def fact_of(row: dict[str, str]) -> Fact:
    """Write a row of the facts."""
    unit = f"{row['basis']} day" if row["unit"] == "day" else row["unit"]
    services = tuple(row["services"].split("|")) if row["services"] else ()
    # Whether a number of days is itself allowed has no meaning that a parcel could break.
    inclusive = "" if row["rule"] == "hold" else row["inclusive"]
    return Fact(
        row["subject"], row["rule"], row["value"], unit, inclusive, services, row["source"], row["confidence"]
    )


def ours_of(row: Row) -> Fact:
    """Write a row of our own rules."""
    inclusive = {True: "yes", False: "no", None: ""}[row.inclusive]
    inclusive = "" if row.rule == "hold" else inclusive
    return Fact(row.subject, row.rule, row.value, row.unit, inclusive, row.services, row.source, row.sure)


def test_every_rule_is_a_fact_and_every_fact_a_rule(shared: Path) -> None:
    """Subject, rule, figure, unit, bound, services, source and sureness agree, in the order of the file."""
    facts = read(shared, "network_rules.csv")
    same = {row["subject"]: row["value"] for row in facts if row["rule"] == "same_as"}
    listed: dict[str, list[Fact]] = {}
    for row in facts:
        if row["rule"] != "same_as":
            listed.setdefault(row["subject"], []).append(fact_of(row))
    for subject, other in same.items():
        listed[subject] = [fact._replace(subject=subject) for fact in listed[other]]
    ours: dict[str, list[Fact]] = {}
    for rule in rows():
        ours.setdefault(rule.subject, []).append(ours_of(rule))
    assert ours.keys() == listed.keys()
    for subject, expected in listed.items():
        assert ours[subject] == [raised(fact) for fact in expected]


def raised(fact: Fact) -> Fact:
    """Give the fact as sure as a further text, read since, makes it."""
    upgraded = (fact.subject, fact.rule, fact.value) in UPGRADED
    return fact._replace(sure="verified") if upgraded and not fact.services else fact


def test_what_rose_rests_on_a_text_of_its_own() -> None:
    """Every rule that is surer than the facts names the further text that made it so."""
    confirmed = {
        (row.subject, row.rule, row.value)
        for row in rows()
        if row.sure == "verified" and any(url is not None for url in [text.url for text in row.also])
    }
    assert UPGRADED.keys() <= confirmed


def test_a_channel_like_another_has_its_very_rules(shared: Path) -> None:
    """Where the facts say ``same_as``, both channels have the same rules, not a copy that may drift."""
    same = [row for row in read(shared, "network_rules.csv") if row["rule"] == "same_as"]
    assert same
    for row in same:
        assert CHANNEL_OF[row["subject"]].rules is CHANNEL_OF[row["value"]].rules


def test_every_source_has_its_address(shared: Path) -> None:
    """Each source that a rule names has the address and the day of reading that the facts give."""
    facts = {row["id"]: (row["url"] or None, row["read_on"]) for row in read(shared, "sources.csv")}
    ours = {code: (source.url, source.read_on.isoformat()) for code, source in SOURCES.items()}
    assert ours == facts


def test_every_source_is_used() -> None:
    """No source stands in the list that no rule names, and no rule names one that is not there."""
    assert {row.source for row in rows()} == SOURCES.keys()
