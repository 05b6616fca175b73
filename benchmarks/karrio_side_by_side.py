"""What karrio and lockership send for the same eight shipments, written as the table ``docs/karrio.md``.

karrio is a development tool here, never imported by the package.  Both write requests only: nothing is
sent, and no account is needed.  Where ``../shared/specs`` is there, both are judged by the carriers' own
descriptions, as our proofs judge us (see ``tests/proof/strict_schema.py``).

Run: ``pip install karrio-ups karrio-fedex karrio-usps jsonschema pyyaml``, then
``python benchmarks/karrio_side_by_side.py > docs/karrio.md``.
"""

from __future__ import annotations

import contextlib
import copy
import io
import json
import logging
import sys
from datetime import date
from importlib.metadata import version
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from lockership import Address, Location, Parcel, route_parcel
from lockership.handoff import handoff
from lockership.labels import fedex, ups, usps

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
SPECS = ROOT.parent / "shared" / "specs"

logging.disable(logging.CRITICAL)
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    import karrio.sdk as karrio
    from karrio.core import models

    GATEWAYS = {
        "ups": karrio.gateway["ups"].create(
            {"client_id": "x", "client_secret": "x", "account_number": "A1B2C3"}
        ),
        "fedex": karrio.gateway["fedex"].create(
            {"api_key": "x", "secret_key": "x", "account_number": "123456789"}
        ),
        "usps": karrio.gateway["usps"].create(
            {"client_id": "x", "client_secret": "x", "account_number": "1234567890"}
        ),
    }

ACCOUNTS: dict[str, Any] = {
    "ups": ups.Account("A1B2C3"),
    "fedex": fedex.Account("123456789"),
    "usps": usps.Account(),
}
MODULES: dict[str, Any] = {"ups": ups, "fedex": fedex, "usps": usps}
SCHEMAS = {
    "ups": ("ups_shipping.yaml", "SHIPRequestWrapper"),
    "fedex": ("fedex_ship.json", "Full_Schema_Ship"),
    "usps": ("usps_domestic_labels.yaml", "LabelRequest"),
}
SENDER = Address(
    name="Wei Chen",
    company="Overseas Warehouse LA",
    street1="1990 E Grand Ave",
    city="El Segundo",
    state="CA",
    zip="90245",
    phone="3105550100",
    email="dock4@example.com",
)
HOME = Address(
    name="Zhang Wei",
    street1="417 Montgomery St",
    street2="Apt 5",
    city="Los Angeles",
    state="CA",
    zip="90026",
    phone="3235550142",
    email="zhang.wei@example.com",
)
PARCEL = Parcel.of("14 x 10.05 x 6 in", "8.2 lb")
PLACE_STREETS = {"street1": "1250 W Sunset Blvd", "city": "Los Angeles", "state": "CA", "zip": "90026"}


PAGE = """# Side by side with karrio

karrio is an open SDK for many carriers.  This page shows what karrio {version} and lockership
write for the same eight shipments.  It is made by a script that anyone can run,
`benchmarks/karrio_side_by_side.py`; nothing is sent.  karrio gets the options that its documentation or its
source names for the purpose; they are shown.

*Judged* is by the carrier's own API description, strictly: unknown keys are refused where the description
lists keys.  A carrier's server may be more lenient than its description, so a fault there is no proof that a
label fails.  A place that is not in the request is proof that the carrier cannot know it.
"""


class Case(NamedTuple):
    """One shipment: where it goes, how karrio is told, and where to look."""

    title: str
    carrier: str
    company: str
    point: str
    options: dict[str, Any]
    service: str
    looks: tuple[str, ...]
    street: str = ""


UPS_PATHS = (
    "ShipmentRequest.Shipment.ShipmentIndicationType",
    "ShipmentRequest.Shipment.AlternateDeliveryAddress",
    "ShipmentRequest.Shipment.ShipmentServiceOptions.HoldForPickupIndicator",
)
FEDEX_PATHS = ("requestedShipment.shipmentSpecialServices",)
USPS_PATHS = (
    "toAddress.holdForPickup",
    "toAddress.parcelLockerDelivery",
    "toAddress.facilityId",
    "toAddress.streetAddress",
    "toAddress.email",
    "toAddress.phone",
    "packageDescription.extraServices",
)


def hold_address(company: str) -> dict[str, str]:
    """Return a place as karrio's option takes it."""
    return {
        "company_name": company,
        "address_line1": "1250 W Sunset Blvd",
        "city": "Los Angeles",
        "state_code": "CA",
        "postal_code": "90026",
        "country_code": "US",
    }


