"""What a drawing is made of: text, boxes, codes and pictures at whole printer dots.

Positions are dots from the top left corner.  Every output (PDF, ZPL, PNG) draws the same marks, so
what a test proves about the marks holds for all of them.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

from lockership.errors import MissingDependency
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
    "data_matrix",
    "linear",
    "scaled",
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
        rows: Rows of modules from the top, 1 for dark and 0 for light; bars have one row.
    """

    symbology: str
    payload: str
    x: int
    y: int
    module: int
    width: int
    height: int
    quiet: int
    rows: tuple[str, ...]


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
    """Make a bar code of one module a dot, at the origin; it is scaled and placed later."""
    modules = code128(payload, gs1=gs1)
    return Code("gs1-128" if gs1 else "code128", payload, 0, 0, 1, len(modules), 1, 10, (modules,))


def square(payload: str) -> Code:
    """Make a QR code of one module a dot, at the origin."""
    size, rows, _ = qr(payload.encode())
    return Code("qr", payload, 0, 0, 1, size, size, 4, rows)


def data_matrix(payload: str) -> Code:
    """Make a DataMatrix of one module a dot, at the origin.

    Raises:
        MissingDependency: zxing-cpp is not installed.
    """
    try:
        import zxingcpp  # noqa: PLC0415 - optional
    except ImportError as error:
        raise MissingDependency("DataMatrix needs: pip install 'lockership[datamatrix]'") from error
    library: Any = zxingcpp  # its stubs hide that the image is a buffer
    image = library.create_barcode(payload, zxingcpp.BarcodeFormat.DataMatrix).to_image(
        scale=1, add_quiet_zones=False
    )
    high, wide = image.shape
    bits = bytes(memoryview(image)).translate(_DARK).decode()
    rows = tuple([bits[n : n + wide] for n in range(0, high * wide, wide)])
    return Code("datamatrix", payload, 0, 0, 1, wide, high, 2, rows)


_DARK = bytes([ord("1" if shade < 128 else "0") for shade in range(256)])


def scaled(code: Code, module: int, height: int) -> Code:
    """Give a code with so many dots for each module, and so high."""
    return code._replace(module=module, width=code.width * module, height=height, quiet=code.quiet * module)
