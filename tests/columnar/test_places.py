"""A place is recognised once, whoever collects there, and never taken for another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from lockership import Address, Policy, recognise
from lockership.columnar import places
from lockership.columnar.fields import Fields
from lockership.columnar.orders import Orders
from lockership.columnar.places import Places
from lockership.columnar.rows import Layout
from lockership.words import Confidence, Kind

if TYPE_CHECKING:
    from lockership.address import Signals
    from lockership.recognition import Recognition

POINT = {"company": "UPS Access Point - CVS 8421", "street1": "1250 W Sunset Blvd", "zip": "90026"}
PARCEL = {"length": "9", "width": "6", "height": "2", "dimension_unit": "in", "weight": "1"} | {
    "weight_unit": "lb"
}


def orders_to(addresses: list[dict[str, str]], **more: Any) -> Orders:
    """Give orders to these addresses."""
    rows = [
        {"order_id": str(n), "carrier": "ups", "ship_to": one, "parcel": PARCEL} | more
        for n, one in enumerate(addresses)
    ]
    names = {name for one in addresses for name in one}
    ship_to = pa.struct([(name, pa.string()) for name in sorted(names)])
    table = pa.Table.from_pylist(rows)
    at = table.schema.get_field_index("ship_to")
    table = table.set_column(at, "ship_to", pa.array(addresses, ship_to))
    return Orders(Fields(table.to_batches()[0], Layout(table.schema.names)))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Address]:
    """Give the addresses that were recognised one by one."""
    seen: list[Address] = []

    def counting(address: Address, signals: Signals | None = None) -> Recognition:
        seen.append(address)
        return recognise(address, signals)

    monkeypatch.setattr(places, "recognise", counting)
    return seen


def test_a_place_is_read_once_for_all_who_collect_there(asked: list[Address]) -> None:
    """Two buyers, one reading; the next batch reads nothing."""
    known = Places(Policy())
    for _ in range(2):
        orders = orders_to([POINT | {"name": "Ana Lopez"}, POINT | {"name": "Wei Zhang"}])
        kinds = known.of(orders).kinds
        assert [kinds.values[code].kind for code in kinds.codes] == [Kind.UPS_ACCESS_POINT] * 2
    assert [address.name for address in asked] == [""]


def test_a_name_that_tells_something_is_read_with_its_place(asked: list[Address]) -> None:
    """A host in the place of a name makes another place of it."""
    hold = {"company": "FedEx Hold at Location", "street1": "1 Elm St", "zip": "90026"}
    kinds = Places(Policy()).of(orders_to([hold | {"name": "Ana"}, hold | {"name": "Walgreens 4411"}])).kinds
    assert [kinds.values[code].kind for code in kinds.codes] == [Kind.FEDEX_HOLD, Kind.FEDEX_ONSITE]
    assert len(asked) == 2


def test_streets_and_bare_numbers_are_not_read_at_all(asked: list[Address]) -> None:
    """What a column tells needs no reading."""
    orders = orders_to([{"street1": line} for line in ("12 Elm St", "Elm St", "12 Elm St #4")])
    kinds = Places(Policy()).of(orders).kinds
    sure = [kinds.values[code].confidence for code in kinds.codes]
    assert sure == [Confidence.CERTAIN, Confidence.LIKELY, Confidence.POSSIBLE]
    assert asked == []


def test_a_flag_of_the_sales_channel_is_weighed_for_every_row(asked: list[Address]) -> None:
    """A street with a number behind ``#`` is a pick-up point when the channel says so."""
    orders = orders_to([{"street1": "12 Elm St #4"}], signals={"amazon_is_access_point_order": True})
    kinds = Places(Policy()).of(orders).kinds
    assert [kinds.values[code].kind for code in kinds.codes] == [Kind.AMAZON_ACCESS_POINT]
    assert len(asked) == 1


def test_the_id_of_a_point_is_seen_in_its_text() -> None:
    """A label that needs the id of the point lacks nothing where the address has it."""
    named = POINT | {"street2": "Access Point ID U12345678"}
    assert Places(Policy()).of(orders_to([POINT, named])).has_id.tolist() == [False, True]


def test_what_is_remembered_has_an_end(asked: list[Address], monkeypatch: pytest.MonkeyPatch) -> None:
    """A flood of different places and names does not fill the memory."""
    monkeypatch.setattr(places, "_KEPT", 3)
    known = Places(Policy())
    many = [POINT | {"street1": f"{n} Elm St", "name": f"A{'x' * n}"} for n in range(1, 8)]
    for _ in range(2):
        known.of(orders_to(many))
        assert len(known._known) <= 4
        assert len(known._ordinary) <= 8
    assert len(asked) > 7
