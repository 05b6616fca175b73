"""Orders out of JSON Lines: line by line, and by column, many at a time."""

from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING, Any, cast

from lockership.errors import InputError
from lockership.files.tables import Piece, Raw, UnreadableFile, Warn, text_file
from lockership.inbound import JsonNumber, parse_json
from lockership.inbound.orders import zip_text
from lockership.inbound.usual import ADDRESS, SIGNALS, is_no_place

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BOM", "JsonOrders", "json_lines"]

BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_BYTES = 1 << 23
"""Bytes of a piece: what is kept of a line to be read again goes with it."""

_HEAD = ("order_id", "carrier", "service")
_MEASURES = (
    *("length", "width", "height", "dimension_unit", "weight", "weight_unit", "declared_value", "currency"),
)
_FIELDS = (*_HEAD, *ADDRESS, *_MEASURES, "traits", *SIGNALS)
_FLAGS = frozenset(SIGNALS) - {"amazon_address_type"}
_NOTHING = (None,) * len(_FIELDS)


def json_lines(file: IO[bytes], _: Warn) -> Iterator[Raw]:
    """Read lines that are not blank, with their numbers.

    Raises:
        UnreadableFile: It is marked as UTF-16, and is not.
    """
    for number, line in enumerate(_lines(file), 1):
        if (text := line.removeprefix(BOM) if number == 1 else line).strip():
            yield number, text


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """Give lines of UTF-8; Windows PowerShell writes UTF-16 with a mark, so that is read as well."""
    first = file.readline()
    if not first.startswith(_UTF_16):
        yield first
        yield from file
        return
    text = io.TextIOWrapper(io.BytesIO(first + file.read()), "utf-16", newline="\n")
    try:
        for line in text:
            yield line.encode()
    except UnicodeError as error:
        raise UnreadableFile("the input is marked as UTF-16, and is not") from error


class JsonOrders:
    """A file of JSON Lines.

    An order that is as most are is laid into columns; every other one goes through the door by its line.

    Attributes:
        schema: The schema of its pieces, as the order JSON, numbers by their text.
        rows: None: how many lines it has is known at its end.

    Raises:
        UnreadableFile: It is a file of another kind.
        MissingDependency: pyarrow is not installed.
    """

    rows = None

    def __init__(self, file: IO[bytes], warn: Warn) -> None:
        from lockership.columnar.arrow import pa  # noqa: PLC0415 - an extra

        self._pa = pa
        self._lines = json_lines(text_file(file), warn)
        kinds = {name: pa.bool_() if name in _FLAGS else pa.string() for name in _FIELDS}
        kinds["traits"] = pa.list_(pa.string())
        self._kinds = kinds
        blocks = {"ship_to": ADDRESS, "parcel": (*_MEASURES, "traits"), "signals": SIGNALS}
        structs = [(name, pa.struct([(one, kinds[one]) for one in names])) for name, names in blocks.items()]
        self._blocks = blocks
        self.schema = pa.schema([*((name, pa.string()) for name in _HEAD), *structs])

    def pieces(self, rows: int) -> Iterator[Piece]:
        """Read the file in pieces of at most so many orders.

        Raises:
            UnreadableFile: It is marked as UTF-16, and is not.
        """
        piece = _Lines()
        for number, line in self._lines:
            piece.add(number, line)
            if len(piece.numbers) >= rows or piece.bytes >= _BYTES:
                yield self._piece(piece)
                piece = _Lines()
        if piece.numbers:
            yield self._piece(piece)

    def _piece(self, lines: _Lines) -> Piece:
        unusual: set[int] = set()
        columns = {
            name: self._column(name, lines.fields[at :: len(_FIELDS)], unusual)
            for at, name in enumerate(_FIELDS)
        }
        if unusual:  # without an id they are left to the door
            ids = [None if row in unusual else one for row, one in enumerate(columns["order_id"].to_pylist())]
            columns["order_id"] = self._pa.array(ids, self._pa.string())
        arrays = [columns[name] for name in _HEAD]
        arrays += [
            self._pa.StructArray.from_arrays([columns[one] for one in names], list(names))
            for names in self._blocks.values()
        ]
        batch = self._pa.RecordBatch.from_arrays(arrays, schema=self.schema)
        return Piece(batch, lines.numbers, lines.ids, lines.record)

    def _column(self, name: str, values: list[Any], unusual: set[int]) -> Any:  # noqa: ANN401 - pyarrow has no types
        """Make a column of the values of one field; rows that hold anything else are noted as unusual."""
        if name in _NUMBERS:
            values = [value.text if type(value) is JsonNumber else value for value in values]
        elif name == "zip":
            values = [value if type(value) is str else zip_text(value) for value in values]
        try:
            return self._pa.array(values, self._kinds[name])
        except (self._pa.ArrowException, UnicodeError, TypeError):
            return self._one_by_one(name, values, unusual)

    def _one_by_one(self, name: str, values: list[Any], unusual: set[int]) -> Any:  # noqa: ANN401
        kept: list[Any] = []
        for row, value in enumerate(values):
            try:
                self._pa.array([value], self._kinds[name])
            except (self._pa.ArrowException, UnicodeError, TypeError):
                unusual.add(row)
                kept.append(None)
            else:
                kept.append(value)
        return self._pa.array(kept, self._kinds[name])


_NUMBERS = frozenset({"order_id", "length", "width", "height", "weight", "declared_value"})


class _Lines:
    """The lines of one piece, their fields one after the other."""

    def __init__(self) -> None:
        self.fields: list[Any] = []  # of all orders: objects of each would keep the garbage collector busy
        self.lines: list[bytes] = []
        self.ids: list[Any] = []
        self.numbers: list[int] = []
        self.bytes = 0

    def add(self, number: int, line: bytes) -> None:
        """Read one line; one that is no order leaves gaps, and is told when the door reads it again."""
        try:
            order = parse_json(line)
        except InputError:
            order = None
        self.fields += _fields(cast("dict[str, Any]", order)) if type(order) is dict else _NOTHING
        self.ids.append(self.fields[-len(_FIELDS)])
        self.lines.append(line)
        self.numbers.append(number)
        self.bytes += len(line)

    def record(self, row: int) -> Any:  # noqa: ANN401 - whatever JSON holds
        """Give one order again as the door reads it."""
        return parse_json(self.lines[row])


def _fields(order: dict[str, Any]) -> tuple[Any, ...]:
    """Take an order apart; one that is not as most are leaves nothing but gaps, and no id."""
    get = order.get
    ship_to, parcel, signals = get("ship_to"), get("parcel"), get("signals")
    home = get("home")
    if (
        type(ship_to) is not dict
        or type(parcel) is not dict
        or get("parcels") is not None
        or not (home is None or home == {})
        or not is_no_place(get("location"))
        or not (signals is None or type(signals) is dict)
    ):
        return _NOTHING
    order_id = get("order_id")
    if type(order_id) is JsonNumber and not order_id.finite:
        return _NOTHING
    told = _SILENT if signals is None else map(cast("dict[str, Any]", signals).get, SIGNALS)
    address, measures = cast("dict[str, Any]", ship_to).get, cast("dict[str, Any]", parcel).get
    return (
        *(order_id, get("carrier"), get("service")),
        *map(address, ADDRESS),
        *map(measures, _MEASURES),
        measures("traits"),
        *told,
    )


_SILENT = (None,) * len(SIGNALS)
