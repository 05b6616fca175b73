"""What the door says about every way in which an order can be wrong (contract 4)."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockership import Address, InputError, Length, Location, Money, Parcel, Signals, Trait, Weight
from lockership.errors import Problem
from lockership.inbound import (
    JsonNumber,
    Order,
    parse_json,
    read_address,
    read_address_order,
    read_order,
)
from lockership.location import LocationStatus

ABSENT = object()
PERSON = ("Zhang Wei", "1250 W Sunset Blvd")
ORDER: dict[str, Any] = {
    "order_id": "A-1001",
    "carrier": "ups",
    "service": None,
    "ship_to": {
        "name": PERSON[0],
        "company": "UPS Access Point - CVS 8421",
        "street1": PERSON[1],
        "street2": None,
        "street3": None,
        "city": "Los Angeles",
        "state": "CA",
        "zip": "90026",
        "country": "US",
        "phone": None,
        "email": None,
    },
    "home": None,
    "parcel": {
        "length": 14,
        "width": 10,
        "height": 6,
        "dimension_unit": "in",
        "weight": 8.2,
        "weight_unit": "lb",
        "declared_value": 42,
        "currency": "USD",
        "traits": [],
    },
    "signals": {
        "amazon_is_access_point_order": None,
        "amazon_address_type": None,
        "amazon_fulfilled": None,
    },
    "location": {
        "id": None,
        "max_length": None,
        "max_width": None,
        "max_height": None,
        "unit": "in",
        "max_weight": None,
        "weight_unit": "lb",
        "status": None,
    },
}
"""The contract's own example."""

SIDES = ("max_length", "max_width", "max_height")
TRAITS = ", ".join(Trait)
SEPARATORS = "no separators between thousands, and a point before decimals"


def changed(**changes: object) -> dict[str, Any]:
    """Give the order with values replaced; ``parcel__length=3`` reaches into a block."""
    order = copy.deepcopy(ORDER)
    for path, value in changes.items():
        *blocks, name = path.split("__")
        where = order
        for block in blocks:
            where = where[block] if isinstance(where.get(block), dict) else where.setdefault(block, {})
        if value is ABSENT:
            where.pop(name, None)
        else:
            where[name] = value
    return order


def problems(record: object) -> list[tuple[str | None, str]]:
    """Give the field and the code of all that is wrong, the first parcel's too."""
    return [(problem.field, problem.code) for problem in all_problems(record)]


def all_problems(record: object) -> tuple[Problem, ...]:
    """Give all that is wrong with a record that was written as JSON."""
    text = record if isinstance(record, str | bytes) else json.dumps(record)
    try:
        order = read_order(text)
    except InputError as error:
        return error.problems
    return tuple(p for parcel in order.parcels if isinstance(parcel, InputError) for p in parcel.problems)


def read(**changes: object) -> Order:
    """Read the order with values replaced."""
    return read_order(json.dumps(changed(**changes)))


# --- what is let in ---------------------------------------------------------------------------------


def test_the_contracts_order_is_read_field_by_field() -> None:
    """Every field of the contract's example reaches its value."""
    order = read()
    assert order.order_id == "A-1001"
    assert (order.carrier, order.service, order.several) == ("ups", None, False)
    assert order.ship_to == Address(
        name="Zhang Wei",
        company="UPS Access Point - CVS 8421",
        street1="1250 W Sunset Blvd",
        city="Los Angeles",
        state="CA",
        zip="90026",
        country="US",
    )
    length, width, height = (Length.of(side, "in") for side in (14, 10, 6))
    assert order.parcels == (Parcel(length, width, height, Weight.of("8.2", "lb"), Money.of(42)),)
    assert order.signals == Signals()
    assert order.location == Location()
    assert order.home is None


def test_blocks_that_are_filled_reach_their_values() -> None:
    """A home, signals and a location are read as they are written."""
    order = read(
        home={"street1": "933 Sanborn Ave", "zip": 2101},
        signals={"amazon_is_access_point_order": True, "amazon_address_type": "PICKUP_POINT"},
        location={"id": "U1", "max_length": "16", "max_width": 14, "max_height": 12.5, "unit": "IN"}
        | {"max_weight": "20", "weight_unit": "Kg", "status": "Full"},
        parcel__traits=["FRAGILE", " hazmat ", "fragile"],
    )
    assert order.home == Address(street1="933 Sanborn Ave", zip="02101")
    assert order.signals == Signals(amazon_is_access_point_order=True, amazon_address_type="PICKUP_POINT")
    assert order.location is not None
    assert order.location.max_sides == tuple(Length.of(side, "in") for side in ("16", "14", "12.5"))
    assert order.location.max_weight == Weight.of(20, "kg")
    assert (order.location.status, order.location.weight_unit) == (LocationStatus.FULL, "kg")
    parcel = order.parcels[0]
    assert isinstance(parcel, Parcel)
    assert parcel.traits == (Trait.FRAGILE, Trait.HAZMAT)


