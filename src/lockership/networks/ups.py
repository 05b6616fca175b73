"""UPS: Access Points in shops, Access Point Lockers, and parcels held at a Customer Center.

The figures for shops and lockers in the US come from resellers; UPS's own pages on them that could be
read are those for Norway, and differ by country (118 in of length plus girth there, 130 in here).
What UPS itself carries in the US stands on its own page.

More information:
* https://www.ups.com/no/no/help-center/sri/access-point-package-requirements.page
* https://www.ups.com/us/en/support/shipping-support/shipping-dimensions-weight
* https://github.com/UPS-API/api-documentation/tree/e6f36df
"""

from __future__ import annotations

from lockership.networks.sources import (
    UPS_AP_NO,
    UPS_AP_US,
    UPS_CARRIER,
    UPS_CODES,
    UPS_LOCKER_US,
    UPS_MYCHOICE,
    UPS_SHIP,
    UPS_SIZES,
)
from lockership.rules import (
    Asked,
    CannotServe,
    CarrierRules,
    Channel,
    HoldDays,
    MaxLengthPlusGirth,
    MaxLongest,
    MaxSides,
    MaxValue,
    MaxWeight,
    Needs,
    Network,
    OnExpiry,
    RefusesTrait,
    Rule,
    Sure,
)
from lockership.units import Length, Money, Weight
from lockership.words import Kind, Trait

__all__ = ["NETWORK"]

_CARRIERS = ("ups",)
_WEIGHT = Rule(
    MaxWeight(Weight.of(44, "lb")),
    UPS_AP_US,
    Sure.SECONDARY,
    says="44 lb; UPS's page for Norway says less than 20 kg",
    also=(UPS_LOCKER_US,),
)
_CONTENTS = (
    Rule(
        MaxValue(Money.of(5000)),
        UPS_AP_NO,
        Sure.VERIFIED,
        says="Norwegian text; resellers say so for the US",
        also=(UPS_LOCKER_US,),
    ),
    Rule(
        RefusesTrait(Trait.HAZMAT),
        UPS_AP_NO,
        Sure.VERIFIED,
        says="Norwegian text: hazardous goods that need shipping papers",
        also=(UPS_LOCKER_US,),
    ),
    Rule(
        RefusesTrait(Trait.ADULT_SIGNATURE),
        UPS_AP_NO,
        Sure.VERIFIED,
        says="Norwegian text: adult signature only in limited circumstances",
        also=(UPS_LOCKER_US,),
    ),
)
_HOLD = (
    Rule(
        HoldDays(7, "calendar"),
        UPS_MYCHOICE,
        Sure.SECONDARY,
        says="the tracking reply's pickupByDate, where there is one, is the carrier's own word",
    ),
    Rule(OnExpiry("returned_to_sender"), UPS_CODES, Sure.VERIFIED),
    Rule(
        Needs(("access_point_id",)),
        UPS_SHIP,
        Sure.VERIFIED,
        says="UPSAccessPointID, with ShipmentIndicationType 01 and AlternateDeliveryAddress",
    ),
)

ACCESS_POINT = Channel(
    kind=Kind.UPS_ACCESS_POINT,
    name="UPS Access Point",
    name_zh="UPS 代收点 Access Point",
    name_es="UPS Access Point",
    carriers=_CARRIERS,
    asked=Asked.ALTERNATE_DELIVERY,
    rules=(
        _WEIGHT,
        Rule(
            MaxLongest(Length.of(38, "in")),
            UPS_AP_US,
            Sure.SECONDARY,
            says="38 in; UPS's page for Norway says 97 cm, which is a little more",
            also=(UPS_LOCKER_US,),
        ),
        Rule(
            MaxLengthPlusGirth(Length.of(130, "in")),
            UPS_AP_US,
            Sure.SECONDARY,
            says="UPS's page for Norway says 300 cm (118 in): the limit differs by country",
            also=(UPS_LOCKER_US,),
        ),
        *_CONTENTS,
        *_HOLD,
    ),
)

LOCKER = Channel(
    kind=Kind.UPS_LOCKER,
    name="UPS Access Point Locker",
    name_zh="UPS 自提柜 Access Point Locker",
    name_es="UPS Access Point Locker",
    carriers=_CARRIERS,
    asked=Asked.ALTERNATE_DELIVERY,
    unattended=True,
    rules=(
        _WEIGHT,
        Rule(
            MaxSides((Length.of(22, "in"), Length.of(21, "in"), Length.of(16, "in"))),
            UPS_LOCKER_US,
            Sure.SECONDARY,
        ),
        *_CONTENTS,
        *_HOLD,
    ),
)

CUSTOMER_CENTER = Channel(
    kind=Kind.UPS_CUSTOMER_CENTER,
    name="UPS Customer Center",
    name_zh="UPS 营业中心 Customer Center",
    name_es="UPS Customer Center",
    carriers=_CARRIERS,
    asked=Asked.HOLD_AT_LOCATION,
    rules=(
        Rule(HoldDays(5, "business"), UPS_CODES, Sure.VERIFIED, says="with photo identification"),
        Rule(
            OnExpiry("returned_to_sender"),
            UPS_CODES,
            Sure.GUESS,
            says="the return is told of Access Points, not of Customer Centers",
        ),
    ),
)

CARRIER = CarrierRules(
    "ups",
    rules=(
        Rule(MaxWeight(Weight.of(150, "lb")), UPS_CARRIER, Sure.VERIFIED, also=(UPS_SIZES,)),
        Rule(MaxLongest(Length.of(108, "in")), UPS_CARRIER, Sure.VERIFIED, also=(UPS_SIZES, UPS_SHIP)),
        Rule(
            MaxLengthPlusGirth(Length.of(165, "in")), UPS_CARRIER, Sure.VERIFIED, also=(UPS_SIZES, UPS_SHIP)
        ),
        Rule(
            CannotServe((Kind.USPS_PO_BOX, Kind.USPS_GENERAL_DELIVERY, Kind.MILITARY)),
            UPS_CODES,
            Sure.VERIFIED,
            says="exceptions A6 (no PO Box) and CW (no APO or FPO)",
        ),
    ),
)

NETWORK = Network("ups", "UPS", (ACCESS_POINT, LOCKER, CUSTOMER_CENTER), CARRIER)
