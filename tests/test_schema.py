"""The JSON Schemas in docs/schema say what the door takes and what the commands give: no less, no more."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from lockership import InputError
from lockership.cli.words import routed
from lockership.errors import Problem
from lockership.files import BadRecord, format_of, json_line, read_records
from lockership.inbound import read_address_order, read_order
from lockership.recognition import recognise
from lockership.testing import decisions, orders
from lockership.units import LENGTH_UNITS, WEIGHT_UNITS
from lockership.words import CHANNELS, Confidence, Kind, Note, RefusalCode, RemedyCode, Route, Trait

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lockership import Decision

NAMES = ("order", "decision", "error", "recognition")
ADDRESS = {"company": "UPS Access Point - CVS 8421", "street1": "1250 W Sunset Blvd", "zip": "90026"}
PARCEL: dict[str, Any] = {
    "length": 14,
    "width": 10,
    "height": 6,
    "dimension_unit": "in",
    "weight": 8.2,
    "weight_unit": "lb",
}
ORDER = {"order_id": "A-1", "carrier": "ups", "ship_to": ADDRESS, "parcel": PARCEL}


@pytest.fixture(scope="session")
def schemas(root: Path) -> dict[str, Draft202012Validator]:
    """Return a validator for each schema."""
    return {
        name: Draft202012Validator(json.loads((root / f"docs/schema/{name}.schema.json").read_text("utf-8")))
        for name in NAMES
    }


def wrong(validator: Draft202012Validator, value: Any) -> list[str]:
    """Say what a schema has against a value."""
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(value)]


def changed(base: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """Give a copy with one value replaced."""
    made = copy.deepcopy(base)
    *blocks, name = path.split(".")
    where = made
    for block in blocks:
        where = where.setdefault(block, {})
    where[name] = value
    return made


@pytest.mark.parametrize("name", NAMES)
def test_each_schema_is_a_schema(schemas: dict[str, Draft202012Validator], name: str) -> None:
    """Each schema is valid JSON Schema 2020-12, has a title, and each part of it is used."""
    schema: Any = schemas[name].schema
    Draft202012Validator.check_schema(schema)
    assert schema["title"]
    text = json.dumps(schema)
    assert [part for part in schema.get("$defs", {}) if f'"#/$defs/{part}"' not in text] == []


# --- orders ------------------------------------------------------------------------------------------


@given(order=orders())
def test_every_lawful_order_fits(schemas: dict[str, Draft202012Validator], order: dict[str, Any]) -> None:
    """What the door takes, the schema takes."""
    assert wrong(schemas["order"], order) == []


PATHS = (
    *("order_id", "carrier", "service", "ship_to", "home", "parcel", "parcels", "signals", "location"),
    *("ship_to.street1", "ship_to.company", "ship_to.name", "ship_to.zip", "home.street1", "home.zip"),
    *("parcel.length", "parcel.dimension_unit", "parcel.weight", "parcel.weight_unit"),
    *("parcel.declared_value", "parcel.currency", "parcel.traits"),
    *("signals.amazon_fulfilled", "signals.amazon_address_type", "signals.amazon_has_access_point"),
    *("location.id", "location.max_length", "location.max_weight", "location.unit", "location.status"),
)
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 5, -1, 0.5, -0.5, 1e5, [], {}, [5], [None], {"a": 1}),
    *(
        "",
        " ",
        "5",
        "-1",
        "0",
        "-0",
        "0.0",
        "1e3",
        "0e5",
        ".5",
        "5.",
        ".",
        "e5",
        "heavy",
        "１２",
        "NaN",
        "5 lb",
    ),
    *(
        "x" * 1000,
        "x" * 1001,
        "in",
        " CM ",
        "yard",
        "lb",
        "Kg",
        "stone",
        "open",
        " FULL ",
        "gone",
        "®",
        "ups",
    ),
    *(["fragile"], ["FRAGILE", " hazmat "], ["frail"], [PARCEL], [{}], PARCEL, ADDRESS),
)


@pytest.mark.parametrize("path", PATHS)
def test_schema_and_door_refuse_the_same(schemas: dict[str, Draft202012Validator], path: str) -> None:
    """With one value replaced by any of many, door and schema say the same of the order."""
    for value in VALUES:
        order = changed(ORDER, path, value)
        assert (wrong(schemas["order"], order) == []) is _is_taken(order), value


def _is_taken(order: object) -> bool:
    try:
        return not any(isinstance(p, InputError) for p in read_order(json.dumps(order)).parcels)
    except InputError:
        return False


@pytest.mark.parametrize(
    "order",
    [
        {key: value for key, value in ORDER.items() if key != "order_id"},
        {key: value for key, value in ORDER.items() if key != "carrier"},
        {key: value for key, value in ORDER.items() if key != "parcel"},
        {**ORDER, "parcels": [PARCEL]},
        {**ORDER, "ship_to": {"name": "Zhang Wei", "city": "Reno"}},
        {**ORDER, "home": {"city": "Reno"}},
        {**ORDER, "location": {"max_length": 5, "max_width": 5, "unit": "in"}},
        {**ORDER, "location": {"max_length": 5, "max_width": 5, "max_height": 5}},
        {**ORDER, "location": {"max_weight": 5, "unit": "in"}},
        [ORDER],
    ],
)
def test_what_the_door_refuses_as_a_whole_the_schema_refuses(
    schemas: dict[str, Draft202012Validator], order: object
) -> None:
    """Absent blocks, both of two keys, empty addresses and half locations are refused by both."""
    assert not _is_taken(order)
    assert wrong(schemas["order"], order)


# --- decisions, errors, kinds ------------------------------------------------------------------------


@given(decision=decisions())
def test_every_decision_fits(schemas: dict[str, Draft202012Validator], decision: Decision) -> None:
    """Whatever routing decides, its JSON is the schema's, alone and among several."""
    assert wrong(schemas["decision"], decision.to_dict("A-1")) == []
    assert wrong(schemas["decision"], decision.to_dict(7, 2)) == []


