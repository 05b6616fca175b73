"""A second reading of the contract, to hold the first one against.

Slow, obvious, and written without a look at routing: figures stand here as the carriers print them,
measures are fractions of the units in which the order gives them, a remedy is tried by changing the
order and asking again.  What an address *is* and what recognition remarks are given, not read here.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import Any, TypeAlias

__all__ = ["DEFAULT_POLICY", "Told", "answer"]

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """What the oracle does not find out itself.

    ``kind`` is what the ship-to address is *without* the sales channel's flags, ``home`` the same of
    the home address (None: unknown); ``remarks`` are ``country_not_covered`` and ``locker_declined``.
    """

    kind: str
    confidence: str = "certain"
    home: str | None = None
    id_in_text: bool = False
    remarks: tuple[str, ...] = ()


# --- the tables ----------------------------------------------------------------------------------

TABLE = (
    "amazon.locker", "amazon.counter", "amazon.access_point",
    "ups.access_point", "ups.locker", "ups.customer_center",
    "fedex.onsite", "fedex.office", "fedex.ship_center", "fedex.hold",
    "usps.hold_for_pickup", "usps.smart_locker", "usps.general_delivery", "usps.po_box",
)  # fmt: skip
HOMES = ("street", "private_mailbox", "apartment_locker")
UNATTENDED = ("amazon.locker", "amazon.access_point", "ups.locker", "usps.smart_locker")
TRAITS = (
    "fragile", "cold_chain", "valuable", "hazmat", "lithium_battery", "alcohol", "adult_signature",
    "perishable",
)  # fmt: skip

AMZ_HELP = "https://www.amazon.com/gp/help/customer/display.html?nodeId=201117910"
AMZ_COUNTER = "https://companyscouts.com/what-happens-if-a-package-is-too-large-for-amazon-lockers/"
UPS_AP_US = "https://info.shipwise.com/knowledge/ups-access-point"
UPS_AP_NO = "https://www.ups.com/no/no/help-center/sri/access-point-package-requirements.page"
UPS_LOCKER = "http://ffene.com/packages-eligible-at-a-ups-access-point-location/"
UPS_MYCHOICE = "https://familywineriesofwashington.com/article/ups-access-point-lockers"
KARRIO = "https://github.com/karrioapi/karrio/tree/deea10f"  # UPS-CODES, USPS-LABELS
FDX_RETAIL = "https://winenfood.com/walgreens-fedex-drop-off-size-and-weight-limit"
FDX_LOCATIONS = "https://developer.fedex.com/api/en-us/catalog/locations/docs.html"
FDX_ONSITE = "https://www.fedex.com/en-us/faq/onsite.html"
FDX_HOLD = "https://climbtheladder.com/how-long-will-fedex-hold-a-package-at-a-location/"
USPS_160089 = "https://github.com/USPS/api-examples/tree/d050a64"
USPS_DMM = "https://legalclarity.org/can-you-ship-large-packages-to-a-po-box"
USPS_HFP = "https://faq.usps.com/articles/Knowledge/Hold-for-Pickup-Service"
USPS_SMART = "https://faq.usps.com/articles/Knowledge/USPS-Smart-Locker"
USPS_D930 = "https://pe.usps.com/archive/html/dmmarchive20030810/d930.htm"

Rule: TypeAlias = tuple[Any, ...]

# (rule, figure, whether the figure itself is allowed, address of the source), in the order of the file
LOCKER: list[Rule] = [
    ("max_weight", 10, False, AMZ_HELP),
    ("max_sides", (16, 14, 12), False, AMZ_HELP),
    ("max_value", 5000, False, AMZ_HELP),
    ("refuses", "hazmat", None, AMZ_HELP),
    ("seller", None, None, AMZ_HELP),
]
COUNTER: list[Rule] = [
    ("max_weight", 33, True, AMZ_COUNTER),
    ("max_sides", (36, 24, 24), True, AMZ_COUNTER),
    ("max_value", 5000, False, AMZ_HELP),
    ("refuses", "hazmat", None, AMZ_HELP),
    ("seller", None, None, AMZ_HELP),
]
ONSITE: list[Rule] = [
    ("max_weight", 55, True, FDX_RETAIL),
    ("max_longest", 48, True, FDX_RETAIL),
    ("max_length_plus_girth", 130, True, FDX_RETAIL),
    ("refuses", "hazmat", None, FDX_LOCATIONS),
]
SERVICES_SHOWN = "bound_printed_matter, parcel_select, priority_mail, priority_mail_express, ground_advantage"
CHANNEL_RULES: dict[str, list[Rule]] = {
    "amazon.locker": LOCKER,
    "amazon.counter": COUNTER,
    "amazon.access_point": LOCKER,
    "ups.access_point": [
        ("max_weight", 44, True, UPS_AP_US),
        ("max_longest", 38, True, UPS_AP_US),
        ("max_length_plus_girth", 130, True, UPS_AP_US),
        ("max_value", 5000, False, UPS_AP_NO),
        ("refuses", "hazmat", None, UPS_AP_NO),
        ("refuses", "adult_signature", None, UPS_AP_NO),
    ],
    "ups.locker": [
        ("max_weight", 44, True, UPS_AP_US),
        ("max_sides", (22, 21, 16), True, UPS_LOCKER),
        ("max_value", 5000, False, UPS_AP_NO),
        ("refuses", "hazmat", None, UPS_AP_NO),
        ("refuses", "adult_signature", None, UPS_AP_NO),
    ],
    "ups.customer_center": [],
    "fedex.onsite": ONSITE,
    "fedex.office": [("refuses", "hazmat", None, FDX_LOCATIONS)],
    "fedex.ship_center": [],
    "fedex.hold": ONSITE,
    "usps.hold_for_pickup": [("only_services", SERVICES_SHOWN, None, USPS_160089)],
    "usps.smart_locker": [("refuses", "hazmat", None, KARRIO), ("refuses", "perishable", None, KARRIO)],
    "usps.general_delivery": [],
    "usps.po_box": [],
}
PUBLISHES_WEIGHT = ("amazon.locker", "amazon.access_point", "ups.locker")  # of the unattended ones
PUBLISHES_SIZE = ("amazon.locker", "amazon.access_point", "ups.locker")
HOLDS: dict[str, tuple[int, str, str | None, str | None]] = {
    "amazon.locker": (3, "calendar", "returned_to_amazon", None),
    "amazon.counter": (14, "calendar", None, None),
    "amazon.access_point": (3, "calendar", "returned_to_amazon", None),
    "ups.access_point": (7, "calendar", "returned_to_sender", UPS_MYCHOICE),
    "ups.locker": (7, "calendar", "returned_to_sender", UPS_MYCHOICE),
    "ups.customer_center": (5, "business", "returned_to_sender", KARRIO),
    "fedex.onsite": (5, "business", "returned_to_carrier_station", FDX_ONSITE),
    "fedex.office": (5, "business", None, FDX_HOLD),
    "fedex.ship_center": (5, "business", None, FDX_HOLD),
    "fedex.hold": (5, "business", "returned_to_carrier_station", FDX_ONSITE),
    "usps.hold_for_pickup": (15, "calendar", "returned_to_sender", USPS_HFP),
    "usps.smart_locker": (5, "calendar", None, USPS_SMART),
    "usps.general_delivery": (30, "calendar", "returned_to_sender", USPS_D930),
}
NEEDS = {
    "ups.access_point": ["access_point_id"],
    "ups.locker": ["access_point_id"],
    "fedex.onsite": ["location_id"],
    "fedex.office": ["location_id"],
    "fedex.ship_center": ["location_id"],
    "fedex.hold": ["location_id"],
    "usps.hold_for_pickup": ["facility_id", "email", "phone", "name"],
    "usps.smart_locker": ["facility_id", "email", "name"],
}
HOLD_FOR_PICKUP_SERVICES = (
    "boundprintedmatter", "parcelselect", "prioritymail", "prioritymailexpress", "groundadvantage",
)  # fmt: skip
ALL_BUT_GROUND_ADVANTAGE = (
    "prioritymail", "prioritymailexpress", "mediamail", "librarymail", "boundprintedmatter", "parcelselect",
)  # fmt: skip
FEDEX_GROUND = ("fedexground", "ground", "homedelivery", "groundhomedelivery")

CARRIERS = {
    "usps": ("usps", "uspostalservice", "unitedstatespostalservice", "uspsreturns"),
    "ups": ("ups", "upsdap", "unitedparcelservice"),
    "fedex": ("fedex", "fedexdefault", "federalexpress"),
    "amazon": ("amazon", "amzl", "amzn", "amznus", "amazonshipping", "amazonlogistics", "amzlus"),
}

DEFAULT_POLICY: Json = {
    "unattended_refuses": ["fragile", "valuable"],
    "pickup_refuses": ["cold_chain", "perishable"],
    "pickup_refuses_except": ["usps.po_box"],
    "max_longest": "18 in",
    "max_weight": "15 lb",
    "amazon_carriers": [],
}


# --- measures ------------------------------------------------------------------------------------

MICROMETRES = {"in": 25400, "ft": 304800, "mm": 1000, "cm": 10000, "m": 1000000}
NANOGRAMS = {"lb": 453592370000, "oz": 28349523125, "g": 10**9, "kg": 10**12}


@lru_cache(maxsize=4096)
def length(amount: Any, unit: str) -> Fraction:
    """Give a length in inches; what is finer than a micrometre counts as a whole one."""
    return Fraction(ceil(Fraction(amount) * MICROMETRES[unit.strip().lower()]), MICROMETRES["in"])


@lru_cache(maxsize=4096)
def weight(amount: Any, unit: str) -> Fraction:
    """Give a weight in pounds; what is finer than a nanogram counts as a whole one."""
    return Fraction(ceil(Fraction(amount) * NANOGRAMS[unit.strip().lower()]), NANOGRAMS["lb"])


def six(number: Fraction, *, up: bool) -> str:
    """Print at most six significant digits, rounded up or down."""
    shift = 0
    while number and number * 10 ** (shift + 1) < 10**6:
        shift += 1
    while number * Fraction(10) ** shift >= 10**6:
        shift -= 1
    shifted = number * Fraction(10) ** shift
    text = format(Decimal(ceil(shifted) if up else floor(shifted)).scaleb(-shift), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_unit(inches_or_pounds: Fraction, unit: str) -> Fraction:
    """Convert inches or pounds to the unit in which a limit is printed."""
    if unit in MICROMETRES:
        return inches_or_pounds * MICROMETRES["in"] / MICROMETRES[unit]
    return inches_or_pounds * NANOGRAMS["lb"] / NANOGRAMS[unit]


def shown(measured: Fraction, limit: Fraction, unit: str, *, allowed: bool = True) -> Json:
    """Print what was measured and the limit, in the limit's unit."""
    under = "" if allowed else "under "
    return {
        "measured": f"{six(in_unit(measured, unit), up=True)} {unit}",
        "limit": f"{under}{six(in_unit(limit, unit), up=False)} {unit}",
    }


