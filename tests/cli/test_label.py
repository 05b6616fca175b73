"""Fallback labels for a file of orders by ``lockership label``."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BOX = {"length": 14, "width": 10, "height": 6, "dimension_unit": "in", "weight": 8.2, "weight_unit": "lb"}
HOME = {
    "name": "Zhang Wei",
    "street1": "417 Montgomery St",
    "city": "Los Angeles",
    "state": "CA",
    "zip": "90026",
}
ENDLESS = HOME | {f"street{row}": "of the house behind the garden gate " * 25 for row in (1, 2, 3)}
TO_THE_RIGHT = HOME | {"name": "\u05d3\u05d5\u05d3"}


def orders(folder: Path, *told: dict[str, Any]) -> Path:
    """Write a file of orders."""
    path = folder / "orders.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in told))
    return path


def order(order_id: object, ship_to: dict[str, str] = HOME, **more: Any) -> dict[str, Any]:
    """Return one order."""
    return {"order_id": order_id, "carrier": "usps", "ship_to": ship_to, "parcel": BOX, **more}


def texts(path: Path) -> list[str]:
    """Return the order that each page names."""
    document = pypdfium2.PdfDocument(path)
    try:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()
    found = (re.search(r"\bA-[0-9]+", text) for text in pages)
    return [name[0] if name else "" for name in found]


@pytest.mark.parametrize("unfit", [ENDLESS, TO_THE_RIGHT])
def test_a_label_that_cannot_be_laid_out_does_not_stop_the_others(
    unfit: dict[str, str], run: Callable[..., Any], tmp_path: Path
) -> None:
    """An address without room, or letters that cannot be printed: told with its order, the rest is drawn."""
    several = order("A-3", unfit)
    del several["parcel"]
    given = orders(
        tmp_path, order("A-1"), order("A-2", unfit), several | {"parcels": [BOX, BOX]}, order("A-4")
    )
    ran = run("label", given, "-o", tmp_path / "labels.pdf")
    assert ran.status == 1
    assert texts(tmp_path / "labels.pdf") == ["A-1", "A-4"]
    lines = ran.err.splitlines()
    assert [line.split(": ")[1] for line in lines] == [
        "order A-2",
        "order A-3, parcel 1",
        "order A-3, parcel 2",
    ]
    assert "Zhang" not in ran.err


def test_records_that_cannot_be_read_are_told_with_their_orders(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    """A record without a parcel and one whose id has no room are named by number and order."""
    given = orders(tmp_path, {"order_id": "A-1"}, order("A" * 90), order(7))
    ran = run("label", given, "-o", tmp_path / "labels.pdf")
    assert ran.status == 1
    assert "record 1, order A-1: " in ran.err
    assert f"record 2, order {'A' * 90}: order_id: 90 characters" in ran.err
    assert len(texts(tmp_path / "labels.pdf")) == 1


@pytest.mark.parametrize("name", ["labels.zpl", "labels.png"])
def test_the_ending_says_what_is_drawn(name: str, run: Callable[..., Any], tmp_path: Path) -> None:
    """ZPL and PNG leave an unfit label out in the same way."""
    given = orders(tmp_path, order("A-1"), order("A-2", ENDLESS))
    ran = run("label", given, "-o", tmp_path / name)
    assert ran.status == 1
    assert "order A-2: " in ran.err
    content = (tmp_path / name).read_bytes()
    assert content.startswith((b"^XA", b"\x89PNG"))
    assert content.count(b"^XZ") in (0, 1)


def test_when_no_label_can_be_drawn_the_status_says_so(run: Callable[..., Any], tmp_path: Path) -> None:
    """With nothing but unfit labels the command fails."""
    ran = run("label", orders(tmp_path, order("A-1", ENDLESS)), "-o", tmp_path / "labels.pdf")
    assert ran.status == 2