def test_every_demo_and_golden_decision_fits(schemas: dict[str, Draft202012Validator], root: Path) -> None:
    """The decisions that people look at are all of the schema's shape, and so are the demo's errors."""
    count = 0
    for name, line in _demo_lines(root):
        assert wrong(schemas[name], json.loads(line)) == []
        count += 1
    assert count > 40
    for path in sorted((root / "tests/golden/decisions").glob("*.json")):
        for answer in _decisions_in(json.loads(path.read_text("utf-8"))):
            whole = answer | {"order_id": "A-1", "explanation": {"zh": "…"} | answer["explanation"]}
            assert wrong(schemas["decision"], whole) == []
            count += 1
    assert count > 90


def _demo_lines(root: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((root / "examples/demo").iterdir()):
        if path.suffix in {".jsonl", ".csv"}:
            with path.open("rb") as file:
                for number, item in read_records(file, format_of(path.name), read_order):
                    if isinstance(item, BadRecord):
                        yield "error", json_line(item.to_dict())
                        continue
                    for place, answer in routed(item, number):
                        bad = isinstance(answer, BadRecord)
                        told = (
                            answer.to_dict()
                            if isinstance(answer, BadRecord)
                            else answer.to_dict(item.order_id, place)
                        )
                        yield "error" if bad else "decision", json_line(told)


def _decisions_in(value: object) -> Iterator[dict[str, Any]]:
    """Find the decisions in a golden file, however it is arranged."""
    if isinstance(value, dict):
        if "route" in value and "refusals" in value:
            yield value
        else:
            for inner in value.values():
                yield from _decisions_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _decisions_in(inner)


DECISION: dict[str, Any] = {
    "order_id": "A-1",
    "route": "review",
    "kind": "ups.access_point",
    "network": "ups",
    "confidence": "certain",
    "deliver_to": None,
    "refusals": [
        {"code": "too_heavy", "by": "network", "measured": "45 lb", "limit": "44 lb", "source": None}
    ],
    "remedies": [{"code": "choose_other_point", "channel": "ups.customer_center"}],
    "missing": [],
    "notes": [],
    "hold": None,
    "explanation": {"en": "Stop.", "zh": "暂停。"},
}
REMEDIES: dict[str, dict[str, str]] = {
    "use_carrier": {"carrier": "ups"},
    "ask_home_address": {},
    "choose_other_point": {"channel": "ups.locker"},
    "ship_with_amazon": {},
    "split_parcel": {},
}
HOLD = {"days": 7, "basis": "calendar", "on_expiry": None, "source": "https://example.com"}


PICKUP: dict[str, Any] = {
    "route": "pickup",
    "deliver_to": "ship_to",
    "refusals": [],
    "remedies": [],
    "missing": ["email"],
    "hold": HOLD,
}


def test_what_is_spoilt_below_is_good(schemas: dict[str, Draft202012Validator]) -> None:
    """The decisions and remedies that the next tests spoil fit as they are."""
    assert wrong(schemas["decision"], DECISION) == []
    assert wrong(schemas["decision"], DECISION | PICKUP) == []
    remedies = [{"code": code, **more} for code, more in REMEDIES.items()]
    assert wrong(schemas["decision"], DECISION | {"remedies": remedies}) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("order_id", None),
        ("route", "locker"),
        ("kind", "locker"),
        ("network", "fedex"),
        ("network", None),
        ("confidence", "sure"),
        ("deliver_to", "ship_to"),
        ("refusals", []),
        ("refusals", [{"code": "too_heavy"}]),
        ("refusals", [{**DECISION["refusals"][0], "measured": None}]),
        ("refusals", [{**DECISION["refusals"][0], "trait": "hazmat"}]),
        ("refusals", [{**DECISION["refusals"][0], "code": "trait_refused", "measured": None}]),
        ("refusals", [{**DECISION["refusals"][0], "code": "carrier_cannot_serve", "measured": None}]),
        ("refusals", [{**DECISION["refusals"][0], "by": "us"}]),
        ("refusals", [{**DECISION["refusals"][0], "colour": "red"}]),
        (
            "refusals",
            [{**DECISION["refusals"][0], "code": "service_not_allowed", "measured": None, "limit": None}],
        ),
        ("refusals", [{**DECISION["refusals"][0], "source": "a page"}]),
        ("remedies", [{"code": "use_carrier"}]),
        ("remedies", [{"code": "ask_home_address", "carrier": "ups"}]),
        ("remedies", [{"code": "choose_other_point", "channel": "street"}]),
        *(("remedies", [{"code": code, **more, "colour": "red"}]) for code, more in REMEDIES.items()),
        ("missing", ["email"]),
        ("notes", ["kind_uncertain", "kind_uncertain"]),
        ("notes", ["be careful"]),
        ("hold", HOLD),
        ("explanation", {"en": "Stop."}),
        ("explanation.es", "Alto."),
        ("parcel", 0),
        ("colour", "red"),
    ],
)
def test_a_decision_that_contradicts_itself_is_refused(
    schemas: dict[str, Draft202012Validator], path: str, value: object
) -> None:
    """A word that does not exist, and parts that exclude each other, are not the schema's."""
    assert wrong(schemas["decision"], changed(DECISION, path, value))


