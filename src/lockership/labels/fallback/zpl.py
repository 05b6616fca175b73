"""Drawings as ZPL II, the language of Zebra printers and their kin.

Text, bars and QR codes are the printer's own: small and sharp.  What its fonts do not have (Chinese
and all else that needs the embedded font) is sent as a picture.  No text can become a command: ``^``,
``~`` and ``_`` are written as numbers.

Looked at with an offline emulator, not on a printer: the widths of a printer's own letters are a
little narrower than those that the layout was made with.

Source: Zebra, ZPL II Programming Guide: ^A0, ^BC, ^BQ, ^CI28, ^FH, ^FR, ^FT, ^GB, ^GF.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from lockership.labels.fallback.marks import Box, Code, Drawing, Picture, Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PIL.ImageFont import FreeTypeFont

    from lockership.labels.fallback.letters import Letters

__all__ = ["zpl"]

_COMMANDS = re.compile(r"[\^~_]")
# A printer's own bold letters are about as much narrower than Helvetica's, at the same height.
_STRETCH = 1.1


def zpl(drawings: Iterable[Drawing], letters: Letters) -> bytes:
    """Write one format for each drawing, each line by line, in UTF-8."""
    out: list[str] = []
    for drawing in drawings:
        out += ["^XA", "^CI28", f"^PW{drawing.width}", f"^LL{drawing.height}", "^LH0,0"]
        marks = drawing.marks
        boxes = [mark for mark in marks if isinstance(mark, Box)]
        out += [_box(mark) for mark in sorted(boxes, key=lambda box: box.white)]
        for mark in marks:
            if isinstance(mark, Code):
                out.append(_code(mark))
            elif isinstance(mark, Picture):
                out.append(_graphic(mark))
        out += [_text(mark, letters) for mark in marks if isinstance(mark, Text)]
        out.append("^XZ\n")
    return "\n".join(out).encode()


def _field(text: str) -> str:
    return "^FH_^FD" + _COMMANDS.sub(lambda match: f"_{ord(match[0]):02X}", text) + "^FS"


def _box(box: Box) -> str:
    shade = "W" if box.white else "B"
    return f"^FO{box.x},{box.y}^GB{box.width},{box.height},{min(box.width, box.height)},{shade}^FS"


def _text(mark: Text, letters: Letters) -> str:
    if mark.wide:
        return _graphic(_drawn(mark, letters), reverse=mark.white)
    reverse = "^FR" if mark.white else ""
    wide = int(mark.size * _STRETCH) if mark.bold else mark.size
    return f"^FT{mark.x},{mark.y}{reverse}^A0N,{mark.size},{wide}{_field(mark.text)}"


def _code(code: Code) -> str:
    at = f"^FO{code.x},{code.y}"
    if code.symbology == "qr":
        return f"{at}^BQN,2,{code.module}{_field('MA,' + code.payload)}"
    if code.symbology == "gs1-128":  # start in set C, then FNC1, then digits in pairs
        return f"{at}^BY{code.module}^BCN,{code.height},N,N,N{_field('>;>8' + code.payload)}"
    if code.symbology == "code128":  # mode A: the printer chooses the sets, and comes to the same width
        return f"{at}^BY{code.module}^BCN,{code.height},N,N,N,A{_field(code.payload)}"
    wide = 8 * -(-code.width // 8)
    rows = ["".join(bit * code.module for bit in row).ljust(wide, "0") for row in code.rows]
    bits = b"".join(int(row, 2).to_bytes(wide // 8) * code.module for row in rows)
    return _graphic(Picture(code.x, code.y, wide, code.height, bits))


# ── pictures ─────────────────────────────────────────────────────────────────────────────────────


def _drawn(mark: Text, letters: Letters) -> Picture:
    """Draw text that a printer has no letters for."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - only for such text

    font = _font_of(str(letters.embedded.path), mark.size)
    heavy = max(1, mark.size // 40) if mark.bold else 0
    left, top, right, bottom = font.getbbox(mark.text, anchor="ls", stroke_width=heavy)
    wide, high = 8 * -(-int(right - left + 1) // 8), int(bottom - top + 1)
    image = Image.new("1", (wide, high), 0)
    ImageDraw.Draw(image).text((-left, -top), mark.text, 1, font, anchor="ls", stroke_width=heavy)
    return Picture(mark.x + int(left), mark.y + int(top), wide, high, image.tobytes())


@lru_cache(maxsize=32)
def _font_of(path: str, size: int) -> FreeTypeFont:
    from PIL import ImageFont  # noqa: PLC0415 - as above

    return ImageFont.truetype(path, size)


def _graphic(picture: Picture, *, reverse: bool = False) -> str:
    per_row = picture.width // 8
    total = per_row * picture.height
    rows = [picture.bits[n : n + per_row].hex().upper() for n in range(0, total, per_row)]
    packed: list[str] = []
    before = ""
    for row in rows:
        packed.append(":" if row == before else _packed(row))
        before = row
    flag = "^FR" if reverse else ""
    return f"^FO{picture.x},{picture.y}{flag}^GFA,{total},{total},{per_row},{''.join(packed)}^FS"


def _packed(row: str) -> str:
    """Shorten one row: blank ends are a comma, repeated digits carry their number before them.

    >>> _packed("00FF0000"), _packed("F" * 22)
    ('H0HF,', 'gHF')
    """
    bare = row.rstrip("0")
    out: list[str] = []
    for digit, group in groupby(bare):
        count = len(list(group))
        out.append("z" * (count // 400))
        count %= 400
        if count > 1 or out[-1]:
            if count >= 20:
                out.append(chr(ord("f") + count // 20))
            if count % 20:
                out.append(chr(ord("F") + count % 20))
        if count or out[-1]:
            out.append(digit)
    return "".join(out) + ("," if len(bare) < len(row) else "")
