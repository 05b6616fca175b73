"""Decisions for parcels of every day, kept as files: a changed rule shows as a list of changed outcomes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from lockership import Address, Decision, Kind, Location, Parcel, Signals, recognise, route_parcel
from lockership.explain import LANGUAGES
from lockership.testing.places import FORMS
from lockership.words import CHANNELS, network_of

if TYPE_CHECKING:
    from collections.abc import Iterator

HOME = Address(name="Ana Lopez", street1="12 Elm St", street2="Apt 3", city="Nashua", state="NH", zip="03060")

PARCELS = {
    "shirt": Parcel.of("12x9x2 in", "0.8 lb", value="25"),
    "shoes": Parcel.of("14x10x6 in", "8.2 lb", value="90"),
    "vase": Parcel.of("12x10x10 in", "7 lb", value="60", traits=["fragile"]),
    "kettlebell": Parcel.of("12x9x9 in", "44.1 lb", value="80"),
    "umbrella": Parcel.of("38.1x4x4 in", "2 lb", value="30"),
    "watch": Parcel.of("6x5x4 in", "1 lb", value="5000", traits=["valuable"]),
    "power bank": Parcel.of("8x5x2 in", "1.1 lb", value="40", traits=["lithium_battery", "hazmat"]),
    "wine": Parcel.of("15x6x6 in", "9.5 lb", value="70", traits=["alcohol", "adult_signature"]),
    "cheesecake": Parcel.of("30x30x12 cm", "2 kg", value="45", traits=["cold_chain", "perishable"]),
    "wardrobe": Parcel.of("72x24x12 in", "95 lb", value="400"),
}
EVERYWHERE = ("shoes", "kettlebell", "watch", "cheesecake", "wardrobe")


class Case(NamedTuple):
    """One parcel for one place, and what else is known."""

    says: str
    kind: str
    parcel: str
    carrier: str
    asked: dict[str, Any]


def address(kind: str) -> Address:
    """Write the plainest address of a kind."""
    lines = {field: text.format(street="12 Elm St", n=12) for field, text in FORMS[Kind(kind)][0].items()}
    return Address(**({"name": "Ana Lopez", "city": "Nashua", "state": "NH", "zip": "03060"} | lines))


def everyday(network: str) -> Iterator[Case]:
    """Give each channel of a network by its own carrier, and the turns that a day brings."""
    kinds = [kind for kind in CHANNELS if network_of(kind) == network]
    for kind in kinds:
        for parcel in EVERYWHERE:
            yield Case(f"{kind}, {parcel}, by {network}", kind, parcel, network, {})
    first = kinds[0]
    for parcel in [parcel for parcel in PARCELS if parcel not in EVERYWHERE]:
        yield Case(f"{first}, {parcel}, by {network}", first, parcel, network, {})
    for carrier in ("amazon", "ups", "fedex", "usps", "OnTrac"):
        if carrier != network:
            yield Case(f"{first}, shoes, by {carrier}", first, "shoes", carrier, {})
    yield Case(f"{first}, wardrobe, home known", first, "wardrobe", network, {"home": HOME})
    yield Case(f"{first}, shoes, by OnTrac, home known", first, "shoes", "OnTrac", {"home": HOME})
    closed = Location.of("U88498244", status="closed")
    small = Location.of("U88498244", max_sides=("13", "10", "6"), max_weight="8")
    yield Case(f"{first}, shoes, point closed", first, "shoes", network, {"location": closed})
    yield Case(f"{first}, shoes, point too small", first, "shoes", network, {"location": small})


EVERYDAY: dict[str, list[Case]] = {
    network: list(everyday(network)) for network in ("amazon", "ups", "fedex", "usps")
}
EVERYDAY["amazon"] += [
    Case(f"amazon.locker, shoes, {says}", "amazon.locker", "shoes", "amazon", {"signals": flags})
    for says, flags in (
        ("fulfilled by the seller", Signals(amazon_fulfilled=False)),
        ("by the seller, flagged", Signals(amazon_fulfilled=False, amazon_is_access_point_order=True)),
        ("flag is false", Signals(amazon_is_access_point_order=False)),
    )
]
EVERYDAY["usps"] += [
    Case(
        f"usps.hold_for_pickup, {parcel}, {service}",
        "usps.hold_for_pickup",
        parcel,
        "usps",
        {"service": service},
    )
    for parcel, service in (
        ("shoes", "Priority Mail Express"),
        ("shoes", "First-Class"),
        ("umbrella", "USPS Ground Advantage"),
    )
]
EVERYDAY["home"] = [
    Case(f"{kind}, {parcel}, by {carrier}", kind, parcel, carrier, {})
    for kind in ("street", "private_mailbox", "apartment_locker", "military")
    for parcel, carrier in (
        ("shoes", "ups"),
        ("wardrobe", "ups"),
        ("wardrobe", "usps"),
        ("wine", "usps"),
        ("shoes", "OnTrac"),
    )
]


def decide(case: Case) -> Decision:
    """Route one case."""
    return route_parcel(address(case.kind), case.carrier, PARCELS[case.parcel], **case.asked)


@pytest.mark.parametrize("network", EVERYDAY)
def test_decisions_of_every_day(network: str, golden: Any) -> None:
    """Everyday parcels are routed as they were when somebody last looked."""
    made: list[str] = []
    for case in EVERYDAY[network]:
        decision = decide(case).to_dict()
        del decision["order_id"], decision["explanation"]["zh"]
        made.append(f"{json.dumps(case.says)}: {json.dumps(decision, ensure_ascii=False)}")
    golden.check(f"decisions/{network}.json", "{\n" + ",\n".join(made) + "\n}\n")


def test_decisions_are_told_as_before(golden: Any) -> None:
    """Each kind of place is told, for a parcel that passes and one that does not, in the words last read."""
    made: list[str] = []
    for kind in Kind:
        for parcel in ("shoes", "wardrobe"):
            says = f"{kind}, {parcel}"
            decision = decide(Case(says, kind, parcel, network_of(kind) or "ups", {}))
            told = {language: decision.explain(language) for language in LANGUAGES}
            made.append(f"{json.dumps(says)}: {json.dumps(told, ensure_ascii=False, indent=1)}")
    golden.check("explanations.json", "{\n" + ",\n".join(made) + "\n}\n")


def test_no_case_is_asked_twice() -> None:
    """Every case has a name of its own, and its address is of the kind that the name says."""
    names = [case.says for cases in EVERYDAY.values() for case in cases]
    assert len(names) == len(set(names))
    for cases in EVERYDAY.values():
        assert all(recognise(address(case.kind)).kind == case.kind for case in cases)
