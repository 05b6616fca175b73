"""pyarrow, which has no types of its own: what comes from it is ``Any``, said once.

Raises:
    MissingDependency: pyarrow or NumPy is not installed.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from lockership.errors import MissingDependency

__all__ = ["pa", "parquet", "pc", "plain"]


def _loaded(name: str) -> Any:  # noqa: ANN401 - see above
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingDependency("tables need pyarrow and NumPy: pip install 'lockership[arrow]'") from error


_loaded("numpy")
pa: Any = _loaded("pyarrow")
pc: Any = _loaded("pyarrow.compute")
parquet: Any = _loaded("pyarrow.parquet")


def plain(batch: Any) -> Any:  # noqa: ANN401 - as above
    """Give the same batch in types that all functions of pyarrow take, numbers by their own digits.

    Polars gives text as views, which many functions cannot take.  The 32-bit float 45.72 becomes the
    64-bit float 45.72 and not 45.720001373291016, which is more than 18 in.
    """
    if all(_is_plain(field.type) for field in batch.schema):
        return batch
    return pa.RecordBatch.from_arrays([_plain(column) for column in batch.columns], batch.schema.names)


def _is_plain(kind: Any) -> bool:  # noqa: ANN401
    types = pa.types
    if types.is_dictionary(kind):
        return _is_plain(kind.value_type)
    if types.is_nested(kind):
        return all(_is_plain(kind.field(place).type) for place in range(kind.num_fields))
    return not (types.is_string_view(kind) or types.is_binary_view(kind) or types.is_float32(kind))


def _plain(column: Any) -> Any:  # noqa: ANN401
    kind, types = column.type, pa.types
    if _is_plain(kind):
        return column
    if types.is_string_view(kind):
        return column.cast(pa.string())
    if types.is_binary_view(kind):
        return column.cast(pa.binary())
    if types.is_float32(kind):
        return column.cast(pa.string()).cast(pa.float64())
    if types.is_dictionary(kind):
        return pa.DictionaryArray.from_arrays(column.indices, _plain(column.dictionary))
    if types.is_struct(kind):
        parts = [_plain(pc.struct_field(column, place)) for place in range(kind.num_fields)]
        return pa.StructArray.from_arrays(parts, [field.name for field in kind], mask=column.is_null())
    if types.is_list(kind) or types.is_large_list(kind):
        lengths = pc.fill_null(pc.list_value_length(column), 0)
        ends = pc.cumulative_sum(lengths)
        offsets = pa.concat_arrays([pa.array([0], ends.type), ends])
        array = pa.ListArray if types.is_list(kind) else pa.LargeListArray
        return array.from_arrays(offsets, _plain(column.flatten()), mask=column.is_null())
    return column  # a sort of list that is shown to the door as it is
