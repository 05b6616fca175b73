"""What holds for every carrier's own API; a new one is tested by naming it in ``CARRIERS``."""

from __future__ import annotations

import json
import pickle
from datetime import date
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lockership.address import Address
from lockership.errors import Inexpressible, InputError
from lockership.handoff import Buyer, Handoff
from lockership.labels.carrier_post import CARRIERS
from lockership.parcel import Parcel
from lockership.rules import Asked
from lockership.units import LENGTH_UNITS, WEIGHT_UNITS, Length, Weight
from lockership.words import Trait

if TYPE_CHECKING:
    from collections.abc import Callable

WORDS = (
    "home",
    "postal",
    "military",
    "general_delivery",
    "hold_at_location",
    "alternate_delivery",
    "parcel_locker",
    "through_amazon",
)
ACCOUNTS: dict[str, Any] = {
    "ups": CARRIERS["ups"].Account("A1B2C3"),
    "fedex": CARRIERS["fedex"].Account("123456789"),
    "usps": CARRIERS["usps"].Account(),
    "amazon": CARRIERS["amazon"].Account(("SWA-TEST",)),
}
EXPRESSED = {
    "ups": {"home", "alternate_delivery"},
    "fedex": {"home", "hold_at_location"},
    "usps": {"home", "postal", "military", "general_delivery", "hold_at_location", "parcel_locker"},
    "amazon": {"home", "through_amazon"},
}
CUSTOMS = {
    "customsForm": {
        "customsContentType": "MERCHANDISE",
        "contents": [
            {
                "itemDescription": "Phone case",
                "itemQuantity": 1,
                "itemTotalValue": 42,
                "weightUOM": "lb",
                "itemTotalWeight": 8,
            }
        ],
    }
}
MORE: dict[str, dict[str, Any]] = {
    "usps": {"mailing_on": date(2026, 11, 24)},
    "amazon": {"order_id": "111-1234567-1234567"},
}

each_carrier = pytest.mark.parametrize("carrier", sorted(CARRIERS))


def asked_of(carrier: str, handoff: Handoff, sender: Address, **options: Any) -> dict[str, Any]:
    """Return the body, with the account, a reference and a day unless others are given."""
    given_ = {"reference": "A-1001", **MORE.get(carrier, {}), **options}
    made: dict[str, Any] = CARRIERS[carrier].request(handoff, sender, ACCOUNTS[carrier], **given_)
    return made


def example(carrier: str, word: str, handoffs: dict[str, Handoff], hfp: Handoff) -> Handoff:
    """Return the hand-off of a word as this carrier would get it."""
    if word == "home":
        return attrs.evolve(handoffs["home"], carrier=carrier)
    return hfp if (carrier, word) == ("usps", "hold_at_location") else handoffs[word]


def leaves(body: object) -> list[object]:
    """Return every text and number of a body."""
    if isinstance(body, dict):
        return [leaf for value in body.values() for leaf in leaves(value)]
    if isinstance(body, list):
        return [leaf for value in body for leaf in leaves(value)]
    return [body]


@each_carrier
@pytest.mark.parametrize("word", WORDS)
def test_what_is_asked_for_each_word(
    carrier: str, word: str, handoffs: dict[str, Handoff], hfp: Handoff, sender: Address, golden: Any
) -> None:
    """Each word gives the request that was looked at, or the refusal that was looked at."""
    options = {"also": CUSTOMS} if (carrier, word) == ("usps", "military") else {}
    try:
        made = asked_of(carrier, example(carrier, word, handoffs, hfp), sender, **options)
        assert word in EXPRESSED[carrier]
    except Inexpressible as error:
        assert word not in EXPRESSED[carrier]
        made = {"inexpressible": error.reason, "source": error.source}
    golden.check(f"payloads/{carrier}/{word}.json", json.dumps(made, indent=2, ensure_ascii=False) + "\n")


@each_carrier
def test_another_carriers_parcel_is_refused(
    carrier: str, handoffs: dict[str, Handoff], sender: Address
) -> None:
    """A carrier's own API never sells a label for a parcel that another carrier takes; the error pickles."""
    foreign = attrs.evolve(handoffs["home"], carrier="ontrac")
    with pytest.raises(Inexpressible, match="goes by ontrac") as caught:
        asked_of(carrier, foreign, sender)
    error = pickle.loads(pickle.dumps(caught.value))
    assert (error.api, error.reference) == (carrier, "A-1001")


@each_carrier
@pytest.mark.parametrize("asked", [Asked.HOLD_AT_LOCATION, Asked.ALTERNATE_DELIVERY, Asked.PARCEL_LOCKER])
def test_a_place_of_another_network_is_refused(
    carrier: str, asked: Asked, handoffs: dict[str, Handoff], sender: Address
) -> None:
    """A place that is not the carrier's own is never asked for, whatever word it is asked by."""
    own = attrs.evolve(handoffs["through_amazon"], carrier=carrier, asked=asked, kind="lobby.locker")
    with pytest.raises(Inexpressible):
        asked_of(carrier, own, sender)


