"""Many PNG labels as one PDF, a page each, written as they come: thousands need no memory.

A PNG's own compressed rows are what a PDF stores for a picture, so every dot of a label reaches the
paper as the carrier drew it.
"""

from __future__ import annotations

import io
import os
import struct
from pathlib import Path
from typing import IO, Self

from lockership.errors import OUT_OF_RANGE, InputError, Problem

__all__ = ["LabelPages"]

_WIDTH = 288  # points: labels are four inches wide
_GREY, _COLOUR, _PALETTE = 0, 2, 3


class LabelPages:
    """A PDF that is being written; it appears under its name when it is whole.

    Args:
        path: Where it will stand.

    Use it in a ``with`` block; if that raises, or no page was added, there is no file.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        self._part = self._path.with_name(f".{self._path.name}.{os.getpid()}.part")
        self._offsets: dict[int, int] = {}
        self.pages = 0
        self._file: IO[bytes] = self._part.open("wb")
        self._at = self._file.write(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None and self.pages:
                self._end()
                self._file.flush()
                os.fsync(self._file.fileno())
                self._file.close()
                self._part.replace(self._path)
        finally:
            self._file.close()
            self._part.unlink(missing_ok=True)

    def add(self, png: bytes) -> None:
        """Add a page: four inches wide, as high as the label is; six inches wide when it lies.

        Raises:
            InputError: It is no PNG that can be read.
        """
        width, height, entries, rows = _picture(png)
        across = _WIDTH if height >= width else _WIDTH * 3 // 2
        up = round(across * height / width, 2)
        first = 3 + 3 * self.pages
        self._object(
            first,
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {across} {up}]/Contents {first + 1} 0 R"
            f"/Resources<</XObject<</L {first + 2} 0 R>>>>>>".encode(),
        )
        self._stream(first + 1, "", f"{across} 0 0 {up} 0 0 cm /L Do".encode())
        self._stream(first + 2, f"/Type/XObject/Subtype/Image/Width {width}/Height {height}{entries}", rows)
        self.pages += 1

    def _object(self, number: int, body: bytes) -> None:
        self._offsets[number] = self._at
        self._at += self._file.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def _stream(self, number: int, entries: str, content: bytes) -> None:
        head = f"<<{entries}/Length {len(content)}>>\nstream\n".encode()
        self._object(number, head + content + b"\nendstream")

    def _end(self) -> None:
        kids = " ".join(f"{3 + 3 * page} 0 R" for page in range(self.pages))
        self._object(1, b"<</Type/Catalog/Pages 2 0 R>>")
        self._object(2, f"<</Type/Pages/Count {self.pages}/Kids[{kids}]>>".encode())
        start = self._at
        rows = [b"%010d 00000 n \n" % self._offsets[number] for number in sorted(self._offsets)]
        size = len(rows) + 1
        self._file.write(b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, b"".join(rows)))
        self._file.write(b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, start))


def _picture(png: bytes) -> tuple[int, int, str, bytes]:
    """Give width, height, what a PDF has to say of the picture, and its rows as the PNG has them."""
    try:
        width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", png[16:29])
        if interlaced or colour not in (_GREY, _COLOUR, _PALETTE):
            png = _plain(png)
            width, height, depth, colour = struct.unpack(">IIBB", png[16:26])
        chunks = list(_chunks(png))
    except (struct.error, OSError, ValueError) as error:
        raise InputError([Problem(OUT_OF_RANGE, "the label is no PNG that can be read", "label")]) from error
    rows = b"".join(content for name, content in chunks if name == b"IDAT")
    palette = b"".join(content for name, content in chunks if name == b"PLTE")
    space = {_GREY: "/DeviceGray", _COLOUR: "/DeviceRGB"}.get(
        colour, f"[/Indexed/DeviceRGB {len(palette) // 3 - 1}<{palette.hex()}>]"
    )
    told = (
        f"/ColorSpace{space}/BitsPerComponent {depth}/Filter/FlateDecode/DecodeParms<</Predictor 15"
        f"/Colors {3 if colour == _COLOUR else 1}/BitsPerComponent {depth}/Columns {width}>>"
    )
    return width, height, told, rows


def _chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    found: list[tuple[bytes, bytes]] = []
    at = 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        found.append((png[at + 4 : at + 8], png[at + 8 : at + 8 + length]))
        at += length + 12
    return found


def _plain(png: bytes) -> bytes:
    """Paint a transparent or interlaced PNG on white, in grey."""
    from PIL import Image  # noqa: PLC0415 - comes with ReportLab, and few labels need it

    with Image.open(io.BytesIO(png)) as picture:
        clear = picture.convert("RGBA")
    white = Image.new("RGBA", clear.size, "white")
    white.alpha_composite(clear)
    out = io.BytesIO()
    white.convert("L").save(out, "PNG")
    return out.getvalue()
