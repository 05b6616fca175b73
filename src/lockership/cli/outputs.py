"""What ``lockership ship`` leaves in its folder: labels ready to print, in pick order, and a manifest."""

from __future__ import annotations

import csv
import os
import re
from collections import Counter, defaultdict
from contextlib import ExitStack
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from lockership.errors import InputError, LabelUncertain, LedgerConflict
from lockership.labels import fallback
from lockership.labels.pages import LabelPages, reads_pdf
from lockership.ship import why_not

if TYPE_CHECKING:
    from pathlib import Path

    from lockership.errors import Inexpressible, LabelError
    from lockership.files import BadRecord
    from lockership.labels import Label
    from lockership.ship import Shipped
    from lockership.wave import Outcome

__all__ = ["COLUMNS", "Outputs", "Tally", "reason_kind"]

COLUMNS: tuple[str, ...] = (
    "number",
    "order_id",
    "parcel",
    "state",
    "api",
    "carrier",
    "service",
    "price",
    "currency",
    "tracking_number",
    "file",
    "relabel",
    "sample",
    "reason",
)
"""Columns of the manifest.  It holds no name and no address."""

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_KINDS = {
    "Inexpressible": "no label API has words for it",
    "InputError": "facts are missing or do not fit",
    "LabelRejected": "refused",
    "LabelUnavailable": "the label API did not answer",
}


def reason_kind(error: LabelError | Inexpressible | InputError) -> str:
    """Say in a few words why there is no carrier's label."""
    return _KINDS.get(type(error).__name__, type(error).__name__)


class Tally:
    """What came of the parcels so far, in counts and money."""

    def __init__(self) -> None:
        self.states: Counter[str] = Counter()
        self.labels: Counter[tuple[str, str]] = Counter()
        self.money: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
        self.reasons: Counter[str] = Counter()
        self.relabel: list[str] = []
        self.single: list[str] = []
        self.unfetched = 0
        self.samples = 0

    def line(self) -> str:
        """Give the counts in one line."""
        names = ("bought", "fallback", "review", "in doubt", "conflict", "error")
        return ", ".join(f"{self.states[name]:,} {name}" for name in names if self.states[name]) or "nothing"


