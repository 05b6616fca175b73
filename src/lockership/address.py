"""An address as the buyer wrote it, and what the sales channel says about it in structure."""

from __future__ import annotations

from operator import attrgetter

import attrs

from lockership.errors import EMPTY_ADDRESS, MAX_TEXT, TOO_LONG, WRONG_TYPE, InputError, Problem, type_name

__all__ = ["Address", "Signals"]


def _text(value: str | None) -> str:
    return "" if value is None else value


@attrs.frozen
class Address:
    """A US address, field by field, exactly as it was written; an absent field is ``""``.

    Nothing is normalised, checked against a directory or corrected: recognition needs the words of
    the buyer.  An absent country means the United States.

    Raises:
        InputError: A field is no text or has over 1,000 characters, or there is no address line at
            all (company and three street lines are blank).  All problems at once.

    >>> Address(
    ...     company="UPS Access Point - CVS 8421",
    ...     street1="1250 W Sunset Blvd",
    ...     city="Los Angeles",
    ...     state="CA",
    ...     zip="90026",
    ... ).country
    ''
    >>> Address(name="Zhang Wei", city="Los Angeles")  # nobody can deliver to a name in a city
    Traceback (most recent call last):
    lockership.errors.InputError: an address needs at least one line: company, street1, street2 or street3
    """

    name: str = attrs.field(default="", converter=_text)
    company: str = attrs.field(default="", converter=_text)
    street1: str = attrs.field(default="", converter=_text)
    street2: str = attrs.field(default="", converter=_text)
    street3: str = attrs.field(default="", converter=_text)
    city: str = attrs.field(default="", converter=_text)
    state: str = attrs.field(default="", converter=_text)
    zip: str = attrs.field(default="", converter=_text)
    country: str = attrs.field(default="", converter=_text)
    phone: str = attrs.field(default="", converter=_text)
    email: str = attrs.field(default="", converter=_text)

    def __attrs_post_init__(self) -> None:
        if not _is_sound(self) and (problems := address_problems({n: getattr(self, n) for n in FIELDS})):
            raise InputError(problems)


FIELDS: tuple[str, ...] = tuple(field.name for field in attrs.fields(Address))
LINES = ("company", "street1", "street2", "street3")
_texts_of = attrgetter(*FIELDS)


def _is_sound(address: Address) -> bool:
    """Tell most good addresses by one look; whatever else there is wants the closer look below."""
    try:
        short = len("".join(_texts_of(address))) <= MAX_TEXT
    except TypeError:  # a field is no text
        return False
    return short and bool(address.street1.strip() or address.company.strip())


def address_problems(values: dict[str, object], prefix: str = "") -> list[Problem]:
    """Say everything that stands against an address with these fields; field names get the prefix."""
    problems: list[Problem] = []
    blank = True
    for name in FIELDS:
        value = values.get(name)
        if value is None:
            continue
        if not isinstance(value, str):
            found = f"expected text, found {type_name(value)}"
            problems.append(Problem(WRONG_TYPE, found, prefix + name))
            blank = False
        elif len(value) > MAX_TEXT:
            found = f"{len(value):,} characters, at most {MAX_TEXT:,} are accepted"
            problems.append(Problem(TOO_LONG, found, prefix + name))
            blank = False
        elif name in LINES and blank and value.strip():
            blank = False
    if blank:
        message = "an address needs at least one line: company, street1, street2 or street3"
        problems.append(Problem(EMPTY_ADDRESS, message, prefix.rstrip(".") or None))
    return problems


@attrs.frozen
class Signals:
    """What a sales channel says in structure, beside the text of the address.

    Attributes:
        amazon_is_access_point_order: ``IsAccessPointOrder`` of Amazon's Orders API v0.
        amazon_address_type: ``addressType`` of Amazon's Orders API 2026-01-01, or ``AddressType`` of
            v0; only ``PICKUP_POINT`` says something.
        amazon_fulfilled: True when Amazon fulfils the order (FBA, MCF), False when the seller does.
        amazon_has_access_point: ``HAS_ACCESS_POINT`` among the delivery preferences or capabilities:
            what the address can do, not what the buyer chose.  Evidence only; it decides nothing.

    Source: github.com/amzn/selling-partner-api-models, ordersV0.json and orders_2026-01-01.json.

    >>> Signals(amazon_address_type="pickup_point").access_point
    True
    >>> Signals(amazon_is_access_point_order=False).access_point  # says nothing: the text decides
    False
    """

    amazon_is_access_point_order: bool | None = None
    amazon_address_type: str | None = None
    amazon_fulfilled: bool | None = None
    amazon_has_access_point: bool | None = None

    @property
    def silent(self) -> bool:
        """Whether the channel says nothing at all."""
        return (
            self.amazon_is_access_point_order is None
            and self.amazon_address_type is None
            and self.amazon_fulfilled is None
            and self.amazon_has_access_point is None
        )

    @property
    def access_point(self) -> bool:
        """Whether the channel says that the buyer chose a pick-up point."""
        return self.amazon_is_access_point_order is True or (
            self.amazon_address_type is not None
            and self.amazon_address_type.strip().upper() == "PICKUP_POINT"
        )
