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
from typing import Any

from .oracle_figures import (
    ALL_BUT_GROUND_ADVANTAGE,
    CARRIERS,
    CHANNEL_RULES,
    DEFAULT_POLICY,
    FEDEX_GROUND,
    HOLD_FOR_PICKUP_SERVICES,
    HOLDS,
    HOMES,
    KARRIO,
    NEEDS,
    PUBLISHES_SIZE,
    PUBLISHES_WEIGHT,
    TABLE,
    TRAITS,
    UNATTENDED,
    USPS_DMM,
    Json,
    Rule,
)

__all__ = ["DEFAULT_POLICY", "MICROMETRES", "NANOGRAMS", "Told", "answer"]


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
    return [refusal(code, "house", **shown(measured, most, unit.lower()))] if measured > most else []


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
