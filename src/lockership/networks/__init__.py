"""The four networks.  To add one: write its module, then add one line here."""

from __future__ import annotations

from lockership.networks import amazon, fedex, ups, usps
from lockership.rules import Network

__all__ = ["NETWORKS"]

NETWORKS: tuple[Network, ...] = (amazon.NETWORK, ups.NETWORK, fedex.NETWORK, usps.NETWORK)
"""The only registry, in the order in which the contract lists the channels."""
