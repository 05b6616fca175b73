"""EasyPost and Shippo to test against: servers on this machine, with state, a till, and faults on order.

A warehouse system that buys labels is tested best by the accidents that are rare in life: the answer
that is lost after the money is spent.  These fakes speak enough of both APIs for the real SDKs, count
what was bought, and fail as they are told.

>>> from lockership.labels.apis import EasyPost, easypost_client
>>> with FakeEasyPost() as fake:
...     api = EasyPost(easypost_client("EZTK-test", base=fake.base))
...     fake.fail("buy", Fault.LOST)  # the next purchase happens, and its answer never arrives
...     fake.purchases
0

What they leave out, they refuse with 404.  Where they decide what the real services are not known to
do, they are the stricter: Shippo's buys the same rate twice when it is asked twice.
"""

from __future__ import annotations

import json
from typing import Any

from lockership.labels.answers import entries
from lockership.testing.servers import Fault, Reply, Request
from lockership.testing.shop import FILES, MOMENT, OWNER, PDF, PNG, RATES, ZPL, Shop, ending_of, file_for, no
from lockership.testing.webhooks import WebhookFault, sign_easypost, sign_shippo

__all__ = ["PDF", "PNG", "RATES", "ZPL", "FakeEasyPost", "FakeShippo", "Fault", "WebhookFault"]


class FakeEasyPost(Shop):
    """EasyPost: shipments, purchases, look-ups, refunds, labels."""

    def __init__(self, rates: tuple[tuple[str, str, str, str], ...] = RATES) -> None:
        super().__init__(rates, sign_easypost)
        self.shipments: dict[str, dict[str, Any]] = {}
        self._trackers: dict[str, dict[str, Any]] = {}

    @property
    def base(self) -> str:
        """The address to give to a client."""
        return f"{self.url}/v2"

    def _step(self, asked: Request) -> str:
        parts = asked.path.strip("/").split("/")
        if parts[0] == "files":
            return "file"
        if asked.method == "POST":
            return parts[-1] if parts[-1] in ("buy", "refund") else "create"
        return "get"

    def _act(self, step: str, asked: Request) -> Reply:
        if step == "file":
            return file_for(asked)
        parts = asked.path.strip("/").split("/")
        if step == "create" and asked.path == "/v2/shipments":
            return Reply(self._create(json.loads(asked.body)["shipment"]), 201)
        shipment = self.shipments.get(parts[2]) if len(parts) > 2 else None
        if shipment is None:
            return no(404, "NOT_FOUND", "The requested resource could not be found.")
        if step == "refund":
            return self._refund(shipment)
        return self._buy(shipment, json.loads(asked.body)) if step == "buy" else Reply(shipment)

    def _refund(self, shipment: dict[str, Any]) -> Reply:
        if shipment["postage_label"] is None or shipment["refund_status"] is not None:
            return no(422, "SHIPMENT.REFUND.UNAVAILABLE", "There is nothing to refund.")
        self.refunds += 1
        shipment["refund_status"] = "submitted"
        return Reply(shipment)

    def _create(self, wanted: dict[str, Any]) -> dict[str, Any]:
        number = self._number()
        shipment: dict[str, Any] = {
            "id": f"shp_{number:032x}",
            "object": "Shipment",
            "mode": "test",
            "status": "unknown",
            "reference": wanted.get("reference") or None,
            "options": {**wanted.get("options", {}), "currency": "USD", "date_advance": 0},
            "to_address": {**wanted.get("to_address", {}), "object": "Address"},
            "from_address": {**wanted.get("from_address", {}), "object": "Address"},
            "parcel": wanted.get("parcel"),
            "messages": [],
            "postage_label": None,
            "tracking_code": None,
            "selected_rate": None,
            "refund_status": None,
        }
        shipment["rates"] = [
            {
                "id": f"rate_{number:024x}{place:08x}",
                "object": "Rate",
                "carrier": carrier,
                "service": service,
                "rate": price,
                "currency": "USD",
                "est_delivery_days": 3,
                "shipment_id": shipment["id"],
            }
            for place, (carrier, service, _, price) in enumerate(self.rates)
        ]
        self.shipments[shipment["id"]] = shipment
        return shipment

    def _buy(self, shipment: dict[str, Any], wanted: dict[str, Any]) -> Reply:
        if shipment["postage_label"] is not None:
            return no(422, "SHIPMENT.POSTAGE.EXISTS", "Postage already exists for this shipment.")
        rate = next((r for r in shipment["rates"] if r["id"] == wanted.get("rate", {}).get("id")), None)
        if rate is None:
            return no(422, "SHIPMENT.MISSING_RATE", "No such rate.")
        self._pay(shipment["reference"], rate["rate"])
        ending = ending_of(shipment["options"].get("label_format"))
        shipment |= {
            "tracking_code": f"94001002083{self._number():011}",
            "selected_rate": rate,
            "postage_label": {
                "object": "PostageLabel",
                "id": f"pl_{shipment['id'][4:]}",
                "label_file_type": FILES[ending][1],
                "label_url": f"{self.url}/files/{shipment['id']}.{ending}",
            },
        }
        if rate["carrier"] == "USPS":  # as the real one does when it buys USPS postage
            for field, value in shipment["to_address"].items():
                if field in ("name", "company", "street1", "street2", "city"):
                    shipment["to_address"][field] = value.upper()
        self._tracked(shipment)
        return Reply(shipment)

    def _tracked(self, shipment: dict[str, Any]) -> None:
        """Begin to follow a parcel, as the real one does when its label is bought."""
        number = shipment["tracking_code"]
        self._trackers[number] = {
            "id": f"trk_{self._number():032x}",
            "object": "Tracker",
            "mode": "test",
            "tracking_code": number,
            "status": "unknown",
            "status_detail": "unknown",
            "created_at": MOMENT,
            "updated_at": MOMENT,
            "shipment_id": shipment["id"],
            "carrier": shipment["selected_rate"]["carrier"],
            "tracking_details": [],
        }
        self._told("tracker.created", self._trackers[number], {})

    def _told(self, kind: str, result: dict[str, Any], before: dict[str, Any]) -> None:
        event: dict[str, Any] = {
            "id": f"evt_{self._number():032x}",
            "object": "Event",
            "mode": "test",
            "description": kind,
            "previous_attributes": before,
            "result": result,
            "created_at": MOMENT,
            "updated_at": MOMENT,
            "pending_urls": [],
            "completed_urls": [],
            "status": "pending",
        }
        self._outbox.add(kind, event)

    def track(self, tracking_number: str, status: str, detail: str = "") -> None:
        """Let the carrier see a parcel: ``in_transit``, ``available_for_pickup``, ``delivered``.

        Raises:
            KeyError: No label with this number was bought here.
        """
        with self._lock:
            tracker = self._trackers[tracking_number]
            before = {"status": tracker["status"]}
            seen = {"status": status, "status_detail": detail or "unknown"}
            details = {"object": "TrackingDetail", "message": "", "datetime": MOMENT, **seen}
            tracker |= seen | {"tracking_details": [*tracker["tracking_details"], details]}
            self._told("tracker.updated", tracker, before)


