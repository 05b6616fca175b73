"""The rules as a table that people can read, print, compare and link to."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import attrs

from lockership.networks import MILITARY, NETWORKS
from lockership.rules import (
    CannotServe,
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
    Rule,
    SidesPerLocation,
)
from lockership.units import LENGTH_UNITS, WEIGHT_UNITS, Length, Weight, six_digits

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Confirmed", "Row", "rows"]


@attrs.frozen
class Confirmed:
    """A further text that says what a rule says: its short name, its address, the day of reading."""

    source: str
    url: str | None
    read_on: date


@attrs.frozen
class Row:
    """One rule, laid flat.

    Attributes:
        subject: The channel's kind, ``carrier.<name>`` or ``military``.
        rule: What is ruled, as ``max_weight``.
        value, unit: The figure; sides longest first, lists joined by ``|``.
        inclusive: Whether the figure itself is allowed, or None where that has no meaning.
        services: The services for which this replaces the rule without services.
        sure: ``verified``, ``secondary``, ``guess`` or ``design``, by the best of its sources.
        source, url: Where it was read; the address is the one that a refusal names.
        says: What the sources say, in our own words.
        read_on, since, until: The days of reading, and between which the rule holds.
        also: Further texts that say the same, best first.
    """

    subject: str
    rule: str
    value: str
    unit: str
    inclusive: bool | None
    services: tuple[str, ...]
    sure: str
    source: str
    url: str | None
    says: str
    read_on: date
    since: date | None
    until: date | None
    also: tuple[Confirmed, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Give the row as JSON takes it, days as ``2026-11-24``.

        >>> alcohol = next(row for row in rows() if row.value == "alcohol")
        >>> alcohol.to_dict()["also"][0]["url"]
        'https://pe.usps.com/text/pub52/pub52c4_006.htm'
        """
        return attrs.asdict(self, value_serializer=_as_json)


def rows(on: date | None = None) -> Iterator[Row]:
    """Give every rule in force on that day, carriers last, in the order in which they are told.

    >>> next(rows()).subject, next(rows()).rule, next(rows()).value, next(rows()).inclusive
    ('amazon.locker', 'max_weight', '10', False)
    """
    for network in NETWORKS:
        for channel in network.channels:
            yield from (_row(channel.kind, rule) for rule in channel.rules if rule.holds_on(on))
    for network in NETWORKS:
        if (carrier := network.carrier) is not None:
            subject = f"carrier.{carrier.carrier}"
            yield from (_row(subject, rule) for rule in carrier.rules if rule.holds_on(on))
    if MILITARY.holds_on(on):
        yield _row("military", MILITARY)


def _as_json(_row: object, _field: object, value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _row(subject: str, rule: Rule) -> Row:
    name, value, unit, inclusive = _figure(rule)
    return Row(
        subject=str(subject),
        rule=name,
        value=value,
        unit=unit,
        inclusive=inclusive,
        services=rule.services,
        sure=rule.sure.value,
        source=rule.source.code,
        url=rule.source.url,
        says=rule.says,
        read_on=rule.source.read_on,
        since=rule.since,
        until=rule.until,
        also=tuple(Confirmed(source.code, source.url, source.read_on) for source in rule.also),
    )


def _amount(measure: Length | Weight, unit: str) -> str:
    if isinstance(measure, Length):
        return six_digits(measure.um, LENGTH_UNITS[unit], up=False)
    return six_digits(measure.ng, WEIGHT_UNITS[unit], up=False)


def _figure(rule: Rule) -> tuple[str, str, str, bool | None]:  # noqa: C901 - one case a clause
    match rule.clause:
        case MaxWeight(limit, unit, inclusive):
            return "max_weight", _amount(limit, unit), unit, inclusive
        case MaxLongest(limit, unit, inclusive):
            return "max_longest", _amount(limit, unit), unit, inclusive
        case MaxLengthPlusGirth(limit, unit, inclusive):
            return "max_length_plus_girth", _amount(limit, unit), unit, inclusive
        case MaxSides(limits, unit, inclusive):
            return "max_sides", "x".join(_amount(side, unit) for side in limits), unit, inclusive
        case SidesPerLocation():
            return "max_sides", "per_location", "in", True
        case MaxValue(limit, inclusive):
            return "max_value", format(limit.amount, "f"), limit.currency, inclusive
        case RefusesTrait(trait):
            return "refuses", trait.value, "", None
        case OnlyServices(services):
            return "only_services", "|".join(services), "", None
        case OnlySellers(sellers):
            return "seller", sellers, "", None
        case HoldDays(days, basis):
            return "hold", str(days), f"{basis} day", True
        case OnExpiry(what):
            return "on_expiry", what, "", None
        case Needs(fields):
            return "needs", "|".join(fields), "", None
        case CannotServe(kinds):
            return "cannot_serve", "|".join(kinds), "", None
        case OnlyCarriers(carriers):
            return "carriers", "|".join(carriers), "", None
