from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockership import Address, InputError, Length, Money, Parcel, Policy, Weight, route_parcel
from lockership.networks import NETWORK_OF
from lockership.policy import Stricter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_the_defaults_are_those_of_the_contract() -> None:
    """The defaults of the house policy (contract 2.7 and 2.8)."""
    policy = Policy()
    assert policy.unattended_refuses == ("fragile", "valuable")
    assert policy.pickup_refuses == ("cold_chain", "perishable")
    assert policy.pickup_refuses_except == ("usps.po_box",)
    assert (policy.max_longest, policy.max_weight) == (Length.of(18, "in"), Weight.of(15, "lb"))
    assert policy.amazon_carriers == ()
    assert Policy.from_dict({}) == policy


def test_every_default_can_be_changed() -> None:
    """Every default can be changed (contract 2.8), in any unit and any spelling of a carrier."""
    policy = Policy.from_dict(
        {
            "unattended_refuses": ["HAZMAT", "fragile"],
            "pickup_refuses": [],
            "pickup_refuses_except": ["ups.locker"],
            "max_longest": "50 cm",
            "max_weight": False,
            "amazon_carriers": ["UPS® DAP", "OnTrac"],
        }
    )
    assert policy == Policy(
        unattended_refuses=policy.unattended_refuses,
        pickup_refuses=(),
        pickup_refuses_except=("ups.locker",),
        max_longest=Length.of(50, "cm"),
        max_weight=None,
        amazon_carriers=("ups", "ontrac"),
        unit="cm",
    )
    assert set(policy.unattended_refuses) == {"hazmat", "fragile"}


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"max_wieght": "20 lb"}, [("out_of_range", "max_wieght")]),
        (
            {"max_wieght": "20 lb", "max_longest": 18},
            [("out_of_range", "max_wieght"), ("wrong_type", "max_longest")],
        ),
        (
            {"stricter": {"ups.locker": 1, "ups.lokcer": {"max_wieght": 1, "max_weight": 1}}},
            [
                ("wrong_type", "stricter.ups.locker"),
                ("out_of_range", "stricter.ups.lokcer.max_wieght"),
                ("wrong_type", "stricter.ups.lokcer.max_weight"),
                ("out_of_range", "stricter.ups.lokcer"),
            ],
        ),
        ({"max_longest": 18}, [("wrong_type", "max_longest")]),
        ({"max_longest": "18"}, [("wrong_type", "max_longest")]),
        ({"max_longest": "18 in in"}, [("wrong_type", "max_longest")]),
        ({"max_longest": ""}, [("missing_field", "max_longest")]),
        ({"max_longest": True}, [("wrong_type", "max_longest")]),
        ({"max_longest": "18 lb"}, [("unknown_unit", "max_longest")]),
        ({"max_weight": "heavy lb"}, [("not_a_number", "max_weight")]),
        ({"unattended_refuses": "fragile"}, [("wrong_type", "unattended_refuses")]),
        ({"pickup_refuses": ["liquid"]}, [("unknown_trait", "pickup_refuses")]),
        ({"pickup_refuses_except": ["ups.lokcer"]}, [("out_of_range", "pickup_refuses_except")]),
        ({"pickup_refuses_except": ["street"]}, [("out_of_range", "pickup_refuses_except")]),
        ({"amazon_carriers": [""]}, [("missing_field", "amazon_carriers")]),
        ({"amazon_carriers": "ups"}, [("wrong_type", "amazon_carriers")]),
        ({"amazon_carriers": [1]}, [("wrong_type", "amazon_carriers")]),
        ({"stricter": []}, [("wrong_type", "stricter")]),
        ({"stricter": {"ups.locker": 1}}, [("wrong_type", "stricter.ups.locker")]),
        ({"stricter": {"ups.lokcer": {}}}, [("out_of_range", "stricter.ups.lokcer")]),
        (
            {"stricter": {"ups.locker": {"max_sides": "20x16x12"}}},
            [("wrong_type", "stricter.ups.locker.max_sides")],
        ),
        (
            {"stricter": {"ups.locker": {"max_sides": "20x16x12 in in"}}},
            [("wrong_type", "stricter.ups.locker.max_sides")],
        ),
        (
            {"stricter": {"ups.locker": {"max_sides": "20x16x12x9 in"}}},
            [("wrong_type", "stricter.ups.locker.max_sides")],
        ),
        ({"stricter": {"ups.locker": {"max_sides": 20}}}, [("wrong_type", "stricter.ups.locker.max_sides")]),
        (
            {"stricter": {"ups.locker": {"max_wieght": "1 lb", "max_sides": "20x16 in"}}, "max_weight": 3},
            [
                ("out_of_range", "stricter.ups.locker.max_wieght"),
                ("wrong_type", "stricter.ups.locker.max_sides"),
                ("wrong_type", "max_weight"),
            ],
        ),
    ],
)
def test_a_slip_in_a_policy_is_told_with_its_key(values: dict[str, Any], told: list[tuple[str, str]]) -> None:
    """A policy is read strictly: an unknown key or value is an error, all at once."""
    with pytest.raises(InputError) as error:
        Policy.from_dict(values)
    assert [(problem.code, problem.field) for problem in error.value.problems] == told


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"max_wieght": "20 lb"}, "max_wieght: unknown key; did you mean max_weight?"),
        (
            {"zzz": 1},
            (
                "zzz: unknown key; known are unattended_refuses, pickup_refuses, pickup_refuses_except, "
                "max_longest, max_weight, amazon_carriers, stricter"
            ),
        ),
        (
            {"pickup_refuses_except": ["ups.locker", "ups.lokcer", "usps.po_bxo"]},
            "pickup_refuses_except: 'ups.lokcer' is no pick-up channel; did you mean ups.locker?",
        ),
        (
            {"stricter": {"ups.lokcer": {}}},
            "stricter.ups.lokcer: 'ups.lokcer' is no pick-up channel; did you mean ups.locker?",
        ),
        (
            {"stricter": {"ups.locker": {"max_wieght": "20 lb"}}},
            "stricter.ups.locker.max_wieght: unknown key; did you mean max_weight?",
        ),
        ({"stricter": {"ups.locker": 5}}, "stricter.ups.locker: expected a table of limits"),
        ({"stricter": 5}, "stricter: expected a table of channels"),
        ({"amazon_carriers": "ups"}, "amazon_carriers: expected a list of texts"),
        (
            {"max_longest": 18},
            "max_longest: expected a measure with its unit as text, as '18 in' or '15 lb', or false for none",
        ),
        (
            {"stricter": {"ups.locker": {"max_sides": "20x16 in"}}},
            "stricter.ups.locker.max_sides: expected three sides with a unit, as '20x16x12 in'",
        ),
    ],
)
def test_a_slip_is_told_in_words_that_help(values: dict[str, Any], message: str) -> None:
    """What was found, what is accepted, and the nearest known word or all of them."""
    with pytest.raises(InputError) as error:
        Policy.from_dict(values)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Policy(stricter=(Stricter("ups.lokcer"),)),
            "stricter: 'ups.lokcer' is no pick-up channel; did you mean ups.locker?",
        ),
        (
            lambda: Policy(networks=(NETWORK_OF["ups.locker"],)),
            "networks: the kind ups.access_point is taken already",
        ),
        (lambda: Policy.from_dict(cast("Any", [1])), "expected a table, found list"),
    ],
)
def test_a_slip_in_a_policy_made_in_python_is_told_likewise(make: Callable[[], Policy], message: str) -> None:
    """Whoever writes the policy as a value reads the same words."""
    with pytest.raises(InputError) as error:
        make()
    assert str(error.value) == message


