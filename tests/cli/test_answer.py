"""``lockership route`` and ``lockership recognise``: one answer a record, and a status that tells."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockership.testing import orders

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Any]

ORDER: dict[str, Any] = {
    "order_id": "A-1001",
    "carrier": "ups",
    "service": None,
    "ship_to": {
        "name": "Zhang Wei",
        "company": "UPS Access Point - CVS 8421",
        "street1": "1250 W Sunset Blvd",
        "street2": None,
        "street3": None,
        "city": "Los Angeles",
        "state": "CA",
        "zip": "90026",
        "country": "US",
        "phone": None,
        "email": None,
    },
    "home": None,
    "parcel": {
        "length": 14,
        "width": 10,
        "height": 6,
        "dimension_unit": "in",
        "weight": 8.2,
        "weight_unit": "lb",
        "declared_value": 42,
        "currency": "USD",
        "traits": [],
    },
    "signals": {"amazon_is_access_point_order": None, "amazon_address_type": None, "amazon_fulfilled": None},
    "location": {
        "id": None,
        "max_length": None,
        "max_width": None,
        "max_height": None,
        "unit": "in",
        "max_weight": None,
        "weight_unit": "lb",
        "status": None,
    },
}
"""The contract's own order."""

GOOD = json.dumps(ORDER).encode()
BAD = json.dumps({**ORDER, "order_id": "B-1", "carrier": 5, "parcel": None}).encode()
PERSON = ("Zhang Wei", "1250 W Sunset")
OTHER_FILES = (b"\xff\xfe", b"\xfe\xff", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"PAR1", b"%PDF")
"""How files begin that are no UTF-8 text: UTF-16, Excel, gzip, Parquet, PDF."""


def heavy(**changes: object) -> dict[str, Any]:
    """Give the contract's order at 45 lb."""
    return {**ORDER, "parcel": {**ORDER["parcel"], "weight": 45}, **changes}


# --- the contract's own decisions --------------------------------------------------------------------


def test_the_contracts_order_gives_the_contracts_decision(run: Run) -> None:
    """The order of contract 4 gives the decision beside it, key by key and in its order."""
    ran = run("route", "-", given=GOOD)
    assert (ran.status, ran.err) == (0, "")
    [answer] = ran.answers
    assert answer["hold"].pop("source").startswith("https://")
    assert answer.pop("explanation").keys() == {"en", "zh"}
    assert answer == {
        "order_id": "A-1001",
        "route": "pickup",
        "kind": "ups.access_point",
        "network": "ups",
        "confidence": "certain",
        "deliver_to": "ship_to",
        "refusals": [],
        "remedies": [],
        "missing": ["access_point_id"],
        "notes": [],
        "hold": {"days": 7, "basis": "calendar", "on_expiry": "returned_to_sender"},
    }
    assert list(json.loads(ran.out)) == [
        *("order_id", "route", "kind", "network", "confidence", "deliver_to", "refusals", "remedies"),
        *("missing", "notes", "hold", "explanation"),
    ]


def test_the_contracts_order_at_45_lb_goes_to_review(run: Run) -> None:
    """The same order at 45 lb is refused as contract 4 says."""
    [answer] = run("route", "-", given=json.dumps(heavy()).encode()).answers
    assert answer["refusals"][0].pop("source").startswith("https://")
    assert {
        name: answer[name] for name in ("route", "deliver_to", "refusals", "remedies", "missing", "hold")
    } == {
        "route": "review",
        "deliver_to": None,
        "refusals": [{"code": "too_heavy", "by": "network", "measured": "45 lb", "limit": "44 lb"}],
        "remedies": [
            {"code": "ask_home_address"},
            {"code": "choose_other_point", "channel": "ups.customer_center"},
            {"code": "split_parcel"},
        ],
        "missing": [],
        "hold": None,
    }


def test_recognise_says_the_kind_and_its_evidence(run: Run) -> None:
    """Recognition takes the same input, a parcel and a carrier may be absent."""
    bare = json.dumps({"order_id": 1.10, "ship_to": ORDER["ship_to"]}).encode()
    ran = run("recognise", "-", given=GOOD + b"\n" + bare)
    assert ran.status == 0
    first, second = ran.answers
    assert list(first) == ["order_id", "kind", "confidence", "evidence"]
    assert (first["kind"], first["confidence"]) == ("ups.access_point", "certain")
    assert first["evidence"][0].keys() == {"field", "words", "rule"}
    assert second == {**first, "order_id": 1.1}


