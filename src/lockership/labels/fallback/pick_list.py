"""The pick list on a tall label: what to fetch, how many, from where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockership.errors import OUT_OF_RANGE, InputError, Problem
from lockership.labels.fallback.frame import MARGIN
from lockership.labels.phrases import phrase

if TYPE_CHECKING:
    from lockership.labels.fallback.label import Label
    from lockership.labels.fallback.page import Page, Pen

__all__ = ["list_height", "list_lines", "pick_list"]

_MOST = 8


def list_lines(page: Page, label: Label) -> int:
    """Count the lines of a pick list; only a tall label has one."""
    return min(len(label.contents), _MOST) if page.height >= 2 * page.width else 0


def list_height(page: Page, lines: int) -> int:
    """Give the dots that so many lines need, with the names of the columns."""
    return (lines + 1) * page.dots(40) + page.dots(10) if lines else 0


def pick_list(pen: Pen, label: Label, lines: int, top: int) -> None:
    """List what to fetch: a box to tick, how many, what, from where; it counts what it leaves out."""
    page, letters = pen.page, pen.letters
    left, width, pitch = page.dots(MARGIN), page.width - 2 * page.dots(MARGIN), page.dots(40)
    language = label.languages[0]
    columns = (left, left + page.dots(44), left + page.dots(136), left + width - page.dots(170))
    ends = (*columns[1:], left + width)
    shown = [(str(line.quantity), f"{line.sku} {line.name}".strip(), line.bin) for line in label.contents]
    if len(shown) > lines:
        more = phrase("more", language).format(count=len(shown) - lines + 1)
        shown[lines - 1 :] = [("", more, "")]
    heads = (phrase("quantity", language), phrase("pick_list", language), phrase("bin", language))
    for n, cells in enumerate((heads, *shown)):
        y = top + page.dots(8) + n * pitch
        pen.box(left, y + pitch - page.dots(4), width, page.dots(2))
        if n and cells[0]:
            pen.frame(left, y + page.dots(4), page.dots(26), page.dots(26), page.dots(3))
        for x, end, cell in zip(columns[1:], ends[1:], cells, strict=True):
            if not cell.strip():
                continue
            line = letters.clean(cell, "contents")
            size = pen.fitting(line, end - x - page.dots(8), page.letters(26))
            if letters.width(line, size, bold=True) > end - x - page.dots(8):
                message = f"line {n} is wider than its column at 8 points; give a shorter sku, name or bin"
                raise InputError([Problem(OUT_OF_RANGE, message, "contents")])
            pen.write(x, y + page.dots(6), size, line, bold=True)
