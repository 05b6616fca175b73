"""Delivery notes: refusals ("no lockers please"), landmarks ("next to the Amazon Locker"), conditions.

Their words are blanked out before any kind is looked for, so that a note never makes a pick-up
point.  So are the words of streets and firms that sound like one (Locker St, Foot Locker).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockership.recognition.home import SUFFIX
from lockership.recognition.phrase import blank, compiled, words

if TYPE_CHECKING:
    import re

__all__ = ["PATTERNS", "STEMS", "TRIGGERS", "blank_streets", "may_stand", "read_notes"]

_WHERE = (
    r"(?:lockers?|loker|casilleros?|taquillas?|access_p(?:oin)?ts?"
    r"|pick_up (?:points?|locations?|stations?|boxes)|pick_up\b|drop_off|hub(?: lockers?| counters?)?"
    r"|counters?"
    r"|punto de (?:acceso|recogida|recoleccion|entrega))"
)
_PLACE = (
    rf"(?:(?:amazon|ups|fed_ex|usps|post_office)(?:_s)?(?: {_WHERE})?|{_WHERE}|po_box(?:es)?|p_o_box(?:es)?"
    r"|customer cent(?:er|re)|neighbou?rs?|general delivery)"
)
_TOKENS = r"(?:[^\x20|,]{1,30}\x20++){0,7}?"
_NOT = (
    r"\b(?:no(?!_#?_\d)|not|don_t|dont|never|avoid|without|refuse|refused|reject|decline|can_t|cannot"
    r"|won_t|instead of|rather than|other than|nunca|sin|evitar|ni)"
)
_REFUSAL = (
    rf"{_NOT} {_TOKENS}{_PLACE}\b(?: (?:or|and|nor|o|y|ni) {_TOKENS}{_PLACE}\b)?|{_NOT}_locker\w*"
    rf"|{_PLACE}_(?:delivery_)?(?:not ok|not accepted|not allowed|not possible|refused|declined"
    r"|no)\b(?!_#?_\d)"
    r"|(?:不要|请勿|勿|别|不能|不可|不用|不接受|拒绝|拒收|谢绝|不放|不送|禁止|非|无需)[^|,]{0,16}(?:柜|自提|代收|驿站|网点|locker|access_point"
    r"|pick_up)"
    r"|(?:柜|自提点|代收点)[^|,]{0,3}(?:不要|不可|勿|不行)"
)
_LOCKERS = r"locker|loker|casillero|taquilla|access_p|pick_up|hub|punto de|counter|柜|自提|代收|驿站|网点"
STEMS = "lock loker access pick casillero taquilla puntode hub counter"
"""A cheap test: no refusal of lockers is without one of these."""
_UNTIL = r"[^|,\d]{0,60}"
_LANDMARK = (
    r"\b(?:next (?:door )?to|near(?:by)?|across(?: the street)?(?: from)?|opposite(?: of)?|behind|besides?"
    r"|in front of|adjacent to|close to"
    r"|around the corner from|(?:left|right|east|west|north|south|front|back|rear) of|down from|up from"
    r"|upstairs from|same (?:building|lot|plaza) as|shares \w+ with"
    r"|al lado del?|junto a(?:l)?|cerca del?|frente a(?:l)?|enfrente del?|detras del?|atras del?"
    r"|delante del?|a lado del?|entre|encima del?)\b"
    rf"{_UNTIL}"
    # Shops are called Five Below and Under Armour: these count only right before a place.  "Access point by
    # UPS" says whose it is.
    r"|\b(?:above|below|beneath|under|past|between|facing|(?<!point\x20)(?<!locker\x20)(?<!counter\x20)by)\x20(?:(?:the|an|a|your|our)\x20)?(?:amazon"
    rf"|ups|fed_ex|usps|post_office|lockers?|access_point)\b{_UNTIL}"
)
_BESIDE = "旁边|旁|对面|附近|隔壁|后面|楼上|楼下|前面|边上|东侧|西侧|南侧|北侧"
_LANDMARK_AFTER = (
    r"\b(?:amazon|ups|fed_ex|usps|post_office)[^|,]{0,40}_(?:is )?(?:next door|is next|is behind"
    r"|is near|is across|nearby|across the street|around the corner"
    rf"|{_BESIDE})"
    rf"|(?:亚马逊|联邦|邮局)[^|,]{{0,16}}(?:{_BESIDE})"
    r"|(?:旁边|对面|附近|隔壁|靠近|临近)[^|,\d]{0,3}(?:是|有)[^|,\d]{1,40}|靠近[^|,\d]{1,40}"
)
_CONDITION = (
    r"\b(?:leave|deliver|take|drop|send|bring)\b[^|,]{0,60}\bif (?:not|no|nobody|i|you|we)\b[^|]{0,40}"
    r"|\b(?:if|when|unless|in case|si no)\b[^|,]{1,30}(?:home|answer|there|in|available|possible|casa"
    r"|hay)\b[^|]{0,80}"
)
_NO = words(
    """
    no not don dont never avoid without refuse refused reject decline can cant cannot won wont instead
    rather other nunca sin evitar ni declined
    """
)
_BY = words(
    """
    next near nearby across from opposite behind beside besides of adjacent close around by above below
    beneath under past between facing as shares lado junto cerca frente enfrente detras atras delante entre
    encima
    """
)
_IF = words("if when unless case si")
TRIGGERS = _NO | _BY | _IF
"""Words of which at least one stands in every refusal, landmark and condition, but for those in Chinese."""

_LOOK_ALIKES = (
    r"\b(?:(?:kids |lady )?foot_locker|locker rooms?|meat lockers?|champs locker|davy jones_s? locker"
    r"|hub group|hub international|lunch counter|counter culture"
    r"|access point (?:inc|llc|corp|financial|technologies|consulting)|fed_ex_(?:forum|field|freight"
    r"|drop box|express drop box|air)|ups (?:supply chain|freight|capital|battery|healthcare)"
    r"|amazon (?:fulfill?ment|fc|warehouse|sort|delivery station|air|web services|aws|flex|fresh|go\b"
    r"|books|corporate|headquarters|studios|robotics|logistics|returns center)"
    r"|jack in the box|box office|general delivery (?:services?|systems?|inc|llc))\b"
)
_NUMBERED_STREET = (
    r"\b\d{1,6}[a-z]?(?: \d/\d)? (?:(?:north|south|east|west|n|s|e|w|ne|nw|se|sw) )?(?:[a-z]{1,20} ){1,3}?"
    r"(?:st|street|ave|avenue|av|blvd|boulevard|rd|road|dr|drive|ln|lane|way|wy|ct|court|cir|circle|pl"
    r"|place|pkwy|parkway|hwy|highway|ter|terrace|trl|trail|loop|pike|sq|square|point rd|run|row)\b"
)
_NAMED_STREET = (
    r"\b(?:amazon|fed_ex|ups|lockers?|hub|counter|access_point|pick_up|hold|holding|box|post office"
    r"|general delivery|luxer|hub group|point|office|station) "
    rf"(?!p(?:oin)?t\b){SUFFIX}\b(?=_(?:$|[|,#]|(?:apt|ste|suite|unit|fl|n|s|e|w)\b))"
)
_STREETS = f"{_NUMBERED_STREET}|{_NAMED_STREET}|{_LOOK_ALIKES}"

PATTERNS = (_REFUSAL, _LANDMARK, _LANDMARK_AFTER, _CONDITION, _STREETS)
"""All patterns that stand here."""


def may_stand(folded: str) -> bool:
    """Tell whether a note may stand here: without one of its words, :func:`read_notes` changes nothing."""
    said = folded.replace("|", " ").replace(",", " ").split()
    return not (folded.isascii() and TRIGGERS.isdisjoint(said))


def read_notes(folded: str) -> tuple[str, tuple[int, int] | None]:
    """Blank out refusals, landmarks and conditions; say where the first refusal of lockers stands."""
    said = folded.replace("|", " ").replace(",", " ").split()
    chinese = not folded.isascii()
    declined: tuple[int, int] | None = None

    def refuse(found: re.Match[str]) -> str:
        nonlocal declined
        if declined is None and compiled(_LOCKERS).search(found.group()):
            declined = found.span()
        return blank(found)

    if chinese or not _NO.isdisjoint(said):
        folded = compiled(_REFUSAL).sub(refuse, folded)
    if chinese or not _BY.isdisjoint(said):
        folded = compiled(_LANDMARK).sub(blank, compiled(_LANDMARK_AFTER).sub(blank, folded))
    if chinese or not _IF.isdisjoint(said):
        folded = compiled(_CONDITION).sub(blank, folded)
    return folded, declined


def blank_streets(folded: str) -> str:
    """Blank out streets, firms and people's workplaces that bear the words of a network."""
    return compiled(_STREETS).sub(blank, folded)
