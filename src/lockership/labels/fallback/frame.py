"""What labels have in common: the warnings at both ends, what is to be done, the package box.

It depends on nothing but the page, the language and the route, so it is drawn once for many labels.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from lockership.labels.fallback.letters import Letters, Line
from lockership.labels.fallback.page import Page, Pen
from lockership.labels.phrases import FORBIDDEN, NOT_A_LABEL, phrase
from lockership.words import Route

if TYPE_CHECKING:
    from lockership.labels.fallback.label import Cover, Label
    from lockership.labels.fallback.marks import Mark

__all__ = [
    "BAND",
    "BESIDE",
    "CAPTION",
    "EDGE",
    "GAP",
    "MARGIN",
    "SMALL",
    "STATE",
    "count",
    "package_box",
    "shared",
]

MARGIN, EDGE, BAND, GAP = 20, 14, 84, 10
STATE = {Route.PICKUP: 88, Route.HOME: 88, Route.REVIEW: 140}
"""Height of the box that says what is to be done."""
BESIDE = 150
"""Width of the package box beside it."""
CAPTION, SMALL = 26, 23


@lru_cache(maxsize=64)
def shared(page: Page, letters: Letters, languages: tuple[str, ...], route: Route | None) -> tuple[Mark, ...]:
    """Draw what depends on nothing but what is to be done and the language; a cover has no route."""
    pen = Pen(page, letters)
    _bands(pen, languages)
    if route is not None:
        _state(pen, languages, route)
    return tuple(pen.marks)


def _bands(pen: Pen, languages: tuple[str, ...]) -> None:
    """Say at the top and at the bottom what this paper is not."""
    page, letters = pen.page, pen.letters
    left, width, height = page.dots(MARGIN), page.width - 2 * page.dots(MARGIN), page.dots(BAND)
    room = width - page.dots(16)
    first, second = letters.clean(FORBIDDEN), letters.clean(NOT_A_LABEL)
    for language in languages:
        if said := phrase("not_a_label", language):
            longer = letters.clean(f"{second.text} · {said}")
            if letters.width(longer, page.smallest, bold=True) <= room:
                second = longer
    for top in (page.dots(EDGE), page.height - page.dots(EDGE) - height):
        pen.box(left, top, width, height)
        pen.centred(
            left, width, top + page.dots(4), pen.fitting(first, room, page.letters(43)), first, white=True
        )
        pen.centred(
            left, width, top + page.dots(52), pen.fitting(second, room, page.letters(27)), second, white=True
        )


def _state(pen: Pen, languages: tuple[str, ...], route: Route) -> None:
    """Say in the largest letters what is to be done with the parcel."""
    page, letters = pen.page, pen.letters
    left, top = page.dots(MARGIN), page.dots(EDGE + BAND + GAP)
    height, beside = page.dots(STATE[route]), page.dots(BESIDE)
    wide = page.width - 2 * left - beside - page.dots(12)
    words = [letters.clean(phrase(route.value, language)) for language in languages]
    if route is Route.HOME:
        pen.frame(left, top, wide, height, page.dots(5))
    else:
        pen.box(left, top, wide, height)
    if route is Route.REVIEW:
        corner = page.dots(108)
        for n in range(4):  # hatched, so that a stopped parcel is seen from afar
            for x in (left, left + wide - corner):
                stripe = x + page.dots(12 + 24 * n)
                pen.box(stripe, top + page.dots(12), page.dots(12), height - page.dots(24), white=True)
        room = wide - 2 * corner
        _beside_each_other(pen, words, left + corner, room, top + page.dots(5), 76)
        orders = [letters.clean(phrase("do_not_ship", language)) for language in languages]
        _beside_each_other(pen, orders, left + corner, room, top + page.dots(91), 42)
    else:
        room = wide - 2 * page.dots(12)
        white = route is Route.PICKUP
        _beside_each_other(pen, words, left + page.dots(12), room, top + page.dots(12), 62, white=white)
    package_box(pen, languages[0], left + wide + page.dots(12), top, height)
    captions = [phrase("as_ordered" if route is Route.REVIEW else "ship_to", lang) for lang in languages]
    caption = letters.clean(" / ".join(captions))
    size = pen.fitting(caption, page.width - 2 * left, page.letters(CAPTION))
    pen.write(left, top + height + page.dots(8), size, caption, bold=True)


def _beside_each_other(
    pen: Pen, lines: list[Line], left: int, room: int, top: int, wanted: int, *, white: bool = True
) -> None:
    """Write one or two words in the middle of the room, as large as they fit beside each other."""
    page, letters = pen.page, pen.letters
    gap = page.dots(24)
    units = [letters.units(line, bold=True) for line in lines]
    free = room - gap * (len(lines) - 1)
    size = max(page.smallest, min(page.letters(wanted), int(free * 1000 / sum(units))))
    x = left + int((free - sum(units) * size / 1000) / 2)
    drop = (page.letters(wanted) - size) // 2
    for line, wide in zip(lines, units, strict=True):
        pen.write(x, top + drop, size, line, bold=True, white=white)
        x += int(wide * size / 1000) + gap


def package_box(pen: Pen, language: str, left: int, top: int, height: int) -> None:
    """Draw the box that :func:`count` is written into."""
    page = pen.page
    width = page.dots(BESIDE)
    pen.frame(left, top, width, height, page.dots(3))
    caption = pen.letters.clean(phrase("package", language))
    size = pen.fitting(caption, width - page.dots(14), page.letters(SMALL))
    pen.centred(left, width, top + (height - page.dots(88)) // 2 + page.dots(8), size, caption)


def count(pen: Pen, label: Label | Cover, top: int, height: int) -> None:
    """Say which parcel of how many this is, in its box."""
    pen.marks += _counted(pen.page, pen.letters, f"{label.package} / {label.packages}", top, height)


@lru_cache(maxsize=256)
def _counted(page: Page, letters: Letters, text: str, top: int, height: int) -> tuple[Mark, ...]:
    pen, width, line = Pen(page, letters), page.dots(BESIDE), Line(text)
    size = pen.fitting(line, width - page.dots(14), page.letters(44))
    top += (height - page.dots(88)) // 2 + page.dots(12) + page.letters(SMALL)
    pen.centred(page.width - page.dots(MARGIN) - width, width, top, size, line)
    return tuple(pen.marks)
