"""EasyPost: what is asked over the wire, and how recorded and spoilt answers read."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from easypost.easypost_client import EasyPostClient
from hypothesis import given
from hypothesis import strategies as st

from lockership.errors import InputError, LabelUncertain
from lockership.handoff import PickupPoint
from lockership.labels import Quote, Rate
from lockership.labels.easypost import UnverifiedHold, read, read_rates, request
from lockership.testing.servers import LocalServer, Reply
from lockership.units import Money

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lockership.address import Address
    from lockership.handoff import Handoff


@pytest.fixture(scope="module")
def samples(shared: Path) -> Callable[[str], Any]:
    """Return a reader of EasyPost's own recorded answers."""
    folder = shared / "data" / "easypost_samples"
    return lambda name: json.loads((folder / f"{name}.json").read_text("utf-8"), parse_float=Decimal)["body"]


BOUGHT: dict[str, Any] = {
    "id": "shp_1",
    "mode": "test",
    "reference": "A-1001",
    "tracking_code": "9400100208303109505657",
    "postage_label": {"label_url": "https://files.example.com/1.png", "label_file_type": "image/png"},
    "selected_rate": {"id": "rate_1", "carrier": "USPS", "service": "GroundAdvantage", "rate": "6.07"},
    "options": {"currency": "USD"},
    "to_address": {"name": "ZHANG WEI", "company": None, "street1": "1250 W SUNSET BLVD"},
}
"""A purchase in the shape of EasyPost's recordings."""


def quote_of(shipment: dict[str, Any]) -> Quote:
    """Return a quote that fits a recorded purchase."""
    rate = Rate(shipment["selected_rate"]["id"], "usps", "GroundAdvantage", Money.of("6.07"))
    return Quote("easypost", "A-1001", shipment["id"], rate)


def test_the_sdk_sends_what_was_written(
    handoffs: dict[str, Handoff], sender: Address, server: Callable[..., LocalServer]
) -> None:
    """The real SDK sends the request unchanged, measures as JSON numbers with their decimals."""
    local = server(lambda _: Reply({"id": "shp_1", "object": "Shipment"}, 201))
    client = EasyPostClient("EZTK-test", api_base=f"{local.url}/v2")
    client._requests_session.trust_env = False
    made = request(handoffs["home"], sender, reference="A-1001")
    client.shipment.create(**made)
    (sent,) = local.requests
    assert (sent.method, sent.path) == ("POST", "/v2/shipments")
    assert sent.json["shipment"] == json.loads(json.dumps(made), parse_float=Decimal)
    assert b'"width": 10.1' in sent.body
    assert b'"weight": 131.2' in sent.body


@pytest.mark.parametrize("where", ["to_address.carrier_facility", "options.facility_code"])
def test_a_hold_is_asked_for_only_when_somebody_takes_the_risk(
    where: str, handoffs: dict[str, Handoff], sender: Address
) -> None:
    """With hold=UnverifiedHold() the hold, the place and its id are in the request, where they were put."""
    made = request(
        handoffs["hold_at_location"], sender, reference="A-1", hold=UnverifiedHold(location_id_in=where)
    )
    block, _, key = where.partition(".")
    assert made["options"]["hold_for_pickup"] is True
    assert made[block][key] == "YBZA"
    assert made["to_address"]["company"] == "FedEx Office Print & Ship Center"
    assert made["to_address"]["name"] == "Zhang Wei"
    assert made["to_address"]["residential"] is False
    assert made["options"]["print_custom_1"] == "FedEx Office Print & Ship Center"
    assert made["options"]["print_custom_2"] == "YBZA"


def test_a_hold_for_two_words_is_the_same_with_or_without_the_switch(
    handoffs: dict[str, Handoff], sender: Address
) -> None:
    """The switch changes nothing for a hand-off that needs no hold."""
    home = handoffs["home"]
    assert request(home, sender, reference="A-1", hold=UnverifiedHold()) == request(
        home, sender, reference="A-1"
    )


def test_a_hold_at_a_post_office_names_the_sender(hfp: Handoff, sender: Address) -> None:
    """USPS wants the sender's name, e-mail and phone for a hold; without them nothing is asked."""
    made = request(hfp, sender, reference="A-1", hold=UnverifiedHold())
    assert made["to_address"]["carrier_facility"] == "1369300"
    poor = attrs.evolve(sender, name="", email="", phone="")
    with pytest.raises(InputError) as caught:
        request(hfp, poor, reference="A-1", hold=UnverifiedHold())
    assert [p.field for p in caught.value.problems] == ["sender.name", "sender.email", "sender.phone"]


def test_a_hold_without_a_place_is_refused(handoffs: dict[str, Handoff], sender: Address) -> None:
    """A hold at no place in particular is never asked for."""
    nowhere = attrs.evolve(handoffs["hold_at_location"], point=None)
    with pytest.raises(InputError, match="place that the buyer chose"):
        request(nowhere, sender, reference="A-1", hold=UnverifiedHold())


