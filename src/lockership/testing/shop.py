"""What both fake label APIs share: a till, faults by step, labels' files, webhooks."""

from __future__ import annotations

import struct
import zlib
from abc import ABC, abstractmethod
from collections import defaultdict, deque
from decimal import Decimal
from typing import TYPE_CHECKING

from lockership.testing.servers import Fault, LocalServer, Reply, Request
from lockership.testing.webhooks import Outbox, Posted, WebhookFault

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FILES", "MOMENT", "OWNER", "PDF", "PNG", "RATES", "ZPL", "Shop", "ending_of", "file_for", "no"]

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
FILES = {"png": (PNG, "image/png"), "zpl": (ZPL, "application/zpl"), "pdf": (PDF, "application/pdf")}

OWNER = "warehouse@example.com"
MOMENT = "2026-11-24T10:00:00Z"


def file_for(asked: Request) -> Reply:
    """Give a label's file by the ending of its address."""
    content, kind = FILES[asked.path.rpartition(".")[2]]
    return Reply(content, content_type=kind)


def ending_of(label_format: object) -> str:
    """Tell a label's file by what was asked for: ``ZPLII``, ``PDF_4x6``; PNG where nothing was."""
    ending = str(label_format or "png")[:3].lower()
    return ending if ending in FILES else "png"


def no(status: int, code: str, message: str) -> Reply:
    """Refuse, as EasyPost does."""
    return Reply({"error": {"code": code, "message": message, "errors": []}}, status)


class Shop(LocalServer, ABC):
    """What both fakes share: faults by step, the till, labels' files, and webhooks."""

    def __init__(
        self, rates: tuple[tuple[str, str, str, str], ...], sign: Callable[[bytes, str], dict[str, str]]
    ) -> None:
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
        self._outbox = Outbox(sign)
        self._made = 0

    def webhook(self, url: str, secret: str = "") -> None:
        """Keep events for this address from now on, signed as the API signs them if there is a secret."""
        self._outbox.register(url, secret)

    def post_webhooks(self) -> list[Posted]:
        """Post the events that wait, oldest first, and say what was answered.

        What is not accepted with 2xx is posted again the next time, as both APIs do.
        """
        return self._outbox.post()

    def fail_webhook(self, fault: WebhookFault, times: int = 1) -> None:
        """Spoil the next webhooks on their way."""
        self._outbox.fail(fault, times)

    @abstractmethod
    def track(self, tracking_number: str, status: str, detail: str = "") -> None:
        """Let the carrier see a parcel, which is an event; status and detail are the API's words."""

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
                return no(429, "RATE_LIMITED", "Too many requests.")
            if fault is Fault.DOWN:
                return no(503, "DOWN", "Try again later.")
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
