"""FedEx Hold at Location: retail partners, FedEx Office, Ship Centers, and places of unknown type.

No official size or weight for each type of place could be read: the retail figures are published for
*drop-off* by a third party, and no limit beyond the carrier's own is known for Office and Ship Center.

More information:
* https://www.fedex.com/en-us/faq/onsite.html
* https://developer.fedex.com/api/en-us/catalog/locations/docs.html
"""

from __future__ import annotations

import attrs

from lockership.networks.sources import FDX_CARRIER, FDX_HOLD, FDX_LOCATIONS, FDX_ONSITE, FDX_RETAIL, FDX_SHIP
from lockership.rules import (
    Asked,
    CannotServe,
    CarrierRules,
    Channel,
    HoldDays,
    MaxLengthPlusGirth,
    MaxLongest,
    MaxWeight,
    Needs,
    Network,
    OnExpiry,
    RefusesTrait,
    Rule,
    Sure,
)
from lockership.units import Length, Weight
from lockership.words import Kind, Trait

__all__ = ["NETWORK"]

_CARRIERS = ("fedex",)
_DROP_OFF = "published for drop-off at retail partners"
_NO_HAZMAT = Rule(
    RefusesTrait(Trait.HAZMAT),
    FDX_LOCATIONS,
    Sure.SECONDARY,
    says="sites that accept dangerous goods are a class of their own",
)
_FIVE_DAYS = Rule(HoldDays(5, "business"), FDX_HOLD, Sure.SECONDARY)
_NEEDS = Rule(
    Needs(("location_id",)),
    FDX_SHIP,
    Sure.VERIFIED,
    says="HOLD_AT_LOCATION with holdAtLocationDetail.locationId",
)

ONSITE = Channel(
    kind=Kind.FEDEX_ONSITE,
    name="FedEx OnSite",
    name_zh="FedEx 合作门店代收点 OnSite",
    name_es="FedEx OnSite",
    carriers=_CARRIERS,
    asked=Asked.HOLD_AT_LOCATION,
    rules=(
        Rule(MaxWeight(Weight.of(55, "lb")), FDX_RETAIL, Sure.SECONDARY, says=_DROP_OFF),
        Rule(MaxLongest(Length.of(48, "in")), FDX_RETAIL, Sure.SECONDARY, says=_DROP_OFF),
        Rule(MaxLengthPlusGirth(Length.of(130, "in")), FDX_RETAIL, Sure.SECONDARY, says=_DROP_OFF),
        _NO_HAZMAT,
        Rule(HoldDays(5, "business"), FDX_ONSITE, Sure.VERIFIED, says="other sources say 7 days"),
        Rule(
            OnExpiry("returned_to_carrier_station"),
            FDX_ONSITE,
            Sure.VERIFIED,
            says="first to a FedEx facility, not straight to the sender",
        ),
        _NEEDS,
    ),
)

OFFICE = Channel(
    kind=Kind.FEDEX_OFFICE,
    name="FedEx Office",
    name_zh="FedEx Office 门店",
    name_es="FedEx Office",
    carriers=_CARRIERS,
    asked=Asked.HOLD_AT_LOCATION,
    rules=(_NO_HAZMAT, _FIVE_DAYS, _NEEDS),
)

SHIP_CENTER = Channel(
    kind=Kind.FEDEX_SHIP_CENTER,
    name="FedEx Ship Center",
    name_zh="FedEx 营业站 Ship Center",
    name_es="FedEx Ship Center",
    carriers=_CARRIERS,
    asked=Asked.HOLD_AT_LOCATION,
    rules=(_FIVE_DAYS, _NEEDS),
)

# The place type is not known, so the strictest of FedEx's channels holds.
HOLD = attrs.evolve(
    ONSITE,
    kind=Kind.FEDEX_HOLD,
    name="FedEx Hold at Location",
    name_zh="FedEx 代收点（类型未知）",
    name_es="FedEx Hold at Location",
)

CARRIER = CarrierRules(
    "fedex",
    rules=(
        Rule(
            MaxWeight(Weight.of(150, "lb")),
            FDX_CARRIER,
            Sure.SECONDARY,
            says="a FedEx API guide gives 70 lb for Ground and Home Delivery: read the current service guide",
        ),
        Rule(
            MaxLongest(Length.of(119, "in")), FDX_CARRIER, Sure.SECONDARY, says="Express, or no service named"
        ),
        Rule(
            MaxLongest(Length.of(108, "in")),
            FDX_CARRIER,
            Sure.SECONDARY,
            services=("fedex_ground", "ground", "home_delivery", "ground_home_delivery"),
        ),
        Rule(MaxLengthPlusGirth(Length.of(165, "in")), FDX_CARRIER, Sure.SECONDARY),
        Rule(
            CannotServe((Kind.USPS_PO_BOX, Kind.USPS_GENERAL_DELIVERY, Kind.MILITARY)),
            FDX_CARRIER,
            Sure.SECONDARY,
        ),
    ),
)

NETWORK = Network("fedex", "FedEx Hold at Location", (ONSITE, OFFICE, SHIP_CENTER, HOLD), CARRIER)
