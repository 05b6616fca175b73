"""What holds for every parcel; each test quotes the sentence of the contract that it proves."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs
from hypothesis import assume, example, given
from hypothesis import strategies as st

from lockership import (
    Address,
    Confidence,
    Decision,
    Kind,
    Length,
    Location,
    Parcel,
    Policy,
    Route,
    Signals,
    Trait,
    Weight,
    recognise,
    route_parcel,
)
from lockership.testing import (
    addresses,
    carriers,
    decisions,
    locations,
    look_alikes,
    parcels,
    policies,
    services,
    signals,
)
from lockership.words import ADDRESS_KINDS, CHANNELS, RefusalCode, RemedyCode, network_of

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

STREET = Address(name="Ana Lopez", street1="12 Elm St", city="Nashua", state="NH", zip="03060")
TINY = Parcel.of("2x2x2 in", "0.1 lb")


class Case(NamedTuple):
    """One question to ``route_parcel``."""

    address: Address
    carrier: str
    parcel: Parcel
    home: Address | None
    service: str | None
    signals: Signals | None
    location: Location | None
    policy: Policy

    def route(self, **changes: Any) -> Decision:
        """Ask it, with some things changed."""
        asked = self._asdict() | changes
        return route_parcel(asked.pop("address"), asked.pop("carrier"), asked.pop("parcel"), **asked)


@st.composite
def cases(draw: DrawFn, kind: str | None = None) -> Case:
    """Questions of all sorts, half of them with the carrier that serves the place."""
    address = draw(addresses(kind) | look_alikes() if kind is None else addresses(kind))
    network = network_of(recognise(address).kind)
    own = st.just(network or "ups")
    return Case(
        address,
        draw(own | carriers()),
        draw(parcels()),
        draw(st.none() | addresses("street") | addresses()),
        draw(services()),
        draw(st.none() | signals()),
        draw(st.none() | locations()),
        draw(st.just(Policy()) | policies()),
    )


channels = st.sampled_from(CHANNELS)


def codes(decision: Decision) -> Counter[tuple[str, str, str | None]]:
    """Give what was refused, by whom, without the figures."""
    return Counter((refusal.code, refusal.by, refusal.trait) for refusal in decision.refusals)


def plain(decision: Decision) -> dict[str, Any]:
    """Give the decision without what is said of confidence and of the parcel's words."""
    answer = decision.to_dict()
    for key in ("confidence", "notes", "explanation"):
        del answer[key]
    return answer


# --- measures ------------------------------------------------------------------------------------


@given(cases(), st.data())
def test_the_order_of_sides_changes_nothing(case: Case, data: st.DataObject) -> None:
    """Sides sorted on both sides (contract 2.10)."""
    parcel = case.parcel
    length, width, height = data.draw(st.permutations((parcel.length, parcel.width, parcel.height)))
    turned = attrs.evolve(parcel, length=length, width=width, height=height)
    assert case.route().to_dict() == case.route(parcel=turned).to_dict()


@given(cases(), st.sampled_from(("mm", "cm", "m")), st.sampled_from(("g", "kg")))
def test_the_unit_changes_nothing(case: Case, unit: str, weight_unit: str) -> None:
    """Numbers are read exactly, never through binary floats (contract 4)."""
    parcel = case.parcel
    digits, weight_digits = {"mm": 3, "cm": 4, "m": 6}[unit], {"g": 9, "kg": 12}[weight_unit]
    written = "x".join(f"{side.um}e-{digits}" for side in (parcel.length, parcel.width, parcel.height))
    again = Parcel.of(f"{written} {unit}", f"{parcel.weight.ng}e-{weight_digits} {weight_unit}")
    again = attrs.evolve(again, declared_value=parcel.declared_value, traits=parcel.traits)
    assert again == parcel
    assert case.route(parcel=again).to_dict() == case.route().to_dict()


