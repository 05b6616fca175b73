"""The rules as the tables of rule engines, and the orders as they are told of them.

All peers get one table: for every carrier its own limits once, then what each channel asks of each
carrier; or, *cut*, only the rules of the carrier and channel concerned, picked for them before.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import attrs

from lockership import Address, Parcel, Policy, recognise
from lockership.carriers import carrier_key
from lockership.checks import plan_for
from lockership.rules import MaxLengthPlusGirth, MaxLongest, MaxSides, MaxValue, MaxWeight, RefusesTrait
from lockership.words import Kind, Trait

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lockership.checks import Plan
    from lockership.inbound import Order

CARRIERS = ("usps", "ups", "fedex", "amazon")
POLICY = Policy()

ADDRESS = [field.name for field in attrs.fields(Address)]
NUMBERS = ("length", "width", "height", "weight", "declared_value")
WORDS = ("dimension_unit", "weight_unit", "currency")
UNKNOWN: dict[str, Any] = {
    "home": None,
    "signals": dict.fromkeys(("amazon_is_access_point_order", "amazon_address_type", "amazon_fulfilled")),
    "location": dict.fromkeys(("id", "max_length", "max_width", "max_height"))
    | {"unit": "in", "max_weight": None, "weight_unit": "lb", "status": None},
}


def order_json(row: dict[str, str | None]) -> bytes:
    """Write a row of the order book as the contract's order JSON, all keys there, numbers as numbers."""
    parcel: dict[str, Any] = {name: f"@{row[name]}@" for name in NUMBERS}
    parcel |= {name: row[name] for name in WORDS}
    traits = [] if row["traits"] is None else row["traits"].split("|")
    order = {
        "order_id": row["order_id"],
        "carrier": row["carrier"],
        "service": row["service"],
        "ship_to": {name: row.get(name) for name in ADDRESS},
        "parcel": parcel | {"traits": traits},
    }
    return json.dumps(order | UNKNOWN).replace('"@', "").replace('@"', "").encode()


def parcel_of(order: Order) -> Parcel:
    """Give the only parcel of an order."""
    (parcel,) = order.parcels
    assert isinstance(parcel, Parcel)
    return parcel


Condition = dict[str, tuple[str, object]]
TablePart = list[tuple[Condition, str]]
MEASURES = ("weight", "longest", "middle", "shortest", "girth", "value", *(trait.value for trait in Trait))


def conditions(plan: Plan) -> TablePart:
    """Write a plan as conditions under which a rule refuses, in the order in which they are told."""
    rows: list[tuple[float, Condition, str]] = [
        (n - 0.5, {}, refusal.code.value) for n, refusal in plan.barred
    ]
    for place, check in enumerate(plan.checks):
        clause = check.clause
        beyond = ">" if getattr(clause, "inclusive", True) else ">="
        found: list[Condition] = []
        match clause:
            case MaxWeight(limit):
                found = [{"weight": (beyond, limit.ng)}]
            case MaxLongest(limit):
                found = [{"longest": (beyond, limit.um)}]
            case MaxLengthPlusGirth(limit):
                found = [{"girth": (beyond, limit.um)}]
            case MaxSides(limits):
                sides = zip(("longest", "middle", "shortest"), limits, strict=True)
                found = [{name: (beyond, side.um)} for name, side in sides]
            case MaxValue(limit):
                found = [{"value": (beyond, float(limit.amount))}]
            case RefusesTrait(trait):
                found = [{trait.value: ("==", True)}]
            case _:
                pass
        rows += [(place, condition, clause.code.value) for condition in found]
    return [(condition, code) for _, condition, code in sorted(rows, key=lambda row: row[0])]


def plan(kind: str, carrier: str) -> Plan:
    """Give the rules in force where nothing more is known than the kind and the carrier."""
    return plan_for(kind, carrier, "", False, False, False, POLICY, None)  # noqa: FBT003 - as it takes them


def all_rules() -> TablePart:
    """Write all rules as one table: the carriers' once each, then what each channel asks of each carrier."""
    rows: TablePart = []
    for carrier in CARRIERS:
        own = conditions(plan(Kind.STREET, carrier))
        for kind in Kind:
            barred = [row for row in conditions(plan(kind, carrier)) if not row[0]]
            where: Condition = {"carrier": ("==", carrier), "kind": ("==", kind.value)}
            rows += [(where, code) for _, code in barred]
        rows += [({"carrier": ("==", carrier)} | condition, code) for condition, code in own]
    for kind in Kind:
        asked = conditions(plan(kind, "any other"))  # a carrier without limits of its own
        rows += [({"kind": ("==", kind.value)} | condition, code) for condition, code in asked if condition]
    return rows


def inputs(order: Order, names: Sequence[str]) -> dict[str, object]:
    """Give what the peers are told of an order."""
    parcel = parcel_of(order)
    longest, middle, shortest = parcel.sides
    value = parcel.declared_value
    told: dict[str, object] = {
        "carrier": carrier_key(order.carrier),
        "kind": recognise(order.ship_to).kind.value,  # type: ignore[attr-defined]  # no network of one's own
        "weight": parcel.weight.ng,
        "longest": longest,
        "middle": middle,
        "shortest": shortest,
        "girth": parcel.length_plus_girth,
        "value": float(value.amount) if value is not None and value.currency == "USD" else 0,
    } | {trait.value: trait in parcel.traits for trait in Trait}
    return {name: told[name] for name in names}


def names_in(rows: TablePart) -> list[str]:
    """Name what a table asks for, so that a peer is told no more than it needs."""
    used = {name for condition, _ in rows for name in condition}
    return [name for name in ("carrier", "kind", *MEASURES) if name in used]


def jdm(rows: TablePart) -> str:
    """Write a table as a JDM decision table; the last row answers where no rule refuses."""
    names = names_in(rows)
    cells = [
        {name: _cell(condition[name]) if name in condition else "" for name in names}
        | {"code": json.dumps(code)}
        for condition, code in [*rows, ({}, "")]
    ]
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": name, "name": name, "field": name} for name in names],
        "outputs": [{"id": "code", "name": "code", "field": "code"}],
        "rules": [{"_id": str(n), **row} for n, row in enumerate(cells)],
    }
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {"id": "table", "name": "table", "type": "decisionTableNode", "content": table},
        {"id": "out", "name": "out", "type": "outputNode"},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "table"},
        {"id": "2", "sourceId": "table", "targetId": "out"},
    ]
    return json.dumps({"nodes": nodes, "edges": edges})


def _cell(test: tuple[str, object]) -> str:
    sign, figure = test
    return json.dumps(figure) if sign == "==" else f"{sign} {figure}"


def json_logic(rows: TablePart) -> dict[str, Any]:
    """Write a table as one chain of JSONLogic conditions."""
    chain: list[Any] = []
    for condition, code in rows:
        tests = [{sign: [{"var": name}, figure]} for name, (sign, figure) in condition.items()]
        chain += [tests[0] if len(tests) == 1 else {"and": tests} if tests else True, code]
    return {"if": [*chain, ""]}
