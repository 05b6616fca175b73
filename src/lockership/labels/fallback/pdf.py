"""Sheets as one PDF.

ReportLab writes the document and embeds the fonts.  The content of a page is written as operators
directly, in printer dots: what pages share once for each shape, the rest in one pass over the marks.
Every page is compressed as soon as it is drawn, so that a long batch stays small in memory.

Bars and modules are whole dots, drawn 0.1 dot short on every side: the only form that pdfium, mupdf,
poppler and ghostscript all paint exactly (measured; an edge on the grid is painted one dot too far
by some).
"""

from __future__ import annotations

import re
import zlib
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFDocument, PDFObject

from lockership.labels.fallback.marks import Box, Code, Mark, Picture, Sheet, Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lockership.labels.fallback.letters import Letters

__all__ = ["pdf"]

_ESCAPES = str.maketrans({"\\": r"\\", "(": r"\(", ")": r"\)"})
_LEVEL = 5  # a sixth faster than the usual 6, for 3 % more bytes
_EMBEDDING = Lock()  # a font cuts out its subset for one document at a time


def pdf(sheets: Iterable[Sheet], letters: Letters) -> bytes:
    """Write a PDF with one page for each sheet; the same sheets give the same bytes."""
    writer = _Writer(letters)
    for sheet in sheets:
        writer.page(sheet)
    with _EMBEDDING:
        return writer.finish()


class _Stream(PDFObject):
    """A stream that is compressed already."""

    __RefOnly__ = 1

    def __init__(self, operators: str, entries: str = "") -> None:
        self.content = zlib.compress(operators.encode("latin-1"), _LEVEL)
        self.entries = entries

    def format(self, document: Any) -> bytes:  # noqa: ANN401 - ReportLab's stubs are too small
        del document
        head = f"<</Filter/FlateDecode/Length {len(self.content)}{self.entries}>>\nstream\n"
        return head.encode() + self.content + b"\nendstream\n"


class _Page(PDFObject):
    """A page; everything but its content is said in as few bytes as may be."""

    __RefOnly__ = 1

    def __init__(self, box: str, content: PDFObject, resources: PDFObject) -> None:
        self.box, self.content, self.resources = box, content, resources

    def format(self, document: Any) -> bytes:  # noqa: ANN401 - ReportLab's stubs are too small
        parent, content, resources = (
            document.Reference(thing).format(document).decode()
            for thing in (document.Pages, self.content, self.resources)
        )
        return (
            f"<</Type/Page/Parent {parent}/MediaBox[0 0 {self.box}]"
            f"/Resources {resources}/Contents {content}>>\n"
        ).encode()