class FakeShippo(Shop):
    """Shippo: shipments, transactions, their list, refunds, labels."""

    def __init__(
        self,
        rates: tuple[tuple[str, str, str, str], ...] = RATES,
        *,
        queued: int = 0,
        created_by: bool = True,
    ) -> None:
        """Begin empty.

        Args:
            rates: What is offered.
            queued: How often a purchase is shown as queued before it is there.
            created_by: Whether transactions carry the key without which the SDK cannot read them.
        """
        super().__init__(rates, sign_shippo)
        self.transactions: dict[str, dict[str, Any]] = {}
        self._prices: dict[str, str] = {}
        self._queued = queued
        self._looks: dict[str, int] = {}
        self._created_by = created_by
        self._seen: dict[str, list[dict[str, Any]]] = {}

    @property
    def base(self) -> str:
        """The address to give to a client."""
        return self.url

    def _step(self, asked: Request) -> str:
        parts = asked.path.strip("/").split("/")
        if parts[0] == "files":
            return "file"
        if asked.method == "POST":
            return {"transactions": "buy", "refunds": "refund"}.get(parts[0], "create")
        return "get" if len(parts) > 1 else "list"

    def _act(self, step: str, asked: Request) -> Reply:
        if step == "file":
            return file_for(asked)
        if step == "create" and asked.path == "/shipments":
            return Reply(self._create(json.loads(asked.body)), 201)
        if step == "buy":
            return self._buy(json.loads(asked.body))
        if step == "refund" and asked.path == "/refunds":
            return self._refund(json.loads(asked.body))
        if step == "list" and asked.path == "/transactions":
            wanted = asked.query.get("rate")
            found = [self._shown(t) for t in self.transactions.values() if wanted in (None, t["rate"])]
            return Reply({"next": None, "previous": None, "results": found})
        transaction = self.transactions.get(asked.path.rpartition("/")[2])
        return (
            Reply({"detail": "Not found."}, 404) if transaction is None else Reply(self._shown(transaction))
        )

    def _create(self, wanted: dict[str, Any]) -> dict[str, Any]:
        number = self._number()
        shipment_id = f"{number:032x}"
        rates: list[dict[str, Any]] = []
        for place, (carrier, _, token, price) in enumerate(self.rates):
            rate_id = f"{number:024x}{place:08x}"
            self._prices[rate_id] = price
            rates.append(
                {
                    "object_id": rate_id,
                    "object_created": MOMENT,
                    "object_owner": OWNER,
                    "shipment": shipment_id,
                    "attributes": [],
                    "amount_local": price,
                    "currency_local": "USD",
                    "messages": [],
                    "test": True,
                    "provider": carrier.removesuffix("DAP").removesuffix("Default"),
                    "amount": price,
                    "currency": "USD",
                    "estimated_days": 3,
                    "carrier_account": f"account-{carrier}",
                    "servicelevel": {"name": token, "token": token, "terms": ""},
                }
            )
        whole = {"object_owner": OWNER, "object_created": MOMENT}
        return {
            "object_id": shipment_id,
            "object_owner": OWNER,
            "object_created": MOMENT,
            "object_updated": MOMENT,
            "status": "SUCCESS",
            "address_from": wanted.get("address_from"),
            "address_to": wanted.get("address_to"),
            "parcels": [
                {**parcel, "object_id": f"{number:032x}", "object_state": "VALID", **whole}
                for parcel in entries(wanted.get("parcels"))
            ],
            "carrier_accounts": [],
            "metadata": wanted.get("metadata", ""),
            "messages": [],
            "rates": rates,
            "test": True,
        }

    def _buy(self, wanted: dict[str, Any]) -> Reply:
        rate_id = wanted.get("rate", "")
        if rate_id not in self._prices:
            return Reply({"rate": ["Rate with supplied object_id not found."]}, 400)
        transaction_id = f"{self._number():032x}"
        transaction: dict[str, Any] = {
            "object_id": transaction_id,
            "object_owner": OWNER,
            "object_created": MOMENT,
            "object_updated": MOMENT,
            "object_state": "VALID",
            "status": "SUCCESS",
            "rate": rate_id,
            "label_url": f"{self.url}/files/{transaction_id}.{ending_of(wanted.get('label_file_type'))}",
            "label_file_type": wanted.get("label_file_type"),
            "tracking_number": f"94001002083{self._number():011}",
            "metadata": wanted.get("metadata"),
            "messages": [],
            "test": True,
        }
        if self._created_by:
            transaction["created_by"] = None
        self._pay(wanted.get("metadata"), self._prices[rate_id])
        self.transactions[transaction_id] = transaction
        self._looks[transaction_id] = self._queued
        self._told("transaction_created", transaction)
        return Reply(self._shown(transaction), 201)

    def _refund(self, wanted: dict[str, Any]) -> Reply:
        transaction = self.transactions.get(wanted.get("transaction", ""))
        if transaction is None:
            return Reply({"transaction": ["Transaction with supplied object_id not found."]}, 400)
        if transaction["status"] != "SUCCESS":
            return Reply({"transaction": ["A refund for this transaction exists."]}, 400)
        self.refunds += 1
        transaction["status"] = "REFUNDPENDING"
        self._told("transaction_updated", transaction)
        return Reply(
            {
                "object_id": f"{self._number():032x}",
                "object_owner": OWNER,
                "object_created": MOMENT,
                "object_updated": MOMENT,
                "status": "PENDING",
                "transaction": transaction["object_id"],
                "test": True,
            },
            201,
        )

    def _shown(self, transaction: dict[str, Any]) -> dict[str, Any]:
        left = self._looks[transaction["object_id"]]
        if not left:
            return transaction
        self._looks[transaction["object_id"]] = left - 1
        return transaction | {"status": "QUEUED", "label_url": "", "tracking_number": ""}

    def _told(self, kind: str, of: dict[str, Any]) -> None:
        self._outbox.add(kind, {"event": kind, "test": True, "data": of})

    def track(self, tracking_number: str, status: str, detail: str = "") -> None:
        """Let the carrier see a parcel: ``TRANSIT`` with ``pickup_available``, ``DELIVERED``.

        The real one sends no detail in test mode.

        Raises:
            KeyError: No label with this number was bought here.
        """
        with self._lock:
            numbers = {bought["tracking_number"]: bought for bought in self.transactions.values()}
            bought = numbers[tracking_number]
            seen = {
                "object_id": f"{self._number():032x}",
                "object_created": MOMENT,
                "object_updated": MOMENT,
                "status": status,
                "status_details": "",
                "status_date": MOMENT,
                "substatus": {"code": detail, "text": "", "action_required": False} if detail else None,
                "location": None,
            }
            history = self._seen.setdefault(tracking_number, [])
            history.append(seen)
            track = {
                "carrier": "shippo",
                "tracking_number": tracking_number,
                "tracking_status": seen,
                "tracking_history": history,
                "transaction": bought["object_id"],
                "metadata": bought["metadata"],
                "messages": [],
            }
            self._told("track_updated", track)
