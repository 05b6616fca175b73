"""Bringing labels to paper: a file, a spool folder, or the raw port of a printer.

Every one of them either has taken all of it or says why not; half a file is never left behind.
"""

from __future__ import annotations

import os
import socket
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from lockership.errors import LockershipError

__all__ = ["PrintingFailed", "save", "send", "spool"]


class PrintingFailed(LockershipError, OSError):
    """The labels did not reach the paper, or it is not known whether they did.

    Attributes:
        sent: Bytes that were handed over before it failed: 0 means that nothing was printed.
    """

    def __init__(self, message: str, sent: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.sent = sent

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[type[PrintingFailed], tuple[str, int]]:
        return type(self), (self.message, self.sent)


def save(content: bytes, path: str | Path) -> Path:
    """Write a file whole or not at all; what stood there before stays until the new one is on disk.

    Raises:
        PrintingFailed: The folder is not there, the disk is full, writing is not allowed.
    """
    target = Path(path)
    part = None
    try:
        handle, part = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(part).chmod(0o644)
        Path(part).replace(target)
    except OSError as error:
        if part is not None:
            with suppress(OSError):
                Path(part).unlink()
        raise PrintingFailed(f"{target.name} could not be written: {error.strerror or error}") from error
    return target


def spool(content: bytes, folder: str | Path, name: str) -> Path:
    """Put a file into a folder from which a print service takes it, under a name not yet used there.

    Args:
        content: A PDF, PNG or ZPL file.
        folder: The spool folder; it must be there.
        name: As ``A-1001.zpl``; a number is added where a file of that name waits already.
    """
    plain = Path(name).name
    stem, suffix = Path(plain).stem, Path(plain).suffix
    for number in range(1, 10_000):
        target = Path(folder) / (plain if number == 1 else f"{stem}-{number}{suffix}")
        if not target.exists():
            return save(content, target)
    raise PrintingFailed(f"{plain}: the spool folder holds too many of that name")


def send(content: bytes, host: str, port: int = 9100, *, timeout: float = 10.0) -> None:
    """Send a file to the raw port of a printer, which prints whatever arrives there.

    A raw port answers nothing: that all was taken does not say that paper came out.

    Args:
        content: ZPL, or PDF where the printer reads PDF.
        host: The printer's name or address.
        port: The raw port; 9100 on nearly every label printer.
        timeout: Seconds for all of it, from connecting to the last byte.

    Raises:
        PrintingFailed: Nobody answers, or the printer does not take the data in time; ``sent`` says
            how much it had taken.
    """
    until = time.monotonic() + timeout
    sent = 0
    try:
        with socket.create_connection((host, port), timeout) as connection:
            view = memoryview(content)
            while sent < len(view):
                left = until - time.monotonic()
                if left <= 0:
                    raise TimeoutError
                connection.settimeout(left)
                sent += connection.send(view[sent : sent + 65_536])
            connection.shutdown(socket.SHUT_WR)
    except TimeoutError as error:
        message = f"the printer at port {port} took {sent:,} of {len(content):,} bytes in {timeout:g} s"
        raise PrintingFailed(message, sent) from error
    except OSError as error:
        message = f"the printer at port {port} cannot be reached: {error.strerror or error}"
        raise PrintingFailed(message, sent) from error