# --- lines and statuses ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([], 0),
        ([b"", b"  "], 0),
        ([b"\xef\xbb\xbf"], 0),
        ([GOOD], 0),
        ([GOOD, b"", GOOD], 0),
        ([GOOD, BAD], 1),
        ([BAD, GOOD, b"{"], 1),
        ([BAD], 2),
        ([b"{", b"[]"], 2),
    ],
)
@pytest.mark.parametrize("verb", ["route", "recognise"])
def test_the_status_tells_what_failed(run: Run, verb: str, lines: list[bytes], status: int) -> None:
    """0 when all went well or there was nothing, 1 when some failed, 2 when all did."""
    if verb == "recognise":
        lines = [line.replace(b'"ship_to"', b'"sent_to"') if line == BAD else line for line in lines]
    ran = run(verb, "-", given=b"\n".join(lines))
    assert ran.status == status
    answered = [line for line in lines if line.removeprefix(b"\xef\xbb\xbf").strip()]
    assert len(ran.answers) == len(answered)
    assert [("error" in answer) for answer in ran.answers] == [line != GOOD for line in answered]


def test_an_error_line_stands_in_its_records_place(run: Run) -> None:
    """An error line has the contract's shape, and the line of the record beside it."""
    [_, answer, _] = run("route", "-", given=b"\n".join([GOOD, b"", BAD, GOOD])).answers
    message = "expected text, found a number"
    parcel = "a parcel is needed, or a list of them in parcels"
    assert answer == {
        "order_id": "B-1",
        "error": {
            "code": "wrong_type",
            "message": message,
            "field": "carrier",
            "record": 3,
            "problems": [
                {"code": "wrong_type", "message": message, "field": "carrier"},
                {"code": "missing_field", "message": parcel, "field": "parcel"},
            ],
        },
    }


def test_a_line_that_is_no_json_has_neither_id_nor_field(run: Run) -> None:
    """``field`` is null when the line is not JSON, and so is ``order_id``."""
    [answer] = run("route", "-", given=GOOD[:-9]).answers
    assert (answer["order_id"], answer["error"]["code"], answer["error"]["field"]) == (None, "not_json", None)


def test_several_parcels_give_one_line_each(run: Run) -> None:
    """``parcel`` counts from 1 and stands only there; a bad parcel gives its own error line."""
    several = [ORDER["parcel"], {"length": "a"}, heavy()["parcel"]]
    order = {**ORDER, "parcel": None, "parcels": several}
    ran = run("route", "-", given=json.dumps(order).encode())
    assert ran.status == 1
    assert [(answer["order_id"], answer["parcel"]) for answer in ran.answers] == [
        ("A-1001", 1),
        ("A-1001", 2),
        ("A-1001", 3),
    ]
    assert [answer.get("route") for answer in ran.answers] == ["pickup", None, "review"]
    assert ran.answers[1]["error"]["field"] == "parcels[1].length"
    assert all("parcel" not in answer for answer in run("route", "-", given=GOOD).answers)


@pytest.mark.parametrize(
    "written", ["1.10", "1e5", "-0", "123456789012345678901234567890", '"a\\tb"', '"\\ud800"', '"中"', '""']
)
@pytest.mark.parametrize("verb", ["route", "recognise"])
@pytest.mark.parametrize("line", [GOOD, BAD])
def test_an_order_id_is_echoed_as_it_came(run: Run, verb: str, line: bytes, written: str) -> None:
    """A number keeps its digits, and text its characters, in answers and in errors."""
    for order_id in (b'"A-1001"', b'"B-1"'):
        line = line.replace(order_id, written.encode(), 1)
    ran = run(verb, "-", given=line)
    assert ran.out.decode().startswith(f'{{"order_id": {written}, ')


@pytest.mark.parametrize("order_id", [b"NaN", b"-Infinity", b"true", b"[1]"])
def test_an_order_id_that_is_none_is_not_echoed(run: Run, order_id: bytes) -> None:
    """What is no order id is told as null, so that every line stays JSON."""
    [answer] = run("route", "-", given=GOOD.replace(b'"A-1001"', order_id)).answers
    assert (answer["order_id"], answer["error"]["field"]) == (None, "order_id")


