"""API keys and the label APIs that they open: from the environment or a file that only its owner reads."""

from __future__ import annotations

import argparse
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lockership.errors import MISSING_FIELD, NOT_JSON, OUT_OF_RANGE, InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lockership.labels.apis import LabelApi

__all__ = ["API_NAMES", "add_keys", "api_makers"]

API_NAMES = ("easypost", "shippo")

_VARIABLES = {"easypost": "EASYPOST_API_KEY", "shippo": "SHIPPO_API_KEY"}
_FORMATS = {
    "easypost": {"png": "PNG", "pdf": "PDF", "zpl": "ZPL"},
    "shippo": {"png": "PNG", "pdf": "PDF_4x6", "zpl": "ZPLII"},
}
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def add_keys(parser: argparse.ArgumentParser, *, required: bool) -> None:
    """Add the label APIs and where their keys are."""
    parser.add_argument(
        "--api",
        action="extend",
        required=required,
        type=_names,
        metavar="API[,API]",
        help="easypost or shippo; of several, each parcel is asked for at the first that can.  Keys are "
        "read from EASYPOST_API_KEY and SHIPPO_API_KEY, or from --key-file",
    )
    parser.add_argument(
        "--key-file",
        metavar="FILE",
        help="lines as EASYPOST_API_KEY=…, in a file that only its owner may read (chmod 600)",
    )
    parser.add_argument("--api-url", action="append", default=[], help=argparse.SUPPRESS)


def _names(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in API_NAMES:
            raise argparse.ArgumentTypeError(f"{name!r} is not one of {', '.join(API_NAMES)}")
    return names


def api_makers(
    options: argparse.Namespace, names: Iterable[str], form: str = "png"
) -> dict[str, Callable[[], LabelApi]]:
    """Give a maker for each API, best first; every call makes one with a connection of its own.

    Raises:
        InputError: A key is missing, or others may read the file of keys.
        OSError: That file cannot be opened.
    """
    keys = _keys(options.key_file)
    bases = dict(map(_local, options.api_url))
    problems = [
        Problem(MISSING_FIELD, f"set {_VARIABLES[name]}, or name a --key-file with it", "api key")
        for name in names
        if not keys.get(name)
    ]
    if problems:
        raise InputError(problems)
    return {name: _maker(name, keys[name], bases.get(name), form) for name in dict.fromkeys(names)}


def _maker(name: str, key: str, base: str | None, form: str) -> Callable[[], LabelApi]:
    # The SDKs load here, in one thread: shippo takes a third of a second.
    from lockership.labels import apis  # noqa: PLC0415 - as above

    where: dict[str, Any] = {} if base is None else {"base": base}
    label_format: Any = _FORMATS[name][form]
    if name == "easypost":
        return lambda: apis.EasyPost(apis.easypost_client(key, **where), label_format=label_format)
    return lambda: apis.Shippo(apis.shippo_client(key, **where), label_format=label_format)


def _local(text: str) -> tuple[str, str]:
    """Read ``easypost=http://127.0.0.1:8000/v2``; a key is sent to no other machine but the API's."""
    name, _, url = text.partition("=")
    if name not in API_NAMES or urlsplit(url).hostname not in _LOOPBACK:
        message = "expected an API's name, =, and an address on this machine"
        raise InputError([Problem(OUT_OF_RANGE, message, "--api-url")])
    return name, url


def _keys(path: str | None) -> dict[str, str]:
    found = {name: os.environ.get(variable, "").strip() for name, variable in _VARIABLES.items()}
    if path is None:
        return found
    with Path(path).open(encoding="utf-8-sig") as file:
        mode = os.fstat(file.fileno()).st_mode
        if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
            message = f"others may read or change it: chmod 600 {Path(path).name}"
            raise InputError([Problem(OUT_OF_RANGE, message, "--key-file")])
        try:
            lines = file.read().splitlines()
        except UnicodeDecodeError:
            raise InputError([Problem(NOT_JSON, "expected lines of text", "--key-file")]) from None
    names = {variable: name for name, variable in _VARIABLES.items()}
    for number, line in enumerate(lines, 1):
        text = line.strip().removeprefix("export ").strip()
        variable, _, value = text.partition("=")
        if not text or text.startswith("#"):
            continue
        if variable.strip() not in names:  # what stands there may be a key: it is not repeated
            message = f"line {number}: expected one of {', '.join(names)}, =, and the key"
            raise InputError([Problem(OUT_OF_RANGE, message, "--key-file")])
        found[names[variable.strip()]] = value.strip().strip("\"'")
    return found
