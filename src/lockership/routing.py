"""``route_parcel()``: may this parcel go where the buyer wants it, and if not, what then?

The function is pure and total: the same input, policy and date give the same decision on every
machine.  Nothing depends on today's date unless ``on`` is given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import attrs

from lockership.address import Address, Signals
from lockership.carriers import carrier_key, service_key
from lockership.checks import Plan, location_refusals, plan_for
from lockership.decision import Decision, Refusal, Remedy
from lockership.location import Location
from lockership.networks import CHANNEL_OF
from lockership.parcel import Parcel
from lockership.policy import Policy
from lockership.recognition import Recognition, extract, recognise
from lockership.units import Weight
from lockership.what_if import what_if
from lockership.words import ADDRESS_KINDS, Confidence, Kind, Note, RefusalCode, RemedyCode, Route, network_of

if TYPE_CHECKING:
    from datetime import date

__all__ = ["route_parcel"]

_HOUSE = Policy()
_NO_SIGNALS = Signals()
_AT_LOCATION = (
    RefusalCode.LOCATION_CLOSED,
    RefusalCode.LOCATION_FULL,
    RefusalCode.LOCATION_TOO_SMALL,
    RefusalCode.LOCATION_NOT_ACCEPTING,
)
_POSTAL_HOMES = (Kind.MILITARY, Kind.USPS_PO_BOX, Kind.USPS_GENERAL_DELIVERY)
_OFFERED_CARRIERS = ("ups", "fedex", "usps")
_IDS = frozenset({"access_point_id", "location_id", "facility_id"})


def route_parcel(
    address: Address,
    carrier: str,
    parcel: Parcel,
    *,
    home: Address | None = None,
    service: str | None = None,
    signals: Signals | None = None,
    location: Location | None = None,
    policy: Policy | None = None,
    on: date | None = None,
) -> Decision:
    """Decide whether one parcel goes to the pick-up point of its address, to the home, or to a person.

    Every rule that the parcel breaks is reported, of the carrier, the network, the house and the
    location, never the first alone.  A buyer's street address is never replaced by a pick-up point.
    Not checked: whether the address exists, whether the point exists or has room (unless
    ``location`` says so), and whether the carrier's service reaches that ZIP code.

    Args:
        address: The ship-to address as the buyer wrote it.
        carrier: Who carries the parcel: usps, ups, fedex, amazon or any other name.
        parcel: The packed parcel.
        home: The buyer's home address, when it is known beside the pick-up point.
        service: The carrier's service, when it is chosen already.
        signals: What the sales channel says in structure.
        location: What is known of the very point: its id, limits and state.
        policy: The house policy; the defaults when absent.
        on: Decide by the rules of that day; by default those that have not been superseded.

    Raises:
        InputError: The carrier's name is empty.
        TypeError: An argument is of another type.

    >>> from lockership import Address, Parcel, route_parcel
    >>> point = Address(company="UPS Access Point - CVS 8421", street1="1250 W Sunset Blvd",
    ...                 city="Los Angeles", state="CA", zip="90026")
    >>> route_parcel(point, "ups", Parcel.of("14x10x6 in", "8.2 lb")).route.value
    'pickup'
    >>> refused = route_parcel(point, "ups", Parcel.of("14x10x6 in", "45 lb"))
    >>> refused.route.value, refused.refusals[0].measured, refused.refusals[0].limit
    ('review', '45 lb', '44 lb')
    """
    _check_types(address, parcel, home, signals, location, policy)
    carrier = carrier_key(carrier)
    signals = _NO_SIGNALS if signals is None else signals
    seen = recognise(address, signals)
    policy = _HOUSE if policy is None else policy
    case = _Case(
        kind=seen.kind,
        carrier=carrier,
        service=service,
        parcel=parcel,
        home=None if home is None else recognise(home).kind,
        barred=signals.amazon_fulfilled is False and not signals.access_point,
        location=location,
        policy=policy,
        on=on,
    )
    route, deliver_to, refusals = _judge(case)
    channel = policy.channel_of.get(seen.kind)
    plan = None if channel is None else case.plan()
    picked = route is Route.PICKUP and plan is not None
    return Decision(
        route=route,
        kind=seen.kind,
        confidence=seen.confidence,
        deliver_to=deliver_to,
        refusals=refusals,
        remedies=_remedies(case, refusals) if route is Route.REVIEW else (),
        missing=_missing(plan.needs, address, location, seen) if picked and plan.needs else (),
        notes=_notes(case, seen, route, compares_value=plan is not None and plan.compares_value),
        hold=plan.hold if picked else None,
        carrier=carrier,
        service=service,
        recognition=seen,
        what_if=what_if(plan or case.plan(), parcel, location if channel else None) if refusals else None,
        channel=channel,
        ship_to=address,
        home=home,
        parcel=parcel,
        location=location,
        policy=policy,
    )


class _Case(NamedTuple):
    """All that a verdict depends on."""

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

    def carrier_takes(self, kind: str) -> bool:
        """Whether the carrier delivers this parcel to an address of this kind, as to a home."""
        if kind in _POSTAL_HOMES and not _serves_post(self.carrier):
            return False
        return not self._replace(kind=Kind.STREET, location=None).plan().refusals(self.parcel)

    def in_review(self) -> bool:
        """Whether routing would end with a person."""
        return _judge(self)[0] is Route.REVIEW


def _serves_post(carrier: str) -> bool:
    return carrier in CHANNEL_OF[Kind.USPS_PO_BOX].carriers


def _judge(case: _Case) -> tuple[Route, str | None, tuple[Refusal, ...]]:
    """Route one case: to which address, with which refusals."""
    refusals = case.plan().refusals(case.parcel)
    if case.kind not in case.policy.channel_of:
        return (Route.REVIEW, None, refusals) if refusals else (Route.HOME, "ship_to", ())
    if case.location is not None:
        refusals += location_refusals(case.location, case.parcel)
    if not refusals:
        return Route.PICKUP, "ship_to", ()
    home = case.home
    if home is not None and (home in ADDRESS_KINDS or home in _POSTAL_HOMES) and case.carrier_takes(home):
        return Route.HOME, "home", refusals
    return Route.REVIEW, None, refusals


def _remedies(case: _Case, refusals: tuple[Refusal, ...]) -> tuple[Remedy, ...]:
    """Say what would help, best first: each one, applied alone, does not end in review."""
    codes = {refusal.code for refusal in refusals}
    channel = case.policy.channel_of.get(case.kind)
    found: list[Remedy] = []
    for carrier in _other_carriers(case, codes):
        if not case._replace(carrier=carrier).in_review():
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
        half = attrs.evolve(case.parcel, weight=Weight(-(-case.parcel.weight.ng // 2)))
        if not case._replace(parcel=half).in_review():
            found.append(Remedy(RemedyCode.SPLIT_PARCEL))
    return tuple(found)


def _other_carriers(case: _Case, codes: set[RefusalCode]) -> tuple[str, ...]:
    """Name the carriers worth trying here, in the order in which they are proposed."""
    if case.kind in ADDRESS_KINDS:
        return tuple(carrier for carrier in _OFFERED_CARRIERS if carrier != case.carrier)
    if RefusalCode.CARRIER_CANNOT_SERVE not in codes or network_of(case.kind) == "amazon":
        return ()  # Amazon's points take what Amazon tenders: another remedy says so
    channel = case.policy.channel_of.get(case.kind)
    return ("usps",) if channel is None else channel.carriers[:1]


def _other_point(case: _Case, codes: set[RefusalCode]) -> str | None:
    """Find a channel of the same network where the parcel would pass: another point, so no location."""
    elsewhere = case._replace(location=None)
    if codes.issubset(_AT_LOCATION):
        return None if elsewhere.in_review() else case.kind
    for channel in case.policy.network_of[case.kind].channels:
        if _judge(elsewhere._replace(kind=channel.kind))[0] is Route.PICKUP:
            return channel.kind
    return None


def _missing(
    needs: tuple[str, ...], address: Address, location: Location | None, seen: Recognition
) -> tuple[str, ...]:
    """Say which facts are still needed for a label; an id in the address counts as given."""
    lacking: list[str] = []
    for need in needs:
        if need in _IDS:
            known = (location is not None and location.id.strip()) or extract(address, seen).point_id
        else:
            known = getattr(address, need).strip()
        if not known:
            lacking.append(need)
    return tuple(lacking)


def _notes(case: _Case, seen: Recognition, route: Route, *, compares_value: bool) -> tuple[Note, ...]:
    notes: list[Note] = []
    if seen.confidence is Confidence.POSSIBLE:
        notes.append(Note.KIND_UNCERTAIN)
    value = case.parcel.declared_value
    if compares_value and value is not None and value.currency != "USD":
        notes.append(Note.VALUE_NOT_COMPARED)
    if not seen.country_covered:
        notes.append(Note.COUNTRY_NOT_COVERED)
    if seen.signal_conflict:
        notes.append(Note.SIGNAL_CONFLICT)
    if seen.locker_declined:
        notes.append(Note.LOCKER_DECLINED)
    if case.carrier == "amazon" and route is not Route.PICKUP and network_of(case.kind) == "amazon":
        notes.append(Note.AMAZON_TAKES_ADDRESS_FROM_ORDER)
    return tuple(notes)


def _check_types(
    address: object, parcel: object, home: object, signals: object, location: object, policy: object
) -> None:
    for name, value, wanted, needed in (
        ("address", address, Address, True),
        ("parcel", parcel, Parcel, True),
        ("home", home, Address, False),
        ("signals", signals, Signals, False),
        ("location", location, Location, False),
        ("policy", policy, Policy, False),
    ):
        if isinstance(value, wanted) or (value is None and not needed):
            continue
        message = f"{name} must be a lockership.{wanted.__name__}, found {type(value).__name__}"
        raise TypeError(f"{message}; lockership.inbound reads order JSON")
