"""Everything that lockership raises, and when.

::

    LockershipError                 never raised itself
    ├── InputError (ValueError)     what was given cannot be understood: .code .field .problems
    ├── NothingToShip (ValueError)  a decision under review has no hand-off: nothing may be shipped
    ├── MissingDependency (ImportError)   an optional package is not installed
    ├── LedgerConflict              the ledger does not let a parcel go that way: .order_id .parcel .state
    ├── LedgerUnavailable           the ledger cannot be read or written: nothing more may be bought
    └── LabelError                  never raised itself: .api .reference .bought .code .status
        ├── Inexpressible           this label API has no words for this hand-off: .reason .source
        ├── LabelRejected           the API said no: nothing bought, asking again will not help
        ├── LabelUnavailable        no answer, or "later": nothing bought, may be asked again: .retry_after
        └── LabelUncertain          may be bought: never buy again or fall back, look it up: .quote .traceable

A refused parcel is no error: it is a :class:`~lockership.Decision`.
No message carries a name, an address or a key of a person: it names the field and says what is
accepted.  Every error travels through pickle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "Inexpressible",
    "InputError",
    "LabelError",
    "LabelRejected",
    "LabelUnavailable",
    "LabelUncertain",
    "LedgerConflict",
    "LedgerUnavailable",
    "LockershipError",
    "MissingDependency",
    "NothingToShip",
    "Problem",
]

MISSING_FIELD: Final = "missing_field"
WRONG_TYPE: Final = "wrong_type"
NOT_A_NUMBER: Final = "not_a_number"
OUT_OF_RANGE: Final = "out_of_range"
UNKNOWN_UNIT: Final = "unknown_unit"
UNKNOWN_TRAIT: Final = "unknown_trait"
EMPTY_ADDRESS: Final = "empty_address"
TOO_LONG: Final = "too_long"
NOT_JSON: Final = "not_json"

MAX_TEXT = 1_000
"""Characters that any one field may have."""


def type_name(value: object) -> str:
    """Name the type of a value as JSON does, for a message that says what was found.

    >>> type_name({}), type_name(True), type_name(None)
    ('an object', 'true or false', 'null')
    """
    return _TYPE_NAMES.get(type(value).__name__, type(value).__name__)


_TYPE_NAMES = {
    "dict": "an object",
    "list": "a list",
    "tuple": "a list",
    "str": "text",
    "bool": "true or false",
    "int": "a number",
    "float": "a number",
    "Decimal": "a number",
    "JsonNumber": "a number",
    "NoneType": "null",
}


class Problem(NamedTuple):
    """One thing that is wrong with what was given."""

    code: str
    message: str
    field: str | None = None


class LockershipError(Exception):
    """Base of all that lockership raises; never raised itself."""


class InputError(LockershipError, ValueError):
    """What was given cannot be understood.

    All problems of a record are in :attr:`problems`; :attr:`code`, :attr:`message` and
    :attr:`field` are those of the first.

    >>> raise InputError([Problem("unknown_unit", "unit 'stone' is not one of lb, oz, g, kg", "weight")])
    Traceback (most recent call last):
    lockership.errors.InputError: weight: unit 'stone' is not one of lb, oz, g, kg
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        self.code, self.message, self.field = self.problems[0]
        super().__init__(
            "; ".join(p.message if p.field is None else f"{p.field}: {p.message}" for p in self.problems)
        )

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class NothingToShip(LockershipError, ValueError):
    """The decision is ``review``: a person must act first, so there is no hand-off and no label."""


class MissingDependency(LockershipError, ImportError):
    """An optional package is not installed; the message says which command installs it."""


class LedgerConflict(LockershipError):
    """The ledger does not let a parcel go that way, or another station is at work on it.

    Attributes:
        order_id: The order.
        parcel: Which of its parcels.
        state: Where the parcel stands, or ``""`` when the ledger does not know it.
        retryable: Whether it is only a matter of waiting for the other station.
    """

    def __init__(
        self, message: str, *, order_id: str, parcel: int, state: str = "", retryable: bool = False
    ) -> None:
        super().__init__(message)
        self.order_id = order_id
        self.parcel = parcel
        self.state = state
        self.retryable = retryable

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.args, self.__dict__)


class LedgerUnavailable(LockershipError):
    """The ledger cannot be read or written: the disk is full, the file is locked, the database is away.

    What it says is true up to the last step that it confirmed.  Stop, mend it, and run again: a purchase
    that was begun stands in it and is looked up.
    """


class LabelError(LockershipError):
    """Base of what a label API may answer instead of a label; never raised itself.

    Attributes:
        api: The label API, ``easypost`` or ``shippo``.
        reference: The caller's own reference of the parcel, or None.
        bought: What had been paid for before this happened: an id of the API, or None.
        code: The API's own code, or None.
        status: The HTTP status of its answer, or None when there was none.
        retryable: Whether the same may simply be asked again.
    """

    retryable: ClassVar[bool] = False

    def __init__(
        self,
        message: str,
        *,
        api: str,
        reference: str | None = None,
        bought: str | None = None,
        code: str | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.api = api
        self.reference = reference
        self.bought = bought
        self.code = code
        self.status = status

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.args, self.__dict__)


class Inexpressible(LabelError):
    """This label API has no words for this hand-off, so it is not asked at all.

    Attributes:
        reason: Why, in one sentence.
        source: Where that can be read, or None.
    """

    def __init__(
        self, reason: str, *, api: str, source: str | None = None, reference: str | None = None
    ) -> None:
        super().__init__(f"{api}: {reason}", api=api, reference=reference)
        self.reason = reason
        self.source = source


class LabelRejected(LabelError):
    """The label API said no: nothing was bought, and the same request will not help.

    Draw a fallback label, or correct what the API names and ask for a new one.
    """


class LabelUnavailable(LabelError):
    """The label API did not answer, or said "later": nothing was bought by it, and it may be asked again.

    Attributes:
        retry_after: Seconds after which the API wants to be asked again, or None when it did not say.
    """

    retryable: ClassVar[bool] = True
    retry_after: float | None = None


class LabelUncertain(LabelError):
    """A label was asked for and what became of it is not known: it may be paid for.

    Never buy another one, never draw a fallback label in silence: ask the API what became of it.
    :attr:`bought` is the id to ask about.

    Attributes:
        quote: The :class:`~lockership.labels.Quote` that was being bought, or None.
        traceable: Whether the API can be asked what became of it.  Carriers' own APIs cannot: a person
            finds out, and tells the ledger.
    """

    traceable: bool = True

    def __init__(
        self,
        message: str,
        *,
        api: str,
        reference: str | None = None,
        bought: str | None = None,
        code: str | None = None,
        status: int | None = None,
        quote: object = None,
    ) -> None:
        super().__init__(message, api=api, reference=reference, bought=bought, code=code, status=status)
        self.quote = quote


def _rebuild(
    cls: type[LockershipError], args: tuple[object, ...], state: dict[str, object]
) -> LockershipError:
    """Bring an error back from pickle without asking its constructor again."""
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error