@given(cases(), *(st.integers(0, 10**15) for _ in range(4)))
def test_heavier_or_longer_never_helps(case: Case, ng: int, a: int, b: int, c: int) -> None:
    """One rule that the parcel breaks, all are reported (contract 1): a larger parcel breaks no fewer."""
    p = case.parcel
    larger = attrs.evolve(
        p,
        weight=Weight(p.weight.ng + ng),
        length=Length(p.length.um + a // 10**7),
        width=Length(p.width.um + b // 10**7),
        height=Length(p.height.um + c // 10**7),
    )
    before, after = case.route(), case.route(parcel=larger)
    assert codes(before) <= codes(after)
    assert not (before.route is Route.REVIEW and after.route is not Route.REVIEW)
    assert not (before.route is Route.HOME and after.route is Route.PICKUP)


# --- refusals --------------------------------------------------------------------------------------


@given(cases())
def test_every_refusal_is_reported(case: Case) -> None:
    """*All* are reported (contract 1): those of each side of the parcel alone, and no others."""
    p = case.parcel
    alone = (
        attrs.evolve(TINY, weight=p.weight),
        attrs.evolve(TINY, length=p.length, width=p.width, height=p.height),
        attrs.evolve(TINY, declared_value=p.declared_value),
        attrs.evolve(TINY, traits=p.traits),
    )
    expected: Counter[tuple[str, str, str | None]] = Counter()
    for parcel in alone:
        expected |= codes(case.route(parcel=parcel))
    assert codes(case.route()) == expected


@given(cases(), st.sampled_from(Trait))
def test_adding_a_trait_removes_no_refusal(case: Case, trait: Trait) -> None:
    """Traits are literal and independent (contract 2.7)."""
    more = attrs.evolve(case.parcel, traits=(*case.parcel.traits, trait))
    before, after = codes(case.route()), codes(case.route(parcel=more))
    assert before <= after
    assert {trait_ for _, _, trait_ in after - before} <= {trait}


@given(cases())
def test_refusals_stand_in_the_order_of_the_contract(case: Case) -> None:
    """In the order carrier (``carrier_cannot_serve`` first), network, house, location (contract 1)."""
    refusals = case.route().refusals
    by = [("carrier", "network", "house", "location").index(refusal.by) for refusal in refusals]
    assert by == sorted(by)
    at = [refusal.code for refusal in refusals]
    assert RefusalCode.CARRIER_CANNOT_SERVE not in at[1:]
    parts = [("trait", "size", "weight").index(_part(r.code)) for r in refusals if r.by == "house"]
    assert parts == sorted(parts)


def _part(code: RefusalCode) -> str:
    sizes = (RefusalCode.TOO_LONG, RefusalCode.DOES_NOT_FIT, RefusalCode.GIRTH_OVER)
    return "size" if code in sizes else "weight" if code is RefusalCode.TOO_HEAVY else "trait"


@given(cases())
def test_a_measure_never_reads_the_same_as_its_limit(case: Case) -> None:
    """Rounded away from each other so that they never read the same (contract 4)."""
    for refusal in case.route().refusals:
        assert refusal.measured is None or refusal.measured != refusal.limit


# --- routes ------------------------------------------------------------------------------------------


@given(decisions())
def test_a_decision_is_one_of_three(decision: Decision) -> None:
    """``pickup`` (as the buyer chose), ``home``, ``review``: nothing may be shipped (contract 1)."""
    assert decision.route in tuple(Route)
    if decision.route is Route.REVIEW:
        assert (decision.deliver_to, decision.hold, decision.missing) == (None, None, ())
        assert decision.refusals
    if decision.route is Route.PICKUP:
        assert (decision.deliver_to, decision.refusals) == ("ship_to", ())
        assert decision.kind in CHANNELS
    if decision.route is Route.HOME:
        assert (decision.hold, decision.missing) == (None, ())
        assert bool(decision.refusals) is (decision.deliver_to == "home")
    assert not decision.remedies or decision.route is Route.REVIEW
    assert (decision.address is None) is (decision.route is Route.REVIEW)


@given(cases())
def test_a_street_never_becomes_a_pick_up_point(case: Case) -> None:
    """A buyer's street address is never replaced by a pick-up point (contract 2.2)."""
    decision = case.route(signals=None)
    if recognise(case.address).kind in ADDRESS_KINDS:
        assert decision.route is not Route.PICKUP
        assert decision.deliver_to in {"ship_to", None}
        assert decision.kind not in CHANNELS


@given(cases())
def test_a_known_home_changes_nothing_at_a_military_address(case: Case) -> None:
    """A known home changes nothing here (contract 2.3)."""
    there = Address(street1="PSC 802 Box 74", city="APO", state="AE", zip="09499")
    with_home, without = case.route(address=there, home=STREET), case.route(address=there, home=None)
    assert with_home.to_dict() == without.to_dict()


DOUBTFUL = (
    Address(street1="12 Elm St", street2="PO Box 12", city="Nashua", state="NH", zip="03060"),
    Address(street1="500 Main St #59", city="Nashua", state="NH", zip="03060"),
    Address(street1="USPS Hold For Pickup", city="Nashua", state="NH", zip="03060"),
    Address(company="CVS", street1="12 Elm St", street2="U12345678", city="Nashua", state="NH", zip="03060"),
)


@given(st.sampled_from(DOUBTFUL), cases())
def test_doubt_changes_no_route(doubtful: Address, case: Case) -> None:
    """It never changes the route; ``possible`` adds the note ``kind_uncertain`` (contract 1)."""
    seen = recognise(doubtful)
    assume(seen.confidence is Confidence.POSSIBLE)
    unsure = case.route(address=doubtful, signals=None, location=Location.of("YBZA"))
    sure = case.route(address=_sure(seen.kind), signals=None, location=Location.of("YBZA"))
    assert "kind_uncertain" in unsure.notes
    if sure.confidence is not Confidence.POSSIBLE:
        assert set(unsure.notes) - set(sure.notes) == {"kind_uncertain"}
    assert plain(unsure) == plain(sure)


def _sure(kind: str) -> Address:
    lines = {
        Kind.USPS_PO_BOX: {"street1": "PO Box 12"},
        Kind.USPS_HOLD_FOR_PICKUP: {"company": "USPS Hold For Pickup", "street1": "1 Main St"},
        Kind.UPS_ACCESS_POINT: {"company": "UPS Access Point", "street1": "1 Main St"},
        Kind.STREET: {"street1": "1 Main St"},
    }[Kind(kind)]
    return Address(city="Nashua", state="NH", zip="03060", **lines)


@given(channels.flatmap(cases))
def test_missing_facts_never_refuse(case: Case) -> None:
    """Missing facts are not refusals (contract 1)."""
    bare = attrs.evolve(case.address, name="", email="", phone="")
    place = None if case.location is None else attrs.evolve(case.location, id="")
    lacking = case.route(address=bare, location=place)
    full = case.route(
        address=attrs.evolve(case.address, name="A", email="a@b.example", phone="1"),
        location=attrs.evolve(case.location or Location(), id="U88498244"),
    )
    assert (lacking.route, lacking.refusals) == (full.route, full.refusals)
    assert full.missing == ()


# --- remedies --------------------------------------------------------------------------------------


@example(
    Case(
        Address(company="Amazon Locker - Chive", street1="1 Main St"),
        "ups",
        Parcel.of("10x10x10 in", "9 lb"),
        None,
        None,
        Signals(amazon_fulfilled=False),
        None,
        Policy(),
    )
)
@given(cases())
def test_every_remedy_helps(case: Case) -> None:
    """Each only when routing again with it applied would not end in ``review`` (contract 1)."""
    decision = case.route()
    for remedy in decision.remedies:
        match remedy.code:
            case RemedyCode.USE_CARRIER:
                changes: dict[str, Any] = {"carrier": remedy.carrier}
            case RemedyCode.ASK_HOME_ADDRESS:
                changes = {"home": STREET}
            case RemedyCode.CHOOSE_OTHER_POINT:
                changes = {"address": _sure_point(str(remedy.channel)), "location": None}
            case RemedyCode.SHIP_WITH_AMAZON:
                flags = attrs.evolve(case.signals or Signals(), amazon_fulfilled=True)
                changes = {"carrier": "amazon", "signals": flags}
            case RemedyCode.SPLIT_PARCEL:
                half = Weight(-(-case.parcel.weight.ng // 2))
                changes = {"parcel": attrs.evolve(case.parcel, weight=half)}
        helped = case.route(**changes)
        assert helped.route is not Route.REVIEW, remedy
        if remedy.code is RemedyCode.CHOOSE_OTHER_POINT:
            assert (helped.route, helped.kind) == (Route.PICKUP, remedy.channel)
        if remedy.code is RemedyCode.ASK_HOME_ADDRESS:
            assert helped.route is Route.HOME


def _sure_point(kind: str) -> Address:
    from lockership.testing.places import FORMS

    lines = {field: text.format(street="12 Elm St", n=12) for field, text in FORMS[Kind(kind)][0].items()}
    return Address(**({"city": "Nashua", "state": "NH", "zip": "03060"} | lines))


@given(cases())
def test_a_remedy_is_told_once_and_best_first(case: Case) -> None:
    """Best first (contract 1), in the order of the list there, and none twice."""
    told = [remedy.code for remedy in case.route().remedies]
    assert told == [code for code in RemedyCode if code in told]


@given(cases())
def test_the_nearest_lawful_parcel_is_let_through(case: Case) -> None:
    """What a decision says must change about the parcel is enough to pass there."""
    decision = case.route()
    if decision.what_if is not None:
        assert decision.refusals
        assert case.route(parcel=decision.what_if.parcel).refusals == ()


# --- policy ----------------------------------------------------------------------------------------


@given(
    st.sampled_from(("amazon.locker", "amazon.access_point", "ups.locker")).flatmap(cases),
    st.integers(1, 60),
    st.integers(1, 60),
)
def test_a_published_limit_beats_the_house_screen(case: Case, inches: int, pounds: int) -> None:
    """The screen holds only where the network publishes no such limit (contract 2.8)."""
    other = case.policy.evolve(max_longest=Length.of(inches, "in"), max_weight=Weight.of(pounds, "lb"))
    assert case.route().to_dict() == case.route(policy=other).to_dict()


@given(case=cases("usps.smart_locker"), sized=st.booleans(), weighed=st.booleans())
def test_each_half_of_the_screen_yields_to_the_location(case: Case, *, sized: bool, weighed: bool) -> None:
    """Each half only where neither the network nor the given location publishes it (contract 2.8)."""
    place = Location.of(max_sides=("90", "90", "90") if sized else None, max_weight="60" if weighed else None)
    large = Parcel.of("30x2x2 in", "16 lb")
    by_house = {code for code, by, _ in codes(case.route(parcel=large, location=place)) if by == "house"}
    policy = case.policy
    too_long = not sized and policy.max_longest is not None and policy.max_longest < large.length
    too_heavy = not weighed and policy.max_weight is not None and policy.max_weight < large.weight
    wanted = {RefusalCode.TOO_LONG} if too_long else set[RefusalCode]()
    wanted |= {RefusalCode.TOO_HEAVY} if too_heavy else set()
    assert by_house == wanted


@given(cases(), st.sampled_from(Trait), st.integers(1, 30))
def test_a_stricter_house_never_admits_more(case: Case, trait: Trait, inches: int) -> None:
    """On top stands the house policy (contract 2.7): it only takes away."""
    policy = case.policy
    longest = Length.of(inches, "in")
    stricter = policy.evolve(
        unattended_refuses=(*policy.unattended_refuses, trait),
        pickup_refuses=(*policy.pickup_refuses, trait),
        max_longest=longest if policy.max_longest is None else min(longest, policy.max_longest),
    )
    before, after = case.route(), case.route(policy=stricter)
    assert set(codes(before)) <= set(codes(after))
    assert not (before.route is not Route.PICKUP and after.route is Route.PICKUP)


# --- the same again ----------------------------------------


@given(cases())
def test_the_same_question_gets_the_same_answer(case: Case) -> None:
    """The same input, policy and date give the same decision (contract 2.11)."""
    assert case.route() == case.route()
