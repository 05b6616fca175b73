"""Amazon Hub: Lockers, Counters, and access points whose type Amazon does not tell.

Amazon's channels take only what Amazon sells or fulfils, so a warehouse's own label does not get in.
Lockers are stricter than the common "18 in and 15 lb": less than 10 lb, smaller than 16 x 14 x 12 in.

More information:
* https://www.amazon.com/gp/help/customer/display.html?nodeId=201117910
"""

from __future__ import annotations

import attrs

from lockership.networks.sources import AMZ_ABOUT, AMZ_COUNTER, AMZ_HELP, AMZ_HUB_FAQ, AMZ_HUB_UK
from lockership.rules import (
    Asked,
    Channel,
    HoldDays,
    MaxSides,
    MaxValue,
    MaxWeight,
    Network,
    OnExpiry,
    OnlySellers,
    RefusesTrait,
    Rule,
    Sure,
)
from lockership.units import Length, Money, Weight
from lockership.words import Kind, Trait

__all__ = ["NETWORK"]

_FOR_LOCKERS = "stated for lockers; applied to the whole of Amazon Hub"
_UK = "read in the UK edition"

LOCKER = Channel(
    kind=Kind.AMAZON_LOCKER,
    name="Amazon Locker",
    name_zh="亚马逊储物柜 Amazon Locker",
    name_es="Amazon Locker",
    carriers=("amazon",),
    asked=Asked.THROUGH_AMAZON,
    unattended=True,
    rules=(
        Rule(
            MaxWeight(Weight.of(10, "lb"), inclusive=False),
            AMZ_HELP,
            Sure.VERIFIED,
            says="parcels must weigh less than 10 pounds",
            also=(AMZ_ABOUT,),
        ),
        Rule(
            MaxSides((Length.of(16, "in"), Length.of(14, "in"), Length.of(12, "in")), inclusive=False),
            AMZ_HELP,
            Sure.VERIFIED,
            says="parcels must be smaller than 16 x 12 x 14 in; we compare sorted sides, strictly",
            also=(AMZ_ABOUT,),
        ),
        Rule(MaxValue(Money.of(5000)), AMZ_HELP, Sure.VERIFIED),
        Rule(RefusesTrait(Trait.HAZMAT), AMZ_HELP, Sure.VERIFIED),
        Rule(
            OnlySellers("sold_or_fulfilled_by_amazon"),
            AMZ_HELP,
            Sure.VERIFIED,
            says="a warehouse's own label is therefore not eligible by default",
            also=(AMZ_ABOUT,),
        ),
        Rule(HoldDays(3, "calendar"), AMZ_HUB_FAQ, Sure.SECONDARY, says=_UK, also=(AMZ_HUB_UK,)),
        Rule(OnExpiry("returned_to_amazon"), AMZ_HUB_FAQ, Sure.SECONDARY, also=(AMZ_HUB_UK,)),
    ),
)

COUNTER = Channel(
    kind=Kind.AMAZON_COUNTER,
    name="Amazon Counter",
    name_zh="亚马逊代收点 Amazon Counter",
    name_es="Amazon Counter",
    carriers=("amazon",),
    asked=Asked.THROUGH_AMAZON,
    rules=(
        Rule(MaxWeight(Weight.of(33, "lb")), AMZ_COUNTER, Sure.SECONDARY),
        Rule(
            MaxSides((Length.of(36, "in"), Length.of(24, "in"), Length.of(24, "in"))),
            AMZ_COUNTER,
            Sure.SECONDARY,
        ),
        Rule(MaxValue(Money.of(5000)), AMZ_HELP, Sure.SECONDARY, says=_FOR_LOCKERS),
        Rule(RefusesTrait(Trait.HAZMAT), AMZ_HELP, Sure.SECONDARY, says=_FOR_LOCKERS),
        Rule(OnlySellers("fulfilled_by_amazon"), AMZ_HELP, Sure.VERIFIED),
        Rule(HoldDays(14, "calendar"), AMZ_HUB_FAQ, Sure.SECONDARY, says=_UK, also=(AMZ_HUB_UK,)),
    ),
)

# The type is not known, so the strictest of Amazon's channels holds.
ACCESS_POINT = attrs.evolve(
    LOCKER,
    kind=Kind.AMAZON_ACCESS_POINT,
    name="Amazon access point",
    name_zh="亚马逊自提点（类型未知）",
    name_es="punto de recogida de Amazon",
)

NETWORK = Network("amazon", "Amazon Hub", (LOCKER, COUNTER, ACCESS_POINT))
