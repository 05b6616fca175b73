"""Sheets as black and white PNG pictures, one for each page, as the printer would see them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from lockership.errors import MissingDependency
from lockership.labels.fallback.pdf import pdf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lockership.labels.fallback.letters import Letters
    from lockership.labels.fallback.marks import Sheet

__all__ = ["png"]

_BLACK_OR_WHITE = [255 if shade > 127 else 0 for shade in range(256)]


def png(sheets: Iterable[Sheet], letters: Letters) -> Iterator[bytes]:
    """Paint one sheet after the other; every dot of the printer is one of the picture.

    Raises:
        MissingDependency: pypdfium2 is not installed.
    """
    try:
        from pypdfium2 import PdfDocument  # noqa: PLC0415 - optional
    except ImportError as error:
        raise MissingDependency("PNG needs a renderer: pip install 'lockership[png]'") from error
    for sheet in sheets:
        document = PdfDocument(pdf([sheet], letters))
        try:
            page: Any = document[0]  # pypdfium2 has no types
            # a hair under the true scale: rounding up must not add a dot to 1,800
            picture: Any = page.render(scale=sheet.dpi / 72 * (1 - 1e-9), grayscale=True).to_pil()
        finally:
            document.close()
        out = io.BytesIO()
        black = picture.point(_BLACK_OR_WHITE).convert("1")
        black.save(out, "PNG", dpi=(sheet.dpi, sheet.dpi))
        yield out.getvalue()
