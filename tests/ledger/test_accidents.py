"""What happens to machines: full disks, locked files, clocks set back, labels that break off."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

import pytest

from lockership.errors import LabelError, LedgerConflict, LedgerUnavailable
from lockership.ledger import Ledger, State
from lockership.testing.fakes import PDF, PNG, ZPL, FakeEasyPost, FakeShippo, Fault
from lockership.testing.servers import Reply

if TYPE_CHECKING:
    from pathlib import Path

    from lockership.address import Address
    from lockership.handoff import Handoff
    from lockership.labels.apis import LabelApi

Fake = FakeEasyPost | FakeShippo


def pragma(ledger: Ledger, text: str) -> Any:
    """Tell SQLite something on the ledger's own connection."""
    with ledger._book._database.reading() as cursor:
        cursor.execute(f"PRAGMA {text}")
        row = cursor.fetchone()
        return None if row is None else row[0]


@pytest.mark.parametrize("pages", range(8))
def test_a_full_disk_buys_nothing_that_is_not_written(
    pages: int, fake: Fake, api: LabelApi, parcel_to: Handoff, sender: Address, tmp_path: Path
) -> None:
    """Wherever the disk runs full, it is said; each label that was sold is found when there is room."""
    orders = [f"A-{number:02}" for number in range(60)]
    with Ledger(tmp_path / "ledger.db", pause=lambda _: None) as ledger:
        ledger.buy(api, parcel_to, sender, order_id="first")
        pragma(ledger, f"max_page_count={pragma(ledger, 'page_count') + pages}")
        with pytest.raises(LedgerUnavailable, match="full"):
            list(map(lambda order: ledger.buy(api, parcel_to, sender, order_id=order), orders))  # noqa: C417 - one statement
        with suppress(LedgerUnavailable, LedgerConflict):
            ledger.buy(api, parcel_to, sender, order_id="another")
        written = {entry.reference for entry in ledger.entries()}
        assert set(fake.bought_for) <= written
        pragma(ledger, "max_page_count=100000")
    with Ledger(tmp_path / "ledger.db", pause=lambda _: None) as ledger:
        ledger.recover({api.name: api}, stopped={entry.station for entry in ledger.entries()})
        for order in orders[:20]:
            with suppress(LedgerConflict):  # taken just before the disk ran full: free when the lease is out
                ledger.buy(api, parcel_to, sender, order_id=order)
        labels = {entry.reference for entry in ledger.entries(State.BOUGHT)}
    assert labels == set(fake.bought_for)
    assert set(fake.bought_for.values()) == {1}


def test_a_locked_ledger_is_said_to_be_locked(
    fake: Fake, api: LabelApi, parcel_to: Handoff, sender: Address, tmp_path: Path
) -> None:
    """While another program holds the file, nothing is asked or bought; afterwards all goes on."""
    with Ledger(tmp_path / "ledger.db") as ledger:
        pragma(ledger, "busy_timeout=100")
        with closing(sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(LedgerUnavailable, match="locked"):
                ledger.buy(api, parcel_to, sender, order_id="A-1")
            assert fake.requests == []
            other.execute("ROLLBACK")
        assert ledger.buy(api, parcel_to, sender, order_id="A-1").tracking_number
    assert fake.purchases == 1


def test_a_ledger_that_is_locked_after_a_purchase_loses_nothing(
    fake: Fake, api: LabelApi, parcel_to: Handoff, sender: Address, tmp_path: Path
) -> None:
    """If the label cannot be written down, that is said, and it is found later and not bought again."""
    with (
        closing(sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)) as other,
        Ledger(tmp_path / "ledger.db", pause=lambda _: None) as ledger,
    ):
        pragma(ledger, "busy_timeout=100")

        class Locking:
            name = api.name
            price = api.price
            look_up = api.look_up

            def buy(self, *asked: Any) -> Any:
                label = api.buy(*asked)
                other.execute("BEGIN IMMEDIATE")
                return label

        locking: Any = Locking()
        with pytest.raises(LedgerUnavailable, match="locked"):
            ledger.buy(locking, parcel_to, sender, order_id="A-1")
        other.execute("ROLLBACK")
        (found,) = ledger.recover({api.name: api}, stopped=[ledger.station])
        assert found.state is State.BOUGHT
    assert fake.purchases == 1


