"""How often recognition is right, beside other detectors, and how fast: the figures of docs/accuracy.md.

    python benchmarks/accuracy.py [--without-speed]

Measured are the corpus of this project, its held-out part apart from the part that the patterns were
tuned on, and, where the folder is there, development data that others put together.  Precision and
recall carry 95 % Wilson intervals.  usaddress runs beside us when it is installed.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
import time
from collections import Counter
from functools import partial
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lockership import Address, Signals, recognise
from lockership.words import CHANNELS, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "tests" / "corpus" / "addresses.jsonl"
DEV = ROOT.parent / "shared" / "data" / "addresses_dev.jsonl"
STREETS = ROOT.parent / "shared" / "data" / "us_streets_dev.jsonl"
FIELDS = ("name", "company", "street1", "street2", "street3", "city", "state", "zip", "country")
PICKED_UP = frozenset(CHANNELS) - {Kind.USPS_PO_BOX}


class Row(NamedTuple):
    """One labelled address."""

    address: Address
    signals: Signals | None
    label: str
    ambiguous: bool
    split: str

    @property
    def line(self) -> str:
        """The address on one line, as detectors of text take it."""
        parts = (
            getattr(self.address, field) for field in ("name", "company", "street1", "street2", "street3")
        )
        return ", ".join(part for part in parts if part)


class Score(NamedTuple):
    """Right, wrongly named and missed answers for one kind."""

    hits: int
    false: int
    missed: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.hits / (2 * self.hits + self.false + self.missed) if self.hits else 0.0


def rows(file: Path) -> list[Row]:
    """Read labelled addresses, one JSON object a line."""
    found: list[Row] = []
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        signals = Signals(**row["signals"]) if "signals" in row else None
        address = Address(**{field: row.get(field) for field in FIELDS})
        found.append(Row(address, signals, row["label"], row["ambiguous"], row.get("split", "")))
    return found


def wilson(hits: int, of: int) -> str:
    """Give a share with its 95 % Wilson interval."""
    if not of:
        return "–"
    z, p = 1.96, hits / of
    middle = (p + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    return f"{p:.3f} ({max(middle - half, 0):.3f}–{middle + half:.3f})"


def score(pairs: Iterable[tuple[bool, bool]]) -> Score:
    """Count pairs of (is it, was it said)."""
    counted = Counter(pairs)
    return Score(counted[True, True], counted[False, True], counted[True, False])


def table_of_kinds(title: str, labelled: list[Row]) -> None:
    """Print precision, recall and F1 for each kind, over rows that the text can decide."""
    clear = [row for row in labelled if not row.ambiguous]
    told = [(row.label, str(recognise(row.address, row.signals).kind)) for row in clear]
    print(f"\n## {title}: {len(clear)} clear rows\n")
    print("| kind | rows | precision | recall | F1 |\n|---|---|---|---|---|")
    f1s: list[float] = []
    for kind in sorted({label for label, _ in told}):
        one = score((label == kind, said == kind) for label, said in told)
        f1s.append(one.f1)
        precision, recall = wilson(one.hits, one.hits + one.false), wilson(one.hits, one.hits + one.missed)
        print(f"| `{kind}` | {one.hits + one.missed} | {precision} | {recall} | {one.f1:.3f} |")
    right = sum(label == said for label, said in told)
    print(f"\nMacro-F1 {statistics.mean(f1s):.4f}; all kinds together right {wilson(right, len(told))}.")
    doubtful = [row for row in labelled if row.ambiguous]
    said = sum(recognise(row.address, row.signals).confidence == "possible" for row in doubtful)
    print(f"Of {len(doubtful)} rows that the text cannot decide, {said} are reported as `possible`.")


# ── other detectors: rules that are published, described by us in one line each ──────────────────

_LETTERS_BOX = re.compile(r"(?<![a-z])p[\s.]*o[\s.]*(?:b[\s.]*o?[\s.]*x?)?(?![a-z])", re.IGNORECASE)
_NAIVE = re.compile(r"locker|access point|amazon|fedex|hold|general delivery|counter", re.IGNORECASE)

PO_BOX_DETECTORS: dict[str, Callable[[str], bool]] = {
    "letters only, contains `pobox` (gumroad's rule)": lambda line: (
        "pobox" in re.sub("[^a-z]", "", line.lower())
    ),
    "bounded P, O, optional B-O-X (vita-min's newer rule)": lambda line: (
        _LETTERS_BOX.search(line) is not None
    ),
}
PICK_UP_DETECTORS: dict[str, Callable[[str], bool]] = {
    "any of seven words (naive search)": lambda line: _NAIVE.search(line) is not None,
}


def usaddress_detector() -> Callable[[str], bool] | None:
    """Give usaddress's answer to "is there a box?", or None when it is not installed."""
    try:
        import usaddress  # noqa: PLC0415 -- an optional rival, not a dependency
    except ImportError:
        return None
    return lambda line: any(tag.startswith("USPSBox") for _, tag in usaddress.parse(line))


