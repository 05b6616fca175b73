"""What the text names: the point, its host and id, the box, the buyer, the street.

Computed apart from recognition, so that a plain street costs nothing.  An empty answer means that
the text does not say; nothing is guessed from outside the address.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from lockership.recognition.answer import Extract, Recognition
from lockership.recognition.fold import FIELDS, Text, read
from lockership.recognition.home import RURAL, STREET, STREET_NAMED, STREET_WITH_WORD, UNIT
from lockership.recognition.kind import recognise
from lockership.recognition.phrase import compiled
from lockership.recognition.vocabulary import read_place
from lockership.words import CHANNELS, Kind, network_of

if TYPE_CHECKING:
    from lockership.address import Address

__all__ = ["extract", "point_id", "street_and_unit"]

_IDS = {
    "ups": r"\b(?P<id>u\d{8})\b",
    "fedex": r"\b(?:location|loc|site|store)_(?:id|code)_#?_(?P<id>[a-z]{4,5})\b",
    "usps": r"\bfacility_(?:id|no|number)?_#?_(?P<id>\d{4,7})\b",
}
_NUMBER = r"(?P<id>[a-z]{0,3}\d[a-z\d]*|[a-z]{1,2}\b)"
_BOX_TOKEN = re.compile(r"[A-Za-z]{0,3}\d[A-Za-z\d-]*|(?<=[ .#])[A-Za-z]{1,2}$", re.ASCII)
_MAILBOX = (
    rf"\b(?:p_m_b|private mail_box)_(?:no_|number_|box_)*+#?_{_NUMBER}",
    rf"\b(?:box|bx|mb|mail_box)\b_(?:no_|number_)?#?_{_NUMBER}",
    rf"(?:^|[|,])_#_{_NUMBER}",
    rf"\d[^|]*#_{_NUMBER}_(?:$|[|,])",
)
_CARE_OF = r"\b(?:c o|care of|attn)\b"
_LEADING = r"^(?:c o|care of|attn|at|hold at|inside|in)\b_"
_NO_HOST = r"\b(?:c o|attn|hold|will call|pick_up|id|deliver|leave|call|phone)\b|u\d{8}|^[^a-z]*$"
_CITY_AND_ZIP = r"\b[a-z]{2,} \d{5}(?: \d{4})?_$"


class _Piece(NamedTuple):
    """What stands between two commas of one field."""

    field: str
    shown: str
    folded: str


def extract(address: Address, recognition: Recognition | None = None) -> Extract:
    """Say what an address names: pick-up point, host, id, box, buyer and street.

    >>> from lockership.address import Address
    >>> found = extract(
    ...     Address(
    ...         name="D Patel c/o Amazon Hub Locker",
    ...         company="Amazon Hub Locker - Oregano",
    ...         street1="Whole Foods Market",
    ...         street2="1 W Lake St",
    ...     )
    ... )
    >>> found.buyer, found.point_name, found.host, found.street1
    ('D Patel', 'Amazon Hub Locker - Oregano', 'Whole Foods Market', '1 W Lake St')
    """
    text = read(address)
    seen = recognise(address) if recognition is None else recognition
    names, street1 = _apart(_pieces(text), address.city)
    units = [piece for piece in names if piece.field.startswith("street") and _is_unit(piece)]
    places = [piece for piece in names if piece not in units]
    point = _point(places, seen) if seen.kind in CHANNELS and seen.kind is not Kind.USPS_PO_BOX else None
    return Extract(
        buyer=_buyer(text, seen),
        point_name=_trimmed(point) if point else "",
        host=_host(places, point, seen) if point else "",
        point_id=_point_id(text, seen),
        box=_box(text, seen),
        street1=street1,
        street2=units[0].shown if units and street1 else "",
    )


def street_and_unit(address: Address) -> tuple[list[str], str, list[str]]:
    """Part the street lines into what is no street, the street, and its units; nothing gets lost.

    ``""`` for the street where there is none, or where it can't be told from what stands around it.
    """
    text = read(address)
    pieces = [piece for piece in _pieces(text) if piece.field.startswith("street")]
    names, street = _apart(pieces, "")
    units = [piece.shown for piece in names if _is_unit(piece)]
    places = [piece.shown for piece in names if not _is_unit(piece)]
    written = sum(len(line.replace(",", "").replace(" ", "")) for line in text.shown.split("|")[2:5])
    kept = sum(len(line.replace(",", "").replace(" ", "")) for line in (*places, street, *units))
    return (places, street, units) if kept == written else ([], "", [])


def _pieces(text: Text) -> list[_Piece]:
    pieces: list[_Piece] = []
    start = 0
    for field in FIELDS[:5]:
        end = text.folded.find("|", start)
        for length in map(len, text.folded[start:end].split(",")):
            shown, folded = text.shown[start : start + length], text.folded[start : start + length]
            if folded.strip():
                pieces.append(
                    _Piece(field, shown.strip(), folded[len(shown) - len(shown.lstrip()) :].rstrip())
                )
            start += length + 1
    return pieces


def _apart(pieces: list[_Piece], city: str) -> tuple[list[_Piece], str]:
    """Take the street out of the pieces; what stands before and behind it in its piece stays with them."""
    for pattern in (RURAL, STREET_WITH_WORD, STREET, STREET_NAMED):
        for number, piece in enumerate(pieces):
            found = compiled(pattern).search(piece.folded) if piece.field != "name" else None
            if found is None:
                continue
            start = found.start() + len(found.group()) - len(found.group().lstrip())
            end = len(piece.shown)
            if compiled(_CITY_AND_ZIP).search(piece.folded) or (
                city and piece.folded.endswith(" " + city.lower())
            ):
                end = found.end()  # the whole address stands on one line
            before = _Piece(piece.field, piece.shown[:start].rstrip(" -"), piece.folded[:start].rstrip())
            rest = [before] if before.folded.strip() else []
            return pieces[:number] + rest + pieces[number + 1 :], piece.shown[start:end].strip()
    return pieces, ""


def _is_unit(piece: _Piece) -> bool:
    found = compiled(UNIT).search(piece.folded)
    return found is not None and found.start() == 0


def _point(places: list[_Piece], seen: Recognition) -> _Piece | None:
    """Find the piece with the words that decided; the field that is not the person's name first."""
    words = [e.words.lower() for e in seen.evidence if e.field in FIELDS]
    for piece in sorted(places, key=lambda piece: piece.field == "name"):
        if any(word and (word in piece.shown.lower() or piece.shown.lower() in word) for word in words):
            return piece
    return None


