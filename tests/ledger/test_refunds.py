"""Giving labels back: asked for once, looked up in doubt, never printed or sold again meanwhile."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from lockership.errors import InputError, LabelRejected, LabelUnavailable, LabelUncertain, LedgerConflict
from lockership.ledger import Ledger, State
from lockership.ledger.schema import PARCELS
from lockership.testing.fakes import FakeEasyPost, FakeShippo, Fault
from lockership.testing.servers import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lockership.address import Address
    from lockership.handoff import Handoff
    from lockership.labels.apis import LabelApi

Fake = FakeEasyPost | FakeShippo


@pytest.fixture
def ledger(tmp_path: Path, api: LabelApi, parcel_to: Handoff, sender: Address) -> Iterator[Ledger]:
    """Return a ledger with one bought label."""
    with Ledger(tmp_path / "ledger.db", station="dock-4", pause=lambda _: None) as made:
        made.buy(api, parcel_to, sender, order_id="A-1001")
        yield made


def test_a_label_is_given_back_once(fake: Fake, api: LabelApi, ledger: Ledger) -> None:
    """Given back, the parcel is voided; asked again, it is only said how the refund stands."""
    assert ledger.void(api, "A-1001", reason="torn").state is State.VOIDED
    entry = ledger.void(api, "A-1001")
    assert (entry.state, entry.refund, entry.reason) == (State.VOIDED, "submitted", "torn")
    assert fake.refunds == 1


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.CUT, Fault.BROKEN])
def test_a_refund_in_doubt_is_looked_up(fault: Fault, fake: Fake, api: LabelApi, ledger: Ledger) -> None:
    """A refund whose answer is lost is found, not asked for twice; meanwhile nobody prints the label."""
    fake.fail("refund", fault)
    with pytest.raises(LabelUncertain):
        ledger.void(api, "A-1001")
    assert ledger.label("A-1001") is None
    with pytest.raises(LedgerConflict, match="given back"):
        ledger.printed("A-1001")
    (settled,) = ledger.recover({api.name: api})
    assert (settled.state, settled.refund) == (State.VOIDED, "submitted")
    assert fake.refunds == 1


def test_a_label_that_may_be_given_back_is_not_sold_again(
    fake: Fake, api: LabelApi, ledger: Ledger, parcel_to: Handoff, sender: Address
) -> None:
    """While a refund is in doubt neither the old label nor a new one is handed out."""
    fake.fail("refund", Fault.LOST)
    with pytest.raises(LabelUncertain):
        ledger.void(api, "A-1001")
    with pytest.raises(LedgerConflict, match="given back"):
        ledger.buy(api, parcel_to, sender, order_id="A-1001")
    ledger.void(api, "A-1001")
    assert ledger.buy(api, parcel_to, sender, order_id="A-1001").reference == "A-1001/1/2"
    assert fake.purchases == 2


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.BUSY, LabelUnavailable),
        (Reply({"error": {"code": "SHIPMENT.REFUND.FAILURE", "message": "no"}}, 422), LabelRejected),
    ],
    ids=str,
)
def test_a_refund_that_is_refused_leaves_a_good_label(
    fault: Any, error: type[Exception], fake: Fake, api: LabelApi, ledger: Ledger
) -> None:
    """Refused or put off, the label stays good and can be printed; it may be given back later."""
    fake.fail("refund", fault)
    with pytest.raises(error):
        ledger.void(api, "A-1001")
    assert ledger.label("A-1001") is not None
    assert ledger.printed("A-1001").state is State.PRINTED
    assert ledger.void(api, "A-1001").state is State.VOIDED
    assert fake.refunds == 1


def test_a_refund_asked_for_elsewhere_is_adopted(fake: Fake, api: LabelApi, ledger: Ledger) -> None:
    """A label that was given back on the API's own page is found so, and no refund is asked for."""
    if isinstance(fake, FakeEasyPost):
        (shipment,) = fake.shipments.values()
        shipment["refund_status"] = "refunded"
    else:
        (transaction,) = fake.transactions.values()
        transaction["status"] = "REFUNDED"
    assert ledger.void(api, "A-1001").refund == "refunded"
    assert fake.refunds == 0


