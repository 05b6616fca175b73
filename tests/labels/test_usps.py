"""USPS's requests and answers beyond what holds for every carrier."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import attrs
import pytest

from lockership.address import Address
from lockership.errors import InputError, LabelUncertain
from lockership.handoff import Buyer, Handoff, PickupPoint
from lockership.labels.usps import Account, read, request
from lockership.parcel import Parcel
from lockership.words import Trait

if TYPE_CHECKING:
    from collections.abc import Callable

MAILED = date(2026, 11, 24)
HOME = Address(
    name="Zhang Wei",
    street1="417 Montgomery St",
    street2="Apt 5",
    city="Los Angeles",
    state="CA",
    zip="90026-1234",
)
CUSTOMS = {"customsForm": {"customsContentType": "MERCHANDISE", "contents": [{"itemDescription": "Case"}]}}


@pytest.fixture
def asked(sender: Address) -> Callable[..., dict[str, Any]]:
    """Return a writer of requests."""

    def write(handoff: Handoff, **options: Any) -> dict[str, Any]:
        given_: dict[str, Any] = {
            "reference": "A-1001",
            "mailing_on": MAILED,
            "sender": sender,
            "account": Account(),
            **options,
        }
        return request(handoff, **given_)

    return write


def refused(write: Callable[[], object]) -> dict[str, str]:
    """Return what was refused before anything was sent: field and message."""
    with pytest.raises(InputError) as caught:
        write()
    told: dict[str, str] = {}
    for problem in caught.value.problems:
        told[str(problem.field)] = f"{told.get(str(problem.field), '')} {problem.message}"
    return told


def test_a_smart_locker_has_no_street(
    handoffs: dict[str, Handoff], asked: Callable[..., dict[str, Any]]
) -> None:
    """A Smart Locker is asked for by its facility, the buyer's name and e-mail, and by no address at all."""
    assert asked(handoffs["parcel_locker"])["toAddress"] == {
        "firstName": "Zhang",
        "lastName": "Wei",
        "email": "zhang.wei@example.com",
        "facilityId": "1434185",
        "parcelLockerDelivery": True,
    }


def test_a_smart_locker_takes_a_name_of_one_word(
    handoffs: dict[str, Handoff], asked: Callable[..., dict[str, Any]]
) -> None:
    """A name of one word is a firm to USPS, which needs first and last name, or a firm."""
    locker = handoffs["parcel_locker"]
    single = attrs.evolve(
        locker,
        buyer=attrs.evolve(locker.buyer, name="Madonna"),
        address=attrs.evolve(locker.address, name="Madonna"),
    )
    to = asked(single)["toAddress"]
    assert to["firm"] == "Madonna"
    assert not {"firstName", "lastName"} & to.keys()


@pytest.mark.parametrize(
    ("also", "number"),
    [
        ({"toAddress": {"holdForPickup": True}}, 160056),
        ({"packageDescription": {"packageOptions": {"contentType": "PERISHABLE"}}}, 160070),
        (CUSTOMS, 160071),
        ({"packageDescription": {"extraServices": [365]}}, 160072),
        ({"packageDescription": {"extraServices": [922]}}, 160066),
        ({"packageDescription": {"extraServices": [931]}}, 160066),
        (
            {"packageDescription": {"extraServices": [930], "packageOptions": {"packageValue": 500.01}}},
            160066,
        ),
    ],
)
def test_what_a_smart_locker_refuses_is_refused_before(
    also: dict[str, Any], number: int, handoffs: dict[str, Handoff], asked: Callable[..., dict[str, Any]]
) -> None:
    """Combinations on USPS's list of errors are refused with the number of that error."""
    told = refused(lambda: asked(handoffs["parcel_locker"], also=also))
    assert any(f"USPS error {number}" in message for message in told.values())


def test_insurance_without_a_signature_goes_to_a_locker(
    handoffs: dict[str, Handoff], asked: Callable[..., dict[str, Any]]
) -> None:
    """Up to $500 nobody signs for the insurance, so it is not refused."""
    insured = {"packageDescription": {"extraServices": [930], "packageOptions": {"packageValue": 500}}}
    assert asked(handoffs["parcel_locker"], also=insured)["packageDescription"]["extraServices"] == [930]