def _trimmed(piece: _Piece) -> str:
    """Leave out what stands before a ``c/o``, and the ``c/o``."""
    found = max(compiled(_CARE_OF).finditer(piece.folded), key=lambda found: found.end(), default=None)
    shown, folded = (
        (piece.shown[found.end() :], piece.folded[found.end() :]) if found else (piece.shown, piece.folded)
    )
    leading = compiled(_LEADING).match(folded)
    return (shown[leading.end() :] if leading else shown).strip(" -:")


def _host(places: list[_Piece], point: _Piece | None, seen: Recognition) -> str:
    """Name the shop: in parentheses, behind ``at`` or a dash, or on a line of its own."""
    if point is None or network_of(seen.kind) == "usps":
        return ""
    name = _trimmed(point)
    if "(" in name:
        return name.partition("(")[2].rpartition(")")[0].strip() or name.partition("(")[2].strip()
    for sign in (" @ ", " at "):
        if sign in name.lower():
            return name[name.lower().index(sign) + len(sign) :].strip()
    if seen.kind is not Kind.AMAZON_LOCKER and " - " in name:
        return name.partition(" - ")[2].strip()
    own = [
        p for p in places if p is not point and p.field != "name" and not compiled(_NO_HOST).search(p.folded)
    ]
    own = [p for p in own if p.field != "company" or point.field != "company"]
    return own[0].shown if own else ""


def _buyer(text: Text, seen: Recognition) -> str:
    """Give the name without ``c/o``; nothing where the name field holds the point."""
    end = text.folded.find("|")
    name, folded = text.shown[:end], text.folded[:end]
    if found := compiled(_CARE_OF).search(folded):
        return name[: found.start()].strip(" ,-(")
    for evidence in seen.evidence if seen.kind in CHANNELS else ():
        at = name.find(evidence.words) if evidence.field == "name" else -1
        if at >= 0:
            return name[:at].strip(" ,-(")
    return name.strip()


def point_id(address: Address, seen: Recognition) -> str:
    """Say only the network's id of the point, at a fraction of the cost of all that is named."""
    return _point_id(read_place(address), seen) if network_of(seen.kind) in _IDS else ""


def _point_id(text: Text, seen: Recognition) -> str:
    pattern = _IDS.get(network_of(seen.kind) or "")
    found = compiled(pattern).search(text.folded) if pattern else None
    return text.shown[found.start("id") : found.end("id")].upper() if found else ""


def _box(text: Text, seen: Recognition) -> str:
    """Give the number of the box in the words that decided, or beside a mailbox shop."""
    if seen.kind is Kind.PRIVATE_MAILBOX:
        for pattern in _MAILBOX:
            if found := compiled(pattern).search(text.folded):
                return text.shown[found.start("id") : found.end("id")].strip()
        return ""
    if seen.kind is not Kind.USPS_PO_BOX:
        return ""
    for evidence in seen.evidence:
        if evidence.rule.startswith("usps."):
            numbers = [found.group() for found in _BOX_TOKEN.finditer(evidence.words)]
            return numbers[-1] if numbers else ""
    return ""
