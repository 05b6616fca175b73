from __future__ import annotations

import json

import pytest

from lockership.networks import CHANNEL_OF, NETWORKS
from lockership.words import ADDRESS_KINDS, CHANNELS, Kind, Note, RefusalCode, Trait, network_of


def test_the_channels_stand_in_the_order_of_the_contract() -> None:
    """Another point is proposed in the order of the contract's table, and the registry keeps it too."""
    assert CHANNELS == (
        "amazon.locker",
        "amazon.counter",
        "amazon.access_point",
        "ups.access_point",
        "ups.locker",
        "ups.customer_center",
        "fedex.onsite",
        "fedex.office",
        "fedex.ship_center",
        "fedex.hold",
        "usps.hold_for_pickup",
        "usps.smart_locker",
        "usps.general_delivery",
        "usps.po_box",
    )
    assert [channel.kind for network in NETWORKS for channel in network.channels] == list(CHANNELS)
    assert list(CHANNEL_OF) == list(CHANNELS)


def test_every_kind_is_a_channel_a_home_or_military() -> None:
    """Routing knows what to do with each kind."""
    assert {*CHANNELS, *ADDRESS_KINDS, Kind.MILITARY} == set(Kind)
    assert len(CHANNELS) + len(ADDRESS_KINDS) + 1 == len(Kind)


@pytest.mark.parametrize("kind", Kind)
def test_the_network_of_a_kind(kind: Kind) -> None:
    """A channel's network is the first half of its name; the mail brings military parcels (contract 4)."""
    expected = kind.split(".")[0] if "." in kind else "usps" if kind == "military" else None
    assert network_of(kind) == expected


def test_a_word_is_its_own_text() -> None:
    """Words travel through JSON, f-strings and comparisons as plain text."""
    words = [
        Kind.UPS_LOCKER,
        Trait.COLD_CHAIN,
        Note.LOCKER_DECLINED,
        RefusalCode.TOO_HEAVY,
    ]
    assert json.loads(json.dumps(words)) == [f"{word}" for word in words]
    assert Kind("ups.locker") is Kind.UPS_LOCKER
    with pytest.raises(ValueError, match="ups"):
        Kind("ups.lockers")