def test_what_became_of_the_money_is_followed(fake: Fake, api: LabelApi, ledger: Ledger) -> None:
    """A submitted refund that was refused in the end is told as such; the label stays void."""
    ledger.void(api, "A-1001")
    if isinstance(fake, FakeEasyPost):
        (shipment,) = fake.shipments.values()
        shipment["refund_status"] = "rejected"
    else:
        (transaction,) = fake.transactions.values()
        transaction["status"] = "REFUNDREJECTED"
    entry = ledger.void(api, "A-1001")
    assert (entry.state, entry.refund) == (State.VOIDED, "rejected")


def test_only_what_is_bought_can_be_given_back(api: LabelApi, ledger: Ledger) -> None:
    """An unknown order, a fallback label and another API's label are refused in words."""
    with pytest.raises(LedgerConflict, match="does not know"):
        ledger.void(api, "B-1")
    ledger.fallback("B-1")
    with pytest.raises(LedgerConflict, match="nobody's"):
        ledger.void(api, "B-1")

    class Other:
        name = "another"

    other: Any = Other()
    with pytest.raises(LedgerConflict, match="not another's"):
        ledger.void(other, "A-1001")


def test_a_paper_is_to_be_covered_until_the_label_is_printed(
    api: LabelApi, ledger: Ledger, parcel_to: Handoff, sender: Address
) -> None:
    """That a fallback label lies somewhere is remembered through every attempt, until one is printed."""
    ledger.fallback("B-1")
    ledger.buy(api, parcel_to, sender, order_id="B-1")
    ledger.void(api, "B-1")
    ledger.buy(api, parcel_to, sender, order_id="B-1")
    entry = ledger.entry("B-1")
    assert entry is not None
    assert entry.covers
    assert not ledger.printed("B-1").covers


def test_a_webhook_is_acted_on_once(ledger: Ledger) -> None:
    """The same event is fresh once; if acting on it failed, the API's next try is fresh again."""
    seen: list[bool] = []
    with suppress(RuntimeError), ledger.once("easypost", "evt_1") as fresh:
        seen.append(fresh)
        raise RuntimeError
    for _ in range(3):
        with ledger.once("easypost", "evt_1") as fresh:
            seen.append(fresh)
    with ledger.once("shippo", "evt_1") as fresh:
        seen.append(fresh)
    assert seen == [True, True, False, False, True]
    with pytest.raises(InputError), ledger.once("easypost", ""):
        pass


def test_a_spoilt_file_in_the_ledger_is_not_printed(ledger: Ledger) -> None:
    """A label's file that is not what was fetched is left out, with a warning."""
    from lockership.ledger.schema import FILES

    with ledger._book._database.writing() as cursor:
        cursor.execute(f"UPDATE {FILES.name} SET content = x'89504e47'")  # noqa: S608 - our own table's name
    label = ledger.label("A-1001")
    assert label is not None
    assert (label.file, label.warnings) == (None, ("file_not_fetched",))


def test_a_ledger_of_the_first_schema_is_brought_up_to_date(tmp_path: Path, parcel_to: Handoff) -> None:
    """A ledger written by the first version keeps its rows and learns refunds, covers and webhooks."""
    where = tmp_path / "old.db"
    with Ledger(where) as ledger:
        ledger.fallback("A-1")
    engine = sa.create_engine(f"sqlite:///{where}")
    with engine.begin() as connection:
        for column in ("refund", "covers"):
            connection.execute(sa.text(f"ALTER TABLE {PARCELS.name} DROP COLUMN {column}"))
        connection.execute(sa.text("DROP TABLE lockership_heard"))
        connection.execute(sa.text("UPDATE lockership_schema SET version = 1"))
    engine.dispose()
    with Ledger(where) as ledger:
        entry = ledger.entry("A-1")
        assert entry is not None
        assert (entry.state, entry.refund, entry.covers) == (State.FALLBACK, "", False)
        with ledger.once("easypost", "evt_1") as fresh:
            assert fresh
