"""Which rules stand between one parcel and one place, and which of them it breaks.

The rules in force for a carrier, a kind and a service are put in order once, as a :class:`Plan`, and
kept.  A plan knows the tightest figure of each measure, so that the common parcel, which breaks
nothing, is let through by a handful of comparisons.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import attrs

from lockership.carriers import service_key
from lockership.decision import Hold, Refusal
from lockership.location import LocationStatus
from lockership.networks import CARRIERS, MILITARY
from lockership.rules import (
    By,
    CannotServe,
    Channel,
    HoldDays,
    MaxLengthPlusGirth,
    MaxLongest,
    MaxSides,
    MaxValue,
    MaxWeight,
    Needs,
    OnExpiry,
    OnlyCarriers,
    OnlySellers,
    OnlyServices,
    RefusesTrait,
    Refusing,
    Rule,
    SidesPerLocation,
)
from lockership.units import LENGTH_UNITS, WEIGHT_UNITS, Length, six_digits
from lockership.words import Kind, RefusalCode, Trait

if TYPE_CHECKING:
    from datetime import date

    from lockership.location import Location
    from lockership.parcel import Parcel
    from lockership.policy import Policy
    from lockership.units import Money

__all__ = ["Check", "Plan", "location_refusals", "plan_for"]

_NO_LIMIT = 1 << 62
_NO_VALUE = Decimal("Infinity")


class Check(NamedTuple):
    """One clause that must hold, who sets it, the address of its source, and since when it holds."""

    clause: Refusing
    by: By
    source: str | None
    since: date | None = None


@attrs.frozen
class Plan:
    """The rules in force for one carrier, kind and service, in the order in which they are told.

    Attributes:
        barred: Refusals that every parcel meets here: a carrier that cannot serve, a service or a
            seller that is not allowed.  They stand before, or among, those of :attr:`checks`.
        checks: What is asked of the parcel itself.
        hold: How long the point keeps the parcel.
        needs: What a label needs.
        compares_value: Whether a rule on the declared value stands.
        most_ng, most_sides, most_girth: The largest weight, sides and length plus girth that no check
            refuses; beyond any parcel where none speaks of them.
        refused_traits: The traits that some check refuses.
    """

    barred: tuple[tuple[int, Refusal], ...]
    checks: tuple[Check, ...]
    hold: Hold | None
    needs: tuple[str, ...]
    compares_value: bool
    most_ng: int = attrs.field(init=False)
    most_sides: tuple[int, int, int] = attrs.field(init=False)
    most_girth: int = attrs.field(init=False)
    refused_traits: frozenset[Trait] = attrs.field(init=False)
    _most_value: Decimal = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        ng = longest = girth = middle = shortest = _NO_LIMIT
        value = _NO_VALUE
        traits: set[Trait] = set()
        for clause, *_ in self.checks:
            match clause:
                case MaxWeight(limit):
                    ng = min(ng, limit.ng - (not clause.inclusive))
                case MaxLongest(limit):
                    longest = min(longest, limit.um - (not clause.inclusive))
                case MaxLengthPlusGirth(limit):
                    girth = min(girth, limit.um - (not clause.inclusive))
                case MaxSides(limits):
                    a, b, c = (side.um - (not clause.inclusive) for side in limits)
                    longest, middle, shortest = min(longest, a), min(middle, b), min(shortest, c)
                case MaxValue(limit):
                    value = min(value, limit.amount)
                case RefusesTrait(trait):
                    traits.add(trait)
                case _:
                    pass
        for name, most in (
            ("most_ng", ng),
            ("most_sides", (longest, middle, shortest)),
            ("most_girth", girth),
            ("refused_traits", frozenset(traits)),
            ("_most_value", value),
        ):
            object.__setattr__(self, name, most)

    def takes(self, parcel: Parcel) -> bool:
        """Whether the parcel breaks no rule, without saying which."""
        if self.barred or not self._fits(parcel):
            return False
        return self._is_worth_less(parcel.declared_value) or not self.refusals(parcel)

    def _fits(self, parcel: Parcel) -> bool:
        longest, middle, shortest = parcel.sides
        most_longest, most_middle, most_shortest = self.most_sides
        return (
            parcel.weight.ng <= self.most_ng
            and longest <= most_longest
            and parcel.length_plus_girth <= self.most_girth
            and middle <= most_middle
            and shortest <= most_shortest
            and self.refused_traits.isdisjoint(parcel.traits)
        )

    def _is_worth_less(self, value: Money | None) -> bool:
        """Whether no limit is reached; at the limit, or in euro, only the rule itself can tell."""
        return value is None or value.amount < self._most_value

    def refusals(self, parcel: Parcel) -> tuple[Refusal, ...]:
        """Say every rule that the parcel breaks, in order."""
        if self._fits(parcel) and self._is_worth_less(parcel.declared_value):
            return tuple(refusal for _, refusal in self.barred) if self.barred else ()
        found = list(self.barred)
        for place, check in enumerate(self.checks):
            if (refusal := _refusal(check, parcel)) is not None:
                dated = refusal if check.since is None else attrs.evolve(refusal, since=check.since)
                found.append((place, dated))
        found.sort(key=lambda pair: pair[0])
        return tuple(refusal for _, refusal in found)


def _refusal(check: Check, parcel: Parcel) -> Refusal | None:
    clause, by, source, _ = check
    match clause:
        case MaxWeight(limit, unit, inclusive):
            return _over(clause.code, by, source, parcel.weight.ng, limit.ng, WEIGHT_UNITS, unit, inclusive)
        case MaxLongest(limit, unit, inclusive):
            return _over(clause.code, by, source, parcel.sides[0], limit.um, LENGTH_UNITS, unit, inclusive)
        case MaxLengthPlusGirth(limit, unit, inclusive):
            total = parcel.length_plus_girth
            return _over(clause.code, by, source, total, limit.um, LENGTH_UNITS, unit, inclusive)
        case MaxSides(limits, unit, inclusive, code):
            return _outside(code, by, source, parcel.sides, tuple(s.um for s in limits), unit, inclusive)
        case MaxValue(limit, inclusive):
            value = parcel.declared_value
            if value is None or value.currency != limit.currency:
                return None
            if value.amount < limit.amount or (inclusive and value.amount == limit.amount):
                return None
            found = six_digits(*value.amount.as_integer_ratio(), up=True)
            most = six_digits(*limit.amount.as_integer_ratio(), up=False)
            under = "" if inclusive else "under "
            return Refusal(
                clause.code, by, f"{found} {value.currency}", f"{under}{most} {limit.currency}", source
            )
        case RefusesTrait(trait):
            return Refusal(clause.code, by, source=source, trait=trait) if trait in parcel.traits else None
        case OnlyServices() | OnlySellers():  # told when the plan is made: the parcel does not matter
            return None


def _over(
    code: RefusalCode,
    by: By,
    source: str | None,
    found: int,
    most: int,
    units: dict[str, int],
    unit: str,
    inclusive: bool,  # noqa: FBT001 - the clause's own word, passed on
) -> Refusal | None:
    if found <= most - (not inclusive):
        return None
    per = units[unit]
    under = "" if inclusive else "under "
    measured = f"{six_digits(found, per, up=True)} {unit}"
    return Refusal(code, by, measured, f"{under}{six_digits(most, per, up=False)} {unit}", source)


def _outside(
    code: RefusalCode,
    by: By,
    source: str | None,
    found: tuple[int, ...],
    most: tuple[int, ...],
    unit: str,
    inclusive: bool,  # noqa: FBT001 - as above
) -> Refusal | None:
    allowed = most if inclusive else tuple(side - 1 for side in most)
    if found[0] <= allowed[0] and found[1] <= allowed[1] and found[2] <= allowed[2]:
        return None
    pairs = list(zip(found, most, strict=True))
    over = [side > limit for side, limit in zip(found, allowed, strict=True)]
    per = LENGTH_UNITS[unit]
    # Rounded away from each other, side by side: one that is over never reads as if it fitted.
    measured = " x ".join(six_digits(side, per, up=out) for (side, _), out in zip(pairs, over, strict=True))
    limit = " x ".join(six_digits(side, per, up=not out) for (_, side), out in zip(pairs, over, strict=True))
    under = "" if inclusive else "under "
    return Refusal(code, by, f"{measured} {unit}", f"{under}{limit} {unit}", source)


def location_refusals(location: Location, parcel: Parcel) -> tuple[Refusal, ...]:
    """Say what the one point that the buyer chose refuses: its state, its size, its weight."""
    found: list[Refusal] = []
    if (code := _STATES.get(location.status)) is not None:
        found.append(Refusal(code, By.LOCATION))
    if location.max_sides is not None:
        most = tuple(sorted((side.um for side in location.max_sides), reverse=True))
        code = RefusalCode.LOCATION_TOO_SMALL
        refusal = _outside(code, By.LOCATION, None, parcel.sides, most, location.unit, inclusive=True)
        if refusal is not None:
            found.append(refusal)
    if location.max_weight is not None:
        refusal = _over(
            RefusalCode.TOO_HEAVY,
            By.LOCATION,
            None,
            parcel.weight.ng,
            location.max_weight.ng,
            WEIGHT_UNITS,
            location.weight_unit,
            inclusive=True,
        )
        if refusal is not None:
            found.append(refusal)
    return tuple(found)


_STATES: dict[LocationStatus | None, RefusalCode] = {
    LocationStatus.CLOSED: RefusalCode.LOCATION_CLOSED,
    LocationStatus.FULL: RefusalCode.LOCATION_FULL,
    LocationStatus.NOT_ACCEPTING: RefusalCode.LOCATION_NOT_ACCEPTING,
}


@lru_cache(maxsize=4096)
def plan_for(  # noqa: C901 - one case a clause
    kind: str,
    carrier: str,
    service: str,
    seller_barred: bool,  # noqa: FBT001 - part of the cache's key, always passed by place
    sized: bool,  # noqa: FBT001
    weighed: bool,  # noqa: FBT001
    policy: Policy,
    on: date | None,
) -> Plan:
    """Put in order what is asked of a parcel that this carrier brings to a place of this kind.

    Args:
        kind: The kind of the place; a place that is no pick-up channel asks nothing itself.
        carrier: The carrier's key.
        service: The service's key, ``""`` when the order names none.
        seller_barred: The order says that the seller fulfils it and no flag says otherwise.
        sized: The location publishes its own size, so the house screen for size is off.
        weighed: The location publishes its own weight limit, likewise.
        policy: The house policy.
        on: The day, or None for the rules that have not been superseded.
    """
    channel = policy.channel_of.get(kind)
    own = CARRIERS.get(carrier)
    carrier_rules = _in_force(own.rules, carrier, service, on) if own is not None else []
    barred: list[tuple[int, Refusal]] = []
    if not _serves(carrier, kind, channel, policy):
        source = _why_not(kind, carrier_rules)
        barred.append((-1, Refusal(RefusalCode.CARRIER_CANNOT_SERVE, By.CARRIER, source=source)))
    checks = [
        Check(rule.clause, By.CARRIER, rule.source.url, rule.since)
        for rule in carrier_rules
        if isinstance(rule.clause, Refusing)
    ]
    if channel is None:
        return Plan(tuple(barred), tuple(checks), None, (), compares_value=False)
    rules = _in_force(channel.rules, carrier, service, on)
    kept: tuple[int, str, str | None] | None = None
    expiry: str | None = None
    needs: tuple[str, ...] = ()
    for rule in rules:
        clause = rule.clause
        match clause:
            case OnlyServices(services):
                allowed = {service_key(name, carrier) for name in services}
                if service and service not in allowed and _serves(carrier, kind, channel, policy):
                    limit = ", ".join(services)
                    refusal = Refusal(clause.code, By.NETWORK, None, limit, rule.source.url, since=rule.since)
                    barred.append((len(checks), refusal))
            case OnlySellers():
                if seller_barred:
                    barred.append(
                        (
                            len(checks),
                            Refusal(clause.code, By.NETWORK, source=rule.source.url, since=rule.since),
                        )
                    )
            case HoldDays(days, basis):
                kept = days, basis, rule.source.url
            case OnExpiry(what):
                expiry = what
            case Needs(fields):
                needs = fields
            case SidesPerLocation() | CannotServe() | OnlyCarriers():
                continue  # nothing that a parcel could break here
            case _:
                checks.append(Check(clause, By.NETWORK, rule.source.url, rule.since))
    hold = None if kept is None else Hold(kept[0], kept[1], expiry, kept[2])
    clauses = [check.clause for check in checks if check.by is By.NETWORK]
    checks += [Check(clause, By.HOUSE, None) for clause in _house(channel, clauses, policy, sized, weighed)]
    compares_value = any(isinstance(check.clause, MaxValue) for check in checks)
    return Plan(tuple(barred), tuple(checks), hold, needs, compares_value)


def _serves(carrier: str, kind: str, channel: Channel | None, policy: Policy) -> bool:
    if channel is not None:
        allowed = channel.carriers
        return (
            not allowed
            or carrier in allowed
            or (kind.startswith("amazon.") and carrier in policy.amazon_carriers)
        )
    if kind == Kind.MILITARY and isinstance(MILITARY.clause, OnlyCarriers):
        return carrier in MILITARY.clause.carriers
    return True


def _why_not(kind: str, rules: list[Rule]) -> str | None:
    for rule in rules:
        if isinstance(rule.clause, CannotServe) and kind in rule.clause.kinds:
            return rule.source.url
    return MILITARY.source.url if kind == Kind.MILITARY else None


def _in_force(rules: tuple[Rule, ...], carrier: str, service: str, on: date | None) -> list[Rule]:
    """Keep the rules that hold: one that names the service replaces its like without services."""
    held = [rule for rule in rules if rule.holds_on(on)]
    named = [r for r in held if service and service in {service_key(s, carrier) for s in r.services}]
    replaced = {type(rule.clause) for rule in named}
    return [
        rule for rule in held if rule in named or (not rule.services and type(rule.clause) not in replaced)
    ]


def _sorted(sides: tuple[Length, Length, Length]) -> tuple[Length, Length, Length]:
    a, b, c = sorted(sides, reverse=True)
    return a, b, c


def _house(
    channel: Channel,
    published: list[Refusing],
    policy: Policy,
    sized: bool,  # noqa: FBT001 - as in plan_for
    weighed: bool,  # noqa: FBT001
) -> list[Refusing]:
    """Give the house's clauses for a channel: contents and value, then size, then weight."""
    stricter = [limits for limits in policy.stricter if limits.kind == channel.kind]
    traits = [*policy.unattended_refuses] if channel.unattended else []
    if channel.kind not in policy.pickup_refuses_except:
        traits += policy.pickup_refuses
    traits += [trait for limits in stricter for trait in limits.refuses]
    clauses: list[Refusing] = [RefusesTrait(trait) for trait in dict.fromkeys(traits)]
    clauses += [
        MaxValue(limits.max_value, inclusive=True) for limits in stricter if limits.max_value is not None
    ]
    for limits in stricter:
        if limits.max_sides is not None:
            clauses.append(MaxSides(_sorted(limits.max_sides), limits.unit))
        if limits.max_longest is not None:
            clauses.append(MaxLongest(limits.max_longest, limits.unit))
        if limits.max_length_plus_girth is not None:
            clauses.append(MaxLengthPlusGirth(limits.max_length_plus_girth, limits.unit))
    if channel.unattended:
        has_size = sized or any(isinstance(c, MaxLongest | MaxSides) for c in published)
        if policy.max_longest is not None and not has_size:
            clauses.append(MaxLongest(policy.max_longest, policy.unit))
    clauses += [
        MaxWeight(limits.max_weight, limits.weight_unit)
        for limits in stricter
        if limits.max_weight is not None
    ]
    if channel.unattended:
        has_weight = weighed or any(isinstance(c, MaxWeight) for c in published)
        if policy.max_weight is not None and not has_weight:
            clauses.append(MaxWeight(policy.max_weight, policy.weight_unit))
    return clauses
