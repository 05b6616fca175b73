"""What is offered to those who test their own code with this library."""

from __future__ import annotations

import doctest
import subprocess
import sys
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

import lockership.testing
from lockership import (
    Address,
    Confidence,
    Decision,
    Kind,
    Length,
    Location,
    Money,
    Parcel,
    Policy,
    Route,
    Signals,
    Weight,
    recognise,
)
from lockership.inbound import read_order
from lockership.networks import CARRIERS, NETWORKS
from lockership.rules import MaxLengthPlusGirth, MaxLongest, MaxSides, MaxWeight
from lockership.testing import (
    addresses,
    carriers,
    decisions,
    locations,
    look_alikes,
    orders,
    parcels,
    policies,
    register_strategies,
    services,
    signals,
)
from lockership.testing.places import FORMS

if TYPE_CHECKING:
    from pathlib import Path

    from hypothesis.strategies import SearchStrategy

T = TypeVar("T")


@pytest.mark.parametrize("kind", Kind)
@given(data=st.data())
def test_an_address_is_recognised_as_the_kind_that_was_asked_for(kind: Kind, data: st.DataObject) -> None:
    """``addresses(kind)`` gives addresses of that kind and no other, whoever lives there."""
    assert recognise(data.draw(addresses(kind))).kind is kind


@given(look_alikes())
def test_a_look_alike_is_a_street(address: Address) -> None:
    """A street that bears a network's words is a street."""
    assert recognise(address).kind is Kind.STREET


def test_every_kind_has_its_forms() -> None:
    """A new kind is not forgotten here, and its plainest form is certain but where the contract doubts."""
    assert FORMS.keys() == set(Kind)
    doubted = {
        kind for kind in Kind if recognise(plainest(addresses(kind))).confidence is Confidence.POSSIBLE
    }
    assert doubted <= {Kind.USPS_HOLD_FOR_PICKUP}


QUICK = settings(phases=[Phase.generate], database=None, deadline=None)


def plainest(strategy: SearchStrategy[T]) -> T:
    """Give what a strategy shrinks to: Hypothesis tries that first."""
    return find(strategy, lambda _: True, settings=QUICK)


CLAUSES = [
    rule.clause
    for rules in (
        *(channel.rules for network in NETWORKS for channel in network.channels),
        *(carrier.rules for carrier in CARRIERS.values()),
    )
    for rule in rules
]


@pytest.fixture(scope="module")
def made() -> list[Parcel]:
    """Return 2,500 parcels as a test would meet them."""
    met: list[Parcel] = []

    @settings(max_examples=2_500, derandomize=True, database=None, phases=[Phase.generate], deadline=None)
    @given(parcels())
    def meet(parcel: Parcel) -> None:
        met.append(parcel)

    meet()
    return met


def test_parcels_stand_at_every_limit_of_weight(made: list[Parcel]) -> None:
    """Every published weight is met just so, a nanogram below and a nanogram above."""
    limits = {c.limit.ng for c in CLAUSES if isinstance(c, MaxWeight)}
    assert {ng + step for ng in limits for step in (-1, 0, 1)} <= {parcel.weight.ng for parcel in made}


def test_parcels_stand_at_every_limit_of_size(made: list[Parcel]) -> None:
    """Every longest side, length plus girth and box is met just so; sides are passed by a micrometre."""
    longest = {c.limit.um for c in CLAUSES if isinstance(c, MaxLongest)}
    girths = {c.limit.um for c in CLAUSES if isinstance(c, MaxLengthPlusGirth)}
    boxes = {tuple(side.um for side in c.limits) for c in CLAUSES if isinstance(c, MaxSides)}
    assert {um + step for um in longest for step in (0, 1)} <= {parcel.sides[0] for parcel in made}
    assert {um + step for um in girths for step in (0, 1)} <= {p.length_plus_girth for p in made}
    assert boxes <= {parcel.sides for parcel in made}