def shown_sides(measured: list[Fraction], limit: list[Fraction], unit: str, *, allowed: bool = True) -> Json:
    """Print sorted sides and the largest ones, in the limit's unit, each pair away from each other."""
    sides: list[str] = []
    largest: list[str] = []
    for side, most in zip(measured, limit, strict=True):
        over = side > most or (side == most and not allowed)
        sides.append(six(in_unit(side, unit), up=over))
        largest.append(six(in_unit(most, unit), up=not over))
    under = "" if allowed else "under "
    return {"measured": " x ".join(sides) + f" {unit}", "limit": under + " x ".join(largest) + f" {unit}"}


# --- names ---------------------------------------------------------------------------------------


def squashed(name: str) -> str:
    """Compare names without case, blanks and ``_ - ® ™``."""
    return "".join(character for character in name.lower() if character not in "_-®™ \t\n")


def carrier_of(order: Json) -> str:
    """Find out who carries the parcel."""
    name = squashed(order["carrier"])
    for carrier, aliases in CARRIERS.items():
        if name in aliases:
            return carrier
    return name


def service_of(order: Json) -> str:
    """Find out the order's service, without the carrier's name before it; "" when none is named."""
    service = squashed(order.get("service") or "")
    carrier = carrier_of(order)
    if service.startswith(carrier) and service != carrier:
        service = service[len(carrier) :]
    if service == "priority":
        return "prioritymail"
    if service in ("express", "priorityexpress"):
        return "prioritymailexpress"
    return service


