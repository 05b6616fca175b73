"""What routing answers: a route, every refusal, what would help, and why."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import attrs

from lockership.address import Address
from lockership.explain import explain
from lockership.location import Location
from lockership.parcel import Parcel
from lockership.policy import Policy
from lockership.recognition import Recognition
from lockership.rules import By, Channel
from lockership.words import Confidence, Note, RefusalCode, RemedyCode, Route, Trait, network_of

if TYPE_CHECKING:
    from datetime import datetime, tzinfo


__all__ = ["Change", "Decision", "Hold", "Refusal", "Remedy", "WhatIf"]


@attrs.frozen
class Refusal:
    """One rule that the parcel breaks.

    Attributes:
        code: Which rule.
        by: Who sets it: ``carrier``, ``network``, ``house`` or ``location``.
        measured: What the parcel measures, in the limit's unit, or None.
        limit: The limit; ``under 10 lb`` where the limit itself is refused already.
        source: The address of the text that says so, or None.
        trait: The trait that is refused, with ``trait_refused`` only.
        since: The first day of the rule, where it is known.
    """

    code: RefusalCode
    by: By
    measured: str | None = None
    limit: str | None = None
    source: str | None = None
    trait: Trait | None = None
    since: date | None = None

    def to_dict(self) -> dict[str, Any]:
        """Give the refusal as in the decision JSON."""
        trait = {} if self.trait is None else {"trait": self.trait.value}
        return {
            "code": self.code.value,
            **trait,
            "by": self.by.value,
            "measured": self.measured,
            "limit": self.limit,
            "source": self.source,
        }


@attrs.frozen
class Remedy:
    """One thing that would help; routed again with it, the parcel would not be under review.

    Attributes:
        code: What to do.
        carrier: The carrier to use, with ``use_carrier`` only.
        channel: The channel to choose, with ``choose_other_point`` only.
    """

    code: RemedyCode
    carrier: str | None = None
    channel: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Give the remedy as in the decision JSON."""
        named = {"carrier": self.carrier, "channel": self.channel}
        return {"code": self.code.value} | {k: str(v) for k, v in named.items() if v is not None}


@attrs.frozen
class Hold:
    """How long the point keeps the parcel.

    Attributes:
        days: The number of days.
        basis: ``calendar`` or ``business``.
        on_expiry: What happens then, or None where no source tells.
        source: The address of the text that says so, or None.
    """

    days: int
    basis: str
    on_expiry: str | None
    source: str | None

    def to_dict(self) -> dict[str, Any]:
        """Give the hold as in the decision JSON."""
        return {
            "days": self.days,
            "basis": self.basis,
            "on_expiry": self.on_expiry,
            "source": self.source,
        }


@attrs.frozen
class Change:
    """One thing that must change about a parcel.

    Attributes:
        what: ``weight``, ``longest_side``, ``middle_side``, ``shortest_side``,
            ``length_plus_girth``, ``value`` or ``trait``.
        amount: By how much less, with its unit, rounded up to a tenth; for ``value`` the limit to stay under;
            for ``trait`` the trait to do without.
    """

    what: str
    amount: str


@attrs.frozen
class WhatIf:
    """The nearest parcel that would pass, and what must change to get there."""

    parcel: Parcel = attrs.field(repr=False)
    changes: tuple[Change, ...]


