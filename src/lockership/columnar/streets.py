"""Plain streets in columns: one scan of a regular expression sends nineteen of twenty rows out.

``recognise()`` first asks whether any word stands in an address that could make it more than a
street.  Here the same question, from the same list of stems, is put to a whole column at once.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from lockership.columnar.arrow import pa, pc
from lockership.recognition.fold import FIELDS
from lockership.recognition.vocabulary import stems

__all__ = ["EVIDENCE", "may_be_more", "starts_with_number"]

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
def _more() -> str:
    """Match what is no plain street: a stem, or a character that must be cleaned before it is read."""
    spaced = [_spaced(stem) for stem in stems().split() if stem.isascii()]
    return "|".join([*spaced, "[^ -~]", "&"])


def may_be_more(lines: list[Any]) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Tell, for each row of the columns of :data:`EVIDENCE`, whether it must be recognised on its own.

    Never False where ``recognise()`` would say more than ``street`` with a sure or likely confidence.
    """
    joined = pc.binary_join_element_wise(*lines, "|", null_handling="replace", null_replacement="")
    more = pc.match_substring_regex(pc.ascii_lower(joined), _more())
    # A line that holds the mark between lines itself is shown to recognise(), which cleans it.
    barred = pc.not_equal(pc.count_substring(joined, "|"), pa.scalar(len(EVIDENCE) - 1, pa.int32()))
    return pc.or_(more, barred)


def starts_with_number(street1: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Tell whether a plain street begins with a house number, which makes it certain."""
    return pc.fill_null(pc.match_substring_regex(street1, "^ *[0-9]"), fill_value=False)
