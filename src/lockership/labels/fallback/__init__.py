"""Fallback labels: what a warehouse works with while the carrier's label cannot be had.

A fallback label is an internal paper.  It says what is to be done with the parcel, to whom it goes and
why, and carries two codes of the warehouse's own.  It is never handed to a carrier, and says so.

>>> from datetime import UTC, datetime
>>> from lockership import Address, Parcel, route_parcel
>>> point = Address(
...     name="Zhang Wei",
...     company="UPS Access Point - CVS 8421",
...     street1="1250 W Sunset Blvd",
...     city="Los Angeles",
...     state="CA",
...     zip="90026",
... )
>>> decision = route_parcel(point, "ups", Parcel.of("14x10x6 in", "8.2 lb"))
>>> label = Label(decision, "A-1001", datetime(2026, 11, 24, 9, 30, tzinfo=UTC))
>>> draw([label])[:5]
b'%PDF-'
>>> draw([label], size="5x5")
Traceback (most recent call last):
lockership.errors.InputError: size: '5x5' is not one of 4x6, 4x8, a6
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockership.labels.fallback.label import Cover, Label, NoCarrierLabel, SkuLine
from lockership.labels.fallback.layout import lay_out, lay_out_cover
from lockership.labels.fallback.letters import Letters
from lockership.labels.fallback.marks import Drawing, alone
from lockership.labels.fallback.page import page_of
from lockership.labels.fallback.payload import Sscc, Ticket

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["Cover", "Label", "NoCarrierLabel", "SkuLine", "Sscc", "Ticket", "draw", "drawings"]


def draw(
    labels: Iterable[Label | Cover], *, dpi: int = 203, size: str = "4x6", font: str | Path | None = None
) -> bytes:
    """Draw labels as one PDF, a page each.

    Args:
        labels: What to print.
        dpi: The printer's resolution: 203, 300 or 600.  A file for one resolution is not for another.
        size: ``4x6``, ``4x8`` or ``a6``.
        font: A TrueType font for letters beyond Latin; None takes the one of the extra ``fonts``.

    Raises:
        InputError: A label does not fit at 8 points, or a text cannot be drawn.
        MissingDependency: Letters beyond Latin, and no font.
    """
    from lockership.labels.fallback.pdf import pdf  # noqa: PLC0415 - loads ReportLab

    letters = Letters(font)
    return pdf(map(alone, drawings(labels, letters, dpi=dpi, size=size)), letters)


def drawings(
    labels: Iterable[Label | Cover], letters: Letters, *, dpi: int = 203, size: str = "4x6"
) -> Iterator[Drawing]:
    """Lay labels out, one after the other; every output draws what this gives."""
    page = page_of(size, dpi)
    for label in labels:
        if isinstance(label, Cover):
            yield lay_out_cover(label, page, letters)
        else:
            yield lay_out(label, page, letters)
