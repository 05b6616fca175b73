"""Addresses as label APIs take them: every field present, no line too long, no word lost.

Label APIs document 35 characters for a street line and cut, refuse or misprint what is longer; the
carriers behind them limit names.  Nothing is cut here: words move on to the next free line, and what
still does not fit is an error that names the field and its length, never its text.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import attrs

from lockership.address import LINES
from lockership.errors import MISSING_FIELD, OUT_OF_RANGE, TOO_LONG, WRONG_TYPE, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lockership.address import Address

__all__ = ["STREET_LINE", "Lines", "address_lines", "general_delivery", "plain", "wrap"]

STREET_LINE = 35
"""Characters of a street line.  Sources: docs.easypost.com, address verification ("35 characters");
Shippo's public API of 2024-06-24, AddressCreateRequest.street1 to street3 ("35 character limit")."""

NAMES: dict[str, tuple[int, int]] = {
    "ups": (35, 35),  # UPS-API/api-documentation, Shipping.yaml: ShipTo.AttentionName and ShipTo.Name
    "fedex": (70, 35),  # FedEx Ship API: PartyContact.personName and companyName
    "usps": (100, 50),  # USPS Labels 3.9: Addressee.firstName with lastName, firm
}
"""Characters of a person's name and of a company, by the carriers' own API descriptions.  The label
APIs document none, so another carrier's names are not measured."""

_US = {"", "US", "USA", "UNITED STATES", "UNITED STATES OF AMERICA"}
_WITH_STATE = {"US", "CA", "AU"}
_ZIP = re.compile(r"[0-9]{5}(-?[0-9]{4})?", re.ASCII)
_GENERAL_DELIVERY = re.compile(r"\bgen(?:eral|['’]?l)?\b\.?[\s-]*del(?:ivery|iv|y)?\b\.?", re.IGNORECASE)


@attrs.frozen
class Lines:
    """An address that fits; every field may be ``""`` but those that a label needs."""

    name: str = attrs.field(repr=False)
    company: str = attrs.field(repr=False)
    street: tuple[str, ...] = attrs.field(repr=False)
    city: str
    state: str
    zip: str
    country: str
    phone: str = attrs.field(repr=False)
    email: str = attrs.field(repr=False)


def wrap(lines: Iterable[str], room: int, width: int = STREET_LINE) -> tuple[str, ...] | None:
    """Lay words over at most ``room`` lines of ``width`` characters, or answer None if they do not fit.

    Lines are kept as they are where that fits; else the last ones share a line; else long ones are
    broken between words; else all words flow on.

    >>> wrap(["1250 W Sunset Blvd", "Suite 4"], 2)
    ('1250 W Sunset Blvd', 'Suite 4')
    >>> wrap(["1250 W Sunset Blvd", "Suite 4", "Gate 7"], 2)
    ('1250 W Sunset Blvd', 'Suite 4 Gate 7')
    >>> wrap(["Building 7, Entrance B, behind the loading dock", "Floor 3"], 2)
    ('Building 7, Entrance B, behind the', 'loading dock Floor 3')
    >>> wrap(["Donaudampfschifffahrtsgesellschaftskapitänsweg 1"], 2) is None  # one word of 46 letters
    True
    """
    kept = [line for line in lines if line]
    if len(kept) <= room and all(len(line) <= width for line in kept):
        return tuple(kept)
    for laid in (
        [*kept[: room - 1], " ".join(kept[room - 1 :])],
        [part for line in kept for part in _flow(line, width)],
        _flow(" ".join(kept), width),
    ):
        if len(laid) <= room and all(len(line) <= width for line in laid):
            return tuple(laid)
    return None


def _flow(text: str, width: int) -> list[str]:
    laid: list[str] = []
    for word in text.split():
        if laid and len(laid[-1]) + 1 + len(word) <= width:
            laid[-1] = f"{laid[-1]} {word}"
        else:
            laid.append(word)
    return laid


def plain(text: str) -> str:
    """Drop control characters and surplus blanks; every visible character stays."""
    if not text.isprintable():
        text = "".join(" " if unicodedata.category(c) == "Cc" else c for c in text)
    return " ".join(text.split())


