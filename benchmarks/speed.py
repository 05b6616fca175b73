"""How fast one order is decided, stage by stage, beside rule engines and beside validation alone.

Run: ``make bench``.  The orders are those of ``order_book.py``: one in twenty goes to a pick-up point, the
others to streets; each kind is shown apart as well.  Times are processor time, the best of some rounds
that are run in turn with the peers'; machines differ and are busy, so the ratios are what counts.

The peers, each used the fastest way that its own docs know, on the same rules:

* ``zen``: a JDM decision table, hit policy *first*, compiled before.  ``datalogic``: JSONLogic, compiled
  before, evaluated in a session.  Both say no more than the first rule that refuses.  They are told the
  kind, the carrier's key, the sorted sides and the girth, which we find out ourselves.  *all rules*
  is one table for every carrier and channel, as ours is; *cut* holds only the rules of the carrier and
  channel concerned, picked for them before.
* ``pydantic``: the order JSON of the contract as native models, from the same bytes: what validation
  alone costs, without a decision.
"""

from __future__ import annotations

import gc
import time
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import datalogic_py
import pytest
import zen
from pydantic import BaseModel, Field

from lockership import recognise, route_parcel
from lockership.carriers import carrier_key
from lockership.files.lines import decision_line, route_line
from lockership.inbound import Order, parse_json, read_order
from lockership.location import LocationStatus
from lockership.words import Route, Trait

