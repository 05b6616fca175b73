"""The rules as a table: complete and plain.  That they are the facts is shown in tests/proof."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import attrs

from lockership import rulebook, rules
from lockership.networks import CARRIERS, CHANNEL_OF, MILITARY, NETWORKS
from lockership.networks.sources import CONFIRMING, SOURCES
from lockership.rules import Channel, MaxWeight, Network, Rule, Source, Sure
from lockership.units import Weight
from lockership.words import CHANNELS

if TYPE_CHECKING:
    import pytest

ROWS = list(rulebook.rows())


def test_every_rule_of_every_network_has_one_row() -> None:
    """Channels, carriers and the military rule are all there, each rule once, and nothing else."""
    subjects = [row.subject for row in ROWS]
    for kind, channel in CHANNEL_OF.items():
        assert subjects.count(kind) == len(channel.rules)
    for name, carrier in CARRIERS.items():
        assert subjects.count(f"carrier.{name}") == len(carrier.rules)
    assert subjects.count("military") == 1
    assert len(ROWS) == sum(
        [
            1,
            *(len(channel.rules) for channel in CHANNEL_OF.values()),
            *(len(carrier.rules) for carrier in CARRIERS.values()),
        ]
    )


def test_the_table_and_its_sources_are_as_they_were_last_read(golden: Any) -> None:
    """A changed figure, bound, day or source of any rule shows as a changed line, for somebody to look at."""
    table = [row.to_dict() for row in ROWS]
    read = [
        {"source": code, "title": source.title, "url": source.url, "read_on": source.read_on.isoformat()}
        for code, source in (SOURCES | CONFIRMING).items()
    ]
    lines = ",\n".join(json.dumps(line, ensure_ascii=False) for line in table + read)
    golden.check("rules.json", f"[\n{lines}\n]\n")


def test_every_clause_has_its_word() -> None:
    """Each kind of clause that is in use is told by a name of its own, none by a fallback."""
    names = {
        type(rule.clause): row.rule
        for network in NETWORKS
        for channel in network.channels
        for rule, row in zip(channel.rules, _of(channel.kind), strict=True)
    }
    assert len(names) >= 10
    sides = {rules.MaxSides, rules.SidesPerLocation}  # the facts call both max_sides
    assert len({name for clause, name in names.items() if clause not in sides}) == len(names) - 2


def _of(subject: str) -> list[rulebook.Row]:
    return [row for row in ROWS if row.subject == subject]


def test_a_row_is_plain_json() -> None:
    """A row travels as JSON, its days as dates."""
    for row in ROWS:
        told = json.loads(json.dumps(row.to_dict()))
        assert list(told) == [field.name for field in attrs.fields(rulebook.Row)]
        assert date.fromisoformat(told["read_on"]) == row.read_on
        assert (told["since"], told["until"], told["services"]) == (None, None, list(row.services))
        assert (told["value"], told["inclusive"], told["sure"]) == (row.value, row.inclusive, row.sure)


def test_a_superseded_rule_shows_on_its_days_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first day is included, the last is not; without a day only what still holds is shown."""
    source = Source("SHEET", "A sheet on the wall", read_on=date(2026, 1, 1))
    old, new = (
        Rule(MaxWeight(Weight.of(pounds, "lb")), source, Sure.VERIFIED, since=since, until=until)
        for pounds, since, until in ((30, None, date(2026, 7, 1)), (20, date(2026, 7, 1), None))
    )
    template = CHANNEL_OF[CHANNELS[0]]
    channel = attrs.evolve(template, kind="lobby.locker", rules=(old, new))
    monkeypatch.setattr(rulebook, "NETWORKS", (Network("lobby", "Lobby", (channel,)),))

    def values(on: date | None) -> list[str]:
        return [row.value for row in rulebook.rows(on) if row.subject == "lobby.locker"]

    assert values(date(2026, 6, 30)) == ["30"]
    assert values(date(2026, 7, 1)) == ["20"]
    assert values(None) == ["20"]
    assert isinstance(channel, Channel)


def test_several_words_of_a_rule_are_parted_by_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Carriers are listed as services, kinds and needs are."""
    two = attrs.evolve(MILITARY, clause=rules.OnlyCarriers(("usps", "ups")))
    monkeypatch.setattr(rulebook, "MILITARY", two)
    assert [row.value for row in rulebook.rows() if row.subject == "military"] == ["usps|ups"]
    monkeypatch.setattr(rulebook, "MILITARY", attrs.evolve(two, until=date(2026, 7, 1)))
    assert [row for row in rulebook.rows() if row.subject == "military"] == []


def test_figures_are_printed_as_the_sources_print_them() -> None:
    """Units are those of the source, sides stand longest first, lists are joined by a bar."""
    told = {(row.subject, row.rule, row.value, row.unit) for row in ROWS}
    assert ("amazon.locker", "max_sides", "16x14x12", "in") in told
    assert ("ups.locker", "max_sides", "22x21x16", "in") in told
    assert ("usps.smart_locker", "max_sides", "per_location", "in") in told
    assert ("usps.hold_for_pickup", "needs", "facility_id|email|phone|name", "") in told
    assert ("fedex.onsite", "hold", "5", "business day") in told
    assert ("military", "carriers", "usps", "") in told
    assert MILITARY.sure is Sure.SECONDARY
