"""QR codes, level M, versions 1 to 10, with the mask that the standard's scoring chooses.

Written out here because the scoring is nearly the whole cost of a label elsewhere (5 ms in the usual
package, 0.3 ms in a C++ one).  Two observations make it cheap:

* The code is linear: a symbol is the exclusive-or of what each of its data bytes sets, error
  correction included.  That is worked out once for each version.
* A whole symbol fits in one Python integer, so that one shift or one "and" looks at every module of it
  at once.  What costs most to score is looked for only where it can still change the choice.

Source: ISO/IEC 18004.  Symbols are read back with an independent decoder in the tests, and the
choice of the mask is held against a plain scoring module by module.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["MAX_BYTES", "Modules", "qr"]

# Version: error correction bytes of a block, data bytes of each block, centres of alignment patterns.
_VERSIONS: dict[int, tuple[int, tuple[int, ...], tuple[int, ...]]] = {
    1: (10, (16,), ()),
    2: (16, (28,), (6, 18)),
    3: (26, (44,), (6, 22)),
    4: (18, (32, 32), (6, 26)),
    5: (24, (43, 43), (6, 30)),
    6: (16, (27,) * 4, (6, 34)),
    7: (18, (31,) * 4, (6, 22, 38)),
    8: (22, (38, 38, 39, 39), (6, 24, 42)),
    9: (22, (36, 36, 36, 37, 37), (6, 26, 46)),
    10: (26, (43, 43, 43, 43, 44), (6, 28, 50)),
}
MAX_BYTES = 213
"""Bytes that version 10 holds."""

_GUARD = 4  # light modules that the scoring sees beyond every edge


class Modules(NamedTuple):
    """A square symbol: its rows from the top, each a text of 1 (dark) and 0, without quiet zone."""

    size: int
    rows: tuple[str, ...]
    mask: int


def qr(payload: bytes) -> Modules:
    """Encode bytes in the smallest version that holds them.

    >>> qr(b"A-1001").size, qr(b"x" * 213).size
    (21, 57)
    >>> qr(b"x" * 214)
    Traceback (most recent call last):
    ValueError: 214 bytes: a QR code of version 10 holds 213
    """
    version = next((v for v in _VERSIONS if len(payload) <= _capacity(v)), None)
    if version is None:
        raise ValueError(f"{len(payload)} bytes: a QR code of version 10 holds {MAX_BYTES}")
    grid = _grid(version)
    bits = 0
    for nibbles, byte in zip(grid.effects, _stream(payload, version), strict=True):
        bits ^= nibbles[byte >> 4][0] ^ nibbles[byte & 15][1]
    mask = _best(bits, grid)
    text = f"{bits ^ grid.masks[mask]:0{grid.area}b}"[::-1]
    size, stride = grid.size, grid.size + _GUARD
    first = _GUARD * stride + _GUARD
    rows = tuple([text[at : at + size] for at in range(first, first + size * stride, stride)])
    return Modules(size, rows, mask)


def _capacity(version: int) -> int:
    return sum(_VERSIONS[version][1]) - (2 if version < 10 else 3)


def _stream(payload: bytes, version: int) -> bytes:
    """Put mode, length, payload, terminator and padding together."""
    total = sum(_VERSIONS[version][1])
    counter = 8 if version < 10 else 16
    bits = (0b0100 << counter | len(payload)) << 8 * len(payload) | int.from_bytes(payload)
    used = (4 + counter + 7) // 8 + len(payload)  # with the terminator, a whole number of bytes
    return (bits << 4).to_bytes(used) + (b"\xec\x11" * total)[: total - used]


# ── scoring ──────────────────────────────────────────────────────────────────────────────────────


class _Grid(NamedTuple):
    """What all symbols of one version share; a module is the bit (y + 4)·(size + 4) + x + 4."""

    size: int
    area: int  # bits of a symbol with the light modules around it
    masks: tuple[int, ...]  # function patterns, format and mask of all eight forms
    right: int  # modules with a neighbour to the right
    below: int  # modules with a neighbour below
    paper: int  # all modules, and all those around
    effects: tuple[tuple[tuple[int, int], ...], ...]  # for each data byte and nibble: high, low


_FINDERS = 18
"""Every symbol has three finders, each with its three rows and three columns of 1011101."""


def _best(bits: int, grid: _Grid) -> int:
    """Give the mask with the lowest penalty, the first among equals."""
    least, best = sys.maxsize, 0
    for score, mask in sorted([(_score(bits ^ pattern, grid), n) for n, pattern in enumerate(grid.masks)]):
        if score > least:
            break
        whole = score + 40 * (_finders(bits ^ grid.masks[mask], grid) - _FINDERS)
        least, best = min((least, best), (whole, mask))
    return best


def _score(x: int, grid: _Grid) -> int:
    """Give the penalty for runs, squares and uneven shares, and that for the finders that all have."""
    stride, total = grid.size + _GUARD, grid.size * grid.size
    light = x ^ grid.paper
    like_right = (x ^ light >> 1) & grid.right
    like_below = (x ^ light >> stride) & grid.below
    squares = like_right & like_right >> stride & like_below
    return (
        _runs(like_right, 1)
        + _runs(like_below, stride)
        + 3 * squares.bit_count()
        + 40 * _FINDERS
        + 10 * (abs(20 * x.bit_count() - 10 * total) // total)
    )


def _runs(alike: int, step: int) -> int:
    """Score the runs of at least five modules alike: n - 2 for a run of n."""
    two = alike & alike >> step
    five = two & two >> 2 * step  # where five begin: n - 4 of them in a run of n
    return 3 * five.bit_count() - 2 * (five & five >> step).bit_count()


def _finders(x: int, grid: _Grid) -> int:
    """Count what looks like a finder, 1011101, with four light modules before or behind it."""
    light = x ^ grid.paper
    found = 0
    for step in (1, grid.size + _GUARD):
        two = light & light >> step
        four = two & two >> 2 * step
        around = four >> 7 * step | four << 4 * step
        ends = x & x >> 2 * step
        gaps = light & light >> 4 * step
        found += (ends & ends >> 4 * step & gaps >> step & x >> 3 * step & around).bit_count()
    return found


# ── what a version looks like ────────────────────────────────────────────────────────────────────


@lru_cache
def _grid(version: int) -> _Grid:
    size = 17 + 4 * version
    stride = size + _GUARD
    area = stride * stride
    spots = [(x, y) for y in range(size) for x in range(size)]
    fixed = _function_patterns(version, size)
    order = list(_zigzag(size, fixed))

    def bits_of(modules: Iterable[tuple[int, int]]) -> int:
        return sum(1 << _bit(x, y, stride) for x, y in modules)

    masks: list[int] = []
    for mask, pattern in enumerate(_MASKS):
        dark = {spot for spot, value in fixed.items() if value}
        dark |= {(x, y) for x, y in spots if (x, y) not in fixed and pattern(x, y)}
        masks.append(bits_of(dark | set(_format(mask, size))))
    return _Grid(
        size=size,
        area=area,
        masks=tuple(masks),
        right=bits_of(spot for spot in spots if spot[0] < size - 1),
        below=bits_of(spot for spot in spots if spot[1] < size - 1),
        paper=(1 << area + _GUARD * (stride + 1)) - 1,
        effects=_effects(version, [_bit(x, y, stride) for x, y in order]),
    )


def _bit(x: int, y: int, stride: int) -> int:
    return (y + _GUARD) * stride + x + _GUARD


# Dark where true; x is the column, y the row.
_MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda x, y: (x + y) % 2 == 0,
    lambda x, y: y % 2 == 0,  # noqa: ARG005 - all eight take both
    lambda x, y: x % 3 == 0,  # noqa: ARG005
    lambda x, y: (x + y) % 3 == 0,
    lambda x, y: (y // 2 + x // 3) % 2 == 0,
    lambda x, y: x * y % 2 + x * y % 3 == 0,
    lambda x, y: (x * y % 2 + x * y % 3) % 2 == 0,
    lambda x, y: ((x + y) % 2 + x * y % 3) % 2 == 0,
)


def _function_patterns(version: int, size: int) -> dict[tuple[int, int], bool]:
    """Give every module that carries no data, and whether it is dark; format modules are left light."""
    fixed: dict[tuple[int, int], bool] = {}
    for n in range(size):
        fixed[n, 6] = fixed[6, n] = n % 2 == 0
    corners = [(3, 3), (size - 4, 3), (3, size - 4)]
    for centre in corners:
        fixed |= _rings(centre, 4, size)
    centres = _VERSIONS[version][2]
    taken = {(6, 6), (6, size - 7), (size - 7, 6)}
    for centre in {(a, b) for a in centres for b in centres} - taken:
        fixed |= _rings(centre, 2, size)
    for n in range(8):
        for spot in ((n, 8), (8, n), (size - 1 - n, 8), (8, size - 1 - n)):
            fixed.setdefault(spot, False)
    fixed.setdefault((8, 8), False)
    fixed[8, size - 8] = True
    if version >= 7:
        word = _remainder(version, 0x1F25, 12)
        for n in range(18):
            dark = bool(word >> n & 1)
            fixed[size - 11 + n % 3, n // 3] = fixed[n // 3, size - 11 + n % 3] = dark
    return fixed


def _rings(centre: tuple[int, int], reach: int, size: int) -> dict[tuple[int, int], bool]:
    """Draw a finder (reach 4, its light border included) or an alignment pattern (reach 2)."""
    light = (2, 4) if reach == 4 else (1,)
    spots = [
        (centre[0] + dx, centre[1] + dy, max(abs(dx), abs(dy)))
        for dx in range(-reach, reach + 1)
        for dy in range(-reach, reach + 1)
    ]
    return {(x, y): ring not in light for x, y, ring in spots if 0 <= x < size and 0 <= y < size}


def _format(mask: int, size: int) -> Iterator[tuple[int, int]]:
    """Give the dark modules that tell level M and the mask, twice over."""
    word = _remainder(mask, 0x537, 10) ^ 0x5412  # level M is 00
    around = [(8, n) for n in (0, 1, 2, 3, 4, 5, 7, 8)] + [(n, 8) for n in (7, 5, 4, 3, 2, 1, 0)]
    beside = [(size - 1 - n, 8) for n in range(8)] + [(8, size - 7 + n) for n in range(7)]
    for n in range(15):
        if word >> n & 1:
            yield around[n]
            yield beside[n]


def _remainder(value: int, generator: int, length: int) -> int:
    rest = value << length
    for n in range(rest.bit_length() - 1, length - 1, -1):
        if rest >> n & 1:
            rest ^= generator << n - length
    return value << length | rest


def _zigzag(size: int, fixed: dict[tuple[int, int], bool]) -> Iterator[tuple[int, int]]:
    """Walk the data modules in their order: two columns at a time, up and down, from the right."""
    up = True
    for right in (*range(size - 1, 6, -2), 5, 3, 1):
        for y in reversed(range(size)) if up else range(size):
            for x in (right, right - 1):
                if (x, y) not in fixed:
                    yield x, y
        up = not up


# ── error correction ─────────────────────────────────────────────────────────────────────────────

_EXP = [1]
for _ in range(254):
    _EXP.append(_EXP[-1] << 1 ^ (0x11D if _EXP[-1] & 0x80 else 0))
_LOG = {value: power for power, value in enumerate(_EXP)}


def _times(a: int, b: int) -> int:
    return _EXP[(_LOG[a] + _LOG[b]) % 255] if a and b else 0


def _generator(degree: int) -> list[int]:
    poly = [1]
    for n in range(degree):
        shifted = [*poly, 0]
        poly = [a ^ _times(b, _EXP[n]) for a, b in zip(shifted, [0, *poly], strict=True)]
    return poly[1:]


def _effects(version: int, bits: list[int]) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Work out which modules each data byte sets, for every value of its two nibbles."""
    degree, blocks, _ = _VERSIONS[version]
    generator = _generator(degree)
    places = _places(blocks, degree)
    table: list[tuple[tuple[int, int], ...]] = []
    for block, length in enumerate(blocks):
        # the remainder of x^k, and from it that of x^(k+1): the last data byte comes first
        rests: list[list[int]] = [generator]
        for _ in range(length - 1):
            head, *tail = rests[-1]
            rests.append([t ^ _times(head, g) for t, g in zip([*tail, 0], generator, strict=True)])
        for place in range(length):
            rest = rests[length - 1 - place]
            basis: list[int] = []
            for bit in range(8):
                words = {places[block, place]: 1 << bit}
                words |= {places[block, length + n]: _times(value, 1 << bit) for n, value in enumerate(rest)}
                basis.append(sum(_spread(value, bits[8 * at : 8 * at + 8]) for at, value in words.items()))
            table.append(tuple((_xor(basis[4:], n), _xor(basis[:4], n)) for n in range(16)))
    return tuple(table)


def _places(blocks: tuple[int, ...], degree: int) -> dict[tuple[int, int], int]:
    """Say at which place of the stream each byte of each block stands: the blocks are interleaved."""
    data = [(block, n) for n in range(max(blocks)) for block, length in enumerate(blocks) if n < length]
    correction = [(block, blocks[block] + n) for n in range(degree) for block in range(len(blocks))]
    return {spot: place for place, spot in enumerate(data + correction)}


def _spread(value: int, bits: list[int]) -> int:
    return sum(1 << bit for n, bit in enumerate(bits) if value >> 7 - n & 1)


def _xor(basis: list[int], chosen: int) -> int:
    result = 0
    for n, value in enumerate(basis):
        if chosen >> n & 1:
            result ^= value
    return result
