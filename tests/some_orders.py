"""Orders that seek the limits of the contract: as many as wanted, the same ones for the same seed.

Hypothesis finds the smallest example; this finds many, fast.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from random import Random
from typing import Any

from lockership import Kind
from lockership.testing.places import FORMS, LOOK_ALIKES, NAMES, STREETS, TOWNS, Form

from .oracle import MICROMETRES, NANOGRAMS

__all__ = ["Orders"]

LENGTHS = (12, 14, 16, 18, 21, 22, 24, 36, 38, 48, 108, 119)
GIRTHS = (108, 130, 165)
BOXES = ((16, 14, 12), (22, 21, 16), (36, 24, 24), (20, 15, 10))
WEIGHTS = (10, 15, 20, 33, 44, 55, 70, 88, 110, 140, 150, 300)
CARRIERS = (
    "usps", "ups", "fedex", "amazon", "USPS", "UPS", "FedEx", "Amazon", "UPSDAP", "UPS® DAP", "FedExDefault",
    "Federal Express", "US Postal Service", "United_States-Postal Service", "USPS Returns", "AMZL", "AMZN_US",
    "AmazonShipping", "Amazon Logistics", "AMZL_US", "AMZN", "United Parcel Service", "UPS SurePost",
    "UPS Ground Saver", "FedEx SmartPost", "FedEx Ground Economy", "DHL eCommerce", "OnTrac", "UPS™",
)  # fmt: skip
SERVICES = (
    None, None, None, "", "  ", "ground", "Ground", "priority", "Priority Mail", "USPS_PRIORITY_MAIL",
    "express", "priority_express", "USPS Priority Mail Express®", "priority_mail_express", "ground_advantage",
    "USPS Ground Advantage™", "GroundAdvantage", "media_mail", "Media-Mail", "library_mail",
    "bound_printed_matter", "parcel_select", "FEDEX_GROUND", "FedEx Home Delivery", "home_delivery",
    "GROUND_HOME_DELIVERY", "FEDEX_2_DAY", "fedex priority overnight", "ups_ground", "UPS Next Day Air",
    "first_class", "usps",
)  # fmt: skip
TRAITS = (
    "fragile", "cold_chain", "valuable", "hazmat", "lithium_battery", "alcohol", "adult_signature",
    "perishable",
)  # fmt: skip
VALUES = (None, None, "", 0, 42, "4999.99", 4999.999, 5000, "5000.00", "5000.01", "5e3", 1000000)
CURRENCIES = (None, "USD", "usd", " Usd ", "", "EUR", "cny")
POLICIES: tuple[dict[str, Any], ...] = (
    *[{}] * 8,
    {"max_longest": False, "max_weight": False},
    {"max_longest": "24 in", "max_weight": "20 lb"},
    {"max_longest": "16 in"},
    {"max_longest": "45 cm", "max_weight": "6.5 kg"},
    {"unattended_refuses": [], "pickup_refuses": []},
    {"unattended_refuses": ["hazmat", "lithium_battery"], "pickup_refuses": ["alcohol", "fragile"]},
    {"unattended_refuses": ["perishable", "fragile"], "pickup_refuses": ["fragile", "perishable", "alcohol"]},
    {"pickup_refuses_except": []},
    {"pickup_refuses_except": ["usps.po_box", "usps.smart_locker", "amazon.counter", "fedex.hold"]},
    {"amazon_carriers": ["ups"]},
    {"amazon_carriers": ["UPSDAP", "USPS", "OnTrac"]},
)


class Orders:
    """Orders that seek the limits, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - not a secret

    def amount(self, value: Fraction, per: dict[str, int], unit: str, base: str) -> str:
        """Write a measure at, just below or just above the value, in the unit."""
        exact = value * per[base] / per[unit]
        rounding = self.random.choice((ROUND_CEILING, ROUND_FLOOR))
        places = Decimal(1).scaleb(-self.random.choice((3, 6, 12)))
        number = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(places, rounding)
        number += self.random.choice((0, 0, 0, -1, 1)) * Decimal(1).scaleb(-self.random.choice((12, 9, 3, 1)))
        return format(max(number, Decimal("0.001")), "f")

    def sides(self) -> list[Fraction]:
        """Choose three sides in inches, often where one limit is reached just so."""
        pick = self.random.choice
        which = self.random.random()
        if which < 0.35:
            sides = [Fraction(14), Fraction(10), Fraction(6)]
        elif which < 0.55:
            sides = [Fraction(pick(LENGTHS)), Fraction(pick((4, 6, 11))), Fraction(pick((1, 5, 11)))]
        elif which < 0.75:
            sides = [Fraction(side) for side in pick(BOXES)]
        else:
            girth, longest = pick(GIRTHS), pick((30, 38, 48, 50, 60, 100))
            other = Fraction(girth - longest, 2)
            share = Fraction(pick((1, 2, 3)), 6)
            sides = [Fraction(longest), other * share, other * (1 - share)]
        self.random.shuffle(sides)
        return sides

    def parcel(self) -> dict[str, Any]:
        """Give a parcel of the order JSON."""
        pick = self.random.choice
        unit, heavy = (
            pick(("in", "in", "cm", "mm", "ft", "m", "IN ")),
            pick(("lb", "lb", "oz", "g", "kg", " Kg")),
        )
        sides = [self.amount(side, MICROMETRES, unit.strip().lower(), "in") for side in self.sides()]
        pounds = Fraction(pick(WEIGHTS) if self.random.random() < 0.5 else pick((1, 5, 8)))
        chance = pick((0, 0, 0.1, 0.3))
        parcel: dict[str, Any] = {
            **dict(zip(("length", "width", "height"), sides, strict=True)),
            "dimension_unit": unit,
            "weight": self.amount(pounds, NANOGRAMS, heavy.strip().lower(), "lb"),
            "weight_unit": heavy,
            "traits": [trait for trait in TRAITS if self.random.random() < chance],
        }
        if (value := pick(VALUES)) is not None:
            parcel |= {"declared_value": value, "currency": pick(CURRENCIES)}
        return parcel

    def address(self, form: Form) -> dict[str, str]:
        """Fill in a form of an address."""
        pick = self.random.choice
        city, state, code = pick(TOWNS)
        street, number = pick(STREETS), pick(("12", "777"))
        lines = {field: text.format(street=street, n=number) for field, text in form.items()}
        person = {
            "name": pick((*NAMES, "", " ")),
            "email": pick(("a@b.example", "", " ")),
            "phone": pick(("1", "")),
        }
        country = {"country": pick(("US", "usa", "", "United States"))}
        return {"city": city, "state": state, "zip": code} | person | country | lines

    def location(self) -> dict[str, Any] | None:
        """Give the pick-up point itself, where it is known."""
        pick = self.random.choice
        if self.random.random() < 0.6:
            return pick((None, {}))
        location: dict[str, Any] = {}
        if self.random.random() < 0.4:
            location["id"] = pick(("U88498244", "YBZA", " ", "1434185"))
        if self.random.random() < 0.5:
            unit = pick(("in", "cm", "MM"))
            sides = [Fraction(side) for side in pick((*BOXES, (14, 10, 6), (30, 30, 30)))]
            self.random.shuffle(sides)
            names = ("max_length", "max_width", "max_height")
            for name, side in zip(names, sides, strict=True):
                location[name] = self.amount(side, MICROMETRES, unit.lower(), "in")
            location["unit"] = unit
        if self.random.random() < 0.4:
            heavy = pick(("lb", "kg", "OZ"))
            location["max_weight"] = self.amount(
                Fraction(pick((5, 8, 20, 66))), NANOGRAMS, heavy.lower(), "lb"
            )
            location["weight_unit"] = heavy
        if self.random.random() < 0.4:
            location["status"] = pick(("open", "closed", "FULL", "not_accepting", ""))
        return location

    def signals(self) -> dict[str, Any] | None:
        """Give the sales channel's flags."""
        pick = self.random.choice
        if self.random.random() < 0.5:
            return None
        return {
            "amazon_is_access_point_order": pick((None, None, False, True)),
            "amazon_address_type": pick((None, None, None, "PICKUP_POINT", "Residential")),
            "amazon_fulfilled": pick((None, False, True)),
        }

    def next(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Give the next order and the policy to route it by."""
        pick = self.random.choice
        kind = pick(tuple(Kind))
        form = pick(LOOK_ALIKES if kind == Kind.STREET and self.random.random() < 0.5 else FORMS[kind])
        order: dict[str, Any] = {
            "carrier": pick(CARRIERS),
            "service": pick(SERVICES),
            "ship_to": self.address(form),
            "parcel": self.parcel(),
            "signals": self.signals(),
            "location": self.location(),
        }
        own = kind.split(".")[0]
        if self.random.random() < 0.6 and own in ("amazon", "ups", "fedex", "usps"):
            order["carrier"] = own
        if self.random.random() < 0.04:
            order["ship_to"]["country"] = pick(("CA", "Germany", "MX"))
        if self.random.random() < 0.5:
            homes = FORMS[pick((Kind.STREET, Kind.STREET, *Kind))]
            order["home"] = pick(({}, *[self.address(pick(homes)) for _ in range(4)]))
        return order, pick(POLICIES)