@each_carrier
@pytest.mark.parametrize("kind", ["usps.po_box", "usps.general_delivery", "military"])
def test_only_usps_reaches_postal_places(
    carrier: str, kind: str, handoffs: dict[str, Handoff], sender: Address
) -> None:
    """No carrier but USPS is asked to go to a PO Box, General Delivery or the military."""
    there = attrs.evolve(handoffs["postal"], carrier=carrier, kind=kind)
    if carrier == "usps":
        assert asked_of(carrier, there, sender, also=CUSTOMS if kind == "military" else None)
        return
    with pytest.raises(Inexpressible, match="only USPS"):
        asked_of(carrier, there, sender)


@each_carrier
def test_missing_facts_are_named_before_anything_is_asked(
    carrier: str, handoffs: dict[str, Handoff], sender: Address
) -> None:
    """Every missing fact is named, with everything else that is wrong, at once; no text is repeated."""
    bad = attrs.evolve(
        handoffs["home"],
        carrier=carrier,
        address=Address(street1="1 Main St", country="Ruritania"),
        buyer=Buyer(),
        missing=("email",),
    )
    with pytest.raises(InputError) as caught:
        asked_of(
            carrier,
            bad,
            Address(street1="2 Dock Rd"),
            reference=" ",
            **({"order_id": None} if carrier == "amazon" else {}),
        )
    fields = [problem.field for problem in caught.value.problems]
    assert fields[:2] == ["email", "reference"]
    assert {"ship_to.name", "ship_to.city", "ship_to.country", "sender.zip", "sender.state"} <= set(fields)
    assert "Ruritania" not in str(caught.value)


@each_carrier
def test_a_request_is_plain_json(carrier: str, handoffs: dict[str, Handoff], sender: Address) -> None:
    """A request is plain JSON values, has no empty text but UPS's flags, and comes out the same twice."""
    home = attrs.evolve(handoffs["home"], carrier=carrier)
    made = asked_of(carrier, home, sender)
    assert json.loads(json.dumps(made, allow_nan=False)) == made == asked_of(carrier, home, sender)
    assert None not in leaves(made)
    assert "" not in leaves(made)


@each_carrier
def test_nobody_overrides_what_was_decided(
    carrier: str, handoffs: dict[str, Handoff], sender: Address
) -> None:
    """A field that stands in a request cannot be given again, at any depth."""
    home = attrs.evolve(handoffs["home"], carrier=carrier)
    made = asked_of(carrier, home, sender)
    with pytest.raises(InputError) as caught:
        asked_of(carrier, home, sender, also=made)
    assert all(str(problem.field).startswith("also.") for problem in caught.value.problems)
    told = [leaf for leaf in leaves(made) if not isinstance(leaf, str) or leaf]
    assert len(caught.value.problems) >= len(told) // 2


@each_carrier
@pytest.mark.parametrize("also", [{"x": float("nan")}, {"x": object()}, {1: {2}}])
def test_what_json_cannot_carry_is_refused(
    carrier: str, also: dict[Any, Any], handoffs: dict[str, Handoff], sender: Address
) -> None:
    """Further fields that JSON cannot carry are an error, not a surprise on the wire."""
    with pytest.raises(InputError, match="JSON can carry"):
        asked_of(carrier, attrs.evolve(handoffs["home"], carrier=carrier), sender, also=also)


@each_carrier
def test_hazardous_contents_must_be_declared(
    carrier: str, handoffs: dict[str, Handoff], sender: Address
) -> None:
    """A parcel with hazardous contents is not asked for until somebody says of which class they are."""
    parcel = Parcel.of("6x6x6 in", "1 lb", traits=["hazmat"])
    danger = attrs.evolve(handoffs["home"], carrier=carrier, parcel=parcel)
    with pytest.raises(InputError, match="declared with their class"):
        asked_of(carrier, danger, sender)
    declared: dict[str, dict[str, Any]] = {
        "ups": {
            "also": {
                "ShipmentRequest": {
                    "Shipment": {"Package": [{"PackageServiceOptions": {"HazMatTypeCode": "01"}}]}
                }
            }
        },
        "fedex": {
            "also": {
                "requestedShipment": {
                    "requestedPackageLineItems": [
                        {"packageSpecialServices": {"dangerousGoodsDetail": {"offeror": "Dock 4"}}}
                    ]
                }
            }
        },
        "usps": {"also": {"packageDescription": {"extraServices": [818]}}},
        "amazon": {
            "items": [{"quantity": 1, "dangerousGoodsDetails": {"unitedNationsRegulatoryId": "UN3481"}}]
        },
    }
    assert asked_of(carrier, danger, sender, **declared[carrier]) != asked_of(
        carrier, attrs.evolve(danger, parcel=Parcel.of("6x6x6 in", "1 lb")), sender
    )


