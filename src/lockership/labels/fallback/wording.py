"""What a label says, as plain sentences, before anything is placed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from lockership.explain import CARRIER_NAMES, kind_name, refusal_text, remedy_text
from lockership.handoff import handoff
from lockership.labels.fallback.payload import without_tracking_numbers
from lockership.labels.phrases import needs_text, note_text, phrase
from lockership.units import Length
from lockership.words import Route

if TYPE_CHECKING:
    from datetime import datetime

    from lockership.address import Address
    from lockership.decision import Decision
    from lockership.labels.fallback.label import Label, SkuLine

__all__ = ["CAPTIONS", "Row", "address_lines", "moment_text", "one_line", "rows_of"]

CAPTIONS = ("point", "why", "next", "order", "parcel", "contents", "no_label", "from", "printed")


class Row(NamedTuple):
    """One subject: its caption and what is said about it."""

    caption: str
    paragraphs: tuple[str, ...]


def address_lines(decision: Decision) -> list[tuple[str, str]]:
    """Give the lines to which it goes, each with its field; under review those of the order."""
    name = decision.deliver_to or "ship_to"
    return _lines(decision.address or decision.ship_to, name)


def _lines(address: Address, name: str) -> list[tuple[str, str]]:
    fields = ("name", "company", "street1", "street2", "street3")
    lines = [(f"{name}.{field}", text) for field in fields if (text := getattr(address, field).strip())]
    region = " ".join(filter(None, (address.state.strip(), address.zip.strip())))
    lines.append((f"{name}.city", ", ".join(filter(None, (address.city.strip(), region)))))
    country = address.country.strip()
    if country.upper() not in ("", "US", "USA", "UNITED STATES"):
        lines.append((f"{name}.country", country))
    return [line for line in lines if line[1]]


def one_line(address: Address) -> str:
    """Write an address in one line, where it is not the one to deliver to."""
    return ", ".join([text for _, text in _lines(address, "")])


def moment_text(moment: datetime) -> str:
    """Print a moment with its distance from UTC.

    >>> from datetime import datetime, timedelta, timezone
    >>> moment_text(datetime(2026, 11, 24, 14, 5, tzinfo=timezone(timedelta(hours=-8))))
    '2026-11-24 14:05 UTC-08:00'
    """
    written = moment.isoformat(" ", "minutes")
    return f"{written[:16]} UTC{written[16:]}"


def rows_of(
    label: Label, languages: tuple[str, ...], *, reasons: int | None = None, sku_lines: int = 3
) -> list[Row]:
    """Say everything beside the address, most urgent first; so many reasons and lines of contents."""
    decision, first = label.decision, languages[0]
    said = (
        _point(decision, first),
        [text for lang in languages for text in _reasons(decision, lang, reasons)],
        [text for lang in languages for text in _next_steps(decision, lang)],
        [label.order_id],
        [_parcel(decision)],
        _contents(label.contents, first, sku_lines),
        _no_label(label, first),
        [] if label.sender is None else [one_line(label.sender)],
        [moment_text(label.printed_at)],
    )
    return [Row(phrase(key, first), tuple(texts)) for key, texts in zip(CAPTIONS, said, strict=True) if texts]


def _point(decision: Decision, language: str) -> list[str]:
    if decision.channel is None or decision.deliver_to == "home":
        return []
    name = kind_name(decision.kind, language)
    if decision.route is not Route.PICKUP:
        return [name]
    point = handoff(decision).point
    return [f"{name} · {point.id}" if point is not None and point.id else name]


def _reasons(decision: Decision, language: str, most: int | None) -> list[str]:
    said = [_capital(refusal_text(r, decision, language, value=False)) for r in decision.refusals]
    if most is not None and len(said) > most:
        said[most:] = [phrase("more", language).format(count=len(said) - most)]
    if decision.deliver_to == "home":
        said.insert(0, phrase("not_there", language).format(place=kind_name(decision.kind, language)))
    return said + [note_text(note, language) for note in decision.notes]


def _next_steps(decision: Decision, language: str) -> list[str]:
    if decision.route is Route.REVIEW:
        if not decision.remedies:
            return [phrase("no_remedy", language)]
        remedies = [remedy_text(remedy, language) for remedy in decision.remedies]
        return [_capital(phrase("remedies", language).format(remedies=phrase("or", language).join(remedies)))]
    steps = [phrase("wait", language)]
    if decision.missing:
        steps.insert(0, phrase("fill_in", language).format(needs=needs_text(decision.missing, language)))
    return steps


def _parcel(decision: Decision) -> str:
    parcel = decision.parcel
    a, b, c = (Length(side).text("in").removesuffix(" in") for side in parcel.sides)
    kg = Decimal(-(-parcel.weight.ng // 10**10)) / 100  # rounded up to 10 g
    measures = f"{parcel.weight.text('lb')} ({kg} kg)", f"{a}x{b}x{c} in"
    carrier = CARRIER_NAMES.get(decision.carrier, decision.carrier_named)
    return " · ".join(filter(None, (*measures, carrier, decision.service)))


def _contents(contents: tuple[SkuLine, ...], language: str, most: int) -> list[str]:
    if not most:
        return []
    said = [
        " ".join(filter(None, (f"{line.quantity} x {line.sku}", line.name, line.bin and f"@ {line.bin}")))
        for line in contents[:most]
    ]
    if len(contents) > most:
        said.append(phrase("more", language).format(count=len(contents) - most))
    return said


def _no_label(label: Label, language: str) -> list[str]:
    why = label.no_carrier_label
    if why is None:
        return []
    at = moment_text(why.at)
    tries = phrase("one_try" if why.tries == 1 else "tries", language).format(count=why.tries, at=at)
    return [f"{why.api}: {without_tracking_numbers(why.error)} ({tries})"]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