@pytest.mark.parametrize(
    "lean",
    [
        {"home": ABSENT, "signals": ABSENT, "location": ABSENT, "service": ABSENT},
        {"home": None, "signals": None, "location": None, "service": None},
        {"home": {}, "signals": {}, "location": {}},
        {"parcel__traits": ABSENT, "parcel__declared_value": ABSENT, "parcel__currency": ABSENT},
        {"parcel__traits": None, "parcel__declared_value": None, "parcel__currency": None},
        {"parcel__declared_value": " ", "parcel__currency": ""},
        {"ship_to": {"street1": "1 Elm St"}},
        {"ship_to": {"company": "Locker"}},
        {"ship_to": {"street3": "x"}},
    ],
)
def test_what_may_be_absent_may_be_absent(lean: dict[str, object]) -> None:
    """Absent, null and empty optional blocks and fields are fine."""
    assert problems(changed(**lean)) == []


@pytest.mark.parametrize("block", ["home", "location"])
def test_an_empty_block_is_unknown(block: str) -> None:
    """``{}`` says that nothing is known."""
    assert getattr(read(**{block: {}}), block) is None


def test_extra_keys_are_passed_over_everywhere() -> None:
    """Extra keys are ignored, in the order and in every block."""
    more: dict[str, Any] = {"note": [1], "declared": {"a": None}}
    order = changed() | more
    for block in ("ship_to", "parcel", "signals", "location"):
        order[block] |= more
    assert read_order(json.dumps(order)) == read()


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("8.2", "8.2"),
        ('"8.20"', "8.2"),
        ('" 8.2 "', "8.2"),
        ("82e-1", "8.2"),
        ('"+8.2"', "8.2"),
        ('".5"', "0.5"),
        ('"5."', "5"),
        ("0.1", "0.1"),
        ("1e5", "100000"),
        ("0." + "0" * 9 + "1", "1e-10"),
    ],
)
def test_a_number_is_read_exactly(text: str, exact: str) -> None:
    """A number is read from its text, never through a binary float."""
    order = read_order(json.dumps(changed(parcel__weight="W")).replace('"W"', text))
    parcel = order.parcels[0]
    assert isinstance(parcel, Parcel)
    assert parcel.weight == Weight.of(Decimal(exact), "lb")


@given(st.decimals("0.001", "999", places=3))
def test_a_json_number_and_its_text_are_the_same(weight: Decimal) -> None:
    """A number as text and as a JSON number give the same parcel."""
    text = format(weight, "f")
    written = json.dumps(changed(parcel__weight="W"))
    assert read_order(written.replace('"W"', text)) == read_order(written.replace('"W"', f'"{text}"'))


@pytest.mark.parametrize(
    ("given_as", "text"),
    [(2101, "02101"), (90026, "90026"), (21010001, "021010001"), (900261234, "900261234"), (2101.0, "02101")],
)
def test_a_zip_code_may_be_a_number(given_as: float, text: str) -> None:
    """A ZIP code that became a number gets its leading zeros back."""
    assert read(ship_to__zip=given_as).ship_to.zip == text


def test_a_zip_code_as_text_stays_as_the_buyer_wrote_it() -> None:
    """Text is never corrected."""
    assert read(ship_to__zip="2101").ship_to.zip == "2101"


@pytest.mark.parametrize(
    "written", ['"A-1"', "7", "1.10", "1e5", "-0", "0.1E+1", "123456789012345678901234567890", '""', '"中"']
)
def test_an_order_id_is_kept_as_it_came(written: str) -> None:
    """An order id is text or a number; a number is kept by its text."""
    order_id = read_order(json.dumps(changed(order_id="ID")).replace('"ID"', written)).order_id
    text = order_id.text if isinstance(order_id, JsonNumber) else json.dumps(order_id, ensure_ascii=False)
    assert text == written


