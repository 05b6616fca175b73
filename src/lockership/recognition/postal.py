"""PO Boxes in every form of Publication 28, section 28, and the look-alikes that are none."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from lockership.recognition.home import RURAL, STREET, STREET_NAMED
from lockership.recognition.phrase import Match, Phrase, any_of, blank, compiled, words
from lockership.words import Confidence, Kind

if TYPE_CHECKING:
    import re

__all__ = ["PATTERNS", "STEMS", "find_po_box"]

STEMS = (
    r"box b0x bx pob p0 po[\d#] pono[\d#] po[a-z]ox postof postal caller drawer drwr lbx bin[\d#] binn"
    r" apartado apdo aptdo casilla 信箱"
)
"""A cheap test: no PO Box form is without one of these, read without blanks."""

_PO = r"\b(?:p_[o0]|post_(?:office|ofc|off)|postal)"
_NUMBERED = r"(?:_(?:no|num|number|nr)\b)?_#?_[a-z]{0,3}_\d[a-z\d]*"
_ID = rf"(?:{_NUMBERED}|_#?_[a-z]{{1,2}}\b(?! [a-z]))"

_NO_FIRM = r"(?![^|,\d]{0,40}\b(?:inc|llc|corp|corporation|company|software|systems?|solutions)\b)"
"""After a PO BOX that has no number: no firm that is called so."""

_WITH_WORD = (
    rf"{_PO}_(?:b_[o0]_x(?:es)?|bx)(?:\b|(?=\d))(?:{_ID}|{_NO_FIRM})"
    rf"|\bp_[o0]_b(?:_(?:no_)?#?_|\b)\d[a-z\d]*"
    rf"|{_PO} (?:b[a-z]x|bo[a-z]?|[a-z]ox|bxo|obx)_#?_\d[a-z\d]*"
    rf"|{_PO}_(?:drawer|drwr|bin|caller|lock_box|lbx|bag)\b(?:{_ID})?"
    r"|\b(?:apartado|aptdo|apdo|apartado postal|apdo postal|casilla|casilla postal)(?: (?:postal"
    r"|de correos?))?\b_(?:no_)?#?_\d\w*"
    r"|(?:邮政)?信箱[号#\x20]*+(?:p_o_box_)?#?_[a-z]?\d\w*|邮政信箱"
)
"""PO BOX and the forms that can be nothing else."""

_BARE_PO = r"(?:^|[|,])_(?:p_[o0]|post_office)_(?:no_)?#?_\d[\da-z]{0,5}(?=_(?:$|[|,])|_[a-z]{3,})"
"""``PO 123`` where a line begins; seven digits and more are a purchase order."""

_CALLER = (
    rf"(?:^|[|,])_(?:firm caller|caller(?:_(?:service|box|number|no))?)(?:_(?:service|box))?\b{_NUMBERED}"
)
_BANK = (
    r"\b(?:lock_box|lbx|bin)\b(?!_(?:code|combo|pin|on|at|key|by|is|in)\b)"
    r"(?:_(?:no|num|number|nr)\b)?_#?_\d[a-z\d]*"
)
_OTHER_BOXES = "".join(
    rf"(?<!{word}\x20)" for word in sorted(words("campus mail student college gift call hall drop the"))
)
_BOX = rf"{_OTHER_BOXES}\b(?:box|bx|drawer)\b{_ID}"

PATTERNS = (_WITH_WORD, _BARE_PO, _CALLER, _BANK, _BOX)
"""All patterns that stand here."""


@cache
def _has_stem() -> re.Pattern[str]:
    return any_of(STEMS)


def find_po_box(folded: str, letters: str) -> Match | None:
    """Find a PO Box in the lines of an address; rural boxes and boxes beside a street are none.

    Args:
        folded: The lines.
        letters: The lines without blanks, for the cheap test.
    """
    if _has_stem().search(letters) is None:
        return None
    lines = compiled(RURAL).sub(blank, folded)
    rural = lines != folded
    company = lines.find("|")  # only PO BOX itself is looked for in a person's name

    def seek(pattern: str, text: str = lines, start: int = company) -> tuple[int, int] | None:
        found = compiled(pattern).search(text, start)
        return found.span() if found else None

    def beside(pattern: str, text: str = lines) -> bool:
        """Whether a street stands in the lines; cities are called Six Mile Run and South Bend."""
        return seek(pattern, text.rsplit("|", 3)[0]) is not None

    if span := seek(_WITH_WORD, start=0) or seek(_BARE_PO):
        beside_street = rural or beside(STREET, lines[: span[0]] + "|" + lines[span[1] :])
        return Match(_PO_BOX_AND_STREET if beside_street else _PO_BOX, *span)
    street = rural or beside(STREET)
    if span := seek(_CALLER):
        return Match(_CALLER_AND_STREET if street else _CALLER_SERVICE, *span)
    if span := seek(_BANK):
        return Match(_LOCKBOX_AT_STREET if street else _LOCKBOX, *span)
    if not street and not beside(STREET_NAMED) and (span := seek(_BOX)):
        return Match(_BARE_BOX, *span)
    return None


_PO_BOX = Phrase("usps.po_box", Kind.USPS_PO_BOX, _WITH_WORD)
_PO_BOX_AND_STREET = Phrase(
    "usps.po_box_and_street", Kind.USPS_PO_BOX, _WITH_WORD, Confidence.POSSIBLE, (Kind.STREET,)
)
_CALLER_SERVICE = Phrase("usps.caller_service", Kind.USPS_PO_BOX, _CALLER)
_CALLER_AND_STREET = Phrase(
    "usps.caller_and_street", Kind.USPS_PO_BOX, _CALLER, Confidence.POSSIBLE, (Kind.STREET,)
)
_LOCKBOX = Phrase("usps.lockbox", Kind.USPS_PO_BOX, _BANK, Confidence.LIKELY)
_LOCKBOX_AT_STREET = Phrase("street.lockbox", Kind.STREET, _BANK, Confidence.POSSIBLE, (Kind.USPS_PO_BOX,))
_BARE_BOX = Phrase("usps.bare_box", Kind.USPS_PO_BOX, _BOX, Confidence.LIKELY)