class Outputs:
    """The folder, written while the parcels are shipped; add them in pick order.

    Files: ``labels/`` with each carrier label as it came; everything in one stream, ``labels.zpl`` with
    ``zpl``, else ``labels.pdf``; and ``manifest.csv``.  Without pypdf there is no ``labels.pdf``, but
    ``carrier.pdf`` with the PNG labels and ``fallback.pdf``.  A label that its stream cannot hold stays a
    file of its own, and is told.  A run that is broken off leaves the files of what was done.
    """

    def __init__(self, folder: Path, form: str, *, dpi: int = 203) -> None:
        self.tally = Tally()
        self._folder = folder
        self._form = form
        self._dpi = dpi
        self._rows: list[dict[str, Any]] = []
        self._pages: list[fallback.Label | fallback.Cover] = []
        self._stack = ExitStack()
        self._labels = folder / "labels"
        self._labels.mkdir(parents=True, exist_ok=True)
        self._old = self._listed()
        self._all: LabelPages | None = None
        self._merged = reads_pdf()
        self._zpl = folder / f".labels.zpl.{os.getpid()}.part"

    def __enter__(self) -> Self:
        if self._form == "zpl":
            self._zpl.write_bytes(b"")
        else:
            self._all = self._stack.enter_context(LabelPages(self._folder / self.stream))
        return self

    @property
    def stream(self) -> str:
        """The name of the file that holds carriers' labels in pick order."""
        return "labels.zpl" if self._form == "zpl" else "labels.pdf" if self._merged else "carrier.pdf"

    def __exit__(self, *_: object) -> None:
        # Whatever happened, what was done is left in good order: the labels in it are paid for.
        for name in ("labels.pdf", "carrier.pdf", "fallback.pdf", "labels.zpl"):  # of a run before
            (self._folder / name).unlink(missing_ok=True)
        self._stack.close()
        if self._form == "zpl":
            self._zpl.replace(self._folder / "labels.zpl")
        elif self._pages:
            fallback.write(self._folder / "fallback.pdf", self._pages, dpi=self._dpi)
        part = self._folder / f".manifest.csv.{os.getpid()}.part"
        with part.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(sorted(self._rows, key=lambda row: int(row["number"])))
        part.replace(self._folder / "manifest.csv")
        for name in self._old - {str(row.get("file", "")) for row in self._rows}:
            (self._folder / name).unlink(missing_ok=True)

    def _listed(self) -> set[str]:
        """Find the label files of the run before, so that none of them is left lying about."""
        manifest = self._folder / "manifest.csv"
        if not manifest.is_file():
            return set()
        with manifest.open(encoding="utf-8-sig", newline="") as file:
            names = {row.get("file") or "" for row in csv.DictReader(file)}
        return {name for name in names if re.fullmatch(r"labels/[A-Za-z0-9._-]+", name)}

    def bad(self, number: int, order_id: object, place: int | None, reason: str) -> None:
        """Add a parcel that could not be read."""
        shown = "" if order_id is None else str(getattr(order_id, "text", order_id))
        self._row(number, shown, place or 1, "error", reason=reason)

    def bad_record(self, number: int, bad: BadRecord) -> None:
        """Add a record that could not be read."""
        self.bad(number, bad.order_id, bad.parcel, f"record {bad.number}: {bad.error}")

    def add(self, number: int, outcome: Outcome) -> None:
        """Add what came of a parcel."""
        wanted, shipped, error = outcome.wanted, outcome.shipped, outcome.error
        if shipped is None:
            state = "error"
            if isinstance(error, LabelUncertain):
                state = "in doubt"
            elif isinstance(error, LedgerConflict):
                state = "conflict"
            self._row(number, wanted.order_id, wanted.parcel, state, reason=str(error))
            return
        if shipped.label is not None:
            self._bought(number, wanted.order_id, wanted.parcel, shipped.label, shipped)
            return
        if shipped.page is not None:
            self._draw(shipped.page, shipped.paper)
        review = shipped.decision.route.value == "review"
        reason = "a person must act first" if review else why_not(shipped.failures)
        if shipped.failures and not review:
            self.tally.reasons[reason_kind(shipped.failures[-1][1])] += 1
        self._row(number, wanted.order_id, wanted.parcel, "review" if review else "fallback", reason=reason)

    def _bought(self, number: int, order_id: str, parcel: int, label: Label, shipped: Shipped) -> None:
        name, reason = "", "; ".join(label.warnings)
        shown = order_id if parcel == 1 else f"{order_id}/{parcel}"
        cover = shipped.page
        if cover is not None:
            self._draw(cover, shipped.paper)
            self.tally.relabel.append(shown)
        if label.file is None:
            self.tally.unfetched += 1
        else:
            ending = label.file.format.lower()
            name = f"labels/{number:05}-{_UNSAFE.sub('_', order_id)[:60]}-{parcel}.{ending}"
            part = self._labels / f".{number}.{os.getpid()}.part"
            part.write_bytes(label.file.content)
            part.replace(self._folder / name)
            if why := self._print(label.file.content, label.file.format):
                self.tally.single.append(shown)
                reason = "; ".join(filter(None, (reason, f"{why}: not in {self.stream}, print its file")))
        price = label.price
        if price is not None:
            self.tally.money[label.api, price.currency] += price.amount
        self.tally.labels[label.api, label.carrier] += 1
        self.tally.samples += label.test
        self._row(
            number,
            order_id,
            parcel,
            "bought",
            api=label.api,
            carrier=label.carrier,
            service=label.service,
            price="" if price is None else str(price.amount),
            currency="" if price is None else price.currency,
            tracking_number=label.tracking_number,
            file=name,
            relabel="yes" if cover is not None else "",
            sample="yes" if label.test else "",
            reason=reason,
        )

    def _print(self, content: bytes, form: str) -> str:
        """Put a label into the stream, or say why it has no place there."""
        try:
            if self._form == "zpl" and form == "ZPL":
                self._append(content)
            elif self._all is not None and form == "PNG":
                self._all.add(content)
            elif self._all is not None and form == "PDF" and self._merged:
                self._all.add_pdf(content)
            else:
                return form
        except InputError as error:
            return error.message
        return ""

    def _draw(self, page: fallback.Label | fallback.Cover, drawn: bytes | None) -> None:
        if self._form == "zpl":
            self._append(drawn or fallback.draw_zpl([page], dpi=self._dpi))
        elif self._all is not None and self._merged:
            self._all.add_pdf(drawn or fallback.draw([page], dpi=self._dpi))
        else:
            self._pages.append(page)

    def _append(self, content: bytes) -> None:
        with self._zpl.open("ab") as file:
            file.write(content.rstrip() + b"\n")

    def _row(self, number: int, order_id: str, parcel: int, state: str, **cells: str) -> None:
        self.tally.states[state] += 1
        self._rows.append(
            {"number": number, "order_id": _cell(order_id), "parcel": parcel, "state": state}
            | {name: _cell(text) for name, text in cells.items()}
        )


def _cell(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
