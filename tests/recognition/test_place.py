from __future__ import annotations

import pytest
from hypothesis import given

from lockership.address import Address
from lockership.recognition import recognise
from lockership.recognition.place import is_covered
from lockership.words import Kind

from .strategies import text

COVERED = [
    "", " ", "US", "us", "USA", "U.S.A.",
    "United States", "united states of america", "The United States", "美国", "美國", "PR",
    "Puerto Rico", "VI", "U.S. Virgin Islands", "GU", "Guam", "AS",
    "MP", "UM", "PR - Puerto Rico", "EE.UU.",
]  # fmt: skip


@pytest.mark.parametrize("country", COVERED)
def test_the_united_states_and_their_territories_are_covered(country: str) -> None:
    """In any case and spelling; an absent country means the United States."""
    assert is_covered(country)


@pytest.mark.parametrize("country", ["CA", "Canada", "MX", "CN", "中国", "UK", "DE", "FM", "Usania"])
def test_other_countries_are_not_covered(country: str) -> None:
    """Kind street and country_covered False, with the country as evidence."""
    seen = recognise(Address(street1="PO Box 4", country=country))
    assert (seen.kind, seen.country_covered) == (Kind.STREET, False)
    assert seen.evidence[0].field == "country"


@given(text)
def test_any_country_gets_an_answer(country: str) -> None:
    """Hostile text in the country raises nothing, a megabyte of it neither."""
    assert isinstance(is_covered(country), bool)
    assert not is_covered("us" * 500_000)


@pytest.mark.parametrize(
    "zip_code", ["34002", "09012", "09899", "96201", "96699", "09012-1234", "9012", "090121234"]
)
def test_the_zip_decides_what_is_military(zip_code: str) -> None:
    """340, 090 to 098 and 962 to 966, also when city and state name the host country."""
    assert recognise(Address(street1="Unit 1", city="Ramstein", zip=zip_code)).kind is Kind.MILITARY


@pytest.mark.parametrize("zip_code", ["34102", "08999", "09900", "96101", "96701", "", "12345", "1234"])
def test_other_zips_are_not_military(zip_code: str) -> None:
    """The neighbours of the military ranges are ordinary places."""
    assert recognise(Address(street1="1 Elm St", city="Ramstein", zip=zip_code)).kind is Kind.STREET


@pytest.mark.parametrize(
    "fields",
    [
        {"city": "APO", "state": "AE"},
        {"city": "fpo ap"},
        {"city": "D.P.O."},
        {"city": "Seoul", "state": "AP"},
        {"state": "Armed Forces Pacific"},
        {"street2": "APO AE 09012"},
    ],
)
def test_city_state_and_lines_name_the_military(fields: dict[str, str]) -> None:
    """APO, FPO, DPO and AA, AE, AP, dotted or spelled out."""
    assert recognise(Address(street1="PSC 3 Box 1", **fields)).kind is Kind.MILITARY


@pytest.mark.parametrize(
    "fields",
    [
        {"street1": "12 Apo Dr", "city": "Hilo", "state": "HI"},
        {"street1": "9 Army Post Office Rd", "city": "Reno", "state": "NV"},
        {"street1": "Bldg 4", "city": "Fort Bragg", "state": "NC", "zip": "28310"},
        {"street1": "1 Elm St", "name": "Apo Santos", "city": "Napa", "state": "CA"},
    ],
)
def test_look_alikes_are_not_military(fields: dict[str, str]) -> None:
    """Streets, names and bases at home are ordinary addresses."""
    assert recognise(Address(**fields)).kind is Kind.STREET
