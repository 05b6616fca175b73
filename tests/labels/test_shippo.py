"""Shippo: what is asked over the wire, and how good and spoilt answers read."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests import Session
from shippo import Shippo
from shippo.models import components

from lockership.errors import InputError, LabelError, LabelRejected, LabelUnavailable, LabelUncertain
from lockership.labels import Quote, Rate
from lockership.labels.shippo import EXTRA_KEYS, pending, read, read_rates, request
from lockership.parcel import Parcel
from lockership.testing.servers import LocalServer, Reply
from lockership.units import Money

if TYPE_CHECKING:
    from collections.abc import Callable

    from lockership.address import Address
    from lockership.handoff import Handoff

RATE = {
    "object_id": "rate-1",
    "provider": "USPS",
    "servicelevel": {"token": "usps_ground_advantage"},
    "amount": "5.50",
    "currency": "USD",
    "estimated_days": 3,
    "carrier_account": "account-1",
}
TRANSACTION = {
    "object_id": "transaction-1",
    "status": "SUCCESS",
    "rate": "rate-1",
    "label_url": "https://deliver.example.com/label.pdf",
    "tracking_number": "9400100208303109505657",
    "label_file_type": "PDF_4x6",
    "metadata": "A-1001",
    "messages": [],
    "test": True,
}
QUOTE = Quote(
    "shippo", "A-1001", "shipment-1", Rate("rate-1", "usps", "usps_ground_advantage", Money.of("5.50"))
)


def test_the_sdk_sends_what_was_written(
    handoffs: dict[str, Handoff], sender: Address, server: Callable[..., LocalServer]
) -> None:
    """The real SDK sends the request unchanged but for the name of ``async``; measures are text."""
    local = server(lambda _: Reply({}, 500))
    session = Session()
    session.trust_env = False
    made = request(handoffs["general_delivery"], sender, reference="A-1001")
    with pytest.raises(Exception, match="API error occurred"):
        Shippo("shippo_test_1", server_url=local.url, client=session).shipments.create(
            components.ShipmentCreateRequest(**made)
        )
    (sent,) = local.requests
    assert (sent.method, sent.path) == ("POST", "/shipments")
    expected = {"async" if key == "async_" else key: value for key, value in made.items()}
    assert sent.json == json.loads(json.dumps(expected))
    assert sent.json["async"] is False
    assert sent.json["parcels"][0]["weight"] == "8.2"


def test_the_extra_keys_are_the_sdks(root: object) -> None:
    """The keys of ``extra`` that are let through are those of the installed SDK."""
    fields = dataclasses.fields(components.ShipmentExtra)
    assert {field.metadata["dataclasses_json"]["letter_case"]("") for field in fields} == EXTRA_KEYS
    assert len(EXTRA_KEYS) == 50


@pytest.mark.parametrize("field", ["email", "phone"])
def test_the_sender_can_be_reached(field: str, handoffs: dict[str, Handoff], sender: Address) -> None:
    """Without the sender's e-mail and phone nothing is asked: USPS refuses too late, at the purchase."""
    with pytest.raises(InputError) as caught:
        request(handoffs["home"], attrs.evolve(sender, **{field: " "}), reference="A-1")
    assert [problem.field for problem in caught.value.problems] == [f"sender.{field}"]


def test_a_company_alone_is_the_name(handoffs: dict[str, Handoff], sender: Address) -> None:
    """Shippo needs a name: a company without a person takes its place; none is made up."""
    firm = attrs.evolve(handoffs["home"].address, name="", company="Oregano Inc")
    buyer = attrs.evolve(handoffs["home"].buyer, name="")
    made = request(attrs.evolve(handoffs["home"], address=firm, buyer=buyer), sender, reference="A-1")
    assert made["address_to"]["name"] == "Oregano Inc"
    assert "company" not in made["address_to"]


def test_a_weight_of_seven_digits_is_refused(handoffs: dict[str, Handoff], sender: Address) -> None:
    """Shippo's measures have at most six digits before the point."""
    parcel = Parcel.of("1x1x1 in", "1000000 lb")
    with pytest.raises(InputError, match=r"parcel\.weight"):
        request(attrs.evolve(handoffs["home"], parcel=parcel), sender, reference="A-1")


def test_ups_has_a_third_street_line(handoffs: dict[str, Handoff], sender: Address) -> None:
    """Three lines are kept for UPS and flow into two for the others: only UPS prints the third."""
    address = attrs.evolve(handoffs["home"].address, street3="Gate 7")
    ups = attrs.evolve(handoffs["home"], address=address)
    assert request(ups, sender, reference="A-1")["address_to"]["street3"] == "Gate 7"
    usps = request(attrs.evolve(ups, carrier="usps"), sender, reference="A-1")["address_to"]
    assert (usps["street1"], usps["street2"]) == ("417 Montgomery St", "Apt 5 Gate 7")
    assert "street3" not in usps


