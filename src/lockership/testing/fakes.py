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
import struct
import zlib
from abc import ABC, abstractmethod
from collections import defaultdict, deque
from decimal import Decimal
from typing import Any

from lockership.labels.answers import entries
from lockership.testing.servers import Fault, LocalServer, Reply, Request

__all__ = ["FakeEasyPost", "FakeShippo", "Fault"]

RATES: tuple[tuple[str, str, str, str], ...] = (
    ("USPS", "GroundAdvantage", "usps_ground_advantage", "6.07"),
    ("USPS", "Priority", "usps_priority", "7.42"),
    ("UPSDAP", "Ground", "ups_ground", "9.10"),
    ("FedExDefault", "FEDEX_GROUND", "fedex_ground", "9.35"),
    ("FedExDefault", "SMART_POST", "fedex_smart_post", "5.05"),
)
"""Carrier account, service as EasyPost and as Shippo name it, price in US dollars."""


def _png() -> bytes:
    """Draw a white label of 812 × 1218 dots: a PNG that every reader takes."""
    width, height = 812, 1218
    rows = b"".join(b"\0" + b"\xff" * (-(-width // 8)) for _ in range(height))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def _pdf() -> bytes:
    """Write an empty page of 4 × 6 inches: a PDF that every reader takes."""
    bodies = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 288 432]/Resources<<>>>>",
    )
    content, table = b"%PDF-1.4\n", b"0000000000 65535 f \n"
    for number, body in enumerate(bodies, 1):
        table += b"%010d 00000 n \n" % len(content)
        content += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    end = b"trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(content)
    return content + b"xref\n0 4\n" + table + end


PNG = _png()
ZPL = b"^XA^PW812^LL1218^FO50,50^A0N,60^FDSAMPLE^FS^XZ\n"
PDF = _pdf()
_FILES = {"png": (PNG, "image/png"), "zpl": (ZPL, "application/zpl"), "pdf": (PDF, "application/pdf")}


def _file(asked: Request) -> Reply:
    content, kind = _FILES[asked.path.rpartition(".")[2]]
    return Reply(content, content_type=kind)


def _ending(label_format: object) -> str:
    """Tell a label's file by what was asked for: ``ZPLII``, ``PDF_4x6``; PNG where nothing was."""
    ending = str(label_format or "png")[:3].lower()
    return ending if ending in _FILES else "png"


def _no(status: int, code: str, message: str) -> Reply:
    return Reply({"error": {"code": code, "message": message, "errors": []}}, status)


class _Fake(LocalServer, ABC):
    """What both fakes share: faults by step, the till, and labels' files."""

    def __init__(self, rates: tuple[tuple[str, str, str, str], ...] = RATES) -> None:
        super().__init__(self._answer)
        self.rates = rates
        self.purchases = 0
        """How many labels were bought."""
        self.spent = Decimal(0)
        """What they cost together, in US dollars."""
        self.bought_for: dict[str, int] = defaultdict(int)
        """How many labels were bought for each reference."""
        self.refunds = 0
        """How often a label was given back."""
        self._faults: dict[str, deque[Fault | Reply]] = defaultdict(deque)
        self._made = 0

    def fail(self, step: str, fault: Fault | Reply, times: int = 1) -> None:
        """Spoil the next answers of a step: ``create``, ``buy``, ``refund``, ``get``, ``list``, ``file``.

        A :class:`Reply` is sent as it is, and the server does nothing.
        """
        with self._lock:
            self._faults[step].extend([fault] * times)

    def _answer(self, asked: Request) -> Reply:
        with self._lock:
            step = self._step(asked)
            waiting = self._faults[step]
            fault = waiting.popleft() if waiting else None
            if isinstance(fault, Reply):
                return fault
            if fault is Fault.BUSY:
                return _no(429, "RATE_LIMITED", "Too many requests.")
            if fault is Fault.DOWN:
                return _no(503, "DOWN", "Try again later.")
            if fault is Fault.REFUSED:
                return Reply(fault=fault)
            reply = self._act(step, asked)
            if fault is Fault.BROKEN:
                return Reply("<html>Bad Gateway</html>", 502, content_type="text/html")
            return reply if fault is None else Reply(reply.body, reply.status, fault=fault)

    @abstractmethod
    def _step(self, asked: Request) -> str:
        """Name the step that a request asks for."""

    @abstractmethod
    def _act(self, step: str, asked: Request) -> Reply:
        """Do what is asked, and answer."""

    def _number(self) -> int:
        self._made += 1
        return self._made

    def _pay(self, reference: object, price: str) -> None:
        self.purchases += 1
        self.spent += Decimal(price)
        self.bought_for[str(reference)] += 1


class FakeEasyPost(_Fake):
    """EasyPost: shipments, purchases, look-ups, refunds, labels."""

    def __init__(self, rates: tuple[tuple[str, str, str, str], ...] = RATES) -> None:
        super().__init__(rates)
        self.shipments: dict[str, dict[str, Any]] = {}

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
            return _file(asked)
        parts = asked.path.strip("/").split("/")
        if step == "create" and asked.path == "/v2/shipments":
            return Reply(self._create(json.loads(asked.body)["shipment"]), 201)
        shipment = self.shipments.get(parts[2]) if len(parts) > 2 else None
        if shipment is None:
            return _no(404, "NOT_FOUND", "The requested resource could not be found.")
        if step == "refund":
            return self._refund(shipment)
        return self._buy(shipment, json.loads(asked.body)) if step == "buy" else Reply(shipment)

    def _refund(self, shipment: dict[str, Any]) -> Reply:
        if shipment["postage_label"] is None or shipment["refund_status"] is not None:
            return _no(422, "SHIPMENT.REFUND.UNAVAILABLE", "There is nothing to refund.")
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
            return _no(422, "SHIPMENT.POSTAGE.EXISTS", "Postage already exists for this shipment.")
        rate = next((r for r in shipment["rates"] if r["id"] == wanted.get("rate", {}).get("id")), None)
        if rate is None:
            return _no(422, "SHIPMENT.MISSING_RATE", "No such rate.")
        self._pay(shipment["reference"], rate["rate"])
        ending = _ending(shipment["options"].get("label_format"))
        shipment |= {
            "tracking_code": f"94001002083{self._number():011}",
            "selected_rate": rate,
            "postage_label": {
                "object": "PostageLabel",
                "id": f"pl_{shipment['id'][4:]}",
                "label_file_type": _FILES[ending][1],
                "label_url": f"{self.url}/files/{shipment['id']}.{ending}",
            },
        }
        if rate["carrier"] == "USPS":  # as the real one does when it buys USPS postage
            for field, value in shipment["to_address"].items():
                if field in ("name", "company", "street1", "street2", "city"):
                    shipment["to_address"][field] = value.upper()
        return Reply(shipment)


_OWNER = "warehouse@example.com"
_MOMENT = "2026-11-24T10:00:00Z"


class FakeShippo(_Fake):
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
        super().__init__(rates)
        self.transactions: dict[str, dict[str, Any]] = {}
        self._prices: dict[str, str] = {}
        self._queued = queued
        self._looks: dict[str, int] = {}
        self._created_by = created_by

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
            return _file(asked)
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
                    "object_created": _MOMENT,
                    "object_owner": _OWNER,
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
        whole = {"object_owner": _OWNER, "object_created": _MOMENT}
        return {
            "object_id": shipment_id,
            "object_owner": _OWNER,
            "object_created": _MOMENT,
            "object_updated": _MOMENT,
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
            "object_owner": _OWNER,
            "object_created": _MOMENT,
            "object_updated": _MOMENT,
            "object_state": "VALID",
            "status": "SUCCESS",
            "rate": rate_id,
            "label_url": f"{self.url}/files/{transaction_id}.{_ending(wanted.get('label_file_type'))}",
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
        return Reply(self._shown(transaction), 201)

    def _refund(self, wanted: dict[str, Any]) -> Reply:
        transaction = self.transactions.get(wanted.get("transaction", ""))
        if transaction is None:
            return Reply({"transaction": ["Transaction with supplied object_id not found."]}, 400)
        if transaction["status"] != "SUCCESS":
            return Reply({"transaction": ["A refund for this transaction exists."]}, 400)
        self.refunds += 1
        transaction["status"] = "REFUNDPENDING"
        return Reply(
            {
                "object_id": f"{self._number():032x}",
                "object_owner": _OWNER,
                "object_created": _MOMENT,
                "object_updated": _MOMENT,
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