def test_a_place_with_an_endless_name_is_refused(handoffs: dict[str, Handoff], sender: Address) -> None:
    """A name that no label has room for is an error that gives its length, not a cut name."""
    point = PickupPoint("FedEx Office", "of the " * 20, "YBZA")
    with pytest.raises(InputError, match="do not fit on 3 lines of 35"):
        request(
            attrs.evolve(handoffs["hold_at_location"], point=point),
            sender,
            reference="A-1",
            hold=UnverifiedHold(),
        )


def test_a_recorded_purchase_reads(samples: Callable[[str], Any]) -> None:
    """EasyPost's own recorded purchase gives number, price to the cent, format, and that it is a sample."""
    shipment = samples("shipment_buy")
    label = read(shipment, quote=quote_of(shipment))
    assert label.tracking_number == "9400100208303109505657"
    assert label.price == Money(Decimal("6.07"), "USD")
    assert (label.carrier, label.service, label.format, label.test) == (
        "usps",
        "GroundAdvantage",
        "PNG",
        True,
    )
    assert (label.reference, label.shipment_id, label.rate_id) == (
        "A-1001",
        shipment["id"],
        quote_of(shipment).rate.id,
    )
    assert label.url.startswith("https://easypost-files.s3")
    assert "easypost-files" not in repr(label)


def test_recorded_rates_read(samples: Callable[[str], Any]) -> None:
    """EasyPost's own recorded rates keep their exact prices."""
    rates = read_rates(samples("shipment_create"))
    assert [(rate.carrier, rate.service, str(rate.price and rate.price.amount)) for rate in rates] == [
        ("usps", "Express", "34.15"),
        ("usps", "Priority", "7.42"),
        ("usps", "GroundAdvantage", "6.07"),
    ]


def test_wallet_accounts_are_their_carriers() -> None:
    """UPSDAP is UPS and FedExDefault is FedEx; a rate that cannot be bought is passed over."""
    listed = [
        {"id": "rate_1", "carrier": "UPSDAP", "service": "Ground", "rate": "9.10", "currency": "USD"},
        {"id": "rate_2", "carrier": "FedExDefault", "service": "FEDEX_GROUND", "rate": "9.20"},
        {"id": "rate_3", "carrier": None, "service": "Ground", "rate": "1.00"},
        {"id": "", "carrier": "UPS", "service": "Ground", "rate": "1.00"},
        {"id": "rate_4", "carrier": "UPS", "service": "Ground", "rate": "free"},
        "nonsense",
    ]
    assert [rate.carrier for rate in read_rates({"rates": listed})] == ["ups", "fedex"]
    assert read_rates(None) == read_rates({"rates": "none"}) == ()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: None,
        lambda _: [],
        lambda _: {},
        lambda s: s | {"id": "shp_other"},
        lambda s: s | {"id": 7},
        lambda s: s | {"postage_label": None},
        lambda s: s | {"postage_label": {"label_url": ""}},
        lambda s: s | {"tracking_code": None},
        lambda s: s | {"selected_rate": s["selected_rate"] | {"carrier": "UPSDAP"}},
    ],
)
def test_an_answer_without_a_label_is_uncertain(spoil: Callable[[dict[str, Any]], object]) -> None:
    """An answer that shows no label, or another one, is uncertain and keeps the id to ask about."""
    assert read(BOUGHT, quote=quote_of(BOUGHT)).tracking_number == BOUGHT["tracking_code"]
    with pytest.raises(LabelUncertain) as caught:
        read(spoil(BOUGHT), quote=quote_of(BOUGHT))
    assert caught.value.bought == "shp_1"
    assert caught.value.quote == quote_of(BOUGHT)
    assert not caught.value.retryable


def test_a_hold_that_does_not_come_back_is_told(handoffs: dict[str, Handoff], sender: Address) -> None:
    """A label on which the hold or the place is missing carries warnings; one that repeats both does not."""
    asked = request(handoffs["hold_at_location"], sender, reference="A-1", hold=UnverifiedHold())
    assert read(BOUGHT, asked=asked).warnings == ("hold_not_confirmed", "point_lost")
    place = {"company": "FEDEX OFFICE PRINT & SHIP CENTER", "carrier_facility": "YBZA"}
    whole = BOUGHT | {"options": {"hold_for_pickup": True}, "to_address": place}
    assert read(whole, asked=asked).warnings == ()
    assert read(BOUGHT, asked=request(handoffs["home"], sender, reference="A-1")).warnings == ()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["id", "postage_label", "label_url", "tracking_code", "selected_rate", "rates", "carrier", "rate"]
    ), inner),
    max_leaves=12,
)  # fmt: skip


@given(answer=json_values)
def test_any_answer_is_a_label_or_uncertain(answer: object) -> None:
    """No JSON whatever makes reading fail otherwise: it is a label with number and file, or uncertain."""
    read_rates(answer)
    try:
        label = read(answer)
    except LabelUncertain:
        return
    assert label.url
    assert label.tracking_number


@pytest.mark.parametrize("place", ["", "options.", "options.a b", "to_address.name", "carrier_facility"])
def test_a_places_id_goes_only_where_it_may(place: str) -> None:
    """The place of a location's id is the facility field or one key of the options."""
    with pytest.raises(InputError, match="location_id_in"):
        UnverifiedHold(place)