@pytest.mark.parametrize("values", [[], "max_weight", None, 3])
def test_a_policy_is_a_table(values: Any) -> None:
    """Anything else has the wrong type."""
    with pytest.raises(InputError) as error:
        Policy.from_dict(values)
    assert error.value.code == "wrong_type"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("house.toml", 'max_longest = "20 in"\nmax_weight = false\n'),
        ("house.toml", '\ufeffmax_longest = "20 in"\nmax_weight = false\n'),
        ("house.json", '{"max_longest": "20 in", "max_weight": null}'),
        ("HOUSE.JSON", '\ufeff{"max_longest": "20 in", "max_weight": false}'),
    ],
)
def test_a_policy_is_read_from_a_file(tmp_path: Path, name: str, text: str) -> None:
    """TOML or JSON by the file's name, with or without a byte-order mark."""
    (tmp_path / name).write_text(text, "utf-8")
    assert Policy.from_file(tmp_path / name) == Policy(max_longest=Length.of(20, "in"), max_weight=None)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("house.toml", b"max_longest = "),
        ("house.json", b"{"),
        ("house.toml", b"\xff\xfe"),
        ("house.json", b"[" * 100_000),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    """What is neither TOML nor JSON is an InputError that names the file."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=rf"^{name} is neither TOML nor JSON: ") as error:
        Policy.from_file(tmp_path / name)
    assert error.value.code == "not_json"
    with pytest.raises(OSError, match="absent"):
        Policy.from_file(tmp_path / "absent.toml")


def test_stricter_limits_are_read_for_single_channels() -> None:
    """A house may ask more of parcels at one channel, beyond its network's rules."""
    policy = Policy.from_dict(
        {
            "stricter": {
                "ups.locker": {
                    "max_sides": "20x16x12 in",
                    "max_weight": "20 lb",
                    "max_value": "400 USD",
                    "refuses": ["alcohol"],
                }
            }
        }
    )
    sides = (Length.of(20, "in"), Length.of(16, "in"), Length.of(12, "in"))
    assert policy.stricter == (
        Stricter(
            "ups.locker",
            refuses=policy.stricter[0].refuses,
            max_sides=sides,
            max_weight=Weight.of(20, "lb"),
            max_value=Money.of(400),
        ),
    )
    with pytest.raises(InputError, match=r"ups\.locker"):
        Policy(stricter=(Stricter("ups.lokcer"),))


