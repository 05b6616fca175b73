"""A night's labels by ``lockership ship``: interrupted, resumed, recovered, given back, listed."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import stat
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest
from pypdf import PdfReader, PdfWriter

from lockership.testing import shop
from lockership.testing.fakes import PDF, FakeEasyPost, FakeShippo, Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SENDER = {
    "name": "Dock 4",
    "street1": "1990 E Grand Ave",
    "city": "El Segundo",
    "state": "CA",
    "zip": "90245",
    "phone": "3105550100",
    "email": "dock4@example.com",
}
HOME = {
    "name": "Zhang Wei",
    "street1": "417 Montgomery St",
    "city": "Los Angeles",
    "state": "CA",
    "zip": "90026",
}
POINT = HOME | {"company": "UPS Access Point - CVS 8421", "street1": "1250 W Sunset Blvd"}
BOX = {"length": 14, "width": 10, "height": 6, "dimension_unit": "in", "weight": 8.2, "weight_unit": "lb"}


def encrypted() -> bytes:
    """Return a PDF that asks for a password."""
    writer = PdfWriter(PdfReader(io.BytesIO(PDF)))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


KEYS = ("EZTKsecret4711", "shippo_test_secret4711")


ENCRYPTED = encrypted()


def pages(path: Path) -> list[str]:
    """Return whose label each page is: the order that a fallback page names, or the carrier's."""
    document = pypdfium2.PdfDocument(path)
    try:
        texts = [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()
    found = (re.search(r"\bA-[0-9]", text) for text in texts)
    return [name[0] if name else "carrier" for name in found]


def order(
    order_id: object, ship_to: dict[str, str] = HOME, carrier: str = "usps", **more: Any
) -> dict[str, Any]:
    """Return one order."""
    return {"order_id": order_id, "carrier": carrier, "ship_to": ship_to, "parcel": BOX, **more}


class Night:
    """A folder with orders, both fakes, and the command as it is run there."""

    def __init__(
        self, where: Path, run: Callable[..., Any], easypost: FakeEasyPost, shippo: FakeShippo
    ) -> None:
        self.where = where
        self.easypost = easypost
        self.shippo = shippo
        self._run = run
        (where / "sender.json").write_text(json.dumps(SENDER))
        self.urls = ["--api-url", f"easypost={easypost.base}", "--api-url", f"shippo={shippo.base}"]
        self.apis = ["--api", "easypost", "--api", "shippo", *self.urls]
        self.book = ["--ledger", where / "ledger.db", "--patience", "0.2"]
        self.shown: list[str] = []

    def orders(self, *orders: dict[str, Any]) -> None:
        """Write the file of orders."""
        (self.where / "orders.jsonl").write_text("".join(json.dumps(one) + "\n" for one in orders))

    @property
    def words(self) -> list[Any]:
        """The words of the command."""
        folder = self.where
        return [
            *("ship", folder / "orders.jsonl", "--out", folder / "out", "--sender", folder / "sender.json"),
            *self.apis,
            *self.book,
        ]

    def ship(self, *more: object) -> Any:
        """Run the command."""
        return self.run(*self.words, *more)

    def run(self, *words: object) -> Any:
        """Run any command, and keep what it showed."""
        ran = self._run(*words)
        self.shown.append(ran.out.decode() + ran.err)
        return ran

    @property
    def manifest(self) -> list[dict[str, str]]:
        """The manifest's rows."""
        with (self.where / "out" / "manifest.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    @property
    def states(self) -> list[str]:
        """What became of each parcel."""
        return [row["state"] for row in self.manifest]


@pytest.fixture
def night(tmp_path: Path, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Night]:
    """Return a folder with both fakes; at the end no key and no buyer was shown or written anywhere."""
    monkeypatch.setenv("EASYPOST_API_KEY", KEYS[0])
    monkeypatch.setenv("SHIPPO_API_KEY", KEYS[1])
    monkeypatch.delenv("LOCKERSHIP_LEDGER", raising=False)
    with FakeEasyPost() as easypost, FakeShippo() as shippo:
        made = Night(tmp_path, run, easypost, shippo)
        yield made
    told = "".join(made.shown)
    assert not any(secret in told for secret in (*KEYS, "Zhang", "Montgomery"))
    for path in tmp_path.rglob("*"):
        if path.is_file() and path.name not in ("keys", "orders.jsonl"):
            assert not any(key.encode() in path.read_bytes() for key in KEYS), path


def test_a_night_is_bought_and_the_rest_falls_back(night: Night) -> None:
    """Homes get carriers' labels, an access point a fallback label, a bad record its row."""
    night.orders(
        order("A-1"),
        order("A-2", POINT, "ups", location={"id": "U88498244"}),
        order("A-3", POINT, "fedex"),
        {"order_id": "A-4"},
        order("A-5", carrier="ups"),
    )
    ran = night.ship()
    assert ran.status == 1  # a record could not be read
    assert night.states == ["bought", "fallback", "review", "error", "bought"]
    assert [row["order_id"] for row in night.manifest] == ["A-1", "A-2", "A-3", "A-4", "A-5"]
    assert b"2 bought, 1 fallback, 1 review, 1 error" in ran.out
    assert b"easypost   2 labels, 15.17 USD  (ups 1, usps 1)" in ran.out
    out = night.where / "out"
    assert {path.name for path in out.iterdir()} == {"labels", "labels.pdf", "manifest.csv"}
    assert [row["file"] for row in night.manifest if row["file"]] == [
        "labels/00001-A-1-1.png",
        "labels/00005-A-5-1.png",
    ]
    assert pages(out / "labels.pdf") == ["carrier", "A-2", "A-3", "carrier"]


def test_run_again_it_buys_nothing_and_writes_the_same(night: Night) -> None:
    """The same command again gives the same manifest and pages, and pays nothing."""
    night.orders(*(order(f"A-{n}") for n in range(8)))
    assert night.ship().status == 0
    before = night.manifest, (night.where / "out" / "labels.pdf").read_bytes()
    assert night.ship().status == 0
    assert (night.manifest, (night.where / "out" / "labels.pdf").read_bytes()) == before
    assert night.easypost.purchases == 8


def test_a_label_that_comes_later_is_told_until_it_is_printed(night: Night) -> None:
    """A parcel on fallback whose label comes is named under relabel, with a page to stick over the paper."""
    night.orders(order("A-1"))
    for fake in (night.easypost, night.shippo):
        fake.fail("create", Fault.DOWN, times=2)
    assert night.ship().status == 0
    assert night.states == ["fallback"]
    for _ in range(2):
        ran = night.ship()
        assert b"relabel    A-1:" in ran.out
        assert night.manifest[0]["relabel"] == "yes"
        assert pages(night.where / "out" / "labels.pdf") == ["A-1", "carrier"]
    assert night.run("printed", "A-1", *night.book).out == b"1 printed\n"
    assert b"relabel" not in night.ship().out
    assert night.manifest[0]["relabel"] == ""


def test_one_pdf_holds_every_label_in_pick_order(night: Night) -> None:
    """With --format pdf carriers' own pages and fallback labels stand in one file, each in its size."""
    night.orders(order("A-1"), order("A-2", POINT, "ups", location={"id": "U88498244"}), order("A-3"))
    ran = night.ship("--format", "pdf")
    assert ran.status == 0
    out = night.where / "out"
    assert [row["file"] for row in night.manifest] == ["labels/00001-A-1-1.pdf", "", "labels/00003-A-3-1.pdf"]
    assert pages(out / "labels.pdf") == ["carrier", "A-2", "carrier"]
    before = (out / "labels" / "00001-A-1-1.pdf").read_bytes()
    assert before.startswith(b"%PDF-")
    assert {path.name for path in out.iterdir()} == {"labels", "labels.pdf", "manifest.csv"}


@pytest.mark.parametrize("spoilt", [b"%PDF-1.4\nnothing\n%%EOF\n", ENCRYPTED])
def test_a_pdf_that_cannot_be_taken_over_stays_a_file_and_is_told(
    spoilt: bytes, night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken or encrypted carrier file is named; every other label is in the stream all the same."""
    night.orders(order("A-1"))
    with monkeypatch.context() as patched:
        patched.setitem(shop.FILES, "pdf", (spoilt, "application/pdf"))
        night.ship("--format", "pdf")
    night.orders(order("A-1"), order("A-2"), order("A-3"))
    ran = night.ship("--format", "pdf")
    assert ran.status == 0
    assert pages(night.where / "out" / "labels.pdf") == ["carrier", "carrier"]
    first = night.manifest[0]
    assert (night.where / "out" / first["file"]).read_bytes() == spoilt
    assert "not in labels.pdf, print its file" in first["reason"]
    assert b"1 not in labels.pdf, print their files (manifest.csv says which): A-1" in ran.out


def test_without_pypdf_carriers_pdfs_stay_single_files(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where pypdf is not installed the files are as before, and the run says how to get one PDF."""
    from lockership.labels import pages as module

    monkeypatch.setattr(module, "find_spec", lambda _: None)
    night.orders(order("A-1"), order("A-2", POINT, "ups", location={"id": "U88498244"}))
    for form, files in (
        ("pdf", {"fallback.pdf", "labels", "manifest.csv"}),
        ("png", {"carrier.pdf", "fallback.pdf", "labels", "manifest.csv"}),
    ):
        (night.where / "ledger.db").unlink(missing_ok=True)
        ran = night.ship("--format", form)
        assert {path.name for path in (night.where / "out").iterdir()} == files
        assert b"pip install 'lockership[pdf]'" in ran.out


def test_several_apis_may_be_named_in_one_word(night: Night) -> None:
    """``--api shippo,easypost`` is the same as naming each; an unknown one is refused with the known."""
    night.orders(order("A-1"))
    night.apis = ["--api", "shippo, easypost", *night.urls]
    assert night.ship().status == 0
    assert [row["api"] for row in night.manifest] == ["shippo"]
    night.apis = ["--api", "easypost,upss", *night.urls]
    ran = night.ship()
    assert (ran.status, "'upss' is not one of easypost, shippo" in ran.err) == (2, True)


def test_what_was_printed_is_written_down(night: Night) -> None:
    """Orders, single parcels or a whole manifest are marked; what cannot be is told, the rest is marked."""
    several = order("A-2")
    del several["parcel"]
    night.orders(
        order("A-1"),
        several | {"parcels": [BOX, BOX]},
        order("=3"),
        order("A-4", POINT, "ups", location={"id": "U88498244"}),
    )
    night.ship()
    assert night.run("printed", "A-2/2", "A-9", *night.book).status == 1
    ran = night.run("printed", "A-4", *night.book)
    assert (ran.status, "no way leads to printed" in ran.err) == (2, True)
    manifest = night.where / "out" / "manifest.csv"
    ran = night.run("printed", "--manifest", manifest, *night.book)
    assert (ran.status, ran.out) == (0, b"4 printed\n")
    rows = night.run("ledger", *night.book, "--format", "jsonl", "--state", "printed").answers
    assert {(row["order_id"], row["parcel"]) for row in rows} == {
        ("=3", 1),
        ("A-1", 1),
        ("A-2", 1),
        ("A-2", 2),
    }
    assert night.ship().status == 0  # and printing is not buying
    assert night.easypost.purchases == 4
    assert night.run("printed", *night.book).status == 2
    manifest.write_bytes(b"\xff\xfe")
    assert "expected a manifest.csv of ship" in night.run("printed", "--manifest", manifest, *night.book).err


def test_a_manifest_of_labels_that_are_replaced_marks_none_of_them(night: Night) -> None:
    """A label that was given back and bought anew since is another one: it is not taken for printed."""
    night.orders(order("A-1"))
    night.ship()
    before = (night.where / "out" / "manifest.csv").read_bytes()
    night.run("void", *night.urls, *night.book, "A-1")
    night.ship()
    (night.where / "old.csv").write_bytes(before)
    ran = night.run("printed", "--manifest", night.where / "old.csv", *night.book)
    assert (ran.status, "it has another label by now" in ran.err) == (2, True)


def test_a_person_settles_what_no_api_can_tell(night: Night) -> None:
    """A tracking number makes it bought, "not bought" lets it be bought; what is not in doubt is refused."""
    night.easypost.fail("get", Fault.DOWN, times=100)
    for name in ("A-1", "A-2"):
        night.orders(order(name))
        night.easypost.fail("buy", Fault.LOST)
        night.ship()
        assert night.states == ["in doubt"]
    night.orders(order("A-1"), order("A-2"))
    settle = ["settle", *night.book]
    ran = night.run(*settle, "A-1", "--bought", "9400000000000000000001", "--reason", "Ann, by telephone")
    assert (ran.status, ran.out) == (0, b"A-1: bought 9400000000000000000001\n")
    ran = night.run(*settle, "A-2/1", "--not-bought")
    assert (ran.status, ran.out) == (0, b"A-2: was not bought; ship it again\n")
    for words in (["A-1", "--not-bought"], ["A-9", "--not-bought"], ["A-2"], ["A-2", "--bought", " "]):
        assert night.run(*settle, *words).status == 2
    history = night.run("ledger", *night.book, "--history").answers
    assert "Ann, by telephone" in [event["facts"].get("reason") for event in history]
    night.ship()
    assert night.states == ["bought", "bought"]
    assert [row["file"] != "" for row in night.manifest] == [False, True]


def test_a_label_that_was_given_back_elsewhere_is_written_down(night: Night) -> None:
    """With --elsewhere no API is asked and no key is needed; the next run buys anew."""
    night.orders(order("A-1"))
    night.ship()
    ran = night.run("void", "--elsewhere", *night.book, "A-1")
    assert (ran.status, ran.out.startswith(b"A-1: written down as given back, 94")) == (0, True)
    assert night.easypost.refunds == 0
    assert night.run("void", "--elsewhere", *night.book, "A-1").status == 0
    night.ship()
    assert night.easypost.purchases == 2


def test_zpl_is_one_stream_in_pick_order(night: Night) -> None:
    """With --format zpl all labels stand in one file, in the order of the orders."""
    night.orders(order("A-1"), order("A-2", POINT, "ups", location={"id": "U88498244"}), order("A-3"))
    assert night.ship("--format", "zpl").status == 0
    stream = (night.where / "out" / "labels.zpl").read_bytes()
    assert stream.count(b"^XZ") == 3
    assert stream.startswith(b"^XA^PW812^LL1218^FO50,50")
    assert stream.rstrip().endswith(b"^FDSAMPLE^FS^XZ")
    assert b"FDSAMPLE" not in stream[60:-60]


def test_files_of_a_run_before_do_not_lie_about(night: Night) -> None:
    """With other orders in the same folder, labels of the run before are taken away; the ledger has them."""
    night.orders(order("A-1"), order("A-2"))
    night.ship()
    night.orders(order("A-2"))
    night.ship("--format", "pdf")
    labels = sorted(path.name for path in (night.where / "out" / "labels").iterdir())
    assert labels == ["00001-A-2-1.png"]
    assert not (night.where / "out" / "carrier.pdf").exists()


def test_the_same_parcel_twice_in_a_file_is_one_label(night: Night) -> None:
    """A repeated order is an error of its own; it is not bought, and its label is not printed twice."""
    night.orders(order("A-1"), order("A-1"))
    assert night.ship().status == 1
    assert night.states == ["bought", "error"]
    assert "stands at 1 already" in night.manifest[1]["reason"]
    assert night.easypost.purchases == 1


def test_several_parcels_of_an_order_are_several_labels(night: Night) -> None:
    """Each parcel of an order has its row and its label, whatever the order id looks like."""
    several = order(17)
    del several["parcel"]
    night.orders(several | {"parcels": [BOX, BOX]}, order("=1+1/../x"))
    assert night.ship().status == 0
    assert [(row["order_id"], row["parcel"]) for row in night.manifest] == [
        ("17", "1"),
        ("17", "2"),
        ("'=1+1/../x", "1"),
    ]
    assert night.manifest[2]["file"] == "labels/00003-_1_1_.._x-1.png"


def test_a_dry_run_buys_and_writes_nothing(night: Night) -> None:
    """A dry run shows prices and reasons; no label is bought, no ledger, no folder is made."""
    night.orders(order("A-1"), order("A-2", POINT, "ups", location={"id": "U88498244"}), {"order_id": "A-3"})
    ran = night.ship("--dry-run")
    assert ran.status == 1
    assert b"would buy usps GroundAdvantage, 6.07 USD, easypost" in ran.out
    assert b"would get a fallback label" in ran.out
    assert b"1 labels would be bought for 6.07 USD; nothing was bought" in ran.out
    assert night.easypost.purchases == 0
    assert not (night.where / "ledger.db").exists()
    assert not (night.where / "out").exists()
    night.ship()
    assert b"bought before, easypost 94" in night.ship("--dry-run").out


def test_a_highest_price_is_kept(night: Night) -> None:
    """Above --max-price nothing is bought."""
    night.orders(order("A-1"))
    night.ship("--max-price", "5.00")
    assert night.states == ["fallback"]
    assert night.easypost.purchases == night.shippo.purchases == 0
    assert night.ship("--max-price", "free").status == 2


def test_keys_come_from_a_file_that_only_its_owner_reads(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key file is read when it is private, refused when others may read it, and never repeated."""
    monkeypatch.delenv("EASYPOST_API_KEY")
    monkeypatch.delenv("SHIPPO_API_KEY")
    night.orders(order("A-1"))
    ran = night.ship()
    assert ran.status == 2
    assert "EASYPOST_API_KEY" in ran.err
    keys = night.where / "keys"
    keys.write_text(f"# ours\nexport EASYPOST_API_KEY='{KEYS[0]}'\nSHIPPO_API_KEY={KEYS[1]}\n")
    for mode in (0o644, 0o640, 0o604, 0o620):
        keys.chmod(mode)
        ran = night.ship("--key-file", keys)
        assert (ran.status, "chmod 600 keys" in ran.err) == (2, True)
    keys.chmod(stat.S_IRUSR)
    assert night.ship("--key-file", keys).status == 0
    keys.chmod(0o600)
    keys.write_text(f"{KEYS[0]}\n")
    ran = night.ship("--key-file", keys)
    assert ran.status == 2
    assert "line 1: expected one of" in ran.err


def test_keys_go_to_no_other_machine(night: Night) -> None:
    """The option for tests takes addresses on this machine only."""
    night.orders(order("A-1"))
    for url in ("easypost=https://example.com/v2", "nobody=http://127.0.0.1", "http://127.0.0.1"):
        assert night.run(*night.words, "--api-url", url).status == 2


@pytest.mark.parametrize("lacking", ["--sender", "--ledger"])
def test_what_is_needed_is_named(lacking: str, night: Night) -> None:
    """Without a warehouse or a ledger nothing is bought, and the option is named."""
    night.orders(order("A-1"))
    words = night.words
    place = words.index(lacking)
    ran = night.run(*words[:place], *words[place + 2 :])
    assert (ran.status, lacking in ran.err) == (2, True)
    assert night.easypost.purchases == 0


@pytest.mark.skipif(os.name != "posix", reason="left out: this machine sends no SIGINT to a process")
def test_an_interrupted_night_is_finished_by_the_same_command(
    night: Night, start: Callable[..., Any]
) -> None:
    """Ctrl-C leaves ledger and files in agreement; run again, the rest is bought, nothing twice."""
    night.orders(*(order(f"A-{n}") for n in range(120)))
    running = start(*night.words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 30
    while night.easypost.purchases < 10 and time.monotonic() < until:
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    night.shown.append(out + err)
    assert running.returncode == 2
    assert "run the same command again" in err.lower()
    done = night.easypost.purchases
    assert 10 <= done < 120
    assert night.states == ["bought"] * done
    assert len(list((night.where / "out" / "labels").iterdir())) == done
    assert night.ship().status == 0
    assert night.states == ["bought"] * 120
    assert night.easypost.purchases == len(night.easypost.bought_for) == 120


def test_a_doubt_is_told_recovered_and_shipped(night: Night) -> None:
    """A parcel in doubt has neither label nor paper; recover finds it, and the next run prints it."""
    night.orders(order("A-1"))
    night.easypost.fail("buy", Fault.LOST)
    night.easypost.fail("get", Fault.DOWN, times=100)
    ran = night.ship()
    assert ran.status == 2
    assert night.states == ["in doubt"]
    assert b"1 in doubt" in ran.out
    assert not (night.where / "out" / "fallback.pdf").exists()
    recover = ["recover", *night.apis, *night.book]
    assert night.run(*recover).status == 1
    night.easypost._faults["get"].clear()
    ran = night.run(*recover)
    assert (ran.status, ran.out.startswith(b"A-1: bought 94")) == (0, True)
    assert night.ship().status == 0
    assert night.easypost.purchases == 1


def test_labels_are_given_back(night: Night) -> None:
    """All bought labels of an order are given back; how refunds stand and what cannot be is told."""
    several = order("A-2")
    del several["parcel"]
    night.orders(order("A-1"), several | {"parcels": [BOX, BOX]})
    night.ship()
    void = ["void", *night.urls, *night.book]
    ran = night.run(*void, "A-1", "B-9")
    assert ran.status == 1
    assert b"A-1: given back, refund submitted, 94" in ran.out
    assert "B-9: there is no bought label" in ran.err
    assert night.run(*void, "A-2", "--parcel", "2").out.startswith(b"A-2/2: given back")
    assert night.easypost.refunds == 2
    ran = night.run("ledger", *night.book)
    assert b"1 bought, 2 voided; 6.07 USD paid" in ran.out
    assert night.run(*void, "B-9").status == 2


def test_the_ledger_is_listed(night: Night) -> None:
    """The table shows every parcel; JSON Lines hold the same, by state, and the whole history."""
    night.orders(order("A-1"), order("A-2", POINT, "ups", location={"id": "U88498244"}))
    night.ship()
    table = night.run("ledger", *night.book).out.decode()
    assert "A-1    bought" in table
    assert "1 bought, 1 fallback; 6.07 USD paid" in table
    (entry,) = night.run("ledger", *night.book, "--format", "jsonl", "--state", "bought").answers
    assert (entry["order_id"], entry["state"], entry["amount"], entry["warnings"]) == (
        "A-1",
        "bought",
        "6.07",
        [],
    )
    assert "url" not in entry
    history = night.run("ledger", *night.book, "--history").answers
    assert [event["state"] for event in history if event["order_id"] == "A-1"][:3] == [
        "asked",
        "priced",
        "buying",
    ]


def test_looking_makes_no_ledger(night: Night) -> None:
    """A ledger that is not there is an error, not an empty one."""
    ran = night.run("ledger", *night.book)
    assert (ran.status, "there is no ledger" in ran.err) == (2, True)
    assert not (night.where / "ledger.db").exists()


def test_a_ledger_that_cannot_be_written_is_said_plainly(night: Night) -> None:
    """A file that is no database stops the command before anything is bought."""
    night.orders(order("A-1"))
    (night.where / "ledger.db").write_bytes(
        b"this is no database, but it is long enough to be looked at" * 20
    )
    ran = night.ship()
    assert ran.status == 2
    assert "the ledger cannot be used" in ran.err
    assert night.easypost.purchases == 0