@given(orders())
def test_an_order_says_its_measures_exactly(order: dict[str, Any]) -> None:
    """However an order's measures are written, they are read as whole micrometres and nanograms of it."""
    parcel = read_order(order).parcels[0]
    assert isinstance(parcel, Parcel)
    unit = order["parcel"]["dimension_unit"]
    for side in ("length", "width", "height"):
        exact = Length.of(str(order["parcel"][side]), unit)
        assert getattr(parcel, side) == exact


@pytest.mark.parametrize("kind", ["ups.locker", "street", "military"])
def test_the_kind_of_an_order_can_be_fixed(kind: str) -> None:
    """``orders(kind)`` is for a place of that kind."""
    order = read_order(plainest(orders(kind)))
    assert recognise(order.ship_to).kind == kind


def test_a_kind_that_does_not_exist_is_refused() -> None:
    """A misspelt kind is an error at once, not an empty test."""
    with pytest.raises(ValueError, match=r"ups\.lokcer"):
        addresses("ups.lokcer")


def test_values_shrink_to_what_the_docs_say() -> None:
    """A failing test shows the plainest value."""
    assert plainest(addresses()).street1 == "12 Elm St"
    assert plainest(look_alikes()).street1 == "1 Locker St"
    smallest = plainest(parcels())
    assert (smallest.sides, smallest.weight.text(), smallest.declared_value, smallest.traits) == (
        (25_400, 25_400, 25_400),
        "0.5 lb",
        None,
        (),
    )
    assert plainest(carriers()) == "usps"
    assert plainest(services()) is None
    assert plainest(locations()) == Location()
    assert plainest(signals()) == Signals()
    assert plainest(policies()) == Policy()
    assert plainest(decisions()).route is Route.HOME


@pytest.mark.parametrize("route", Route)
def test_decisions_of_every_route_are_met(route: Route) -> None:
    """No route is so rare that a test of it would never run."""
    assert find(decisions(), lambda decision: decision.route is route, settings=QUICK).route is route


@pytest.mark.parametrize(
    "kind", [Address, Decision, Length, Location, Money, Parcel, Policy, Signals, Weight]
)
def test_values_are_found_by_their_type(kind: type[object]) -> None:
    """Once registered, ``from_type`` and ``infer`` give lawful values."""
    register_strategies()
    assert isinstance(plainest(st.from_type(kind)), kind)


def test_hypothesis_finds_the_strategies_by_itself() -> None:
    """Where lockership is installed nobody has to register anything."""
    if not any(entry.value.startswith("lockership.testing") for entry in entry_points(group="hypothesis")):
        pytest.skip("left out: lockership is on the path, but not installed")
    code = "from hypothesis import find, strategies as st; from lockership import Parcel; "
    code += "print(find(st.from_type(Parcel), lambda parcel: True).weight.text())"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    # How far it shrinks within its time depends on the machine; that it is one of ours does not.
    assert run.stdout.endswith(" lb\n")


def test_without_hypothesis_the_rest_still_works() -> None:
    """The strategies say what they need; the plain forms need nothing."""
    code = """
import sys
sys.modules["hypothesis"] = None
import lockership.testing
from lockership.testing.places import FORMS
from lockership import LockershipError
try:
    lockership.testing.parcels
except ImportError as error:
    print(isinstance(error, LockershipError), error)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "True the strategies need Hypothesis: pip install hypothesis\n"


def test_a_name_that_does_not_exist_is_refused_by_name() -> None:
    """A misspelt strategy is an AttributeError that says which."""
    with pytest.raises(AttributeError, match="parcel"):
        getattr(lockership.testing, "parcel")  # noqa: B009 - a plain attribute would not pass the type checkers
    assert set(lockership.testing.__all__) <= set(dir(lockership.testing))


def test_the_page_on_testing_tells_the_truth(root: Path) -> None:
    """Every example in docs/testing.md runs and prints what it says."""
    register_strategies()
    page = str(root / "docs" / "testing.md")
    failed, tried = doctest.testfile(page, module_relative=False, optionflags=doctest.ELLIPSIS)
    assert (failed, tried > 10) == (0, True)