@pytest.mark.parametrize("field", ["order_id", "carrier", "service", "ship_to__street1", "location__id"])
def test_half_a_surrogate_pair_is_text(field: str) -> None:
    r"""JSON may hold "\ud800", which no encoding can write: it is read as any other text."""
    assert problems(changed(**{field: "\ud800"})) == []


def test_a_python_caller_may_pass_what_he_parsed_himself() -> None:
    """A mapping is read as its JSON is; Decimal and int are exact, a binary float is refused."""
    order = changed(order_id=7, parcel__weight=Decimal("8.2"), parcel__length=14)
    assert read_order(order).order_id == 7
    assert read_order(order).parcels == read().parcels
    with pytest.raises(InputError, match=r"parcel\.weight: 8\.2 is a binary float, which is not exact"):
        read_order(changed(parcel__weight=8.2))


def test_a_byte_order_mark_is_dropped() -> None:
    """A byte-order mark before the object changes nothing, nor does UTF-16 with its mark."""
    text = json.dumps(ORDER, ensure_ascii=False)
    assert read_order("\ufeff" + text) == read_order(text.encode("utf-8-sig")) == read()
    assert read_order(text.encode("utf-16")) == read()


# --- what is refused, and in which words -------------------------------------------------------------

WRONG: list[tuple[str, object, str, str]] = [
    ("order_id", ABSENT, "missing_field", "an order id is needed, text or a number"),
    ("order_id", None, "missing_field", "an order id is needed, text or a number"),
    ("order_id", True, "wrong_type", "expected text or a number, found true or false"),
    ("order_id", ["A"], "wrong_type", "expected text or a number, found a list"),
    ("order_id", {}, "wrong_type", "expected text or a number, found an object"),
    ("order_id", float("nan"), "wrong_type", "expected text or a number, found a number that is none"),
    ("order_id", "x" * 1001, "too_long", "1,001 characters, at most 1,000 are accepted"),
    ("order_id", 10**1000, "too_long", "1,001 characters, at most 1,000 are accepted"),
    ("carrier", ABSENT, "missing_field", "a carrier's name is needed, as usps, ups, fedex or amazon"),
    ("carrier", None, "missing_field", "a carrier's name is needed, as usps, ups, fedex or amazon"),
    ("carrier", " ® ", "missing_field", "a carrier's name is needed, as usps, ups, fedex or amazon"),
    ("carrier", 5, "wrong_type", "expected text, found a number"),
    ("carrier", "x" * 1001, "too_long", "1,001 characters, at most 1,000 are accepted"),
    ("service", 5, "wrong_type", "expected text, found a number"),
    ("service", "x" * 1001, "too_long", "1,001 characters, at most 1,000 are accepted"),
    ("ship_to", ABSENT, "missing_field", "an address, as an object, is needed"),
    ("ship_to", None, "missing_field", "an address, as an object, is needed"),
    ("ship_to", "1 Elm St", "wrong_type", "expected an object, found text"),
    ("ship_to", [], "wrong_type", "expected an object, found a list"),
    ("ship_to__street1", 5, "wrong_type", "expected text, found a number"),
    ("ship_to__name", True, "wrong_type", "expected text, found true or false"),
    ("ship_to__phone", 3105551234, "wrong_type", "expected text, found a number"),
    ("ship_to__zip", 90026.5, "wrong_type", "expected text, found a number"),
    ("ship_to__zip", -1, "wrong_type", "expected text, found a number"),
    ("ship_to__zip", True, "wrong_type", "expected text, found true or false"),
    ("ship_to__city", "x" * 1001, "too_long", "1,001 characters, at most 1,000 are accepted"),
    ("home", "x", "wrong_type", "expected an object, found text"),
    ("home", [], "wrong_type", "expected an object, found a list"),
    ("parcel", ABSENT, "missing_field", "a parcel is needed, or a list of them in parcels"),
    ("parcel", "14x10x6", "wrong_type", "expected an object, found text"),
    ("parcel", [], "wrong_type", "expected an object, found a list"),
    ("parcel__length", ABSENT, "missing_field", "a number is needed"),
    ("parcel__width", None, "missing_field", "a number is needed"),
    ("parcel__height", " ", "missing_field", "a number is needed"),
    ("parcel__weight", ABSENT, "missing_field", "a number is needed"),
    ("parcel__length", True, "not_a_number", "expected a plain number, as 8.2, found true or false"),
    ("parcel__length", [14], "not_a_number", "expected a plain number, as 8.2, found a list"),
    ("parcel__length", {"in": 14}, "not_a_number", "expected a plain number, as 8.2, found an object"),
    ("parcel__weight", float("nan"), "not_a_number", "'NaN' is not a plain number, as 8.2"),
    ("parcel__weight", float("-inf"), "not_a_number", "'-Infinity' is not a plain number, as 8.2"),
    ("parcel__weight", "nan", "not_a_number", "'nan' is not a plain number, as 8.2"),
    ("parcel__weight", "heavy", "not_a_number", "'heavy' is not a plain number, as 8.2"),
    ("parcel__weight", "0x10", "not_a_number", "'0x10' is not a plain number, as 8.2"),
    ("parcel__weight", ".", "not_a_number", "'.' is not a plain number, as 8.2"),
    ("parcel__weight", "e5", "not_a_number", "'e5' is not a plain number, as 8.2"),
    ("parcel__weight", "１２", "not_a_number", "'１２' is not a plain number, as 8.2: digits must be 0 to 9"),
    ("parcel__weight", "٣", "not_a_number", "'٣' is not a plain number, as 8.2: digits must be 0 to 9"),
    (
        "parcel__weight",
        "2公斤",
        "not_a_number",
        "'2公斤' is not a plain number, as 8.2: the unit has a field of its own",
    ),
    (
        "parcel__weight",
        "8.2 lbs.",
        "not_a_number",
        "'8.2 lbs.' is not a plain number, as 8.2: the unit has a field of its own",
    ),
    (
        "parcel__weight",
        "1,200.5",
        "not_a_number",
        f"'1,200.5' is not a plain number, as 8.2: {SEPARATORS}",
    ),
    (
        "parcel__weight",
        "8,2",
        "not_a_number",
        f"'8,2' is not a plain number, as 8.2: {SEPARATORS}",
    ),
    (
        "parcel__weight",
        "9" * 41,
        "not_a_number",
        f"'{'9' * 41}' is not a plain number, as 8.2: at most 40 digits are read",
    ),
    (
        "parcel__weight",
        "9" * 5000,
        "not_a_number",
        f"'{'9' * 40}…' is not a plain number, as 8.2: at most 40 digits are read",
    ),
    (
        "parcel__weight",
        "1e31",
        "not_a_number",
        "'1e31' is not a plain number, as 8.2: an exponent must be within ±30",
    ),
    (
        "parcel__weight",
        "1e-31",
        "not_a_number",
        "'1e-31' is not a plain number, as 8.2: an exponent must be within ±30",
    ),
    ("parcel__length", 0, "out_of_range", "0 in is not above zero"),
    ("parcel__length", -3, "out_of_range", "-3 in is not above zero"),
    ("parcel__length", "100000.0001", "out_of_range", "100001 in is over 100000 in"),
    ("parcel__weight", 0, "out_of_range", "0 lb is not above zero"),
    ("parcel__weight", "1000000.1", "out_of_range", "1000010 lb is over 1000000 lb"),
    ("parcel__weight", "1e30", "out_of_range", "1000000000000000000000000000000 lb is over 1000000 lb"),
    ("parcel__declared_value", -1, "out_of_range", "a value cannot be negative"),
    ("parcel__declared_value", "$42", "not_a_number", "'$42' is not a plain number, as 8.2"),
    ("parcel__declared_value", True, "not_a_number", "expected a plain number, as 8.2, found true or false"),
    ("parcel__dimension_unit", ABSENT, "missing_field", "a unit is needed, one of in, cm, mm, ft, m"),
    ("parcel__dimension_unit", " ", "missing_field", "a unit is needed, one of in, cm, mm, ft, m"),
    ("parcel__dimension_unit", 5, "wrong_type", "expected text, found a number"),
    ("parcel__dimension_unit", "lb", "unknown_unit", "unit 'lb' is not one of in, cm, mm, ft, m"),
    ("parcel__weight_unit", ABSENT, "missing_field", "a unit is needed, one of lb, oz, g, kg"),
    ("parcel__weight_unit", "stone", "unknown_unit", "unit 'stone' is not one of lb, oz, g, kg"),
    ("parcel__weight_unit", "x" * 1001, "too_long", "1,001 characters, at most 1,000 are accepted"),
    ("parcel__currency", 5, "wrong_type", "expected text, found a number"),
    (
        "parcel__traits",
        ["frail"],
        "unknown_trait",
        f"'frail' is not one of {TRAITS}",
    ),
    (
        "parcel__traits",
        "fragile",
        "wrong_type",
        f"expected a list of {TRAITS}, found text",
    ),
    (
        "parcel__traits",
        {"fragile": True},
        "wrong_type",
        f"expected a list of {TRAITS}, found an object",
    ),
    (
        "parcel__traits",
        [5],
        "wrong_type",
        f"expected text, one of {TRAITS}, found a number",
    ),
    ("signals", [], "wrong_type", "expected an object, found a list"),
    ("signals__amazon_fulfilled", "no", "wrong_type", "expected true or false, found text"),
    ("signals__amazon_fulfilled", 0, "wrong_type", "expected true or false, found a number"),
    ("signals__amazon_address_type", True, "wrong_type", "expected text, found true or false"),
    ("location", "U88498244", "wrong_type", "expected an object, found text"),
    ("location__id", 1434185, "wrong_type", "expected text, found a number"),
    ("location__max_weight", 0, "out_of_range", "a weight must be above zero and at most 1000000 lb"),
    ("location__max_weight", "", "missing_field", "a number is needed"),
    (
        "location__status",
        "gone",
        "out_of_range",
        "'gone' is not one of open, closed, full, not_accepting",
    ),
    (
        "location__status",
        1,
        "wrong_type",
        "expected text, one of open, closed, full, not_accepting, found a number",
    ),
    ("location__unit", "yard", "unknown_unit", "unit 'yard' is not one of in, cm, mm, ft, m"),
]