def test_nobody_signs_at_a_locker(handoffs: dict[str, Handoff], asked: Callable[..., dict[str, Any]]) -> None:
    """A parcel for an adult's signature is not sent to a Smart Locker."""
    locker = handoffs["parcel_locker"]
    parcel = attrs.evolve(locker.parcel, traits=(Trait.ADULT_SIGNATURE,))
    told = refused(lambda: asked(attrs.evolve(locker, parcel=parcel)))
    assert "our reading (USPS error 160066)" in told["packageDescription.extraServices"]


@pytest.mark.parametrize(
    ("buyer", "field", "number"),
    [
        (Buyer("Zhang Wei", "3235550142", "no address"), "email", 160084),
        (Buyer("", "", "a@b.example"), "name", 160075),
    ],
)
def test_what_a_smart_locker_needs_is_named(
    buyer: Buyer, field: str, number: int, handoffs: dict[str, Handoff], asked: Callable[..., dict[str, Any]]
) -> None:
    """An e-mail that USPS cannot take counts as none, because the code for the locker goes there."""
    locker = handoffs["parcel_locker"]
    bare = attrs.evolve(locker, buyer=buyer, address=attrs.evolve(locker.address, name=buyer.name))
    assert str(number) in refused(lambda: asked(bare))[field]


def test_a_hold_has_both_parties_contacts(hfp: Handoff, asked: Callable[..., dict[str, Any]]) -> None:
    """A hold names the facility, the buyer's contacts and the sender's, at the buyer's home if known."""
    made = asked(attrs.evolve(hfp, home=HOME))
    to, sender = made["toAddress"], made["fromAddress"]
    assert (to["holdForPickup"], to["facilityId"]) == (True, "1369300")
    assert (to["streetAddress"], to["secondaryAddress"]) == ("417 Montgomery St", "Apt 5")
    assert (to["ZIPCode"], to["ZIPPlus4"]) == ("90026", "1234")
    assert (to["email"], to["phone"]) == ("zhang.wei@example.com", "3235550142")
    assert (sender["firstName"], sender["lastName"]) == ("Dock", "4")
    assert (sender["email"], sender["phone"]) == ("dock4@example.com", "3105550100")
    assert "parcelLockerDelivery" not in to


@pytest.mark.parametrize(
    ("options", "number"),
    [
        ({"account": Account(service="media_mail")}, 160089),
        ({"also": {"packageDescription": {"carrierRelease": True}}}, 160077),
        ({"also": {"packageDescription": {"packageOptions": {"contentType": "CREMATED_REMAINS"}}}}, 160235),
        (
            {
                "also": {
                    "packageDescription": {
                        "packageOptions": {"ancillaryServiceEndorsements": "ADDRESS_SERVICE_REQUESTED"}
                    }
                }
            },
            160057,
        ),
        ({"also": {"imageInfo": {"labelType": "4X5LABEL"}}}, 160078),
        ({"also": CUSTOMS}, 160127),
    ],
)
def test_what_a_hold_refuses_is_refused_before(
    options: dict[str, Any], number: int, hfp: Handoff, asked: Callable[..., dict[str, Any]]
) -> None:
    """Combinations on USPS's list of errors are refused with the number of that error."""
    told = refused(lambda: asked(hfp, **options))
    assert any(f"USPS error {number}" in message for message in told.values())


def test_a_hold_is_never_at_a_military_address(hfp: Handoff, asked: Callable[..., dict[str, Any]]) -> None:
    """APO, FPO and DPO hold no parcels (160067)."""
    there = attrs.evolve(hfp.address, city="APO", state="AE", zip="09012")
    told = refused(lambda: asked(attrs.evolve(hfp, address=there)))
    assert any("160067" in message for message in told.values())


