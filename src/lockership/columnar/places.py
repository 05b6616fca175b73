"""What the addresses of a batch are: plain streets at once, every other place once, however often it occurs.

A pick-up point comes again and again in an order book, under the names of many buyers.  A name that says
nothing is no part of the place (:func:`lockership.recognition.vocabulary.says_nothing`), so a place that
was recognised for one buyer is not read again for the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lockership.address import Address
from lockership.columnar.arrow import pa, pc
from lockership.columnar.fields import Bools, Coded, Codes, codes_of, pairs, translated
from lockership.columnar.streets import EVIDENCE, bare_numbers
from lockership.recognition import Recognition, recognise
from lockership.recognition.extract import point_id
from lockership.recognition.own import recognise_own
from lockership.recognition.vocabulary import says_nothing
from lockership.words import Confidence, Kind

if TYPE_CHECKING:
    from lockership.address import Signals
    from lockership.columnar.orders import Orders
    from lockership.policy import Policy

__all__ = ["Places", "Seen"]

_KEPT = 50_000
"""Places and names that are remembered from batch to batch."""
_BREAK = "\x00"
"""What parts the fields of a place; an address that holds it itself goes through the door."""

_SURE, _LIKELY, _DOUBTFUL = (
    Recognition(Kind.STREET, confidence, ())
    for confidence in (Confidence.CERTAIN, Confidence.LIKELY, Confidence.POSSIBLE)
)


class Place(NamedTuple):
    """One place that differs from others.

    Attributes:
        kind: What is the same for many places of its kind: no evidence, no alternatives.
        has_id: Whether the network's id of the point stands in its text.
    """

    kind: Recognition
    has_id: bool


class Seen(NamedTuple):
    """What the addresses of a batch are.

    Attributes:
        kinds: For each row, what is the same for many.
        has_id: For each of the rows looked at closely, whether the id of the point stands there.
    """

    kinds: Coded
    has_id: Bools


class Places:
    """What recognises the addresses of batches, and remembers places from batch to batch."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._known: dict[tuple[str, Signals | None], Place] = {}
        self._ordinary: dict[str, bool] = {}

    def of(self, orders: Orders) -> Seen:
        """Recognise every ordinary row of a batch."""
        kinds: dict[Recognition, int] = {_SURE: 0, _LIKELY: 1, _DOUBTFUL: 2}
        codes = np.where(orders.numbered, 0, 1)
        has_id = np.zeros(len(orders.rows), dtype=np.bool_)
        plain = np.zeros(len(orders.rows), dtype=np.bool_)
        if not self._policy.networks and len(orders.rows):
            doubtful, plain = bare_numbers([orders.lines[name] for name in EVIDENCE])
            silent = ~orders.flagged[orders.rows]
            codes[orders.rows[doubtful & silent]] = 2
            plain = (doubtful | plain) & silent
        rows = np.flatnonzero(~plain)
        found = self._read(orders, rows)
        has_id[rows] = translated(found, [place.has_id for place in found.values], other=False)
        of_place = [kinds.setdefault(place.kind, len(kinds)) for place in found.values]
        codes[orders.rows[rows]] = translated(found, of_place, other=0)
        return Seen(Coded(codes, list(kinds)), has_id)

    def _read(self, orders: Orders, rows: Codes) -> Coded:
        """Read places, each that differs once."""
        chosen = pa.array(rows)
        lines = [orders.lines[name].take(chosen) for name in EVIDENCE]
        if not self._policy.networks:  # a network of one's own may be called by any word
            lines[0] = self._telling(lines[0])
        text = pc.binary_join_element_wise(*lines, _BREAK).dictionary_encode()
        told = Coded(orders.signals.codes[orders.rows[rows]], orders.signals.values)
        places = pairs(Coded(codes_of(text.indices), text.dictionary.to_pylist()), told)
        return Coded(places.codes, [self._place(*place) for place in places.values])

    def _telling(self, names: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
        """Leave out the names that say nothing."""
        names = names.dictionary_encode()
        if len(self._ordinary) > _KEPT:
            self._ordinary = {}
        known, left = self._ordinary, list[str]()
        for name in names.dictionary.to_pylist():
            ordinary = known.get(name)
            if ordinary is None:
                ordinary = known[name] = says_nothing(name)
            left.append("" if ordinary else name)
        return pa.array(left, pa.string()).take(names.indices)

    def _place(self, text: str, told: Signals | None) -> Place:
        place = self._known.get((text, told))
        if place is None:
            if len(self._known) > _KEPT:
                self._known = {}
            place = self._known[text, told] = self._recognised(Address(*text.split(_BREAK)), told)
        return place

    def _recognised(self, address: Address, told: Signals | None) -> Place:
        found = recognise(address, told)
        if self._policy.networks:
            found = recognise_own(address, self._policy.own_channels, found)
        alike = Recognition(
            found.kind,
            found.confidence,
            (),
            country_covered=found.country_covered,
            signal_conflict=found.signal_conflict,
            locker_declined=found.locker_declined,
        )
        return Place(alike, bool(point_id(address, found)))
