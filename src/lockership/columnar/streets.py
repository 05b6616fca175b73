"""Plain streets in columns: one scan of a regular expression sends nineteen of twenty rows out.

``recognise()`` first asks whether any word stands in an address that could make it more than a
street.  Here the same question, from the same list of stems, is put to a whole column at once.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from lockership.columnar.arrow import pa, pc
from lockership.columnar.fields import Bools, bools_of, letters_of
from lockership.recognition.fold import FIELDS, fold
from lockership.recognition.home import UNIT_WORDS
from lockership.recognition.notes import TRIGGERS
from lockership.recognition.spelling import is_sound
from lockership.recognition.vocabulary import NUMBER, stems

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["EVIDENCE", "bare_numbers", "may_be_more", "own_words", "starts_with_number"]

EVIDENCE = FIELDS
"""The fields of an address that are evidence, in the order in which they are joined."""

_PASSED_OVER = "[^a-z0-9|,#]*"
"""What the stems are read without: every ASCII character but these."""
_PART = re.compile(r"\(\?:|[|)$]|(\\.|\[[^]]*]|[^\\[(|)$])(\*\+|\*|\?|\{\d+})?")


def _spaced(stem: str) -> str:
    """Let the characters that are passed over stand between those of a stem."""
    parts: list[str] = []
    for part in _PART.finditer(stem):
        one, times = part.groups()
        if one is None:
            parts.append(part[0])
        elif times is None:
            parts.append(one + _PASSED_OVER)
        else:  # possessive repetition is RE2's only one
            parts.append(f"(?:{one}{_PASSED_OVER}){times.removesuffix('+')}")
    return "".join(parts)


@cache
def _more(*, numbers: bool) -> str:
    """Match what is no plain street: a stem, a character that must be cleaned, a cell that is wrapped."""
    spaced = [_spaced(stem) for stem in stems().split() if stem.isascii() and (numbers or stem != NUMBER)]
    return "|".join([*spaced, "[^ -~]", "&", '="'])


def own_words(spellings: Iterable[str]) -> str:
    """Match what may be one of these spellings: its words, with any marks between them.

    Spellings in other scripts stand only where a line is looked at closely anyway.
    """
    words = [_NO_WORD.sub("[^a-z0-9]+", fold(spelling).strip()) for spelling in spellings]
    return "|".join(sorted({one for one in words if one.isascii() and any(map(str.isalnum, one))}))


_NO_WORD = re.compile(r"[\x00-/:-`{-\x7f]+")


def may_be_more(lines: list[Any], own: str = "") -> Bools:
    """Tell, for each row of the columns of :data:`EVIDENCE`, whether it must be recognised on its own.

    Never False where ``recognise()`` would say more than ``street`` with a sure or likely confidence, nor
    where words stand that the seller's own networks have (:func:`own_words`).
    """
    joined = _joined(lines)
    pattern = f"{_more(numbers=True)}|{own}" if own else _more(numbers=True)
    more = bools_of(pc.match_substring_regex(pc.ascii_lower(joined), pattern))
    return more | _parted_more(joined)


def _joined(lines: list[Any]) -> Any:  # noqa: ANN401 - pyarrow has no types
    return pc.binary_join_element_wise(*lines, "|", null_handling="replace", null_replacement="")


def _parted_more(joined: Any) -> Bools:  # noqa: ANN401
    """Tell where a line holds the mark between lines itself: recognise() cleans it."""
    parts = len(EVIDENCE) - 1
    if np.count_nonzero(letters_of(joined) == ord("|")) == parts * len(joined):  # one look at all of them
        return np.zeros(len(joined), dtype=np.bool_)
    return bools_of(pc.not_equal(pc.count_substring(joined, "|"), pa.scalar(parts, pa.int32())))


_LINES = r"^[^|#]*\|[^|#]*\|(?:[^#]*[|,])? *"
"""A name and a company without ``#``, then whole lines or parts of lines without one."""
_OWN_LINE = _LINES + "# *[a-z0-9]+ *[|,]"
_BEHIND_A_STREET = _LINES + "[0-9]{1,6}(?:[. ]+[a-z0-9]{1,20}){1,6} # *[a-z0-9]"
_OF_A_UNIT = rf"^[^|#]*\|[^|#]*\|[^#]*(?:[a-z0-9]|\b(?:{'|'.join(sorted(UNIT_WORDS))}) )#"
_MAYBE_CUT = r"[^|]{28}\|"


def bare_numbers(lines: list[Any]) -> tuple[Bools, Bools]:
    """Say of rows with one ``#`` and no other word of any kind what its number is, as ``recognise()`` does.

    Returns:
        Where it may be that of a box: a street, and only possible; and where it is that of a unit or
        belongs to a word: a plain street.  The other rows have to be recognised.
    """
    joined = pc.ascii_lower(_joined(lines))
    alone = bools_of(pc.equal(pc.count_substring(joined, NUMBER), pa.scalar(1, pa.int32())))
    alone &= ~bools_of(pc.match_substring_regex(joined, _more(numbers=False))) & ~_parted_more(joined)
    rows = np.flatnonzero(alone)
    text = joined.take(pa.array(rows))

    def holds(pattern: str) -> Bools:
        return bools_of(pc.match_substring_regex(text, pattern))

    simple = ~holds(_MAYBE_CUT) & ~_has_strange_words(text)
    of_a_unit = holds(_OF_A_UNIT)
    doubtful, plain = np.zeros_like(alone), np.zeros_like(alone)
    doubtful[rows] = simple & ~of_a_unit & (holds(_OWN_LINE) | holds(_BEHIND_A_STREET))
    plain[rows] = simple & of_a_unit
    return doubtful, plain


def _has_strange_words(text: Any) -> Bools:  # noqa: ANN401 - pyarrow has no types
    """Tell where a word of a note stands, or one that may be a slip: each word that differs is asked once."""
    words = set(" ".join(text.to_pylist()).translate(_PUNCTUATION).split())
    strange = "|".join(sorted(word for word in words if _is_strange(word)))
    if not strange:
        return np.zeros(len(text), dtype=np.bool_)
    return bools_of(pc.match_substring_regex(text, f"(?:^|[^a-z0-9])(?:{strange})(?:$|[^a-z0-9])"))


_PUNCTUATION = {code: " " for code in range(0x80) if not chr(code).isalnum()}


@lru_cache(maxsize=65_536)
def _is_strange(word: str) -> bool:
    return word in TRIGGERS or not is_sound(word)


def starts_with_number(street1: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Tell whether a plain street begins with a house number, which makes it certain."""
    return pc.fill_null(pc.match_substring_regex(street1, "^ *[0-9]"), fill_value=False)
