"""Texts that buyers, checkouts and warehouse systems produce, and worse."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from hypothesis import strategies as st

if TYPE_CHECKING:
    from lockership.address import Address

FIELDS = ("name", "company", "street1", "street2", "street3", "city", "state", "zip", "country")

WORDS = (
    "Amazon", "Hub", "Locker", "Counter", "UPS", "Access", "Point", "U12345678", "FedEx", "Office",
    "hold", "at", "location", "USPS", "PO", "Box", "12", "#", "-", ",", "|", "(", ")", "123", "Main",
    "St", "no", "not", "next", "to", "RR", "HC", "APO", "AE", "09012", "General", "Delivery", "亚马逊",
    "自提柜", "旁边", "&amp;", "<br>", "™", "if", "home", "PMB", "The", "Store", "Suite", "of", "p.o.", "b",
    "0", "\u200b", "\ud800", "\x00", "\n", "e\u0301", "İ", "﷽", "Luxer", "One", "\u202e", "\u2028",
    "ＵＰＳ",
)  # fmt: skip
"""Pieces of every vocabulary, and the characters that break naive programs."""

text = st.one_of(
    st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=4)), max_size=12).map(" ".join),
    st.lists(st.sampled_from(WORDS), max_size=8).map("".join),
    st.text(),
)


def address(**values: str) -> Address:
    """Build something with the fields of an address, however long or empty they are."""
    return cast("Address", SimpleNamespace(**(dict.fromkeys(FIELDS, "") | values)))


addresses = st.fixed_dictionaries(dict.fromkeys(FIELDS[:-1], text)).map(lambda values: address(**values))
