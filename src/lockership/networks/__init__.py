"""The four networks.  To add one: write its module, then add one line here."""

from __future__ import annotations

from lockership.networks import amazon, fedex, ups, usps
from lockership.rules import CarrierRules, Network

__all__ = ["CARRIERS", "MILITARY", "NETWORKS"]

NETWORKS: tuple[Network, ...] = (amazon.NETWORK, ups.NETWORK, fedex.NETWORK, usps.NETWORK)
"""The only registry, in the order in which the contract lists the channels."""

CARRIERS: dict[str, CarrierRules] = {
    network.carrier.carrier: network.carrier for network in NETWORKS if network.carrier is not None
}
"""The carriers that have limits of their own."""

MILITARY = usps.MILITARY
"""Who delivers to APO, FPO and DPO."""
