"""USPS: Hold For Pickup, Smart Lockers, General Delivery and PO Boxes.

"Package Pickup" is something else: USPS fetching parcels *from the sender*.  Smart Lockers publish
one largest size for each location and none for the network.

More information:
* https://faq.usps.com/articles/Knowledge/Hold-for-Pickup-Service
* https://faq.usps.com/articles/Knowledge/USPS-Smart-Locker
* https://pe.usps.com/text/DMM300/101.htm
"""

from __future__ import annotations

from lockership.networks.sources import (
    DMM_101,
    HFP_2015,
    PUB52_422,
    QSG_201E,
    UPS_CODES,
    USPS_D930,
    USPS_DMM,
    USPS_ERRORS,
    USPS_HFP,
    USPS_LABELS,
    USPS_LOCATIONS,
    USPS_PUB52,
    USPS_SMARTLOCKER,
)
from lockership.rules import (
    Asked,
    CarrierRules,
    Channel,
    HoldDays,
    MaxLengthPlusGirth,
    MaxWeight,
    Needs,
    Network,
    OnExpiry,
    OnlyCarriers,
    OnlyServices,
    RefusesTrait,
    Rule,
    SidesPerLocation,
    Sure,
)
from lockership.units import Length, Weight
from lockership.words import Kind, Trait

__all__ = ["MILITARY", "NETWORK"]

_CARRIERS = ("usps",)
_DAYS = "the text says only days; calendar days are our reading"
_NOT_PUBLISHED = "the list behind error 160070 is not published; our reading of it"

HOLD_FOR_PICKUP = Channel(
    kind=Kind.USPS_HOLD_FOR_PICKUP,
    name="USPS Hold For Pickup",
    name_zh="USPS 邮局自提 Hold For Pickup",
    name_es="USPS Hold For Pickup",
    carriers=_CARRIERS,
    asked=Asked.HOLD_AT_LOCATION,
    rules=(
        Rule(
            OnlyServices(
                (
                    "bound_printed_matter",
                    "parcel_select",
                    "priority_mail",
                    "priority_mail_express",
                    "ground_advantage",
                )
            ),
            USPS_ERRORS,
            Sure.VERIFIED,
        ),
        Rule(HoldDays(15, "calendar"), USPS_HFP, Sure.VERIFIED, says=_DAYS, also=(HFP_2015,)),
        Rule(
            HoldDays(5, "calendar"),
            USPS_HFP,
            Sure.VERIFIED,
            services=("priority_mail_express",),
            says=_DAYS,
            also=(HFP_2015,),
        ),
        Rule(OnExpiry("returned_to_sender"), USPS_HFP, Sure.VERIFIED),
        Rule(
            Needs(("facility_id", "email", "phone", "name")),
            USPS_LABELS,
            Sure.VERIFIED,
            says="of the buyer; of the sender too: first and last name, e-mail, phone",
        ),
    ),
)

SMART_LOCKER = Channel(
    kind=Kind.USPS_SMART_LOCKER,
    name="USPS Smart Locker",
    name_zh="USPS 智能自提柜 Smart Locker",
    name_es="USPS Smart Locker",
    carriers=_CARRIERS,
    asked=Asked.PARCEL_LOCKER,
    unattended=True,
    rules=(
        Rule(
            SidesPerLocation(),
            USPS_LOCATIONS,
            Sure.VERIFIED,
            says="lockerSizeMaximumLength, Width, Height; the house screen holds where a location gives none",
        ),
        Rule(RefusesTrait(Trait.HAZMAT), USPS_LABELS, Sure.GUESS, says=_NOT_PUBLISHED),
        Rule(RefusesTrait(Trait.PERISHABLE), USPS_LABELS, Sure.GUESS, says=_NOT_PUBLISHED),
        Rule(HoldDays(5, "calendar"), USPS_SMARTLOCKER, Sure.VERIFIED, says="six-digit code or QR by e-mail"),
        Rule(
            Needs(("facility_id", "email", "name")),
            USPS_LABELS,
            Sure.VERIFIED,
            says="parcelLockerDelivery, never together with holdForPickup; no test environment",
        ),
    ),
)

GENERAL_DELIVERY = Channel(
    kind=Kind.USPS_GENERAL_DELIVERY,
    name="USPS General Delivery",
    name_zh="USPS 邮局存局候领 General Delivery",
    name_es="USPS General Delivery",
    carriers=_CARRIERS,
    asked=Asked.GENERAL_DELIVERY,
    rules=(
        Rule(HoldDays(30, "calendar"), USPS_D930, Sure.VERIFIED, says="text of 2003"),
        Rule(OnExpiry("returned_to_sender"), USPS_D930, Sure.VERIFIED),
    ),
)

PO_BOX = Channel(
    kind=Kind.USPS_PO_BOX,
    name="PO Box",
    name_zh="邮政信箱 PO Box",
    name_es="apartado postal, PO Box",
    carriers=_CARRIERS,
    asked=Asked.POSTAL,
)

CARRIER = CarrierRules(
    "usps",
    rules=(
        Rule(MaxWeight(Weight.of(70, "lb")), USPS_LABELS, Sure.VERIFIED, also=(DMM_101,)),
        Rule(
            MaxLengthPlusGirth(Length.of(130, "in")),
            USPS_DMM,
            Sure.VERIFIED,
            says="Ground Advantage, or no service named; read for its retail prices",
            also=(DMM_101,),
        ),
        Rule(
            MaxLengthPlusGirth(Length.of(108, "in")),
            USPS_DMM,
            Sure.SECONDARY,
            services=(
                "priority_mail",
                "priority_mail_express",
                "media_mail",
                "library_mail",
                "bound_printed_matter",
                "parcel_select",
            ),
            says="every class but Ground Advantage; USPS's guide of 2021 lets Parcel Select measure 130 in",
            also=(DMM_101, QSG_201E),
        ),
        Rule(
            RefusesTrait(Trait.ALCOHOL),
            USPS_PUB52,
            Sure.VERIFIED,
            says="the mail may not carry intoxicating liquor of 0.5 percent alcohol or more",
            also=(PUB52_422,),
        ),
    ),
)

MILITARY = Rule(
    OnlyCarriers(_CARRIERS),
    UPS_CODES,
    Sure.SECONDARY,
    says="UPS's text names APO and FPO; that nobody else goes there is widely stated",
)

NETWORK = Network("usps", "USPS pick-up", (HOLD_FOR_PICKUP, SMART_LOCKER, GENERAL_DELIVERY, PO_BOX), CARRIER)
