"""pyarrow, which has no types of its own: what comes from it is ``Any``, said once.

Raises:
    MissingDependency: pyarrow or NumPy is not installed.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from lockership.errors import MissingDependency

__all__ = ["pa", "parquet", "pc", "without_views"]


def _loaded(name: str) -> Any:  # noqa: ANN401 - see above
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingDependency("tables need pyarrow and NumPy: pip install 'lockership[arrow]'") from error


_loaded("numpy")
pa: Any = _loaded("pyarrow")
pc: Any = _loaded("pyarrow.compute")
parquet: Any = _loaded("pyarrow.parquet")


def without_views(kind: Any) -> Any:  # noqa: ANN401 - as above
    """Give the type that holds the same as this one and that all functions of pyarrow take.

    Polars gives text as views, which many of them cannot take.
    """
    types = pa.types
    if types.is_string_view(kind):
        return pa.string()
    if types.is_binary_view(kind):
        return pa.binary()
    if types.is_struct(kind):
        return pa.struct([field.with_type(without_views(field.type)) for field in kind])
    if types.is_dictionary(kind):
        return pa.dictionary(kind.index_type, without_views(kind.value_type), kind.ordered)
    if types.is_list(kind) or types.is_large_list(kind):
        held = without_views(kind.value_type)
        make = pa.list_ if types.is_list(kind) else pa.large_list
        return kind if held == kind.value_type else make(held)
    return kind
