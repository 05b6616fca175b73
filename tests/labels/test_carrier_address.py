"""Letters, names, telephones and states as carriers take them."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockership.address import Address
from lockership.errors import MissingDependency, Problem
from lockership.labels.carrier_address import (
    Form,
    Phone,
    email_of,
    first_and_last,
    lay_out,
    phone_of,
    romanised,
    state_code,
    street_first,
    without_company,
)

ASCII = Form("usps", rows=2, width=50, city=28, email=50, letters="ascii")


@given(st.text(max_size=60), st.sampled_from(["ascii", "latin-1"]))
def test_what_is_romanised_can_be_printed(text: str, letters: str) -> None:
    """Every text comes out in letters that the carrier prints, and printable text stays as it is."""
    written, _ = romanised(text, letters)
    written.encode(letters)
    assert romanised(written, letters) == (written, 0)
    if text.isascii():
        assert (written, 0) == romanised(text, letters)


@given(
    st.text(
        st.characters(categories=["Lo"], min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=30
    )
)
def test_no_chinese_character_is_lost(text: str) -> None:
    """Each Han character becomes a word of its own, so names can be parted and lines wrapped."""
    written, lost = romanised(text)
    assert lost == 0
    assert len(written.split()) == len(text)


def test_a_character_without_a_form_is_told() -> None:
    """A character that nobody can write in Latin letters is a problem with its field, not a gap."""
    problems: list[Problem] = []
    address = Address(name="\ue000 Wei", street1="12 Elm St", city="Austin", state="TX", zip="78702")
    lay_out(address, problems, ASCII, of="ship_to")
    assert [(one.field, one.message) for one in problems] == [
        ("ship_to.name", "1 characters have no form in the letters that usps prints")
    ]


def test_romanising_without_its_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only an address that needs it asks for the package, and says the command."""
    monkeypatch.setitem(sys.modules, "anyascii", None)
    assert romanised("Zhang Wei") == ("Zhang Wei", 0)
    with pytest.raises(MissingDependency, match=r"lockership\[carriers\]") as caught:
        romanised("李小明")
    assert "李" not in str(caught.value)


def test_a_text_that_grows_too_long_is_an_error() -> None:
    """Romanised, a field may pass what a field may have; that is told with the field."""
    problems: list[Problem] = []
    long = Address(name="Wei", street1="永" * 900, city="Austin", state="TX", zip="78702")
    lay_out(long, problems, ASCII, of="ship_to")
    assert {problem.field for problem in problems} == {"ship_to.street1"}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"city": "Llanfairpwllgwyngyllgogerychwyrn"}, "ship_to.city"),
        ({"state": "Ontario"}, "ship_to.state"),
        ({"country": "CA", "state": "ON", "zip": "K1A"}, "ship_to.country"),
    ],
)
def test_what_does_not_fit_is_told(fields: dict[str, str], field: str) -> None:
    """Long cities, unknown states and other countries are told by field, without their text."""
    problems: list[Problem] = []
    values: dict[str, Any] = {
        "street1": "12 Elm St",
        "city": "Austin",
        "state": "TX",
        "zip": "78702",
        **fields,
    }
    lay_out(Address(name="Wei", **values), problems, ASCII, of="ship_to")
    assert field in {problem.field for problem in problems}
    assert not any(
        text in problem.message for text in fields.values() for problem in problems if len(text) > 4
    )


@pytest.mark.parametrize("territories", [True, False])
@pytest.mark.parametrize(
    "written", [{"state": "PR"}, {"country": "PR"}, {"state": "Puerto Rico", "country": "US"}]
)
def test_territories_are_states_or_countries(territories: bool, written: dict[str, str]) -> None:  # noqa: FBT001 - both are tested
    """Puerto Rico is a state to one carrier and a country to another, however it was written."""
    problems: list[Problem] = []
    form = Form("ups", rows=3, width=35, city=30, email=50, letters="latin-1", territories=territories)
    address = Address(name="Ana", street1="12 Calle Luna", city="San Juan", zip="00901", **written)
    lines = lay_out(address, problems, form, of="ship_to")
    assert problems == []
    assert (lines.state, lines.country) == ("PR", "PR" if territories else "US")


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("3235550142", Phone("3235550142")),
        ("1 (323) 555-0142", Phone("3235550142")),
        ("+1 323.555.0142", Phone("3235550142")),
        ("３２３－５５５－０１４２", Phone("3235550142")),
        ("323-555-0142 ext. 12345", Phone("3235550142", "12345")),
        ("323-555-0142x9", Phone("3235550142", "9")),
        ("+44 20 7946 0958", None),
        ("+32 35 55 01 42 3", None),
        ("+3235550142", None),
        ("+86 138 0013 8000", None),
        ("13235550", None),
        ("0235550142", None),
        ("call 3235550142", None),
        ("", None),
    ],
)
def test_telephones_are_read_or_refused(text: str, phone: Phone | None) -> None:
    """American numbers are read in every spelling; a foreign one is never made an American one."""
    assert phone_of(text) == phone


@given(st.text(max_size=40))
def test_a_telephone_is_ten_digits_or_none(text: str) -> None:
    """No text becomes anything but ten digits with an extension of digits."""
    phone = phone_of(text)
    if phone is not None:
        assert len(phone.number) == 10
        assert (phone.number + phone.extension).isdigit()
        assert (phone.number + phone.extension).isascii()


@pytest.mark.parametrize(
    ("email", "taken"),
    [
        ("zhang.wei+1@mail.shop.example", True),
        ("zhang wei@shop.example", False),
        ("zhang@localhost", False),
        ("李@shop.example", False),
        (f"{'a' * 50}@shop.example", False),
    ],
)
def test_emails_are_taken_or_not(email: str, taken: bool) -> None:  # noqa: FBT001 - what is expected
    """An address of e-mail is taken whole or not at all."""
    assert email_of(email, ASCII) == (email if taken else "")


def test_every_state_has_two_letters() -> None:
    """Names, letters, dots and blanks lead to the same two letters."""
    for text in ("NC", "nc", " n.c. ", "North Carolina", "NORTH  CAROLINA"):
        assert state_code(text) == "NC"
    assert state_code("Armed Forces Pacific") == "AP"
    assert state_code("N") == ""


@given(
    st.lists(st.sampled_from(["12 Elm St", "#5", "X#12/0/ST", "Apt 5,", "Lobby", "1 W Lake St", "北京路"]))
)
def test_parting_a_street_never_breaks_a_word(words: list[str]) -> None:
    """The lines may change places and lose commas, but every word stays whole."""
    lines = [" ".join(words[n::3]) for n in range(3)]
    written = Address(company="-", street1=lines[0], street2=lines[1], street3=lines[2])
    found = street_first(written)
    kept = f"{found.street1} {found.street2} {found.street3}"
    assert sorted(kept.replace(",", " ").split()) == sorted(" ".join(lines).replace(",", " ").split())


def test_a_place_that_is_the_only_line_stays() -> None:
    """The company is left out only where a street remains."""
    only = Address(company="FedEx Office, 350 5th Ave")
    assert without_company(only) == only
    both = Address(company="FedEx Office", street1="350 5th Ave")
    assert without_company(both).company == ""


def test_names_are_parted_before_the_last_word() -> None:
    """The last word is the last name; one word has no first name."""
    assert first_and_last("Ana María Núñez") == ("Ana María", "Núñez")
    assert first_and_last("") == ("", "")
