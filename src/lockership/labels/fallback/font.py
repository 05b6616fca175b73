"""One TrueType font, read once, and what each document needs of it.

ReportLab reads the font.  It would also cut out the letters of a document, but from the beginning for
every document and in parts of 256 letters; with a file for each label that took two thirds of the
time.  Here every letter is looked at once: its outline, its widths, and which outlines it is put
together from (most Hanzi are put together from others).  What a document needs is then joined.

Source: OpenType specification, tables glyf, head, hhea, hmtx, loca and maxp; ISO 32000-1, 9.7.4
(CIDFontType2) and 9.10.3 (ToUnicode).
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from struct import pack, pack_into, unpack, unpack_from
from typing import TYPE_CHECKING, Any, NamedTuple

from reportlab.pdfbase.ttfonts import TTFontFace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Font", "Program", "Subset"]

_LEVEL = 1  # outlines hardly get smaller with more
_HINTS = ("cvt ", "fpgm", "prep")
# What a part of a glyph says about itself, and how many bytes that adds.
_WORDS, _SCALE, _MORE, _TWO_SCALES, _MATRIX = 0x1, 0x8, 0x20, 0x40, 0x80


class _Glyph(NamedTuple):
    """One outline, and at which of its bytes it names others that it is put together from."""

    outline: bytes
    metrics: bytes
    parts: tuple[tuple[int, int], ...]


class Program(NamedTuple):
    """The letters of one document, ready to be embedded.

    Attributes:
        content: The font, compressed.
        length: How many bytes that was before.
        widths: The width of every letter, in thousandths of its size.
        to_unicode: What every letter says, compressed: so that text can be searched and copied.
        tag: Six letters that differ for different contents.
    """

    content: bytes
    length: int
    widths: str
    to_unicode: bytes
    tag: str


class Font:
    """A TrueType font or the first face of a collection.

    Attributes:
        path: Its file.
        glyph_of: The number of the glyph of every letter that it has.
        width_of: The width of every letter in thousandths of its size.
        other_width: The width of the sign for letters that it has not.
        descriptor: What a PDF says about it as a whole.

    Raises:
        reportlab.pdfbase.ttfonts.TTFError: It is not a TrueType font with glyf outlines.
        OSError: It cannot be read.
    """

    def __init__(self, path: Path) -> None:
        face: Any = TTFontFace(str(path), subfontIndex=0)  # its type stubs leave the tables out
        self.path = path
        self.name: str = face.name.decode()
        self.glyph_of: dict[int, int] = face.charToGlyph
        self.width_of: dict[int, float] = face.charWidths
        self.other_width: float = face.defaultWidth
        box = " ".join(f"{side:.6g}" for side in face.bbox)
        self.descriptor = (
            f"/Flags 4/FontBBox[{box}]/ItalicAngle {face.italicAngle:.6g}/StemV {face.stemV:.6g}"
            f"/Ascent {face.ascent:.6g}/Descent {face.descent:.6g}/CapHeight {face.capHeight:.6g}"
        )
        self._face = face
        self._outlines: bytes = face.get_table("glyf")
        self._glyphs: dict[int, _Glyph] = {}
        self._head, self._hhea, self._maxp = (face.get_table(tag) for tag in ("head", "hhea", "maxp"))
        self._hints = {tag: face.get_table(tag) for tag in _HINTS if tag in face.table}
        self.program = lru_cache(maxsize=64)(self._program)  # labels of one kind use the same letters

    def _glyph(self, number: int) -> _Glyph:
        glyph = self._glyphs.get(number)
        if glyph is None:
            begin, end = self._face.glyphPos[number : number + 2]
            outline = self._outlines[begin:end]
            metrics = pack(">2H", *map(int, self._face.hmetrics[number]))
            glyph = _Glyph(outline + bytes(-len(outline) % 4), metrics, tuple(_parts(outline)))
            self._glyphs[number] = glyph
        return glyph

    def _program(self, letters: str) -> Program:
        """Put a font together in which the letters are the glyphs 1, 2, 3 …, in this order."""
        numbers = [0, *[self.glyph_of[code] for code in map(ord, letters)]]
        placed = {number: place for place, number in reversed([*enumerate(numbers)])}
        outlines: list[bytes] = []
        metrics: list[bytes] = []
        for number in numbers:  # grows: the parts of a glyph follow at the end
            outline, measures, parts = self._glyph(number)
            if parts:
                patched = bytearray(outline)
                for at, part in parts:
                    if part not in placed:
                        placed[part] = len(numbers)
                        numbers.append(part)
                    pack_into(">H", patched, at, placed[part])
                outline = bytes(patched)
            outlines.append(outline)
            metrics.append(measures)
        ends = [0]
        for outline in outlines:
            ends.append(ends[-1] + len(outline))
        count = len(numbers)
        tables = {
            **self._hints,
            "glyf": b"".join(outlines),
            "head": self._head[:8] + bytes(4) + self._head[12:50] + pack(">H", 1) + self._head[52:],
            "hhea": self._hhea[:34] + pack(">H", count),
            "hmtx": b"".join(metrics),
            "loca": pack(f">{count + 1}L", *ends),
            "maxp": self._maxp[:4] + pack(">H", count) + self._maxp[6:],
        }
        content = _file(tables)
        widths = " ".join([f"{self.width_of[code]:.6g}" for code in map(ord, letters)])
        to_unicode = zlib.compress(_to_unicode(letters).encode(), _LEVEL)
        check = zlib.crc32(content)
        tag = "".join([chr(65 + check // 26**n % 26) for n in range(6)])
        return Program(zlib.compress(content, _LEVEL), len(content), widths, to_unicode, tag)


class Subset(dict[int, str]):
    """The letters that one document uses, numbered in the order in which they are first written."""

    @property
    def letters(self) -> str:
        """All of them, in their order."""
        return "".join(map(chr, self))

    def __missing__(self, letter: int) -> str:
        code = self[letter] = f"{len(self) + 1:04x}"
        return code

    def coded(self, text: str) -> str:
        """Write text as the numbers of its letters, four hexadecimal digits each."""
        return text.translate(self)


def _parts(outline: bytes) -> Iterator[tuple[int, int]]:
    """Give where a glyph names another one, and which; nothing for one that is an outline itself."""
    if not outline or unpack_from(">h", outline)[0] >= 0:
        return
    at, flags = 10, _MORE
    while flags & _MORE:
        flags, part = unpack_from(">2H", outline, at)
        yield at + 2, part
        at += 8 if flags & _WORDS else 6
        at += 2 if flags & _SCALE else 4 if flags & _TWO_SCALES else 8 if flags & _MATRIX else 0


def _file(tables: dict[str, bytes]) -> bytes:
    """Write a font file: the directory of its tables, then the tables, everything with its checksum."""
    count = len(tables)
    power = count.bit_length() - 1
    directory = pack(">L4H", 0x10000, count, 16 << power, power, 16 * count - (16 << power))
    at = len(directory) + 16 * count
    padded: list[bytes] = []
    total = 0
    for tag, table in sorted(tables.items()):
        whole = table + bytes(-len(table) % 4)
        check = _sum(whole)
        directory += pack(">4s3L", tag.encode(), check, at, len(table))
        padded.append(whole)
        at += len(whole)
        total += check
    adjustment = pack(">L", 0xB1B0AFBA - total - _sum(directory) & 0xFFFFFFFF)
    place = sorted(tables).index("head")
    padded[place] = padded[place][:8] + adjustment + padded[place][12:]
    return b"".join([directory, *padded])


def _sum(content: bytes) -> int:
    words: tuple[int, ...] = unpack(f">{len(content) // 4}L", content)
    return sum(words) & 0xFFFFFFFF


_MAP = """/CIDInit/ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def
/CMapName/Adobe-Identity-UCS def/CMapType 2 def
1 begincodespacerange<0000><ffff>endcodespacerange
{said}endcmap CMapName currentdict/CMap defineresource pop end end
"""


def _to_unicode(letters: str) -> str:
    """Say which letter each number means, one by one: ghostscript misreads lists of them."""
    said = [f"<{n:04x}><{letter.encode('utf-16-be').hex()}>\n" for n, letter in enumerate(letters, 1)]
    hundreds = [said[n : n + 100] for n in range(0, len(said), 100)]  # more are not allowed at once
    return _MAP.format(said="".join([f"{len(h)} beginbfchar\n{''.join(h)}endbfchar\n" for h in hundreds]))