@pytest.mark.parametrize(
    ("buyer", "number"),
    [
        (Buyer("Zhang Wei", "3235550142"), 160176),
        (Buyer("Zhang Wei", "323-555-0142 x5", "a@b.example"), 160177),
        (Buyer("Madonna", "3235550142", "a@b.example"), 160213),
        (Buyer("Madonna", "3235550142", "a@b.example"), 160217),
    ],
)
def test_what_a_hold_needs_of_the_buyer_is_named(
    buyer: Buyer, number: int, hfp: Handoff, asked: Callable[..., dict[str, Any]]
) -> None:
    """E-mail, a plain telephone number, first and last name are needed to be told and to be identified."""
    bare = attrs.evolve(hfp, buyer=buyer, address=attrs.evolve(hfp.address, name=buyer.name))
    assert any(str(number) in message for message in refused(lambda: asked(bare)).values())


def test_what_a_hold_needs_of_the_sender_is_named(
    hfp: Handoff, sender: Address, asked: Callable[..., dict[str, Any]]
) -> None:
    """A hold needs a person at the warehouse with e-mail and phone; a company alone does not do."""
    company = attrs.evolve(sender, name="", email="", phone="")
    told = refused(lambda: asked(hfp, sender=company))
    assert {"sender.name", "sender.email", "sender.phone"} <= told.keys()
    assert "160081" in told["sender.email"]
    assert "160082" in told["sender.phone"]


def test_a_facility_has_at_most_seven_digits(hfp: Handoff, asked: Callable[..., dict[str, Any]]) -> None:
    """Another id than a facility's is refused, and a missing one is named."""
    for point_id in ("14341850", "YBZA", " "):
        point = PickupPoint("USPS Hold For Pickup", "", point_id)
        assert "facility_id" in refused(lambda point=point: asked(attrs.evolve(hfp, point=point)))  # type: ignore[misc]  # a default binds the loop's value


def test_a_missing_facility_is_told_by_usps_number(
    hfp: Handoff, handoffs: dict[str, Handoff], asked: Callable[..., dict[str, Any]]
) -> None:
    """A hold and a locker without a facility have errors of their own, 160175 and 160083."""
    for handoff, number in ((hfp, "160175"), (handoffs["parcel_locker"], "160083")):
        nowhere = attrs.evolve(handoff, point=PickupPoint("Post Office"), missing=("facility_id",))
        assert number in refused(lambda nowhere=nowhere: asked(nowhere))["facility_id"]  # type: ignore[misc]  # as above


def test_a_military_address_needs_a_customs_form(
    handoffs: dict[str, Handoff], asked: Callable[..., dict[str, Any]]
) -> None:
    """Without a customs form a military address is refused (160120); with one it is sent."""
    told = refused(lambda: asked(handoffs["military"]))
    assert "160120" in told["also.customsForm"]
    made = asked(handoffs["military"], also=CUSTOMS)
    assert made["toAddress"]["state"] == "AE"
    assert made["customsForm"] == CUSTOMS["customsForm"]


def test_a_customs_form_needs_the_senders_firm(
    handoffs: dict[str, Handoff], sender: Address, asked: Callable[..., dict[str, Any]]
) -> None:
    """USPS wants a firm as sender on customs forms (160023)."""
    person = attrs.evolve(sender, company="")
    told = refused(lambda: asked(handoffs["military"], sender=person, also=CUSTOMS))
    assert "160023" in told["sender.company"]


@pytest.mark.parametrize(("service", "number"), [(922, 160026), (931, 160025), (921, 160130), (480, 160130)])
def test_services_that_do_not_reach_the_military_are_refused(
    service: int, number: int, handoffs: dict[str, Handoff], asked: Callable[..., dict[str, Any]]
) -> None:
    """Extra services that USPS does not have at APO, FPO and DPO are refused with their numbers."""
    also = {**CUSTOMS, "packageDescription": {"extraServices": [service]}}
    told = refused(lambda: asked(handoffs["military"], also=also))
    assert str(number) in told["packageDescription.extraServices"]


def test_general_delivery_and_po_boxes_are_written_as_usps_does(
    handoffs: dict[str, Handoff], asked: Callable[..., dict[str, Any]]
) -> None:
    """General Delivery stands first with ZIP-9999; a PO Box stays as it was written."""
    to = asked(handoffs["general_delivery"])["toAddress"]
    assert (to["streetAddress"], to["ZIPPlus4"]) == ("GENERAL DELIVERY", "9999")
    assert asked(handoffs["postal"])["toAddress"]["streetAddress"] == "PO Box 123"


