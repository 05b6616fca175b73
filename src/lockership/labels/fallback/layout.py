"""Where everything stands on a fallback label.

From the top: what this paper is not; what is to be done; to whom; why, and what is next, beside the
QR code; the internal bar code; once more what this paper is not.  The address takes the room that the
rest leaves: it wraps, then shrinks down to 8 points, then there is an error; it is never cut.
Measures are in dots of 203 to the inch and are scaled to whole dots of the printer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from lockership.errors import OUT_OF_RANGE, InputError, Problem
from lockership.labels.fallback.letters import Letters, Line
from lockership.labels.fallback.marks import Code, Drawing, Mark, linear, square
from lockership.labels.fallback.page import Page, Pen
from lockership.labels.fallback.wording import address_lines, moment_text, rows_of
from lockership.labels.phrases import FORBIDDEN, NOT_A_LABEL, phrase
from lockership.words import Route

if TYPE_CHECKING:
    from lockership.labels.fallback.label import Cover, Label
    from lockership.labels.fallback.wording import Row

__all__ = ["lay_out", "lay_out_cover"]

MARGIN, EDGE, BAND = 20, 14, 84
_ADDRESS_SIZES = (60, 54, 48, 44, 40, 37, 34, 31, 28, 25, 23)
_BODY_SIZES = ((28, 44), (25, 37), (23, 23))  # and the smallest address that may stand above such text


def lay_out(label: Label, page: Page, letters: Letters) -> Drawing:
    """Place everything on one page.

    Raises:
        InputError: The address or the ids need more room than the page has, or text cannot be drawn.
        MissingDependency: Text needs a font that is not installed.
    """
    pen = Pen(page, letters)
    top = _state(pen, label)
    code = _bar_code(page, label)
    qr = _qr_code(page, label)
    floor = page.height - page.dots(EDGE + BAND + 10)
    code_least = page.dots(100 + 8) + page.letters(32) + _sscc_height(page, label)
    plan = _plan(pen, label, qr, floor - top - code_least)
    top = _address(pen, label, plan, top)
    bottom = _body(pen, plan, qr, top)
    _bars(pen, label, code, bottom, floor)
    return Drawing(
        page.width, page.height, page.dpi, _bands(page, letters, label.languages), tuple(pen.marks)
    )


# ── bands ────────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=64)
def _bands(page: Page, letters: Letters, languages: tuple[str, ...]) -> tuple[Mark, ...]:
    """Say at the top and at the bottom what this paper is not."""
    pen = Pen(page, letters)
    left, width, height = page.dots(MARGIN), page.width - 2 * page.dots(MARGIN), page.dots(BAND)
    second = letters.clean(NOT_A_LABEL)
    for language in languages:
        longer = letters.clean(f"{second.text} · {phrase('not_a_label', language)}".removesuffix(" · "))
        if letters.width(longer, page.smallest, bold=True) <= width - page.dots(16):
            second = longer
    for top in (page.dots(EDGE), page.height - page.dots(EDGE) - height):
        pen.box(left, top, width, height)
        room = width - page.dots(16)
        first_line = letters.clean(FORBIDDEN)
        size = pen.fitting(first_line, room, page.letters(44))
        pen.centred(left, width, top + page.dots(4), size, first_line, white=True)
        size = pen.fitting(second, room, page.letters(27))
        pen.centred(left, width, top + page.dots(50), size, second, white=True)
    return tuple(pen.marks)


# ── what is to be done ───────────────────────────────────────────────────────────────────────────


def _state(pen: Pen, label: Label) -> int:
    """Say in the largest letters what is to be done with the parcel; give where it ends."""
    page, letters = pen.page, pen.letters
    review = label.decision.route is Route.REVIEW
    left, top = page.dots(MARGIN), page.dots(EDGE + BAND + 10)
    width, height = page.width - 2 * left, page.dots(132 if review else 88)
    gap, beside = page.dots(12), page.dots(150)
    words = [letters.clean(phrase(label.decision.route.value, lang)) for lang in label.languages]
    wide = width - beside - gap
    if label.decision.route is Route.HOME:
        pen.frame(left, top, wide, height, page.dots(5))
    else:
        pen.box(left, top, wide, height)
    white = label.decision.route is not Route.HOME
    if review:
        _stripes(pen, left, top, height)
        _stripes(pen, left + wide - page.dots(108), top, height)
        room = wide - page.dots(216)
        _spread(pen, words, left + page.dots(108), room, top + page.dots(4), 84, white=True)
        orders = [letters.clean(phrase("do_not_ship", lang)) for lang in label.languages]
        _spread(pen, orders, left + page.dots(108), room, top + page.dots(86), 38, white=True)
    else:
        _spread(pen, words, left + gap, wide - 2 * gap, top + page.dots(12), 62, white=white)
    _package_box(pen, label, left + width - beside, top, beside, height)
    return top + height + page.dots(8)


def _spread(pen: Pen, lines: list[Line], left: int, room: int, top: int, wanted: int, *, white: bool) -> None:
    """Write one or two words in the middle of the room, as large as both fit beside each other."""
    page = pen.page
    gap = page.dots(24) * (len(lines) - 1)
    unit = sum(pen.letters.width(line, 1000, bold=True) for line in lines) / 1000
    size = max(page.smallest, min(page.letters(wanted), int((room - gap) / unit)))
    x = left + int((room - gap - unit * size) / 2)
    drop = (page.letters(wanted) - size) // 2
    for line in lines:
        pen.write(x, top + drop, size, line, bold=True, white=white)
        x += int(pen.letters.width(line, size, bold=True)) + page.dots(24)


def _stripes(pen: Pen, left: int, top: int, height: int) -> None:
    """Hatch a corner so that a stopped parcel is seen from afar."""
    bar = pen.page.dots(12)
    for n in range(4):
        pen.box(left + bar + 2 * n * bar, top + bar, bar, height - 2 * bar, white=True)


def _package_box(pen: Pen, label: Label | Cover, left: int, top: int, width: int, height: int) -> None:
    """Say which parcel of how many this is."""
    page, letters = pen.page, pen.letters
    pen.frame(left, top, width, height, page.dots(3))
    top += (height - page.dots(88)) // 2
    caption = letters.clean(phrase("package", label.languages[0]))
    room = width - page.dots(14)
    size = pen.fitting(caption, room, page.letters(23))
    pen.centred(left, width, top + page.dots(8), size, caption)
    count = Line(f"{label.package} / {label.packages}", wide=False)
    size = pen.fitting(count, room, page.letters(46))
    pen.centred(left, width, top + page.dots(10) + page.letters(23), size, count)


# ── to whom, why, what next ──────────────────────────────────────────────────────────────────────


class _Plan(NamedTuple):
    """How large things are written, and the lines that come of it."""

    address: list[Line]
    address_size: int
    body: list[tuple[int, Line, int, Line | None]]  # from its top: where, what, size, caption before it
    body_height: int
    caption_width: int


def _plan(pen: Pen, label: Label, qr: Code, room: int) -> _Plan:
    """Choose sizes: everything as large as it fits; the address gives way last."""
    page = pen.page
    address = [pen.letters.clean(text, field) for field, text in address_lines(label.decision)]
    wide = page.width - 2 * page.dots(MARGIN) - page.dots(12)
    for rows in _fewer_and_fewer(label):
        for body_size, least in _BODY_SIZES:
            body, height, caption_width = _flow(pen, rows, page.letters(body_size), qr)
            left = room - height - _caption_height(page) - page.dots(26)
            for size in map(page.letters, _ADDRESS_SIZES):
                if size < page.letters(least):
                    break
                lines = pen.wrapped(address, wide, size, bold=True)
                pretty = len(lines) == len(address) or size <= page.letters(37)
                if pretty and len(lines) * _pitch(size) <= left:
                    return _Plan(lines, size, body, height, caption_width)
    message = "the address needs more room than this label has at 8 points; use a larger size, as 4x8"
    raise InputError([Problem(OUT_OF_RANGE, message, "ship_to")])


def _fewer_and_fewer(label: Label) -> Iterator[list[Row]]:
    """Give everything to be said, then less: one language, then fewer reasons; it says how many are left out."""
    yield rows_of(label, label.languages)
    if len(label.languages) > 1:
        yield rows_of(label, label.languages[:1])
    for reasons in range(len(label.decision.refusals) - 1, 0, -1):
        yield rows_of(label, label.languages[:1], reasons=reasons)


def _pitch(size: int) -> int:
    return ceil(size * 1.16)


def _caption_height(page: Page) -> int:
    return page.dots(8) + page.letters(26)


def _flow(
    pen: Pen, rows: Iterable[Row], size: int, qr: Code
) -> tuple[list[tuple[int, Line, int, Line | None]], int, int]:
    """Break the rows beside and below the QR code; give lines, height and the width of the captions."""
    page, letters = pen.page, pen.letters
    wide = page.width - 2 * page.dots(MARGIN)
    small = page.letters(23)
    captions = [letters.clean(row.caption) for row in rows]
    column = max(ceil(letters.width(caption, small, bold=True)) for caption in captions) + page.dots(14)
    beside = wide - column - (qr.width + 2 * qr.quiet)
    qr_height = qr.height + 2 * qr.quiet
    lines: list[tuple[int, Line, int, Line | None]] = []
    top = 0
    for row, caption in zip(rows, captions, strict=True):
        for paragraph in row.paragraphs:
            rest = letters.clean(paragraph)
            while rest.text:
                room = beside if top < qr_height else wide - column
                first, *more = letters.wrap(rest, room, size)
                lines.append((top, first, size, caption))
                caption = None  # noqa: PLW2901 - it stands before the first line only
                top += _pitch(size)
                rest = (
                    Line(rest.text[len(first.text) :].lstrip(), rest.wide) if more else Line("", wide=False)
                )
        top += page.dots(5)
    return lines, max(top, qr_height), column


def _address(pen: Pen, label: Label, plan: _Plan, top: int) -> int:
    """Write to whom it goes, and the point's id; give where that ends."""
    page, letters = pen.page, pen.letters
    left, width = page.dots(MARGIN), page.width - 2 * page.dots(MARGIN)
    review = label.decision.route is Route.REVIEW
    words = [phrase("as_ordered" if review else "ship_to", lang) for lang in label.languages]
    caption = letters.clean(" / ".join(words))
    size = page.letters(26)
    pen.write(left, top, min(size, pen.fitting(caption, width, size)), caption, bold=True)
    top += _caption_height(page)
    for line in plan.address:
        pen.write(left + page.dots(12), top, plan.address_size, line, bold=True)
        top += _pitch(plan.address_size)
    pen.box(left, top + page.dots(8), width, page.dots(3))
    return top + page.dots(18)


