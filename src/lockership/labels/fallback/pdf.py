"""Sheets as one PDF.

ReportLab writes the document.  The content of a page is written as operators directly, in printer
dots: what pages share once for each shape, the rest in one pass over the marks.  Every page is
compressed as soon as it is drawn, so that a long batch stays small in memory.

Bars and modules are whole dots, drawn 0.1 dot short on every side: the only form that pdfium, mupdf,
poppler and ghostscript all paint exactly (measured; an edge on the grid is painted one dot too far
by some).
"""

from __future__ import annotations

import re
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from reportlab.pdfbase.pdfdoc import PDFDocument, PDFInfo, PDFObject

from lockership.labels.fallback.font import Subset
from lockership.labels.fallback.marks import Box, Code, Mark, Picture, Sheet, Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lockership.labels.fallback.letters import Letters

__all__ = ["pdf"]

_ESCAPES = str.maketrans({"\\": r"\\", "(": r"\(", ")": r"\)"})
_LEVEL = 5  # a sixth faster than the usual 6, for 3 % more bytes
_HELVETICA = {"F1": "Helvetica", "F2": "Helvetica-Bold"}
_WIDE = "F3"


def pdf(sheets: Iterable[Sheet], letters: Letters) -> bytes:
    """Write a PDF with one page for each sheet; the same sheets give the same bytes."""
    writer = _Writer(letters)
    for sheet in sheets:
        writer.page(sheet)
    return writer.finish()


class _Written(PDFObject):
    """An object of the document whose bytes are known already: ReportLab numbers and places it."""

    __RefOnly__ = 1

    def __init__(self, content: bytes) -> None:
        self.content = content

    def format(self, document: object) -> bytes:
        del document
        return self.content


class _About(PDFInfo):
    """What the document says about itself: no moment, so that the same labels give the same bytes."""

    def format(self, document: object) -> bytes:
        del document
        return b"<</Title(Internal fallback labels)/Creator(lockership)/Producer(ReportLab)>>\n"


