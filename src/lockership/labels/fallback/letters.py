"""Letters: what can be drawn, how wide it is, where a line may break.

Latin text uses the PDF's own Helvetica and embeds nothing.  Everything else uses one embedded font:
WenQuanYi Micro Hei by default, which has Chinese, Japanese, Korean, Vietnamese, Greek and Cyrillic
letters (``pip install 'lockership[fonts]'``), or one of the user's own.

Nothing is ever left out in silence: a letter that no font has is shown as its plain Latin base
(ș as s), any other sign by its number, as ‹U+1F600›.  Text that runs from right to left is refused.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lockership.errors import OUT_OF_RANGE, InputError, MissingDependency, Problem

if TYPE_CHECKING:
    from reportlab.pdfbase.ttfonts import TTFont

__all__ = ["Letters", "Line"]

_PACKAGE, _FILE = "paperang_p2_fonts_cjk", "fonts/wqy-microhei.ttc"
_BASES = str.maketrans("łŁøØđĐħĦıŧŦŋŊ", "lLoOdDhHitTnN")
_UNBROKEN = r"[^\s\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]+"
_PIECES = re.compile(rf"{_UNBROKEN}|\s+|\S")


class Line(NamedTuple):
    """Text that can be drawn, and whether it needs the embedded font."""

    text: str
    wide: bool


class Letters:
    """The letters of one document.

    Args:
        font: Path of a TrueType font or collection for all that Helvetica has not; its first face is
            used.  None means the one of the package.
    """

    def __init__(self, font: str | Path | None = None) -> None:
        from reportlab.pdfbase.pdfmetrics import getFont  # noqa: PLC0415 - loaded only where labels are drawn

        self._path = None if font is None else Path(font)
        self._narrow = {bold: tuple(getFont(name).widths) for bold, name in _STANDARD.items()}

    @property
    def embedded(self) -> TTFont:
        """The font for all that Helvetica has not.

        Raises:
            MissingDependency: No font was named and the package is not installed.
            InputError: The font named cannot be read.
        """
        return _load(self._path or _packaged())

    def clean(self, text: str, field: str | None = None) -> Line:
        """Make text drawable, or say why it is not; control characters become blanks."""
        if text.isascii() and text.isprintable():
            return Line(text, wide=False)
        text = "".join([_plain(letter) for letter in unicodedata.normalize("NFC", text)])
        if any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text):
            message = "text that runs from right to left (Arabic, Hebrew) cannot be drawn; write it in Latin letters"
            raise InputError([Problem(OUT_OF_RANGE, message, field)])
        if _fits_helvetica(text):
            return Line(text, wide=False)
        if self._path is None and not _is_packaged():
            narrowed = "".join([_narrowed(letter, _fits_helvetica) for letter in text])
            if any(unicodedata.category(c)[0] in "LN" for c in text if not _fits_helvetica(_base(c))):
                raise MissingDependency(_NO_FONT)
            return Line(narrowed, wide=False)
        has = self.embedded.face.charToGlyph
        return Line(
            "".join([_narrowed(c, lambda text: all(ord(c) in has for c in text)) for c in text]), wide=True
        )

    def width(self, line: Line, size: int, *, bold: bool = False) -> float:
        """Measure a line in the unit of ``size``."""
        if line.wide:
            face = self.embedded.face
            widths, other = face.charWidths, face.defaultWidth
            return sum([widths.get(code, other) for code in map(ord, line.text)]) * size / 1000
        return sum(map(self._narrow[bold].__getitem__, line.text.encode("cp1252"))) * size / 1000

    def wrap(self, line: Line, room: float, size: int, *, bold: bool = False) -> list[Line]:
        """Break a line so that nothing is wider than the room: at blanks, in Chinese anywhere.

        A word that is wider than the room alone is broken where the room ends; nothing is lost.
        """
        if self.width(line, size, bold=bold) <= room:
            return [line]
        lines: list[Line] = []
        now = ""
        for piece in _PIECES.findall(line.text):
            longer = now + piece
            if self.width(Line(longer.rstrip(), line.wide), size, bold=bold) <= room:
                now = longer
                continue
            if now.strip():
                lines.append(Line(now.strip(), line.wide))
            now = piece.lstrip()
            while self.width(Line(now, line.wide), size, bold=bold) > room:
                fitting = len(now)
                while fitting > 1 and self.width(Line(now[:fitting], line.wide), size, bold=bold) > room:
                    fitting -= 1
                lines.append(Line(now[:fitting], line.wide))
                now = now[fitting:]
        if now.strip():
            lines.append(Line(now.strip(), line.wide))
        return lines


_STANDARD = {False: "Helvetica", True: "Helvetica-Bold"}
_NO_FONT = (
    "letters beyond Latin need a font: pip install 'lockership[fonts]', or name a TrueType font of your own"
)


def _fits_helvetica(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _plain(letter: str) -> str:
    """Give a blank for blanks and controls, nothing for marks that are invisible, else the letter."""
    kind = unicodedata.category(letter)
    if kind in ("Cc", "Zs", "Zl", "Zp"):
        return " "
    if kind == "Cf" or letter in "\ufe0e\ufe0f":
        return ""
    return letter


def _base(letter: str) -> str:
    plain = unicodedata.normalize("NFKD", letter.translate(_BASES))
    return "".join([c for c in plain if not unicodedata.combining(c)]) or letter


def _narrowed(letter: str, has: object) -> str:
    if has(letter):  # type: ignore[operator]
        return letter
    base = _base(letter)
    if has(base):  # type: ignore[operator]
        return base
    return f"‹U+{ord(letter):04X}›" if has("‹›") else f"[U+{ord(letter):04X}]"  # type: ignore[operator]


def _is_packaged() -> bool:
    return find_spec(_PACKAGE) is not None


def _packaged() -> Path:
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise MissingDependency(_NO_FONT)
    return Path(spec.origin).parent / _FILE


@lru_cache(maxsize=4)
def _load(path: Path) -> TTFont:
    from reportlab.pdfbase.ttfonts import TTFError, TTFont  # noqa: PLC0415 - as above

    try:
        return TTFont("lockership-wide", str(path), subfontIndex=0, asciiReadable=False)
    except (TTFError, OSError) as error:
        message = "this font cannot be read; a TrueType font with glyf outlines is accepted"
        raise InputError([Problem(OUT_OF_RANGE, message, "font")]) from error
