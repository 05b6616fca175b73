"""Which route one case takes, and what would help when a person must act."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lockership.carriers import service_key
from lockership.checks import Plan, location_refusals, plan_for
from lockership.decision import Refusal, Remedy
from lockership.networks import CHANNEL_OF
from lockership.parcel import Parcel
from lockership.units import Weight
from lockership.words import ADDRESS_KINDS, Kind, RefusalCode, RemedyCode, Route, network_of

if TYPE_CHECKING:
    from datetime import date

    from lockership.location import Location
    from lockership.policy import Policy

__all__ = ["Case", "judge", "plans_asked", "remedies"]

_AT_LOCATION = (
    RefusalCode.LOCATION_CLOSED,
    RefusalCode.LOCATION_FULL,
    RefusalCode.LOCATION_TOO_SMALL,
    RefusalCode.LOCATION_NOT_ACCEPTING,
)
_POSTAL_HOMES = (Kind.MILITARY, Kind.USPS_PO_BOX, Kind.USPS_GENERAL_DELIVERY)
_OFFERED_CARRIERS = ("ups", "fedex", "usps")


class Case(NamedTuple):
    """All that a verdict depends on.

    Attributes:
        kind: What the ship-to address is.
        carrier: The carrier's key.
        service: The service as the order names it.
        parcel: The parcel.
        home: What the known home address is, or None.
        barred: The order says that the seller fulfils it, and no flag says otherwise.
        location, policy, on: As in ``route_parcel``.
    """

    kind: str
    carrier: str
    service: str | None
    parcel: Parcel
    home: str | None
    barred: bool
    location: Location | None
    policy: Policy
    on: date | None

    def plan(self) -> Plan:
        """The rules in force for the ship-to address."""
        location = self.location
        return plan_for(
            self.kind,
            self.carrier,
            service_key(self.service, self.carrier),
            self.barred,
            location is not None and location.max_sides is not None,
            location is not None and location.max_weight is not None,
            self.policy,
            self.on,
        )

    # _replace() does these and takes three times as long.

    def by(self, carrier: str) -> Case:
        """Give the same case with another carrier."""
        kind, _, service, parcel, home, barred, location, policy, on = self
        return Case(kind, carrier, service, parcel, home, barred, location, policy, on)

    def at(self, kind: str) -> Case:
        """Give the same case at an address of another kind."""
        _, carrier, service, parcel, home, barred, location, policy, on = self
        return Case(kind, carrier, service, parcel, home, barred, location, policy, on)

    def carrier_takes(self, kind: str) -> bool:
        """Whether the carrier delivers this parcel to an address of this kind, as to a home."""
        if kind in _POSTAL_HOMES and not _serves_post(self.carrier):
            return False
        return self.at(Kind.STREET).is_taken()

    def is_taken(self) -> bool:
        """Whether nothing stands in the way of delivering as addressed."""
        location = None if self.location is None or self.kind not in self.policy.channel_of else self.location
        return self.plan().takes(self.parcel) and (
            location is None or not location_refusals(location, self.parcel)
        )

    def in_review(self) -> bool:
        """Whether routing would end with a person."""
        return not self.is_taken() and not self.may_go_home()

    def may_go_home(self) -> bool:
        """Whether a parcel that is refused at a pick-up point can go to the buyer's known home."""
        home = self.home
        if home is None or self.kind not in self.policy.channel_of:
            return False
        return (home in ADDRESS_KINDS or home in _POSTAL_HOMES) and self.carrier_takes(home)


def _serves_post(carrier: str) -> bool:
    return carrier in CHANNEL_OF[Kind.USPS_PO_BOX].carriers


def judge(case: Case) -> tuple[Route, str | None, tuple[Refusal, ...]]:
    """Route one case: to which address, with which refusals."""
    refusals = case.plan().refusals(case.parcel)
    at_point = case.kind in case.policy.channel_of
    if at_point and case.location is not None:
        refusals += location_refusals(case.location, case.parcel)
    if not refusals:
        return _PICKUP if at_point else _HOME, "ship_to", ()
    if case.may_go_home():
        return _HOME, "home", refusals
    return _REVIEW, None, refusals


# Looking a member up in its enumeration takes as long as comparing a parcel with a limit or two.
_PICKUP, _HOME, _REVIEW = Route.PICKUP, Route.HOME, Route.REVIEW


def remedies(case: Case, refusals: tuple[Refusal, ...]) -> tuple[Remedy, ...]:
    """Say what would help, best first: each one, applied alone, does not end in review."""
    codes = {refusal.code for refusal in refusals}
    channel = case.policy.channel_of.get(case.kind)
    found: list[Remedy] = []
    for carrier in _other_carriers(case, codes):
        if not case.by(carrier).in_review():
            found.append(Remedy(RemedyCode.USE_CARRIER, carrier=carrier))
            break
    # A military address stays one whatever home is known, and a street is a home address already.
    if channel is not None and not case._replace(home=Kind.STREET).in_review():
        found.append(Remedy(RemedyCode.ASK_HOME_ADDRESS))
    if channel is not None and (other := _other_point(case, codes)) is not None:
        found.append(Remedy(RemedyCode.CHOOSE_OTHER_POINT, channel=other))
    if network_of(case.kind) == "amazon" and not case._replace(carrier="amazon", barred=False).in_review():
        found.append(Remedy(RemedyCode.SHIP_WITH_AMAZON))
    if codes == {RefusalCode.TOO_HEAVY}:
        whole = case.parcel
        half = Parcel(
            whole.length,
            whole.width,
            whole.height,
            Weight(-(-whole.weight.ng // 2)),
            whole.declared_value,
            whole.traits,
        )
        if not case._replace(parcel=half).in_review():
            found.append(Remedy(RemedyCode.SPLIT_PARCEL))
    return tuple(found)


def plans_asked(case: Case) -> set[Plan]:
    """Give every plan with whose limits :func:`judge` and :func:`remedies` may compare the parcel."""
    network = case.policy.network_of.get(case.kind)
    channel = case.policy.channel_of.get(case.kind)
    kinds = {case.kind, Kind.STREET, *(one.kind for one in (network.channels if network else ()))}
    carriers = {case.carrier, "amazon", *_OFFERED_CARRIERS, *(channel.carriers if channel else ())}
    return {case.by(carrier).at(kind).plan() for kind in kinds for carrier in carriers}


def _other_carriers(case: Case, codes: set[RefusalCode]) -> tuple[str, ...]:
    """Name the carriers worth trying here, in the order in which they are proposed."""
    if case.kind in ADDRESS_KINDS:
        return tuple(carrier for carrier in _OFFERED_CARRIERS if carrier != case.carrier)
    if RefusalCode.CARRIER_CANNOT_SERVE not in codes or network_of(case.kind) == "amazon":
        return ()  # Amazon's points take what Amazon tenders: another remedy says so
    channel = case.policy.channel_of.get(case.kind)
    return ("usps",) if channel is None else channel.carriers


def _other_point(case: Case, codes: set[RefusalCode]) -> str | None:
    """Find a channel of the same network where the parcel would pass: another point, so no location."""
    elsewhere = case._replace(location=None)
    if codes.issubset(_AT_LOCATION):
        return None if elsewhere.in_review() else case.kind
    for channel in case.policy.network_of[case.kind].channels:
        if elsewhere.at(channel.kind).is_taken():
            return channel.kind
    return None