def test_a_read_only_ledger_can_be_read_and_sells_nothing(
    fake: Fake, api: LabelApi, parcel_to: Handoff, sender: Address, tmp_path: Path
) -> None:
    """A ledger that may not be written says so before anything is asked."""
    with Ledger(tmp_path / "ledger.db") as ledger:
        ledger.fallback("A-1")
        pragma(ledger, "query_only=1")
        assert ledger.entry("A-1") is not None
        with pytest.raises(LedgerUnavailable, match="readonly"):
            ledger.buy(api, parcel_to, sender, order_id="A-2")
    assert fake.requests == []


@pytest.mark.parametrize("content", [b"", b"this is no database " * 300])
def test_a_file_that_is_no_ledger_is_not_written_over(content: bytes, tmp_path: Path) -> None:
    """An empty file becomes a ledger; any other file is refused and stays as it is."""
    where = tmp_path / "ledger.db"
    where.write_bytes(content)
    if not content:
        with Ledger(where) as ledger:
            assert ledger.entries() == []
        return
    with pytest.raises(LedgerUnavailable, match="not a database"):
        Ledger(where)
    assert where.read_bytes() == content


def test_a_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    """A ledger cannot be made in a folder that does not exist."""
    with pytest.raises(LedgerUnavailable, match="unable to open"):
        Ledger(tmp_path / "nowhere" / "ledger.db")


@pytest.mark.parametrize("back", [1, 60, 60 * 24 * 400])
def test_a_clock_that_is_set_back_never_buys_twice(
    back: int, fake: Fake, api: LabelApi, parcel_to: Handoff, sender: Address, tmp_path: Path, clock: Any
) -> None:
    """Set back at any step, a clock makes others wait, and nothing is bought twice or lost."""

    class Jumping:
        name = api.name
        look_up = api.look_up

        def price(self, *asked: Any, **more: Any) -> Any:
            clock.pass_(-back)
            return api.price(*asked, **more)

        def buy(self, *asked: Any) -> Any:
            clock.pass_(-back)
            return api.buy(*asked)

    jumping: Any = Jumping()
    with Ledger(tmp_path / "ledger.db", station="dock-4", clock=clock, pause=lambda _: None) as ledger:
        fake.fail("buy", Fault.LOST)
        with suppress(LabelError):
            ledger.buy(jumping, parcel_to, sender, order_id="A-1")
        clock.pass_(-back)
        with Ledger(tmp_path / "ledger.db", station="dock-5", clock=clock, pause=lambda _: None) as other:
            for one in (other, ledger, other):
                with suppress(LedgerConflict):
                    one.buy(jumping, parcel_to, sender, order_id="A-1")
        clock.pass_(4 * back + 11)
        assert ledger.buy(api, parcel_to, sender, order_id="A-1").tracking_number
    assert fake.purchases == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        PNG[:200],
        PNG[:-40],
        PDF[:60],
        ZPL[:-6],
        b"<html>Bad Gateway</html>",
        PNG[:16] + b"\0\0\0\1" * 2 + PNG[24:],
    ],
    ids=["empty", "half PNG", "most of a PNG", "half PDF", "ZPL without end", "HTML", "one dot"],
)
def test_a_label_that_breaks_off_is_fetched_again(
    content: bytes, fake: Fake, api: LabelApi, parcel_to: Handoff, sender: Address, tmp_path: Path
) -> None:
    """A file that is not whole is never kept as a label; it is fetched again, for nothing."""
    fake.fail("file", Reply(content, content_type="image/png"))
    with Ledger(tmp_path / "ledger.db") as ledger:
        label = ledger.buy(api, parcel_to, sender, order_id="A-1")
        assert (label.file, label.warnings) == (None, ("file_not_fetched",))
        ledger.recover({})
        whole = ledger.label("A-1")
        assert whole is not None
        assert whole.file is not None
    assert fake.purchases == 1


def test_opening_says_no_password() -> None:
    """An address that cannot be reached is told without the password that stands in it."""
    pytest.importorskip("psycopg", reason="left out: psycopg is not installed")
    with pytest.raises(LedgerUnavailable) as caught:
        Ledger("postgresql+psycopg://ledger:s3cret@127.0.0.1:9/ledger")
    assert "s3cret" not in str(caught.value)
