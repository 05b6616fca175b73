"""Locker, counter or home: decide for each parcel, and say why.

>>> from lockership import Address, Parcel, route_parcel
>>> order = Address(
...     company="Amazon Locker - Chive", street1="2012 E 7th St", city="Austin", state="TX", zip="78702"
... )
>>> route_parcel(order, "ups", Parcel.of("12x9x4 in", "3 lb")).route.value
'review'

The names below are loaded when they are first used: attrs alone takes longer to import than a
script that only wants the version should wait.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lockership.address import Address, Signals
    from lockership.decision import Decision, Refusal, Remedy
    from lockership.errors import Inexpressible, InputError, LockershipError
    from lockership.location import Location
    from lockership.order_routing import OrderDecision, route_order
    from lockership.parcel import Parcel
    from lockership.policy import Policy
    from lockership.recognition import Recognition, recognise
    from lockership.routing import route_parcel
    from lockership.units import Length, Money, Weight
    from lockership.words import Confidence, Kind, Route, Trait

__all__ = [
    "Address",
    "Confidence",
    "Decision",
    "Inexpressible",
    "InputError",
    "Kind",
    "Length",
    "Location",
    "LockershipError",
    "Money",
    "OrderDecision",
    "Parcel",
    "Policy",
    "Recognition",
    "Refusal",
    "Remedy",
    "Route",
    "Signals",
    "Trait",
    "Weight",
    "recognise",
    "route_order",
    "route_parcel",
]

_HOMES = {
    "address": ("Address", "Signals"),
    "decision": ("Decision", "Refusal", "Remedy"),
    "errors": ("Inexpressible", "InputError", "LockershipError"),
    "location": ("Location",),
    "order_routing": ("OrderDecision", "route_order"),
    "parcel": ("Parcel",),
    "policy": ("Policy",),
    "recognition": ("Recognition", "recognise"),
    "routing": ("route_parcel",),
    "units": ("Length", "Money", "Weight"),
    "words": ("Confidence", "Kind", "Route", "Trait"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'lockership' has no attribute {name!r}")
    value = getattr(import_module(f"lockership.{home}"), name)
    globals()[name] = value  # asked once, found directly ever after
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
