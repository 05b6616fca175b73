"""What a drawing is made of: text, boxes, codes and pictures at whole printer dots.

Positions are dots from the top left corner.  Every output (PDF, ZPL, PNG) draws the same marks, so
what a test proves about the marks holds for all of them.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from lockership.labels.fallback.code128 import code128
from lockership.labels.fallback.qr import qr

__all__ = [
    "ASCENT",
    "DESCENT",
    "Box",
    "Code",
    "Drawing",
    "Mark",
    "Picture",
    "Sheet",
    "Text",
    "alone",
    "linear",
    "square",
]

ASCENT, DESCENT = 0.86, 0.22
"""How far letters reach above and below their line, in parts of their size; Chinese ones too."""


class Text(NamedTuple):
    """One line of text.

    Attributes:
        y: The line that the letters stand on.
        size: The font size.
        wide: The text needs the embedded font.
    """

    x: int
    y: int
    size: int
    text: str
    wide: bool = False
    bold: bool = False
    white: bool = False


class Box(NamedTuple):
    """A filled rectangle."""

    x: int
    y: int
    width: int
    height: int
    white: bool = False


class Code(NamedTuple):
    """A bar code or a square code, without its quiet zone.

    Attributes:
        symbology: ``code128``, ``gs1-128``, ``qr`` or ``datamatrix``.
        payload: What a scanner reads.
        module: Dots of one module.
        quiet: Dots that must stay white on every side (beside it, for bars).
        rows: For each row of modules where dark runs begin and how long they are; bars have one row.
    """

    symbology: str
    payload: str
    x: int
    y: int
    module: int
    width: int
    height: int
    quiet: int
    rows: tuple[tuple[tuple[int, int], ...], ...]


class Picture(NamedTuple):
    """A black and white picture: rows of bits, most significant first, 1 is black."""

    x: int
    y: int
    width: int
    height: int
    bits: bytes


Mark: TypeAlias = Text | Box | Code | Picture


class Drawing(NamedTuple):
    """One label: its size in dots, what it shares with others like it, and what is its own.

    Boxes are painted first, white ones after black ones, then codes and pictures, then text.
    """

    width: int
    height: int
    dpi: int
    shared: tuple[Mark, ...]
    own: tuple[Mark, ...]

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Everything that is drawn, in order."""
        return self.shared + self.own


class Sheet(NamedTuple):
    """One page of paper in dots, and the drawings on it, each with its top left corner."""

    width: int
    height: int
    dpi: int
    parts: tuple[tuple[int, int, Drawing], ...]


def alone(drawing: Drawing) -> Sheet:
    """Give each drawing a page of its own size."""
    return Sheet(drawing.width, drawing.height, drawing.dpi, ((0, 0, drawing),))


def linear(payload: str, *, gs1: bool = False) -> Code:
    """Make a bar code of one module a dot, at the origin; :func:`place <Code._replace>` it later."""
    width, bars = code128(payload, gs1=gs1)
    return Code("gs1-128" if gs1 else "code128", payload, 0, 0, 1, width, 1, 10, (bars,))


def square(payload: str) -> Code:
    """Make a QR code of one module a dot, at the origin."""
    size, rows, _ = qr(payload.encode())
    return Code("qr", payload, 0, 0, 1, size, size, 4, tuple([_dark_runs(row) for row in rows]))


def _dark_runs(row: str) -> tuple[tuple[int, int], ...]:
    runs: list[tuple[int, int]] = []
    at = row.find("1")
    while at >= 0:
        end = row.find("0", at)
        if end < 0:
            end = len(row)
        runs.append((at, end - at))
        at = row.find("1", end)
    return tuple(runs)
