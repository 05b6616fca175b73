"""What the codes of a fallback label say, and that no sorter can take them for a carrier's.

The id that the warehouse scans is printed as it is wherever possible.  Two kinds of ids are not:

* Digits alone that have the length or the beginning of a carrier's number get ``LS:`` in front.
* What has the form of a tracking number with letters, or of a USPS package barcode, is refused: it
  most likely *is* one, and a fallback label must not carry it in any form.

Which forms carriers read is a rule of this project: no carrier publishes what its sorters act on.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, unquote

import attrs

from lockership.errors import OUT_OF_RANGE, WRONG_TYPE, InputError, Problem

__all__ = ["Sscc", "Ticket", "carrier_lookalike", "scan_text", "without_tracking_numbers"]

PREFIX = "LS:"

_SEPARATORS = re.compile(r"[\s\-_./:()]+|\x1d")
_OWN = re.compile(
    r"(?P<UPS>1Z[0-9A-Z]{16})|(?P<Amazon>TB[ACM][0-9]{9,15})|(?P<USPS>(?:420[0-9]{5}(?:[0-9]{4})?)?9[2-5][0-9]{18,32})"
)
_DIGITS_ONLY = (
    (re.compile(r"420[0-9]{5}(?:[0-9]{4})?(?:9[0-9]*)?"), "USPS routing"),
    (re.compile(r"9[2-5][0-9]{18,32}"), "USPS"),
    (re.compile(r"96[0-9]*"), "FedEx"),
    (re.compile(r"[0-9]{12}|[0-9]{15}"), "FedEx"),
    (re.compile(r"00[0-9]{18}"), "GS1 SSCC"),
)


def carrier_lookalike(payload: str) -> str | None:
    """Name whose code this payload could pass for, or None; separators do not hide anything.

    >>> carrier_lookalike("1Z 999 AA1 01 2345 6784"), carrier_lookalike("9205 5901 2345 6789 0123 45")
    ('UPS', 'USPS')
    >>> (
    ...     carrier_lookalike("123456789012"),
    ...     carrier_lookalike("111-2345678-1234567"),
    ...     carrier_lookalike("A-1001"),
    ... )
    ('FedEx', None, None)
    """
    squeezed = _SEPARATORS.sub("", payload).upper()
    if match := _OWN.fullmatch(squeezed):
        return match.lastgroup
    for part in payload.upper().split():
        if match := _OWN.search(_SEPARATORS.sub("", part)):
            return match.lastgroup
    return next((owner for form, owner in _DIGITS_ONLY if form.fullmatch(squeezed)), None)


def without_tracking_numbers(text: str) -> str:
    """Blot out what looks like a tracking number in a text that somebody else wrote.

    >>> without_tracking_numbers("label 1Z999AA10123456784 exists already")
    'label … exists already'
    """
    return " ".join(
        ["…" if len(w) > 11 and carrier_lookalike(w.strip(".,;:'\"")) else w for w in text.split()]
    )


def scan_text(identifier: str, package: int, packages: int, field: str = "order_id") -> str:
    """Give what the internal barcode says: the id, with ``/2`` for the second package of several.

    Raises:
        InputError: Empty, characters that Code 128 has not, or the form of a carrier's code.

    >>> scan_text("A-1001", 1, 1), scan_text("A-1001", 2, 3), scan_text("123456789012", 1, 1)
    ('A-1001', 'A-1001/2', 'LS:123456789012')
    >>> scan_text("1Z999AA10123456784", 1, 1, "id")
    Traceback (most recent call last):
    lockership.errors.InputError: id: it has the form of a UPS barcode; give an id of your own as scan_id
    """
    text = identifier.strip()
    if not text or not text.isascii() or not text.isprintable():
        message = "a barcode carries printable ASCII; give an id of that kind as scan_id"
        raise InputError([Problem(OUT_OF_RANGE, message, field)])
    if packages > 1:
        text = f"{text}/{package}"
    owner = carrier_lookalike(text) or (carrier_lookalike(identifier) if packages > 1 else None)
    if owner is None:
        return text
    if not _SEPARATORS.sub("", text).isdigit() or owner == "USPS":
        message = f"it has the form of a {owner} barcode; give an id of your own as scan_id"
        raise InputError([Problem(OUT_OF_RANGE, message, field)])
    return PREFIX + text


class Ticket(NamedTuple):
    """What the QR code says: enough to print the label again; no address, no value, no person.

    >>> Ticket("A-1001", 1, 2, "pickup", "ups.access_point").text()
    'LS1;A-1001;1/2;pickup;ups.access_point'
    >>> Ticket.read("LS1;A-1001;1/2;pickup;ups.access_point").packages
    2
    >>> Ticket.read("1Z999AA10123456784")
    Traceback (most recent call last):
    lockership.errors.InputError: this is not the QR code of a fallback label
    """

    order_id: str
    package: int
    packages: int
    route: str
    kind: str

    def text(self) -> str:
        """Write it; what is not plain ASCII in the order id is written as in a web address."""
        order_id = quote(self.order_id, safe="!#$&'()*+,/:=?@[]~")
        return f"LS1;{order_id};{self.package}/{self.packages};{self.route};{self.kind}"

    @classmethod
    def read(cls, text: str) -> Ticket:
        """Read a scanned code back."""
        match = re.fullmatch(r"LS1;([^;]+);([0-9]+)/([0-9]+);([a-z]+);([a-z_.]+)", text, re.ASCII)
        if match is None:
            raise InputError([Problem(WRONG_TYPE, "this is not the QR code of a fallback label")])
        return cls(unquote(match[1]), int(match[2]), int(match[3]), match[4], match[5])


@attrs.frozen
class Sscc:
    """A Serial Shipping Container Code under the user's own, licensed GS1 company prefix.

    Nothing can tell whether the prefix is licensed, or whether a serial was used before: the user
    answers for both.  It is off by default: FedEx Ground reads such codes too.

    Attributes:
        company_prefix: 4 to 12 digits, as GS1 licensed it.
        serial: Which unit this is; with the prefix at most 16 digits.
        extension: One digit of the user's choice.

    Source: GS1 General Specifications, SSCC, AI (00).

    >>> Sscc("0614141", 123456789).digits
    '006141411234567890'
    >>> Sscc("06141", 123456789012)
    Traceback (most recent call last):
    lockership.errors.InputError: sscc.serial: 12 digits, 11 fit beside this prefix
    """

    company_prefix: str
    serial: int
    extension: int = 0

    def __attrs_post_init__(self) -> None:
        problems: list[Problem] = []
        prefix = self.company_prefix
        if not re.fullmatch(r"[0-9]{4,12}", prefix):
            problems.append(Problem(OUT_OF_RANGE, "4 to 12 digits are accepted", "sscc.company_prefix"))
        elif (found := len(str(self.serial))) > (room := 16 - len(prefix)):
            message = f"{found} digits, {room} fit beside this prefix"
            problems.append(Problem(OUT_OF_RANGE, message, "sscc.serial"))
        if self.serial < 0:
            problems.append(Problem(OUT_OF_RANGE, "it cannot be negative", "sscc.serial"))
        if self.extension not in range(10):
            problems.append(Problem(OUT_OF_RANGE, "one digit is accepted", "sscc.extension"))
        if problems:
            raise InputError(problems)

    @property
    def digits(self) -> str:
        """The 18 digits, the last of which checks the others."""
        serial = str(self.serial).zfill(16 - len(self.company_prefix))
        digits = f"{self.extension}{self.company_prefix}{serial}"
        total = sum(int(d) * (3 if n % 2 == 0 else 1) for n, d in enumerate(digits))
        return digits + str(-total % 10)