# --- the parcel ----------------------------------------------------------------------------------


def sides_of(parcel: Json) -> list[Fraction]:
    """Give the three sides in inches, longest first."""
    unit = parcel["dimension_unit"]
    return sorted((length(parcel[side], unit) for side in ("length", "width", "height")), reverse=True)


def pounds_of(parcel: Json) -> Fraction:
    """Give the weight in pounds."""
    return weight(parcel["weight"], parcel["weight_unit"])


def currency_of(parcel: Json) -> str:
    """Give the currency, USD when absent."""
    return (parcel.get("currency") or "").strip().upper() or "USD"


def traits_of(parcel: Json) -> list[str]:
    """Give the traits in the order of the contract."""
    given = [trait.strip().lower() for trait in parcel.get("traits") or []]
    return [trait for trait in TRAITS if trait in given]


# --- refusals ------------------------------------------------------------------------------------


def refusal(code: str, by: str, source: str | None = None, **more: Any) -> Json:
    """Write one refusal of the decision JSON."""
    return {"code": code, "by": by, "measured": None, "limit": None, "source": source} | more


def too_big(rule: Rule, by: str, parcel: Json) -> list[Json]:
    """Hold the parcel against one rule about weight, size or contents."""
    name, figure, allowed, source = rule
    sides, pounds = sides_of(parcel), pounds_of(parcel)
    if name == "max_weight" and (pounds > figure or (pounds == figure and not allowed)):
        return [refusal("too_heavy", by, source, **shown(pounds, Fraction(figure), "lb", allowed=allowed))]
    if name == "max_longest" and sides[0] > figure:
        return [refusal("too_long", by, source, **shown(sides[0], Fraction(figure), "in"))]
    if name == "max_length_plus_girth" and (girth := sides[0] + 2 * sides[1] + 2 * sides[2]) > figure:
        return [refusal("girth_over", by, source, **shown(girth, Fraction(figure), "in"))]
    if name == "max_sides":
        fits = all(side <= most if allowed else side < most for side, most in zip(sides, figure, strict=True))
        if not fits:
            largest = [Fraction(side) for side in figure]
            return [refusal("does_not_fit", by, source, **shown_sides(sides, largest, "in", allowed=allowed))]
    if name == "refuses" and figure in traits_of(parcel):
        return [refusal("trait_refused", by, source, trait=figure)]
    if name == "max_value" and parcel.get("declared_value") is not None and currency_of(parcel) == "USD":
        value = Fraction(parcel["declared_value"])
        if value >= figure:
            text = {"measured": f"{six(value, up=True)} USD", "limit": f"under {figure} USD"}
            return [refusal("value_over", by, source, **text)]
    return []


