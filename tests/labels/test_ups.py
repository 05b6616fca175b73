"""UPS's requests and answers beyond what holds for every carrier."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import attrs
import pytest

from lockership.address import Address
from lockership.errors import Inexpressible, InputError, LabelUncertain
from lockership.handoff import Buyer, Handoff
from lockership.labels.ups import Account, read, request
from lockership.parcel import Parcel
from lockership.words import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

ACCOUNT = Account("A1B2C3")
HOME = Address(
    name="Zhang Wei",
    street1="417 Montgomery St",
    street2="Apt 5",
    city="Los Angeles",
    state="CA",
    zip="90026",
)


@pytest.fixture
def point(handoffs: dict[str, Handoff]) -> Handoff:
    """Return a hand-off to an Access Point."""
    return handoffs["alternate_delivery"]


@pytest.fixture
def shipment(sender: Address) -> Callable[..., dict[str, Any]]:
    """Return a writer of the part of a request that says what is shipped where."""

    def write(handoff: Handoff, **options: Any) -> dict[str, Any]:
        given_: dict[str, Any] = {"reference": "A-1001", **options}
        made = request(handoff, sender, ACCOUNT, **given_)
        found: dict[str, Any] = made["ShipmentRequest"]["Shipment"]
        return found

    return write


def fields_of(error: InputError) -> set[str | None]:
    """Return the fields that an error names."""
    return {problem.field for problem in error.problems}


def test_the_consignee_stays_the_buyer_at_home(
    point: Handoff, shipment: Callable[..., dict[str, Any]]
) -> None:
    """With a known home the shipment is addressed there, and the Access Point stands beside it."""
    made = shipment(attrs.evolve(point, home=HOME))
    assert made["ShipTo"]["Name"] == "Zhang Wei"
    assert made["ShipTo"]["Address"]["AddressLine"] == ["417 Montgomery St", "Apt 5"]
    alternate = made["AlternateDeliveryAddress"]
    assert alternate["UPSAccessPointID"] == "U88498244"
    assert (alternate["Name"], alternate["AttentionName"]) == ("CVS 8421", "Zhang Wei")
    assert made["ShipmentIndicationType"] == [{"Code": "01"}]


@pytest.mark.parametrize("home", ["PO Box 12", "General Delivery"])
def test_a_home_that_ups_does_not_serve_is_not_sent(
    home: str, point: Handoff, shipment: Callable[..., dict[str, Any]]
) -> None:
    """A PO Box as home would make UPS refuse the shipment, so the point's address stands in for it."""
    made = shipment(attrs.evolve(point, home=attrs.evolve(HOME, street1=home, street2="")))
    assert made["ShipTo"]["Address"]["AddressLine"] == ["1250 W Sunset Blvd"]


def test_buyer_and_shipper_are_told_of_the_drop(
    point: Handoff, sender: Address, shipment: Callable[..., dict[str, Any]]
) -> None:
    """Notification 012 goes to the buyer and 013 to the shipper, each with its language."""
    told = shipment(point, locale=("ZHO", "CN"))["ShipmentServiceOptions"]["Notification"]
    assert [one["NotificationCode"] for one in told] == ["012", "013"]
    assert [one["EMail"]["EMailAddress"] for one in told] == [["zhang.wei@example.com"], [sender.email]]
    assert told[0]["TextMessage"] == {"PhoneNumber": "3235550142"}
    assert {one["Locale"]["Language"] for one in told} == {"ZHO"}


def test_a_telephone_is_enough_to_be_told(point: Handoff, shipment: Callable[..., dict[str, Any]]) -> None:
    """A buyer without e-mail is told by text message; one with neither is an error."""
    by_phone = attrs.evolve(point, buyer=Buyer("Zhang Wei", "323-555-0142"))
    told = shipment(by_phone)["ShipmentServiceOptions"]["Notification"][0]
    assert "EMail" not in told
    assert told["TextMessage"] == {"PhoneNumber": "3235550142"}
    with pytest.raises(InputError, match="notification 012") as caught:
        shipment(attrs.evolve(point, buyer=Buyer("Zhang Wei", "480-618-4285 ext. 12345")))
    assert fields_of(caught.value) == {"email"}


