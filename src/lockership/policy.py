"""The house policy: what the seller himself does not want at pick-up points.

Every default is the contract's: no network publishes them, they are good sense for parcels that
nobody watches and that may wait for days.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

import attrs

from lockership.carriers import carrier_key
from lockership.errors import MISSING_FIELD, NOT_JSON, OUT_OF_RANGE, WRONG_TYPE, InputError, Problem
from lockership.networks import CHANNEL_OF, NETWORK_OF
from lockership.parcel import read_traits
from lockership.rules import Channel, Network
from lockership.units import Length, Money, Weight
from lockership.words import CHANNELS, Kind, Trait

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

__all__ = ["Policy", "Stricter"]


@attrs.frozen
class Stricter:
    """What the house asks of parcels at one channel, beyond the network's own rules.

    Attributes:
        kind: The channel.
        refuses: Traits that it must not get.
        max_sides: The parcel, turned any way, must fit.
        max_longest, max_length_plus_girth, max_weight: Each at most this.
        max_value: The declared value, compared only in the same currency, at most this.
        unit, weight_unit: The units in which these limits are shown.
    """

    kind: str
    refuses: tuple[Trait, ...] = ()
    max_sides: tuple[Length, Length, Length] | None = None
    max_longest: Length | None = None
    max_length_plus_girth: Length | None = None
    max_weight: Weight | None = None
    max_value: Money | None = None
    unit: str = "in"
    weight_unit: str = "lb"


@attrs.frozen(cache_hash=True)
class Policy:
    """What the house refuses, beyond carriers and networks.

    Attributes:
        unattended_refuses: Traits that must not go into a locker that nobody watches.
        pickup_refuses: Traits that must not wait at any pick-up point, except those in
            :attr:`pickup_refuses_except`.
        pickup_refuses_except: Channels where parcels do not wait.
        max_longest: Longest side for lockers that nobody watches, used only where neither the
            network nor the location publishes a size; None switches this screen off.
        max_weight: The same for weight.
        amazon_carriers: Carriers that Amazon has authorised to reach its points for this seller.
        stricter: Further limits of the house for single channels.
        networks: Networks of one's own: lobby lockers, a regional chain.  Each channel's kind begins
            with its network's slug; see ``docs/own-network.md``.
        unit, weight_unit: The units in which the limits of the screen are shown.
        channel_of, network_of: Every channel and network that this policy knows, by kind.

    >>> Policy().max_longest.text(), Policy().evolve(max_weight=None).max_weight
    ('18 in', None)
    >>> Policy.from_dict({"max_wieght": "20 lb"})
    Traceback (most recent call last):
    lockership.errors.InputError: max_wieght: unknown key; did you mean max_weight?
    """

    unattended_refuses: tuple[Trait, ...] = (Trait.FRAGILE, Trait.VALUABLE)
    pickup_refuses: tuple[Trait, ...] = (Trait.COLD_CHAIN, Trait.PERISHABLE)
    pickup_refuses_except: tuple[str, ...] = (Kind.USPS_PO_BOX,)
    max_longest: Length | None = Length.of(18, "in")
    max_weight: Weight | None = Weight.of(15, "lb")
    amazon_carriers: tuple[str, ...] = ()
    stricter: tuple[Stricter, ...] = ()
    networks: tuple[Network, ...] = ()
    unit: str = "in"
    weight_unit: str = "lb"
    channel_of: dict[str, Channel] = attrs.field(init=False, eq=False, repr=False)
    network_of: dict[str, Network] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        channels, networks = CHANNEL_OF, NETWORK_OF
        if self.networks:
            channels, networks = dict(channels), dict(networks)
            for network in self.networks:
                for channel in network.channels:
                    if channel.kind in channels:
                        message = f"the kind {channel.kind} is taken already"
                        raise InputError([Problem(OUT_OF_RANGE, message, "networks")])
                    channels[channel.kind] = channel
                    networks[channel.kind] = network
        object.__setattr__(self, "channel_of", channels)
        object.__setattr__(self, "network_of", networks)
        for stricter in self.stricter:
            if stricter.kind not in channels:
                message = f"{stricter.kind!r} is no pick-up channel{_suggestion(stricter.kind, channels)}"
                raise InputError([Problem(OUT_OF_RANGE, message, "stricter")])

    @property
    def own_channels(self) -> tuple[Channel, ...]:
        """The channels of one's own networks."""
        return tuple(channel for network in self.networks for channel in network.channels)

    def evolve(self, **changes: Any) -> Self:  # noqa: ANN401 - each attribute has a type of its own
        """Give a copy with these attributes changed."""
        return attrs.evolve(self, **changes)

    @classmethod
    def from_file(cls, path: str | PathLike[str]) -> Self:
        """Read a policy from a TOML or JSON file; keys are the attributes, measures are text ("18 in").

        Raises:
            InputError: The file is neither, or holds an unknown key or value; all problems at once.
            OSError: The file cannot be opened.
        """
        path = Path(path)
        text = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
        try:
            values = (
                json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text.decode("utf-8"))
            )
        except (ValueError, RecursionError) as error:
            message = f"{path.name} is neither TOML nor JSON: {error}"
            raise InputError([Problem(NOT_JSON, message)]) from error
        return cls.from_dict(values)

    @classmethod
    def from_dict(cls, values: Mapping[str, object]) -> Self:
        """Read a policy from plain values; unknown keys are errors, with a suggestion."""
        if not isinstance(values, Mapping):
            raise InputError([Problem(WRONG_TYPE, f"expected a table, found {type(values).__name__}")])
        problems: list[Problem] = []
        read: dict[str, object] = {}
        for key, value in values.items():
            reader = _READERS.get(key)
            if reader is None:
                problems.append(Problem(OUT_OF_RANGE, f"unknown key{_suggestion(key, _READERS)}", key))
                continue
            try:
                read[key] = reader(value, key)
            except InputError as error:
                problems += error.problems
        if problems:
            raise InputError(problems)
        read |= _shown_in(values)
        return cls(**read)  # type: ignore[arg-type]  # each reader returns what its attribute takes


