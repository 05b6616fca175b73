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

from pathlib import Path
from typing import TYPE_CHECKING

from lockership.errors import OUT_OF_RANGE, InputError, MissingDependency, Problem
from lockership.labels.fallback.label import Cover, Label, NoCarrierLabel, SkuLine
from lockership.labels.fallback.payload import Sscc, Ticket
from lockership.labels.fallback.printers import PrintingFailed, save, send, spool
from lockership.labels.fallback.template import Template, Zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from lockership.labels.fallback.letters import Letters
    from lockership.labels.fallback.marks import Drawing, Sheet

    Bad = Callable[[Label | Cover, InputError | MissingDependency], None]

__all__ = [
    "Cover",
    "Label",
    "NoCarrierLabel",
    "PrintingFailed",
    "SkuLine",
    "Sscc",
    "Template",
    "Ticket",
    "Zone",
    "draw",
    "draw_png",
    "draw_zpl",
    "drawings",
    "save",
    "send",
    "spool",
    "staging_sheet",
    "write",
]


def draw(
    labels: Iterable[Label | Cover],
    *,
    dpi: int = 203,
    size: str = "4x6",
    font: str | Path | None = None,
    template: Template | None = None,
    bad: Bad | None = None,
) -> bytes:
    """Draw labels as one PDF.

    Args:
        labels: What to print; read one after the other, so a generator of thousands is fine.
        dpi: The printer's resolution: 203, 300 or 600.  A file for one resolution is not for another.
        size: A label on each page, ``4x6``, ``4x8`` (with a pick list) or ``a6``; or several on a
            sheet for an office printer, ``letter-2up`` or ``a4-4up``.
        font: A TrueType font for letters beyond Latin; None takes the one of the extra ``fonts``.
        template: What the seller adds to each label, or None.
        bad: Told of each label that cannot be laid out, and why, while the others are drawn; None raises.

    Raises:
        InputError: A label does not fit at 8 points, or a text cannot be drawn.
        MissingDependency: Letters beyond Latin, and no font.
    """
    from lockership.labels.fallback.letters import letters_of  # noqa: PLC0415 - loads ReportLab
    from lockership.labels.fallback.pdf import pdf  # noqa: PLC0415 - loads ReportLab

    letters = letters_of(font)
    return pdf(_sheets(labels, letters, dpi, size, template, bad), letters)


def draw_png(
    labels: Iterable[Label | Cover],
    *,
    dpi: int = 203,
    size: str = "4x6",
    font: str | Path | None = None,
    template: Template | None = None,
    bad: Bad | None = None,
) -> Iterator[bytes]:
    """Paint labels as black and white PNG pictures, one for each page; otherwise as :func:`draw`."""
    from lockership.labels.fallback.letters import letters_of  # noqa: PLC0415 - loads ReportLab
    from lockership.labels.fallback.png import png  # noqa: PLC0415 - loads ReportLab

    letters = letters_of(font)
    return png(_sheets(labels, letters, dpi, size, template, bad), letters)


def draw_zpl(
    labels: Iterable[Label | Cover],
    *,
    dpi: int = 203,
    size: str = "4x6",
    font: str | Path | None = None,
    template: Template | None = None,
    bad: Bad | None = None,
) -> bytes:
    """Write labels in ZPL II, one format each; ``size`` is ``4x6``, ``4x8`` or ``a6``."""
    from lockership.labels.fallback.letters import letters_of  # noqa: PLC0415 - loads ReportLab
    from lockership.labels.fallback.zpl import zpl  # noqa: PLC0415 - only here

    letters = letters_of(font)
    return zpl(drawings(labels, letters, dpi=dpi, size=size, template=template, bad=bad), letters)


def write(
    path: str | Path,
    labels: Iterable[Label | Cover],
    *,
    dpi: int = 203,
    size: str = "4x6",
    font: str | Path | None = None,
    template: Template | None = None,
    bad: Bad | None = None,
) -> None:
    """Write labels to a file whose name ends in .pdf, .zpl or .png; whole or not at all.

    Several pages of PNG are numbered: ``labels-1.png``, ``labels-2.png``.

    Raises:
        InputError: Another ending, or what :func:`draw` raises.
        PrintingFailed: The file cannot be written.
    """
    path = Path(path)
    kind = path.suffix.lower()
    if kind == ".pdf":
        save(draw(labels, dpi=dpi, size=size, font=font, template=template, bad=bad), path)
    elif kind == ".zpl":
        save(draw_zpl(labels, dpi=dpi, size=size, font=font, template=template, bad=bad), path)
    elif kind == ".png":
        pages = list(draw_png(labels, dpi=dpi, size=size, font=font, template=template, bad=bad))
        for number, page in enumerate(pages, 1):
            save(page, path if len(pages) == 1 else path.with_stem(f"{path.stem}-{number}"))
    else:
        message = f"{path.suffix!r} is not one of .pdf, .zpl, .png"
        raise InputError([Problem(OUT_OF_RANGE, message, "path")])


def staging_sheet(
    labels: Iterable[Label | Cover],
    *,
    printed_at: datetime,
    dpi: int = 203,
    paper: str = "letter",
    language: str = "en",
    font: str | Path | None = None,
) -> bytes:
    """List the parcels of a batch on paper, ``letter`` or ``a4``, as one PDF."""
    from lockership.labels.fallback.letters import letters_of  # noqa: PLC0415 - loads ReportLab
    from lockership.labels.fallback.pdf import pdf  # noqa: PLC0415 - loads ReportLab
    from lockership.labels.fallback.sheets import staging_list  # noqa: PLC0415 - as above

    letters = letters_of(font)
    sheets = staging_list(labels, letters, printed_at=printed_at, dpi=dpi, paper=paper, language=language)
    return pdf(sheets, letters)


def drawings(
    labels: Iterable[Label | Cover],
    letters: Letters,
    *,
    dpi: int = 203,
    size: str = "4x6",
    template: Template | None = None,
    bad: Bad | None = None,
) -> Iterator[Drawing]:
    """Lay labels out, one after the other; every output draws what this gives."""
    from lockership.labels.fallback.cover import lay_out_cover  # noqa: PLC0415 - loads ReportLab
    from lockership.labels.fallback.layout import lay_out  # noqa: PLC0415 - loads ReportLab
    from lockership.labels.fallback.page import page_of  # noqa: PLC0415 - as above

    page = page_of(size, dpi)
    for label in labels:
        try:
            if isinstance(label, Cover):
                drawn = lay_out_cover(label, page, letters)
            else:
                drawn = lay_out(label, page, letters, template)
        except (InputError, MissingDependency) as error:
            if bad is None:
                raise
            bad(label, error)
        else:
            yield drawn


def _sheets(
    labels: Iterable[Label | Cover],
    letters: Letters,
    dpi: int,
    size: str,
    template: Template | None,
    bad: Bad | None = None,
) -> Iterator[Sheet]:
    from lockership.labels.fallback.marks import alone  # noqa: PLC0415 - as above
    from lockership.labels.fallback.sheets import SHEETS, tile  # noqa: PLC0415 - as above

    if size in SHEETS:
        whole = SHEETS[size].size
        return tile(drawings(labels, letters, dpi=dpi, size=whole, template=template, bad=bad), size, dpi)
    return map(alone, drawings(labels, letters, dpi=dpi, size=size, template=template, bad=bad))
