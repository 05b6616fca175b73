"""``lockership request``: the body that a label API is sent, or why not, one line a parcel."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockership.testing import orders

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Any]

APIS = ("easypost", "shippo", "ups", "fedex", "usps", "amazon")
ACCOUNTS: dict[str, dict[str, Any]] = {
    "ups": {"number": "A1B2C3"},
    "fedex": {"number": 123456789},
    "usps": {},
    "amazon": {"services": ["SWA-TEST"]},
}
ORDER: dict[str, Any] = {
    "order_id": "A-1001",
    "carrier": "ups",
    "ship_to": {
        "name": "Zhang Wei",
        "company": "UPS Access Point - CVS 8421",
        "street1": "1250 W Sunset Blvd",
        "city": "Los Angeles",
        "state": "CA",
        "zip": "90026",
        "email": "zhang.wei@example.com",
    },
    "location": {"id": "U88498244"},
    "parcel": {
        "length": 14,
        "width": 10,
        "height": 6,
        "dimension_unit": "in",
        "weight": 8.2,
        "weight_unit": "lb",
    },
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, root: Path) -> dict[str, Path]:
    """Return a sender's file and one account's file for each carrier."""
    folder = tmp_path_factory.mktemp("accounts")
    made = {"sender": root / "examples" / "demo" / "sender.json"}
    for carrier, account in ACCOUNTS.items():
        made[carrier] = folder / f"{carrier}.json"
        made[carrier].write_text(json.dumps(account), "utf-8")
    return made


def asked(run: Run, files: dict[str, Path], api: str, *records: object, **more: object) -> Any:
    """Run the command on some records."""
    options = [word for name, value in more.items() for word in (f"--{name.replace('_', '-')}", value)]
    if api in files:
        options += ["--account", files[api]]
    given_ = "\n".join(map(json.dumps, records)).encode()
    return run("request", "-", "--for", api, "--sender", files["sender"], *options, given=given_)


def order(**changes: Any) -> dict[str, Any]:
    """Return an order, with some fields changed."""
    return {**ORDER, **changes}


def test_a_body_is_printed(run: Run, files: dict[str, Path]) -> None:
    """The body stands in one line with the order's id, and its reference is the order's id."""
    ran = asked(run, files, "ups", ORDER)
    (answer,) = ran.answers
    assert ran.status == 0
    assert (answer["order_id"], answer["for"]) == ("A-1001", "ups")
    shipment = answer["request"]["ShipmentRequest"]["Shipment"]
    assert shipment["AlternateDeliveryAddress"]["UPSAccessPointID"] == "U88498244"
    assert shipment["Package"][0]["ReferenceNumber"] == [{"Value": "A-1001"}]


@pytest.mark.parametrize("api", ["easypost", "shippo", "fedex", "usps", "amazon"])
def test_what_cannot_be_asked_says_why(api: str, run: Run, files: dict[str, Path]) -> None:
    """An API without words for the place gives the reason in the body's stead; that is an answer."""
    ran = asked(run, files, api, ORDER)
    assert ran.status == 0
    assert ran.answers[0]["cannot"]["reason"]
    assert "request" not in ran.answers[0]


def test_review_is_no_request(run: Run, files: dict[str, Path]) -> None:
    """Under review nothing may be shipped, so there is a reason and no body."""
    (answer,) = asked(run, files, "ups", order(carrier="fedex")).answers
    assert "a person must act" in answer["cannot"]["reason"]


def test_missing_facts_are_an_error_line(run: Run, files: dict[str, Path]) -> None:
    """What is missing stands in an error line with every problem, the run goes on, and the status is 1."""
    ran = asked(run, files, "ups", order(location=None), ORDER)
    assert ran.status == 1
    error = ran.answers[0]["error"]
    assert error["field"] == "access_point_id"
    assert "request" in ran.answers[1]
    assert "Sunset" not in json.dumps(error)


def test_only_missing_facts_are_a_failure(run: Run, files: dict[str, Path]) -> None:
    """When no record could be answered the status is 2."""
    assert asked(run, files, "ups", order(location=None), {"order_id": 1}).status == 2


def test_each_parcel_has_its_own_reference(run: Run, files: dict[str, Path]) -> None:
    """Several parcels give a line each, told apart by their place in the reference."""
    several = {key: value for key, value in ORDER.items() if key != "parcel"}
    several["parcels"] = [ORDER["parcel"], ORDER["parcel"]]
    answers = asked(run, files, "ups", several).answers
    assert [answer["parcel"] for answer in answers] == [1, 2]
    packages = [answer["request"]["ShipmentRequest"]["Shipment"]["Package"][0] for answer in answers]
    assert [one["ReferenceNumber"][0]["Value"] for one in packages] == ["A-1001-1", "A-1001-2"]


