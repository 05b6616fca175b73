"""One address as two strings of the same length: as it is shown, and as patterns read it.

The fields are joined by ``|``.  *Shown* keeps the buyer's letters but has no control or invisible
characters, no trade marks, no HTML entities, and plain ASCII for full-width forms.  *Folded* is
shown in lower case, without accents, with every mark of punctuation but ``| , #`` turned into a
blank.  Each character of one stands at the same place in the other, so whatever a pattern finds
can be quoted in the buyer's own spelling.

Everything here takes time in proportion to the text, whatever the text is.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lockership.address import Address

__all__ = ["FIELDS", "Text", "clean", "fold", "fold_plain", "joined", "letters", "read"]

FIELDS = ("name", "company", "street1", "street2", "street3", "city", "state", "zip")
"""The fields that are evidence, in the order in which :func:`read` joins them."""

_CACHED = 4_096
"""Characters that a table below remembers: more than an alphabet, less than a flood of text."""


class Text(NamedTuple):
    """One address, joined field by field: ``shown`` for people, ``folded`` for patterns."""

    shown: str
    folded: str
    fields: tuple[str, ...] = FIELDS
    seams: tuple[int, ...] = ()
    """Where a break between two lines was taken away."""
    in_step: bool = True
    """False for a respelled text: it is quoted line by line."""

    @property
    def letters(self) -> str:
        """The folded text without blanks, for cheap tests."""
        return self.folded.replace(" ", "")

    def field_at(self, place: int) -> str:
        """Name the field that stands at this place."""
        return self.fields[self.folded.count("|", 0, place)]

    def glued(self) -> Text | None:
        """Take away the breaks behind full lines, where a form may have cut a word; None without any."""
        breaks = [
            found.start()
            for found in _FULL_LINE.finditer(self.folded)
            if self.folded.count("|", 0, found.start()) < _LAST_LINE
        ]
        if not breaks:
            return None
        gone = {self.folded.count("|", 0, place) + 1 for place in breaks}
        pieces = [
            slice(start, end)
            for start, end in zip([0, *(b + 1 for b in breaks)], [*breaks, None], strict=True)
        ]
        return Text(
            "".join([self.shown[piece] for piece in pieces]),
            "".join([self.folded[piece] for piece in pieces]),
            tuple(field for number, field in enumerate(self.fields) if number not in gone),
            tuple(place - number for number, place in enumerate(breaks)),
        )

    @property
    def parted(self) -> str:
        """The folded text with the breaks that were taken away."""
        return "|".join([self.folded[start:end] for start, end in pairwise((0, *self.seams, None))])

    def start_of(self, field: str) -> int:
        """Say where a field begins."""
        place = 0
        for _ in range(self.fields.index(field)):
            place = self.folded.index("|", place) + 1
        return place

    def line(self, field: str) -> str:
        """Give one field as it is shown."""
        return self.shown.split("|")[self.fields.index(field)]

    def quote(self, start: int, end: int) -> tuple[str, str]:
        """Give the field at ``start`` and what was written there up to ``end``."""
        if not self.in_step:
            line = self.folded.count("|", 0, start)
            return self.fields[line], self.shown.split("|")[line].strip()
        if rest := _TOKEN_REST.match(self.shown, end):
            end = rest.end()
        words = " ".join(self.shown[start:end].replace("|", " ").split())
        return self.field_at(start), words.strip(" ,;-")

    def covered(self, folded: str) -> Text:
        """Put a folded text of the same length, parts of it covered, in the place of this one."""
        # _replace() does the same and takes three times as long.
        return Text(self.shown, folded, self.fields, self.seams, self.in_step)

    def respelled(self, folded: str) -> Text:
        """Put other words, line for line, in the place of the folded ones."""
        return Text(self.shown, folded, self.fields, self.seams, in_step=False)


class _Clean(dict[int, str]):
    """What each character is shown as; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        category = unicodedata.category(char)
        if category in {"Cc", "Zs", "Zl", "Zp"} or char in "™®℠©|":
            # A mark becomes a blank, not nothing and not the letters of NFKC: "Point™CVS" is two words.
            shown = " "
        elif category in {"Cf", "Cs", "Co", "Cn", "Mn", "Me"}:
            shown = ""
        elif category == "Pd" or char == "−":
            shown = "-"
        elif char in "‘’‛′`´":
            shown = "'"
        else:
            plain = unicodedata.normalize("NFKC", char)
            # A character may be taken apart into a blank and an accent, which are characters of their own.
            shown = plain if plain == char else "".join([self[ord(part)] for part in plain if part != char])
        if len(self) < _CACHED:
            self[code] = shown
        return shown