@given(st.binary(max_size=400) | st.lists(st.sampled_from([GOOD, BAD, b"{", b"\xff"])).map(b"\n".join))
def test_any_bytes_are_answered_line_by_line(run: Run, data: bytes) -> None:
    """Any bytes on standard input give a line of JSON for each that is not blank, never a traceback."""
    if data.startswith(OTHER_FILES):
        return  # what becomes of those stands in tests/test_files.py
    lines = [line for line in data.removeprefix(b"\xef\xbb\xbf").split(b"\n") if line.strip()]
    ran = run("route", "-", given=data)
    bad = ["error" in answer for answer in ran.answers]
    assert len(bad) == len(lines)
    assert ran.err == ""
    assert ran.status == (0 if not any(bad) else 2 if all(bad) else 1)


@given(st.lists(orders(), min_size=1, max_size=3))
def test_lawful_orders_are_decided_in_their_order(run: Run, given_orders: list[dict[str, Any]]) -> None:
    """Each lawful order gives its decision in its place, and nobody is named on the error stream."""
    ran = run("route", "-", given="\n".join(map(json.dumps, given_orders)).encode())
    assert (ran.status, ran.err) == (0, "")
    assert [answer["order_id"] for answer in ran.answers] == [order["order_id"] for order in given_orders]


# --- formats -----------------------------------------------------------------------------------------


def test_a_files_name_or_an_option_says_the_format(run: Run, tmp_path: Path) -> None:
    """The same order in JSON Lines, JSON, CSV and Parquet, by name and by option, gives the same decision."""
    decision = run("route", "-", given=GOOD).answers
    (tmp_path / "orders.json").write_text(json.dumps([ORDER], indent=1))
    assert run("route", tmp_path / "orders.json").answers == decision
    assert run("route", "-", "--in-format", "json", given=b"[" + GOOD + b"]").answers == decision
    flat = (
        "订单号,承运商,收件人,公司,地址,城市,州,邮编,长(in),宽(in),高(in),重量(lb)\n"
        "A-1001,UPS,Zhang Wei,UPS Access Point - CVS 8421,1250 W Sunset Blvd,Los Angeles,CA,90026,"
        "14,10,6,8.2\n"
    )
    (tmp_path / "订单.csv").write_bytes(flat.encode("gbk"))
    assert run("route", tmp_path / "订单.csv").answers == decision
    assert run("route", "-", "--in-format", "csv", given=flat.encode()).answers == decision


def test_answers_go_out_as_csv(run: Run, tmp_path: Path) -> None:
    """``--format csv`` or a name that says so gives one row for each answer, for Excel."""
    by_option = run("route", "-", "--format", "csv", given=GOOD + b"\n" + BAD)
    path = tmp_path / "out.csv"
    by_name = run("route", "-", "-o", path, given=GOOD + b"\n" + BAD)
    assert (by_option.status, by_name.status, by_name.out) == (1, 1, b"")
    assert path.read_bytes() == by_option.out
    first, second = csv.DictReader(io.StringIO(by_option.out.decode("utf-8-sig"), newline=""))
    assert (first["order_id"], first["route"], first["missing"]) == ("A-1001", "pickup", "access_point_id")
    assert (second["order_id"], second["error_field"]) == ("B-1", "carrier; parcel")


def test_kinds_go_out_as_csv_in_their_own_columns(run: Run) -> None:
    """Recognition's table has no columns of decisions."""
    ran = run("recognise", "-", "--format", "csv", given=GOOD)
    [row] = csv.DictReader(io.StringIO(ran.out.decode("utf-8-sig"), newline=""))
    assert list(row) == [
        "order_id",
        "kind",
        "confidence",
        "evidence",
        "error_code",
        "error_field",
        "error_message",
    ]
    assert row["kind"] == "ups.access_point"


def test_parquet_goes_in_and_out(run: Run, tmp_path: Path) -> None:
    """Parquet comes from a file or a pipe and goes to a file or a pipe."""
    pa = pytest.importorskip("pyarrow", reason="left out: pyarrow is not installed")
    from pyarrow import parquet

    path = tmp_path / "orders.parquet"
    parquet.write_table(pa.Table.from_pylist([ORDER]), path)
    decision = run("route", "-", given=GOOD).answers
    assert run("route", path).answers == decision
    piped = run("route", "-", "--in-format", "parquet", "--format", "parquet", given=path.read_bytes())
    assert parquet.read_table(io.BytesIO(piped.out))["route"].to_pylist() == ["pickup"]


