"""Orders by column: the addresses, carriers, signals and parcels of a batch, and which rows are ordinary.

A row with a home address, a location or several parcels is not: it goes through the door alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

from lockership.address import FIELDS, Signals
from lockership.carriers import carrier_key
from lockership.columnar.arrow import pa, pc
from lockership.columnar.fields import Bools, Coded, Codes, Fields, pairs, translated
from lockership.columnar.parcels import read_parcels
from lockership.columnar.streets import EVIDENCE, may_be_more, starts_with_number
from lockership.errors import MAX_TEXT, InputError
from lockership.recognition.place import is_covered
from lockership.routing import is_barred
from lockership.units import length_unit, weight_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Orders"]


class Orders:
    """The orders of one batch, by column.

    Attributes:
        ordinary: The rows of which everything here can be used; the others hold anything.
        order_id: The ids as they are echoed.
        carrier, service, signals, barred: By their different values.
        parcels: The parcels.
        more: The rows whose address may be more than a plain street.
        numbered: The rows whose first street line begins with a number.
    """

    def __init__(self, fields: Fields) -> None:
        self.order_id = _order_ids(fields)
        fields.keep(fields.present("ship_to"))
        self._texts = {name: fields.text(f"ship_to.{name}") for name in FIELDS if name != "country"}
        self._size = len(fields.ordinary)
        self._read_country(fields)
        self.carrier = _texts(fields, "carrier", needed=True)
        self.service = _texts(fields, "service", needed=False)
        self.signals = _signals(fields)
        self.parcels = read_parcels(fields)
        _nothing_else(fields)
        self.more = self._read_lines(fields)
        flagged = translated(
            self.signals, [s is not None and s.access_point for s in self.signals.values], other=False
        )
        self.more = self.more | flagged.astype(np.bool_)
        barred = [is_barred(signals) for signals in self.signals.values]
        self.barred = Coded(_each(self.signals, barred, other=False).astype(np.int64), [False, True])
        self.ordinary = fields.ordinary

    def _read_country(self, fields: Fields) -> None:
        country = fields.coded("ship_to.country")
        covered = [isinstance(v, str) and len(v) <= MAX_TEXT and is_covered(v) for v in country.values]
        fields.keep(_each(country, covered, other=True))
        self._country = country

    def _read_lines(self, fields: Fields) -> Bools:
        nothing = pa.nulls(self._size, pa.string())
        lines = [nothing if self._texts[name] is None else self._texts[name] for name in EVIDENCE]
        some = np.zeros(self._size, dtype=np.bool_)
        for name in ("street1", "company", "street2", "street3"):
            if self._texts[name] is not None and not some.all():
                some |= _true(pc.match_substring_regex(self._texts[name], "[!-~]"))
        fields.keep(some)
        street1 = self._texts["street1"]
        self.numbered = (
            np.zeros(self._size, dtype=np.bool_) if street1 is None else _true(starts_with_number(street1))
        )
        return _true(may_be_more(lines))

    def texts(self, rows: Codes) -> Iterator[tuple[str, ...]]:
        """Give the addresses of these rows, field by field in the order of an ``Address``."""
        chosen = pa.array(rows)
        nothing = [""] * len(rows)
        columns = [
            [self._country.values[code] if code >= 0 else "" for code in self._country.codes[rows]]
            if name == "country"
            else nothing
            if (column := self._texts[name]) is None
            else [value or "" for value in column.take(chosen).to_pylist()]
            for name in FIELDS
        ]
        return zip(*columns, strict=True)


def _true(column: Any) -> Bools:  # noqa: ANN401 - pyarrow has no types
    return cast("Bools", pc.fill_null(column, fill_value=False).to_numpy(zero_copy_only=False))


def _each(coded: Coded, values: list[bool], *, other: bool) -> Bools:
    return translated(coded, values, other=other).astype(np.bool_)


def _texts(fields: Fields, path: str, *, needed: bool) -> Coded:
    coded = fields.coded(path)
    fine = [
        isinstance(v, str) and len(v) <= MAX_TEXT and (not needed or _is_carrier(v)) for v in coded.values
    ]
    fields.keep(translated(coded, fine, other=not needed).astype(np.bool_))
    return coded


def _is_carrier(name: str) -> bool:
    try:
        return bool(carrier_key(name))
    except InputError:
        return False


def _order_ids(fields: Fields) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Give the ids as they are echoed; rows without one are left to the door."""
    column = fields.column("order_id")
    if column is None or pa.types.is_null(column.type):
        fields.keep(np.zeros(len(fields.ordinary), dtype=np.bool_))
        return pa.nulls(len(fields.ordinary), pa.string())
    if pa.types.is_integer(column.type):
        fields.keep(_true(column.is_valid()))
        return column
    text = fields.text("order_id")
    if text is None or not pa.types.is_string(text.type):
        fields.keep(np.zeros(len(fields.ordinary), dtype=np.bool_))
        return pa.nulls(len(fields.ordinary), pa.string())
    fields.keep(_true(column.is_valid() if fields.nested else pc.not_equal(text, "")))
    return text


_SIGNALS = (
    "amazon_is_access_point_order",
    "amazon_address_type",
    "amazon_fulfilled",
    "amazon_has_access_point",
)


def _signals(fields: Fields) -> Coded:
    """Read what the sales channel says: few different things in a whole order book."""
    both = pairs(*(fields.coded(f"signals.{name}") for name in _SIGNALS))
    read: list[Signals | None] = []
    fine: list[bool] = []
    for flag, kind, fulfilled, can in both.values:
        told = all(value is None or isinstance(value, bool) for value in (flag, fulfilled, can))
        fine.append(told and (kind is None or (isinstance(kind, str) and len(kind) <= MAX_TEXT)))
        read.append(Signals(flag, kind, fulfilled, can) if fine[-1] else None)
    fields.keep(_each(both, fine, other=True))
    return Coded(both.codes, read)


_OF_A_PLACE = ("id", "max_length", "max_width", "max_height", "max_weight", "status")


def _nothing_else(fields: Fields) -> None:
    """Leave rows to the door that have a home address, a location or several parcels."""
    if fields.nested:
        for block in ("home", "parcels"):
            fields.keep(~fields.present(block))
    elif fields.has("home"):
        for name in FIELDS:
            home = fields.text(f"home.{name}")
            if home is not None:
                fields.keep(~_true(pc.not_equal(home, "")))
    if fields.has("location"):
        for name in _OF_A_PLACE:
            fields.keep(fields.coded(f"location.{name}").codes < 0)
        for name, read in (("unit", length_unit), ("weight_unit", weight_unit)):
            unit = fields.coded(f"location.{name}")
            fields.keep(
                translated(unit, [_is_unit(v, read) for v in unit.values], other=True).astype(np.bool_)
            )


def _is_unit(value: object, read: Callable[[object], str]) -> bool:
    try:
        return bool(read(value))
    except InputError:
        return False