class _Writer:
    """One document while it is being written."""

    def __init__(self, letters: Letters) -> None:
        self._letters = letters
        # its type stubs leave out most of what is used here
        document: Any = PDFDocument(compression=1, invariant=1)
        self._document = document
        document.setTitle("Internal fallback labels")
        document.setCreator("lockership")
        self._fonts = {
            bold: document.getInternalFontName(name)
            for bold, name in ((False, "Helvetica"), (True, "Helvetica-Bold"))
        }
        self._forms = PDFDictionary()
        self._named: dict[int, tuple[str, tuple[Mark, ...]]] = {}  # by identity: they are made once
        fonts = document.Reference(document.idToObject["BasicFonts"])
        self._resources = PDFDictionary({"Font": fonts, "XObject": self._forms})
        document.Reference(self._resources, "Resources")

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
            out += self._operators(drawing.own, drawing.height)
            if placed:
                out.append("Q\n")
        box = f"{sheet.width * 72 / sheet.dpi:.9g} {sheet.height * 72 / sheet.dpi:.9g}"
        content = _Stream("".join(out))
        document = self._document
        document.Reference(content)
        document.addPage(_Page(box, content, self._resources))

    def finish(self) -> bytes:
        """Give the whole document."""
        content: bytes = self._document.GetPDFData(None)
        return content

    def _form(self, marks: tuple[Mark, ...], width: int, height: int) -> str:
        """Write what pages share once, and give the name under which they draw it."""
        name, _ = self._named.get(id(marks), ("", marks))
        if not name:
            name = f"S{len(self._named)}"
            self._named[id(marks)] = name, marks
            fonts = self._document.Reference(self._document.idToObject["BasicFonts"])
            font = fonts.format(self._document).decode()
            form = _Stream(
                "".join(self._operators(marks, height)),
                f"/Type/XObject/Subtype/Form/BBox[0 0 {width} {height}]/Resources<</Font {font}>>",
            )
            self._forms[name] = self._document.Reference(form)
        return name

    def _operators(self, marks: tuple[Mark, ...], height: int) -> list[str]:
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
            out += self._texts(texts, height)
        return out

    def _texts(self, texts: list[Text], height: int) -> list[str]:
        out = ["BT\n"]
        at_x = at_y = 0
        now: tuple[int, bool] | None = None
        shade = False
        for x, y, size, text, wide, bold, white in texts:
            y = height - y  # noqa: PLW2901 - the page counts from below
            if white is not shade:
                shade = white
                out.append("1 g 1 G\n" if white else "0 g 0 G\n")
            if wide:
                out.append(self._wide(x - at_x, y - at_y, size, text, bold=bold))
                now = None
            else:
                if now != (size, bold):
                    now = (size, bold)
                    out.append(f"{self._fonts[bold]} {size} Tf\n")
                if not text.isascii():
                    text = text.encode("cp1252").decode("latin-1")  # noqa: PLW2901
                if "(" in text or ")" in text or "\\" in text:
                    text = text.translate(_ESCAPES)  # noqa: PLW2901
                out.append(f"{x - at_x} {y - at_y} Td({text})Tj\n")
            at_x, at_y = x, y
        out.append("0 g 0 G ET\n" if shade else "ET\n")
        return out

    def _wide(self, x: int, y: int, size: int, text: str, *, bold: bool) -> str:
        """Write text in the embedded font; bold letters get a thin outline."""
        document = self._document
        font: Any = self._letters.embedded  # as above
        parts = [
            f"{font.getSubsetInternalName(subset, document)} {size} Tf<{chunk.hex()}>Tj\n"
            for subset, chunk in font.splitString(text, document)
        ]
        moved = f"{x} {y} Td\n" + "".join(parts)
        return f"2 Tr {size / 32:.3g} w\n{moved}0 Tr\n" if bold else moved


def _code(code: Code, height: int) -> list[str]:
    """Paint a code row by row in tenths of a dot, one tenth short on every side.

    Each row is drawn from the same height, to which the page is moved: so rows that look alike are
    the same text, which compresses best.
    """
    high = 10 * code.height // len(code.rows)
    octets = _octets(10 * code.module, high)
    bottom = height - code.y - code.height // len(code.rows)
    next_row = f"f 1 0 0 1 0 -{high} cm\n"
    out = [f"q .1 0 0 .1 {code.x} {bottom} cm\n"]
    for row in code.rows:
        out += [octets[x, row[x : x + 9]] for x in range(0, len(row), 8)]
        out.append(next_row)
    out[-1] = "f Q\n"
    return out


class _Octets(dict[tuple[int, str], str]):
    """The operators of eight modules of a row, given where they begin and the module after them.

    Each is written once.  A bar that goes on behind them overlaps with its other part, without a seam.
    """

    def __init__(self, module: int, high: int) -> None:
        self._module, self._high = module, high

    def __missing__(self, key: tuple[int, str]) -> str:
        first, modules = key
        out: list[str] = []
        for dark in re.finditer("1+", modules[:8]):
            goes_on = dark.end() == 8 and modules[8:] == "1"
            x, wide = (first + dark.start()) * self._module + 1, len(dark[0]) * self._module
            out.append(f"{x} 1 {wide + 2 if goes_on else wide - 2} {self._high - 2} re\n")
        written = self[key] = "".join(out)
        return written


_octets = lru_cache(maxsize=64)(_Octets)


def _picture(picture: Picture, height: int) -> str:
    """Paint a picture as a mask: black where a bit is set."""
    wide, high = picture.width, picture.height
    return (
        f"q {wide} 0 0 {high} {picture.x} {height - picture.y - high} cm\n"
        f"BI/IM true/W {wide}/H {high}/BPC 1/D[1 0]/F/AHx ID\n{picture.bits.hex()}>\nEI Q\n"
    )
