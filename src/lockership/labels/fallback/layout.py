"""Where everything stands on a fallback label.

From the top: what this paper is not; what is to be done; to whom; why, and what is next, beside the
QR code; the internal bar code; once more what this paper is not.  The address takes the room that the
rest leaves: it wraps, then shrinks down to 8 points, then there is an error; it is never cut.
Measures are in dots of 203 to the inch and are scaled to whole dots of the printer.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from lockership.errors import OUT_OF_RANGE, InputError, Problem
from lockership.labels.fallback.frame import BAND, CAPTION, EDGE, GAP, MARGIN, SMALL, STATE, count, shared
from lockership.labels.fallback.letters import Letters, Line
from lockership.labels.fallback.marks import Code, Drawing, data_matrix, linear, scaled, square
from lockership.labels.fallback.page import Page, Pen, pitch
from lockership.labels.fallback.pick_list import list_height, list_lines, pick_list
from lockership.labels.fallback.template import draw_template, template_height
from lockership.labels.fallback.wording import CAPTIONS, address_lines, rows_of
from lockership.labels.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lockership.labels.fallback.label import Label
    from lockership.labels.fallback.template import Template
    from lockership.labels.fallback.wording import Row

__all__ = ["lay_out"]

_ADDRESS_SIZES = (60, 54, 48, 44, 40, 37, 34, 31, 28, 25, 23)
_BROKEN = 37  # larger letters than these are not used for lines that would have to break
_BODY_SIZES = ((28, 44), (25, 37), (23, 23))  # and the smallest address that may stand above such text


def lay_out(label: Label, page: Page, letters: Letters, template: Template | None = None) -> Drawing:
    """Place everything on one page.

    Raises:
        InputError: The address or the ids need more room than the page has, or text cannot be drawn.
        MissingDependency: Text needs a font that is not installed.
    """
    pen = Pen(page, letters)
    route = label.decision.route
    top = page.dots(EDGE + BAND + GAP + STATE[route] + 8)
    floor = page.height - page.dots(EDGE + BAND + GAP)
    bars, square_code = _bar_code(page, label), _square_code(page, label)
    lines = list_lines(page, label)
    list_high = list_height(page, lines)
    own_height = 0 if template is None else template_height(page, template, letters)
    least = page.dots(100 + 14) + page.letters(32) + _sscc_height(page, label)
    plan = _plan(pen, label, square_code, floor - top - least - list_high - own_height)
    count(pen, label, page.dots(EDGE + BAND + GAP), page.dots(STATE[route]))
    top = _address(pen, plan, top)
    top = _body(pen, plan, square_code, top)
    if lines:
        pick_list(pen, label, lines, top)
    if template is not None:
        draw_template(pen, template, top + list_high, page.dots(MARGIN))
    _bars(pen, label, bars, top + list_high + own_height, floor)
    common = shared(page, letters, label.languages, route)
    return Drawing(page.width, page.height, page.dpi, common, tuple(pen.marks))


# ── to whom, why, what next ──────────────────────────────────────────────────────────────────────


class _Written(NamedTuple):
    """One line of the body: how far down, what, and the caption before it."""

    top: int
    line: Line
    caption: Line | None


class _Plan(NamedTuple):
    """How large things are written, and the lines that come of it."""

    address: list[Line]
    address_size: int
    body: list[_Written]
    body_size: int
    body_height: int
    column: int  # width of the captions


def _plan(pen: Pen, label: Label, qr: Code, room: int) -> _Plan:
    """Choose sizes: everything as large as it fits; the address gives way last."""
    page, letters = pen.page, pen.letters
    address = [letters.clean(text, field) for field, text in address_lines(label.decision)]
    address = [line for line in address if line.text]
    if not address:
        raise InputError([Problem(OUT_OF_RANGE, "no line of the address can be printed", "ship_to")])
    for rows in _fewer_and_fewer(page, label):
        column = _column(page, letters, label.languages[0])
        for body_size, least in _BODY_SIZES:
            size = page.letters(body_size)
            body, height = _flow(pen, rows, size, qr, column)
            left = room - height - page.dots(8 + 26) - page.letters(CAPTION)
            if fit := _fit_address(pen, address, left, page.letters(least)):
                return _Plan(*fit, body, size, height, column)
    message = "the address needs more room than this label has at 8 points; use a larger size, as 4x8"
    raise InputError([Problem(OUT_OF_RANGE, message, "ship_to")])


def _fit_address(pen: Pen, address: list[Line], height: int, least: int) -> tuple[list[Line], int] | None:
    """Give the address in the largest letters that fit, or None when none of at least that size do."""
    page, letters = pen.page, pen.letters
    wide = page.width - 2 * page.dots(MARGIN)
    longest = max([letters.units(line, bold=True) for line in address])
    for size in _address_sizes(page):
        if size < least:
            return None
        if len(address) * pitch(size) > height:
            continue
        if longest * size <= wide * 1000:
            return address, size
        if size <= page.letters(_BROKEN):
            lines = [part for line in address for part in letters.wrap(line, wide, size, bold=True)]
            if len(lines) * pitch(size) <= height:
                return lines, size
    return None


@lru_cache(maxsize=64)
def _address_sizes(page: Page) -> tuple[int, ...]:
    return tuple(map(page.letters, _ADDRESS_SIZES))


def _fewer_and_fewer(page: Page, label: Label) -> Iterator[list[Row]]:
    """Give all that is to be said, then less: one language, then fewer reasons, counting the others."""
    sku_lines = 0 if list_lines(page, label) else 3
    yield rows_of(label, label.languages, sku_lines=sku_lines)
    if len(label.languages) > 1:
        yield rows_of(label, label.languages[:1], sku_lines=sku_lines)
    for reasons in range(len(label.decision.refusals) - 1, 0, -1):
        yield rows_of(label, label.languages[:1], reasons=reasons, sku_lines=min(1, sku_lines))


@lru_cache(maxsize=64)
def _column(page: Page, letters: Letters, language: str) -> int:
    """Give the width that the captions need."""
    captions = [letters.clean(phrase(key, language)) for key in CAPTIONS]
    widest = max(letters.width(caption, page.letters(SMALL), bold=True) for caption in captions)
    return ceil(widest) + page.dots(14)


def _flow(pen: Pen, rows: list[Row], size: int, qr: Code, column: int) -> tuple[list[_Written], int]:
    """Break the rows beside and below the QR code; give the lines and the height of both."""
    page, letters = pen.page, pen.letters
    wide = page.width - 2 * page.dots(MARGIN) - column
    beside = wide - qr.width - 2 * qr.quiet
    qr_height = qr.height + 2 * qr.quiet
    down, gap = pitch(size), page.dots(5)
    lines: list[_Written] = []
    top = 0
    for row in rows:
        caption: Line | None = letters.clean(row.caption)
        for paragraph in row.paragraphs:
            room = beside if top < qr_height else wide
            for line in letters.lines(paragraph, room, size):
                lines.append(_Written(top, line, caption))
                caption = None
                top += down
        top += gap
    return lines, max(top, qr_height)


def _address(pen: Pen, plan: _Plan, top: int) -> int:
    """Write to whom it goes, and a rule under it; give where that ends."""
    page = pen.page
    left = page.dots(MARGIN)
    top += page.dots(8) + page.letters(CAPTION)
    for line in plan.address:
        pen.write(left, top, plan.address_size, line, bold=True)
        top += pitch(plan.address_size)
    pen.box(left, top + page.dots(8), page.width - 2 * left, page.dots(3))
    return top + page.dots(18)


def _body(pen: Pen, plan: _Plan, qr: Code, top: int) -> int:
    """Write the rows and put the QR code beside the first of them; give where both end."""
    page = pen.page
    left, small = page.dots(MARGIN), page.letters(SMALL)
    drop = (plan.body_size - small) // 2
    for at, line, caption in plan.body:
        if caption is not None:
            pen.write(left, top + at + drop, small, caption, bold=True)
        pen.write(left + plan.column, top + at, plan.body_size, line)
    pen.marks.append(qr._replace(x=page.width - left - qr.width - qr.quiet, y=top + qr.quiet))
    return top + plan.body_height


# ── codes ────────────────────────────────────────────────────────────────────────────────────────


def _square_code(page: Page, label: Label) -> Code:
    code = square(label.ticket.text()) if label.square == "qr" else data_matrix(label.ticket.text())
    module = max(3, page.dots(200) // (max(code.width, code.height) + 2 * code.quiet))
    return scaled(code, module, code.height * module)


def _bar_code(page: Page, label: Label) -> Code:
    return _widest(page, linear(label.scan_text), "scan_id" if label.scan_id else "order_id")


def _widest(page: Page, code: Code, field: str) -> Code:
    """Make a bar code's bars as wide as fit: at least 3 dots, at most 20 thousandths of an inch."""
    module = min(page.width // (code.width + 2 * code.quiet), max(3, page.dpi // 50))
    if module < 3:
        fits = (page.width // 3 - 2 * code.quiet - 35) // 11
        message = (
            f"{len(code.payload)} characters make a bar code wider than the label; about {fits} fit; "
            "give a shorter id as scan_id"
        )
        raise InputError([Problem(OUT_OF_RANGE, message, field)])
    return scaled(code, module, 0)


def _sscc_height(page: Page, label: Label) -> int:
    return 0 if label.sscc is None else page.dots(256 + 16) + page.letters(30)


def _bars(pen: Pen, label: Label, code: Code, top: int, floor: int) -> None:
    """Put the bar code above the lower band, tall where there is room, its text under it."""
    page = pen.page
    if label.sscc is not None:
        floor -= _sscc_height(page, label)
        _sscc(pen, label.sscc.digits, floor)
    text = Line(label.scan_text)
    size = pen.fitting(text, page.width - 2 * page.dots(MARGIN), page.letters(36))
    height = min(page.dots(220), floor - top - page.dots(14) - size)
    bars_top = floor - size - page.dots(6) - height
    pen.marks.append(code._replace(x=(page.width - code.width) // 2, y=bars_top, height=height))
    pen.centred(0, page.width, floor - size - page.dots(2), size, text)


def _sscc(pen: Pen, digits: str, top: int) -> None:
    """Put the SSCC lowest, as GS1 asks: bars of 32 mm at least, its digits under it."""
    page = pen.page
    code = _widest(page, linear("00" + digits, gs1=True), "sscc")
    height = page.dots(256)
    pen.marks.append(code._replace(x=(page.width - code.width) // 2, y=top + page.dots(8), height=height))
    pen.centred(0, page.width, top + page.dots(10) + height, page.letters(28), Line(f"(00) {digits}"))