@given(st.dictionaries(st.text(max_size=12), st.none() | st.booleans() | st.integers() | st.text(max_size=9)))
def test_any_table_is_a_policy_or_an_input_error(values: dict[str, Any]) -> None:
    """Whatever stands in a policy file, the answer is a policy or a list of what is wrong."""
    try:
        Policy.from_dict(values)
    except InputError as error:
        problems = error.problems
    else:
        problems = ()
    assert {problem.field for problem in problems} <= set(values)


def test_policies_with_the_same_words_are_equal_and_hash_alike() -> None:
    """A policy may be a key: routing keeps its plans by it."""
    assert Policy() == Policy.from_dict({"max_longest": "18.0 in"})
    assert hash(Policy()) == hash(Policy.from_dict({"max_longest": "18.0 in"}))
    assert Policy() != Policy().evolve(max_weight=None)


def test_a_printed_policy_shows_what_the_house_wants_alone() -> None:
    """The channels and networks that it knows are many pages, and no word of the house."""
    assert "Channel(" not in repr(Policy())
    assert "Network(" not in repr(Policy())


def test_limits_of_the_house_are_shown_in_the_units_in_which_they_are_written() -> None:
    """A Chinese warehouse that writes centimetres and kilograms reads centimetres and kilograms."""
    policy = Policy.from_dict(
        {
            "max_longest": "45 cm",
            "max_weight": "7 KG",
            "stricter": {
                "ups.customer_center": {"max_longest": "1 m", "max_weight": "20 kg"},
                "usps.po_box": {"max_sides": "100x20x19 cm"},
                "usps.general_delivery": {"max_length_plus_girth": "180 CM"},
            },
        }
    )
    parcel = Parcel.of("101x20x20 cm", "21 kg")
    locker = route_parcel(
        Address(company="USPS Smart Locker", street1="1 Elm St"), "usps", parcel, policy=policy
    )
    told = [(refusal.measured, refusal.limit) for refusal in locker.refusals]
    assert told == [("101 cm", "45 cm"), ("21 kg", "7 kg")]
    center = route_parcel(
        Address(company="UPS Customer Center", street1="1 Elm St"), "ups", parcel, policy=policy
    )
    assert [(r.measured, r.limit) for r in center.refusals] == [("1.01 m", "1 m"), ("21 kg", "20 kg")]
    for address, sides, said in (
        (Address(street1="PO Box 12"), "101 x 20 x 20 cm", "100 x 20 x 19 cm"),
        (Address(street1="General Delivery"), "181 cm", "180 cm"),
    ):
        refusals = route_parcel(address, "usps", parcel, policy=policy).refusals
        assert [(r.measured, r.limit) for r in refusals] == [(sides, said)]
