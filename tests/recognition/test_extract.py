from __future__ import annotations

import pytest
from hypothesis import given

from lockership.address import Address
from lockership.recognition import Extract, extract, recognise

from .corpus import rows
from .strategies import addresses

CASES = [
    (
        {"name": "Mia Ray", "company": "Amazon Hub Locker - Oregano", "street1": "1 W Lake St"},
        Extract(buyer="Mia Ray", point_name="Amazon Hub Locker - Oregano", street1="1 W Lake St"),
    ),
    (
        {
            "name": "Mia c/o UPS Access Point",
            "street1": "CVS 8421",
            "street2": "1 W Lake St",
            "street3": "U12345678",
        },
        Extract("Mia", "UPS Access Point", "CVS 8421", "U12345678", "", "1 W Lake St"),
    ),
    (
        {
            "name": "Mia Ray",
            "company": "UPS Access Point - CVS 8421",
            "street1": "1 W Lake St",
            "street2": "Ste 4",
        },
        Extract("Mia Ray", "UPS Access Point - CVS 8421", "CVS 8421", "", "", "1 W Lake St", "Ste 4"),
    ),
    (
        {"name": "Mia Ray", "street1": "Amazon Locker - Anthony (Safeway), 3268 Donner Way"},
        Extract("Mia Ray", "Amazon Locker - Anthony (Safeway)", "Safeway", "", "", "3268 Donner Way"),
    ),
    ({"name": "Mia Ray", "street1": "P.O. Box 388-317"}, Extract(buyer="Mia Ray", box="388-317")),
    ({"name": "Mia Ray", "street1": "P0 BOX 12"}, Extract(buyer="Mia Ray", box="12")),
    ({"name": "Mia Ray", "street1": "PO Drawer L"}, Extract(buyer="Mia Ray", box="L")),
    (
        {"name": "Mia Ray", "company": "THE UPS STORE #4521 PMB 88", "street1": "350 5th Ave"},
        Extract(buyer="Mia Ray", box="88", street1="350 5th Ave"),
    ),
    (
        {"name": "Mia Ray", "company": "The UPS Store", "street1": "350 5th Ave", "street2": "#212"},
        Extract(buyer="Mia Ray", box="212", street1="350 5th Ave", street2="#212"),
    ),
    ({"name": "Bin Li", "street1": "RR 4 Box 12"}, Extract(buyer="Bin Li", street1="RR 4 Box 12")),
    (
        {"name": "Mia Ray", "company": "FedEx OnSite", "street1": "Walgreens #7", "street2": "9 Elm St"},
        Extract("Mia Ray", "FedEx OnSite", "Walgreens #7", "", "", "9 Elm St"),
    ),
    (
        {"name": "Mia Ray", "company": "FedEx Ship Center, location id YBZA", "street1": "9 Elm St"},
        Extract("Mia Ray", "FedEx Ship Center", "", "YBZA", "", "9 Elm St"),
    ),
]


@pytest.mark.parametrize(("fields", "named"), CASES)
def test_what_the_text_names_is_taken_apart(fields: dict[str, str], named: Extract) -> None:
    """Buyer, point, host, id, box and street come out in the buyer's spelling."""
    assert extract(Address(**fields)) == named


@given(addresses)
def test_any_text_can_be_taken_apart(lines: Address) -> None:
    """Nothing is raised, and nothing comes out that was not put in."""
    found = extract(lines, recognise(lines))
    for words in (found.buyer, found.point_name, found.host, found.box, found.street1, found.street2):
        assert words.isprintable()


def test_an_id_counts_only_for_its_own_network() -> None:
    """``U`` and eight digits name no FedEx location."""
    lines = Address(company="FedEx Office", street1="9 Elm St", street2="U12345678")
    assert extract(lines).point_id == ""


def test_every_street_of_the_corpus_has_its_street_line() -> None:
    """Where a kind is street and a line begins with a house number, that line is found."""
    for row in rows():
        if row.label == "street" and row.address.street1[:1].isdigit():
            assert extract(row.address).street1, row.address
