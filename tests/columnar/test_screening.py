"""What a catalogue could be collected from is what ``route_parcel()`` says of each of its parcels."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockership import Address, InputError, Parcel, Policy, route_parcel
from lockership.columnar import REFUSAL_BITS, eligible, refusal_codes, share
from lockership.columnar.screening import HOME_CARRIERS
from lockership.inbound import read_order
from lockership.testing import parcels
from lockership.testing.order_json import _parcel_json
from lockership.testing.places import FORMS
from lockership.units import LENGTH_UNITS, WEIGHT_UNITS
from lockership.words import CHANNELS, RefusalCode, Route

from ..some_orders import POLICIES, Orders  # noqa: TID252 - tests are no package that could be named
from ..test_inbound import WRONG, changed  # noqa: TID252 - as above
from ..test_own_network import LOBBY  # noqa: TID252 - as above
from .both_ways import SCHEMA, Json

if TYPE_CHECKING:
    from collections.abc import Sequence

HOUSES = (
    *(Policy.from_dict(values) for values in POLICIES[7:]),
    Policy(networks=(LOBBY,)),
    Policy.from_dict(
        {"stricter": {"ups.locker": {"max_value": "50 USD", "max_weight": "9 lb", "refuses": ["alcohol"]}}}
    ),
)
PLACES: dict[str, Address] = {
    kind: Address(**{name: text.format(street="1 Elm St", n="7") for name, text in FORMS[kind][0].items()})
    for kind in CHANNELS
} | {channel.kind: Address(company=channel.spellings[0], street1="1 Elm St") for channel in LOBBY.channels}
STREET = Address(street1="1 Elm St")


def one_by_one(parcel: Parcel, policy: Policy, on: date | None) -> Json:
    """Ask ``route_parcel()`` about one parcel at every channel, by the channel's own carrier, and at home."""
    told: Json = {}
    for kind, channel in policy.channel_of.items():
        place = PLACES[kind]
        carrier = channel.carriers[0] if channel.carriers else "OnTrac"
        decision = route_parcel(place, carrier, parcel, policy=policy, on=on)
        assert decision.kind == kind
        told[str(kind)] = decision.route is Route.PICKUP
        told[f"refused.{kind}"] = set(dict.fromkeys(refusal.code for refusal in decision.refusals))
    for carrier in HOME_CARRIERS:
        decision = route_parcel(STREET, carrier, parcel, policy=policy, on=on)
        told[f"home.{carrier}"] = decision.route is Route.HOME
    return told


def screened(table: Any, **asked: Any) -> list[Json]:
    """Screen a catalogue, with the codes in the place of bits; rows that are errors as their error."""
    return [
        {
            name: set(refusal_codes(value)) if name.startswith("refused.") and value is not None else value
            for name, value in row.items()
        }
        for row in eligible(table, **asked).to_pylist()
    ]


def without_errors(row: Json) -> Json:
    """Take the error columns away, which must be empty."""
    assert {row.pop(f"error_{name}") for name in ("code", "message", "field", "problems")} == {None}
    return row


def catalogue(records: Sequence[Json]) -> Any:
    """Lay parcels out as structs, with numbers as text."""
    parcel = [
        {name: v if v is None or isinstance(v, list) else str(v) for name, v in one.items()}
        for one in records
    ]
    return pa.table(
        {
            "sku": [f"S-{number}" for number in range(len(parcel))],
            "parcel": pa.array(parcel, SCHEMA.field("parcel").type),
        }
    )


units = st.tuples(st.sampled_from(tuple(LENGTH_UNITS)), st.sampled_from(tuple(WEIGHT_UNITS)))


@given(
    st.lists(st.tuples(parcels(), units), max_size=8),
    st.sampled_from(HOUSES),
    st.sampled_from((None, date(2026, 11, 24), date(2020, 1, 1))),
)
def test_each_product_gets_what_it_gets_alone(
    products: list[tuple[Parcel, tuple[str, str]]], policy: Policy, on: date | None
) -> None:
    """Every channel, every refusal and every home delivery is what ``route_parcel()`` says."""
    records = [_parcel_json(parcel, *names, as_numbers=False) for parcel, names in products]
    told = screened(catalogue(records), policy=policy, on=on)
    assert [row.pop("sku") for row in told] == [f"S-{number}" for number in range(len(products))]
    assert [without_errors(row) for row in told] == [one_by_one(parcel, policy, on) for parcel, _ in products]