@pytest.mark.parametrize("code", ["1234", "123456"])
def test_a_release_code_is_sent(code: str, point: Handoff, shipment: Callable[..., dict[str, Any]]) -> None:
    """Four to six digits are the shipper's own code for the buyer."""
    assert shipment(point, release_code=code)["ShipmentServiceOptions"]["EPRAReleaseCode"] == code


@pytest.mark.parametrize("code", ["123", "1234567", "12a4", "１２３４", ""])
def test_a_wrong_release_code_is_refused_without_being_told(
    code: str, point: Handoff, shipment: Callable[..., dict[str, Any]]
) -> None:
    """Other codes are refused, and the error does not repeat them: they open a parcel."""
    with pytest.raises(InputError) as caught:
        shipment(point, release_code=code)
    assert fields_of(caught.value) == {"release_code"}
    assert not code or code not in str(caught.value)


def test_a_release_code_is_for_access_points_only(
    handoffs: dict[str, Handoff], shipment: Callable[..., dict[str, Any]]
) -> None:
    """A home delivery with a release code is refused: UPS takes it with indication 01 only."""
    with pytest.raises(InputError, match="only a parcel for an Access Point"):
        shipment(handoffs["home"], release_code="1234")


@pytest.mark.parametrize(
    ("lines", "sent"),
    [
        (("417 Montgomery St", "Apt 5"), ["417 Montgomery St", "Apt 5"]),
        (("Whole Foods Market", "1 W Lake St", "Ste 5"), ["1 W Lake St", "Ste 5", "Whole Foods Market"]),
        (("c/o Front Desk", "77 Battery St"), ["77 Battery St", "c/o Front Desk"]),
    ],
)
def test_lines_are_sent_from_the_bottom_up(
    lines: tuple[str, ...],
    sent: list[str],
    handoffs: dict[str, Handoff],
    shipment: Callable[..., dict[str, Any]],
) -> None:
    """UPS prints the last line on top, so the street goes first and what stands above it last."""
    fields = dict(zip(("street1", "street2", "street3"), lines, strict=False))
    address = Address(name="Zhang Wei", city="Los Angeles", state="CA", zip="90026", **fields)
    made = shipment(attrs.evolve(handoffs["home"], address=address))
    assert made["ShipTo"]["Address"]["AddressLine"] == sent


def test_a_line_that_must_be_broken_reads_on_downwards(
    handoffs: dict[str, Handoff], shipment: Callable[..., dict[str, Any]]
) -> None:
    """What does not fit on one line is sent so that the printed label reads from top to bottom."""
    address = Address(
        name="Zhang Wei",
        street1="1250 West Sunset Boulevard of the Setting Sun Number Two",
        city="Los Angeles",
        state="CA",
        zip="90026",
    )
    sent = shipment(attrs.evolve(handoffs["home"], address=address))["ShipTo"]["Address"]["AddressLine"]
    assert " ".join(reversed(sent)) == address.street1
    assert len(sent) == 2


def test_names_are_romanised_for_ups_and_accents_stay(
    handoffs: dict[str, Handoff], shipment: Callable[..., dict[str, Any]]
) -> None:
    """UPS prints Latin-1: accents stay, Han characters become syllables, the original is untouched."""
    home = attrs.evolve(handoffs["home"].address, name="李小明", street2="Apto José")
    handoff = attrs.evolve(handoffs["home"], address=home)
    made = shipment(handoff)["ShipTo"]
    assert made["Name"] == "Li Xiao Ming"
    assert "Apto José" in made["Address"]["AddressLine"]
    assert handoff.address.name == "李小明"


@pytest.mark.parametrize("point_id", ["U884", "U88498244X", "U8849824-"])
def test_an_id_that_is_none_is_refused(
    point_id: str, point: Handoff, shipment: Callable[..., dict[str, Any]]
) -> None:
    """An Access Point's id has seven to nine letters and digits; anything else is an error."""
    assert point.point is not None
    with pytest.raises(InputError) as caught:
        shipment(attrs.evolve(point, point=attrs.evolve(point.point, id=point_id)))
    assert fields_of(caught.value) == {"access_point_id"}


