"""Many PNG labels in one PDF: every dot as it came, a page each, whole or not there."""

from __future__ import annotations

import io
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest
from PIL import Image

from lockership.errors import InputError
from lockership.labels.pages import LabelPages

if TYPE_CHECKING:
    from pathlib import Path


def png(mode: str, size: tuple[int, int] = (120, 180)) -> tuple[bytes, Image.Image]:
    """Return a picture with a pattern that shows when it is turned, and the same in grey."""
    picture = Image.new("L", size, 255)
    for x in range(size[0]):
        for y in range(size[1]):
            if (x * x + 3 * y) % 7 < 2 or (x < 20 and y < 40):
                picture.putpixel((x, y), 0)
    out = io.BytesIO()
    picture.convert(mode).save(out, "PNG")
    return out.getvalue(), picture


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "P", "RGBA", "LA"])
def test_every_dot_is_as_it_came(mode: str, tmp_path: Path) -> None:
    """Black and white, grey, colour, palette and transparent labels come out dot for dot."""
    content, picture = png(mode)
    with LabelPages(tmp_path / "all.pdf") as pages:
        pages.add(content)
        pages.add(content)
    document = pypdfium2.PdfDocument(tmp_path / "all.pdf")
    try:
        assert len(document) == 2
        assert [round(side) for side in document[1].get_size()] == [288, 432]
        page: Any = document[1]  # pypdfium2 says that a scale is a whole number
        painted = page.render(scale=120 / 288, grayscale=True).to_pil()
    finally:
        document.close()
    assert painted.size == picture.size
    assert painted.tobytes() == picture.tobytes()


def test_a_label_that_lies_is_six_inches_wide(tmp_path: Path) -> None:
    """A label that is wider than high gets a page of six inches by its height."""
    with LabelPages(tmp_path / "all.pdf") as pages:
        pages.add(png("1", (180, 120))[0])
    document = pypdfium2.PdfDocument(tmp_path / "all.pdf")
    try:
        assert [round(side) for side in document[0].get_size()] == [432, 288]
    finally:
        document.close()


def test_there_is_no_half_file_and_no_empty_one(tmp_path: Path) -> None:
    """A run that breaks off, or has no label, leaves nothing and keeps what was there."""
    kept = tmp_path / "all.pdf"
    kept.write_bytes(b"%PDF-before")
    with suppress(KeyboardInterrupt), LabelPages(kept) as pages:
        pages.add(png("1")[0])
        raise KeyboardInterrupt
    with LabelPages(kept):
        pass
    assert kept.read_bytes() == b"%PDF-before"
    assert list(tmp_path.iterdir()) == [kept]


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG\r\n\x1a\n", b"%PDF-1.4", png("1")[0][:20], png("RGBA")[0][:60]]
)
def test_what_is_no_png_is_refused(content: bytes, tmp_path: Path) -> None:
    """A broken picture is named as such, and the pages before it are kept."""
    with LabelPages(tmp_path / "all.pdf") as pages:
        pages.add(png("1")[0])
        with pytest.raises(InputError, match="no PNG"):
            pages.add(content)
    assert (tmp_path / "all.pdf").read_bytes().count(b"/Type/Page/") == 1
