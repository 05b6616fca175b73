from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from lockership.recognition.fold import FIELDS, clean, fold, joined, letters, read

from .strategies import address, addresses, text

if TYPE_CHECKING:
    from lockership.address import Address


@given(addresses)
def test_shown_and_folded_keep_step(lines: Address) -> None:
    """Both strings have the same length and the same number of fields, whatever the text."""
    prepared = read(lines)
    assert len(prepared.shown) == len(prepared.folded)
    assert prepared.folded.count("|") == prepared.shown.count("|") == len(FIELDS) - 1


@given(text)
def test_shown_text_is_fit_to_print(line: str) -> None:
    """No control, invisible or unpaired character is left, no double blank, no field mark."""
    shown = clean(line)
    assert shown.isprintable()
    assert "  " not in shown
    assert "|" not in shown


@given(text)
def test_cleaning_twice_changes_nothing_more(line: str) -> None:
    """What is clean stays as it is, unless it spells an entity or a mark anew."""
    once = clean(line)
    if "&" not in once and "(" not in once and "<" not in once:
        assert clean(once) == once


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Access Point™CVS", "access point cvs"),
        ("Access Point&trade; CVS", "access point cvs"),
        ("ＵＰＳ　Ａ", "ups a"),
        ("Locker\u200b–\u00a0Fern", "locker  fern"),
        ("P.O. Box", "p o  box"),
        ("Buzón", "buzon"),
        ("郵政信箱", "邮政信箱"),
        ("a\nb", "a, b"),
    ],
)
def test_spellings_fold_to_one(written: str, folded: str) -> None:
    """Marks, entities, full width, accents and line breaks are gone before a pattern looks."""
    assert " ".join(fold(written).split()) == " ".join(folded.split())


@given(addresses)
def test_the_short_way_to_the_letters_is_the_same(lines: Address) -> None:
    """Where no cleaning is needed, the letters come out as by the long way."""
    shown = joined(lines)
    assert shown is None or letters(shown) == read(lines).letters


def test_a_found_place_is_named_and_quoted() -> None:
    """The field and the buyer's words come from the place in the text."""
    prepared = read(address(company="AMAZON-Locker", street1="1 Elm St"))
    at = prepared.folded.index("amazon")
    assert prepared.quote(at, at + len("amazon locker")) == ("company", "AMAZON-Locker")


def test_only_full_lines_are_glued() -> None:
    """A short line ends where its writer wanted it to."""
    assert read(address(street1="Amazon Lo", street2="cker")).glued() is None
    glued = read(address(street1="Giant Eagle Supermarket Amazon Lo", street2="cker")).glued()
    assert glued is not None
    assert "amazon locker" in glued.folded