@attrs.frozen(slots=False)  # twenty attributes are set in half the time so, and no decision lives long
class Decision:
    """Where one parcel goes and why.

    Attributes:
        route: ``pickup``, ``home`` or ``review``.
        kind: What the ship-to address is.
        confidence: How sure that is; it never changes the route.
        deliver_to: ``ship_to``, ``home``, or None under review.
        refusals: Every rule that the parcel breaks at the place the buyer chose.
        remedies: What would help, best first; with ``review`` only.
        missing: What must be filled in before a label can be bought; with ``pickup`` only.
        notes: Remarks that change nothing.
        hold: How long the point keeps it; with ``pickup`` only, where a rule tells.
        carrier: The carrier's key, aliases resolved.
        carrier_named: The carrier as the order names it.
        service: The service as the order names it, or None.
        recognition: How the kind was told.
        channel: The pick-up channel with its rules, or None.
        what_if: The nearest parcel that would pass, where there are refusals and one exists.
        ship_to, home, parcel, location: What was decided about.
        policy: The house policy under which it was decided.
    """

    route: Route
    kind: str
    confidence: Confidence
    deliver_to: str | None
    refusals: tuple[Refusal, ...]
    remedies: tuple[Remedy, ...]
    missing: tuple[str, ...]
    notes: tuple[Note, ...]
    hold: Hold | None
    carrier: str
    carrier_named: str
    service: str | None
    recognition: Recognition = attrs.field(repr=False)
    what_if: WhatIf | None
    channel: Channel | None = attrs.field(repr=False)
    ship_to: Address = attrs.field(repr=False)
    home: Address | None = attrs.field(repr=False)
    parcel: Parcel = attrs.field(repr=False)
    location: Location | None = attrs.field(repr=False)
    policy: Policy = attrs.field(repr=False)

    @property
    def network(self) -> str | None:
        """The network that runs the place, ``usps`` for military, else None."""
        return network_of(self.kind)

    @property
    def address(self) -> Address | None:
        """The address that the parcel goes to, or None under review."""
        if self.deliver_to is None:
            return None
        return self.home if self.deliver_to == "home" else self.ship_to

    def would_pass_if(self) -> WhatIf | None:
        """Give the nearest parcel that would pass where the buyer wants it.

        None when nothing stands in the way, or when no change to the parcel would help.
        """
        return self.what_if

    def collect_by(self, deposited_at: datetime, tz: tzinfo | str | None = None) -> date | None:
        """Give the last day on which the buyer can collect, where a rule tells how long it is kept.

        See :func:`lockership.holds.collect_by`; needs the extra ``holidays`` for business days.
        """
        from lockership.holds import collect_by  # noqa: PLC0415 - calendars are needed by few

        return None if self.hold is None else collect_by(self.hold, deposited_at, tz)

    def explain(self, language: str = "en") -> str:
        """Say the decision in the words of a warehouse worker: ``en``, ``zh`` or ``es``.

        Raises:
            ValueError: No such language.
        """
        return explain(self, language)

    def to_dict(self, order_id: object = None, parcel: int | None = None) -> dict[str, Any]:
        """Give the decision JSON; ``parcel`` is the place among several parcels of one order."""
        place = {} if parcel is None else {"parcel": parcel}
        alike = None if self._has_own_words else self._told_alike()
        en, zh = (self.explain("en"), self.explain("zh")) if alike is None else alike[:2]
        return {"order_id": order_id, **place, **self._answer(en, zh)}

    def json_members(self) -> str:
        """Give the members of the decision JSON that follow the order id, as ``"route": "home", …``."""
        return self._in_words()[2] if self._has_own_words else self._told_alike()[2]

    @property
    def _has_own_words(self) -> bool:
        return bool(self.refusals or self.remedies) or self.what_if is not None

    def _answer(self, en: str, zh: str) -> dict[str, Any]:
        return {
            "route": self.route.value,
            "kind": str(self.kind),
            "network": self.network,
            "confidence": self.confidence.value,
            "deliver_to": self.deliver_to,
            "refusals": [refusal.to_dict() for refusal in self.refusals],
            "remedies": [remedy.to_dict() for remedy in self.remedies],
            "missing": list(self.missing),
            "notes": [note.value for note in self.notes],
            "hold": None if self.hold is None else self.hold.to_dict(),
            "explanation": {"en": en, "zh": zh},
        }

    def _told_alike(self) -> tuple[str, str, str]:
        """Give the words of a decision against which nothing stands.

        Those are many and few of them differ, so each is put into words once.
        """
        alike = (
            self.route,
            self.kind,
            self.confidence,
            self.deliver_to,
            self.missing,
            self.notes,
            self.hold,
            self.policy,
        )
        words = _words_of.get(alike)
        if words is None:
            words = self._in_words()
            if len(_words_of) < _KEPT:
                _words_of[alike] = words
        return words

    def _in_words(self) -> tuple[str, str, str]:
        """Give the explanation in English and in Chinese, and the members of the JSON."""
        en, zh = self.explain("en"), self.explain("zh")
        return en, zh, json.dumps(self._answer(en, zh), ensure_ascii=False)[1:-1]


_KEPT = 4096
_words_of: dict[tuple[object, ...], tuple[str, str, str]] = {}