def test_a_point_without_an_id_is_missing_it(point: Handoff, shipment: Callable[..., dict[str, Any]]) -> None:
    """A hand-off that lacks the id is never sent, even where the decision did not say so."""
    assert point.point is not None
    with pytest.raises(InputError) as caught:
        shipment(attrs.evolve(point, point=attrs.evolve(point.point, id=" ")))
    assert caught.value.code == "missing_field"
    assert fields_of(caught.value) == {"access_point_id"}


def test_a_customer_center_has_no_words(handoffs: dict[str, Handoff], sender: Address) -> None:
    """No domestic parcel can be bought to wait at a Customer Center; what can be done is said."""
    center = attrs.evolve(handoffs["hold_at_location"], carrier="ups", kind=Kind.UPS_CUSTOMER_CENTER.value)
    with pytest.raises(Inexpressible, match="Delivery Intercept") as caught:
        request(center, sender, ACCOUNT, reference="A-1001")
    assert caught.value.source == "https://github.com/UPS-API/api-documentation/tree/e6f36df"


@pytest.mark.parametrize(
    ("service", "code"),
    [
        (None, "03"),
        ("UPS Ground", "03"),
        ("UPS® Next Day Air®", "01"),
        ("2nd Day Air", "02"),
        ("UPS_3_DAY_SELECT", "12"),
        ("14", "14"),
    ],
)
def test_services_are_told_by_their_codes(
    service: str | None, code: str, handoffs: dict[str, Handoff], shipment: Callable[..., dict[str, Any]]
) -> None:
    """A service is sent as UPS's code, whatever way the order spells it."""
    made = shipment(attrs.evolve(handoffs["home"], service=service))
    assert made["Service"] == {"Code": code}


def test_an_extension_of_four_digits_is_kept(
    handoffs: dict[str, Handoff], shipment: Callable[..., dict[str, Any]]
) -> None:
    """UPS has room for four digits; with more the number would ring somebody else, so it is left out."""
    home = attrs.evolve(handoffs["home"], buyer=Buyer("Zhang Wei", "480-618-4285 x1234"))
    assert shipment(home)["ShipTo"]["Phone"] == {"Number": "4806184285", "Extension": "1234"}
    longer = attrs.evolve(home, buyer=Buyer("Zhang Wei", "480-618-4285 x12345"))
    assert "Phone" not in shipment(longer)["ShipTo"]


def test_an_unknown_service_is_refused(
    handoffs: dict[str, Handoff], shipment: Callable[..., dict[str, Any]]
) -> None:
    """A service that UPS has not is an error, and never replaced by another."""
    with pytest.raises(InputError) as caught:
        shipment(attrs.evolve(handoffs["home"], service="drone"))
    assert fields_of(caught.value) == {"service"}


def test_puerto_rico_is_a_country_to_ups(
    handoffs: dict[str, Handoff], shipment: Callable[..., dict[str, Any]]
) -> None:
    """Puerto Rico has a country code of its own, and the reference stands with the shipment then."""
    address = attrs.evolve(handoffs["home"].address, city="San Juan", state="Puerto Rico", zip="00901-1234")
    made = shipment(attrs.evolve(handoffs["home"], address=address))
    there = made["ShipTo"]["Address"]
    assert (there["StateProvinceCode"], there["CountryCode"], there["PostalCode"]) == (
        "PR",
        "PR",
        "009011234",
    )
    assert made["ReferenceNumber"] == [{"Value": "A-1001"}]
    assert "ReferenceNumber" not in made["Package"][0]


def test_a_third_party_may_pay(handoffs: dict[str, Handoff], sender: Address) -> None:
    """Another account pays when the account names one."""
    account = Account("A1B2C3", payer="Z9Y8X7", payer_zip="90210")
    made = request(handoffs["home"], sender, account, reference="A-1001")
    charge = made["ShipmentRequest"]["Shipment"]["PaymentInformation"]["ShipmentCharge"]
    bill = {"AccountNumber": "Z9Y8X7", "Address": {"CountryCode": "US", "PostalCode": "90210"}}
    assert charge == [{"Type": "01", "BillThirdParty": bill}]


