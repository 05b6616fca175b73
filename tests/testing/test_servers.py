"""The servers to test against end when they are told, whatever their clients do."""

from __future__ import annotations

import socket
import time
from urllib.parse import urlsplit

import pytest

from lockership.testing.servers import LocalServer, Reply


@pytest.mark.parametrize(
    "said",
    [b"", b"POST / HT", b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf"],
    ids=["nothing", "half a line", "half a body"],
)
def test_a_client_that_falls_silent_is_hung_up_on(said: bytes) -> None:
    """A client that stops in the midst of asking asked nothing, and holds no thread for ever."""
    with LocalServer(lambda _: Reply()) as server:
        server.patience = 0.2
        port = urlsplit(server.url).port
        with socket.create_connection(("127.0.0.1", port or 0), timeout=20) as client:
            client.sendall(said)
            assert client.recv(1) == b""
        assert server.requests == []


def test_a_server_stops_while_a_client_is_connected() -> None:
    """Leaving the block does not wait for a client that says nothing."""
    with LocalServer(lambda _: Reply()) as server:
        client = socket.create_connection(("127.0.0.1", urlsplit(server.url).port or 0), timeout=20)
        begun = time.monotonic()
    assert time.monotonic() - begun < 10
    client.close()