def general_delivery(address: Address, spelling: str) -> Address:
    """Write a General Delivery address the way USPS does: the words first, then the rest, ZIP-9999.

    Source: the nine digits are USPS's convention for General Delivery; the form is told by secondary
    sources only (NAME / GENERAL DELIVERY / CITY ST ZIP-9999).

    >>> from lockership import Address
    >>> there = general_delivery(
    ...     Address(street1="Gen Del", street2="Main Office", zip="97208"), "GENERAL DELIVERY"
    ... )
    >>> there.street1, there.street2, there.zip
    ('GENERAL DELIVERY', 'Main Office', '97208-9999')
    """
    rest = {name: plain(_GENERAL_DELIVERY.sub(" ", getattr(address, name))) for name in LINES}
    rest = {name: text if any(c.isalnum() for c in text) else "" for name, text in rest.items()}
    streets = " ".join(filter(None, (rest["street1"], rest["street2"], rest["street3"])))
    zip_code = plain(address.zip)
    if _ZIP.fullmatch(zip_code):
        zip_code = f"{zip_code[:5]}-9999"
    return attrs.evolve(
        address, company=rest["company"], street1=spelling, street2=streets, street3="", zip=zip_code
    )


def address_lines(
    address: Address,
    problems: list[Problem],
    *,
    of: str,
    room: int,
    carrier: str,
    name: str | None = None,
    company: str = "",
    width: int = STREET_LINE,
) -> Lines:
    """Lay an address out for a label, and add to ``problems`` all that stands against it.

    A country other than the United States must be given as its two letters.

    Args:
        address: As it was written.
        problems: Where problems go; with any, what is returned must not be used.
        of: Whose address: the prefix of the fields in problems.
        room: How many street lines the label API has.
        carrier: The carrier's key; it limits names.
        name: The person's name where it is better known than by the address.
        company: The company line where the address has none.
        width: The characters of a street line.
    """
    values = {field.name: plain(getattr(address, field.name)) for field in attrs.fields(type(address))}
    values["name"] = values["name"] if name is None else plain(name)
    values["company"] = values["company"] or plain(company)
    streets = [values["street1"], values["street2"], values["street3"]]
    if not any(streets):  # the only line of the address stands in the company field
        streets, values["company"] = [values["company"]], ""
    country = values["country"].replace(".", "").upper()
    country = "US" if country in _US else country

    street = wrap(streets, room, width)
    found = [*_absent(values, country), *_too_long(values, carrier)]
    if street == ():
        found.append(Problem(MISSING_FIELD, "a label needs a street line", "street1"))
    if street is None:
        length = len(" ".join(filter(None, streets)))
        message = f"{length} characters do not fit on {room} lines of {width} without cutting a word"
        found.append(Problem(TOO_LONG, message, "street1"))
    problems += [problem._replace(field=f"{of}.{problem.field}") for problem in found]
    return Lines(
        name=values["name"],
        company=values["company"],
        street=street or (),
        city=values["city"],
        state=values["state"],
        zip=values["zip"],
        country=country,
        phone=values["phone"],
        email=values["email"],
    )


def _absent(values: dict[str, str], country: str) -> Iterator[Problem]:
    """Say what a label needs and the address lacks, or gives in a form that no carrier reads."""
    if not values["name"] and not values["company"]:
        yield Problem(MISSING_FIELD, "a label needs the name of a person or company", "name")
    if not values["city"]:
        yield Problem(MISSING_FIELD, "a label needs a city", "city")
    if not re.fullmatch(r"[A-Z]{2}", country, re.ASCII):
        yield Problem(OUT_OF_RANGE, "a country is given by its two letters (ISO 3166-1 alpha-2)", "country")
    if country in _WITH_STATE and not values["state"]:
        yield Problem(MISSING_FIELD, "a label needs a state", "state")
    if country == "US" and not _ZIP.fullmatch(values["zip"]):
        code = OUT_OF_RANGE if values["zip"] else MISSING_FIELD
        yield Problem(code, "a label needs a ZIP code of five or nine digits", "zip")
    for field, text in values.items():
        if not text.isprintable() and any("\ud800" <= c <= "\udfff" for c in text):
            yield Problem(WRONG_TYPE, "holds half of a character (a lone surrogate)", field)


def _too_long(values: dict[str, str], carrier: str) -> Iterator[Problem]:
    for field, most in zip(("name", "company"), NAMES.get(carrier, ()), strict=False):
        length = len(values[field])
        if length > most:
            yield Problem(TOO_LONG, f"{length} characters, {carrier} takes at most {most}", field)
