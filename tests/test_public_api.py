"""What ``from lockership import …`` offers."""

from __future__ import annotations

import inspect
from types import ModuleType

import pytest

import lockership


def test_the_list_of_public_names_is_sorted() -> None:
    """The list of public names is sorted and names nothing twice."""
    assert list(lockership.__all__) == sorted(set(lockership.__all__))


def test_all_that_is_promised_is_there_and_nothing_else() -> None:
    """A star import brings every promised name, and no public value stands beside them."""
    offered: dict[str, object] = {}
    exec("from lockership import *", offered)  # noqa: S102 - a star import is lawful only at module level
    del offered["__builtins__"]
    assert sorted(offered) == list(lockership.__all__)

    beside = {
        name
        for name, value in vars(lockership).items()
        if not name.startswith("_") and not isinstance(value, ModuleType) and _is_ours(value)
    }
    assert beside - {"TYPE_CHECKING"} <= set(lockership.__all__)


def _is_ours(value: object) -> bool:
    return str(getattr(value, "__module__", "lockership")).partition(".")[0] == "lockership"


def test_an_interactive_shell_sees_every_name() -> None:
    """``dir(lockership)`` names all that is promised, so that completion finds it."""
    assert set(lockership.__all__) <= set(dir(lockership))


def test_a_name_that_does_not_exist_is_refused_by_name() -> None:
    """A misspelt name is an AttributeError that says which."""
    with pytest.raises(AttributeError, match="route_parcels"):
        getattr(lockership, "route_parcels")  # noqa: B009 - a plain attribute would not pass the type checkers


def test_every_public_class_and_function_says_what_it_promises() -> None:
    """Every public class and function has a docstring of its own, and so has every public method."""
    silent: list[str] = []
    for name in lockership.__all__:
        value = getattr(lockership, name)
        if inspect.isclass(value) or inspect.isroutine(value):
            if not value.__doc__:
                silent.append(name)
            silent += [
                f"{name}.{method}"
                for method, body in (vars(value).items() if inspect.isclass(value) else ())
                if not method.startswith("_")
                and inspect.isroutine(getattr(body, "__func__", body))
                and not inspect.getdoc(getattr(value, method))
            ]
    assert not silent
