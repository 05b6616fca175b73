"""What a seller adds to the labels: a logo, a return address, lines, and a zone of one's own."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING, Any

import attrs

from lockership.address import Address
from lockership.errors import OUT_OF_RANGE, InputError, Problem
from lockership.labels.fallback.marks import ASCENT, DESCENT, Box, Mark, Picture, Text, linear, scaled
from lockership.labels.fallback.page import pitch
from lockership.labels.fallback.payload import carrier_lookalike
from lockership.labels.fallback.wording import one_line

if TYPE_CHECKING:
    from lockership.labels.fallback.letters import Letters, Line
    from lockership.labels.fallback.page import Page, Pen

__all__ = ["Template", "Zone", "draw_template", "template_height"]

_LOGO_WIDE, _LOGO_HIGH = 240, 90
_MOST_HIGH_IN = 2


@attrs.frozen
class Template:
    """What stands between the facts and the bar code of every label.

    A logo must be the seller's own: a carrier's logo, or anything that looks like postage, has no
    place on a fallback label.  That cannot be checked here.

    Attributes:
        logo: A PNG, JPEG or GIF file's content, or None; printed black and white, without half-tones.
        return_address: Where undelivered parcels go, or None.
        lines: Further lines of text.
        zone: Is called with a :class:`Zone` for every label and draws what it likes inside it.
        zone_height: Height of that zone in hundredths of an inch, at most 200.
    """

    logo: bytes | None = attrs.field(default=None, repr=False)
    return_address: Address | None = attrs.field(default=None, repr=False)
    lines: tuple[str, ...] = ()
    zone: Callable[[Zone], None] | None = None
    zone_height: int = 50

    def __attrs_post_init__(self) -> None:
        if not 0 < self.zone_height <= 100 * _MOST_HIGH_IN:
            message = f"{self.zone_height} is not between 1 and {100 * _MOST_HIGH_IN} hundredths of an inch"
            raise InputError([Problem(OUT_OF_RANGE, message, "template.zone_height")])


class Zone:
    """A part of the label that a seller draws; nothing can leave it.

    Measures are dots from its top left corner; ``width``, ``height`` and ``dpi`` say how many there are.

    Raises:
        InputError: A mark would leave the zone, letters are under 8 points, or a code could pass for
            a carrier's.
    """

    def __init__(self, pen: Pen, left: int, top: int, width: int, height: int) -> None:
        self._pen, self._left, self._top = pen, left, top
        self.width, self.height, self.dpi = width, height, pen.page.dpi
        self.smallest = pen.page.smallest

    def text(self, x: int, y: int, size: int, text: str, *, bold: bool = False) -> None:
        """Write a line whose letters stand on ``y``; ``size`` is at least ``smallest``."""
        line = self._pen.letters.clean(text, "template.zone")
        if size < self.smallest:
            self._refuse(f"letters of {size} dots are under 8 points, which are {self.smallest} dots")
        up, down = ceil(size * ASCENT), ceil(size * DESCENT)
        wide = ceil(self._pen.letters.width(line, size, bold=bold))
        self._inside(x, y - up, wide, up + down)
        self._put(Text(self._left + x, self._top + y, size, line.text, line.wide, bold))

    def box(self, x: int, y: int, width: int, height: int) -> None:
        """Fill a rectangle."""
        self._inside(x, y, width, height)
        self._put(Box(self._left + x, self._top + y, width, height))

    def bar_code(self, x: int, y: int, height: int, text: str, *, module: int = 3) -> None:
        """Draw a Code 128 with its quiet zone; its text is not written under it."""
        if owner := carrier_lookalike(text):
            self._refuse(f"this bar code has the form of a {owner} barcode")
        if not text or not text.isascii() or not text.isprintable() or module < 3:
            self._refuse("a bar code carries printable ASCII, and its bars are at least 3 dots wide")
        code = scaled(linear(text), module, height)
        self._inside(x, y, code.width + 2 * code.quiet, height)
        self._put(code._replace(x=self._left + x + code.quiet, y=self._top + y))

    def _put(self, mark: Mark) -> None:
        self._pen.marks.append(mark)

    def _inside(self, x: int, y: int, width: int, height: int) -> None:
        if min(x, y) < 0 or min(width, height) <= 0 or x + width > self.width or y + height > self.height:
            self._refuse(
                f"{width} x {height} dots at {x}, {y} do not fit into {self.width} x {self.height} dots"
            )

    def _refuse(self, message: str) -> None:
        raise InputError([Problem(OUT_OF_RANGE, message, "template.zone")])


def template_height(page: Page, template: Template, letters: Letters) -> int:
    """Give the dots that a template needs."""
    zone = 0 if template.zone is None else template.zone_height * page.dpi // 100 + page.dots(8)
    texts = len(_texts(page, template, letters)) * pitch(page.letters(23))
    logo = 0 if template.logo is None else page.dots(_LOGO_HIGH)
    strip = max(texts, logo)
    return zone + (strip + page.dots(10) if strip else 0)


def draw_template(pen: Pen, template: Template, top: int, left: int) -> None:
    """Draw the logo, the lines beside it, and the zone under both."""
    page = pen.page
    width = page.width - 2 * left
    strip = 0
    beside = left
    if template.logo is not None:
        picture = _logo(template.logo, page.dots(_LOGO_WIDE), page.dots(_LOGO_HIGH))
        pen.marks.append(picture._replace(x=left, y=top))
        strip = page.dots(_LOGO_HIGH)
        beside += page.dots(_LOGO_WIDE + 16)
    size = page.letters(23)
    below = top
    for line in _texts(page, template, pen.letters):
        pen.write(beside, below, size, line)
        below += pitch(size)
    strip = max(strip, below - top)
    if template.zone is not None:
        high = template.zone_height * page.dpi // 100
        template.zone(Zone(pen, left, top + strip + page.dots(10 if strip else 0), width, high))


def _texts(page: Page, template: Template, letters: Letters) -> list[Line]:
    taken = 0 if template.logo is None else page.dots(_LOGO_WIDE + 16)
    room = page.width - 2 * page.dots(20) - taken
    texts = list(template.lines)
    if template.return_address is not None:
        texts.insert(0, one_line(template.return_address))
    return [
        part
        for text in texts
        for part in letters.wrap(letters.clean(text, "template.lines"), room, page.letters(23))
    ]


@lru_cache(maxsize=8)
def _logo(content: bytes, wide: int, high: int) -> Picture:
    """Bring a logo into its box, black and white, with its proportions."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - only for a logo

    try:
        image = Image.open(io.BytesIO(content))
        image.load()
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        message = "it cannot be read; PNG, JPEG and GIF are accepted"
        raise InputError([Problem(OUT_OF_RANGE, message, "template.logo")]) from error
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image.convert("RGBA"))
    grey: Any = paper.convert("L")  # Pillow types the next calls in part only
    grey.thumbnail((wide, high))
    across = 8 * -(-grey.width // 8)
    black = Image.new("1", (across, grey.height), 0)
    black.paste(grey.point([255 if shade < 128 else 0 for shade in range(256)]).convert("1"))
    return Picture(0, 0, across, grey.height, black.tobytes())