def test_usps_is_told_the_day_of_mailing(run: Run, files: dict[str, Path]) -> None:
    """The day can be named; without one it is today."""
    home = order(carrier="usps", ship_to={**ORDER["ship_to"], "company": ""}, location=None)
    (answer,) = asked(run, files, "usps", home, mailing_on="2026-12-01").answers
    assert answer["request"]["packageDescription"]["mailingDate"] == "2026-12-01"
    assert "request" in asked(run, files, "usps", home).answers[0]


def test_an_amazon_orders_number_carries_the_choice(run: Run, files: dict[str, Path]) -> None:
    """An order numbered as Amazon's is asked for by that number."""
    locker = {**ORDER["ship_to"], "company": "Amazon Hub Locker - Oregano"}
    small = {**ORDER["parcel"], "length": 9}
    of_amazon = order(order_id="111-1234567-1234567", carrier="amazon", ship_to=locker, parcel=small)
    (answer,) = asked(run, files, "amazon", of_amazon).answers
    details = answer["request"]["channelDetails"]
    assert details["amazonOrderDetails"] == {"orderId": "111-1234567-1234567"}
    (answer,) = asked(run, files, "amazon", {**of_amazon, "order_id": "A-1"}).answers
    assert answer["request"]["destinationAccessPointDetails"] == {"accessPointId": "U88498244"}


def test_shippos_body_is_the_one_on_the_wire(run: Run, files: dict[str, Path]) -> None:
    """Python's name for ``async`` does not get into the output."""
    home = order(ship_to={**ORDER["ship_to"], "company": ""}, location=None)
    (answer,) = asked(run, files, "shippo", home).answers
    assert answer["request"]["async"] is False
    assert "async_" not in answer["request"]


@pytest.mark.parametrize(
    ("account", "told"),
    [
        ({"number": "A1B2C3", "api_key": "s3cret"}, "account.api_key: no key belongs here"),
        ({"nmber": "A1B2C3"}, "account.nmber: known are number"),
        ({}, "account.number: is needed"),
        ({"number": "A1B"}, "account.number: 6 letters and digits"),
        ({"number": ["A1B2C3"]}, "account.number: expected text"),
        ([], "account: expected a JSON object"),
        ("{", "account: expected a JSON object"),
    ],
)
def test_a_wrong_account_ends_the_run(
    account: object, told: str, run: Run, files: dict[str, Path], tmp_path: Path
) -> None:
    """A wrong account is told by field, without its values, and nothing is printed."""
    path = tmp_path / "account.json"
    path.write_text("{" if account == "{" else json.dumps(account), "utf-8")
    ran = run("request", "-", "--for", "ups", "--sender", files["sender"], "--account", path, given=b"{}")
    assert (ran.status, ran.out) == (2, b"")
    assert told in ran.err
    assert "s3cret" not in ran.err


@pytest.mark.parametrize("api", ["ups", "fedex", "amazon"])
def test_an_account_is_asked_for(api: str, run: Run, files: dict[str, Path]) -> None:
    """A carrier whose account is needed says what is missing when no file is named."""
    ran = run("request", "-", "--for", api, "--sender", files["sender"], given=b"")
    assert ran.status == 2
    assert "is needed in --account FILE" in ran.err


def test_a_label_api_takes_no_account(run: Run, files: dict[str, Path]) -> None:
    """EasyPost and Shippo know the account by the key, which no command ever reads."""
    ran = run(
        "request", "-", "--for", "shippo", "--sender", files["sender"], "--account", files["ups"], given=b""
    )
    assert ran.status == 2
    assert "no file is needed" in ran.err


def test_the_warehouse_is_asked_for(run: Run) -> None:
    """Without a sender no request can be written; the message says which option is meant."""
    ran = run("request", "-", "--for", "easypost", given=b"")
    assert ran.status == 2
    assert "--sender FILE" in ran.err


def test_a_file_is_written_whole(run: Run, files: dict[str, Path], tmp_path: Path) -> None:
    """``-o`` writes JSON Lines whatever the name of the file."""
    path = tmp_path / "bodies.csv"
    ran = asked(run, files, "ups", ORDER, out=path)
    assert (ran.status, ran.out) == (0, b"")
    assert json.loads(path.read_text("utf-8"))["for"] == "ups"


@given(api=st.sampled_from(APIS), record=orders())
def test_every_lawful_order_gets_its_line(
    api: str, record: dict[str, Any], run: Run, files: dict[str, Path]
) -> None:
    """Any lawful order gives one line: a body, a reason, or everything that is missing."""
    ran = asked(run, files, api, record)
    (answer,) = ran.answers
    assert ran.err == ""
    assert len({"request", "cannot", "error"} & answer.keys()) == 1
    assert answer["order_id"] == record["order_id"]