_SIMPLIFIED = str.maketrans(
    "亞馬遜櫃櫥儲點郵聯遞國邊請無領貨對側後聯樓鄰過裡裏號區寓",
    "亚马逊柜橱储点邮联递国边请无领货对侧后联楼邻过里里号区寓",
)


class _Fold(dict[int, str]):
    """What each shown character is folded to: always exactly one character."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if code < 0x80:
            folded = char.lower() if char.isalnum() or char in "|,#" else " "
            folded = "," if char in ";!?\n\r" else folded
        else:
            base = unicodedata.normalize("NFD", char)[0].lower()[0].translate(_SIMPLIFIED)
            folded = base if base.isalnum() else ("," if base in "、。" else " ")
        if len(self) < _CACHED:
            self[code] = folded
        return folded


_CLEAN = _Clean({10: ", ", 13: ", "} | {code: chr(code) for code in range(0x20, 0x7F) if code != ord("|")})
_FOLD = _Fold()
_FOLD_ASCII = str.maketrans({code: _FOLD[code] for code in range(0x80)})
_LETTERS_ASCII = str.maketrans({code: _FOLD[code].strip() or None for code in range(0x80)})
_TOKEN_REST = re.compile(r"(?:-\w++)++", re.ASCII)
"""What belongs to a number with hyphens, which folding took apart."""
_FULL_LINE = re.compile(r"\|(?<=[^|]{28}\|)(?=[^|])")  # led by its letter: ten times as fast
"""The end of a line of 28 characters or more: forms cut at 30, 35, 40 or 50, less a blank that is lost."""
_LAST_LINE = FIELDS.index("street3")
_TRADE_MARK = re.compile(r"\((?:tm|r|sm)\)", re.IGNORECASE)
_LINE_BREAK = re.compile(r"<\s?br\s?/?\s?>", re.IGNORECASE)


def clean(text: str) -> str:
    """Make a text fit to be shown and read: no entities, marks, controls or invisible characters."""
    if "&" in text:
        from html import unescape  # noqa: PLC0415 -- its table of entities is needed by few addresses

        text = unescape(unescape(text))
    text = _TRADE_MARK.sub(" ", _LINE_BREAK.sub(", ", text).translate(_CLEAN))
    return " ".join(text.split())


def fold(text: str) -> str:
    """Clean and fold one text.

    >>> fold("Access Point™ Ｃｏ.")
    'access point co '
    """
    return clean(text).translate(_FOLD)


def read(address: Address) -> Text:
    """Join and fold the fields of an address that are evidence."""
    shown = joined(address)
    if shown is not None:
        return fold_plain(shown)
    shown = "|".join([clean(getattr(address, field)) for field in FIELDS])
    return Text(shown, shown.translate(_FOLD))


def joined(address: Address) -> str | None:
    """Join the fields of an address that are evidence; None where they need cleaning first."""
    shown = (
        f"{address.name}|{address.company}|{address.street1}|{address.street2}|"
        f"{address.street3}|{address.city}|{address.state}|{address.zip}"
    )
    is_plain = (
        shown.isascii() and shown.isprintable() and "&" not in shown and shown.count("|") == len(FIELDS) - 1
    )
    return shown if is_plain else None


def fold_plain(shown: str) -> Text:
    """Fold fields that need no cleaning."""
    return Text(shown, shown.translate(_FOLD_ASCII))


def letters(shown: str) -> str:
    """Give :attr:`Text.letters` of fields that need no cleaning, at once."""
    return shown.translate(_LETTERS_ASCII)
