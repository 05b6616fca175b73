"""The decisions of a table are those of its orders one by one, in every field."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import attrs
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockership import Length, Money, Policy, Signals, Weight
from lockership.address import FIELDS, Address
from lockership.location import Location
from lockership.policy import Stricter
from lockership.testing import orders
from lockership.testing.order_json import _address_json, _location_json, _parcel_json
from lockership.words import Trait

from ..some_orders import POLICIES  # noqa: TID252 - tests are no package that could be named
from ..test_golden_decisions import EVERYDAY, PARCELS, address  # noqa: TID252 - as above
from ..test_inbound import WRONG, changed  # noqa: TID252 - as above
from ..test_own_network import LOBBY  # noqa: TID252 - as above
from .both_ways import (
    CHINESE,
    ENGLISH,
    Json,
    alone,
    as_cells,
    by_table,
    flat,
    nested,
    of_cells,
    order_book,
)

NAMES = {"English": ENGLISH, "Chinese": CHINESE}


def named(given_orders: list[Json]) -> list[Json]:
    """Give every order an id of text."""
    return [order | {"order_id": f"A-{number}"} for number, order in enumerate(given_orders)]


# --- generated orders ------------------------------------------------------------------------------


@given(st.lists(orders(), max_size=12).map(named))
def test_lawful_orders_are_decided_alike(given_orders: list[Json]) -> None:
    """Whatever lawful orders a table holds, as structs or flat, each gets its own decision."""
    assert by_table(nested(given_orders)) == alone(given_orders)
    cells = as_cells(given_orders, ENGLISH)
    assert by_table(flat(cells, ENGLISH.values())) == alone(of_cells(cells, ENGLISH.values()))


@pytest.mark.parametrize("number", range(len(POLICIES[7:])))
def test_orders_at_the_limits_are_decided_alike(number: int) -> None:
    """Orders that seek the limits, good and bad, get their decisions by every policy and day."""
    policy = Policy.from_dict(POLICIES[7 + number])
    on = (None, date(2026, 11, 1), date(2020, 1, 1))[number % 3]
    book = order_book(number, 250)
    assert by_table(nested(book), policy=policy, on=on) == alone(book, policy=policy, on=on)


@pytest.mark.parametrize("language", NAMES)
@pytest.mark.parametrize("seed", range(3))
def test_spreadsheets_are_decided_alike(language: str, seed: int) -> None:
    """The same orders flat, under English and Chinese names, are read as rows of a CSV file are."""
    names = NAMES[language]
    cells = as_cells(order_book(20 + seed, 400), names)
    assert by_table(flat(cells, names.values())) == alone(of_cells(cells, names.values()))


def test_the_generated_orders_go_both_ways() -> None:
    """Among the generated orders are many that go by column, many that go alone, and bad ones."""
    told = by_table(nested(order_book(1, 1_000)))
    assert sum("error" in answer for answer in told) > 20
    assert sum("parcel" in answer for answer in told) > 10
    assert {answer.get("route") for answer in told} >= {"pickup", "home", "review"}
    plain = [order for order in order_book(1, 1_000) if not {"home", "location", "parcels"} & set(order)]
    assert 200 < len(plain) < 980


# --- what somebody looked at -----------------------------------------------------------------------


def test_a_table_gives_the_golden_decisions(golden: Any) -> None:
    """The everyday parcels, as one table, get the decisions that are kept as files."""
    records: list[Json] = []
    kept: dict[str, Json] = {}
    for network, cases in EVERYDAY.items():
        kept |= json.loads((golden.folder / "decisions" / f"{network}.json").read_text("utf-8"))
        for case in cases:
            parcel = _parcel_json(PARCELS[case.parcel], "in", "lb", as_numbers=False)
            record: Json = {"order_id": case.says, "carrier": case.carrier, "parcel": parcel}
            record["ship_to"] = _address_json(address(case.kind))
            records.append(record | _as_json(case.asked))
    told = by_table(nested(records))
    assert [answer.pop("order_id") for answer in told] == list(kept)
    for answer in told:
        del answer["explanation"]["zh"]
    assert told == list(kept.values())


def _as_json(asked: dict[str, Any]) -> Json:
    read: Json = {}
    for name, value in asked.items():
        match value:
            case Address():
                read[name] = _address_json(value)
            case Location():
                read[name] = _location_json(value)
            case Signals():
                read[name] = attrs.asdict(value)
            case _:
                read[name] = value
    return read


# --- bad records -----------------------------------------------------------------------------------


def _one_or_three(bad: Json) -> tuple[Any, list[Json]]:
    """Lay a bad order out between two good ones, or alone where a column has but one type."""
    try:
        records = [changed(), bad, changed()]
        return pa.Table.from_pylist(records), records
    except (pa.ArrowException, TypeError):
        return pa.Table.from_pylist([bad]), [bad]


HUGE = 2**63
"""No column of whole numbers holds this."""


@pytest.mark.parametrize(
    ("field", "value"),
    [(field, value) for field, value, *_ in WRONG if not isinstance(value, int) or value < HUGE],
    ids=lambda value: str(value)[:24],
)
def test_every_wrong_field_is_told_in_the_same_words(field: str, value: object) -> None:
    """A wrong type, number, unit or trait in any column gets the error that the door gives."""
    table, records = _one_or_three(changed(**{field: value}))
    records = [{name: record.get(name) for name in table.schema.names} for record in records]
    assert by_table(table) == alone(records)


@pytest.mark.parametrize("blank", [None, "", "  \t", "\u3000"])
def test_an_address_without_a_line_is_told(blank: str | None) -> None:
    """Rows whose address has no line are errors in their place, as structs and flat."""
    empty = changed(**{f"ship_to__{name}": blank for name in FIELDS if name not in {"name", "city"}})
    records = named([changed(), empty, changed()])
    assert by_table(nested(records)) == alone(records)
    cells = as_cells(records, ENGLISH)
    told = by_table(flat(cells, ENGLISH.values()))
    assert told == alone(of_cells(cells, ENGLISH.values()))
    assert ["error" in answer for answer in told] == [False, True, False]


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize(("letter", "length"), [("x", 1_000), ("x", 1_001), ("邮", 1_000), ("邮", 1_001)])
def test_a_field_may_have_a_thousand_characters(name: str, letter: str, length: int) -> None:
    """A field of 1,000 characters is read, one of 1,001 is an error, whatever bytes they take."""
    records = named([changed(), changed(**{f"ship_to__{name}": letter * length})])
    told = by_table(nested(records))
    assert told == alone(records)
    assert ("error" in told[1]) == (length > 1_000)


def test_several_parcels_give_a_line_each() -> None:
    """Rows with several parcels take as many lines, with bad ones among them in their places."""
    parcel = {name: str(value) for name, value in changed()["parcel"].items() if name != "traits"}
    several = [parcel, parcel | {"weight": "0"}, parcel | {"weight": "45"}]
    records: list[Json] = [
        changed(),
        changed(parcel=None, parcels=several),
        changed(),
        changed(parcel=None, parcels=several[1:2]),
        changed(parcel=None, parcels=[]),
        changed(parcels=several),
    ]
    records = named(records)
    told = by_table(nested(records))
    assert told == alone(records)
    assert [answer["order_id"] for answer in told] == [
        f"A-{row}" for row, lines in enumerate((1, 3, 1, 1, 1, 1)) for _ in range(lines)
    ]


# --- what may be known beside the order ------------------------------------------------------------

LOCATIONS: tuple[Any, ...] = (
    None,
    {"unit": "in", "weight_unit": "lb"},
    {"unit": None},
    {"unit": " CM ", "weight_unit": "Kg"},
    {"unit": "yard"},
    {"id": "U88498244"},
    {"id": " ", "unit": "in"},
    {"status": "FULL"},
    {"max_length": "16", "max_width": "14", "max_height": "12", "unit": "in", "max_weight": "8"},
    {"max_length": "40", "max_width": "40", "max_height": "10", "unit": "cm", "status": "open"},
    {"max_weight": "5", "weight_unit": "lb"},
)


@pytest.mark.parametrize("location", LOCATIONS, ids=str)
def test_a_location_is_read_whatever_it_tells(location: Json | None) -> None:
    """A location of nulls, of units alone, of an id alone, and a full one: each is read as the door does."""
    records = named([changed(), changed(location=location), changed(home={"street1": "1 Elm St"})])
    assert by_table(nested(records)) == alone(records)


@pytest.mark.parametrize("flag", [None, True, False])
@pytest.mark.parametrize("fulfilled", [None, True, False])
@pytest.mark.parametrize("kind", [None, "", "pickup_point ", "Residential"])
def test_signals_are_read_whatever_they_say(
    flag: bool | None,  # noqa: FBT001 - a signal has three states
    fulfilled: bool | None,  # noqa: FBT001 - as above
    kind: str | None,
) -> None:
    """Every combination of flags, beside a street, a locker, a PO Box and a military address."""
    signals = {
        "amazon_is_access_point_order": flag,
        "amazon_address_type": kind,
        "amazon_fulfilled": fulfilled,
        "amazon_has_access_point": fulfilled,
    }
    places: tuple[Json, ...] = (
        {"street1": "1 Elm St"},
        {"street1": "Elm St"},
        {"company": "Amazon Locker - Chive", "street1": "1 Elm St"},
        {"street1": "PO Box 12"},
        {"street1": "PSC 1 Box 2", "city": "APO", "state": "AE", "zip": "09012"},
        {"street1": "1 Elm St", "street2": "no locker please"},
    )
    records = named([changed(ship_to=place, carrier="amazon", signals=signals) for place in places])
    assert by_table(nested(records)) == alone(records)
    cells = as_cells(records, ENGLISH)
    assert by_table(flat(cells, ENGLISH.values())) == alone(of_cells(cells, ENGLISH.values()))


HOUSES = {
    "own networks": Policy(networks=(LOBBY,)),
    "own networks, stricter": Policy(
        networks=(LOBBY,), stricter=(Stricter("lobby.locker", refuses=(Trait.ALCOHOL,)),)
    ),
    "stricter": Policy(
        stricter=(
            Stricter(
                "ups.access_point",
                refuses=(Trait.HAZMAT,),
                max_sides=(Length.of(20, "in"), Length.of(16, "in"), Length.of(12, "in")),
                max_longest=Length.of(36, "in"),
                max_length_plus_girth=Length.of(108, "in"),
                max_weight=Weight.of(20, "lb"),
                max_value=Money.of("4999.99", "usd"),
            ),
            Stricter("usps.po_box", max_value=Money.of(42, "EUR"), max_weight=Weight.of(15, "lb")),
        )
    ),
    "other carriers for Amazon": Policy(amazon_carriers=("ups", "ontrac")),
}


@pytest.mark.parametrize("house", HOUSES)
def test_the_house_is_heard(house: str) -> None:
    """Own networks, stricter limits and further carriers for Amazon hold for tables too."""
    policy = HOUSES[house]
    book = order_book(7, 300)
    for number, order in enumerate(book[::5]):
        if order.get("ship_to"):
            order["ship_to"]["company"] = ("Lobby Locker 12", "大堂柜", "Lobby Desk")[number % 3]
    records = [order for order in book if "parcels" not in order]
    told = by_table(nested(records), policy=policy)
    assert told == alone(records, policy=policy)
    assert told != by_table(nested(records))
