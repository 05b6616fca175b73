"""The labelled addresses of this project, read from ``tests/corpus/addresses.jsonl``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lockership.address import Address, Signals

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = Path(__file__).parents[1] / "corpus" / "addresses.jsonl"
_FIELDS = ("name", "company", "street1", "street2", "street3", "city", "state", "zip", "country")


class Row(NamedTuple):
    """One labelled address."""

    address: Address
    signals: Signals | None
    label: str
    ambiguous: bool
    split: str
    provenance: str
    note: str


def rows(file: Path = FILE) -> Iterator[Row]:
    """Read labelled addresses, one JSON object a line."""
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Row(
            Address(**{field: row.get(field) for field in _FIELDS}),
            Signals(**row["signals"]) if "signals" in row else None,
            row["label"],
            row["ambiguous"],
            row.get("split", ""),
            row["provenance"],
            row["note"],
        )
