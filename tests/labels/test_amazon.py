"""Amazon's requests and answers beyond what holds for every carrier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import pytest

from lockership.address import Address
from lockership.errors import InputError, LabelUncertain
from lockership.labels.amazon import HEADERS, Account, rates_request, read, request

if TYPE_CHECKING:
    from collections.abc import Callable

    from lockership.handoff import Handoff

ACCOUNT = Account(("SWA-TEST", "SWA-OTHER"))
ORDER = "111-1234567-1234567"
POINT = "00046c4b-bb0a-4c03-831e-5633e142f16a"
HOME = Address(name="Zhang Wei", street1="417 Montgomery St", city="Los Angeles", state="CA", zip="90026")


@pytest.fixture
def locker(handoffs: dict[str, Handoff]) -> Handoff:
    """Return a hand-off to an Amazon Locker whose id is known."""
    found = handoffs["through_amazon"]
    assert found.point is not None
    return attrs.evolve(found, point=attrs.evolve(found.point, id=POINT))


@pytest.fixture
def asked(sender: Address) -> Callable[..., dict[str, Any]]:
    """Return a writer of requests."""

    def write(handoff: Handoff, **options: Any) -> dict[str, Any]:
        given_: dict[str, Any] = {"reference": "A-1001", **options}
        return request(handoff, sender, ACCOUNT, **given_)

    return write


def test_an_order_carries_the_buyers_choice(locker: Handoff, asked: Callable[..., dict[str, Any]]) -> None:
    """For an Amazon order Amazon takes the destination from the order, so no other one is sent."""
    made = asked(locker, order_id=ORDER)
    assert made["channelDetails"] == {"channelType": "AMAZON", "amazonOrderDetails": {"orderId": ORDER}}
    assert not {"shipTo", "destinationAccessPointDetails"} & made.keys()


def test_without_an_order_the_point_is_named(locker: Handoff, asked: Callable[..., dict[str, Any]]) -> None:
    """Outside Amazon's orders the point's id is sent, with the buyer's own address if it is known."""
    made = asked(attrs.evolve(locker, home=HOME))
    assert made["channelDetails"] == {"channelType": "EXTERNAL"}
    assert made["destinationAccessPointDetails"] == {"accessPointId": POINT}
    assert made["shipTo"]["addressLine1"] == "417 Montgomery St"
    assert asked(locker)["shipTo"]["addressLine1"] == "2012 E 7th St"


def test_neither_order_nor_point_is_an_error(
    handoffs: dict[str, Handoff], asked: Callable[..., dict[str, Any]]
) -> None:
    """A parcel for Amazon's point is never sent to the point's street address alone."""
    with pytest.raises(InputError) as caught:
        asked(handoffs["through_amazon"])
    assert {problem.field for problem in caught.value.problems} == {"order_id"}


@pytest.mark.parametrize("order_id", ["A-1001", "111-1234567-123456", "１11-1234567-1234567", ""])
def test_another_number_is_no_order(
    order_id: str, locker: Handoff, asked: Callable[..., dict[str, Any]]
) -> None:
    """A shop's own number in place of an Amazon order's is refused."""
    with pytest.raises(InputError, match="123-1234567-1234567"):
        asked(locker, order_id=order_id)


def test_rates_are_asked_for_the_same_parcel(
    locker: Handoff, sender: Address, asked: Callable[..., dict[str, Any]]
) -> None:
    """A request for rates says the same of parcel and place as the purchase, and names no service."""
    rates = rates_request(locker, sender, reference="A-1001")
    bought = asked(locker)
    assert {key: bought[key] for key in rates} == rates
    assert bought.keys() - rates.keys() == {"labelSpecifications", "serviceSelection"}


def test_names_keep_their_letters(handoffs: dict[str, Handoff], asked: Callable[..., dict[str, Any]]) -> None:
    """Amazon writes any script, so nothing is romanised; a name of over fifty characters is refused."""
    home = attrs.evolve(handoffs["home"], carrier="amazon")
    there = attrs.evolve(home, address=attrs.evolve(home.address, name="李小明"))
    assert asked(there)["shipTo"]["name"] == "李小明"
    long = attrs.evolve(home, address=attrs.evolve(home.address, name="Wei " * 13))
    with pytest.raises(InputError, match="at most 50"):
        asked(long)


def test_what_is_in_the_parcel_is_told(locker: Handoff, asked: Callable[..., dict[str, Any]]) -> None:
    """Items stand as they were given; without any there is one unnamed piece, and nothing is insured."""
    items = [{"quantity": 2, "itemIdentifier": "1", "description": "Phone case"}]
    (package,) = asked(locker, items=items)["packages"]
    assert package["items"] == items
    assert package["insuredValue"] == {"value": 0, "unit": "USD"}
    assert asked(locker)["packages"][0]["items"] == [{"quantity": 1}]


def test_the_united_states_are_named_in_the_header() -> None:
    """Amazon's own default business is the United Kingdom."""
    assert HEADERS == {"x-amzn-shipping-business-id": "AmazonShipping_US"}


# --- answers ---------------------------------------------------------------------------------------


def answer(carrier: str = "AMZN_US", **result: Any) -> dict[str, Any]:
    """Return an answer as Amazon gives it."""
    documents = [
        {"type": "RECEIPT", "format": "PDF", "contents": "eA=="},
        {"type": "LABEL", "format": "ZPL", "contents": "XlhBXlha"},
    ]
    found = {
        "shipmentId": "87852211788104",
        "packageDocumentDetails": [
            {"packageClientReferenceId": "A-1001", "packageDocuments": documents, "trackingId": "TBA123"}
        ],
        "carrier": {"id": carrier, "name": "Amazon Shipping"},
        "service": {"id": "SWA-TEST"},
        "totalCharge": {"value": 4.76, "unit": "USD"},
        **result,
    }
    return {"payload": found}


def test_a_label_is_read() -> None:
    """Number, price, reference and the label among the documents come out of the answer."""
    label = read(answer())
    assert (label.reference, label.tracking_number, label.format) == ("A-1001", "TBA123", "ZPL")
    assert label.price is not None
    assert str(label.price.amount) == "4.76"
    assert label.file is not None
    assert label.file.content == b"^XA^XZ"


def test_another_carrier_does_not_get_into_a_locker(
    locker: Handoff, asked: Callable[..., dict[str, Any]]
) -> None:
    """Amazon Shipping may sell another carrier's label; for Amazon's point that is a thing to look at."""
    body = asked(locker)
    assert read(answer(), asked=body).warnings == ()
    assert read(answer("UPS"), asked=body).warnings == ("hold_not_confirmed",)
    assert read(answer("UPS")).warnings == ()


@pytest.mark.parametrize(
    "broken", [None, {}, {"payload": {}}, answer(shipmentId=None), answer(packageDocumentDetails=[])]
)
def test_an_answer_without_a_label_is_doubt(broken: object) -> None:
    """An answer that shows no one label leaves the purchase in doubt."""
    with pytest.raises(LabelUncertain):
        read(broken, reference="A-1001")
