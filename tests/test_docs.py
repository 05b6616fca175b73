"""The documentation says what the program does."""

from __future__ import annotations

import doctest
import importlib.util
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from lockership import Policy
from lockership.cli.words import routed
from lockership.errors import InputError
from lockership.explain import LANGUAGES
from lockership.inbound import read_order
from lockership.policy import _READERS
from lockership.words import Confidence, Kind, Note, RefusalCode, RemedyCode, Route, Trait

DOCS = Path(__file__).parents[1] / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md") if not {"api", "_build"} & set(path.parts))
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[\w-]+)?\)")


def name_of(path: Path) -> str:
    """Name a page by its path within docs."""
    return path.relative_to(DOCS).as_posix()


def blocks(page: str, language: str) -> list[str]:
    """Give the blocks of a page that are written in a language."""
    text = (DOCS / page).read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """Return the pages that are made from the program, as docs/pages.py makes them now."""
    spec = importlib.util.spec_from_file_location("docs_pages", DOCS / "pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    pages: dict[str, str] = module.pages()
    return pages


TAUGHT = [path for path in PAGES if ">>> " in path.read_text("utf-8") and path.name != "testing.md"]
"""Pages with examples; docs/testing.md stands in tests/test_testing.py."""


@pytest.mark.parametrize("page", TAUGHT, ids=name_of)
def test_the_examples_of_a_page_run(page: Path) -> None:
    """Every example prints what the page says."""
    failed, tried = doctest.testfile(str(page), module_relative=False, optionflags=doctest.ELLIPSIS)
    assert tried > 0
    assert failed == 0


def test_pages_that_are_made_are_committed(made: dict[str, str], golden: Any) -> None:
    """The networks' pages and the list of columns are what rules and columns say."""
    committed = golden._replace(folder=DOCS)
    for name, text in made.items():
        committed.check(name, text)
    assert {path.name for path in (DOCS / "networks").iterdir()} == {Path(name).name for name in made} - {
        "columns.md"
    }


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_within_the_docs_leads_somewhere(page: Path) -> None:
    """Links to other pages and files of the docs lead to files that are there."""
    links = [link for link in LINK.findall(page.read_text("utf-8")) if "://" not in link]
    assert [link for link in links if not (page.parent / link).is_file()] == []


def test_every_page_is_in_the_index() -> None:
    """Each page stands in a table of contents, by its name or by a pattern."""
    named = [line for block in blocks("index.md", "{toctree}") for line in block.splitlines()]
    listed = {name_of(path) for entry in named if entry[:1].isalpha() for path in DOCS.glob(f"{entry}.md")}
    assert {name_of(page) for page in PAGES} - listed == {"index.md"}


def test_the_decisions_page_tells_every_word() -> None:
    """Each kind, route, code, note and trait that a decision may hold stands on its page."""
    text = (DOCS / "decision.md").read_text("utf-8")
    words = [*Kind, *Route, *Confidence, *RefusalCode, *RemedyCode, *Note, *Trait]
    codes = (Path(__file__).parents[1] / "docs/schema/error.schema.json").read_text("utf-8")
    words += json.loads(codes)["properties"]["error"]["properties"]["code"]["enum"]
    assert [str(word) for word in words if f"`{word}`" not in text] == []


def test_the_glossary_tells_every_trait_and_route() -> None:
    """The words of the decision stand in the glossary in each language that the program speaks."""
    text = (DOCS / "glossary.md").read_text("utf-8")
    assert [trait for trait in Trait if trait.replace("_", " ") not in text] == []
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {row.count("|") - 2 for row in rows} == {len(LANGUAGES)}


def test_the_orders_of_the_docs_are_lawful() -> None:
    """Every order that a page shows is read and decided."""
    shown = blocks("order-format.md", "json") + blocks("getting-started.md", "json")
    assert len(shown) >= 3
    for text in shown:
        order = read_order(text)
        assert all(place is None or decision for place, decision in routed(order))
        assert not any(isinstance(parcel, InputError) for parcel in order.parcels)


def test_the_policy_of_the_docs_is_a_policy(tmp_path: Path) -> None:
    """The TOML example is read as it stands, and uses every key."""
    [text] = blocks("policy.md", "toml")
    path = tmp_path / "house.toml"
    path.write_text(text, "utf-8")
    policy = Policy.from_file(path)
    assert policy.max_weight is None
    assert [limits.kind for limits in policy.stricter] == ["ups.access_point", "fedex.onsite"]
    page = (DOCS / "policy.md").read_text("utf-8")
    assert set(tomllib.loads(text)) <= set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))


def test_the_policys_defaults_are_as_told() -> None:
    """The table of defaults says what ``Policy()`` holds."""
    page = (DOCS / "policy.md").read_text("utf-8")
    told = dict(re.findall(r"^\| `(\w+)` \| ([^|]+?) \|", page, re.MULTILINE))
    policy = Policy()
    assert set(told) == set(_READERS)
    assert policy.max_longest is not None
    assert policy.max_weight is not None
    assert told == {
        "unattended_refuses": _quoted(policy.unattended_refuses),
        "pickup_refuses": _quoted(policy.pickup_refuses),
        "pickup_refuses_except": _quoted(policy.pickup_refuses_except),
        "max_longest": f"`{policy.max_longest.text('in')}`",
        "max_weight": f"`{policy.max_weight.text('lb')}`",
        "amazon_carriers": "none",
        "stricter": "none",
    }


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words)
