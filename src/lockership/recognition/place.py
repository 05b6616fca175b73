"""Which country, and whether the mail goes through a military post office.

Military addresses: Publication 28, section 225.  The ZIP decides: 340 is AA, 090 to 098 AE, 962 to
966 AP, also when city and state name the host country.  Bases at home use an ordinary city and
state and are no military addresses.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from lockership.recognition.fold import fold
from lockership.recognition.phrase import Match, Phrase, any_of, compiled, words
from lockership.words import Confidence, Kind

if TYPE_CHECKING:
    import re

    from lockership.recognition.fold import Text

__all__ = ["MILITARY_STEMS", "PATTERNS", "find_military", "is_covered"]

_COVERED = words(
    """
    us usa usofa america theus theusa unitedstates theunitedstates unitedstatesofamerica
    theunitedstatesofamerica unitedstatesusa unitedstatesus usunitedstates usaunitedstates 840 eeuu
    estadosunidos estadosunidosdeamerica etatsunis etatsunisdamerique 美国 美利坚合众国 美国本土 pr pri
    puertorico 波多黎各 vi vir usvi usvirginislands virginislandsus virginislands
    unitedstatesvirginislands gu gum guam 关岛 as asm americansamoa mp mnp cnmi northernmarianaislands
    northernmarianas um umi unitedstatesminoroutlyingislands usminoroutlyingislands
    """
)
_LONGEST = 80


def is_covered(country: str) -> bool:
    """Say whether this is the United States or one of its territories; absent means it is.

    >>> is_covered("u.s.a."), is_covered(" "), is_covered("Puerto Rico"), is_covered("CA")
    (True, True, True, False)
    """
    if country in {"", "US", "USA"}:
        return True
    letters = "".join(char for char in fold(country) if char.isalnum())
    if not letters or letters in _COVERED:
        return True
    # Twice the same, as "PR - Puerto Rico".
    return len(letters) <= _LONGEST and any(
        letters[:end] in _COVERED and letters[end:] in _COVERED for end in range(2, len(letters))
    )


MILITARY_STEMS = (
    r"\|340[^|]*$ \|09[0-8][^|]*$ \|96[2-6][^|]*$ \|9[0-8]\d\d$ \|9[0-8]\d{6}$ \|a[aep][|\d] \|apo \|fpo"
    r" \|dpo armedf apo[,|]*+[a\d] fpo[,|]*+[a\d] dpo[,|]*+[a\d]"
    r" a[aep][,|]*+(?:09[0-8]|340|96[2-6])\d\d psc[#\d] cmr[#\d] umr[#\d] omdc unit#?\d{4}"
)
"""A cheap test: no military address is without one of these, read without blanks."""

_OFFICE = r"(?:a_p_o|f_p_o|d_p_o)"
_REGION = r"(?:aa|ae|ap|armed_forces)"
_ZIP = r"(?:340|09[0-8]|96[2-6])\d\d\b"
_LINE = rf"\b{_OFFICE}[\x20,|]++{_REGION}\b|\b{_OFFICE}[\x20,|]++{_ZIP}|\b{_REGION}[\x20,|]++{_ZIP}"
_UNIT = (
    r"\b(?:psc|cmr)_#?_\d+[\x20,|]*+box_#?_\w+|\bunit_#?_\d{4,5}[\x20,|]*+box_#?_\w+|\bumr_#?_\d+|\bomdc\b"
)

_BY_ZIP = Phrase("military.zip", Kind.MILITARY, "")
_BY_STATE = Phrase("military.state", Kind.MILITARY, rf"^(?:{_OFFICE} )?{_REGION}\b")
_BY_CITY = Phrase(
    "military.city",
    Kind.MILITARY,
    rf"^_{_OFFICE}(?:[\x20,]++(?:{_REGION}|[\d\x20]++|at|ny|sf|miami|new york|san francisco)\b)*+[\x20,]*+$",
)
_BY_LINE = Phrase("military.line", Kind.MILITARY, _LINE)
_BY_UNIT = Phrase("military.unit", Kind.MILITARY, _UNIT, Confidence.LIKELY)

PATTERNS = (_BY_STATE.pattern, _BY_CITY.pattern, _LINE, _UNIT)
"""All patterns that stand here."""


@cache
def _has_stem() -> re.Pattern[str]:
    return any_of(MILITARY_STEMS)


def find_military(text: Text) -> Match | None:
    """Find a military post office by ZIP, state, city, or a line that holds the whole address."""
    if _has_stem().search(text.letters) is None:
        return None
    folded = text.folded
    head, city, state, zip_code = folded.rsplit("|", 3)
    city_at, zip_at = len(head) + 1, len(folded) - len(zip_code)
    digits = "".join(char for char in zip_code[:40] if char.isdigit())
    if len(digits) in {4, 8}:  # a number has lost its leading zero
        digits = "0" + digits
    if len(digits) in {5, 9} and (
        digits[:3] in {"340", "962", "963", "964", "965", "966"} or "090" <= digits[:3] <= "098"
    ):
        return Match(_BY_ZIP, zip_at, len(folded))
    if compiled(_BY_STATE.pattern).search(state.strip()):
        return Match(_BY_STATE, zip_at - 1 - len(state), zip_at - 1)
    if compiled(_BY_CITY.pattern).search(city):
        return Match(_BY_CITY, city_at, city_at + len(city))
    if found := compiled(_LINE).search(head):
        return Match(_BY_LINE, *found.span())
    if not digits and not state.strip() and (found := compiled(_UNIT).search(head)):
        return Match(_BY_UNIT, *found.span())
    return None