def _body(pen: Pen, plan: _Plan, qr: Code, top: int) -> int:
    """Write the rows and put the QR code beside the first of them; give where both end."""
    page = pen.page
    left = page.dots(MARGIN)
    small = page.letters(23)
    for at, line, size, caption in plan.body:
        if caption is not None:
            pen.write(left, top + at + (size - small) // 2, small, caption, bold=True)
        pen.write(left + plan.caption_width, top + at, size, line)
    x = page.width - left - qr.width - qr.quiet
    pen.marks.append(qr._replace(x=x, y=top + qr.quiet))
    return top + plan.body_height


# ── codes ────────────────────────────────────────────────────────────────────────────────────────


def _scaled(code: Code, module: int, height: int) -> Code:
    return code._replace(module=module, width=code.width * module, height=height, quiet=code.quiet * module)


def _qr_code(page: Page, label: Label) -> Code:
    code = square(label.ticket.text())
    module = max(3, page.dots(200) // (code.width + 2 * code.quiet))
    return _scaled(code, module, code.height * module)


def _bar_code(page: Page, label: Label) -> Code:
    """Make the internal bar code with bars as wide as fit, at least 3 dots, at most 20 thousandths."""
    return _widest(page, linear(label.scan_text), "scan_id" if label.scan_id else "order_id")


def _widest(page: Page, code: Code, field: str) -> Code:
    module = min(page.width // (code.width + 2 * code.quiet), page.dpi // 50)
    if module < 3:
        fits = (page.width // 3 - 2 * code.quiet - 35) // 11
        message = (
            f"{len(code.payload)} characters make a bar code wider than the label; about {fits} fit; "
            "give a shorter id as scan_id"
        )
        raise InputError([Problem(OUT_OF_RANGE, message, field)])
    return _scaled(code, module, 0)


def _sscc_height(page: Page, label: Label) -> int:
    return 0 if label.sscc is None else page.dots(256 + 16) + page.letters(30)


def _bars(pen: Pen, label: Label, code: Code, top: int, floor: int) -> None:
    """Put the bar code above the lower band, tall where there is room, its text under it."""
    page, letters = pen.page, pen.letters
    if label.sscc is not None:
        floor -= _sscc_height(page, label)
        _sscc(pen, label.sscc.digits, floor)
    text = letters.clean(label.scan_text)
    size = pen.fitting(text, page.width - 2 * page.dots(MARGIN), page.letters(36))
    height = min(page.dots(220), floor - top - page.dots(8) - size - page.dots(6))
    bars_top = floor - size - page.dots(6) - height
    x = (page.width - code.width) // 2
    pen.marks.append(code._replace(x=x, y=bars_top, height=height))
    pen.centred(0, page.width, floor - size - page.dots(2), size, text)


def _sscc(pen: Pen, digits: str, top: int) -> None:
    """Put the SSCC lowest, as GS1 asks: bars of 32 mm at least, its digits under it."""
    page = pen.page
    code = _widest(page, linear("00" + digits, gs1=True), "sscc")
    height = page.dots(256)
    pen.marks.append(code._replace(x=(page.width - code.width) // 2, y=top + page.dots(8), height=height))
    line = Line(f"(00) {digits}", wide=False)
    pen.centred(0, page.width, top + page.dots(10) + height, page.letters(28), line)


# ── cover ────────────────────────────────────────────────────────────────────────────────────────


def lay_out_cover(cover: Cover, page: Page, letters: Letters) -> Drawing:
    """Place a cover: SUPERSEDED, what that means, which order, and no code at all."""
    pen = Pen(page, letters)
    left, width = page.dots(MARGIN), page.width - 2 * page.dots(MARGIN)
    top = page.dots(EDGE + BAND + 60)
    for language in cover.languages:
        word = letters.clean(phrase("superseded", language))
        size = pen.fitting(word, width - page.dots(40), page.letters(104))
        pen.box(left, top, width, size + page.dots(40))
        pen.centred(left, width, top + page.dots(18), size, word, white=True)
        top += size + page.dots(64)
        text = letters.clean(phrase("superseded_text", language))
        for line in letters.wrap(text, width, page.letters(36), bold=True):
            pen.write(left, top, page.letters(36), line, bold=True)
            top += _pitch(page.letters(36))
        top += page.dots(36)
    _package_box(pen, cover, left + width - page.dots(150), top, page.dots(150), page.dots(88))
    order = letters.clean(f"{phrase('order', cover.languages[0])} {cover.order_id}", "order_id")
    for line in letters.wrap(order, width - page.dots(170), page.letters(34), bold=True):
        pen.write(left, top, page.letters(34), line, bold=True)
        top += _pitch(page.letters(34))
    printed = f"{phrase('printed', cover.languages[0])} {moment_text(cover.printed_at)}"
    pen.write(left, top + page.dots(8), page.letters(26), letters.clean(printed))
    if top > page.height - page.dots(EDGE + BAND + 60):
        raise InputError([Problem(OUT_OF_RANGE, "it needs more room than the cover has", "order_id")])
    bands = _bands(page, letters, cover.languages)
    return Drawing(page.width, page.height, page.dpi, bands, tuple(pen.marks))