@pytest.mark.parametrize("name", ["out.json", "out.txt", "out"])
def test_any_other_name_gets_json_lines(run: Run, tmp_path: Path, name: str) -> None:
    """Answers are JSON Lines unless the output's name says CSV or Parquet."""
    assert run("route", "-", "-o", tmp_path / name, given=GOOD).status == 0
    assert json.loads((tmp_path / name).read_bytes())["route"] == "pickup"


# --- what stands in the way --------------------------------------------------------------------------


def test_an_input_that_cannot_be_opened_ends_with_2(run: Run, tmp_path: Path) -> None:
    """No file, a folder and an Excel workbook give one sentence and status 2, and no output appears."""
    book = tmp_path / "orders.xlsx"
    book.write_bytes(b"PK\x03\x04")
    out = tmp_path / "out.jsonl"
    for orders_file, why in (
        (tmp_path / "none.jsonl", f"cannot open {tmp_path / 'none.jsonl'}: No such file or directory"),
        (tmp_path, f"cannot open {tmp_path}: Is a directory"),
        (book, "the input is an Excel workbook or a zip archive: save the table as CSV (UTF-8)"),
    ):
        ran = run("route", orders_file, "-o", out)
        assert (ran.status, ran.out, ran.err) == (2, b"", f"lockership: {why}\n")
    assert not out.exists()


def test_an_output_that_cannot_be_written_ends_with_2(run: Run, tmp_path: Path) -> None:
    """The output is named as the user named it."""
    out = tmp_path / "none" / "out.jsonl"
    ran = run("route", "-", "-o", out, given=GOOD)
    assert (ran.status, ran.err) == (2, f"lockership: cannot write {out}: No such file or directory\n")


def test_the_input_is_never_overwritten(run: Run, tmp_path: Path) -> None:
    """Orders stay what they are, also under another name of the same file."""
    path = tmp_path / "orders.jsonl"
    path.write_bytes(GOOD)
    link = tmp_path / "link"
    link.symlink_to(path)
    for out in (path, link):
        ran = run("route", path, "-o", out)
        assert (ran.status, ran.err) == (
            2,
            f"lockership: {out} is the input: name another file for the answers\n",
        )
    assert path.read_bytes() == GOOD


def test_what_is_passed_over_is_told_on_the_error_stream(run: Run) -> None:
    """Unknown columns are named, the buyer is not, and the answers stay clean."""
    table = "订单号,收件人,地址,备注\nA-1,Zhang Wei,1250 W Sunset Blvd,易碎\n"
    ran = run("route", "-", "--in-format", "csv", given=table.encode())
    assert ran.err == "lockership: columns that are not known are passed over: 备注\n"
    assert [problem["field"] for problem in ran.answers[0]["error"]["problems"]] == ["carrier", "parcel"]


def test_nobody_is_named_in_errors(run: Run) -> None:
    """Whatever is wrong with an order, its error line and the error stream name no buyer."""
    wrong = {**ORDER, "carrier": 5, "home": {**ORDER["ship_to"], "zip": []}, "parcel": {}, "signals": 1}
    wrong["ship_to"] = {**ORDER["ship_to"], "city": 5}
    for verb in ("route", "recognise"):
        for data in (json.dumps(wrong).encode(), GOOD[:-30]):
            ran = run(verb, "-", given=data)
            assert not any(words in ran.out.decode() + ran.err for words in PERSON)


@pytest.mark.parametrize(
    "arguments",
    [[], ["route"], ["route", "-", "--on", "2026-13-01"], ["route", "-", "--format", "xml"], ["rout", "-"]],
)
def test_a_command_that_is_not_understood_ends_with_2(run: Run, arguments: list[str]) -> None:
    """A wrong command line says how it is used, and touches nothing."""
    ran = run(*arguments)
    assert (ran.status, ran.out) == (2, b"")
    assert "usage: lockership" in ran.err


