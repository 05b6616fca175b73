"""The combinations that USPS's Labels API refuses, by the numbers of its own errors.

They are found before anything is sent: a refusal at the packing table costs a walk, one at the API a
support ticket.  Not found here: what depends on a facility (160121, 160122, 160319) or on a destination's
ZIP code (160265 to 160267, 160280), which only USPS knows.

More information:
* https://github.com/USPS/api-examples/tree/d050a64 (Error Inventory, sheet of the outbound labels)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lockership.errors import MISSING_FIELD, OUT_OF_RANGE, Problem
from lockership.labels.answers import mapping
from lockership.labels.carrier_body import at
from lockership.rules import Asked
from lockership.words import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lockership.handoff import Handoff

__all__ = ["forbidden"]

_HELD_CLASSES = (
    "BOUND_PRINTED_MATTER",
    "PARCEL_SELECT",
    "PRIORITY_MAIL",
    "PRIORITY_MAIL_EXPRESS",
    "USPS_GROUND_ADVANTAGE",
)
_SIGNED = frozenset({910, 911, 912, 913, 921, 922, 923, 924, 925, 931, 934, 955, 957, 981})
"""Extra services by which somebody signs: those that the description of ``physicalSignatureRequired`` lists,
and 957, the electronic return receipt.  That error 160066 means these is our reading and **not verified**:
its text speaks of a combination of extra services, and which ones is not published."""

_NOT_TO_THE_MILITARY = {
    160025: {931},
    160026: {912, 913, 922, 923, 924},
    160130: {*range(480, 490), 921, 934},
}
_RANGES = {"AA", "AE", "AP"}
_CONTENT = "also.packageDescription.packageOptions.contentType"
_EXTRA = "packageDescription.extraServices"


def forbidden(made: Mapping[str, Any], handoff: Handoff) -> list[Problem]:
    """Say what USPS's list of errors forbids in a request, whoever put it there."""
    return [
        Problem(one.code, f"{one.message} (USPS error {one.number})", one.field)
        for one in _forbidden(made, handoff)
    ]


class _Forbidden(NamedTuple):
    """What USPS would refuse, by its own number."""

    number: int
    field: str
    message: str
    code: str = OUT_OF_RANGE


def _forbidden(made: Mapping[str, Any], handoff: Handoff) -> Iterator[_Forbidden]:
    if handoff.asked is Asked.PARCEL_LOCKER:
        yield from _at_a_locker(made, handoff)
    if handoff.asked is Asked.HOLD_AT_LOCATION:
        yield from _at_a_counter(made, handoff)
    if handoff.kind == Kind.MILITARY or made["toAddress"].get("state") in _RANGES:
        yield from _to_the_military(made)
    if made.get("customsForm") is not None and not made["fromAddress"].get("firm"):
        yield _Forbidden(160023, "sender.company", "a customs form needs the sender's firm", MISSING_FIELD)


def _at_a_locker(made: Mapping[str, Any], handoff: Handoff) -> Iterator[_Forbidden]:
    to, extra = made["toAddress"], {*made["packageDescription"]["extraServices"]}
    if "email" not in to and "email" not in handoff.missing:
        yield _Forbidden(160084, "email", "a Smart Locker needs it", MISSING_FIELD)
    if not {"firm", "lastName"} & to.keys() and "name" not in handoff.missing:
        yield _Forbidden(160075, "name", "a Smart Locker needs it", MISSING_FIELD)
    if at(made, "packageDescription.packageOptions.contentType") is not None:
        # which contents are refused is not published: none is sent
        yield _Forbidden(160070, _CONTENT, "no special contents go to a Smart Locker")
    if made.get("customsForm") is not None:
        yield _Forbidden(160071, "also.customsForm", "no customs form goes to a Smart Locker")
    if 365 in extra:
        yield _Forbidden(160072, _EXTRA, "no global direct entry goes to a Smart Locker")
    if extra & _SIGNED or (930 in extra and _over_500(made)):
        message = "nobody signs at a Smart Locker; that USPS refuses it is our reading"
        yield _Forbidden(160066, _EXTRA, message)


def _over_500(made: Mapping[str, Any]) -> bool:
    """Whether insurance becomes that above $500, which is signed for."""
    value = at(made, "packageDescription.packageOptions.packageValue")
    return isinstance(value, int | float) and value > 500


def _to_the_military(made: Mapping[str, Any]) -> Iterator[_Forbidden]:
    extra = {*made["packageDescription"]["extraServices"]}
    if made.get("customsForm") is None:
        message = "a military address needs a customs form"
        yield _Forbidden(160120, "also.customsForm", message, MISSING_FIELD)
    for number, services in _NOT_TO_THE_MILITARY.items():
        if extra & services:
            found = ", ".join(map(str, sorted(extra & services)))
            yield _Forbidden(number, _EXTRA, f"{found} do not reach military addresses")


def _at_a_counter(made: Mapping[str, Any], handoff: Handoff) -> Iterator[_Forbidden]:
    to, package = made["toAddress"], made["packageDescription"]
    options = mapping(package.get("packageOptions"))
    if package["mailClass"] and package["mailClass"] not in _HELD_CLASSES:
        yield _Forbidden(160089, "service", f"held are only {', '.join(_HELD_CLASSES)}")
    if to.get("state") in _RANGES:
        yield _Forbidden(160067, "ship_to.state", "no parcel is held at a military address")
    if options.get("ancillaryServiceEndorsements") is not None:
        path = "also.packageDescription.packageOptions.ancillaryServiceEndorsements"
        yield _Forbidden(160057, path, "no endorsement goes with a hold")
    if package.get("carrierRelease"):
        yield _Forbidden(160077, "also.packageDescription.carrierRelease", "no release goes with a hold")
    if options.get("contentType") == "CREMATED_REMAINS":
        yield _Forbidden(160235, _CONTENT, "these contents are not held")
    if made.get("customsForm") is not None:
        yield _Forbidden(160127, "also.customsForm", "no customs form goes with a hold")
    for field, part, code in (
        ("email", "email", 160176),
        ("phone", "phone", 160177),
        ("name", "firstName", 160213),
        ("name", "lastName", 160217),
    ):
        if part not in to and field not in handoff.missing:
            yield _Forbidden(code, field, f"a hold needs the buyer's {part}", MISSING_FIELD)