@pytest.mark.parametrize(
    ("field", "value", "code", "message"), WRONG, ids=lambda value: str(value)[:24] if value != "" else "''"
)
def test_one_wrong_field_is_one_problem(field: str, value: object, code: str, message: str) -> None:
    """One wrong field gives one problem, with its path, its code, and words that say what is accepted."""
    assert all_problems(changed(**{field: value})) == (Problem(code, message, field.replace("__", ".")),)


@pytest.mark.parametrize("blank", [ABSENT, None, "", "  \t", "\u3000"])
def test_an_address_without_any_line_is_empty(blank: object) -> None:
    """A name, a city and a ZIP code are no address: somebody must find a door."""
    lines = {f"ship_to__{line}": blank for line in ("company", "street1", "street2", "street3")}
    assert problems(changed(**lines)) == [("ship_to", "empty_address")]


def test_a_home_is_read_as_strictly_as_a_ship_to() -> None:
    """A home that is given must be an address, and is named in its problems."""
    assert problems(changed(home={"name": "Zhang Wei"})) == [("home", "empty_address")]
    assert problems(changed(home={"street1": "x" * 1001, "zip": []})) == [
        ("home.street1", "too_long"),
        ("home.zip", "wrong_type"),
    ]


@pytest.mark.parametrize("given_sides", [(1,), (2,), (1, 2), (0, 2)])
def test_the_sides_of_a_location_are_given_all_or_none(given_sides: tuple[int, ...]) -> None:
    """One or two sides of a location are refused, naming those that lack."""
    sides: dict[str, object] = {f"location__{SIDES[place]}": 10 for place in given_sides}
    lacking = [f"location.{side}" for place, side in enumerate(SIDES) if place not in given_sides]
    assert problems(changed(**sides)) == [(field, "missing_field") for field in lacking]


