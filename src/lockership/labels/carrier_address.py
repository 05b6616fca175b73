"""Addresses as the carriers' own APIs take them: their letters, lengths and order of lines.

Nothing is cut.  What a carrier cannot print is written in Latin letters, and what does not fit is an
error.  Only a telephone number or an e-mail that the carrier cannot take *and does not need* is left
out.  The warehouse's own label keeps the original letters.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

import attrs

from lockership.address import FIELDS, Address
from lockership.errors import (
    OUT_OF_RANGE,
    TOO_LONG,
    InputError,
    MissingDependency,
    Problem,
)
from lockership.labels.lines import Lines, address_lines, plain
from lockership.recognition.extract import street_and_unit

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "Form",
    "Phone",
    "email_of",
    "first_and_last",
    "lay_out",
    "phone_of",
    "romanised",
    "state_code",
    "street_first",
    "without_company",
    "zip_digits",
]


@attrs.frozen
class Form:
    """What one carrier's description allows in an address.

    Attributes:
        carrier: The carrier's key; it limits names.
        rows, width: How many street lines of how many characters.
        city, email: Characters of a city and of an e-mail address.
        letters: The codec of what it prints: ``ascii``, ``latin-1``, or ``utf-8`` for anything.
        territories: Puerto Rico and its like are countries, not states.
    """

    carrier: str
    rows: int
    width: int
    city: int
    email: int
    letters: str
    territories: bool = False


class Phone(NamedTuple):
    """A telephone number of the United States: ten digits, and the digits of an extension."""

    number: str
    extension: str = ""


def romanised(text: str, letters: str = "ascii") -> tuple[str, int]:
    r"""Write a text in letters that a carrier prints, and count the characters that have no such form.

    Text that can be printed stays as it is.  Han and Hangul syllables become words of their own.

    Raises:
        MissingDependency: There is something to romanise and anyascii is not installed.

    >>> romanised("李小明"), romanised("北京路12号"), romanised("José Núñez", "latin-1")
    (('Li Xiao Ming', 0), ('Bei Jing Lu 12 Hao', 0), ('José Núñez', 0))
    >>> romanised("José"), romanised("Łódź", "latin-1"), romanised("\ue000")  # the last is private use
    (('Jose', 0), ('Lódz', 0), ('', 1))
    """
    text = unicodedata.normalize("NFC", text)
    if _prints(text, letters):
        return text, 0
    latin = _transliterator()
    written: list[str] = []
    lost = 0
    for char in text:
        if _prints(char, letters):
            written.append(char)
            continue
        found = latin(char)
        if not found and unicodedata.category(char) not in ("Mn", "Cf", "Zs"):
            lost += 1
        written.append(f" {found} " if _is_syllable(char) else found)
    return " ".join("".join(written).split()), lost


def _prints(text: str, letters: str) -> bool:
    try:
        text.encode(letters)
    except UnicodeEncodeError:
        return False
    return True


def _is_syllable(char: str) -> bool:
    """Whether a character is a Han character or a Hangul syllable."""
    return (
        "\u3400" <= char <= "\u9fff"
        or "\uac00" <= char <= "\ud7a3"
        or "\uf900" <= char <= "\ufaff"
        or "\U00020000" <= char <= "\U0003ffff"
    )


def _transliterator() -> Callable[[str], str]:
    try:
        from anyascii import anyascii  # noqa: PLC0415 - its tables load only where they are needed
    except ImportError as error:
        message = "an address holds letters that the carrier cannot print: pip install 'lockership[carriers]'"
        raise MissingDependency(message, name="anyascii") from error
    return anyascii


def lay_out(
    address: Address,
    problems: list[Problem],
    form: Form,
    *,
    of: str,
    name: str | None = None,
    company: str = "",
) -> Lines:
    """Lay an address out in a carrier's form, and add to ``problems`` all that stands against it.

    Args:
        address: As it was written.
        problems: Where problems go; with any, what is returned must not be used.
        form: What the carrier takes.
        of: Whose address: the prefix of the fields in problems.
        name: The person's name where it is better known than by the address.
        company: The company line where the address has none.
    """
    values = {field: plain(getattr(address, field)) for field in FIELDS}
    values["name"] = values["name"] if name is None else plain(name)
    values["company"] = values["company"] or plain(company)
    for field, text in values.items():
        values[field], lost = romanised(text, form.letters)
        if lost:
            message = f"{lost} characters have no form in the letters that {form.carrier} prints"
            problems.append(Problem(OUT_OF_RANGE, message, f"{of}.{field}"))
    if (territory := values["country"].replace(".", "").upper()) in _TERRITORIES:
        values |= {"country": "US", "state": territory}
    try:
        written = Address(**values)
    except InputError as error:  # romanised, a text may be longer than a field may be
        problems += [
            problem._replace(field=f"{of}.{problem.field or 'street1'}") for problem in error.problems
        ]
        return _NOWHERE
    lines = address_lines(written, problems, of=of, room=form.rows, carrier=form.carrier, width=form.width)
    if len(lines.city) > form.city:
        message = f"{len(lines.city)} characters, {form.carrier} takes at most {form.city}"
        problems.append(Problem(TOO_LONG, message, f"{of}.city"))
    state, country = state_code(lines.state), lines.country
    if country != "US":
        message = "this API is asked for parcels within the United States and its territories only"
        problems.append(Problem(OUT_OF_RANGE, message, f"{of}.country"))
    elif lines.state and not state:
        message = "a state is given by its name or its two letters"
        problems.append(Problem(OUT_OF_RANGE, message, f"{of}.state"))
    elif form.territories and state in _TERRITORIES:
        country = state
    return attrs.evolve(lines, state=state, country=country)


_NOWHERE = Lines("", "", (), "", "", "", "US", "", "")

_TERRITORIES = {"PR", "VI", "GU", "AS", "MP", "UM"}

_STATES = """
AL Alabama/AK Alaska/AZ Arizona/AR Arkansas/CA California/CO Colorado/CT Connecticut/DE Delaware/
DC District of Columbia/FL Florida/GA Georgia/HI Hawaii/ID Idaho/IL Illinois/IN Indiana/IA Iowa/KS Kansas/
KY Kentucky/LA Louisiana/ME Maine/MD Maryland/MA Massachusetts/MI Michigan/MN Minnesota/MS Mississippi/
MO Missouri/MT Montana/NE Nebraska/NV Nevada/NH New Hampshire/NJ New Jersey/NM New Mexico/NY New York/
NC North Carolina/ND North Dakota/OH Ohio/OK Oklahoma/OR Oregon/PA Pennsylvania/RI Rhode Island/
SC South Carolina/SD South Dakota/TN Tennessee/TX Texas/UT Utah/VT Vermont/VA Virginia/WA Washington/
WV West Virginia/WI Wisconsin/WY Wyoming/PR Puerto Rico/VI Virgin Islands/GU Guam/AS American Samoa/
MP Northern Mariana Islands/UM US Minor Outlying Islands/FM Micronesia/MH Marshall Islands/PW Palau/
AA Armed Forces Americas/AE Armed Forces Europe/AP Armed Forces Pacific
"""
_CODES: dict[str, str] = {
    written: state.strip()[:2]
    for state in " ".join(_STATES.upper().split()).split("/")
    for written in (state.strip()[:2], state.strip()[3:])
}


def state_code(state: str) -> str:
    """Give the two letters of a state or territory, or ``""`` where the text is none.

    >>> state_code("ca"), state_code("New  York"), state_code("D.C."), state_code("Ontario")
    ('CA', 'NY', 'DC', '')
    """
    return _CODES.get(" ".join(state.replace(".", "").upper().split()), "")


def street_first(address: Address) -> Address:
    """Put the street on the first line, its unit on the second, what stands above it on the third.

    Where the street cannot be told from its surroundings, the lines stay as they were written.

    >>> there = street_first(Address(street1="Whole Foods Market", street2="1 W Lake St", street3="Ste 5"))
    >>> there.street1, there.street2, there.street3
    ('1 W Lake St', 'Ste 5', 'Whole Foods Market')
    """
    places, street, units = street_and_unit(address)
    written = _words(address.street1, address.street2, address.street3)
    if not street or written != _words(*places, street, *units):  # never break a word
        return address
    return attrs.evolve(address, street1=street, street2=" ".join(units), street3=" ".join(places))


def without_company(address: Address) -> Address:
    """Leave out a company line that names a place which is named elsewhere, unless it is the only line."""
    if not (address.street1.strip() or address.street2.strip() or address.street3.strip()):
        return address
    return attrs.evolve(address, company="")


def _words(*lines: str) -> list[str]:
    return sorted(" ".join(lines).replace(",", " ").split())


_EXTENSION = re.compile(r"(?:ext(?:ension)?\.?|x|#|,|;)[\s:]*([0-9]{1,8})\s*\Z", re.IGNORECASE | re.ASCII)


def phone_of(text: str) -> Phone | None:
    """Read a telephone number of the United States, or answer None for anything else.

    >>> phone_of("+1 (323) 555-0142"), phone_of("480-618-4285 ext. 12345")
    (Phone(number='3235550142', extension=''), Phone(number='4806184285', extension='12345'))
    >>> phone_of("+86 138 0013 8000"), phone_of("555-0142")
    (None, None)
    """
    text = unicodedata.normalize("NFKC", text)
    found = _EXTENSION.search(text)
    number = text[: found.start()] if found else text
    if re.search(r"[^\s0-9().+/\-–]", number):
        return None
    digits = "".join(c for c in number if "0" <= c <= "9")
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    elif "+" in number:
        return None
    if len(digits) != 10 or digits[0] in "01":
        return None
    return Phone(digits, found[1] if found else "")


# As in the USPS description; the plain form that every one of these carriers takes.
_EMAIL = re.compile(r"[A-Za-z0-9_+&*-]+(?:\.[A-Za-z0-9_+&*-]+)*@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}", re.ASCII)


def email_of(text: str, form: Form) -> str:
    """Give an e-mail address that the carrier takes, or ``""``."""
    text = plain(text)
    return text if len(text) <= form.email and _EMAIL.fullmatch(text) else ""


def first_and_last(name: str) -> tuple[str, str]:
    """Part a name before its last word; a name of one word has no first part.

    >>> first_and_last("María José Núñez"), first_and_last("Madonna")
    (('María José', 'Núñez'), ('', 'Madonna'))
    """
    first, _, last = name.rpartition(" ")
    return first, last


def zip_digits(code: str) -> str:
    """Give a ZIP code without its hyphen.

    >>> zip_digits("90026-1234")
    '900261234'
    """
    return code.replace("-", "")
