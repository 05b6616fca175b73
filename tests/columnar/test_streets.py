"""The scan for plain streets never lets out an address that is more than that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lockership.columnar.streets import (
    EVIDENCE,
    bare_numbers,
    may_be_more,
    own_words,
    starts_with_number,
)
from lockership.recognition import Recognition, recognise
from lockership.recognition.own import recognise_own
from lockership.recognition.place import is_covered
from lockership.recognition.vocabulary import stems
from lockership.testing.places import FORMS
from lockership.words import Confidence, Kind

from ..recognition import corpus, strategies  # noqa: TID252 - tests are no package that could be named
from ..test_own_network import LOBBY  # noqa: TID252 - as above

if TYPE_CHECKING:
    from collections.abc import Callable

    from lockership.address import Address

ROWS = list(corpus.rows())


def let_out(addresses: list[Address]) -> list[bool]:
    """Ask the scan about addresses, as columns; check what it lets out against ``recognise()``."""
    columns = [
        pa.array([getattr(address, name) or None for address in addresses], pa.string()) for name in EVIDENCE
    ]
    plain = [not more for more in may_be_more(columns).tolist()]
    doubtful, of_a_unit = (told.tolist() for told in bare_numbers(columns))
    numbered = starts_with_number(columns[EVIDENCE.index("street1")]).to_pylist()
    for place, address in enumerate(addresses):
        if plain[place] or of_a_unit[place] or doubtful[place]:
            seen = recognise(address)
            sure = Confidence.CERTAIN if numbered[place] else Confidence.LIKELY
            sure = Confidence.POSSIBLE if doubtful[place] else sure
            assert (seen.kind, seen.confidence) == (Kind.STREET, sure), address
            assert (seen.signal_conflict, seen.locker_declined) == (False, False), address
            assert plain[place] + doubtful[place] + of_a_unit[place] == 1
    return plain


def test_the_corpus_loses_nothing() -> None:
    """Of the corpus no pick-up point is let out, and most plain streets are."""
    inland = [row for row in ROWS if row.signals is None and is_covered(row.address.country)]
    plain = let_out([row.address for row in inland])
    streets = [out for row, out in zip(inland, plain, strict=True) if row.provenance.startswith("usaddress")]
    assert {row.label for row, out in zip(inland, plain, strict=True) if out} <= {"street"}
    assert len(streets) == 0 or sum(streets) > len(streets) / 2


def test_ordinary_streets_are_let_out() -> None:
    """A street, with a unit or a firm, does not have to be recognised on its own."""
    lines = ("12 Elm St", "1250 W Sunset Blvd", "Elm St 12", "88 Maple Ave, Apt 4B", "9 N 4th Ave - Rear")
    assert (
        let_out([strategies.address(street1=line, city="Nashua", state="NH") for line in lines]) == [True] * 5
    )


def _spoilt(text: str, marks: list[tuple[int, str]]) -> str:
    for number, mark in marks:
        place = number % (len(text) + 1)
        text = text[:place] + mark + text[place:]
    return text


marks = st.lists(
    st.tuples(
        st.integers(0, 200),
        st.sampled_from([*" -._/'\"()*&@;:!?+=\t\n\0", "  ", "|", ",", "#", "é", "\u200b"]),
    ),
    max_size=4,
)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([row.address for row in ROWS if is_covered(row.address.country)]),
            st.sampled_from(EVIDENCE),
            marks,
            st.booleans(),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_spoilt_addresses_lose_nothing(
    spoilt: list[tuple[Address, str, list[tuple[int, str]], bool]],
) -> None:
    """Addresses of the corpus with blanks, marks, letters in other cases in any place are never lost."""
    addresses: list[Address] = []
    for address, name, where, upper in spoilt:
        lines = {field: getattr(address, field) for field in EVIDENCE}
        lines[name] = _spoilt(lines[name], where)
        if upper:
            lines = {field: text.swapcase() for field, text in lines.items()}
        addresses.append(strategies.address(**lines))
    let_out(addresses)


PIECES = (
    *("12", "7", "4B", "#", "#4", "apt#", ",", ".", "-", "|", "&", " ", "  "),
    *("Apt", "Ste", "No", "not", "Box", "B", "Elm", "Maple", "St", "Ave", "NW", "Next"),
    *("Lockr", "Amazn", "Locke", "12 Elm St", "the old mill of the upper valley"),
)
numbered_lines = st.builds(
    str.join, st.sampled_from([" ", "", "  "]), st.lists(st.sampled_from(PIECES), max_size=7)
)


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(EVIDENCE[:6], numbered_lines)), min_size=1, max_size=12))
@example([{"street1": "12 Elm St #4"}, {"street1": "12 Elm St", "street2": "#4"}])
@example([{"street1": "12 Elm St Apt #4"}, {"street1": "12 Elm St Apt  #4"}, {"street1": "12 Elm St#4"}])
@example([{"street1": "#4"}, {"company": "#4"}, {"street1": "12 Elm St, #4, Rear"}, {"zip": "# 4"}])
@example([{"street1": "12 of the old mills of the valley #4"}, {"street1": "12 St. Anne St #4"}])
@example([{"street1": "12 Elm St #4", "street2": "amazonlock"}, {"street1": "12 Elm St. #4"}])
def test_numbers_behind_a_hash_lose_nothing(lines: list[dict[str, str]]) -> None:
    """What is said of a number behind ``#`` by column is what ``recognise()`` says, or nothing."""
    let_out([strategies.address(**given_lines) for given_lines in lines])


