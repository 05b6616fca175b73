"""FedEx Hold at Location: retail partners, FedEx Office, Ship Centers, and places of unknown type.

What FedEx tells its retail partners gives their weight and longest side; 130 in of length plus girth is
a third party's figure.  No limit beyond the carrier's own is known for Office and Ship Center.

More information:
* https://www.fedex.com/en-us/faq/onsite.html
* https://www.fedex.com/en-us/shipping/onsite/f/faqs.html
* https://developer.fedex.com/api/en-us/catalog/locations/docs.html
"""

from __future__ import annotations

import attrs

from lockership.networks.sources import (
    FDX_CARRIER,
    FDX_GUIDE,
    FDX_HOLD,
    FDX_LOCATIONS,
    FDX_ONSITE,
    FDX_PACKING,
    FDX_RETAIL,
    FDX_SHIP,
    FDX_STORES,
)
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
_STORES = "FedEx to its retail partners: at most of them parcels up to 55 lb and 48 x 25 x 25 in are held"
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
        Rule(MaxWeight(Weight.of(55, "lb")), FDX_RETAIL, Sure.VERIFIED, says=_STORES, also=(FDX_STORES,)),
        Rule(MaxLongest(Length.of(48, "in")), FDX_RETAIL, Sure.VERIFIED, says=_STORES, also=(FDX_STORES,)),
        Rule(
            MaxLengthPlusGirth(Length.of(130, "in")),
            FDX_RETAIL,
            Sure.SECONDARY,
            says="published for drop-off; FedEx's own 48 x 25 x 25 in is another shape",
        ),
        attrs.evolve(
            _NO_HAZMAT,
            says="FedEx tells its retail partners to accept none, in an answer on drop-off",
            also=(FDX_STORES,),
        ),
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
            also=(FDX_PACKING, FDX_GUIDE),
        ),
        Rule(
            MaxLongest(Length.of(119, "in")),
            FDX_CARRIER,
            Sure.SECONDARY,
            says="Express, or no service named",
            also=(FDX_PACKING,),
        ),
        Rule(
            MaxLongest(Length.of(108, "in")),
            FDX_CARRIER,
            Sure.SECONDARY,
            services=("fedex_ground", "ground", "home_delivery", "ground_home_delivery"),
            also=(FDX_PACKING,),
        ),
        Rule(MaxLengthPlusGirth(Length.of(165, "in")), FDX_CARRIER, Sure.SECONDARY, also=(FDX_PACKING,)),
        Rule(
            CannotServe((Kind.USPS_PO_BOX, Kind.USPS_GENERAL_DELIVERY, Kind.MILITARY)),
            FDX_CARRIER,
            Sure.SECONDARY,
        ),
    ),
)

NETWORK = Network("fedex", "FedEx Hold at Location", (ONSITE, OFFICE, SHIP_CENTER, HOLD), CARRIER)