def test_a_lone_side_of_a_location_is_checked_all_the_same() -> None:
    """A side that is wrong is told beside those that lack."""
    wrong = changed(location__max_width="wide", location__unit=ABSENT)
    assert problems(wrong) == [
        ("location.max_length", "missing_field"),
        ("location.max_width", "not_a_number"),
        ("location.max_height", "missing_field"),
        ("location.unit", "missing_field"),
    ]


def test_a_location_needs_the_units_of_what_it_gives() -> None:
    """A limit without its unit is refused; a location without limits needs no units."""
    bare = {"id": "U1"}
    assert problems(changed(location=bare)) == []
    assert problems(changed(location=bare | {"max_weight": 5})) == [("location.weight_unit", "missing_field")]
    assert problems(changed(location=bare | dict.fromkeys(SIDES, 5))) == [("location.unit", "missing_field")]


def test_all_problems_of_a_record_are_told_at_once() -> None:
    """Everything that is wrong is told, in the order in which an order lists its fields."""
    record = {
        "service": 5,
        "ship_to": {"street1": 5, "city": "x" * 1001},
        "home": {"name": "Zhang Wei"},
        "parcel": {"length": "a", "width": -1, "weight_unit": "stone", "traits": ["frail"]},
        "signals": {"amazon_fulfilled": "no"},
        "location": {"max_length": 5, "unit": "in", "status": "gone"},
    }
    assert problems(record) == [
        ("order_id", "missing_field"),
        ("carrier", "missing_field"),
        ("service", "wrong_type"),
        ("ship_to.street1", "wrong_type"),
        ("ship_to.city", "too_long"),
        ("home", "empty_address"),
        ("parcel.length", "not_a_number"),
        ("parcel.width", "out_of_range"),
        ("parcel.height", "missing_field"),
        ("parcel.dimension_unit", "missing_field"),
        ("parcel.weight", "missing_field"),
        ("parcel.weight_unit", "unknown_unit"),
        ("parcel.traits", "unknown_trait"),
        ("signals.amazon_fulfilled", "wrong_type"),
        ("location.max_width", "missing_field"),
        ("location.max_height", "missing_field"),
        ("location.status", "out_of_range"),
    ]


