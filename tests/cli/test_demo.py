"""``lockership demo``: the whole road, offline, with labels bought and labels on fallback."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_the_demo_shows_the_whole_road(run: Callable[..., Any], tmp_path: Path) -> None:
    """Decisions, requests, fallback labels, and labels bought once in spite of every accident."""
    ran = run("demo", "--out", tmp_path)
    told = ran.out.decode()
    assert ran.status == 0
    assert "Labels bought" in told
    assert "relabel" in told
    with (tmp_path / "bought" / "manifest.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    decisions = [json.loads(line) for line in (tmp_path / "decisions.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) == sum("error" not in decision for decision in decisions)
    bought = [row for row in rows if row["state"] == "bought"]
    assert {row["api"] for row in bought} == {"easypost", "shippo"}
    assert len({(row["api"], row["tracking_number"]) for row in bought}) == len(bought) > 10
    assert {row["state"] for row in rows} == {"bought", "fallback", "review"}
    assert all((tmp_path / "bought" / row["file"]).is_file() for row in bought)
    for name in ("labels.pdf", "bought/labels.pdf"):
        assert (tmp_path / name).read_bytes().startswith(b"%PDF-")


def test_without_sqlalchemy_the_demo_says_what_it_leaves_out(tmp_path: Path) -> None:
    """Where SQLAlchemy is not installed nothing is bought, and the demo says how to get it."""
    program = (
        "import sys; sys.modules['sqlalchemy'] = None\n"
        "from lockership.cli import main\n"
        f"raise SystemExit(main(['demo', '--out', {str(tmp_path)!r}]))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (
        "Labels bought: left out; the ledger needs SQLAlchemy: pip install 'lockership[ledger]'" in ran.stdout
    )
    assert not (tmp_path / "bought").exists()
