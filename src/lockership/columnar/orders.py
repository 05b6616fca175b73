"""Orders by column: the addresses, carriers, signals and parcels of a batch, and which rows are ordinary.

A row with a home address, a location or several parcels is not: it goes through the door alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lockership.address import FIELDS, Address, Signals
from lockership.carriers import carrier_key
from lockership.columnar.arrow import pa, pc
from lockership.columnar.fields import Bools, Coded, Codes, Fields, bools_of, pairs, translated
from lockership.columnar.parcels import read_parcels
from lockership.columnar.streets import EVIDENCE, may_be_more, starts_with_number
from lockership.errors import MAX_TEXT, InputError
from lockership.recognition.place import is_covered
from lockership.routing import is_barred
from lockership.units import length_unit, weight_unit

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Orders"]


class Orders:
    """The orders of one batch, by column.

    Args:
        fields: The batch.
        own: The words of the seller's own networks, as :func:`lockership.columnar.streets.own_words`.

    Attributes:
        ordinary: The rows of which everything here can be used; the others hold anything.
        order_id: The ids as they are echoed.
        carrier, service, signals, barred: By their different values.
        parcels: The parcels.
        flagged: The rows of which the sales channel says that they go to a pick-up point.
        numbered: The rows whose first street line begins with a number.
        rows: The ordinary rows whose address must be looked at closely.
        lines: The fields of their addresses, without a country.
    """

    def __init__(self, fields: Fields, own: str = "") -> None:
        self.order_id = _order_ids(fields)
        fields.keep(fields.present("ship_to"))
        texts = {name: fields.text(f"ship_to.{name}") for name in FIELDS if name != "country"}
        self._size = len(fields.ordinary)
        self._read_country(fields)
        self.carrier = _texts(fields, "carrier", needed=True)
        self.service = _texts(fields, "service", needed=False)
        self.signals = _signals(fields)
        self.parcels = read_parcels(fields)
        _nothing_else(fields)
        told = [signals is not None and signals.access_point for signals in self.signals.values]
        self.flagged = _each(self.signals, told, other=False)
        barred = [is_barred(signals) for signals in self.signals.values]
        self.barred = Coded(_each(self.signals, barred, other=False).astype(np.int64), [False, True])
        more = self._may_be_more(fields, texts, own) | self.flagged
        self._read_closely(fields, texts, np.flatnonzero(more & fields.ordinary))
        self.ordinary = fields.ordinary

    def _read_country(self, fields: Fields) -> None:
        country = fields.coded("ship_to.country")
        covered = [isinstance(v, str) and len(v) <= MAX_TEXT and is_covered(v) for v in country.values]
        fields.keep(_each(country, covered, other=True))

    def _may_be_more(self, fields: Fields, texts: dict[str, Any], own: str) -> Bools:
        """Tell which addresses may be more than a plain street; those without a line are for the door."""
        nothing = pa.nulls(self._size, pa.string())
        some = np.zeros(self._size, dtype=np.bool_)
        for name in ("street1", "company", "street2", "street3"):
            if texts[name] is not None and not some.all():
                some |= bools_of(pc.match_substring_regex(texts[name], "[!-~]"))
        fields.keep(some)
        street1 = nothing if texts["street1"] is None else texts["street1"]
        self.numbered = bools_of(starts_with_number(street1))
        return may_be_more([nothing if texts[name] is None else texts[name] for name in EVIDENCE], own)

    def _read_closely(self, fields: Fields, texts: dict[str, Any], rows: Codes) -> None:
        """Read the text of some rows as the door does, and leave to it those that it must read itself."""
        chosen = pa.array(rows)
        nothing = pa.array([""]).take(pa.array(np.zeros(len(rows), np.int64)))
        lines: dict[str, Any] = {}
        for name, column in texts.items():
            lines[name] = nothing if column is None else fields.cells(column.take(chosen), rows)
            if column is not None and fields.nested:
                fields.ordinary[rows[bools_of(pc.match_substring(lines[name], "\x00"))]] = False
        kept = fields.ordinary[rows]
        self.rows = rows[kept]
        self.lines = {name: column.filter(pa.array(kept)) for name, column in lines.items()}

    def closely(self, rows: Codes) -> Codes:
        """Give the numbers of these rows among :attr:`rows`."""
        return np.searchsorted(self.rows, rows)

    def filled(self, name: str, closely: Codes) -> Bools:
        """Tell in which of some rows, by their number among :attr:`rows`, a field is filled."""
        texts = self.lines[name].take(pa.array(closely)).to_pylist()
        return np.array([bool(text.strip()) for text in texts], dtype=np.bool_)

    def address(self, row: int) -> Address:
        """Give the address of one of :attr:`rows`, without its country."""
        place = int(self.closely(np.array([row]))[0])
        return Address(**{name: column[place].as_py() for name, column in self.lines.items()})


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
        fields.keep(bools_of(column.is_valid()))
        return column
    text = fields.text("order_id")
    if text is None or not pa.types.is_string(text.type):
        fields.keep(np.zeros(len(fields.ordinary), dtype=np.bool_))
        return pa.nulls(len(fields.ordinary), pa.string())
    if not fields.nested:
        text = fields.cells(text)
    fields.keep(bools_of(column.is_valid() if fields.nested else pc.not_equal(text, "")))
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
                fields.keep(~bools_of(pc.not_equal(home, "")))
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