def test_numbers_of_units_and_of_nothing_are_told_by_column() -> None:
    """The forms that occur most need no reading of their own."""
    lines = ("12 Elm St #4", "12 Elm St Apt #4", "12 Elm St Apt#4", "12 St. Anne St # 4B", "12 N 5th Ave #4")
    columns = [pa.array(lines if name == "street1" else [""] * len(lines)) for name in EVIDENCE]
    doubtful, of_a_unit = bare_numbers(columns)
    assert doubtful.tolist() == [True, False, False, True, True]
    assert of_a_unit.tolist() == [False, True, True, False, False]
    columns = [pa.array({"street1": ["12 Elm St"], "street2": ["# 4B"]}.get(name, [""])) for name in EVIDENCE]
    assert [told.tolist() for told in bare_numbers(columns)] == [[True], [False]]


WITHOUT_SURROGATES = strategies.text.map(lambda text: text.encode("utf-8", "ignore").decode())


@given(
    st.lists(
        st.fixed_dictionaries(
            dict.fromkeys(EVIDENCE, WITHOUT_SURROGATES | st.text("a pobx#1-.|&", max_size=12))
        ),
        min_size=1,
        max_size=10,
    )
)
@example([{"street1": "1 Elm St", "zip": "9 0 9 0"}])
@example([{"street1": "b.o.x 12"}])
@example([{"street1": "1 Elm St", "state": "A.E", "zip": "0-9-012"}])
@example([{"street1": "1 Elm St", "city": "A P O"}])
@example([{"street1": "p\u00f6 box 1"}])
@example([{"street1": "1 Elm St &num;4"}])
def test_any_text_loses_nothing(lines: list[dict[str, str]]) -> None:
    """Whatever is written in an address: what is let out is a plain street, as sure as the scan says."""
    let_out([strategies.address(**given_lines) for given_lines in lines])


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.STREET])
@pytest.mark.parametrize("between", ["", " ", "-", ". ", "_"])
def test_no_spelling_of_another_kind_is_let_out(kind: Kind, between: str) -> None:
    """Each form of each kind is kept back, in any case, also with marks between its letters."""
    addresses: list[Address] = []
    for form in FORMS[kind]:
        lines = {name: text.format(street="12 Elm St", n="777") for name, text in form.items()}
        for changed in (lines, {name: between.join(text.upper()) for name, text in lines.items()}):
            addresses += [strategies.address(**changed)]
    plain = let_out(addresses)
    assert not any(plain[::2])


SPELLINGS = ("Lobby Locker", "A,B", "Café Box #2", "大堂柜", "x-9", "  ", "U.N.I.T.")


@given(
    st.sampled_from(SPELLINGS),
    st.sampled_from([str.upper, str.lower, str.title]),
    st.sampled_from([" ", "  ", "-", ". ", "_", "'"]),
    st.sampled_from(EVIDENCE),
    st.sampled_from(["", "12 ", "(", "no "]),
)
@example("Café Box #2", str.lower, " ", "company", "")
def test_the_words_of_networks_of_ones_own_keep_a_row_back(
    spelling: str, case: Callable[[str], str], between: str, field: str, before: str
) -> None:
    """Wherever such a network is found one by one, its row is looked at closely."""
    text = before + case(between.join(spelling.split(" ")))
    address = strategies.address(**({"street1": "12 Elm St"} | {field: text}))
    channel = attrs.evolve(LOBBY.channels[0], spellings=SPELLINGS)
    seen = recognise_own(address, (channel,), Recognition(Kind.STREET))
    columns = [pa.array([getattr(address, name)]) for name in EVIDENCE]
    (kept,) = may_be_more(columns, own_words(SPELLINGS)).tolist()
    assert kept or seen.kind != "lobby.locker"


def test_words_that_are_nobodys_let_a_row_out() -> None:
    """Networks of one's own do not make every row one to be looked at closely."""
    columns = [pa.array(["12 Elm St" if name == "street1" else ""]) for name in EVIDENCE]
    assert may_be_more(columns, own_words(SPELLINGS)).tolist() == [False]
    assert own_words(["大堂柜", " "]) == ""


def test_a_line_with_the_mark_between_lines_is_kept_back() -> None:
    """``|`` parts the lines of an address, so a buyer's own one is shown to ``recognise()``."""
    assert (
        let_out([strategies.address(street1="1 Elm St | Rear"), strategies.address(street1="|")])
        == [False] * 2
    )


def test_every_stem_keeps_a_row_back() -> None:
    """Of the plain words among the stems each one is enough."""
    words = [stem for stem in stems().split() if stem.isalpha() and stem.isascii()]
    assert len(words) > 10
    addresses = [strategies.address(street1=" ".join(word).upper()) for word in words]
    assert not any(let_out(addresses))


@pytest.mark.parametrize(
    ("street1", "number"),
    [("12 Elm", True), ("  12 Elm", True), ("Elm 12", False), ("", False), (None, False)],
)
def test_a_street_that_begins_with_a_number_is_certain(street1: str | None, number: bool) -> None:  # noqa: FBT001
    """A house number in front, blanks or not, makes a plain street certain."""
    assert starts_with_number(pa.array([street1], pa.string())).to_pylist() == [number]
