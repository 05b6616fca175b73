"""A page in printer dots, and the pen that writes on it."""

from __future__ import annotations

from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from lockership.errors import OUT_OF_RANGE, InputError, Problem
from lockership.labels.fallback.marks import ASCENT, Box, Mark, Text

if TYPE_CHECKING:
    from lockership.labels.fallback.letters import Letters, Line

__all__ = ["RESOLUTIONS", "SIZES", "Page", "Pen", "page_of", "pitch"]

RESOLUTIONS = (203, 300, 600)
"""Dots per inch of the printers that labels are drawn for; 600 is an office printer's."""

SIZES = {"4x6": (4_000, 6_000), "4x8": (4_000, 8_000), "a6": (3_900, 5_600)}
"""Width and height of a label in thousandths of an inch; ``a6`` leaves the margin that printers need."""


class Page(NamedTuple):
    """Width and height in dots, dots per inch, and the smallest letters: 8 points in whole dots."""

    width: int
    height: int
    dpi: int
    smallest: int

    def dots(self, at_203: float) -> int:
        """Give a measure that is drawn in dots of 203 to the inch, in dots of this page."""
        return round(at_203 * self.dpi / 203)

    def letters(self, at_203: float) -> int:
        """Give a font size likewise, never below the smallest."""
        return max(self.smallest, self.dots(at_203))


@lru_cache
def page_of(size: str, dpi: int) -> Page:
    """Give the page of a label.

    >>> page_of("4x6", 203)
    Page(width=812, height=1218, dpi=203, smallest=23)
    >>> page_of("4x5", 203)
    Traceback (most recent call last):
    lockership.errors.InputError: size: '4x5' is not one of 4x6, 4x8, a6
    """
    problems: list[Problem] = []
    if size not in SIZES:
        problems.append(Problem(OUT_OF_RANGE, f"{size!r} is not one of {', '.join(SIZES)}", "size"))
    if dpi not in RESOLUTIONS:
        accepted = ", ".join(map(str, RESOLUTIONS))
        problems.append(Problem(OUT_OF_RANGE, f"{dpi!r} is not one of {accepted}", "dpi"))
    if problems:
        raise InputError(problems)
    width, height = SIZES[size]
    return Page(width * dpi // 1000, height * dpi // 1000, dpi, ceil(8 * dpi / 72))


def pitch(size: int) -> int:
    """Give the distance from one line to the next."""
    return ceil(size * 1.16)


class Pen:
    """Puts marks on one page; keeps text, its size and its place in whole dots."""

    def __init__(self, page: Page, letters: Letters) -> None:
        self.page = page
        self.letters = letters
        self.marks: list[Mark] = []

    def box(self, x: int, y: int, width: int, height: int, *, white: bool = False) -> None:
        """Fill a rectangle."""
        self.marks.append(Box(x, y, width, height, white))

    def frame(self, x: int, y: int, width: int, height: int, thick: int) -> None:
        """Draw the outline of a rectangle, inside it."""
        self.box(x, y, width, thick)
        self.box(x, y + height - thick, width, thick)
        self.box(x, y + thick, thick, height - 2 * thick)
        self.box(x + width - thick, y + thick, thick, height - 2 * thick)

    def write(
        self, x: int, top: int, size: int, line: Line, *, bold: bool = False, white: bool = False
    ) -> None:
        """Write one line whose letters begin at ``x`` and reach up to ``top``."""
        if line.text:
            self.marks.append(Text(x, top + ceil(ASCENT * size), size, line.text, line.wide, bold, white))

    def centred(self, left: int, width: int, top: int, size: int, line: Line, *, white: bool = False) -> None:
        """Write one bold line in the middle of a width."""
        free = width - self.letters.width(line, size, bold=True)
        self.write(left + max(0, int(free / 2)), top, size, line, bold=True, white=white)

    def fitting(self, line: Line, room: int, wanted: int) -> int:
        """Give the largest size, at most the one wanted, at which the bold line is no wider than the room."""
        units = self.letters.units(line, bold=True)
        return max(self.page.smallest, min(wanted, int(room * 1000 / units) if units else wanted))
