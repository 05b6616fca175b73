"""Parcels that are said to be answered alike are, in every field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from lockership import Length, Money, Parcel, Policy, Weight
from lockership.address import Address
from lockership.checks import plan_for
from lockership.columnar.alike import Likeness
from lockership.columnar.fields import Coded
from lockership.columnar.parcels import Parcels, parcels_of, refused
from lockership.parcel import MAX_SIDE, MAX_WEIGHT
from lockership.policy import Stricter
from lockership.recognition import Recognition
from lockership.routing import decide
from lockership.rules import MaxValue
from lockership.verdict import Case, plans_asked
from lockership.words import Confidence, Kind, Trait

from ..some_orders import POLICIES  # noqa: TID252 - tests are no package that could be named

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lockership.checks import Plan

SOMEWHERE = Address(street1="1 Elm St")
HOUSES = [
    Policy(),
    Policy.from_dict(POLICIES[-1]),
    Policy(
        stricter=(
            Stricter(Kind.UPS_ACCESS_POINT, max_value=Money.of("100", "USD")),
            Stricter(Kind.UPS_CUSTOMER_CENTER, max_value=Money.of("100", "USD")),
            Stricter(Kind.FEDEX_OFFICE, max_weight=Weight.of(10**13, "lb")),  # beyond what a column holds
        )
    ),
]


def _plans(policy: Policy) -> list[Plan]:
    barred = False
    return [
        plan_for(kind, carrier, "", barred, barred, barred, policy, None)
        for kind in (*Kind, *policy.channel_of)
        for carrier in ("ups", "usps", "fedex", "amazon", "ontrac")
    ]


def _figures(policy: Policy) -> tuple[list[int], list[int]]:
    """Give sides and weights around every limit, those of length plus girth as a side of a flat parcel."""
    sides, weights = {25_400}, {453_592_370_000}
    for plan in _plans(policy):
        lengths = {*plan.most_sides, plan.most_girth - 4 * 25_400}
        sides |= {figure + by for figure in lengths for by in (-1, 0, 1)}
        weights |= {figure + by for figure in (plan.most_ng, 2 * plan.most_ng) for by in (-1, 0, 1)}
    return (
        sorted(figure for figure in sides if figure <= MAX_SIDE.um),
        sorted(figure for figure in weights if figure <= MAX_WEIGHT.ng),
    )


def _values(policy: Policy) -> list[Money | None]:
    clauses = {clause for plan in _plans(policy) for clause, *_ in plan.checks}
    amounts = {clause.limit.amount for clause in clauses if isinstance(clause, MaxValue)}
    cents = [amount + by for amount in sorted(amounts) for by in (-1, 0, 1)]
    return [None, Money.of("5", "EUR"), *(Money.of(str(amount), "USD") for amount in cents if amount > 0)]


def _swept(policy: Policy) -> list[Parcel]:
    """Take parcels that are refused for this or that, and move each measure over every limit there is."""
    sides, weights = _figures(policy)
    inch, pound = 25_400, 453_592_370_000
    found: list[Parcel] = []
    for side, heavy, traits in (
        (6 * inch, 30 * pound, ()),
        (6 * inch, 60 * pound, ()),
        (6 * inch, 160 * pound, ()),
        (6 * inch, 5 * pound, (Trait.HAZMAT,)),
        (6 * inch, 5 * pound, (Trait.FRAGILE, Trait.COLD_CHAIN)),
        (40 * inch, 5 * pound, ()),
        (120 * inch, 5 * pound, ()),
    ):

        def parcel(
            a: int, b: int, c: int, ng: int, worth: Money | None = None, traits: Any = traits
        ) -> Parcel:
            return Parcel(Length(a), Length(b), Length(c), Weight(ng), worth, traits)

        found += [parcel(side, inch, inch, ng) for ng in weights]
        found += [parcel(one, inch, inch, heavy) for one in sides]
        found += [parcel(max(one, side), one, inch, heavy) for one in sides]
        found += [parcel(max(one, side), one, one, heavy) for one in sides]
        found += [parcel(side, inch, inch, heavy, worth) for worth in _values(policy)]
    return found


def _columns(parcels: list[Parcel]) -> Parcels:
    def coded(values: Iterable[Any]) -> Coded:
        different: dict[Any, int] = {}
        codes = [-1 if v is None or v == () else different.setdefault(v, len(different)) for v in values]
        return Coded(np.array(codes), list(different))

    length, width, height = (
        np.array([side.um for side in sides])
        for sides in zip(*((p.length, p.width, p.height) for p in parcels), strict=True)
    )
    weight = np.array([parcel.weight.ng for parcel in parcels])
    worth = coded(parcel.declared_value for parcel in parcels)
    traits = coded(parcel.traits for parcel in parcels)
    return parcels_of(length, width, height, weight, worth, traits)


@pytest.mark.parametrize("house", range(len(HOUSES)))
@pytest.mark.parametrize("carrier", ["ups", "fedex", "ontrac"])
def test_parcels_of_one_key_get_one_answer(house: int, carrier: str) -> None:
    """At every place, wherever a measure crosses a limit: the same key never stands for two answers."""
    policy, barred = HOUSES[house], False
    parcels = _swept(policy)
    columns = _columns(parcels)
    saved = 0
    for kind in dict.fromkeys([*Kind, *policy.channel_of]):
        plan = plan_for(kind, carrier, "", barred, barred, barred, policy, None)
        rows = np.flatnonzero(refused(plan, columns, np.arange(len(parcels))))
        likeness = Likeness(
            plan, plans_asked(Case(kind, carrier, None, parcels[0], None, barred, None, policy, None))
        )
        seen = Recognition(kind, Confidence.CERTAIN)
        told: dict[Any, Any] = {}
        for row, key in zip(rows.tolist(), likeness.keys(columns, rows), strict=True):
            case = Case(kind, carrier, None, parcels[row], None, barred, None, policy, None)
            answer = decide(case, seen, SOMEWHERE, None, carrier).to_dict()
            assert answer["refusals"]
            assert told.setdefault(key, answer) == answer
        saved += len(rows) - len(told)
        passing = np.setdiff1d(np.arange(len(parcels)), rows)
        assert not any(plan.refusals(parcels[row]) for row in passing.tolist())
    assert saved > len(parcels)


def test_what_is_not_told_makes_no_difference() -> None:
    """Two heavy parcels of other sizes are one answer, and so are all that the carrier does not serve."""
    parcels = [
        Parcel.of("10x8x6 in", "52 lb"),
        Parcel.of("9x9x5 in", "52 lb"),
        Parcel.of("9x9x5 in", "53 lb"),
    ]
    columns, rows, barred = _columns(parcels), np.arange(3), False
    keys: list[list[Any]] = []
    for kind in (Kind.UPS_ACCESS_POINT, Kind.USPS_PO_BOX):
        case = Case(kind, "ups", None, parcels[0], None, barred, None, Policy(), None)
        keys.append(Likeness(case.plan(), plans_asked(case)).keys(columns, rows))
    (one, other, heavier), box = keys
    assert one == other != heavier
    assert len(set(box)) == 1
