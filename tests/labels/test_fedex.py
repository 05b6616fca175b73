"""FedEx's requests and answers beyond what holds for every carrier."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs
import pytest

from lockership.address import Address
from lockership.errors import InputError, LabelUncertain
from lockership.handoff import Buyer, Handoff, PickupPoint
from lockership.labels.fedex import LOCATION_TYPES, Account, read, request
from lockership.parcel import Parcel
from lockership.words import Kind, Trait

if TYPE_CHECKING:
    from collections.abc import Callable

ACCOUNT = Account("123456789")
HOME = Address(name="Zhang Wei", street1="417 Montgomery St", city="Los Angeles", state="CA", zip="90026")


@pytest.fixture
def held(handoffs: dict[str, Handoff]) -> Handoff:
    """Return a hold at a FedEx Office."""
    return handoffs["hold_at_location"]


@pytest.fixture
def home(handoffs: dict[str, Handoff]) -> Handoff:
    """Return a delivery to a home by FedEx."""
    return attrs.evolve(handoffs["home"], carrier="fedex")


@pytest.fixture
def shipment(sender: Address) -> Callable[..., dict[str, Any]]:
    """Return a writer of the requested shipment."""

    def write(handoff: Handoff, **options: Any) -> dict[str, Any]:
        given_: dict[str, Any] = {"reference": "A-1001", **options}
        made = request(handoff, sender, ACCOUNT, **given_)
        found: dict[str, Any] = made["requestedShipment"]
        return found

    return write


def test_the_recipient_stays_the_buyer(held: Handoff, shipment: Callable[..., dict[str, Any]]) -> None:
    """With a known home the recipient is the buyer there, and the place stands in the special service."""
    made = shipment(attrs.evolve(held, home=HOME))
    (to,) = made["recipients"]
    assert to["contact"]["personName"] == "Zhang Wei"
    assert to["address"]["streetLines"] == ["417 Montgomery St"]
    services = made["shipmentSpecialServices"]
    assert services["specialServiceTypes"] == ["HOLD_AT_LOCATION"]
    detail = services["holdAtLocationDetail"]
    assert detail["locationId"] == "YBZA"
    assert detail["locationContactAndAddress"]["address"]["streetLines"] == ["1250 W Sunset Blvd"]


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (Kind.FEDEX_OFFICE, "FEDEX_OFFICE"),
        (Kind.FEDEX_ONSITE, "FEDEX_ONSITE"),
        (Kind.FEDEX_SHIP_CENTER, "FEDEX_STAFFED"),
        (Kind.FEDEX_HOLD, None),
    ],
)
def test_the_type_of_place_is_sent_where_it_is_known(
    kind: Kind, found: str | None, held: Handoff, shipment: Callable[..., dict[str, Any]]
) -> None:
    """A place of unknown type is asked for by its id alone: no type is made up."""
    made = shipment(attrs.evolve(held, kind=kind.value))
    assert made["shipmentSpecialServices"]["holdAtLocationDetail"].get("locationType") == found


def test_fedexs_misspelled_type_is_the_accepted_one(
    held: Handoff, shipment: Callable[..., dict[str, Any]]
) -> None:
    """FedEx writes RETAIL_ALLICANCE_LOCATION; the word spelled right is refused before FedEx does it."""
    assert "RETAIL_ALLICANCE_LOCATION" in LOCATION_TYPES
    made = shipment(held, location_type="RETAIL_ALLICANCE_LOCATION")
    detail = made["shipmentSpecialServices"]["holdAtLocationDetail"]
    assert detail["locationType"] == "RETAIL_ALLICANCE_LOCATION"
    with pytest.raises(InputError, match="RETAIL_ALLICANCE_LOCATION"):
        shipment(held, location_type="RETAIL_ALLIANCE_LOCATION")


@pytest.mark.parametrize(
    ("service", "code", "residential"),
    [
        (None, "FEDEX_GROUND", None),
        ("FedEx Ground", "FEDEX_GROUND", None),
        ("home delivery", "GROUND_HOME_DELIVERY", True),
        ("FEDEX_2_DAY", "FEDEX_2_DAY", None),
        ("FedEx Priority Overnight", "PRIORITY_OVERNIGHT", None),
    ],
)
def test_express_and_ground_are_told_by_their_codes(
    service: str | None,
    code: str,
    residential: bool | None,  # noqa: FBT001 - what is expected, not a switch
    home: Handoff,
    shipment: Callable[..., dict[str, Any]],
) -> None:
    """A service is sent as FedEx's code; Home Delivery marks the address as a residence."""
    made = shipment(attrs.evolve(home, service=service))
    assert made["serviceType"] == code
    assert made["recipients"][0]["address"].get("residential") is residential