@pytest.mark.parametrize(
    "change",
    [
        {"route": "pickup", "deliver_to": "ship_to", "remedies": []},
        {"route": "pickup", "deliver_to": "home", "refusals": [], "remedies": []},
        PICKUP | {"deliver_to": "home"},
        PICKUP | {"deliver_to": None},
        PICKUP | {"kind": "street", "network": None},
        PICKUP | {"missing": ["email", "email"]},
        PICKUP | {"hold": HOLD | {"days": 0}},
        PICKUP | {"hold": HOLD | {"colour": "red"}},
        PICKUP | {"hold": HOLD | {"basis": "lunar"}},
        {"route": "home", "deliver_to": "home", "refusals": [], "remedies": []},
        {"route": "home", "deliver_to": None, "remedies": []},
        {"route": "home", "deliver_to": "home"},
        {"kind": "street", "network": "ups"},
        {"kind": "military", "network": None},
    ],
)
def test_routes_hold_together(schemas: dict[str, Draft202012Validator], change: dict[str, Any]) -> None:
    """A pick-up has no refusals, a home has no remedies, a review delivers nowhere."""
    assert wrong(schemas["decision"], DECISION | change)


@given(st.binary(max_size=200) | orders().map(lambda order: json.dumps(order | {"carrier": 5}).encode()))
def test_every_error_line_fits(schemas: dict[str, Draft202012Validator], data: bytes) -> None:
    """Whatever cannot be read, its error line is the schema's."""
    with pytest.raises(InputError) as caught:
        read_order(data)
    for bad in (BadRecord(3, None, caught.value), BadRecord(3, "A-1", caught.value, 2)):
        assert wrong(schemas["error"], json.loads(json_line(bad.to_dict()))) == []