@each_carrier
def test_an_adults_signature_is_never_forgotten(
    carrier: str, handoffs: dict[str, Handoff], sender: Address
) -> None:
    """An adult's signature is asked for, or the request is refused."""
    home = attrs.evolve(handoffs["home"], carrier=carrier)
    parcel = attrs.evolve(home.parcel, traits=(Trait.ADULT_SIGNATURE,))
    plain = asked_of(carrier, home, sender)
    signed = attrs.evolve(home, parcel=parcel)
    if carrier == "amazon":
        with pytest.raises(InputError, match="valueAddedServicesDetails"):
            asked_of(carrier, signed, sender)
    else:
        assert asked_of(carrier, signed, sender) != plain


texts = st.text(max_size=40) | st.lists(
    st.sampled_from(
        ["Apt", "5", "Building", "#12", "Sunset", "Boulevard", "12 Elm St", "北京路", "C/O", "Łódź"]
    ),
    max_size=8,
).map(" ".join)


@each_carrier
@given(
    fields=st.fixed_dictionaries(dict.fromkeys(("company", "street1", "street2", "street3"), texts)),
    name=texts,
)
def test_no_word_is_lost_and_no_line_is_too_long(
    carrier: str, fields: dict[str, str], name: str, handoffs: dict[str, Handoff], sender: Address
) -> None:
    """Any text that an address lets in is in the request letter for letter, or is an InputError."""
    assume(any(text.strip() for text in fields.values()))
    address = Address(name=name, city="Los Angeles", state="CA", zip="90026", **fields)
    home = attrs.evolve(handoffs["home"], carrier=carrier, address=address)
    options = {"order_id": None} if carrier == "amazon" else {}
    try:
        made = asked_of(carrier, home, sender, **options)
    except InputError as caught:
        error = caught
    else:
        _holds_every_word(made, *fields.values(), name)
        return
    assert all(len(text) < 8 or text not in str(error) for text in (*fields.values(), name))


def _holds_every_word(made: dict[str, Any], *written: str) -> None:
    sent = _letters(*(leaf for leaf in leaves(made) if isinstance(leaf, str)))
    for text in written:
        assert not set(_letters(text)) - set(sent)


def _letters(*texts_: str) -> list[str]:
    """Return the words whose letters every carrier prints; others are written anew, commas part lines."""
    words = [word for text in texts_ for word in text.replace(",", " ").split()]
    return [word for word in words if word.isascii() and word.isprintable()]


@each_carrier
@given(um=st.integers(1, 900 * LENGTH_UNITS["in"]), ng=st.integers(1, 70 * WEIGHT_UNITS["lb"]))
def test_a_parcel_is_never_sent_smaller_than_it_is(
    carrier: str, um: int, ng: int, handoffs: dict[str, Handoff], sender: Address
) -> None:
    """Measures are rounded up by less than one step, never down, and length is the longest side."""
    parcel = Parcel(Length(1), Length(um), Length(1), Weight(ng))
    made = asked_of(carrier, attrs.evolve(handoffs["home"], carrier=carrier, parcel=parcel), sender)
    length, weight, steps = _measures[carrier](made)
    assert (length - 1) * LENGTH_UNITS["in"] < um * steps[0] <= length * LENGTH_UNITS["in"]
    assert (weight - 1) * WEIGHT_UNITS["lb"] < ng * steps[1] <= weight * WEIGHT_UNITS["lb"]


def _steps(number: object, step: int) -> int:
    """Read a number from the text that goes over the wire."""
    text = json.dumps(number).strip('"')
    whole, _, part = text.partition(".")
    return int(whole) * step + int(part.ljust(len(str(step)) - 1, "0") or 0)


def _of_ups(made: dict[str, Any]) -> tuple[int, int, tuple[int, int]]:
    package = made["ShipmentRequest"]["Shipment"]["Package"][0]
    return int(package["Dimensions"]["Length"]), _steps(package["PackageWeight"]["Weight"], 10), (1, 10)


def _of_fedex(made: dict[str, Any]) -> tuple[int, int, tuple[int, int]]:
    package = made["requestedShipment"]["requestedPackageLineItems"][0]
    assert package["weight"]["value"] == made["requestedShipment"]["totalWeight"]
    return package["dimensions"]["length"], _steps(package["weight"]["value"], 10), (1, 10)


def _of_usps(made: dict[str, Any]) -> tuple[int, int, tuple[int, int]]:
    package = made["packageDescription"]
    return _steps(package["length"], 100), _steps(package["weight"], 10_000), (100, 10_000)


def _of_amazon(made: dict[str, Any]) -> tuple[int, int, tuple[int, int]]:
    package = made["packages"][0]
    return (
        _steps(package["dimensions"]["length"], 100),
        _steps(package["weight"]["value"], 100),
        (100, 100),
    )


_measures: dict[str, Callable[[dict[str, Any]], tuple[int, int, tuple[int, int]]]] = {
    "ups": _of_ups,
    "fedex": _of_fedex,
    "usps": _of_usps,
    "amazon": _of_amazon,
}


@each_carrier
def test_an_account_shows_no_number(carrier: str) -> None:
    """An account's number is not shown when the account is printed."""
    assert "A1B2C3" not in repr(ACCOUNTS[carrier])
    assert "123456789" not in repr(ACCOUNTS[carrier])