def own_rules(carrier: str, service: str) -> list[Rule]:
    """Give the carrier's own rules; of two rows the one that names the service holds."""
    if carrier == "usps":
        girth = 108 if service in ALL_BUT_GROUND_ADVANTAGE else 130
        return [
            ("max_weight", 70, True, KARRIO),
            ("max_length_plus_girth", girth, True, USPS_DMM),
            ("refuses", "alcohol", None, None),
        ]
    if carrier == "ups":
        return [
            ("max_weight", 150, True, None),
            ("max_longest", 108, True, None),
            ("max_length_plus_girth", 165, True, None),
        ]
    if carrier == "fedex":
        longest = 108 if service in FEDEX_GROUND else 119
        return [
            ("max_weight", 150, True, None),
            ("max_longest", longest, True, None),
            ("max_length_plus_girth", 165, True, None),
        ]
    return []


def by_carrier(order: Json) -> list[Json]:
    """Say what the carrier itself refuses."""
    found: list[Json] = []
    for rule in own_rules(carrier_of(order), service_of(order)):
        found += too_big(rule, "carrier", order["parcel"])
    return found


def serves(order: Json, kind: str, policy: Json) -> bool:
    """Tell whether the carrier goes to this kind of place."""
    carrier = carrier_of(order)
    if kind in HOMES:
        return True
    if kind == "military":
        return carrier == "usps"
    if kind.startswith("amazon."):
        return carrier == "amazon" or carrier in [
            carrier_of({"carrier": c}) for c in policy["amazon_carriers"]
        ]
    return carrier == kind.partition(".")[0]