@pytest.mark.parametrize(
    ("parcel", "field"),
    [("1000 x 1 x 1 in", "parcel.length"), ("1 x 1 x 1 in", "parcel.weight")],
)
def test_what_ups_cannot_write_is_refused(
    parcel: str, field: str, handoffs: dict[str, Handoff], shipment: Callable[..., dict[str, Any]]
) -> None:
    """Sides of four digits and weights of five are errors: UPS has no room for them."""
    huge = attrs.evolve(handoffs["home"], parcel=Parcel.of(parcel, "10000 lb"))
    with pytest.raises(InputError) as caught:
        shipment(huge)
    assert field in fields_of(caught.value)


@pytest.mark.parametrize(
    "option", ["HoldForPickupIndicator", "DirectDeliveryOnlyIndicator", "EPRAReleaseCode"]
)
def test_levers_that_would_lose_the_point_are_refused(
    option: str, point: Handoff, shipment: Callable[..., dict[str, Any]]
) -> None:
    """No field by which a pick-up goes elsewhere can be slipped in."""
    also = {"ShipmentRequest": {"Shipment": {"ShipmentServiceOptions": {option: ""}}}}
    with pytest.raises(InputError) as caught:
        shipment(point, also=also)
    assert fields_of(caught.value) == {f"also.ShipmentRequest.Shipment.ShipmentServiceOptions.{option}"}


def test_further_fields_join(handoffs: dict[str, Handoff], shipment: Callable[..., dict[str, Any]]) -> None:
    """Declared value and the like are added where UPS has them, in the parcel too."""
    value = {"DeclaredValue": {"CurrencyCode": "USD", "MonetaryValue": "42"}}
    also = {
        "ShipmentRequest": {
            "Shipment": {"Description": "Toys", "Package": [{"PackageServiceOptions": value}]}
        }
    }
    made = shipment(handoffs["home"], also=also)
    assert made["Description"] == "Toys"
    assert made["Package"][0]["PackageServiceOptions"] == value


# --- answers ---------------------------------------------------------------------------------------


def answer(**results: Any) -> dict[str, Any]:
    """Return an answer as UPS gives it."""
    package = {
        "TrackingNumber": "1Z12345E0205271688",
        "ShippingLabel": {
            "ImageFormat": {"Code": "EPL"},
            "GraphicImage": base64.b64encode(b"\nN\nP1\n").decode(),
        },
    }
    found = {
        "ShipmentIdentificationNumber": "1Z12345E0205271688",
        "ShipmentCharges": {"TotalCharges": {"CurrencyCode": "USD", "MonetaryValue": "15.20"}},
        "NegotiatedRateCharges": {"TotalCharge": {"CurrencyCode": "USD", "MonetaryValue": "9.10"}},
        "PackageResults": [package],
        **results,
    }
    return {"ShipmentResponse": {"Response": {"ResponseStatus": {"Code": "1"}}, "ShipmentResults": found}}


def test_a_label_is_read() -> None:
    """Number, negotiated price and file come out of the answer; a lone parcel may stand without a list."""
    label = read(answer(), reference="A-1001")
    assert (label.tracking_number, label.format) == ("1Z12345E0205271688", "EPL2")
    assert label.price is not None
    assert str(label.price.amount) == "9.10"
    assert label.file is not None
    assert label.file.content == b"\nN\nP1\n"
    alone = answer()
    results = alone["ShipmentResponse"]["ShipmentResults"]
    results["PackageResults"] = results["PackageResults"][0]
    assert read(alone, reference="A-1001") == label


def test_a_label_whose_file_is_spoilt_is_kept() -> None:
    """A label that is paid for is never lost for the sake of its file."""
    spoilt = answer(PackageResults=[{"TrackingNumber": "1Z12345E0205271688", "ShippingLabel": "?"}])
    label = read(spoilt)
    assert label.file is None
    assert label.warnings == ("file_not_fetched",)


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [],
        {},
        {"ShipmentResponse": {}},
        answer(PackageResults=[]),
        answer(PackageResults=[{}, {}]),
        answer(PackageResults=[{"TrackingNumber": 7}]),
    ],
)
def test_an_answer_without_a_label_is_doubt(broken: object) -> None:
    """An answer that shows no one label leaves the purchase in doubt, and is never an empty label."""
    with pytest.raises(LabelUncertain) as caught:
        read(broken, reference="A-1001")
    assert caught.value.reference == "A-1001"
