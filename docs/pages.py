"""Writes the pages that are made from the program: the networks' rules, and the names of columns.

``python docs/pages.py`` writes them anew; a test fails while a committed page differs.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from lockership.columns import CARRIER_WORDS, HOME_PREFIXES, NAMES, TRAIT_WORDS, UNIT_WORDS
from lockership.networks import NETWORKS
from lockership.rulebook import Row, rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lockership.rules import Channel, Network

__all__ = ["pages"]

HERE = Path(__file__).parent

_MADE = "This page is made from {what} by `python docs/pages.py`: change those, not the page."
_CHAPTER = {"amazon": "amazon-hub"}
"""Where a network's chapter of rule-sources.md has another name than its own."""


def pages() -> dict[str, str]:
    """Give every page by its path within docs."""
    made = {f"networks/{network.slug}.md": _network(network) for network in NETWORKS}
    return made | {"columns.md": _columns()}


# --- networks ----------------------------------------------------------------------------------------


def _network(network: Network) -> str:
    told = list(rows())
    parts = [f"# {network.name}", _introduction(network.slug), _MADE.format(what="the rules")]
    for channel in network.channels:
        parts += [f"## {channel.name}", _about(channel)]
        if found := [row for row in told if row.subject == channel.kind]:
            parts.append(_table(found))
        else:
            parts.append("No rule of the network's own could be read; the carrier's limits hold.")
    if network.carrier is not None:
        parts += [f"## {_carrier_name(network)} itself", "Holds wherever the parcel goes, a home too."]
        parts.append(_table([row for row in told if row.subject == f"carrier.{network.carrier.carrier}"]))
    if network.slug == "usps":
        parts += ["## Military addresses", "APO, FPO and DPO are reached by one carrier alone."]
        parts.append(_table([row for row in told if row.subject == "military"]))
    chapter = _CHAPTER.get(network.slug, network.slug)
    parts.append(
        "What contradicts these figures, and what would settle it, stands in "
        f"[Where the rules come from](../rule-sources.md#{chapter})."
    )
    return "\n\n".join(parts) + "\n"


def _introduction(slug: str) -> str:
    """Take what the network's module says of itself, without its list of links."""
    words = (import_module(f"lockership.networks.{slug}").__doc__ or "").partition("More information:")[0]
    title, _, rest = words.strip().partition("\n\n")
    return f"{title}\n\n{rest.strip()}".strip()


def _carrier_name(network: Network) -> str:
    return {"ups": "UPS", "fedex": "FedEx", "usps": "USPS"}[network.slug]


def _about(channel: Channel) -> str:
    watched = "nobody watches it, so the house's rules for lockers hold" if channel.unattended else "staffed"
    return (
        f"Kind `{channel.kind}`, in Chinese {channel.name_zh}; {watched}. "
        f"Brought there by {', '.join(channel.carriers)}; asked for as `{channel.asked.value}`."
    )


def _table(found: Iterable[Row]) -> str:
    head = ["| rule | figure | sure | source | read on | what the source says |", "|---|---|---|---|---|---|"]
    return "\n".join(head + [_line(row) for row in found])


def _line(row: Row) -> str:
    sources = [_link(row.source, row.url), *(_link(also.source, also.url) for also in row.also)]
    says = row.says.replace("|", r"\|")
    cells = (row.rule, _figure(row), row.sure, ", also ".join(sources), row.read_on.isoformat(), says)
    return f"| {' | '.join(cells)} |".replace("  |", " |")


def _link(code: str, url: str | None) -> str:
    return code if url is None else f"[{code}]({url})"


def _figure(row: Row) -> str:
    bound = {True: "at most ", False: "under ", None: ""}[row.inclusive] if row.rule != "hold" else ""
    value = row.value.replace("|", ", ")
    if row.rule == "max_sides":
        value = "each location's own" if value == "per_location" else value.replace("x", " x ")
        bound = "" if row.value == "per_location" else bound
    unit = "" if row.value == "per_location" else row.unit.replace("day", "days")
    services = f", for {', '.join(row.services)}" if row.services else ""
    days = "".join(
        f", {word} {day.isoformat()}" for word, day in (("from", row.since), ("before", row.until)) if day
    )
    turned = ", turned any way" if row.rule == "max_sides" and unit else ""
    return f"{bound}{value} {unit}".strip() + turned + services + days


# --- columns -----------------------------------------------------------------------------------------


_ABOUT_COLUMNS = """\
What a CSV or flat Parquet file may call its columns. Names are compared without case, blanks and
`_ - . / ( ) * :`; full-width letters are the same as others. A unit in brackets, as in `重量(kg)` or
`Length (in)`, is the unit of that column. Columns that are not here are passed over and told."""

_ABOUT_TRAITS = """\
Several stand in one cell, parted by `;`, `,`, `|`, `/` or the Chinese marks `、` `，` `；`. They are compared
without case, blanks and marks. `普货`, `普通`, `无`, `general` and `none` are no trait."""


def _columns() -> str:
    parts = [
        "# Column names",
        _ABOUT_COLUMNS,
        _MADE.format(what="`lockership.columns`"),
        "## Fields",
        _names({path: names for path, names in NAMES.items() if not path.startswith("home.")}),
        "## The home address",
        "The same names as for `ship_to`, with one of these in front: "
        + ", ".join(f"`{prefix.strip()}`" for prefix in HOME_PREFIXES)
        + "; or the path itself: "
        + ", ".join(f"`{path}`" for path in NAMES if path.startswith("home."))
        + ".",
        "## Units",
        _words(UNIT_WORDS),
        "## Traits",
        _ABOUT_TRAITS,
        _words(TRAIT_WORDS),
        "## Carriers in Chinese",
        _words(CARRIER_WORDS),
    ]
    return "\n\n".join(parts) + "\n"


def _names(names: Mapping[str, tuple[str, ...]]) -> str:
    lines = ["| field of the order JSON | names |", "|---|---|"]
    for path, told in names.items():
        others = ", ".join(dict.fromkeys(name for name in told if name != path))
        lines.append(f"| `{path}` | {others or 'its path alone'} |")
    return "\n".join(lines)


def _words(words: Mapping[str, str]) -> str:
    meanings: dict[str, list[str]] = {}
    for word, meaning in words.items():
        meanings.setdefault(str(meaning), []).append(word)
    head = ["| means | words |", "|---|---|"]
    return "\n".join(head + [f"| `{meaning}` | {', '.join(told)} |" for meaning, told in meanings.items()])


if __name__ == "__main__":
    for path, text in pages().items():
        (HERE / path).parent.mkdir(exist_ok=True)
        (HERE / path).write_text(text, "utf-8")
