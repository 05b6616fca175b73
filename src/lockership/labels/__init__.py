"""Label APIs: what they are asked, what they answer, and the labels that were bought.

Each label API is one module with the same three names: ``request(handoff, sender, reference=…)``
writes what is asked, ``read_rates(…)`` and ``read(…)`` say what the answers mean.  All three are pure.
:mod:`~lockership.labels.apis` asks them over the network, :mod:`~lockership.labels.purchase` takes the
steps of a purchase.  To add an API: write its module, add one line here and its class to ``apis``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockership.labels import easypost, shippo
from lockership.labels.label import Label, LabelFile, Offer, Quote, Rate

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["APIS", "Label", "LabelFile", "Offer", "Quote", "Rate"]

APIS: dict[str, ModuleType] = {module.API: module for module in (easypost, shippo)}
"""The label APIs by name: the only registry."""