CASES = (
    Case("UPS, home", "ups", "", "", {}, "ups_ground", UPS_PATHS),
    Case(
        "UPS Access Point",
        "ups",
        "UPS Access Point - CVS 8421",
        "U88498244",
        {
            "ups_access_point_pickup": True,
            "hold_at_location": True,
            "hold_at_location_address": hold_address("CVS 8421"),
        },
        "ups_ground",
        UPS_PATHS,
    ),
    Case("FedEx, home", "fedex", "", "", {}, "fedex_ground", FEDEX_PATHS),
    Case(
        "FedEx Office, with its address",
        "fedex",
        "FedEx Office",
        "YBZA",
        {"fedex_hold_at_location": True, "hold_at_location_address": hold_address("FedEx Office")},
        "fedex_ground",
        FEDEX_PATHS,
    ),
    Case(
        "FedEx OnSite, by the flag alone",
        "fedex",
        "FedEx OnSite - Walgreens 42",
        "YBZA",
        {"fedex_hold_at_location": True},
        "fedex_ground",
        FEDEX_PATHS,
    ),
    Case("USPS, PO Box", "usps", "", "", {}, "usps_ground_advantage", USPS_PATHS, "PO Box 123"),
    Case(
        "USPS Hold For Pickup",
        "usps",
        "USPS Hold For Pickup",
        "1437366",
        {"hold_at_location": True, "usps_facility_id": "1437366"},
        "usps_ground_advantage",
        USPS_PATHS,
    ),
    Case(
        "USPS Smart Locker",
        "usps",
        "USPS Smart Locker",
        "1434185",
        {"usps_parcel_locker_delivery": True, "usps_facility_id": "1434185"},
        "usps_ground_advantage",
        USPS_PATHS,
    ),
)


def ours(case: Case) -> dict[str, Any]:
    """Write our request, by the way that every order takes."""
    ship_to = HOME
    if case.street:
        ship_to = Address(**{**_fields(HOME), "street1": case.street, "street2": ""})
    elif case.company:
        ship_to = Address(**{**_fields(HOME), **PLACE_STREETS, "street2": "", "company": case.company})
    location = Location.of(case.point) if case.point else None
    decision = route_parcel(ship_to, case.carrier, PARCEL, home=HOME, location=location)
    more = {"mailing_on": date(2026, 11, 24)} if case.carrier == "usps" else {}
    made: dict[str, Any] = MODULES[case.carrier].request(
        handoff(decision), SENDER, ACCOUNTS[case.carrier], reference="A-1001", **more
    )
    return made


def _fields(address: Address) -> dict[str, str]:
    names = ("name", "company", "street1", "street2", "city", "state", "zip", "phone", "email")
    return {name: getattr(address, name) for name in names}


def _party(address: Address, street: str = "") -> object:
    return models.Address(
        person_name=address.name,
        company_name=address.company or None,
        address_line1=street or address.street1,
        address_line2=None if street else address.street2 or None,
        city=address.city,
        state_code=address.state,
        postal_code=address.zip,
        country_code="US",
        email=address.email,
        phone_number=address.phone,
    )


def theirs(case: Case) -> dict[str, Any] | str:
    """Let karrio write its request, or say how it failed."""
    parcel = models.Parcel(
        weight=8.2, length=14, width=10.05, height=6, weight_unit="LB", dimension_unit="IN"
    )
    payload = models.ShipmentRequest(
        shipper=_party(SENDER),
        recipient=_party(HOME, case.street),
        parcels=[parcel],
        service=case.service,
        options=copy.deepcopy(case.options),
        payment=models.Payment(paid_by="sender"),
        reference="A-1001",
    )
    try:
        made = GATEWAYS[case.carrier].mapper.create_shipment_request(payload).serialize()
    except Exception as error:  # noqa: BLE001 - what it raises is what is shown
        return f"{type(error).__name__}: {error}"
    body: Any = made[0] if isinstance(made, list) else made
    return dict(body)


def at(body: object, path: str) -> object:
    """Give what stands at a path, or None."""
    for key in path.split("."):
        body = body.get(key) if isinstance(body, dict) else None
    return body


def shown(body: dict[str, Any] | str, case: Case) -> str:
    """Show what a request says about the place."""
    if isinstance(body, str):
        return f"**no request**: `{body}`"
    values = {path.rpartition(".")[2]: at(body, path) for path in case.looks}
    found = {name: value for name, value in values.items() if value not in (None, [], {})}
    text = json.dumps(found, ensure_ascii=False, separators=(", ", ": "))
    return f"`{text}`" if found else "nothing about a place"


def judges() -> dict[str, Callable[[object], list[str]]]:
    """Load the strict judges where the descriptions are there."""
    if not SPECS.is_dir():
        return {}
    spec = spec_from_file_location("strict_schema", ROOT / "tests" / "proof" / "strict_schema.py")
    if spec is None or spec.loader is None:
        return {}
    strict = module_from_spec(spec)
    sys.modules["strict_schema"] = strict
    spec.loader.exec_module(strict)
    return {carrier: strict.judge(SPECS, *where) for carrier, where in SCHEMAS.items()}


def judged(body: dict[str, Any] | str, judge: Callable[[object], list[str]] | None) -> str:
    """Say where a request departs from the carrier's description."""
    if isinstance(body, str):
        return "–"
    if judge is None:
        return "not judged: no `../shared/specs`"
    faults = sorted(
        {fault.partition(":")[0].removeprefix("$.") for fault in judge(json.loads(json.dumps(body)))}
    )
    return "keeps to it" if not faults else f"{len(faults)}: " + ", ".join(f"`{fault}`" for fault in faults)


def main() -> None:
    """Print the page."""
    found = judges()
    print(PAGE.format(version=version("karrio")))
    for number, case in enumerate(CASES, 1):
        their, our = theirs(case), ours(case)
        judge = found.get(case.carrier)
        options = json.dumps(case.options) if case.options else "none"
        print(f"## {number}. {case.title}\n")
        print(f"karrio's options: `{options}`\n")
        print("| | karrio | lockership |\n|---|---|---|")
        print(f"| about the place | {shown(their, case)} | {shown(our, case)} |")
        print(f"| judged | {judged(their, judge)} | {judged(our, judge)} |\n")


if __name__ == "__main__":
    main()
