"""Code 128: any printable ASCII as bars, digits packed in pairs.

Written out here because a label draws one for every parcel: this takes a few microseconds and no
further package.  Symbols are read back with an independent decoder in the tests.

Source: ISO/IEC 15417, Code 128; GS1 General Specifications 5.4 for the FNC1 form.
"""

from __future__ import annotations

import re

__all__ = ["code128"]

# For each symbol value: widths of bar, space, bar, space, bar, space; the stop has one bar more.
_WIDTHS = """
212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132
122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212
322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311
112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321
331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214
112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212
124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113
411311 113141 114131 311141 411131 211412 211214 211232 2331112
""".split()  # noqa: SIM905 - a table is read more easily so

_TO_C, _TO_B, _FNC1 = 99, 100, 102
_START_B, _START_C, _STOP = 104, 105, 106
_DIGITS = re.compile(r"[0-9]*")

_MODULES = tuple(
    "".join(("1", "0")[n % 2] * int(width) for n, width in enumerate(widths)) for widths in _WIDTHS
)


def code128(text: str, *, gs1: bool = False) -> str:
    """Encode printable ASCII as modules from the left, 1 for dark and 0 for light, without quiet zone.

    ``gs1`` puts the FNC1 in front that makes it a GS1-128.  The caller has checked that every
    character stands between the blank and the tilde.

    >>> code128("A")
    '1101001000010100011000100010110001100011101011'
    >>> len(code128("12345678")) < len(code128("1234567A"))  # two digits share one symbol
    True
    """
    values = _values(text, gs1=gs1)
    check = values[0] + sum([place * value for place, value in enumerate(values[1:], 1)])
    return "".join([_MODULES[value] for value in (*values, check % 103, _STOP)])


def _values(text: str, *, gs1: bool) -> list[int]:
    """Choose between the sets so that the symbol is short: runs of digits go in pairs."""
    leading = _run(text, 0)
    packed = leading >= 4 or leading == len(text) == 2
    values = [_START_C if packed else _START_B] + [_FNC1] * gs1
    at = 0
    while at < len(text):
        run = _run(text, at)
        if packed and run >= 2:
            pairs = run // 2
            values += [int(text[n : n + 2]) for n in range(at, at + 2 * pairs, 2)]
            at += 2 * pairs
        elif packed:
            values.append(_TO_B)
            packed = False
        elif run >= 6 or (run >= 4 and at + run == len(text)):
            if run % 2:
                values.append(ord(text[at]) - 32)
                at += 1
            values.append(_TO_C)
            packed = True
        else:
            plain = run or 1
            values += [ord(letter) - 32 for letter in text[at : at + plain]]
            at += plain
    return values


def _run(text: str, at: int) -> int:
    match = _DIGITS.match(text, at)
    return 0 if match is None else match.end() - at
