"""``format_address()``: an address laid out as a carrier, a label API or a label wants it.

Nothing is ever cut and no word is changed: lines are put in order, and wrapped where they are too
long.  What does not fit is an error that names the field.  The result is read again before it is
returned: an address never becomes another kind by being written out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import attrs

from lockership.errors import TOO_LONG, InputError, Problem
from lockership.recognition.extract import street_and_unit
from lockership.recognition.fold import clean
from lockership.recognition.kind import recognise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lockership.address import Address
    from lockership.recognition.answer import Recognition

__all__ = ["LAYOUTS", "Layout", "format_address"]


class Layout(NamedTuple):
    """What one receiver takes.

    Attributes:
        company: Characters of the company line, None without limit.
        lines: Characters of each street line, None without limit.
        street_lines: How many street lines there are.
        city: Characters of the city, None without limit.
        street_first: The street is the first street line; otherwise it stands right above the city.
    """

    company: int | None
    lines: int | None
    street_lines: int
    city: int | None = None
    street_first: bool = False


LAYOUTS: dict[str, Layout] = {
    # USPS Domestic Labels API v3, toAddress: firm, streetAddress, secondaryAddress, city.  Publication 28
    # wants the delivery address line right above the city; the API wants it as streetAddress.
    "usps": Layout(company=50, lines=50, street_lines=2, city=28, street_first=True),
    # UPS Shipping API, ShipTo: AddressLine[3] of 35, City 30.  UPS prints line 2 above line 1
    # (UPS-API/api-documentation, issues 43 and 149), so the street comes first to stand lowest.
    "ups": Layout(company=35, lines=35, street_lines=3, city=30, street_first=True),
    # FedEx Ship API, streetLines.  That they are three of 35 is widely said and was not verified here.
    "fedex": Layout(company=35, lines=35, street_lines=3),
    # EasyPost has street1 and street2; 35 is the only length that it documents.
    "easypost": Layout(company=35, lines=35, street_lines=2),
    # Shippo: "35 character limit"; street3 is for USPS international and UPS only, so it stays free.
    "shippo": Layout(company=35, lines=35, street_lines=2),
    # Our own label prints lines as they are.
    "label": Layout(company=None, lines=None, street_lines=3),
}
"""The receivers that :func:`format_address` knows."""


def format_address(
    address: Address, recognition: Recognition | None = None, *, for_: str = "label"
) -> Address:
    """Lay an address out for a receiver, so that it prints in the right order and is never cut.

    The point or host goes to the company line when that is free, the street stands where the
    receiver wants it, and a line that is too long is wrapped over the free ones.  Control and
    invisible characters are left out; the words stay the buyer's own.  Not checked: whether the
    receiver knows the address.

    Args:
        address: The address as the buyer wrote it.
        recognition: What :func:`recognise` said of its text, when that is known already.
        for_: ``usps``, ``ups``, ``fedex``, ``easypost``, ``shippo`` or ``label``.

    Raises:
        InputError: A field is too long to be written without cutting; the message names the field
            and the length, never the text.
        KeyError: The receiver is none of the six.

    >>> from lockership.address import Address
    >>> long = Address(
    ...     name="Zhang Wei",
    ...     street1="Amazon Hub Locker - Oregano (Whole Foods), 1 W Lake St",
    ...     city="Chicago",
    ...     state="IL",
    ...     zip="60601",
    ... )
    >>> laid = format_address(long, for_="ups")
    >>> laid.company, laid.street1, laid.street2
    ('Amazon Hub Locker - Oregano', '1 W Lake St', '(Whole Foods)')
    >>> format_address(Address(street1="1 " + "x" * 50), for_="ups")
    Traceback (most recent call last):
    lockership.errors.InputError: street1: 52 characters do not fit in 3 lines of 35
    """
    layout = LAYOUTS[for_]
    tidy = attrs.evolve(address, **{field: clean(getattr(address, field)) for field in _WRITTEN})
    if problems := list(_too_long(tidy, layout)):
        raise InputError(problems)
    kind = recognise(address).kind if recognition is None else recognition.kind
    if recognition is not None and any(evidence.field == "signals" for evidence in recognition.evidence):
        kind = recognise(address).kind  # what is written can only say what the text says
    fits = False
    for candidate in _candidates(tidy, layout):
        fits = True
        if recognise(candidate).kind == kind:
            return candidate
    field = max(_LINES, key=lambda line: len(getattr(tidy, line)))
    length = len(getattr(tidy, field))
    why = "break apart words that belong together" if fits else "do not fit"
    message = f"{length} characters {why} in {layout.street_lines} lines of {layout.lines}"
    raise InputError([Problem(TOO_LONG, message, field)])


_SHARES = (1.0, 0.85, 0.7, 0.55)
"""How full a wrapped line may be: a shorter one may keep together what belongs together."""
_LINES = ("company", "street1", "street2", "street3")
_WRITTEN = ("name", *_LINES, "city", "state", "zip")


def _too_long(address: Address, layout: Layout) -> Iterator[Problem]:
    """Find what no wrapping can help: there is one line for the name and one for the city."""
    for field, limit in (("name", layout.company), ("city", layout.city)):
        if limit is not None and (length := len(getattr(address, field))) > limit:
            yield Problem(TOO_LONG, f"{length} characters, at most {limit} are printed", field)


def _candidates(address: Address, layout: Layout) -> Iterator[Address]:
    """Lay the lines out in the receiver's order; where that loses the meaning, closer to the buyer's."""
    for share in _SHARES:
        yield from _arranged(address, layout, share)
        if layout.street_first:
            yield from _arranged(address, layout._replace(street_first=False), share)


def _arranged(address: Address, layout: Layout, share: float) -> Iterator[Address]:
    written = [line for line in (address.street1, address.street2, address.street3) if line]
    places, street, units = street_and_unit(address)
    if street:
        above = [*places, *units]
        ordered = [street, *units, *places] if layout.street_first else [*above, street]
        if not address.company and places:
            rest = [*units, *places[1:]]
            yield from _fitted(
                address, places[0], [street, *rest] if layout.street_first else [*rest, street], layout, share
            )
        yield from _fitted(address, address.company, ordered, layout, share)
    yield from _fitted(address, address.company, written, layout, share)
    if not address.company and len(written) > 1:
        yield from _fitted(address, written[0], written[1:], layout, share)
    if written:
        yield from _fitted(address, address.company, [", ".join(written)], layout, share)
        yield from _fitted(address, "", [", ".join(filter(None, (address.company, *written)))], layout, share)


def _fitted(
    address: Address, company: str, lines: list[str], layout: Layout, share: float
) -> Iterator[Address]:
    """Wrap what is too long; yield nothing when it takes more lines than there are."""
    first = _wrapped(company, layout.company, share) if company else [""]
    wrapped = [piece for line in lines for piece in _wrapped(line, layout.lines, share)]
    wrapped = [*wrapped, *first[1:]] if layout.street_first else [*first[1:], *wrapped]
    limit = layout.lines
    if len(wrapped) > layout.street_lines or (
        limit is not None and any(len(piece) > limit for piece in wrapped)
    ):
        return
    if layout.company is not None and len(first[0]) > layout.company:
        return
    street1, street2, street3 = [*wrapped, "", "", ""][:3]
    if first[0] or street1:
        yield attrs.evolve(address, company=first[0], street1=street1, street2=street2, street3=street3)


def _wrapped(line: str, limit: int | None, share: float) -> list[str]:
    """Break a line at blanks, best before a parenthesis or behind a comma, into pieces within the limit."""
    if limit is None or len(line) <= limit:
        return [line]
    pieces: list[str] = []
    rest = line
    limit = int(limit * share)
    while len(rest) > limit:
        cut = max(rest.rfind(", ", 0, limit) + 1, rest.rfind(" (", 0, limit + 1))
        if cut <= 0:
            cut = rest.rfind(" ", 0, limit + 1)
        if cut <= 0:
            break  # one word that is longer than a line: the caller sees it
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest] if rest else pieces