def test_fedex_needs_a_telephone(home: Handoff, sender: Address) -> None:
    """FedEx needs ten digits of both parties; each that is missing is named."""
    silent = attrs.evolve(home, buyer=Buyer("Zhang Wei", "+86 138 0013 8000"))
    with pytest.raises(InputError) as caught:
        request(silent, attrs.evolve(sender, phone=""), ACCOUNT, reference="A-1001")
    assert {problem.field for problem in caught.value.problems} == {"phone", "sender.phone"}


def test_an_extension_is_kept(home: Handoff, shipment: Callable[..., dict[str, Any]]) -> None:
    """Marketplaces give a number with an extension; FedEx has a field for it, of six digits."""
    made = shipment(attrs.evolve(home, buyer=Buyer("Zhang Wei", "+1 480-618-4285 ext. 12345")))
    contact = made["recipients"][0]["contact"]
    assert (contact["phoneNumber"], contact["phoneExtension"]) == ("4806184285", "12345")
    with pytest.raises(InputError, match="six digits"):
        shipment(attrs.evolve(home, buyer=Buyer("Zhang Wei", "480-618-4285 ext. 1234567")))


def test_a_long_name_of_a_place_gives_way_to_a_shorter_one(
    held: Handoff, shipment: Callable[..., dict[str, Any]]
) -> None:
    """The place's id decides, so of its names the first that fits is sent; nothing is cut."""
    long = attrs.evolve(
        held,
        address=attrs.evolve(held.address, company="HOLD AT LOCATION: FedEx Office Print & Ship Center"),
        point=PickupPoint("FedEx Office", "", "YBZA"),
    )
    place = shipment(long)["shipmentSpecialServices"]["holdAtLocationDetail"]
    assert place["locationContactAndAddress"]["contact"] == {"companyName": "FedEx Office"}


@pytest.mark.parametrize("location_id", ["", "YB-ZA", "A" * 11])
def test_an_id_that_is_none_is_refused(
    location_id: str, held: Handoff, shipment: Callable[..., dict[str, Any]]
) -> None:
    """A hold without a proper id is an error: FedEx would choose a place of its own."""
    with pytest.raises(InputError) as caught:
        shipment(attrs.evolve(held, point=PickupPoint("FedEx Office", "", location_id)))
    assert {problem.field for problem in caught.value.problems} == {"location_id"}


def test_names_are_sent_in_ascii(home: Handoff, shipment: Callable[..., dict[str, Any]]) -> None:
    """The description names no character set, so letters beyond ASCII are written anew."""
    there = attrs.evolve(home.address, name="María 李", street1="12 Ñandú St")
    made = shipment(attrs.evolve(home, address=there))["recipients"][0]
    assert made["contact"]["personName"] == "Maria Li"
    assert "12 Nandu St" in made["address"]["streetLines"]


def test_alcohol_and_an_adults_signature_are_said(
    home: Handoff, shipment: Callable[..., dict[str, Any]]
) -> None:
    """Both special services stand side by side with their details."""
    parcel = attrs.evolve(home.parcel, traits=(Trait.ALCOHOL, Trait.ADULT_SIGNATURE))
    package = shipment(attrs.evolve(home, parcel=parcel))["requestedPackageLineItems"][0]
    assert package["packageSpecialServices"] == {
        "specialServiceTypes": ["SIGNATURE_OPTION", "ALCOHOL"],
        "signatureOptionType": "ADULT",
        "alcoholDetail": {"alcoholRecipientType": "CONSUMER"},
    }


def test_sides_of_four_digits_are_refused(home: Handoff, shipment: Callable[..., dict[str, Any]]) -> None:
    """FedEx writes sides of at most 999 inches."""
    with pytest.raises(InputError, match="999 in"):
        shipment(attrs.evolve(home, parcel=Parcel.of("1000 x 1 x 1 in", "1 lb")))


