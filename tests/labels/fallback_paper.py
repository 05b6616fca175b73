"""What the tests of fallback labels share: samples, and what can be wrong with a drawing."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from itertools import combinations
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

import pypdfium2
import zxingcpp

from lockership import Address, Parcel, route_parcel
from lockership.labels.fallback import Cover, Label, NoCarrierLabel, SkuLine, Sscc, drawings
from lockership.labels.fallback.letters import Line, letters_of
from lockership.labels.fallback.marks import ASCENT, DESCENT, Box, Code, Picture, Text
from lockership.labels.fallback.wording import address_lines, moment_text
from lockership.labels.phrases import FORBIDDEN, NOT_A_LABEL, phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL import Image

    from lockership.labels.fallback.letters import Letters
    from lockership.labels.fallback.marks import Drawing, Mark

NOW = datetime(2026, 11, 24, 14, 5, tzinfo=timezone(timedelta(hours=-8)))
SENDER = Address(
    name="Longshore 3PL LAX2", street1="2150 E Dominguez St", city="Carson", state="CA", zip="90810"
)
POINT = Address(
    name="Zhang Wei",
    company="UPS Access Point - CVS 8421",
    street1="1250 W Sunset Blvd",
    city="Los Angeles",
    state="CA",
    zip="90026",
)
HOME = Address(
    name="Ann Lee", street1="742 Evergreen Terrace Apt 12B", city="Springfield", state="IL", zip="62704"
)
LOCKER = Address(
    name="Ann Lee",
    company="Amazon Hub Locker - Oregano",
    street1="2012 E 7th St",
    city="Austin",
    state="TX",
    zip="78702",
)
CHINESE = Address(
    name="张伟 (Zhang Wei)",
    company="UPS Access Point - CVS 8421 U12345678",
    street1="1250 W Sunset Blvd",
    street2="请放前台",
    city="Los Angeles",
    state="CA",
    zip="90026",
)
WHY = NoCarrierLabel("EasyPost", "the service did not answer in time", NOW, 3)
ITEMS = (SkuLine("MUG-11OZ-WHT", 2, "A-03-2"), SkuLine("TEE-XL", 1, "B-11"))

_SMALL = Parcel.of("14x10x6 in", "8.2 lb")
_LARGE = Parcel.of("24x10x6 in", "45 lb", value="6000", traits=["valuable", "fragile"])

PICKUP = Label(route_parcel(POINT, "ups", _SMALL), "A-1001", NOW, SENDER, 1, 2, ITEMS, WHY)
TO_HOME = Label(route_parcel(LOCKER, "ups", _LARGE, home=HOME), "A-1002", NOW, SENDER)

SAMPLES: dict[str, tuple[Label | Cover, str]] = {
    "pickup": (PICKUP, "4x6"),
    "home": (Label(route_parcel(HOME, "usps", _SMALL), "111-2345678-1234567", NOW, SENDER), "4x6"),
    "home-instead": (TO_HOME, "4x6"),
    "review": (
        Label(route_parcel(LOCKER, "ups", _LARGE), "A-1003", NOW, SENDER, no_carrier_label=WHY),
        "4x6",
    ),
    "review-bilingual": (
        Label(route_parcel(POINT, "ups", _LARGE), "A-1004", NOW, SENDER, languages=("zh", "en")),
        "4x6",
    ),
    "chinese": (
        Label(
            route_parcel(CHINESE, "ups", _SMALL),
            "123456789012",
            NOW,
            SENDER,
            2,
            2,
            ITEMS,
            WHY,
            languages=("zh", "en"),
        ),
        "4x6",
    ),
    "spanish": (Label(route_parcel(POINT, "ups", _LARGE), "A-1005", NOW, SENDER, languages="es"), "4x6"),
    "pick-list": (
        Label(
            route_parcel(POINT, "ups", _SMALL),
            "A-1006",
            NOW,
            SENDER,
            contents=tuple(SkuLine(f"SKU-{n:04}", n, f"A-{n:02}", "Enamel mug") for n in range(1, 12)),
        ),
        "4x8",
    ),
    "sscc": (
        Label(route_parcel(HOME, "usps", _SMALL), "A-1007", NOW, sscc=Sscc("0614141", 123456789)),
        "4x6",
    ),
    "datamatrix": (Label(route_parcel(HOME, "usps", _SMALL), "A-1008", NOW, square="datamatrix"), "a6"),
    "superseded": (Cover("A-1001", NOW, 1, 2, ("en", "zh")), "4x6"),
}


def codes_of(label: Label | Cover) -> list[str]:
    """Give what a scanner must read on this label, and nothing else."""
    if isinstance(label, Cover):
        return []
    codes = [label.scan_text, label.ticket.text()]
    if label.sscc is not None:
        codes.append(f"(00){label.sscc.digits}")
    return sorted(codes)


def drawing_of(label: Label | Cover, size: str = "4x6", dpi: int = 203) -> Drawing:
    """Lay one label out."""
    (drawing,) = drawings([label], letters_of(None), dpi=dpi, size=size)
    return drawing


def painted(file: bytes, dpi: int, page: int = 0) -> Image.Image:
    """Render one page of a PDF as the printer would see it, in grey."""
    document: Any = pypdfium2.PdfDocument(file)
    # a hair under the true scale: pdfium rounds sizes up, and 1,800.0000000000002 is 1,801
    image: Image.Image = document[page].render(scale=dpi / 72 * (1 - 1e-9), grayscale=True).to_pil()
    document.close()
    return image


def scanned(image: Image.Image) -> list[str]:
    """Read every code that is on a picture."""
    return sorted(found.text for found in zxingcpp.read_barcodes(image))


# ── what can be wrong ────────────────────────────────────────────────────────────────────────────


class Area(NamedTuple):
    """What a mark covers, edges in dots."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Area) -> bool:
        """Say whether both cover some dot."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def within(self, other: Area) -> bool:
        """Say whether the other covers all of it."""
        return (
            other.left <= self.left
            and self.right <= other.right
            and other.top <= self.top
            and self.bottom <= other.bottom
        )


def area(mark: Mark, letters: Letters) -> Area:
    """Give what a mark covers; for a code its quiet zone too."""
    if isinstance(mark, Text):
        wide = letters.width(Line(mark.text, mark.wide), mark.size, bold=mark.bold)
        return Area(mark.x, mark.y - ASCENT * mark.size, mark.x + wide, mark.y + DESCENT * mark.size)
    if isinstance(mark, Code):
        above = mark.quiet if len(mark.rows) > 1 else 2
        left, right = mark.x - mark.quiet, mark.x + mark.width + mark.quiet
        return Area(left, mark.y - above, right, mark.y + mark.height + above)
    return Area(mark.x, mark.y, mark.x + mark.width, mark.y + mark.height)


def faults(drawing: Drawing, letters: Letters) -> list[str]:
    """Say everything that is wrong with a drawing; nothing for a good one."""
    return [*_single_faults(drawing, letters), *_meeting_faults(drawing, letters)]


def _single_faults(drawing: Drawing, letters: Letters) -> Iterator[str]:
    page = Area(0, 0, drawing.width, drawing.height)
    for mark in drawing.marks:
        if not area(mark, letters).within(page):
            yield f"leaves the page: {mark}"
        if isinstance(mark, Text) and mark.size < ceil(8 * drawing.dpi / 72):
            yield f"under 8 points: {mark}"
        if isinstance(mark, Text) and not mark.text.strip():
            yield f"says nothing: {mark}"
        if isinstance(mark, Code) and mark.module < 3:
            yield f"bars under 3 dots: {mark}"
        if isinstance(mark, Code) and len(mark.rows) == 1 and mark.height * 8 < drawing.dpi * 3:
            yield f"bars under 3/8 in: {mark}"


def _meeting_faults(drawing: Drawing, letters: Letters) -> Iterator[str]:
    black = [area(mark, letters) for mark in drawing.marks if isinstance(mark, Box) and not mark.white]
    solid = [mark for mark in drawing.marks if isinstance(mark, Text | Code | Picture)]
    for mark in solid:
        covered = area(mark, letters)
        if isinstance(mark, Text) and mark.white:
            if not any(covered.within(box) for box in black):
                yield f"white on white: {mark}"
        elif any(covered.meets(box) for box in black):
            yield f"meets a box: {mark}"
    covering = [(area(mark, letters), mark) for mark in solid]
    for (first, one), (second, other) in combinations(covering, 2):
        if first.meets(second):
            yield f"overlap: {one} and {other}"


def absent(label: Label, drawing: Drawing, letters: Letters) -> list[str]:
    """Say which mandatory elements a label lacks."""
    texts = [mark.text for mark in drawing.marks if isinstance(mark, Text)]
    codes = {mark.payload for mark in drawing.marks if isinstance(mark, Code)}
    said = squeezed("".join(texts))
    lacking: list[str] = []
    for text in (FORBIDDEN, NOT_A_LABEL):
        places = [m.y for m in drawing.marks if isinstance(m, Text) and m.text.startswith(text)]
        if len(places) != 2 or not min(places) < drawing.height / 4 < drawing.height * 3 / 4 < max(places):
            lacking.append(text)
    wanted = [letters.clean(text).text for _, text in address_lines(label.decision)]
    wanted += [phrase(label.decision.route, language) for language in label.languages]
    wanted += [label.scan_text, letters.clean(label.order_id).text, moment_text(label.printed_at)]
    wanted += [f"{label.package} / {label.packages}", label.decision.parcel.weight.text("lb")]
    lacking += [text for text in wanted if squeezed(text) not in said]
    lacking += [text for text in (label.scan_text, label.ticket.text()) if text not in codes]
    return lacking


def squeezed(text: str) -> str:
    """Leave blanks out: a line may break at them."""
    return re.sub(r"\s+", "", text)