def test_a_purchase_reads() -> None:
    """A transaction that succeeded gives number, price and ids; remarks beside it are passed over."""
    remark = {"source": "UPS", "code": "110971", "text": "Your invoice may vary"}
    label = read(TRANSACTION | {"messages": [remark]}, quote=QUOTE)
    assert (label.tracking_number, label.price, label.format) == (
        "9400100208303109505657",
        Money.of("5.50"),
        "PDF",
    )
    assert (label.transaction_id, label.rate_id, label.shipment_id) == (
        "transaction-1",
        "rate-1",
        "shipment-1",
    )
    assert (label.carrier, label.test, label.reference) == ("usps", True, "A-1001")
    assert read(TRANSACTION | {"label_file_type": "ZPLII"}).format == "ZPL"


def test_rates_read() -> None:
    """Rates keep their exact prices; one that cannot be bought is passed over."""
    (rate,) = read_rates({"rates": [RATE, RATE | {"amount": None}, RATE | {"servicelevel": None}, 7]})
    assert rate == Rate("rate-1", "usps", "usps_ground_advantage", Money.of("5.50"), 3, "account-1")


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({"code": "", "text": "Insufficient funds"}, LabelRejected),
        ({"code": "carrier_timeout", "text": "UPS API did not respond."}, LabelUnavailable),
        ({"code": "", "text": "USPS did not respond. Please try again."}, LabelUnavailable),
        ({"code": "110626", "text": "Hard: Invalid COD funds code for Package  1."}, LabelRejected),
    ],
)
def test_an_answer_of_201_may_be_a_refusal(message: dict[str, str], error: type[LabelError]) -> None:
    """Status ERROR is a refusal although HTTP says created; a silent carrier may be asked again."""
    answer = TRANSACTION | {"status": "ERROR", "label_url": "", "tracking_number": "", "messages": [message]}
    with pytest.raises(error) as caught:
        read(answer, quote=QUOTE)
    assert type(caught.value) is error
    assert caught.value.code == (message["code"] or None)
    assert caught.value.bought is None


def test_shippos_words_are_repeated_without_the_buyers(handoffs: dict[str, Handoff], sender: Address) -> None:
    """A refusal repeats what Shippo said, but no word of an address, no number, nothing in other scripts."""
    asked = request(handoffs["home"], sender, reference="A-1001")
    told = "Address not found: Zhang Wei, 417 MONTGOMERY ST, 3235550142, zhang.wei@example.com 张伟"
    answer = TRANSACTION | {
        "status": "ERROR",
        "label_url": None,
        "tracking_number": None,
        "messages": [{"text": told}, {"text": "Insufficient funds"}],
    }
    with pytest.raises(LabelRejected) as caught:
        read(answer, quote=QUOTE, asked=asked)
    said = str(caught.value)
    assert "Address not found" in said
    assert "Insufficient funds" in said
    for secret in ("zhang", "wei", "417", "montgomery", "3235550142", "张", "example"):
        assert secret not in said.casefold()


@pytest.mark.parametrize(
    "change",
    [
        {"status": "QUEUED", "label_url": None},
        {"status": "WAITING"},
        {"status": None},
        {"status": "NEW"},
        {"status": "success"},
        {"status": "REFUNDED"},
        {"label_url": ""},
        {"tracking_number": None},
        {"status": "ERROR"},
    ],
)
def test_an_answer_without_a_label_is_uncertain(change: dict[str, Any]) -> None:
    """What shows neither a label nor a refusal is uncertain and keeps the transaction's id."""
    with pytest.raises(LabelUncertain) as caught:
        read(TRANSACTION | change, quote=QUOTE)
    assert (caught.value.bought, caught.value.quote) == ("transaction-1", QUOTE)


@pytest.mark.parametrize("answer", [None, [], "null", 7])
def test_an_answer_that_is_no_transaction_is_uncertain(answer: object) -> None:
    """Without a transaction the rate is what must be asked about."""
    with pytest.raises(LabelUncertain) as caught:
        read(answer, quote=QUOTE)
    assert caught.value.bought == "rate-1"


def test_what_is_still_in_work_is_told() -> None:
    """QUEUED and WAITING mean: ask again; nothing else does."""
    assert pending({"status": "QUEUED"})
    assert pending({"status": "WAITING"})
    assert not pending({"status": "SUCCESS"})
    assert not pending({"status": None})
    assert not pending(None)


@given(
    answer=st.dictionaries(
        st.sampled_from(["object_id", "status", "label_url", "tracking_number", "messages", "rate", "rates"]),
        st.none() | st.integers() | st.sampled_from(["SUCCESS", "ERROR", ""]) | st.lists(st.text(max_size=3)),
    )
)
def test_any_answer_is_a_label_or_one_of_three_errors(answer: object) -> None:
    """No JSON object makes reading fail otherwise."""
    read_rates(answer)
    try:
        label = read(answer)
    except LabelError:
        return
    assert label.url
    assert label.tracking_number
