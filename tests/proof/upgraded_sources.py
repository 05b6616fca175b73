"""Rules whose sureness rose since the facts were collected, and the text that made it rise.

The figures, bounds, services and the sources that refusals name are those of the facts, without
exception.  Only ``sure`` differs here, and only where a network's or carrier's own text was read that
says the same figure; that text stands on the rule as ``also``.
"""

from __future__ import annotations

__all__ = ["UPGRADED"]

_STORES = "FedEx's own answers to its retail partners (FDX-STORES) say it for parcels that are held there"
_SIZES = "UPS's own support page for the US (UPS-SIZES) says it"

UPGRADED: dict[tuple[str, str, str], str] = {
    ("carrier.ups", "max_weight", "150"): _SIZES,
    ("carrier.ups", "max_longest", "108"): _SIZES,
    ("carrier.ups", "max_length_plus_girth", "165"): _SIZES,
    ("fedex.onsite", "max_weight", "55"): _STORES,
    ("fedex.onsite", "max_longest", "48"): _STORES,
    ("fedex.hold", "max_weight", "55"): _STORES,
    ("fedex.hold", "max_longest", "48"): _STORES,
    ("carrier.usps", "max_length_plus_girth", "130"): "Domestic Mail Manual 101.3.2 and 101.6.4 (DMM-101)",
    ("carrier.usps", "refuses", "alcohol"): "Publication 52, section 422.1 (PUB52-422)",
}
"""Subject, rule and value of each rule that is now ``verified``, with the reason."""