# --- the house policy and the day --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("house.toml", '[stricter."ups.access_point"]\nmax_weight = "8 lb"\n'),
        ("house.json", '{"stricter": {"ups.access_point": {"max_weight": "8 lb"}}}'),
        ("HOUSE.JSON", '\ufeff{"stricter": {"ups.access_point": {"max_weight": "8 lb"}}}'),
    ],
)
def test_a_house_policy_comes_from_a_file(run: Run, tmp_path: Path, name: str, text: str) -> None:
    """A policy in TOML or JSON changes the decision; its refusals are the house's."""
    path = tmp_path / name
    path.write_text(text, "utf-8")
    [answer] = run("route", "-", "--policy", path, given=GOOD).answers
    assert [(refusal["by"], refusal["limit"]) for refusal in answer["refusals"]] == [("house", "8 lb")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('max_wieght = "20 lb"', "house.toml: max_wieght: unknown key; did you mean max_weight?"),
        ("max_weight = 20", "house.toml: max_weight: expected a measure with its unit as text, as '18 in'"),
        ('max_weight = "20 stone"', "house.toml: max_weight: unit 'stone' is not one of lb, oz, g, kg"),
        (
            'pickup_refuses_except = ["usps.pobox"]',
            "house.toml: pickup_refuses_except: 'usps.pobox' is no pick-up channel; did you mean usps.po_box",
        ),
        ("[", "house.toml is neither TOML nor JSON: Invalid initial character for a key part"),
    ],
)
def test_a_wrong_policy_ends_with_2_before_any_order(
    run: Run, tmp_path: Path, text: str, message: str
) -> None:
    """A policy that is not understood names its file and key, and nothing is routed by a guess."""
    path = tmp_path / "house.toml"
    path.write_text(text)
    ran = run("route", "-", "--policy", path, given=GOOD)
    assert (ran.status, ran.out) == (2, b"")
    assert ran.err.startswith(f"lockership: {message}")


def test_a_policy_that_is_not_there_ends_with_2(run: Run, tmp_path: Path) -> None:
    """A policy that cannot be opened is told by its name."""
    path = tmp_path / "none.toml"
    ran = run("route", "-", "--policy", path, given=GOOD)
    assert (ran.status, ran.err) == (2, f"lockership: {path}: No such file or directory\n")


def test_the_day_decides_which_rules_hold(run: Run) -> None:
    """With ``--on`` the rules of that day decide, and the same day gives the same bytes."""
    first = run("route", "-", "--on", "2026-11-24", given=GOOD)
    assert first.status == 0
    assert first == run("route", "-", "--on", "2026-11-24", given=GOOD)


# --- as a process of its own -------------------------------------------------------------------------


def test_the_command_runs_as_a_process(run_alone: Run, tmp_path: Path) -> None:
    """From a pipe to a pipe, and from a file to a file, with the status of the contract."""
    piped = run_alone("route", "-", given=GOOD + b"\n" + BAD)
    assert (piped.status, piped.err, len(piped.answers)) == (1, "", 2)
    path, out = tmp_path / "订单.jsonl", tmp_path / "out.jsonl"
    path.write_bytes(GOOD + b"\n" + BAD)
    filed = run_alone("route", path, "-o", out)
    assert (filed.status, filed.out, filed.err) == (1, b"", "")
    assert out.read_bytes() == piped.out


@pytest.mark.skipif(sys.platform == "win32", reason="left out: pipes break otherwise on Windows")
def test_a_reader_that_leaves_early_is_no_accident(start: Callable[..., Any]) -> None:
    """``| head -1`` ends the run without a traceback."""
    pipe = subprocess.PIPE
    process = start("route", "-", stdin=pipe, stdout=pipe, stderr=pipe)
    process.stdout.close()
    process.stdout = None
    _, error = process.communicate((GOOD + b"\n") * 2_000, timeout=60)
    assert (process.returncode, error) == (1, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="left out: Windows has no such signal for one process")
def test_an_interrupted_run_leaves_no_half_file(start: Callable[..., Any], tmp_path: Path) -> None:
    """Ctrl-C in the middle leaves yesterday's answers whole and nothing beside them."""
    out = tmp_path / "out.jsonl"
    out.write_text("yesterday's")
    process = start("route", "-", "-o", out, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write((GOOD + b"\n") * 100)
    process.stdin.flush()
    deadline = time.monotonic() + 30
    while len(list(tmp_path.iterdir())) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(list(tmp_path.iterdir())) == 2
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 2
    assert process.stderr.read().decode() == "lockership: interrupted; no output file was left half written\n"
    assert list(tmp_path.iterdir()) == [out]
    assert out.read_text() == "yesterday's"
