"""``route_parcel()``: may this parcel go where the buyer wants it, and if not, what then?

The function is pure and total: the same input, policy and date give the same decision on every
machine.  Nothing depends on today's date unless ``on`` is given.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from lockership.address import Address, Signals
from lockership.carriers import carrier_key
from lockership.decision import Decision
from lockership.location import Location
from lockership.parcel import Parcel
from lockership.policy import Policy
from lockership.recognition import Recognition, recognise
from lockership.recognition.extract import point_id
from lockership.recognition.own import recognise_own
from lockership.verdict import Case, judge, remedies
from lockership.what_if import what_if
from lockership.words import Confidence, Note, Route, network_of

__all__ = ["HOUSE", "IDS", "case_of", "decide", "is_barred", "missing", "route_parcel"]

HOUSE = Policy()
"""The house policy of those who give none."""
IDS = frozenset({"access_point_id", "location_id", "facility_id"})
"""What a label may need that is the network's id of the point."""


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
    >>> point = Address(
    ...     company="UPS Access Point - CVS 8421",
    ...     street1="1250 W Sunset Blvd",
    ...     city="Los Angeles",
    ...     state="CA",
    ...     zip="90026",
    ... )
    >>> route_parcel(point, "ups", Parcel.of("14x10x6 in", "8.2 lb")).route.value
    'pickup'
    >>> refused = route_parcel(point, "ups", Parcel.of("14x10x6 in", "45 lb"))
    >>> refused.route.value, refused.refusals[0].measured, refused.refusals[0].limit
    ('review', '45 lb', '44 lb')
    """
    if not (  # what most callers give is told at one look
        type(address) is Address
        and type(parcel) is Parcel
        and (home is None and location is None and on is None)
        and (service is None or type(service) is str)
        and (signals is None or type(signals) is Signals)
        and (policy is None or type(policy) is Policy)
    ):
        _check_types(*map(type, (address, parcel, home, service, signals, location, policy, on)))
    key = carrier_key(carrier)
    policy = HOUSE if policy is None else policy
    seen = recognise(address, None if signals is None or signals.silent else signals)
    if policy.networks:
        seen = recognise_own(address, policy.own_channels, seen)
    there = None if home is None else recognise(home).kind
    case = Case(seen.kind, key, service, parcel, there, is_barred(signals), location, policy, on)
    return decide(case, seen, address, home, carrier.strip())


def decide(case: Case, seen: Recognition, address: Address, home: Address | None, named: str) -> Decision:
    """Decide one case whose addresses have been recognised; ``named`` is the carrier as the order has it."""
    route, deliver_to, refusals = judge(case)
    policy, parcel, location = case.policy, case.parcel, case.location
    channel = policy.channel_of.get(seen.kind)
    plan = None if channel is None else case.plan()
    picked = plan if route is _PICKUP else None
    changed = what_if(plan or case.plan(), parcel, location if channel else None) if refusals else None
    # In the order of the attributes: their names would take longer than all the rest of a street's answer.
    return Decision(
        route,
        seen.kind,
        seen.confidence,
        deliver_to,
        refusals,
        remedies(case, refusals) if route is _REVIEW else (),
        () if picked is None else missing(picked.needs, address, location, seen),
        _notes(case, seen, route, compares_value=plan is not None and plan.compares_value),
        None if picked is None else picked.hold,
        case.carrier,
        named,
        case.service,
        seen,
        changed,
        channel,
        address,
        home,
        parcel,
        location,
        policy,
    )


# Looking a member up in its enumeration takes its time as well.
_PICKUP, _REVIEW, _POSSIBLE = Route.PICKUP, Route.REVIEW, Confidence.POSSIBLE


def case_of(decision: Decision, signals: Signals | None, on: date | None) -> Case:
    """Give the case that a decision was made about, to judge it again with something changed."""
    return Case(
        kind=decision.kind,
        carrier=decision.carrier,
        service=decision.service,
        parcel=decision.parcel,
        home=None if decision.home is None else recognise(decision.home).kind,
        barred=is_barred(signals),
        location=decision.location,
        policy=decision.policy,
        on=on,
    )


def is_barred(signals: Signals | None) -> bool:
    """Whether the seller rule stands: the seller fulfils the order, and no flag says otherwise."""
    return signals is not None and signals.amazon_fulfilled is False and not signals.access_point


def missing(
    needs: tuple[str, ...], address: Address, location: Location | None, seen: Recognition
) -> tuple[str, ...]:
    """Say which facts are still needed for a label; an id in the address counts as given."""
    lacking: list[str] = []
    for need in needs:
        if need in IDS:
            known = (location is not None and location.id.strip()) or point_id(address, seen)
        else:
            known = getattr(address, need).strip()
        if not known:
            lacking.append(need)
    return tuple(lacking)


def _notes(case: Case, seen: Recognition, route: Route, *, compares_value: bool) -> tuple[Note, ...]:
    notes: list[Note] = []
    if seen.confidence is _POSSIBLE:
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
    if case.carrier == "amazon" and route is not _PICKUP and network_of(case.kind) == "amazon":
        notes.append(Note.AMAZON_TAKES_ADDRESS_FROM_ORDER)
    return tuple(notes)


_TAKEN = (
    ("address", Address, True),
    ("parcel", Parcel, True),
    ("home", Address, False),
    ("service", str, False),
    ("signals", Signals, False),
    ("location", Location, False),
    ("policy", Policy, False),
    ("on", date, False),
)


@lru_cache(maxsize=256)
def _check_types(*given: type) -> None:
    """Check what was passed by its types alone: few combinations occur, each is looked at once."""
    for (name, wanted, needed), found in zip(_TAKEN, given, strict=True):
        if (issubclass(found, wanted) and not issubclass(found, datetime)) or (
            found is type(None) and not needed
        ):
            continue
        message = f"{name} must be a {wanted.__name__}, found {found.__name__}"
        raise TypeError(f"{message}; lockership.inbound reads order JSON")