class _Writer:
    """One document while it is being written."""

    def __init__(self, letters: Letters) -> None:
        self._letters = letters
        # its type stubs leave out most of what is used here
        document: Any = PDFDocument(compression=1, invariant=1)
        document.info = _About()
        self._document = document
        self._subset = Subset()
        self._forms: dict[int, tuple[str, tuple[Mark, ...]]] = {}  # by identity: they are made once
        self._placed: list[str] = []
        self._font_list, self._resource_list = _Written(b""), _Written(b"")  # filled in at the end
        self._fonts, self._resources = self._number(self._font_list), self._number(self._resource_list)
        self._pages = self._number(document.Pages)

    def page(self, sheet: Sheet) -> None:
        """Draw one sheet on a page of its own."""
        scale = f"{72 / sheet.dpi:.9g}"
        out = [f"{scale} 0 0 {scale} 0 0 cm\n"]
        for left, top, drawing in sheet.parts:
            bottom = sheet.height - top - drawing.height
            placed = bool(left or bottom)
            if placed:
                out.append(f"q 1 0 0 1 {left} {bottom} cm\n")
            if drawing.shared:
                out.append(f"/{self._form(drawing.shared, drawing.width, drawing.height)} Do\n")
            out += _operators(drawing.own, drawing.height, self._subset)
            if placed:
                out.append("Q\n")
        content = self._stream(_compressed(out))
        box = f"{sheet.width * 72 / sheet.dpi:.9g} {sheet.height * 72 / sheet.dpi:.9g}"
        page = (
            f"<</Type/Page/Parent {self._pages}/MediaBox[0 0 {box}]"
            f"/Resources {self._resources}/Contents {content}>>\n"
        )
        self._document.addPage(_Written(page.encode()))

    def finish(self) -> bytes:
        """Give the whole document."""
        fonts = {name: self._helvetica(font) for name, font in _HELVETICA.items()}
        if self._subset:
            fonts[_WIDE] = self._embedded()
        listed = "".join([f"/{name} {number}" for name, number in fonts.items()])
        self._font_list.content = f"<<{listed}>>\n".encode()
        forms = f"/XObject<<{''.join(self._placed)}>>"
        self._resource_list.content = f"<</Font {self._fonts}{forms}>>\n".encode()
        content: bytes = self._document.GetPDFData(None)
        return content

    def _number(self, thing: PDFObject) -> str:
        """Take something into the document, and give what others name it by."""
        document = self._document
        number: bytes = document.Reference(thing).format(document)
        return number.decode()

    def _stream(self, content: bytes, entries: str = "") -> str:
        self._document.updateSignature(content)
        head = f"<</Filter/FlateDecode/Length {len(content)}{entries}>>\nstream\n"
        return self._number(_Written(head.encode() + content + b"\nendstream\n"))

    def _form(self, marks: tuple[Mark, ...], width: int, height: int) -> str:
        """Write what pages share once, and give the name under which they draw it."""
        name, _ = self._forms.get(id(marks), ("", marks))
        if not name:
            name = f"S{len(self._forms)}"
            self._forms[id(marks)] = name, marks
            content, letters = _shared(marks, height, self._subset.letters)
            self._subset.coded(letters)
            entries = (
                f"/Type/XObject/Subtype/Form/BBox[0 0 {width} {height}]/Resources<</Font {self._fonts}>>"
            )
            self._placed.append(f"/{name} {self._stream(content, entries)}")
        return name

    def _helvetica(self, name: str) -> str:
        font = f"<</Type/Font/Subtype/Type1/BaseFont/{name}/Encoding/WinAnsiEncoding>>\n"
        return self._number(_Written(font.encode()))

    def _embedded(self) -> str:
        """Embed the letters that Helvetica has not, under the numbers by which the text names them."""
        font = self._letters.embedded
        program = font.program(self._subset.letters)
        name = f"{program.tag}+{font.name}"
        file = self._stream(program.content, f"/Length1 {program.length}")
        described = f"<</Type/FontDescriptor/FontName/{name}{font.descriptor}/FontFile2 {file}>>\n"
        letters = (
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDToGIDMap/Identity/DW 1000"
            f"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/W[1[{program.widths}]]"
            f"/FontDescriptor {self._number(_Written(described.encode()))}>>\n"
        )
        written = (
            f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H"
            f"/DescendantFonts[{self._number(_Written(letters.encode()))}]"
            f"/ToUnicode {self._stream(program.to_unicode)}>>\n"
        )
        return self._number(_Written(written.encode()))


# ── content ──────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=64)
def _shared(marks: tuple[Mark, ...], height: int, letters: str) -> tuple[bytes, str]:
    """Write what pages share; given the letters used before it, and giving those used after it."""
    subset = Subset()
    subset.coded(letters)
    content = _compressed(_operators(marks, height, subset))
    return content, subset.letters


def _compressed(operators: list[str]) -> bytes:
    return zlib.compress("".join(operators).encode("latin-1"), _LEVEL)


def _operators(marks: tuple[Mark, ...], height: int, subset: Subset) -> list[str]:
    black: list[str] = []
    white: list[str] = []
    codes: list[str] = []
    texts: list[Text] = []
    for mark in marks:
        if isinstance(mark, Text):
            texts.append(mark)
        elif isinstance(mark, Box):
            x, y, wide, high, is_white = mark
            (white if is_white else black).append(f"{x} {height - y - high} {wide} {high} re\n")
        elif isinstance(mark, Code):
            codes += _code(mark, height)
        else:
            codes.append(_picture(mark, height))
    out = black
    if black:
        out.append("f\n")
    if white:
        out += ["1 g\n", *white, "f 0 g\n"]
    out += codes
    if texts:
        out += _texts(texts, height, subset)
    return out