def cannot_serve(order: Json, kind: str) -> Json:
    """Write the refusal of a carrier that does not go there, with the page that says so."""
    source = None
    if kind == "military":
        source = None if carrier_of(order) == "fedex" else KARRIO
    if kind in ("usps.po_box", "usps.general_delivery") and carrier_of(order) == "ups":
        source = KARRIO
    return refusal("carrier_cannot_serve", "carrier", source)


def flagged(order: Json) -> bool:
    """Tell whether the sales channel says that the buyer chose a pick-up point."""
    signals = order.get("signals") or {}
    kind = (signals.get("amazon_address_type") or "").strip().upper()
    return signals.get("amazon_is_access_point_order") is True or kind == "PICKUP_POINT"


def by_network(order: Json, kind: str, policy: Json) -> list[Json]:
    """Say what the channel refuses."""
    found: list[Json] = []
    for rule in CHANNEL_RULES[kind]:
        if rule[0] == "seller":
            if (order.get("signals") or {}).get("amazon_fulfilled") is False and not flagged(order):
                found.append(refusal("seller_not_eligible", "network", rule[3]))
        elif rule[0] == "only_services":
            service = service_of(order)
            if serves(order, kind, policy) and service and service not in HOLD_FOR_PICKUP_SERVICES:
                found.append(refusal("service_not_allowed", "network", rule[3], limit=rule[1]))
        else:
            found += too_big(rule, "network", order["parcel"])
    return found


def by_house(order: Json, kind: str, policy: Json) -> list[Json]:
    """Say what the seller's own policy refuses."""
    parcel, location = order["parcel"], order.get("location") or {}
    traits: list[str] = []
    if kind in UNATTENDED:
        traits += [trait for trait in traits_of(parcel) if trait in policy["unattended_refuses"]]
    if kind not in policy["pickup_refuses_except"]:
        traits += [trait for trait in traits_of(parcel) if trait in policy["pickup_refuses"]]
    found = [refusal("trait_refused", "house", trait=trait) for trait in dict.fromkeys(traits)]
    if kind in UNATTENDED and kind not in PUBLISHES_SIZE and location.get("max_length") is None:
        found += screen(policy["max_longest"], "too_long", sides_of(parcel)[0])
    if kind in UNATTENDED and kind not in PUBLISHES_WEIGHT and location.get("max_weight") is None:
        found += screen(policy["max_weight"], "too_heavy", pounds_of(parcel))
    return found


