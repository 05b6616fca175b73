"""Whole order books as columns: the decisions of ``route_parcel()`` over Arrow tables.

Needs the extra ``arrow``: pyarrow and NumPy.
"""

from __future__ import annotations

from lockership.columnar.answers import decision_schema
from lockership.columnar.kernel import ROWS, Decided, Router, route_batches, route_table

__all__ = ["ROWS", "Decided", "Router", "decision_schema", "route_batches", "route_table"]