ERROR = BadRecord(1, "A-1", InputError([Problem("too_long", "1,001 characters", "carrier")])).to_dict()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("error.code", "bad"),
        ("error.field", None),
        ("error.code", "not_json"),
        ("error.problems", []),
        ("error.problems", [{"code": "too_long", "message": "x"}]),
        ("error.message", ""),
        ("error.record", 0),
        ("order_id", True),
        ("parcel", 0),
        ("route", "review"),
    ],
)
def test_a_wrong_error_line_is_refused(
    schemas: dict[str, Draft202012Validator], path: str, value: object
) -> None:
    """An unknown code, a field where none can be, and an error without problems are refused."""
    assert wrong(schemas["error"], ERROR) == []
    assert wrong(schemas["error"], changed(ERROR, path, value))


@given(order=orders())
def test_every_recognition_line_fits(schemas: dict[str, Draft202012Validator], order: dict[str, Any]) -> None:
    """Whatever an address is, the line that says so is the schema's."""
    read = read_address_order(json.dumps(order))
    seen = recognise(read.ship_to, read.signals)
    line = {"order_id": "A-1", "kind": str(seen.kind), "confidence": seen.confidence.value}
    line["evidence"] = [evidence._asdict() for evidence in seen.evidence]  # type: ignore[assignment]  # a list
    assert wrong(schemas["recognition"], line) == []
    assert wrong(schemas["recognition"], line | {"kind": "locker"})
    assert wrong(schemas["recognition"], line | {"evidence": [{"field": "name"}]})


# --- words -------------------------------------------------------------------------------------------


def test_the_schemas_know_every_word(schemas: dict[str, Draft202012Validator]) -> None:
    """Every kind, code, note and trait of the program stands in the schemas, and no other."""
    decision: Any = schemas["decision"].schema
    parts, fields = decision["$defs"], decision["properties"]
    assert parts["kind"]["anyOf"][0]["enum"] == list(Kind)
    assert parts["channel"]["anyOf"][0]["enum"] == list(CHANNELS)
    assert fields["route"]["enum"] == list(Route)
    assert fields["confidence"]["enum"] == list(Confidence)
    assert fields["notes"]["items"]["enum"] == list(Note)
    assert parts["refusal"]["properties"]["code"]["enum"] == list(RefusalCode)
    assert parts["refusal"]["properties"]["trait"]["enum"] == list(Trait)
    assert [kind["properties"]["code"]["const"] for kind in parts["remedy"]["oneOf"]] == list(RemedyCode)
    recognition: Any = schemas["recognition"].schema
    assert recognition["properties"]["kind"]["enum"] == list(Kind)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("parcel.dimension_unit", LENGTH_UNITS),
        ("parcel.weight_unit", WEIGHT_UNITS),
        ("parcel.traits", [[trait.value] for trait in Trait]),
    ],
)
def test_units_and_traits_are_those_of_the_program(
    schemas: dict[str, Draft202012Validator], path: str, words: Any
) -> None:
    """Each unit and trait is taken in any case."""
    for word in words:
        for spelt in (word, json.loads(json.dumps(word).upper())):
            assert wrong(schemas["order"], changed(ORDER, path, spelt)) == []