def test_products_at_the_limits_get_what_they_get_alone() -> None:
    """Parcels at, just below and just above the limits, in all units, good and bad values among them."""
    source = Orders(4)
    records = [source.parcel() for _ in range(300)]
    told = screened(catalogue(records))
    for record, row in zip(records, told, strict=True):
        [parcel] = read_order(json.dumps(changed(parcel=record))).parcels
        assert isinstance(parcel, Parcel)
        del row["sku"]
        assert without_errors(row) == one_by_one(parcel, Policy(), None), record


FLAT = {
    "货号": ["mug", "tent", "mug"],
    "长(cm)": [15.2, 101.6, None],
    "宽(cm)": [12.0, 23.0, 3.0],
    "高(cm)": [12.0, 23.0, 3.0],
    "重量(kg)": [0.5, 14.2, float("nan")],
    "货物属性": ["易碎", "", "普货"],
    "sold": [900, 100, 7],
}


def test_a_flat_catalogue_is_read_by_its_names() -> None:
    """Flat columns under any known name are read, with the units in their names; others are carried over."""
    answer = eligible(pa.table(FLAT))
    assert answer.schema.names[:2] == ["货号", "sold"]
    assert answer.column("货号").to_pylist() == FLAT["货号"]
    mug, tent, unknown = answer.to_pylist()
    assert (mug["ups.access_point"], mug["ups.locker"], mug["home.usps"]) == (True, False, True)
    assert refusal_codes(mug["refused.ups.locker"]) == (RefusalCode.TRAIT_REFUSED,)
    assert (tent["ups.access_point"], tent["usps.po_box"]) == (False, True)
    assert unknown["ups.access_point"] is unknown["refused.ups.access_point"] is unknown["home.ups"] is None
    assert (unknown["error_code"], unknown["error_field"]) == ("missing_field", "parcel.length")
    assert [problem["field"] for problem in unknown["error_problems"]] == [
        "parcel.length",
        "parcel.weight",
        "parcel.weight_unit",  # a unit in a column's name is that of its cells that are filled
    ]


@pytest.mark.parametrize(
    ("field", "value", "code", "message"),
    [(field.removeprefix("parcel__"), *rest) for field, *rest in WRONG if field.startswith("parcel__")],
    ids=lambda value: str(value)[:24],
)
def test_a_row_that_cannot_be_read_is_told_as_an_order_is(
    field: str, value: object, code: str, message: str
) -> None:
    """What is wrong with a parcel is told in the words of the door, and its answers are null."""
    bad = changed(**{f"parcel__{field}": value})["parcel"]
    if field != "weight":  # a column of binary floats is read, an object of Python with one is not
        bad["weight"] = "8.2"
    parcel = {name: bad.get(name) for name in SCHEMA.field("parcel").type.names}
    [row] = eligible(pa.table({"sku": [1], "parcel": [parcel]})).to_pylist()
    # a column of floats holds what is no number as Python spells it
    message = message.replace("'NaN'", "'nan'").replace("'-Infinity'", "'-inf'")
    assert row.pop("error_problems") == [{"code": code, "message": message, "field": f"parcel.{field}"}]
    told = [row.pop(name) for name in ("sku", "error_code", "error_message", "error_field")]
    assert told == [1, code, message, f"parcel.{field}"]
    assert set(row.values()) == {None}


def test_rows_that_need_the_door_stand_beside_the_others() -> None:
    """Rows of which two columns tell one thing are read alone, and change nothing for their neighbours."""
    twice = pa.table(
        {
            "sku": ["a", "b", "c", "d"],
            "length": ["14", "14", "14", ""],
            "长": ["", "99", "", "14"],
            "width": ["10"] * 4,
            "height": ["6"] * 4,
            "dimension unit": ["in", "in", "stone", "in"],
            "weight (lb)": ["8.2"] * 4,
            "traits": ["", "hazmat; 易碎", "", ""],
            "value": ["6000", None, "1", None],
        }
    )
    told = screened(twice)
    assert [row["error_field"] for row in told] == [None, None, "parcel.dimension_unit", None]
    for row, value, traits in ((0, "6000", ()), (1, None, ("hazmat", "fragile")), (3, None, ())):
        parcel = Parcel.of("14x10x6 in", "8.2 lb", value=value, traits=traits)
        del told[row]["sku"]
        assert without_errors(told[row]) == one_by_one(parcel, Policy(), None)


