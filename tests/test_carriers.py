from __future__ import annotations

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockership import InputError
from lockership.carriers import ALIASES, carrier_key, service_key


@pytest.mark.parametrize(
    ("name", "carrier"),
    [
        ("usps", "usps"),
        ("USPS", "usps"),
        ("US Postal Service", "usps"),
        ("United States Postal Service", "usps"),
        ("USPS Returns", "usps"),
        ("UPS", "ups"),
        ("UPSDAP", "ups"),
        ("UPS® DAP", "ups"),
        ("United Parcel Service", "ups"),
        ("FedEx", "fedex"),
        ("FedExDefault", "fedex"),
        ("Federal Express", "fedex"),
        ("fed-ex™", "fedex"),
        ("AMZL", "amazon"),
        ("AMZN", "amazon"),
        ("AMZN_US", "amazon"),
        ("AmazonShipping", "amazon"),
        ("Amazon Logistics", "amazon"),
        ("AMZL_US", "amazon"),
    ],
)
def test_the_aliases_of_the_contract(name: str, carrier: str) -> None:
    """Names compare without case, blanks and ``_ - ® ™`` (contract 1)."""
    assert carrier_key(name) == carrier


@pytest.mark.parametrize(
    "name",
    [
        "UPS SurePost",
        "UPS Ground Saver",
        "UPS Mail Innovations",
        "FedEx SmartPost",
        "FedEx Ground Economy",
        "DHL eCommerce",
        "OnTrac",
        "UPSers",
        "顺丰",
    ],
)
def test_other_names_are_other_carriers(name: str) -> None:
    """Who walks the last mile of these is not known, so they are none of the four, and no error."""
    assert carrier_key(name) not in {"usps", "ups", "fedex", "amazon"}


@given(st.sampled_from(sorted(ALIASES)), st.data())
def test_marks_and_case_change_no_name(alias: str, data: st.DataObject) -> None:
    """However a name is spaced, dashed and cased, it is the same carrier."""
    gaps = st.sampled_from(("", " ", "_", "-", "®", "™", "\t"))
    spelt = "".join(
        (letter.upper() if data.draw(st.booleans()) else letter) + data.draw(gaps) for letter in alias
    )
    assert carrier_key(spelt) == ALIASES[alias]


@pytest.mark.parametrize("name", ["", " ", "™", "_-_", "\n"])
def test_no_name_is_an_error(name: str) -> None:
    """An empty or absent carrier is an error (contract 1)."""
    with pytest.raises(InputError) as error:
        carrier_key(name)
    assert (error.value.code, error.value.field) == ("missing_field", "carrier")


def test_a_carrier_is_text_of_a_sane_length() -> None:
    """More than 1,000 characters are refused by their code."""
    with pytest.raises(InputError) as error:
        carrier_key("u" * 1_001)
    assert error.value.code == "too_long"
    assert carrier_key("u" * 1_000) == "u" * 1_000


@pytest.mark.parametrize(
    ("service", "carrier", "key"),
    [
        (None, "usps", ""),
        ("  ", "usps", ""),
        ("Priority Mail", "usps", "prioritymail"),
        ("USPS_PRIORITY_MAIL®", "usps", "prioritymail"),
        ("priority", "usps", "prioritymail"),
        ("express", "usps", "prioritymailexpress"),
        ("Priority Express", "usps", "prioritymailexpress"),
        ("US Postal Service Ground Advantage", "usps", "groundadvantage"),
        ("FEDEX_GROUND", "fedex", "ground"),
        ("ground", "fedex", "ground"),
        ("UPS Ground", "ups", "ground"),
        ("UPS Ground", "fedex", "upsground"),  # another carrier's prefix is part of the name
        ("ups", "ups", "ups"),  # a prefix alone is a name
        ("OnTrac Sunrise", "ontrac", "sunrise"),
    ],
)
def test_services_compare_as_carriers_do(service: str | None, carrier: str, key: str) -> None:
    """Service names compare as carriers' names do, with the carrier's prefix optional (contract 2.9)."""
    assert service_key(service, carrier) == key


@pytest.mark.parametrize("name", [["ups"], {"ups"}, 5, None, b"ups"])
def test_a_carrier_that_is_no_text_is_an_input_error(name: object) -> None:
    """Whatever is passed for a carrier, also what cannot be hashed, gets the promised error."""
    with pytest.raises(InputError) as caught:
        carrier_key(cast("str", name))
    assert caught.value.code == "wrong_type"