def test_the_first_problem_is_the_errors_own() -> None:
    """The error's code, message and field are those of its first problem."""
    with pytest.raises(InputError) as caught:
        read(parcel__length="a", carrier=5)
    assert (caught.value.code, caught.value.field) == ("wrong_type", "carrier")
    assert caught.value.message == "expected text, found a number"
    assert str(caught.value) == (
        "carrier: expected text, found a number; parcel.length: 'a' is not a plain number, as 8.2"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "expected a JSON object, found a list; a list of orders is read with --in-format json"),
        ("5", "expected a JSON object, found a number"),
        ("null", "expected a JSON object, found null"),
        ('"order"', "expected a JSON object, found text"),
        ('{"order_id": "A-1", "ship', "not JSON: Unterminated string starting at character 21"),
        ("{'order_id': 1}", "not JSON: Expecting property name enclosed in double quotes at character 2"),
        ('{"order_id": 01}', "not JSON: Expecting ',' delimiter at character 15"),
        ('{"order_id": 1} {"order_id": 2}', "not JSON: Extra data at character 17"),
        ("", "not JSON: Expecting value at character 1"),
        (b'{"order_id": "\xff"}', "not JSON: bytes that are not UTF-8 at byte 15"),
        ("[" * 100_000, "not JSON: nested too deeply"),
    ],
)
def test_what_is_no_json_object_is_not_json(text: str | bytes, message: str) -> None:
    """A line that is not a JSON object is ``not_json``, without a field."""
    assert all_problems(text) == (Problem("not_json", message),)


# --- several parcels ---------------------------------------------------------------------------------


def test_several_parcels_stand_in_their_order() -> None:
    """A list of parcels gives each parcel in its place."""
    light, heavy = ORDER["parcel"], ORDER["parcel"] | {"weight": "45"}
    order = read(parcel=ABSENT, parcels=[light, heavy])
    assert order.several
    assert [p.weight.text() for p in order.parcels if isinstance(p, Parcel)] == ["8.2 lb", "45 lb"]


def test_a_list_of_one_is_still_a_list() -> None:
    """One parcel in a list is told as the first of several."""
    assert read(parcel=ABSENT, parcels=[ORDER["parcel"]]).several


def test_a_bad_parcel_among_several_leaves_its_sisters_alone() -> None:
    """A bad parcel stands in its place as its own error, and the others are read."""
    order = read(parcel=None, parcels=[ORDER["parcel"], {"length": "a"}, 5, ORDER["parcel"]])
    assert [isinstance(parcel, Parcel) for parcel in order.parcels] == [True, False, False, True]
    second, third = order.parcels[1], order.parcels[2]
    assert isinstance(second, InputError)
    assert isinstance(third, InputError)
    assert [problem.field for problem in second.problems] == [
        f"parcels[1].{name}"
        for name in ("length", "width", "height", "dimension_unit", "weight", "weight_unit")
    ]
    assert third.problems == (Problem("wrong_type", "expected an object, found a number", "parcels[2]"),)


