"""Several labels on one sheet of paper, and the list of a whole batch."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from lockership.errors import OUT_OF_RANGE, InputError, Problem
from lockership.labels.fallback.label import Cover
from lockership.labels.fallback.marks import Box, Drawing, Mark, Sheet
from lockership.labels.fallback.page import Page, Pen, pitch
from lockership.labels.fallback.wording import moment_text
from lockership.labels.phrases import FORBIDDEN, NOT_A_LABEL, phrase
from lockership.words import Route

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from lockership.labels.fallback.label import Label
    from lockership.labels.fallback.letters import Letters, Line

__all__ = ["LISTS", "SHEETS", "staging_list", "tile"]


class Paper(NamedTuple):
    """A sheet in thousandths of an inch, how many labels stand on it, and of which size."""

    width: int
    height: int
    columns: int
    rows: int
    size: str


SHEETS = {
    "letter-2up": Paper(11_000, 8_500, 2, 1, "4x6"),
    "a4-4up": Paper(8_268, 11_693, 2, 2, "a6"),
}
"""``letter-2up`` lies on its side; ``a4-4up`` is four times A6."""


def tile(drawings: Iterable[Drawing], paper: str, dpi: int) -> Iterator[Sheet]:
    """Put labels side by side, each in the middle of its part of the sheet, with crop marks between."""
    form = SHEETS[paper]
    width, height = form.width * dpi // 1000, form.height * dpi // 1000
    cell_width, cell_height = width // form.columns, height // form.rows
    marks = Drawing(width, height, dpi, _crop_marks(form, width, height, dpi), ())
    parts: list[tuple[int, int, Drawing]] = []
    for drawing in drawings:
        row, column = divmod(len(parts), form.columns)
        left = column * cell_width + (cell_width - drawing.width) // 2
        top = row * cell_height + (cell_height - drawing.height) // 2
        parts.append((left, top, drawing))
        if len(parts) == form.columns * form.rows:
            yield Sheet(width, height, dpi, (*parts, (0, 0, marks)))
            parts = []
    if parts:
        yield Sheet(width, height, dpi, (*parts, (0, 0, marks)))


def _crop_marks(form: Paper, width: int, height: int, dpi: int) -> tuple[Mark, ...]:
    """Mark where to cut: short lines at the edges of the paper and crosses where cuts meet."""
    thin, long = max(2, dpi // 100), dpi // 5
    down = [column * (width // form.columns) for column in range(1, form.columns)]
    across = [row * (height // form.rows) for row in range(1, form.rows)]
    marks: list[Mark] = []
    for x in down:
        marks += [Box(x, 0, thin, long), Box(x, height - long, thin, long)]
        marks += [Box(x, y - long // 2, thin, long) for y in across]
    for y in across:
        marks += [Box(0, y, long, thin), Box(width - long, y, long, thin)]
        marks += [Box(x - long // 2, y, long, thin) for x in down]
    return tuple(marks)


# ── the list of a batch ──────────────────────────────────────────────────────────────────────────

LISTS = {"letter": (8_500, 11_000), "a4": (8_268, 11_693)}
_LEFT, _TOP, _FOOT, _TICK = 80, 210, 150, 34
_COLUMNS = ("order", "todo", "package", "weight", "where")
_SHARES = (28, 24, 10, 14, 24)  # of the width, in percent


def staging_list(
    labels: Iterable[Label | Cover],
    letters: Letters,
    *,
    printed_at: datetime,
    dpi: int = 203,
    paper: str = "letter",
    language: str = "en",
) -> Iterator[Sheet]:
    """List the parcels of a batch, a line each: a box to tick, id, what to do, package, weight, where.

    Args:
        labels: The batch; covers are left out, they are no parcels.
        letters: The letters of the document.
        printed_at: The moment that is printed, with its time zone.
        dpi: The printer's resolution.
        paper: ``letter`` or ``a4``.
        language: ``en``, ``zh`` or ``es``.
    """
    if paper not in LISTS:
        raise InputError([Problem(OUT_OF_RANGE, f"{paper!r} is not one of {', '.join(LISTS)}", "paper")])
    width, height = (mil * dpi // 1000 for mil in LISTS[paper])
    page = Page(width, height, dpi, ceil(8 * dpi / 72))
    parcels = [label for label in labels if not isinstance(label, Cover)]
    pens: list[Pen] = []
    top = height
    for label in parcels:
        cells = _wrapped(page, letters, _cells(label, language))
        needed = max(map(len, cells)) * pitch(page.letters(25)) + page.dots(14)
        if top + needed > height - page.dots(_FOOT):
            pens.append(_headed(page, letters, printed_at, language))
            top = page.dots(_TOP)
        _row(pens[-1], cells, top, needed)
        top += needed
    for number, pen in enumerate(pens, 1):
        counted = f"{len(parcels)} {phrase('parcels', language)} · {number} / {len(pens)}"
        line, size = letters.clean(counted), page.letters(28)
        pen.write(page.dots(_LEFT), height - page.dots(_FOOT - 30), size, line, bold=True)
        yield Sheet(width, height, dpi, ((0, 0, Drawing(width, height, dpi, (), tuple(pen.marks))),))


def _cells(label: Label, language: str) -> list[str]:
    todo = phrase(label.decision.route.value, language)
    if label.decision.route is Route.REVIEW:
        todo = f"{todo} – {phrase('do_not_ship', language)}"
    bins = ", ".join(dict.fromkeys(line.bin for line in label.contents if line.bin))
    weight = label.decision.parcel.weight.text("lb")
    return [label.scan_text, todo, f"{label.package} / {label.packages}", weight, bins]


def _wrapped(page: Page, letters: Letters, cells: list[str], *, bold: bool = False) -> list[tuple[Line, ...]]:
    size = page.letters(25)
    rooms = [_room(page, share) for share in _SHARES]
    return [
        letters.wrap(letters.clean(cell), room, size, bold=bold)
        for cell, room in zip(cells, rooms, strict=True)
    ]


def _room(page: Page, share: int) -> int:
    return (page.width - page.dots(2 * _LEFT + _TICK + 20)) * share // 100 - page.dots(12)


def _row(pen: Pen, cells: list[tuple[Line, ...]], top: int, height: int, *, bold: bool = False) -> None:
    page = pen.page
    x = page.dots(_LEFT)
    if not bold:
        pen.frame(x, top + page.dots(4), page.dots(_TICK - 8), page.dots(_TICK - 8), page.dots(3))
    x += page.dots(_TICK + 20)
    for share, lines in zip(_SHARES, cells, strict=True):
        for n, line in enumerate(lines):
            pen.write(x, top + page.dots(4) + n * pitch(page.letters(25)), page.letters(25), line, bold=bold)
        x += _room(page, share) + page.dots(12)
    pen.box(page.dots(_LEFT), top + height - page.dots(3), page.width - 2 * page.dots(_LEFT), page.dots(1))


def _headed(page: Page, letters: Letters, printed_at: datetime, language: str) -> Pen:
    """Begin a page: what it is, when it was printed, what it is not, and the names of the columns."""
    pen = Pen(page, letters)
    left, width = page.dots(_LEFT), page.width - 2 * page.dots(_LEFT)
    title = letters.clean(f"{phrase('staging', language)} · {moment_text(printed_at)}")
    pen.write(left, page.dots(50), pen.fitting(title, width, page.letters(40)), title, bold=True)
    warning = letters.clean(f"{FORBIDDEN} · {NOT_A_LABEL}")
    pen.write(left, page.dots(104), pen.fitting(warning, width, page.letters(25)), warning, bold=True)
    names = [phrase(key, language) for key in _COLUMNS]
    height = page.dots(50)
    _row(pen, _wrapped(page, letters, names, bold=True), page.dots(_TOP) - height, height, bold=True)
    bottom = page.height - page.dots(70)
    pen.write(left, bottom, pen.fitting(warning, width, page.letters(25)), warning, bold=True)
    return pen
