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

from reportlab.pdfbase.pdfmetrics import getFont
from reportlab.pdfbase.ttfonts import TTFError

from lockership.errors import OUT_OF_RANGE, InputError, MissingDependency, Problem
from lockership.labels.fallback.font import Font

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Letters", "Line", "letters_of"]

_PACKAGE, _FILE = "paperang_p2_fonts_cjk", "fonts/wqy-microhei.ttc"
_NO_FONT = (
    "letters beyond Latin need a font: pip install 'lockership[fonts]', or name a TrueType font of your own"
)
_BASES = str.maketrans("łŁøØđĐħĦıŧŦŋŊ", "lLoOdDhHitTnN")
# A line may break at a blank, and between Chinese, Japanese or Korean letters, but not before these:
_CLOSING = "，。、；：？！）」』】》〉’”…％"
_EASTERN = r"\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60"
_PIECES = re.compile(rf"(?:[^\s{_EASTERN}{_CLOSING}]+|\S)[{_CLOSING}]*|\s+")


class Line(NamedTuple):
    """Text that can be drawn, and whether it needs the embedded font."""

    text: str
    wide: bool = False


@lru_cache(maxsize=8)
def letters_of(font: str | Path | None) -> Letters:
    """Give the letters of a font, which is read once; see :class:`Letters`."""
    return Letters(None if font is None else Path(font))


class Letters:
    """What can be drawn with Helvetica and one more font.

    Args:
        font: A TrueType font or collection for all that Helvetica has not; the first face of a
            collection is used.  None means the one of the package.
    """

    def __init__(self, font: Path | None = None) -> None:
        self._path = font or _packaged()
        self._named = font is not None
        self._broken = lru_cache(maxsize=4096)(self._break)
        self._lines = lru_cache(maxsize=4096)(self._cleaned_and_broken)
        self._font: Font | None = None

    @property
    def embedded(self) -> Font:
        """The font for all that Helvetica has not.

        Raises:
            MissingDependency: No font was named and the package is not installed.
            InputError: The font named cannot be read.
        """
        if self._font is None:
            if self._path is None:
                raise MissingDependency(_NO_FONT)
            try:
                self._font = Font(self._path)
            except (TTFError, OSError) as error:
                message = "this font cannot be read; a TrueType font with glyf outlines is accepted"
                raise InputError([Problem(OUT_OF_RANGE, message, "font")]) from error
        return self._font

    def clean(self, text: str, field: str | None = None) -> Line:
        """Make text drawable; control characters become blanks, invisible marks and blank ends go.

        Text that runs from right to left is refused in a field that must be read; elsewhere its
        letters are shown by their numbers.

        Raises:
            InputError: The field holds text that runs from right to left.
            MissingDependency: It has letters beyond Latin, and there is no font for them.
        """
        text = text.strip()
        if text.isprintable() and _in_helvetica(text):
            return Line(text)
        text = "".join([_visible(letter) for letter in unicodedata.normalize("NFC", text)]).strip()
        if field is not None and any(map(_is_leftward, text)):
            message = "text that runs from right to left cannot be drawn; write it in Latin letters"
            raise InputError([Problem(OUT_OF_RANGE, message, field)])
        if _in_helvetica(text):
            return Line(text)
        if self._path is None:
            if any(not _in_helvetica(_base(c)) and unicodedata.category(c)[0] in "LN" for c in text):
                raise MissingDependency(_NO_FONT)
            return Line("".join([_shown(letter, _in_helvetica) for letter in text]))
        has = self.embedded.glyph_of.keys()
        return Line("".join([_shown(c, lambda s: {*map(ord, s)} <= has) for c in text]), wide=True)

    def units(self, line: Line, *, bold: bool = False) -> float:
        """Measure a line in thousandths of its font size."""
        text = line.text
        if line.wide:
            widths, other = self.embedded.width_of, self.embedded.other_width
            return float(sum([widths.get(code, other) for code in map(ord, text)]))
        coded = text.encode() if text.isascii() else text.encode("cp1252")
        return sum(map(_WIDTHS[bold].__getitem__, coded))

    def width(self, line: Line, size: int, *, bold: bool = False) -> float:
        """Measure a line in the unit of ``size``."""
        return self.units(line, bold=bold) * size / 1000

    def wrap(self, line: Line, room: float, size: int, *, bold: bool = False) -> tuple[Line, ...]:
        """Break a line so that nothing is wider than the room: at blanks, in Chinese anywhere.

        A word that is wider than the room alone is broken where the room ends; nothing is lost.
        """
        if not line.text:
            return ()
        limit = room * 1000 / size
        if self.units(line, bold=bold) <= limit:
            return (line,)
        return self._broken(line, limit, bold)

    def lines(self, text: str, room: int, size: int) -> tuple[Line, ...]:
        """Clean and break a text that many labels share; it is worked out once."""
        return self._lines(text, room, size)

    def _cleaned_and_broken(self, text: str, room: int, size: int) -> tuple[Line, ...]:
        return self.wrap(self.clean(text), room, size)

    def _break(self, line: Line, limit: float, bold: bool) -> tuple[Line, ...]:  # noqa: FBT001 - cached
        lines: list[str] = []
        now, filled = "", 0.0
        for piece in _PIECES.findall(line.text):
            needed = self.units(Line(piece, line.wide), bold=bold)
            if filled + needed <= limit or (piece.isspace() and now):
                now, filled = now + piece, filled + needed
                continue
            lines.append(now)
            now, filled = ("", 0.0) if piece.isspace() else (piece, needed)
            while filled > limit:
                fitting = self._fitting(Line(now, line.wide), limit, bold=bold)
                lines.append(now[:fitting])
                now = now[fitting:]
                filled = self.units(Line(now, line.wide), bold=bold)
        lines.append(now)
        return tuple([Line(text.strip(), line.wide) for text in lines if text.strip()])

    def _fitting(self, line: Line, limit: float, *, bold: bool) -> int:
        """Count the letters of one long word that fit; at least one."""
        filled = 0.0
        for n, letter in enumerate(line.text):
            filled += self.units(Line(letter, line.wide), bold=bold)
            if filled > limit:
                return max(1, n)
        return len(line.text)


_WIDTHS: dict[bool, tuple[int, ...]] = {
    bold: tuple(getFont(name).widths) for bold, name in ((False, "Helvetica"), (True, "Helvetica-Bold"))
}


def _packaged() -> Path | None:
    spec = find_spec(_PACKAGE)
    return None if spec is None or spec.origin is None else Path(spec.origin).parent / _FILE


def _in_helvetica(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _visible(letter: str) -> str:
    """Give a blank for blanks and controls, nothing for marks that nobody sees, else the letter."""
    kind = unicodedata.category(letter)
    if kind in ("Cc", "Zs", "Zl", "Zp"):
        return " "
    if kind == "Cf" or letter in "\ufe0e\ufe0f":
        return ""
    return letter


def _is_leftward(letter: str) -> bool:
    return unicodedata.bidirectional(letter) in ("R", "AL")


def _base(letter: str) -> str:
    """Give the plain letter under its accents, ``ș`` as ``s``."""
    plain = unicodedata.normalize("NFKD", letter.translate(_BASES))
    return "".join([c for c in plain if not unicodedata.combining(c)]) or letter


def _shown(letter: str, drawable: Callable[[str], bool]) -> str:
    """Give the letter, or its base, or its number, whichever can be drawn."""
    for shown in (letter, _base(letter), f"‹U+{ord(letter):04X}›"):
        if drawable(shown) and not any(map(_is_leftward, shown)):
            return shown
    return f"[U+{ord(letter):04X}]"
