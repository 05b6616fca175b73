"""What a warehouse system needs to test its own code with this library.

* Hypothesis strategies for every value: ``addresses()``, ``parcels()``, ``orders()`` and the rest.  They
  need Hypothesis, which is loaded when the first of them is asked for.
* ``FakeEasyPost`` and ``FakeShippo``: label APIs on this machine that keep a till and fail as they are
  told, by a ``Fault``, and post webhooks that come twice or late, by a ``WebhookFault``.
* :mod:`lockership.testing.places`: how buyers write the address of each kind, and what only looks so.

``docs/testing.md`` shows how they are used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from lockership.errors import MissingDependency

if TYPE_CHECKING:
    from types import ModuleType

    from lockership.testing.fakes import FakeEasyPost, FakeShippo, Fault, WebhookFault
    from lockership.testing.order_json import orders
    from lockership.testing.strategies import (
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

__all__ = [
    "FakeEasyPost",
    "FakeShippo",
    "Fault",
    "WebhookFault",
    "addresses",
    "carriers",
    "decisions",
    "locations",
    "look_alikes",
    "orders",
    "parcels",
    "policies",
    "register_strategies",
    "services",
    "signals",
]


def register_strategies() -> None:
    """Teach Hypothesis this library's values, so that ``given(parcel=infer)`` finds lawful ones.

    Hypothesis calls this itself where lockership is installed.
    """
    _module("strategies").register()


_HOMES = {
    "FakeEasyPost": "fakes",
    "FakeShippo": "fakes",
    "Fault": "fakes",
    "WebhookFault": "fakes",
    "orders": "order_json",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'lockership.testing' has no attribute {name!r}")
    return getattr(_module(_HOMES.get(name, "strategies")), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _module(name: str) -> ModuleType:
    try:
        return import_module(f"lockership.testing.{name}")
    except ModuleNotFoundError as error:
        if error.name != "hypothesis":
            raise
        message = "the strategies need Hypothesis: pip install hypothesis"
        raise MissingDependency(message, name="hypothesis") from error