def _suggestion(found: str, known: Mapping[str, object]) -> str:
    # difflib costs import time and is needed only for a mistake
    from difflib import get_close_matches  # noqa: PLC0415

    close = get_close_matches(found, known, 1)
    return f"; did you mean {close[0]}?" if close else f"; known are {', '.join(known)}"


def _shown_in(values: Mapping[str, object]) -> dict[str, str]:
    """Show limits in the units in which they are written; sides in that of the first of them."""
    units: dict[str, str] = {}
    for key in ("max_sides", "max_longest", "max_length_plus_girth", "max_weight"):
        measure = values.get(key)
        if isinstance(measure, str):
            units.setdefault("weight_unit" if key == "max_weight" else "unit", measure.split()[1].lower())
    return units


def _traits(value: object, field: str) -> tuple[Trait, ...]:
    traits, problems = read_traits(value, field)
    if problems:
        raise InputError(problems)
    return traits


def _texts(value: object, field: str) -> list[str]:
    items = cast("Sequence[object]", value) if isinstance(value, list | tuple) else [None]
    texts = [item for item in items if isinstance(item, str)]
    if len(texts) != len(items):
        raise InputError([Problem(WRONG_TYPE, "expected a list of texts", field)])
    return texts


def _kinds(value: object, field: str) -> tuple[str, ...]:
    kinds = _texts(value, field)
    known = {kind.value: kind for kind in CHANNELS}
    if unknown := [kind for kind in kinds if kind not in known]:
        message = f"{unknown[0]!r} is no pick-up channel{_suggestion(unknown[0], known)}"
        raise InputError([Problem(OUT_OF_RANGE, message, field)])
    return tuple(known[kind] for kind in kinds)


def _carriers(value: object, field: str) -> tuple[str, ...]:
    try:
        return tuple(carrier_key(name) for name in _texts(value, field))
    except InputError as error:
        raise InputError([p._replace(field=field) for p in error.problems]) from error


def _measure(value: object, field: str) -> tuple[str, str]:
    if not isinstance(value, str) or len(parts := value.split()) != 2:
        message = "expected a measure with its unit as text, as '18 in' or '15 lb', or false for none"
        raise InputError([Problem(MISSING_FIELD if value == "" else WRONG_TYPE, message, field)])
    return parts[0], parts[1]


def _longest(value: object, field: str) -> Length | None:
    return None if value is None or value is False else Length.of(*_measure(value, field), field)


def _weight(value: object, field: str) -> Weight | None:
    return None if value is None or value is False else Weight.of(*_measure(value, field), field)


def _sides(value: object, field: str) -> tuple[Length, Length, Length]:
    if isinstance(value, str) and len(parts := value.split()) == 2 and len(sides := parts[0].split("x")) == 3:
        a, b, c = (Length.of(side, parts[1], field) for side in sides)
        return a, b, c
    raise InputError([Problem(WRONG_TYPE, "expected three sides with a unit, as '20x16x12 in'", field)])


def _money(value: object, field: str) -> Money:
    return Money.of(*_measure(value, field), field)


def _stricter(value: object, field: str) -> tuple[Stricter, ...]:
    if not isinstance(value, Mapping):
        raise InputError([Problem(WRONG_TYPE, "expected a table of channels", field)])
    problems: list[Problem] = []
    found: list[Stricter] = []
    for kind, limits in cast("Mapping[str, object]", value).items():
        where = f"{field}.{kind}"
        if not isinstance(limits, Mapping):
            problems.append(Problem(WRONG_TYPE, "expected a table of limits", where))
            continue
        before = len(problems)
        read: dict[str, object] = {}
        for key, limit in cast("Mapping[str, object]", limits).items():
            if (reader := _LIMITS.get(key)) is None:
                message = f"unknown key{_suggestion(key, _LIMITS)}"
                problems.append(Problem(OUT_OF_RANGE, message, f"{where}.{key}"))
                continue
            try:
                read[key] = reader(limit, f"{where}.{key}")
            except InputError as error:
                problems += error.problems
        if kind not in CHANNEL_OF:
            message = f"{kind!r} is no pick-up channel{_suggestion(kind, CHANNEL_OF)}"
            problems.append(Problem(OUT_OF_RANGE, message, where))
        if len(problems) == before:
            read |= _shown_in(cast("Mapping[str, object]", limits))
            found.append(Stricter(kind, **read))  # type: ignore[arg-type]  # each reader returns its attribute
    if problems:
        raise InputError(problems)
    return tuple(found)


_LIMITS = {
    "refuses": _traits,
    "max_sides": _sides,
    "max_longest": _longest,
    "max_length_plus_girth": _longest,
    "max_weight": _weight,
    "max_value": _money,
}

_READERS = {
    "unattended_refuses": _traits,
    "pickup_refuses": _traits,
    "pickup_refuses_except": _kinds,
    "max_longest": _longest,
    "max_weight": _weight,
    "amazon_carriers": _carriers,
    "stricter": _stricter,
}
