"""Label APIs to test against: real HTTP servers on this machine, with faults on order.

They bind the loopback address only and take any key.
"""

from __future__ import annotations

import json
import threading
from decimal import Decimal
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qs, urlsplit

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

__all__ = ["Fault", "LocalServer", "Reply", "Request"]


@attrs.frozen
class Request:
    """What a client sent."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - JSON is whatever was sent
        """The body, read as JSON; whole and decimal numbers alike are exact."""
        return json.loads(self.body, parse_float=Decimal) if self.body else None


class Fault(StrEnum):
    """What goes wrong with one answer."""

    REFUSED = "refused"
    """The server does nothing and closes the connection."""
    LOST = "lost"
    """The server acts, and closes the connection without an answer."""
    LATE = "late"
    """The server acts, and answers only when nobody waits any more."""
    CUT = "cut"
    """The server acts, and the answer breaks off in its middle."""
    BUSY = "busy"
    """The server does nothing and answers 429."""
    BROKEN = "broken"
    """The server acts, and an intermediary answers 502 with a page of HTML."""
    DOWN = "down"
    """The server does nothing and answers 503."""


@attrs.frozen
class Reply:
    """What a server answers: JSON values, text or bytes; ``fault`` spoils it on the way."""

    body: Any = b""
    status: int = 200
    headers: dict[str, str] = attrs.field(factory=dict[str, str])
    content_type: str = "application/json"
    fault: Fault | None = None

    @property
    def raw(self) -> bytes:
        """The body as it is sent."""
        if isinstance(self.body, bytes):
            return self.body
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


class LocalServer:
    """A threaded HTTP server on an ephemeral port that keeps what it was sent.

    Args:
        answer: Given a request, says the reply.
    """

    def __init__(self, answer: Callable[[Request], Reply]) -> None:
        self.requests: list[Request] = []
        self.late_by = 2.0
        """Seconds after which a ``LATE`` answer is sent."""
        self.patience = 30.0
        """Seconds for which a client may say nothing in the midst of asking; then it is hung up on."""
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def setup(self) -> None:
                self.request.settimeout(outer.patience)
                super().setup()

            def answer(self) -> None:
                split = urlsplit(self.path)
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                if len(body) < length:  # the client was stopped in the midst of asking: nothing was asked
                    self.close_connection = True
                    return
                query = {key: values[-1] for key, values in parse_qs(split.query).items()}
                asked = Request(self.command, split.path, query, dict(self.headers.items()), body)
                with outer._lock:
                    outer.requests.append(asked)
                outer._send(self, answer(asked))

            do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 - names that http.server looks for

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - names that http.server gives
                """Say nothing: a test's output is its own."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        """The server's address, without a path."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def _send(self, handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        handler.close_connection = True
        if reply.fault in (Fault.REFUSED, Fault.LOST):
            handler.connection.shutdown(SHUT_RDWR)
            return
        if reply.fault is Fault.LATE:
            self._stopping.wait(self.late_by)
        raw = reply.raw
        try:
            handler.send_response(reply.status)
            for name, value in reply.headers.items():
                handler.send_header(name, value)
            if reply.content_type:
                handler.send_header("Content-Type", reply.content_type)
            handler.send_header("Content-Length", str(len(raw)))
            handler.end_headers()
            handler.wfile.write(raw[: len(raw) // 2] if reply.fault is Fault.CUT else raw)
        except OSError:  # the client has gone, as after a late answer
            return

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
