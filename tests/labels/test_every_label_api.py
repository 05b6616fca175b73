"""What every label API promises, whichever it is."""

from __future__ import annotations

import json
import pickle
from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lockership.address import FIELDS, Address
from lockership.errors import Inexpressible, InputError
from lockership.handoff import Buyer, Handoff
from lockership.labels import APIS
from lockership.labels.lines import STREET_LINE
from lockership.parcel import Parcel
from lockership.rules import Asked
from lockership.units import LENGTH_UNITS, WEIGHT_UNITS, Length, Weight
from lockership.words import Trait

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

pytestmark = pytest.mark.parametrize("api", sorted(APIS))


def asked_of(api: str, handoff: Handoff, sender: Address, **options: Any) -> dict[str, Any]:
    """Return the request, with a reference unless one is given."""
    made: dict[str, Any] = APIS[api].request(handoff, sender, **{"reference": "A-1001", **options})
    return made


def to_address(request: dict[str, Any]) -> dict[str, Any]:
    """Return the ship-to block, whatever the API calls it."""
    found: dict[str, Any] = request.get("to_address") or request["address_to"]
    return found


def test_the_words_are_complete(api: str, handoffs: dict[str, Handoff]) -> None:
    """The examples cover every word by which a carrier can be asked."""
    assert {handoff.asked for handoff in handoffs.values()} == set(Asked)
    assert tuple(handoffs) == WORDS


@pytest.mark.parametrize("word", WORDS)
def test_what_is_asked_for_each_word(
    api: str, word: str, handoffs: dict[str, Handoff], sender: Address, golden: Any
) -> None:
    """Each word gives the request that was looked at, or the refusal that was looked at."""
    try:
        made = asked_of(api, handoffs[word], sender)
    except Inexpressible as error:
        made = {"inexpressible": error.reason, "source": error.source}
    golden.check(f"payloads/{api}/{word}.json", json.dumps(made, indent=2, ensure_ascii=False) + "\n")


@pytest.mark.parametrize(
    "word", ["hold_at_location", "alternate_delivery", "parcel_locker", "through_amazon"]
)
def test_a_pick_up_is_never_turned_into_a_home_delivery(
    api: str, word: str, handoffs: dict[str, Handoff], sender: Address
) -> None:
    """What an API has no words for is refused with a reason and its source, and survives pickling."""
    with pytest.raises(Inexpressible) as caught:
        asked_of(api, handoffs[word], sender)
    error = pickle.loads(pickle.dumps(caught.value))
    assert error.reason
    assert error.source
    assert (error.api, error.reference) == (api, "A-1001")


@pytest.mark.parametrize("kind", ["usps.po_box", "usps.general_delivery", "military"])
def test_only_usps_is_asked_to_reach_postal_places(
    api: str, kind: str, handoffs: dict[str, Handoff], sender: Address
) -> None:
    """A carrier other than USPS is never asked to deliver to a PO Box, General Delivery or the military."""
    elsewhere = attrs.evolve(handoffs["postal"], carrier="ontrac", kind=kind)
    with pytest.raises(Inexpressible, match="only USPS"):
        asked_of(api, elsewhere, sender)


def test_missing_facts_are_named_before_anything_is_asked(
    api: str, handoffs: dict[str, Handoff], sender: Address
) -> None:
    """Every missing fact is named, with everything else that is wrong, at once."""
    bad = attrs.evolve(
        handoffs["home"],
        address=Address(street1="1 Main St", country="Ruritania"),
        buyer=Buyer(),
        missing=("access_point_id", "email"),
    )
    with pytest.raises(InputError) as caught:
        asked_of(api, bad, Address(street1="2 Dock Rd"), reference=" ")
    fields = [problem.field for problem in caught.value.problems]
    assert fields[:3] == ["access_point_id", "email", "reference"]
    assert {"ship_to.name", "ship_to.city", "ship_to.country", "sender.zip", "sender.state"} <= set(fields)
    assert "Ruritania" not in str(caught.value)


