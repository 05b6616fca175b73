"""The page that goes over a fallback label once the carrier's label is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockership.errors import OUT_OF_RANGE, InputError, Problem
from lockership.labels.fallback.frame import BAND, BESIDE, EDGE, MARGIN, count, package_box, shared
from lockership.labels.fallback.marks import Drawing
from lockership.labels.fallback.page import Page, Pen, pitch
from lockership.labels.fallback.wording import moment_text
from lockership.labels.phrases import phrase

if TYPE_CHECKING:
    from lockership.labels.fallback.label import Cover
    from lockership.labels.fallback.letters import Letters, Line

__all__ = ["lay_out_cover"]


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
        top = _paragraph(pen, text, width, top, page.letters(36)) + page.dots(36)
    package_box(pen, cover.languages[0], left + width - page.dots(BESIDE), top, page.dots(88))
    count(pen, cover, top, page.dots(88))
    order = letters.clean(f"{phrase('order', cover.languages[0])} {cover.order_id}", "order_id")
    top = _paragraph(pen, order, width - page.dots(170), top, page.letters(34))
    printed = f"{phrase('printed', cover.languages[0])} {moment_text(cover.printed_at)}"
    pen.write(left, top + page.dots(8), page.letters(26), letters.clean(printed))
    if top > page.height - page.dots(EDGE + BAND + 60):
        raise InputError([Problem(OUT_OF_RANGE, "it needs more room than the cover has", "order_id")])
    common = shared(page, letters, cover.languages, None)
    return Drawing(page.width, page.height, page.dpi, common, tuple(pen.marks))


def _paragraph(pen: Pen, text: Line, room: int, top: int, size: int) -> int:
    for line in pen.letters.wrap(text, room, size, bold=True):
        pen.write(pen.page.dots(MARGIN), top, size, line, bold=True)
        top += pitch(size)
    return top