def table_of_detectors(title: str, labelled: list[Row]) -> None:
    """Print how yes/no detectors do on the same rows; rows of signals and of other countries are left out."""
    plain = [row for row in labelled if row.signals is None and not row.address.country]
    kinds = [str(recognise(row.address).kind) for row in plain]
    print(f"\n## Beside other detectors, {title}: {len(plain)} rows\n")
    print("| question | detector | precision | recall | F1 |\n|---|---|---|---|---|")

    def line(question: str, name: str, pairs: Iterable[tuple[bool, bool]]) -> None:
        one = score(pairs)
        precision, recall = wilson(one.hits, one.hits + one.false), wilson(one.hits, one.hits + one.missed)
        print(f"| {question} | {name} | {precision} | {recall} | {one.f1:.3f} |")

    truths = [row.label == "usps.po_box" for row in plain]
    line("PO Box", "**lockership**", zip(truths, [kind == "usps.po_box" for kind in kinds], strict=True))
    detectors = dict(PO_BOX_DETECTORS)
    if box := usaddress_detector():
        detectors["usaddress: any box tag"] = box
    for name, detect in detectors.items():
        line("PO Box", name, zip(truths, [detect(row.line) for row in plain], strict=True))
    truths = [row.label in PICKED_UP for row in plain]
    line("pick-up", "**lockership**", zip(truths, [kind in PICKED_UP for kind in kinds], strict=True))
    for name, detect in PICK_UP_DETECTORS.items():
        line("pick-up", name, zip(truths, [detect(row.line) for row in plain], strict=True))


def streets() -> None:
    """Print how many real streets are taken for a pick-up point."""
    print("\n## Real US address strings\n")
    if not STREETS.is_file():
        print("Not measured: ../shared/data/us_streets_dev.jsonl is not on this machine.")
        return
    texts = [json.loads(line) for line in STREETS.read_text(encoding="utf-8").splitlines()]
    plain = [row["text"] for row in texts if not any(tag.startswith("USPSBox") for tag, _ in row["tags"])]
    taken = sum(recognise(Address(street1=text)).kind in CHANNELS for text in plain)
    share = wilson(taken, len(plain))
    print(f"Of {len(plain)} strings without a box, {taken} are taken for a pick-up channel: {share}.")
    naive = sum(_NAIVE.search(text) is not None for text in plain)
    print(f"The naive search takes {naive}.")


USADDRESS = "the plain street, by usaddress"
SPEED = {
    "plain street": Address(
        name="Jane Doe", street1="4315 Arden Way Apt 12", city="Sacramento", state="CA", zip="95864"
    ),
    "plain street, many words": Address(
        name="Maria Fernanda Gonzalez Rodriguez",
        company="Western Dental and Orthodontics",
        street1="12345 North Martin Luther King Junior Boulevard",
        street2="Building 14 Apartment 2207",
        city="North Richland Hills",
        state="Texas",
        zip="76180-1234",
    ),
    "street with a bare number": Address(
        name="Jane Doe", street1="2200 Larimer St #551", city="Denver", state="CO"
    ),
    "Amazon Locker": Address(
        company="Amazon Locker - Chive", street1="2012 E 7th St", city="Austin", state="TX"
    ),
    "UPS Access Point": Address(
        company="UPS Access Point - CVS 8421", street1="1250 W Sunset Blvd", city="LA"
    ),
    "FedEx OnSite": Address(company="FedEx OnSite", street1="Walgreens #7710", street2="1201 Market St"),
    "PO Box": Address(name="Jane Doe", street1="PO Box 12", city="Nashua", state="NH", zip="03060"),
    "one letter wrong": Address(company="UPS Acces Point", street1="15 Elm St", city="Nashua", state="NH"),
}


def microseconds(call: Callable[[], object], runs: int) -> float:
    """Give the processor time of one call."""
    start = time.thread_time()
    for _ in range(runs):
        call()
    return (time.thread_time() - start) / runs * 1e6


def speed() -> None:
    """Print what one address takes, single-threaded; all in turn, so that a busy machine slows all alike."""
    calls: dict[str, tuple[Callable[[], object], int]] = {
        name: (partial(recognise, address), 500) for name, address in SPEED.items()
    }
    if box := usaddress_detector():
        line = "Jane Doe, 4315 Arden Way Apt 12, Sacramento, CA 95864"
        calls[USADDRESS] = partial(box, line), 100
    rounds = [{name: microseconds(*call) for name, call in calls.items()} for _ in range(26)][1:]
    rival = statistics.median(taken[USADDRESS] for taken in rounds) if box else None
    print("\n## Speed: processor time, one thread\n")
    print("| address | median | usaddress takes |\n|---|---|---|")
    for name in calls:
        median = statistics.median(taken[name] for taken in rounds)
        share = f"{rival / median:.1f} times as long" if rival else "–"
        print(f"| {name} | {median:.1f} µs | {share} |")


def main() -> None:
    """Print all tables as Markdown."""
    corpus = rows(CORPUS)
    table_of_kinds("In-sample (corpus, tuned on)", [row for row in corpus if row.split == "tune"])
    table_of_kinds("Out-of-sample (corpus, held out)", [row for row in corpus if row.split == "held_out"])
    table_of_detectors("our corpus", corpus)
    if DEV.is_file():
        table_of_kinds("Development data of others", rows(DEV))
        table_of_detectors("development data of others", rows(DEV))
    else:
        print("\n## Development data of others\n")
        print("Not measured: ../shared/data/addresses_dev.jsonl is not on this machine.")
    streets()
    if usaddress_detector() is None:
        print("\nusaddress is not installed: it is left out.")
    if "--without-speed" not in sys.argv[1:]:
        speed()


if __name__ == "__main__":
    main()
