"""Who carries the parcel, and how carriers and services are named in the wild.

A carrier is ``usps``, ``ups``, ``fedex``, ``amazon`` (parcels that Amazon itself tenders) or any
other name.  Another name is never an error: it serves no pick-up network and has no limits here.
"""

from __future__ import annotations

from functools import lru_cache

from lockership.errors import MAX_TEXT, MISSING_FIELD, TOO_LONG, WRONG_TYPE, InputError, Problem, type_name

__all__ = ["ALIASES", "carrier_key", "service_key"]

_DROPPED = str.maketrans("", "", "_-®™")


def _squash(name: str) -> str:
    return "".join(name.translate(_DROPPED).split()).casefold()


ALIASES: dict[str, str] = {
    _squash(alias): carrier
    for carrier, aliases in {
        "usps": ("USPS", "US Postal Service", "United States Postal Service", "USPS Returns"),
        "ups": ("UPS", "UPSDAP", "UPS DAP", "United Parcel Service"),
        "fedex": ("FedEx", "FedExDefault", "Federal Express"),
        "amazon": ("Amazon", "AMZL", "AMZN", "AMZN_US", "AmazonShipping", "Amazon Logistics", "AMZL_US"),
    }.items()
    for alias in aliases
}
"""A closed list.  SurePost, Ground Saver, Ground Economy and their like are other names on purpose:
who walks their last mile is not known."""

_PREFIXES = {
    carrier: tuple(sorted((a for a, c in ALIASES.items() if c == carrier), key=len, reverse=True))
    for carrier in ("usps", "ups", "fedex", "amazon")
}

_SERVICE_ALIASES = {
    "priority": "prioritymail",
    "express": "prioritymailexpress",
    "priorityexpress": "prioritymailexpress",
}


def carrier_key(name: str) -> str:
    """Read a carrier's name: compared without case, blanks, ``_ - ® ™``, aliases resolved.

    Raises:
        InputError: The name is no text, or nothing is left of it.

    >>> carrier_key("UPS® DAP"), carrier_key("FedExDefault"), carrier_key("UPS SurePost")
    ('ups', 'fedex', 'upssurepost')
    >>> carrier_key(" ™ ")
    Traceback (most recent call last):
    lockership.errors.InputError: carrier: a carrier's name is needed, as usps, ups, fedex or amazon
    """
    if not isinstance(name, str):
        raise InputError([Problem(WRONG_TYPE, f"expected text, found {type_name(name)}", "carrier")])
    if len(name) > MAX_TEXT:
        found = f"{len(name):,} characters, at most {MAX_TEXT:,} are accepted"
        raise InputError([Problem(TOO_LONG, found, "carrier")])
    key = _key(name)
    if not key:
        message = "a carrier's name is needed, as usps, ups, fedex or amazon"
        raise InputError([Problem(MISSING_FIELD, message, "carrier")])
    return key


@lru_cache(maxsize=1024)
def _key(name: str) -> str:
    key = _squash(name)
    return ALIASES.get(key, key)


@lru_cache(maxsize=1024)
def service_key(service: str | None, carrier: str) -> str:
    """Read a service's name as its carrier's names are read; the carrier's own prefix is optional.

    No service, or a name of blanks, is ``""``.

    >>> service_key("USPS Priority Mail®", "usps"), service_key("priority", "usps")
    ('prioritymail', 'prioritymail')
    >>> service_key("FEDEX_GROUND", "fedex"), service_key(None, "fedex")
    ('ground', '')
    """
    key = _squash(service or "")
    for prefix in _PREFIXES.get(carrier, (carrier,)):
        if key.startswith(prefix) and key != prefix:
            key = key[len(prefix) :]
            break
    return _SERVICE_ALIASES.get(key, key)
