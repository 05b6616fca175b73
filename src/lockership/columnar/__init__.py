"""Whole order books as columns: the decisions of ``route_parcel()`` over Arrow tables.

Needs the extra ``arrow``: pyarrow and NumPy.
"""

from __future__ import annotations

from lockership.columnar import arrow  # first, so that what is missing is told as such
from lockership.columnar.answers import decision_schema
from lockership.columnar.kernel import ROWS, Decided, Router, route_batches, route_table
from lockership.columnar.screening import REFUSAL_BITS, eligible, refusal_codes, share

__all__ = [
    "REFUSAL_BITS",
    "ROWS",
    "Decided",
    "Router",
    "arrow",
    "decision_schema",
    "eligible",
    "refusal_codes",
    "route_batches",
    "route_table",
    "share",
]