def test_a_general_delivery_label_says_so(api: str, handoffs: dict[str, Handoff], sender: Address) -> None:
    """General Delivery stands on the first line and the ZIP code ends in -9999, however it was written."""
    address = attrs.evolve(
        handoffs["general_delivery"].address,
        company="GEN DEL",
        street1="Main Office",
        street2="c/o Postmaster",
        zip="90026-1234",
    )
    there = to_address(asked_of(api, attrs.evolve(handoffs["general_delivery"], address=address), sender))
    assert there["street1"].upper() == "GENERAL DELIVERY"
    assert there["street2"] == "Main Office c/o Postmaster"
    assert there["zip"] == "90026-9999"
    assert "company" not in there


@pytest.mark.parametrize(
    "also",
    [
        {"reference": "other", "metadata": "other"},
        {"to_address": {"street1": "1 Elm St"}, "address_to": {"street1": "1 Elm St"}},
        {"parcel": 1, "parcels": []},
        {"options": {"hold_for_pickup": True}, "extra": {"hold_at_location": "YBZA"}},
        {"service": "Priority", "async": True},
        {"insurance": float("nan")},
        {"insurance": object()},
    ],
)
def test_nobody_overrides_what_was_decided(
    api: str, also: dict[str, Any], handoffs: dict[str, Handoff], sender: Address
) -> None:
    """Further fields may not replace the decision's own, name unknown levers, or hold what JSON cannot."""
    with pytest.raises(InputError) as caught:
        asked_of(api, handoffs["home"], sender, also=also)
    assert all(str(problem.field).startswith("also") for problem in caught.value.problems)


def test_hazardous_contents_must_be_declared(api: str, handoffs: dict[str, Handoff], sender: Address) -> None:
    """A parcel with hazardous contents is not asked for until somebody says of which class they are."""
    parcel = Parcel.of("6x6x6 in", "1 lb", traits=["hazmat"])
    with pytest.raises(InputError, match="declared with their class"):
        asked_of(api, attrs.evolve(handoffs["home"], parcel=parcel), sender)
    also = {"options": {"hazmat": "LIMITED_QUANTITY"}, "extra": {"dangerous_goods": {"contains": True}}}
    asked_of(api, attrs.evolve(handoffs["home"], parcel=parcel), sender, also=_own(api, also))


def _own(api: str, also: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in also.items() if (key == "options") == (api == "easypost")}


@pytest.mark.parametrize("trait", ["adult_signature", "alcohol"])
def test_what_the_carrier_must_know_is_said(
    api: str, trait: str, handoffs: dict[str, Handoff], sender: Address
) -> None:
    """Alcohol and an adult's signature are asked for, and never left out."""
    plain = asked_of(api, handoffs["home"], sender)
    parcel = attrs.evolve(handoffs["home"].parcel, traits=(Trait(trait),))
    told = asked_of(api, attrs.evolve(handoffs["home"], parcel=parcel), sender)
    assert told != plain
    assert trait.partition("_")[0] in json.dumps(told).casefold()


def test_a_request_is_plain_json(api: str, handoffs: dict[str, Handoff], sender: Address) -> None:
    """A request is plain JSON values and comes out the same twice."""
    made = asked_of(api, handoffs["home"], sender)
    assert json.loads(json.dumps(made, allow_nan=False)) == made == asked_of(api, handoffs["home"], sender)


texts = st.text(max_size=60) | st.lists(
    st.sampled_from(["Apt", "5", "Building", "#12", "Sunset", "Boulevard", "北京路", "C/O", "U12345678"]),
    max_size=12,
).map(" ".join)