def test_an_empty_catalogue_gives_an_empty_answer() -> None:
    """No rows give no rows of the same columns, and no share of anything."""
    table = pa.table(FLAT)
    answer = eligible(table.slice(0, 0))
    assert answer.schema == eligible(table).schema
    assert answer.num_rows == 0
    assert set(share(answer).values()) == {None}


def test_chunks_slices_and_batches_make_no_difference() -> None:
    """However a catalogue lies in memory, each row gets its own answer."""
    source = Orders(6)
    table = catalogue([source.parcel() for _ in range(100)])
    whole = eligible(table)
    assert eligible(pa.Table.from_batches(table.to_batches(max_chunksize=7))).equals(whole)
    assert eligible(table.slice(13, 40)).equals(whole.slice(13, 40))
    assert eligible(table.combine_chunks().to_batches()[0]).equals(whole)


def test_a_table_that_says_nothing_of_parcels_is_refused() -> None:
    """A catalogue without a size or a weight cannot be screened."""
    with pytest.raises(InputError, match="no column of this table says anything of a parcel"):
        eligible(pa.table({"sku": ["a"], "colour": ["blue"]}))


def test_a_column_with_the_name_of_an_answer_is_refused() -> None:
    """A table that has been screened already is told, not given the same names twice."""
    with pytest.raises(InputError, match=r"a column has the name of an answer: home\.ups, ups\.locker"):
        eligible(pa.table(FLAT | {"ups.locker": [True] * 3, "home.ups": [1] * 3}))


def test_a_code_keeps_its_bit() -> None:
    """Tables outlive releases: the bits of the codes are written down here, and may only grow in number."""
    assert {str(code): bit for code, bit in REFUSAL_BITS.items()} == {
        "carrier_cannot_serve": 1,
        "too_heavy": 2,
        "too_long": 4,
        "does_not_fit": 8,
        "girth_over": 16,
        "value_over": 32,
        "trait_refused": 64,
        "service_not_allowed": 128,
        "seller_not_eligible": 256,
        "location_closed": 512,
        "location_full": 1024,
        "location_too_small": 2048,
        "location_not_accepting": 4096,
    }
    assert [refusal_codes(bit) for bit in REFUSAL_BITS.values()] == [(code,) for code in RefusalCode]
    assert refusal_codes(0) == ()


# --- shares ----------------------------------------------------------------------------------------


def test_a_share_counts_rows_or_what_a_column_says() -> None:
    """Each readable row counts once, or by its weight; rows that could not be read count nowhere."""
    answer = eligible(pa.table(FLAT))
    rows, sold = share(answer), share(answer, "sold")
    assert list(rows) == [*map(str, CHANNELS), "any", "home.ups", "home.fedex", "home.usps"]
    assert (rows["ups.access_point"], sold["ups.access_point"]) == (0.5, 0.9)
    assert (rows["ups.locker"], sold["ups.locker"]) == (0.0, 0.0)
    assert (rows["any"], sold["any"], sold["home.ups"]) == (1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    "sold", [pa.array([9.0, 1.0, 5.0]), pa.array(["9", "1", "5"]), pa.array([9, 1, None], pa.uint8())]
)
def test_weights_may_be_of_any_number_type(sold: Any) -> None:
    """Whole numbers, floats, numbers as text and gaps are weights."""
    answer = eligible(pa.table(FLAT | {"sold": sold}))
    assert share(answer, "sold")["ups.access_point"] == 0.9


def test_an_absent_weight_counts_nothing() -> None:
    """Where no row has a weight there is no share."""
    answer = eligible(pa.table(FLAT | {"sold": pa.array([0, None, float("nan")], pa.float64())}))
    assert set(share(answer, "sold").values()) == {None}


@pytest.mark.parametrize(
    ("sold", "message"),
    [
        ([1, -1, 0], "expected a column of numbers from zero up, found 'sold'"),
        ([1.0, float("inf"), 0.0], "expected a column of numbers from zero up, found 'sold'"),
        (["many", "1", "2"], "expected a column of numbers from zero up, found 'sold'"),
        (None, "there is no column 'sold'"),
    ],
)
def test_a_weight_that_is_none_is_refused(sold: list[object] | None, message: str) -> None:
    """Negative, endless and unreadable weights, and a column that is not there, are told."""
    values: dict[str, Any] = {name: column for name, column in FLAT.items() if name != "sold"}
    answer = eligible(pa.table(values if sold is None else values | {"sold": sold}))
    with pytest.raises(InputError, match=f"^weight: {message}$"):
        share(answer, "sold")
