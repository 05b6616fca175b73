"""Orders out of files and answers into files: JSON Lines, JSON, CSV, Parquet; ``-`` is the terminal's pipe.

A record that cannot be read becomes its own answer and the run goes on.  A file is written beside its
name and put in place when it is whole, so an interrupted run leaves no half file.
"""

from __future__ import annotations

from lockership.files.answers import (
    DECISION_COLUMNS,
    KIND_COLUMNS,
    OUT_FORMATS,
    UnwritableFile,
    Write,
    json_line,
    placing,
    writing,
)
from lockership.files.books import Counts, route_book
from lockership.files.orders import FORMATS, BadRecord, format_of, opened, read_records
from lockership.files.tables import UnreadableFile

__all__ = [
    "DECISION_COLUMNS",
    "FORMATS",
    "KIND_COLUMNS",
    "OUT_FORMATS",
    "BadRecord",
    "Counts",
    "UnreadableFile",
    "UnwritableFile",
    "Write",
    "format_of",
    "json_line",
    "opened",
    "placing",
    "read_records",
    "route_book",
    "writing",
]