from .order_book import order_book
from .rule_tables import (
    TablePart,
    all_rules,
    conditions,
    inputs,
    jdm,
    json_logic,
    names_in,
    order_json,
    parcel_of,
    plan,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_benchmark.fixture import BenchmarkFixture


ORDERS, ROUNDS = 1_000, 9
FEW = 150
"""Orders for the peers that take long, and of each kind apart."""


# ── the orders ───────────────────────────────────────────────────────────────────────────────────


class Sample(NamedTuple):
    """Some orders: as bytes, as they come through the door, and what is decided."""

    lines: list[bytes]
    orders: list[Order]
    routes: list[Route]

    def first(self, count: int) -> Sample:
        """Take the first few."""
        return Sample(self.lines[:count], self.orders[:count], self.routes[:count])

    def only(self, wanted: Callable[[Order, Route], bool]) -> Sample:
        """Take those that are wanted."""
        kept = [n for n, route in enumerate(self.routes) if wanted(self.orders[n], route)]
        return Sample(*([column[n] for n in kept] for column in self))


@pytest.fixture(scope="module")
def samples() -> dict[str, Sample]:
    """The mix of the order book, and its kinds apart."""
    lines = [order_json(row) for row in order_book(12_000).to_pylist()]
    orders = [read_order(line) for line in lines]
    routes = [route_parcel(order.ship_to, order.carrier, parcel_of(order)).route for order in orders]
    mix = Sample(lines, orders, routes)
    home = mix.only(lambda _, route: route is Route.HOME)
    return {
        "mix": mix.first(ORDERS),
        "street": home.first(FEW),
        "pick-up": mix.only(lambda _, route: route is Route.PICKUP).first(FEW),
        "review": mix.only(lambda _, route: route is Route.REVIEW).first(FEW),
    }


class Peer(NamedTuple):
    """A peer, ready to be asked about each order of a sample."""

    asked: list[tuple[Callable[[Any], Any], dict[str, object]]]

    def run(self) -> None:
        """Ask about each order once."""
        for evaluate, told in self.asked:
            evaluate(told)

    def codes(self) -> list[str]:
        """Give the first refusal of each order, ``""`` where there is none."""
        answers = [evaluate(told) for evaluate, told in self.asked]
        return [a["result"]["code"] if isinstance(a, dict) else a for a in answers]


def peers(sample: Sample, make: Callable[[TablePart], Callable[[Any], Any]], *, cut: bool) -> Peer:
    """Compile a peer's tables, and lay out what it is told."""
    tables: dict[tuple[str, str], tuple[Callable[[Any], Any], list[str]]] = {}
    asked = []
    for order in sample.orders:
        key = (str(recognise(order.ship_to).kind), carrier_key(order.carrier)) if cut else ("", "")
        if key not in tables:
            rows = conditions(plan(*key)) if cut else all_rules()
            tables[key] = make(rows), names_in(rows)
        evaluate, names = tables[key]
        asked.append((evaluate, inputs(order, names)))
    return Peer(asked)


def zen_table(rows: TablePart) -> Callable[[Any], Any]:
    """Compile a table with zen-engine."""
    decision = zen.ZenEngine().create_decision(jdm(rows))
    return decision.evaluate  # type: ignore[no-any-return]


ENGINE = datalogic_py.Engine()
SESSION = ENGINE.session()


def datalogic_rule(rows: TablePart) -> Callable[[Any], Any]:
    """Compile a table with datalogic-py."""
    rule = ENGINE.compile(json_logic(rows))
    return lambda told: SESSION.evaluate(rule, told)


Text = Annotated[str, Field(max_length=1_000)]
Size = Annotated[Decimal, Field(gt=0, max_digits=40)]
LengthUnit = Annotated[str, Field(pattern="^(?i:in|cm|mm|ft|m)$")]
WeightUnit = Annotated[str, Field(pattern="^(?i:lb|oz|g|kg)$")]


class AddressModel(BaseModel):
    """An address of the contract."""

    name: Text | None = None
    company: Text | None = None
    street1: Text | None = None
    street2: Text | None = None
    street3: Text | None = None
    city: Text | None = None
    state: Text | None = None
    zip: Text | int | None = None
    country: Text | None = None
    phone: Text | None = None
    email: Text | None = None


class ParcelModel(BaseModel):
    """A parcel of the contract."""

    length: Size
    width: Size
    height: Size
    dimension_unit: LengthUnit
    weight: Size
    weight_unit: WeightUnit
    declared_value: Annotated[Decimal, Field(ge=0, max_digits=40)] | None = None
    currency: Text | None = None
    traits: list[Trait] | None = None


class SignalsModel(BaseModel):
    """The signals of the contract."""

    amazon_is_access_point_order: bool | None = None
    amazon_address_type: Text | None = None
    amazon_fulfilled: bool | None = None
    amazon_has_access_point: bool | None = None


class LocationModel(BaseModel):
    """A location of the contract."""

    id: Text | None = None
    max_length: Size | None = None
    max_width: Size | None = None
    max_height: Size | None = None
    unit: LengthUnit | None = None
    max_weight: Size | None = None
    weight_unit: WeightUnit | None = None
    status: LocationStatus | None = None


class OrderModel(BaseModel):
    """The contract's order JSON in pydantic's own terms; it reads numbers as floats do, ours are exact."""

    order_id: Text | int
    carrier: Annotated[str, Field(min_length=1, max_length=1_000)]
    service: Text | None = None
    ship_to: AddressModel
    home: AddressModel | None = None
    parcel: ParcelModel | None = None
    parcels: list[ParcelModel] | None = None
    signals: SignalsModel | None = None
    location: LocationModel | None = None


# ── measuring ────────────────────────────────────────────────────────────────────────────────────


def in_turn(count: int, ways: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Give the microseconds that each way takes for one of so many orders, the best of some rounds."""
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(ROUNDS):  # in turn, so that a busy moment of the machine hits all of them alike
        for name, way in ways.items():
            gc.collect()
            start = time.process_time()
            way()
            best[name] = min(best[name], (time.process_time() - start) / count * 1e6)
    return best


def route_all(sample: Sample) -> None:
    """Decide every order of a sample from its address and parcel."""
    for order in sample.orders:
        route_parcel(order.ship_to, order.carrier, order.parcels[0])  # type: ignore[arg-type]  # no bad ones


def recognise_all(sample: Sample) -> None:
    """Recognise every address of a sample."""
    for order in sample.orders:
        recognise(order.ship_to)


def test_one_parcel_beside_rule_engines(
    samples: dict[str, Sample], benchmark: BenchmarkFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Everything about a parcel is decided faster than zen-engine finds the first rule of its table."""
    benchmark.pedantic(route_all, (samples["mix"],), rounds=5, warmup_rounds=1)
    said = ["", "µs for one parcel       lockership   recognising         zen    datalogic   datalogic, cut"]
    kept: dict[str, tuple[float, float]] = {}
    for name, whole in samples.items():
        sample = whole.first(FEW * 2)
        engines = {
            "zen, cut": peers(sample, zen_table, cut=True),
            "datalogic": peers(sample, datalogic_rule, cut=False),
            "datalogic, cut": peers(sample, datalogic_rule, cut=True),
        }
        ours = [
            route_parcel(order.ship_to, order.carrier, parcel_of(order)).refusals for order in sample.orders
        ]
        first = [refusals[0].code.value if refusals else "" for refusals in ours]
        assert all(peer.codes() == first for peer in engines.values()), "the peers decide by the same rules"
        took = in_turn(
            len(sample.orders),
            {
                "lockership": lambda sample=sample: route_all(sample),
                "recognise": lambda sample=sample: recognise_all(sample),
            }
            | {engine: peer.run for engine, peer in engines.items()},
        )
        said.append(f"  {name:20}" + "".join(f"{took[way]:13.2f}" for way in took))
        kept[name] = took["zen, cut"] / took["lockership"], took["datalogic"] / took["lockership"]
    said += [
        f"  {name:20} {zens:5.1f} x zen on the rules cut out for it (goal for the mix: 5),"
        f" {logics:5.2f} x datalogic on all rules (goal: 1)"
        for name, (zens, logics) in kept.items()
    ]
    with capsys.disabled():
        print("\n".join(said))
    assert kept["mix"][0] >= 2  # busy machines included


def test_order_json_to_decision_json(
    samples: dict[str, Sample], benchmark: BenchmarkFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """From order JSON to decision JSON takes a few times what pydantic's validation alone takes."""

    def answer_all(lines: list[bytes]) -> None:
        for line in lines:
            route_line(line)

    benchmark.pedantic(answer_all, (samples["mix"].lines,), rounds=5, warmup_rounds=1)
    said = [
        "",
        "µs for one order      JSON-JSON     parse      read     route     write  pydantic  ratio  orders/s",
    ]
    ratios: dict[str, float] = {}
    for name, sample in samples.items():
        parsed = [parse_json(line) for line in sample.lines]
        decided = [
            (route_parcel(order.ship_to, order.carrier, parcel_of(order)), order.order_id)
            for order in sample.orders
        ]
        ways: dict[str, Callable[[], object]] = {
            "all": lambda sample=sample: answer_all(sample.lines),
            "parse": lambda sample=sample: [parse_json(line) and None for line in sample.lines],
            "read": lambda parsed=parsed: [read_order(record) and None for record in parsed],
            "route": lambda sample=sample: route_all(sample),
            "write": lambda decided=decided: [decision_line(*answer) and None for answer in decided],
            "pydantic": lambda sample=sample: [
                OrderModel.model_validate_json(line) and None for line in sample.lines
            ],
        }
        took = in_turn(len(sample.lines), ways)
        ratios[name] = took["all"] / took["pydantic"]
        columns = "".join(f"{took[way]:10.2f}" for way in ways)
        said.append(f"  {name:20}{columns}{ratios[name]:7.2f}{1e6 / took['all']:10,.0f}")
    size = sum(map(len, samples["mix"].lines)) / len(samples["mix"].lines)
    said.append(
        f"  an order of the mix has {size:.0f} bytes; one core; goal for the mix: 40,000 orders/s, or 3 x"
    )
    with capsys.disabled():
        print("\n".join(said))
    assert ratios["mix"] <= 6  # busy machines included
