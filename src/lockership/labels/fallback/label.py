"""What a fallback label says: plain values, checked when they are made."""

from __future__ import annotations

from collections.abc import Iterable  # noqa: TC003 - attrs reads the types of converters
from datetime import datetime
from typing import cast

import attrs

from lockership.address import Address
from lockership.decision import Decision
from lockership.errors import OUT_OF_RANGE, WRONG_TYPE, InputError, Problem
from lockership.explain import LANGUAGES
from lockership.labels.fallback.payload import Sscc, Ticket, scan_text

__all__ = ["Cover", "Label", "NoCarrierLabel", "SkuLine"]

SQUARE_CODES = ("qr", "datamatrix")


@attrs.frozen
class SkuLine:
    """One line of what is in the parcel: what, how many, where it lies."""

    sku: str
    quantity: int = 1
    bin: str = ""
    name: str = ""


@attrs.frozen
class NoCarrierLabel:
    """Why there is no carrier's label.

    Attributes:
        api: Who was asked: ``EasyPost``, ``Shippo``.
        error: What it said, in one sentence; what looks like a tracking number is blotted out.
        at: The moment of the last try, with its time zone.
        tries: How often it was asked.
    """

    api: str
    error: str
    at: datetime
    tries: int = 1

    def __attrs_post_init__(self) -> None:
        problems = _moment_problems(self.at, "no_carrier_label.at")
        if self.tries < 1:
            problems.append(Problem(OUT_OF_RANGE, "it must be 1 or more", "no_carrier_label.tries"))
        if problems:
            raise InputError(problems)


def _order_id(value: str | int) -> str:
    return str(value) if type(value) is int else cast("str", value)  # anything else is refused below


def _sku_lines(value: Iterable[SkuLine]) -> tuple[SkuLine, ...]:
    return tuple(value)


def _languages(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


@attrs.frozen
class Label:
    """One fallback label, for one parcel.

    Attributes:
        decision: Where the parcel goes and why; ``review`` makes a label that says STOP.
        order_id: The order, text or number, as the shop gives it; at most 80 characters.
        printed_at: The moment that is printed, with its time zone.  It is given, never looked up, so
            that the same input makes the same bytes.
        sender: Where the parcel comes from, or None.
        package, packages: Which parcel of how many.
        contents: What is in it.
        no_carrier_label: Why the carrier's own label is not there, or None.
        languages: One or two of ``en``, ``zh``, ``es``; the first is the larger one.
        scan_id: What the internal barcode says; the order id when ``""``.
        square: The square code: ``qr``, or ``datamatrix`` (``pip install 'lockership[datamatrix]'``).
        sscc: An SSCC under the user's own GS1 prefix, or None: then there is no such code.

    The label never carries the declared value, and a code only when no sorter can take it for a
    carrier's (:func:`~lockership.labels.fallback.payload.carrier_lookalike`).

    Raises:
        InputError: Any of this is out of range; all problems at once.

    >>> from datetime import UTC
    >>> from lockership import Parcel, route_parcel
    >>> home = Address(name="Ann", street1="1 Main St", city="Reno", state="NV", zip="89501")
    >>> decision = route_parcel(home, "ups", Parcel.of("14x10x6 in", "8.2 lb"))
    >>> Label(decision, "A-1001", datetime(2026, 11, 24, 9, 30, tzinfo=UTC), packages=2).scan_text
    'A-1001/1'
    >>> Label(decision, "A-1001", datetime(2026, 11, 24, 9, 30), package=3)
    Traceback (most recent call last):
    lockership.errors.InputError: printed_at: a moment needs its time zone; package: 3 of 1
    """

    decision: Decision
    order_id: str = attrs.field(converter=_order_id)
    printed_at: datetime
    sender: Address | None = attrs.field(default=None, repr=False)
    package: int = 1
    packages: int = 1
    contents: tuple[SkuLine, ...] = attrs.field(default=(), converter=_sku_lines)
    no_carrier_label: NoCarrierLabel | None = None
    languages: tuple[str, ...] = attrs.field(default=("en",), converter=_languages)
    scan_id: str = ""
    square: str = "qr"
    sscc: Sscc | None = None
    scan_text: str = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        problems = _common_problems(self)
        if self.square not in SQUARE_CODES:
            accepted = ", ".join(SQUARE_CODES)
            problems.append(Problem(OUT_OF_RANGE, f"{self.square!r} is not one of {accepted}", "square"))
        if not problems:
            try:
                field = "scan_id" if self.scan_id else "order_id"
                text = scan_text(self.scan_id or self.order_id, self.package, self.packages, field)
                object.__setattr__(self, "scan_text", text)
            except InputError as error:
                problems += error.problems
        if problems:
            raise InputError(problems)

    @property
    def ticket(self) -> Ticket:
        """What the QR code says."""
        decision = self.decision
        kind = str(decision.kind)
        return Ticket(self.order_id, self.package, self.packages, decision.route.value, kind)


@attrs.frozen
class Cover:
    """A page to stick over a fallback label once the carrier's label is there.

    It says that the label under it is void, and carries no code at all, so that nothing is scanned.
    """

    order_id: str = attrs.field(converter=_order_id)
    printed_at: datetime
    package: int = 1
    packages: int = 1
    languages: tuple[str, ...] = attrs.field(default=("en",), converter=_languages)

    def __attrs_post_init__(self) -> None:
        if problems := _common_problems(self):
            raise InputError(problems)


def _common_problems(label: Label | Cover) -> list[Problem]:
    problems: list[Problem] = []
    order_id: object = label.order_id  # what a caller without type checker may have passed
    if not isinstance(order_id, str) or not order_id.strip():
        problems.append(Problem(WRONG_TYPE, "expected text or a whole number", "order_id"))
    elif len(order_id) > 80:
        found = f"{len(order_id)} characters, at most 80 are accepted"
        problems.append(Problem(OUT_OF_RANGE, found, "order_id"))
    problems += _moment_problems(label.printed_at, "printed_at")
    if not 1 <= label.package <= label.packages:
        problems.append(Problem(OUT_OF_RANGE, f"{label.package} of {label.packages}", "package"))
    languages = label.languages
    accepted = ", ".join(LANGUAGES)
    if not 1 <= len(languages) <= 2 or len(set(languages)) < len(languages):
        problems.append(Problem(OUT_OF_RANGE, f"one or two of {accepted} are accepted", "languages"))
    elif not set(languages) <= set(LANGUAGES):
        problems.append(Problem(OUT_OF_RANGE, f"{languages!r} are not all among {accepted}", "languages"))
    return problems


def _moment_problems(moment: object, field: str) -> list[Problem]:
    if not isinstance(moment, datetime):
        return [Problem(WRONG_TYPE, f"expected a datetime, found {type(moment).__name__}", field)]
    if moment.utcoffset() is None:
        return [Problem(OUT_OF_RANGE, "a moment needs its time zone", field)]
    return []
