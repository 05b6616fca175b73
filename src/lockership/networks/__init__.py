"""The four networks.  To add one: write its module, then add one line here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockership.networks import amazon, fedex, ups, usps

if TYPE_CHECKING:
    from lockership.rules import CarrierRules, Channel, Network

__all__ = ["CARRIERS", "CHANNEL_OF", "MILITARY", "NETWORKS", "NETWORK_OF"]

NETWORKS: tuple[Network, ...] = (amazon.NETWORK, ups.NETWORK, fedex.NETWORK, usps.NETWORK)
"""The only registry, in the order in which the contract lists the channels."""

CHANNEL_OF: dict[str, Channel] = {
    channel.kind: channel for network in NETWORKS for channel in network.channels
}
"""Every pick-up channel by its kind."""

NETWORK_OF: dict[str, Network] = {
    channel.kind: network for network in NETWORKS for channel in network.channels
}
"""The network of every pick-up channel."""

CARRIERS: dict[str, CarrierRules] = {
    network.carrier.carrier: network.carrier for network in NETWORKS if network.carrier is not None
}
"""The carriers that have limits of their own."""

MILITARY = usps.MILITARY
"""Who delivers to APO, FPO and DPO."""
