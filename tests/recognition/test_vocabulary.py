"""A buyer's name counts where it holds a word of the patterns, and nowhere else."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockership.address import Address
from lockership.recognition import home, notes, place, postal, recognise
from lockership.recognition.extract import point_id
from lockership.recognition.vocabulary import NETWORKS, read_place, says_nothing, some_stem
from lockership.words import Kind

from . import corpus

if TYPE_CHECKING:
    from types import ModuleType

ORDINARY = (
    "Ana Lopez",
    "Wei Zhang",
    "J. P. O'Neil",
    "Mary-Ann Kim",
    "Li Na",
    "Bea Holt",
    "X",
    " Omar  Diaz ",
)
TELLING = (
    "Walgreens",
    "Kohls",
    "UPS",
    "Will Kim",
    "Dollargeneral",
    "Smart Parcel",
    "Rural Route",
    "Hold",
    "No Locker",
    "Amazn",
    "Ana Lopez c/o UPS",
    "Ana Lopez 12",
    "Ana Lopez, Unit B",
    "Núñez",
    "王伟",
    "Ana Maria de los Angeles Lopez",
    "General Delivery",
    "Poste Restante",
)


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_name_says_nothing(name: str) -> None:
    """Letters that begin no word of any pattern are a person's name and no more."""
    assert says_nothing(name)


@pytest.mark.parametrize("name", TELLING)
def test_a_name_that_may_tell_something_is_read(name: str) -> None:
    """A word of a network, a digit, another script or a line as long as a form's: all are looked at."""
    assert not says_nothing(name)


def test_every_word_of_a_phrase_tells() -> None:
    """No name with a plain word of any network's patterns is passed over."""
    words = {
        word
        for network in NETWORKS
        for phrase in network.phrases
        for word in phrase.stems.split()
        if word.isascii() and word.isalpha()
    }
    passed = {word for word in words if says_nothing(word) and some_stem().search(word)}
    assert words
    assert not passed


@pytest.mark.parametrize("module", [home, notes, place, postal])
def test_every_pattern_of_a_module_is_among_its_patterns(module: ModuleType) -> None:
    """What is compiled there is known, so that no word of it is passed over in a name."""
    used = set(re.findall(r"(?:compiled|seek|beside)\((_?[A-Z][A-Z_]+)", inspect.getsource(module)))
    texts = {name: value for name in used if isinstance(value := getattr(module, name), str)}
    missing = {name for name, text in texts.items() if not any(text in one for one in module.PATTERNS)}
    assert missing - _OF_OTHERS == set()


_OF_OTHERS = {"STREET", "STREET_NAMED", "RURAL", "_LOCKERS"}
"""Those of ``home``, and the words that are looked for within a refusal."""


@given(st.sampled_from(list(corpus.rows())), st.sampled_from(ORDINARY))
def test_an_ordinary_name_changes_no_answer(row: corpus.Row, name: str) -> None:
    """Whoever collects there, the place stays what it is, for the same reasons."""
    named, unnamed = attrs.evolve(row.address, name=name), attrs.evolve(row.address, name="")
    seen = recognise(named, row.signals)
    assert seen == recognise(unnamed, row.signals)
    assert point_id(named, seen) == point_id(unnamed, seen)


def test_names_like_short_forms_of_routes_make_no_route() -> None:
    """A person called Rr or Hc who has a PO Box has a PO Box, no box on a rural route."""
    for name in ("Rr", "Hc", "Ralph", "Maria Ramos"):
        address = Address(name=name, company="PO Box 12", city="Erie", state="PA", zip="16501")
        assert recognise(address).kind is Kind.USPS_PO_BOX


def test_a_place_is_read_without_the_name_that_says_nothing() -> None:
    """What is left out is the name alone, and the fields keep their places."""
    address = Address(name="Ana Lopez", company="UPS Access Point", street1="1 Elm St", zip="90026")
    assert read_place(address).shown == "|UPS Access Point|1 Elm St|||||90026"
    assert read_place(attrs.evolve(address, name="CVS 8421")).shown.startswith("CVS 8421|UPS")
    assert (
        read_place(attrs.evolve(address, company="UPS Access Point™")).line("company") == "UPS Access Point"
    )