def screen(limit: str | None, code: str, measured: Fraction) -> list[Json]:
    """Hold one measure against the house screen, which is switched off by None."""
    if limit is None:
        return []
    amount, unit = limit.split()
    most = length(amount, unit) if code == "too_long" else weight(amount, unit)
    own_unit = "in" if code == "too_long" else "lb"
    return [refusal(code, "house", **shown(measured, most, own_unit))] if measured > most else []


def by_location(order: Json) -> list[Json]:
    """Say what the one point that the buyer chose refuses."""
    location = order.get("location") or {}
    found: list[Json] = []
    status = (location.get("status") or "").strip().lower()
    if status in ("closed", "full", "not_accepting"):
        found.append(refusal(f"location_{status}", "location"))
    if location.get("max_length") is not None:
        unit = location["unit"].strip().lower()
        most = sorted(
            (length(location[side], unit) for side in ("max_length", "max_width", "max_height")), reverse=True
        )
        sides = sides_of(order["parcel"])
        if any(side > largest for side, largest in zip(sides, most, strict=True)):
            found.append(refusal("location_too_small", "location", **shown_sides(sides, most, unit)))
    if location.get("max_weight") is not None:
        unit = location["weight_unit"].strip().lower()
        heaviest = weight(location["max_weight"], unit)
        pounds = pounds_of(order["parcel"])
        if pounds > heaviest:
            found.append(refusal("too_heavy", "location", **shown(pounds, heaviest, unit)))
    return found


# --- the decision --------------------------------------------------------------------------------


def kind_of(order: Json, told: Told) -> str:
    """Say what the address is, the sales channel's flag included."""
    if told.kind == "military" or "country_not_covered" in told.remarks:
        return told.kind
    if flagged(order):
        return told.kind if told.kind in TABLE else "amazon.access_point"
    return told.kind


def route_of(order: Json, told: Told, policy: Json) -> tuple[str, str | None, list[Json]]:
    """Give route, where the parcel goes, and every refusal."""
    kind = kind_of(order, told)
    refusals = [] if serves(order, kind, policy) else [cannot_serve(order, kind)]
    refusals += by_carrier(order)
    if kind in HOMES or kind == "military":
        return ("review", None, refusals) if refusals else ("home", "ship_to", [])
    refusals += by_network(order, kind, policy) + by_house(order, kind, policy) + by_location(order)
    if not refusals:
        return "pickup", "ship_to", []
    if told.home in (*HOMES, "military", "usps.po_box", "usps.general_delivery"):
        there = serves(order, told.home, policy) and not by_carrier(order)
        if there:
            return "home", "home", refusals
    return "review", None, refusals


def helps(order: Json, told: Told, policy: Json) -> bool:
    """Tell whether the changed order no longer needs a person."""
    return route_of(order, told, policy)[0] != "review"


def other_carrier(order: Json, told: Told, policy: Json, codes: list[str]) -> str | None:
    """Find the carrier to use instead."""
    kind = kind_of(order, told)
    candidates: tuple[str, ...] = ()
    if kind in HOMES:
        candidates = ("ups", "fedex", "usps")
    elif "carrier_cannot_serve" in codes and not kind.startswith("amazon."):
        candidates = ("usps",) if kind == "military" else (kind.split(".")[0],)
    for carrier in candidates:
        if helps(order | {"carrier": carrier}, told, policy):
            return carrier
    return None


def other_point(order: Json, told: Told, policy: Json, codes: list[str]) -> str | None:
    """Find the channel to choose instead: another point, of which nothing is known."""
    kind = kind_of(order, told)
    others = [other for other in TABLE if other.split(".")[0] == kind.split(".")[0]]
    if all(code.startswith("location_") for code in codes):
        others = [kind]
    for other in others:
        if helps(order | {"location": None}, Told(other, told.confidence, told.home), policy):
            return other
    return None