def test_a_third_party_may_pay(home: Handoff, sender: Address) -> None:
    """Another account pays when the account names one; a wrong account is an error."""
    made = request(home, sender, Account("123456789", payer="987654321"), reference="A-1001")
    payment = made["requestedShipment"]["shippingChargesPayment"]
    assert payment["paymentType"] == "THIRD_PARTY"
    assert payment["payor"]["responsibleParty"]["accountNumber"] == {"value": "987654321"}
    with pytest.raises(InputError) as caught:
        Account("1234567890", pickup="BY_DRONE")
    assert {problem.field for problem in caught.value.problems} == {"number", "pickup"}


def test_a_printers_format_has_its_own_stock(home: Handoff, sender: Address) -> None:
    """Thermal formats are for stock, pictures for paper."""
    for label_format, stock in (("ZPLII", "STOCK_4X6"), ("PDF", "PAPER_4X6")):
        made = request(home, sender, ACCOUNT, reference="A-1", label_format=label_format)  # type: ignore[arg-type]  # a loop over literals
        assert made["requestedShipment"]["labelSpecification"]["labelStockType"] == stock


# --- answers ---------------------------------------------------------------------------------------


def answer(hold: object = None, **shipment: Any) -> dict[str, Any]:
    """Return an answer as FedEx gives it."""
    document = {"contentType": "LABEL", "docType": "ZPLII", "encodedLabel": "XlhBXlha"}
    detail: dict[str, Any] = {
        "shipmentRating": {"shipmentRateDetails": [{"totalNetCharge": Decimal("21.45"), "currency": "USD"}]}
    }
    if hold is not None:
        detail["completedHoldAtLocationDetail"] = hold
    found = {
        "serviceType": "FEDEX_GROUND",
        "masterTrackingNumber": "794953535000",
        "pieceResponses": [{"trackingNumber": "794953535000", "packageDocuments": [document]}],
        "completedShipmentDetail": detail,
        "alerts": [
            {"code": "X.NOTE", "alertType": "NOTE"},
            {"code": "PHONE.INVALID", "alertType": "WARNING"},
        ],
        **shipment,
    }
    return {"transactionId": "624deea6", "output": {"transactionShipments": [found]}}


def test_a_label_is_read() -> None:
    """Number, price, file and warnings come out of the answer; notes are passed over."""
    label = read(answer(), reference="A-1001")
    assert (label.tracking_number, label.service, label.format) == ("794953535000", "FEDEX_GROUND", "ZPL")
    assert label.price is not None
    assert str(label.price.amount) == "21.45"
    assert label.file is not None
    assert label.file.content == b"^XA^XZ"
    assert label.warnings == ("alert_PHONE.INVALID",)


def test_a_label_by_its_address_is_read() -> None:
    """A label that is to be fetched has its address, and no warning of a missing file."""
    piece = {"trackingNumber": 794953535000, "packageDocuments": [{"url": "https://label.example/1"}]}
    label = read(answer(pieceResponses=[piece], alerts=[]))
    assert (label.url, label.file, label.warnings) == ("https://label.example/1", None, ())


def test_the_place_that_comes_back_is_compared(held: Handoff, sender: Address) -> None:
    """A hold that is not repeated, or another place than was asked for, is told."""
    asked = request(held, sender, ACCOUNT, reference="A-1001")
    there = {"holdingLocationType": "FEDEX_OFFICE", "holdingLocation": {"address": {"postalCode": "90026-1"}}}
    elsewhere = {"holdingLocation": {"address": {"postalCode": "10118"}}}
    assert read(answer(there, alerts=[]), asked=asked).warnings == ()
    assert read(answer(elsewhere, alerts=[]), asked=asked).warnings == ("point_lost",)
    assert read(answer(alerts=[]), asked=asked).warnings == ("hold_not_confirmed",)


@pytest.mark.parametrize(
    "broken",
    [
        None,
        {},
        {"output": {"transactionShipments": []}},
        answer(pieceResponses=[{}, {}]),
        answer(pieceResponses=[], masterTrackingNumber=None),
    ],
)
def test_an_answer_without_a_label_is_doubt(broken: object) -> None:
    """An answer that shows no one label leaves the purchase in doubt, and is never an empty label."""
    with pytest.raises(LabelUncertain):
        read(broken, reference="A-1001")