def test_an_order_that_cannot_be_read_tells_its_parcels_problems_too() -> None:
    """All problems at once: those of the parcels stand behind those of the order."""
    record = changed(carrier=ABSENT, parcel=ABSENT, parcels=[5, ORDER["parcel"], {}])
    found = problems(record)
    assert found[:2] == [("carrier", "missing_field"), ("parcels[0]", "wrong_type")]
    assert {field for field, _ in found[2:]} == {
        f"parcels[2].{name}"
        for name in ("length", "width", "height", "dimension_unit", "weight", "weight_unit")
    }


@pytest.mark.parametrize(
    ("parcels", "parcel", "expected"),
    [
        ([], ABSENT, Problem("missing_field", "a list of parcels needs at least one", "parcels")),
        ({}, ABSENT, Problem("wrong_type", "expected a list, found an object", "parcels")),
        (
            [ORDER["parcel"]],
            ORDER["parcel"],
            Problem("wrong_type", "give parcel or parcels, not both", "parcels"),
        ),
        ([], ORDER["parcel"], Problem("wrong_type", "give parcel or parcels, not both", "parcels")),
        (
            None,
            None,
            Problem("missing_field", "a parcel is needed, or a list of them in parcels", "parcel"),
        ),
    ],
)
def test_parcel_and_parcels_exclude_each_other(parcels: object, parcel: object, expected: Problem) -> None:
    """An empty list, no list, and both keys are errors."""
    assert all_problems(changed(parcel=parcel, parcels=parcels)) == (expected,)


# --- recognition alone, addresses alone --------------------------------------------------------------


def test_recognition_needs_an_address_alone() -> None:
    """For recognition a parcel, a carrier, a home and a location may be absent or anything."""
    record = {"order_id": 7, "ship_to": ORDER["ship_to"], "parcel": 5, "home": "x", "location": []}
    order = read_address_order(json.dumps(record))
    assert (order.order_id, order.ship_to, order.parcels) == (JsonNumber("7"), read().ship_to, ())


def test_recognition_is_as_strict_about_what_it_reads() -> None:
    """Order id, address and signals are refused as for routing."""
    with pytest.raises(InputError) as caught:
        read_address_order(json.dumps({"ship_to": {"zip": []}, "signals": {"amazon_fulfilled": 1}}))
    assert [problem.field for problem in caught.value.problems] == [
        "order_id",
        "ship_to.zip",
        "signals.amazon_fulfilled",
    ]


def test_an_address_alone_names_its_fields_as_asked() -> None:
    """A sender's address is read as a ship_to; its problems carry the name it was asked for by."""
    assert read_address('{"street1": "1 Elm St", "zip": 2101}') == Address(street1="1 Elm St", zip="02101")
    with pytest.raises(InputError, match=r"^sender: an address needs at least one line"):
        read_address("{}", "sender")
    with pytest.raises(InputError, match=r"^sender\.street1: expected text, found a number$"):
        read_address('{"street1": 5}', "sender")
    with pytest.raises(InputError, match="expected a JSON object, found a list"):
        read_address("[]", "sender")


# --- nobody is named ---------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["name", "street1"])
@given(others=st.dictionaries(st.sampled_from(sorted(ORDER["ship_to"])), st.integers(), min_size=1))
def test_no_message_names_the_buyer(field: str, others: dict[str, int]) -> None:
    """Whatever else is wrong with an address, no message holds its name or street."""
    ship_to = ORDER["ship_to"] | others | {field: PERSON[0]}
    for problem in all_problems(changed(ship_to=ship_to, home=ship_to, parcel={})):
        assert PERSON[0] not in problem.message
        assert PERSON[1] not in problem.message


def test_an_orders_repr_names_nobody() -> None:
    """An order in a log or a traceback shows neither address."""
    shown = repr(read(home=ORDER["ship_to"]))
    assert "A-1001" in shown
    assert not any(words in shown for words in PERSON)


def test_a_json_number_is_its_text() -> None:
    """Two JSON numbers are equal when they are written the same; NaN and Infinity are none."""
    one, other, nan = parse_json("[1.10, 1.1, NaN]")
    assert one == JsonNumber("1.10")
    assert one != other
    assert len({one, other, JsonNumber("1.1")}) == 2
    assert (one.finite, nan.finite) == (True, False)
    assert repr(one) == "JsonNumber('1.10')"
