"""pyarrow, which has no types of its own: what comes from it is ``Any``, said once.

Raises:
    MissingDependency: pyarrow or NumPy is not installed.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from lockership.errors import MissingDependency

__all__ = ["pa", "parquet", "pc"]


def _loaded(name: str) -> Any:  # noqa: ANN401 - see above
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingDependency("tables need pyarrow and NumPy: pip install 'lockership[arrow]'") from error


_loaded("numpy")
pa: Any = _loaded("pyarrow")
pc: Any = _loaded("pyarrow.compute")
parquet: Any = _loaded("pyarrow.parquet")
