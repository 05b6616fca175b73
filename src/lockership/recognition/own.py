"""Networks of the seller's own: lobby lockers, a regional chain, in the words that he gives."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import attrs

from lockership.recognition import notes
from lockership.recognition.answer import Evidence, Recognition
from lockership.recognition.fold import fold, read
from lockership.words import Confidence, Kind

if TYPE_CHECKING:
    from lockership.address import Address
    from lockership.rules import Channel

__all__ = ["recognise_own"]


@lru_cache(maxsize=256)
def _pattern(spellings: tuple[str, ...]) -> re.Pattern[str] | None:
    words = [fold(spelling).split() for spelling in spellings]
    choices = [
        r"\x20++".join(map(re.escape, parts)) for parts in sorted(words, key=len, reverse=True) if parts
    ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(choices)})(?!\w)") if choices else None


def recognise_own(address: Address, channels: tuple[Channel, ...], seen: Recognition) -> Recognition:
    """Take the channel of one's own whose spelling stands in the address, else what was seen.

    A spelling is compared without case, marks, accents and punctuation, as whole words within one
    field.  Refusals and landmarks ("no lobby locker please") do not count.  Addresses abroad and
    military ones stay what they are.

    Args:
        address: The address.
        channels: The channels of one's own, in the order in which they are tried.
        seen: What the address is without them.
    """
    if not seen.country_covered or seen.kind == Kind.MILITARY:
        return seen
    text = read(address)
    folded, _ = notes.read_notes(text.folded)
    for channel in channels:
        pattern = _pattern(channel.spellings)
        found = pattern.search(folded) if pattern is not None else None
        if found is not None:
            evidence = Evidence(*text.quote(*found.span()), f"{channel.kind}.spelling")
            return attrs.evolve(
                seen,
                kind=channel.kind,
                confidence=Confidence.CERTAIN,
                evidence=(evidence, *seen.evidence),
                alternatives=(),
            )
    return seen
