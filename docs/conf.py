"""How Sphinx builds the documentation: ``make docs``."""

from __future__ import annotations

from importlib.metadata import version as version_of
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "lockership"
author = "The lockership maintainers"
copyright = "2026, the lockership maintainers"
release = version = version_of("lockership")

extensions = ["myst_parser", "sphinx.ext.apidoc", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]

# Every name of our own must lead somewhere; those of Python and of other packages are not looked up,
# since that would need a network.
nitpicky = True
nitpick_ignore_regex = [
    ("py:.*", r"(?!lockership\b).*"),
    ("py:.*", r".*\._\w+"),  # private names in signatures have no page
]

# One page for each module, made anew on every build: a new module needs no word here.
apidoc_modules = [
    {
        "path": "../src/lockership",
        "destination": "api",
        "exclude_patterns": ["**/__main__.py"],
        "separate_modules": True,
        "module_first": True,
        "automodule_options": {"members", "show-inheritance"},
    }
]
napoleon_use_ivar = True  # the fields of an attrs class are described once, by its docstring
suppress_warnings = ["ref.python"]  # lockership.Parcel and lockership.parcel.Parcel are one
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = f"lockership {release}"
html_copy_source = False


HANDED_ON = {"lockership.recognition", "lockership.testing"}
"""Packages whose names other pages describe: theirs, or `lockership`'s own."""


def setup(app: Sphinx) -> None:
    """Describe each name once, though several packages offer it."""

    def skip(app: Sphinx, _what: str, _name: str, obj: object, _skip: bool, _options: object) -> bool | None:  # noqa: FBT001 - Sphinx calls it so
        page = app.env.current_document.autodoc_module
        return True if page in HANDED_ON and getattr(obj, "__module__", page) != page else None

    app.connect("autodoc-skip-member", skip)