@given(
    fields=st.fixed_dictionaries(dict.fromkeys(("company", "street1", "street2", "street3"), texts)),
    name=texts,
)
def test_no_word_is_lost_and_no_line_is_too_long(
    api: str, fields: dict[str, str], name: str, handoffs: dict[str, Handoff], sender: Address
) -> None:
    """Any text that an address lets in is on the label word for word, or is an InputError."""
    assume(any(text.strip() for text in fields.values()))
    address = Address(name=name, city="Los Angeles", state="CA", zip="90026", **fields)
    handoff = attrs.evolve(handoffs["home"], carrier="usps", address=address)
    try:
        there = to_address(asked_of(api, handoff, sender))
    except InputError as caught:
        error = caught
    else:
        _holds_every_word(there, address, handoff.buyer.name)
        return
    assert all(len(text) < 8 or text not in str(error) for text in (*fields.values(), name))


def _holds_every_word(there: dict[str, str], address: Address, buyer: str) -> None:
    streets = [there.get(f"street{n}", "") for n in (1, 2, 3)]
    assert streets[0]
    assert all(len(line) <= STREET_LINE for line in streets)
    lines = (address.street1, address.street2, address.street3)
    assert _words(*streets) == (_words(*lines) or _words(address.company))
    assert set(_words(address.name) or _words(buyer)) <= set(_words(there["name"]))
    assert set(_words(address.company)) <= set(_words(*there.values()))


def _words(*texts: str) -> list[str]:
    return [
        word for text in texts for word in "".join(c if c.isprintable() else _seen(c) for c in text).split()
    ]


def _seen(char: str) -> str:
    """Blanks and control characters part words; what is invisible but no control character stays."""
    return " " if char.isspace() or ord(char) < 32 or 127 <= ord(char) < 160 else char


@given(
    um=st.integers(1, 100_000 * LENGTH_UNITS["in"]),
    ng=st.integers(1, 900_000 * WEIGHT_UNITS["lb"]),
)
def test_a_parcel_is_never_sent_smaller_than_it_is(
    api: str, um: int, ng: int, handoffs: dict[str, Handoff], sender: Address
) -> None:
    """Measures are rounded up by less than one step, never down, and length is the longest side."""
    parcel = Parcel(Length(1), Length(um), Length(1), Weight(ng))
    made = asked_of(api, attrs.evolve(handoffs["home"], parcel=parcel), sender)
    sent = made.get("parcel") or made["parcels"][0]
    ounces = api == "easypost"
    per, step = (WEIGHT_UNITS["oz"], 10) if ounces else (WEIGHT_UNITS["lb"], 10_000)
    weight, length = _steps(sent["weight"], step), _steps(sent["length"], step)
    assert (weight - 1) * per < ng * step <= weight * per
    assert (length - 1) * LENGTH_UNITS["in"] < um * step <= length * LENGTH_UNITS["in"]


def _steps(number: object, step: int) -> int:
    """Read a number from the text that goes over the wire."""
    text = json.dumps(number).strip('"')
    whole, _, part = text.partition(".")
    return int(whole) * step + int(part.ljust(len(str(step)) - 1, "0") or 0)


def test_every_field_of_an_address_is_known(api: str) -> None:
    """A new field of Address must be given its place on labels."""
    known = "name company street1 street2 street3 city state zip country phone email"
    assert set(FIELDS) == set(known.split())


@pytest.mark.parametrize("reference", [7, "", "x" * 300])
def test_a_reference_is_checked(
    api: str, reference: Any, handoffs: dict[str, Handoff], sender: Address
) -> None:
    """A reference by which a lost answer is found again must be text, there, and short enough."""
    with pytest.raises(InputError) as caught:
        asked_of(api, handoffs["home"], sender, reference=reference)
    assert [problem.field for problem in caught.value.problems] == ["reference"]


def test_half_a_character_is_refused(api: str, handoffs: dict[str, Handoff], sender: Address) -> None:
    """A lone surrogate, which no wire can carry, is an InputError that names its field."""
    address = attrs.evolve(handoffs["home"].address, city="Los \ud83d Angeles")
    with pytest.raises(InputError) as caught:
        asked_of(api, attrs.evolve(handoffs["home"], address=address), sender)
    assert "ship_to.city" in [problem.field for problem in caught.value.problems]
