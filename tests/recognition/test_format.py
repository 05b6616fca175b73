from __future__ import annotations

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lockership.address import Address
from lockership.errors import InputError
from lockership.recognition import LAYOUTS, format_address, recognise
from lockership.recognition.fold import clean

from .corpus import rows
from .strategies import addresses

LINES = ("company", "street1", "street2", "street3")
RECEIVERS = tuple(LAYOUTS)
CORPUS = [row.address for row in rows()]


def letters(address: Address) -> list[str]:
    """Give everything that is written in the lines, whatever the order."""
    return sorted("".join(clean(getattr(address, line)) for line in LINES).replace(",", "").replace(" ", ""))


def laid_or_refused(address: Address, receiver: str) -> Address | InputError:
    """Lay out one address, or give the error."""
    try:
        return format_address(address, for_=receiver)
    except InputError as error:
        return error


def check(address: Address, receiver: str) -> None:
    """Lay out one address and hold the result against every promise."""
    layout = LAYOUTS[receiver]
    laid = laid_or_refused(address, receiver)
    if isinstance(laid, InputError):
        assert {problem.field for problem in laid.problems} <= {"name", "city", *LINES}
        assert laid.code == "too_long"
        return
    assert recognise(laid).kind == recognise(address).kind
    assert letters(laid) == letters(address)
    if layout.lines is not None:
        assert all(len(getattr(laid, line)) <= layout.lines for line in LINES[1:])
        assert len(laid.company) <= (layout.company or 0)
    assert not any(getattr(laid, line) for line in LINES[1 + layout.street_lines :])


@pytest.mark.parametrize("receiver", RECEIVERS)
def test_the_corpus_keeps_kind_and_letters(receiver: str) -> None:
    """Every labelled address stays of its kind, loses no letter, and fits its lines."""
    for address in CORPUS:
        check(address, receiver)


@given(st.sampled_from(CORPUS), st.sampled_from(RECEIVERS), st.text("abc d", max_size=30))
def test_longer_lines_keep_kind_and_letters(address: Address, receiver: str, more: str) -> None:
    """So does an address whose lines grew, or it is refused with the field and the length."""
    check(
        attrs.evolve(address, company=f"{address.company} {more}", street2=f"{more} {address.street2}"),
        receiver,
    )


@given(addresses, st.sampled_from(RECEIVERS))
def test_any_text_is_laid_out_or_refused(lines: Address, receiver: str) -> None:
    """Whatever the text, the kind stays or the field is named."""
    fields = {field.name: getattr(lines, field.name, "") for field in attrs.fields(Address)}
    assume(any(clean(fields[line]) for line in LINES))
    check(Address(**fields), receiver)


def test_the_street_stands_where_the_receiver_wants_it() -> None:
    """UPS prints line 2 above line 1, so the host goes behind the street; others read from above."""
    address = Address(company="UPS Access Point", street1="CVS 8421", street2="1250 W Sunset Blvd")
    assert format_address(address, for_="ups").street1 == "1250 W Sunset Blvd"
    assert format_address(address, for_="shippo").street1 == "CVS 8421"
    assert format_address(address, for_="label") == address


def test_too_long_a_word_is_refused_without_quoting_it() -> None:
    """The message names the field and the length, never the text."""
    with pytest.raises(InputError) as refused:
        format_address(Address(street1="9 Elm St " + "x" * 40), for_="easypost")
    assert refused.value.field == "street1"
    assert "49 characters" in str(refused.value)
    assert "xxx" not in str(refused.value)


def test_all_problems_are_told_at_once() -> None:
    """A name and a city that cannot be wrapped are both named."""
    address = Address(name="n" * 36, street1="9 Elm St", city="c" * 31)
    with pytest.raises(InputError) as refused:
        format_address(address, for_="ups")
    assert [problem.field for problem in refused.value.problems] == ["name", "city"]


def test_an_unknown_receiver_is_an_error() -> None:
    """The six receivers are a closed list."""
    with pytest.raises(KeyError):
        format_address(Address(street1="9 Elm St"), for_="dhl")