def test_ounces_are_exact(handoffs: dict[str, Handoff], asked: Callable[..., dict[str, Any]]) -> None:
    """Whole ounces come out as whole ounces: one more ten-thousandth of a pound may cost the next step."""
    one = attrs.evolve(handoffs["postal"], parcel=Parcel.of("9 x 6 x 0.25 in", "3 oz"))
    package = asked(one)["packageDescription"]
    assert (package["weight"], package["height"]) == (0.1875, 0.25)


def test_more_than_seventy_pounds_and_alcohol_are_refused(
    handoffs: dict[str, Handoff], asked: Callable[..., dict[str, Any]]
) -> None:
    """USPS's own limits hold even where a hand-off was made by hand."""
    heavy = Parcel.of("9 x 6 x 1 in", "70.01 lb", traits=["alcohol"])
    told = refused(lambda: asked(attrs.evolve(handoffs["postal"], parcel=heavy)))
    assert {"parcel.weight", "parcel.traits"} <= told.keys()


def test_a_state_spelled_out_is_its_two_letters(
    handoffs: dict[str, Handoff], asked: Callable[..., dict[str, Any]]
) -> None:
    """USPS takes two letters; a name of a state is turned into them, and nonsense is refused."""
    postal = handoffs["postal"]
    spelled = attrs.evolve(postal, address=attrs.evolve(postal.address, state="california"))
    assert asked(spelled)["toAddress"]["state"] == "CA"
    wrong = attrs.evolve(postal, address=attrs.evolve(postal.address, state="Calif-land"))
    assert "ship_to.state" in refused(lambda: asked(wrong))


@pytest.mark.parametrize("account", [{"rate_indicator": "single"}, {"processing": "ROUND"}])
def test_a_wrong_account_is_refused(account: dict[str, str]) -> None:
    """An account with values that USPS has not is refused when it is made."""
    with pytest.raises(InputError):
        Account(**account)


# --- answers ---------------------------------------------------------------------------------------


ANSWER = {
    "trackingNumber": "9234567890123456789012",
    "postage": 8.0,
    "extraServices": [{"price": "1.10", "warnings": [{"warningCode": "001"}]}],
    "fees": [{"price": 0.25}],
    "labelImage": "XlhBXlha",
}


def test_a_label_is_read(handoffs: dict[str, Handoff], asked: Callable[..., dict[str, Any]]) -> None:
    """Postage, services and fees make the price; the request tells the format; warnings are named."""
    label = read(ANSWER, reference="A-1001", asked=asked(handoffs["postal"]))
    assert (label.tracking_number, label.format) == ("9234567890123456789012", "ZPL")
    assert label.service == "USPS_GROUND_ADVANTAGE"
    assert label.price is not None
    assert str(label.price.amount) == "9.35"
    assert label.warnings == ("alert_001",)
    assert label.file is not None
    assert label.file.content == b"^XA^XZ"


def test_a_locker_that_is_not_repeated_is_told(
    handoffs: dict[str, Handoff], asked: Callable[..., dict[str, Any]]
) -> None:
    """An answer without a locker's number for a parcel that goes to one is a thing to look at."""
    body = asked(handoffs["parcel_locker"])
    assert "hold_not_confirmed" in read(ANSWER, asked=body).warnings
    assert "hold_not_confirmed" not in read({**ANSWER, "parcelLockerNumber": ""}, asked=body).warnings


def test_a_price_that_is_not_told_is_none() -> None:
    """Without postage no sum of extra services is taken for the price."""
    assert read({**ANSWER, "postage": None}).price is None


@pytest.mark.parametrize("broken", [None, {}, [], {"trackingNumber": 1}])
def test_an_answer_without_a_label_is_doubt(broken: object) -> None:
    """An answer without a tracking number leaves the purchase in doubt."""
    with pytest.raises(LabelUncertain):
        read(broken, reference="A-1001")