def remedies_of(order: Json, told: Told, policy: Json, refusals: list[Json]) -> list[Json]:
    """Try each remedy by applying it and asking again."""
    kind = kind_of(order, told)
    codes = [each["code"] for each in refusals]
    found: list[Json] = []
    if (carrier := other_carrier(order, told, policy, codes)) is not None:
        found.append({"code": "use_carrier", "carrier": carrier})
    at_street = Told(told.kind, told.confidence, "street", told.id_in_text, told.remarks)
    if helps(order, at_street, policy):
        found.append({"code": "ask_home_address"})
    if kind in TABLE and (channel := other_point(order, told, policy, codes)) is not None:
        found.append({"code": "choose_other_point", "channel": channel})
    if kind.startswith("amazon."):
        signals = (order.get("signals") or {}) | {"amazon_fulfilled": True}
        if helps(order | {"carrier": "amazon", "signals": signals}, told, policy):
            found.append({"code": "ship_with_amazon"})
    if all(code == "too_heavy" for code in codes):
        half = order["parcel"] | {"weight": Fraction(order["parcel"]["weight"]) / 2}
        if helps(order | {"parcel": half}, told, policy):
            found.append({"code": "split_parcel"})
    return found


def missing_of(order: Json, told: Told, kind: str) -> list[str]:
    """Say what must be filled in before a label can be bought."""

    def given(need: str) -> bool:
        if need.endswith("_id"):
            return told.id_in_text or bool(((order.get("location") or {}).get("id") or "").strip())
        return bool((order["ship_to"].get(need) or "").strip())

    return [need for need in NEEDS.get(kind, []) if not given(need)]


def hold_of(order: Json, kind: str) -> Json | None:
    """Say how long the channel keeps a parcel."""
    if kind not in HOLDS:
        return None
    days, basis, on_expiry, source = HOLDS[kind]
    if kind == "usps.hold_for_pickup" and service_of(order) == "prioritymailexpress":
        days = 5
    return {"days": days, "basis": basis, "on_expiry": on_expiry, "source": source}


def notes_of(order: Json, told: Told, kind: str, route: str) -> list[str]:
    """Remark what changes nothing."""
    notes: list[str] = []
    certain = flagged(order) and "country_not_covered" not in told.remarks
    if told.confidence == "possible" and not certain:
        notes.append("kind_uncertain")
    rules = [rule[0] for rule in CHANNEL_RULES.get(kind, [])]
    parcel = order["parcel"]
    if "max_value" in rules and parcel.get("declared_value") is not None and currency_of(parcel) != "USD":
        notes.append("value_not_compared")
    if "country_not_covered" in told.remarks:
        notes.append("country_not_covered")
    contrary = ("usps.po_box", "military", "private_mailbox", "apartment_locker")
    no_flag = (order.get("signals") or {}).get("amazon_is_access_point_order") is False
    if (flagged(order) and told.kind in contrary) or (no_flag and told.kind.startswith("amazon.")):
        notes.append("signal_conflict")
    if "locker_declined" in told.remarks:
        notes.append("locker_declined")
    if kind.startswith("amazon.") and carrier_of(order) == "amazon" and route != "pickup":
        notes.append("amazon_takes_address_from_order")
    return notes


def answer(order: Json, told: Told, policy: Json | None = None) -> Json:
    """Give the decision JSON for an order, without its explanation."""
    policy = DEFAULT_POLICY | (policy or {})
    kind = kind_of(order, told)
    route, deliver_to, refusals = route_of(order, told, policy)
    network = "usps" if kind == "military" else kind.split(".")[0] if kind in TABLE else None
    confidence = told.confidence
    if flagged(order) and "country_not_covered" not in told.remarks:
        confidence = "certain"
    return {
        "route": route,
        "kind": kind,
        "network": network,
        "confidence": confidence,
        "deliver_to": deliver_to,
        "refusals": refusals,
        "remedies": remedies_of(order, told, policy, refusals) if route == "review" else [],
        "missing": missing_of(order, told, kind) if route == "pickup" else [],
        "notes": notes_of(order, told, kind, route),
        "hold": hold_of(order, kind) if route == "pickup" else None,
    }