def _texts(texts: list[Text], height: int, subset: Subset) -> list[str]:
    out = ["BT\n"]
    at_x = at_y = 0
    font = ""
    shade = False
    for x, y, size, text, wide, bold, white in texts:
        y = height - y  # noqa: PLW2901 - the page counts from below
        if white is not shade:
            shade = white
            out.append("1 g 1 G\n" if white else "0 g 0 G\n")
        wanted = f"/{_WIDE if wide else 'F2' if bold else 'F1'} {size} Tf\n"
        if wanted != font:
            font = wanted
            out.append(font)
        if wide:
            shown = f"{x - at_x} {y - at_y} Td<{subset.coded(text)}>Tj\n"
            # bold letters get a thin outline
            out.append(f"2 Tr {size / 32:.3g} w\n{shown}0 Tr\n" if bold else shown)
        else:
            if not text.isascii():
                text = text.encode("cp1252").decode("latin-1")  # noqa: PLW2901
            if "(" in text or ")" in text or "\\" in text:
                text = text.translate(_ESCAPES)  # noqa: PLW2901
            out.append(f"{x - at_x} {y - at_y} Td({text})Tj\n")
        at_x, at_y = x, y
    out.append("0 g 0 G ET\n" if shade else "ET\n")
    return out


def _code(code: Code, height: int) -> list[str]:
    """Paint a code row by row in tenths of a dot, one tenth short on every side.

    Each row is drawn from the same height, to which the page is moved: so rows that look alike are
    the same text, which compresses best.
    """
    x, y, rows = code.x, height - code.y, code.rows
    if len(rows) == 1:  # all bars are written one high, and stretched
        high = code.height - 0.2
        out = [f"q .1 0 0 {high:.9g} {x} {y - 0.1 - 2 * high:.9g} cm\n"]
        pieces = _pieces(10 * code.module, 3, len(rows[0]))
        out += [written[rows[0][first:after]] for first, after, written in pieces]
        out.append("f Q\n")
        return out
    step = code.height // len(rows)
    out = [f"q .1 0 0 .1 {x} {y - step} cm\n"]
    pieces = _pieces(10 * code.module, 10 * step, len(rows[0]))
    next_row = f"f 1 0 0 1 0 -{10 * step} cm\n"
    for row in rows:
        out += [written[row[first:after]] for first, after, written in pieces]
        out.append(next_row)
    out[-1] = "f Q\n"
    return out


_PIECE = 10


class _Piece(dict[str, str]):
    """The operators of some modules of a row, given them and the module after them.

    Each is written once.  A bar that goes on behind them overlaps with its other part, without a seam.
    """

    def __init__(self, first: int, module: int, high: int) -> None:
        self._first, self._module, self._high = first, module, high

    def __missing__(self, modules: str) -> str:
        out: list[str] = []
        for dark in re.finditer("1+", modules[:_PIECE]):
            goes_on = dark.end() == _PIECE and modules[_PIECE:] == "1"
            x, wide = (self._first + dark.start()) * self._module + 1, len(dark[0]) * self._module
            out.append(f"{x} 1 {wide + 2 if goes_on else wide - 2} {self._high - 2} re\n")
        written = self[modules] = "".join(out)
        return written


@lru_cache(maxsize=64)
def _pieces(module: int, high: int, count: int) -> tuple[tuple[int, int, _Piece], ...]:
    """Give the pieces of a row of so many modules, with the modules that each looks at."""
    return tuple((x, x + _PIECE + 1, _Piece(x, module, high)) for x in range(0, count, _PIECE))


def _picture(picture: Picture, height: int) -> str:
    """Paint a picture as a mask: black where a bit is set."""
    wide, high = picture.width, picture.height
    return (
        f"q {wide} 0 0 {high} {picture.x} {height - picture.y - high} cm\n"
        f"BI/IM true/W {wide}/H {high}/BPC 1/D[1 0]/F/AHx ID\n{picture.bits.hex()}>\nEI Q\n"
    )
