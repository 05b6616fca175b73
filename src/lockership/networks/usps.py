"""USPS: Hold For Pickup, Smart Lockers, General Delivery and PO Boxes.

"Package Pickup" is something else: USPS fetching parcels *from the sender*.  Smart Lockers publish
one largest size for each location and none for the network.

More information:
* https://faq.usps.com/articles/Knowledge/Hold-for-Pickup-Service
* https://faq.usps.com/articles/Knowledge/USPS-Smart-Locker
"""

from __future__ import annotations

from lockership.networks.sources import (
    UPS_CODES,
    USPS_D930,
    USPS_DMM,
    USPS_ERRORS,
    USPS_HFP,
    USPS_LABELS,
    USPS_PUB52,
    USPS_SMARTLOCKER,
)
from lockership.rules import (
    Asked,
    CarrierRules,
    Channel,
    Hold,
    MaxLengthPlusGirth,
    MaxWeight,
    Network,
    OnlyServices,
    RefusesTrait,
    Rule,
    Source,
    Sure,
)
from lockership.units import Length, Weight
from lockership.words import Kind, Trait

__all__ = ["MILITARY_CARRIERS", "NETWORK"]

_CARRIERS = ("usps",)
_DAYS = "the text says only days; calendar days are our reading"
_NOT_PUBLISHED = "the list behind error 160070 is not published; our reading of it"

HOLD_FOR_PICKUP = Channel(
    kind=Kind.USPS_HOLD_FOR_PICKUP,
    name="USPS Hold For Pickup",
    name_zh="USPS 邮局自提(Hold For Pickup)",
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
    ),
    holds=(
        Hold(15, "calendar", USPS_HFP, Sure.VERIFIED, says=_DAYS),
        Hold(5, "calendar", USPS_HFP, Sure.VERIFIED, services=("priority_mail_express",), says=_DAYS),
    ),
    on_expiry="returned_to_sender",
    needs=("facility_id", "email", "phone", "name"),
)

SMART_LOCKER = Channel(
    kind=Kind.USPS_SMART_LOCKER,
    name="USPS Smart Locker",
    name_zh="USPS 智能自提柜(Smart Locker)",
    name_es="USPS Smart Locker",
    carriers=_CARRIERS,
    asked=Asked.PARCEL_LOCKER,
    unattended=True,
    rules=(
        Rule(RefusesTrait(Trait.HAZMAT), USPS_LABELS, Sure.GUESS, says=_NOT_PUBLISHED),
        Rule(RefusesTrait(Trait.PERISHABLE), USPS_LABELS, Sure.GUESS, says=_NOT_PUBLISHED),
    ),
    holds=(Hold(5, "calendar", USPS_SMARTLOCKER, Sure.VERIFIED, says="six-digit code or QR by e-mail"),),
    needs=("facility_id", "email", "name"),
)

GENERAL_DELIVERY = Channel(
    kind=Kind.USPS_GENERAL_DELIVERY,
    name="USPS General Delivery",
    name_zh="USPS 邮局存局候领(General Delivery)",
    name_es="USPS General Delivery",
    carriers=_CARRIERS,
    asked=Asked.GENERAL_DELIVERY,
    holds=(Hold(30, "calendar", USPS_D930, Sure.VERIFIED, says="text of 2003"),),
    on_expiry="returned_to_sender",
)

PO_BOX = Channel(
    kind=Kind.USPS_PO_BOX,
    name="PO Box",
    name_zh="邮政信箱(PO Box)",
    name_es="apartado postal (PO Box)",
    carriers=_CARRIERS,
    asked=Asked.PO_BOX,
)

CARRIER = CarrierRules(
    "usps",
    rules=(
        Rule(MaxWeight(Weight.of(70, "lb")), USPS_LABELS, Sure.VERIFIED),
        Rule(
            MaxLengthPlusGirth(Length.of(130, "in")),
            USPS_DMM,
            Sure.SECONDARY,
            says="Ground Advantage, or no service named",
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
            says="every class but Ground Advantage",
        ),
        Rule(RefusesTrait(Trait.ALCOHOL), USPS_PUB52, Sure.SECONDARY, says="the mail may not carry it"),
    ),
)

MILITARY_CARRIERS: tuple[tuple[str, ...], Source] = (_CARRIERS, UPS_CODES)
"""Who delivers to APO, FPO and DPO; UPS's text names APO and FPO, the rest is widely stated."""

NETWORK = Network("usps", "USPS pick-up", (HOLD_FOR_PICKUP, SMART_LOCKER, GENERAL_DELIVERY, PO_BOX), CARRIER)
