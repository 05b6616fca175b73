"""Many labels in one PDF: every dot as it came, each page in its size, whole or not there."""

from __future__ import annotations

import io
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, NumberObject

from lockership.errors import InputError, MissingDependency
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


def pdf(pages: list[tuple[float, float]], text: str = "label", **entries: Any) -> bytes:
    """Return a PDF whose pages have these sizes, share one font by inheritance, and name themselves."""
    writer = PdfWriter()
    font = DictionaryObject({NameObject("/F1"): writer._add_object(_font())})
    for number, size in enumerate(pages):
        page = writer.add_blank_page(*size)
        content = DecodedStreamObject()
        content.set_data(f"BT /F1 24 Tf 20 40 Td ({text} {number}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(content.flate_encode())
        del page["/Resources"]
        for key, value in entries.items():
            page[NameObject(f"/{key}")] = value
    tree = writer.root_object["/Pages"]
    assert isinstance(tree, DictionaryObject)
    tree[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): font})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _font() -> DictionaryObject:
    made = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    return DictionaryObject({NameObject(key): NameObject(value) for key, value in made.items()})


def painted(path: Path | bytes) -> list[tuple[tuple[int, int], bytes]]:
    """Return each page's size in pixels and its dots."""
    document = pypdfium2.PdfDocument(path)
    try:
        pictures = [page.render(scale=2, grayscale=True).to_pil() for page in document]
    finally:
        document.close()
    return [(picture.size, picture.tobytes()) for picture in pictures]


def test_pdf_pages_are_as_they_came(tmp_path: Path) -> None:
    """Every page of every PDF is painted alike in the one file, in its own size, among PNG labels."""
    first, second = pdf([(288, 432)], "one"), pdf([(288, 432), (612, 792)], "two", Rotate=NumberObject(90))
    with LabelPages(tmp_path / "all.pdf") as pages:
        pages.add_pdf(first)
        pages.add(png("1")[0])
        pages.add_pdf(second)
        assert pages.pages == 4
    found = painted(tmp_path / "all.pdf")
    assert found[:1] == painted(first)
    assert found[2:] == painted(second)
    assert [size for size, _ in found] == [(576, 864), (576, 864), (864, 576), (1584, 1224)]
    assert found[0][1].count(b"\xff") < len(found[0][1])


def test_the_same_labels_make_the_same_bytes(tmp_path: Path) -> None:
    """No clock and no chance is in the file."""
    for name in ("one.pdf", "two.pdf"):
        with LabelPages(tmp_path / name) as pages:
            pages.add_pdf(pdf([(288, 432)]))
            pages.add(png("1")[0])
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


def test_what_labels_share_is_written_once(tmp_path: Path) -> None:
    """A stream that is the same in hundreds of labels costs its room once, and memory stays flat."""
    logo = bytes(range(256)) * 400
    labels = [_with_logo(pdf([(288, 432)], f"parcel {number}"), logo) for number in range(20)]
    with LabelPages(tmp_path / "all.pdf") as pages:
        for label in labels * 10:
            pages.add_pdf(label)
    content = (tmp_path / "all.pdf").read_bytes()
    assert content.count(logo) == 1
    assert len(content) < len(logo) + 200 * 2_000
    assert len(painted(tmp_path / "all.pdf")) == 200


def _with_logo(content: bytes, logo: bytes) -> bytes:
    writer = PdfWriter(PdfReader(io.BytesIO(content)))
    picture = DecodedStreamObject()
    picture.set_data(logo)
    entries = {"/Type": "/XObject", "/Subtype": "/Image", "/ColorSpace": "/DeviceGray"}
    picture.update({NameObject(key): NameObject(value) for key, value in entries.items()})
    sizes = {"/Width": 320, "/Height": 320, "/BitsPerComponent": 8}
    picture.update({NameObject(key): NumberObject(value) for key, value in sizes.items()})
    resources = writer.pages[0]["/Resources"]
    assert isinstance(resources, DictionaryObject)
    named = DictionaryObject({NameObject("/Logo"): writer._add_object(picture)})
    writer.pages[0][NameObject("/Resources")] = DictionaryObject({**resources, NameObject("/XObject"): named})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_parts_that_point_at_each_other_are_taken_over(tmp_path: Path) -> None:
    """A form that names the resources in which it stands, as some generators write it, ends."""
    writer = PdfWriter(PdfReader(io.BytesIO(pdf([(288, 432)]))))
    form = DecodedStreamObject()
    form.set_data(b"0 0 100 100 re f")
    form.update({NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form")})
    form[NameObject("/BBox")] = ArrayObject(map(NumberObject, (0, 0, 100, 100)))
    reference = writer._add_object(form)
    shared = writer._add_object(
        DictionaryObject({NameObject("/XObject"): DictionaryObject({NameObject("/X"): reference})})
    )
    form[NameObject("/Resources")] = shared
    content = DecodedStreamObject()
    content.set_data(b"/X Do")
    page = writer.pages[0]
    page[NameObject("/Resources")] = shared
    page[NameObject("/Contents")] = writer._add_object(content)
    out = io.BytesIO()
    writer.write(out)
    with LabelPages(tmp_path / "all.pdf") as pages:
        pages.add_pdf(out.getvalue())
    assert painted(tmp_path / "all.pdf") == painted(out.getvalue())


def _locked() -> bytes:
    writer = PdfWriter(PdfReader(io.BytesIO(pdf([(288, 432)]))))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _with_field() -> bytes:
    note = DictionaryObject({NameObject("/Subtype"): NameObject("/Widget")})
    return pdf([(288, 432)], Annots=ArrayObject([note]))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "cannot be read"),
        (b"%PDF-1.4\nnothing\n%%EOF\n", "cannot be read"),
        (pdf([(288, 432)])[:200], "cannot be read"),
        (png("1")[0], "cannot be read"),
        (pdf([]), "has no page"),
        (_locked(), "is encrypted"),
        (_with_field(), "has fields or notes"),
    ],
)
def test_a_pdf_that_cannot_be_taken_over_is_refused_whole(content: bytes, why: str, tmp_path: Path) -> None:
    """It is said why, nothing of it is added, and the labels before and after it are there."""
    with LabelPages(tmp_path / "all.pdf") as pages:
        pages.add_pdf(pdf([(288, 432)]))
        with pytest.raises(InputError, match=why):
            pages.add_pdf(content)
        pages.add_pdf(pdf([(288, 432)]))
    assert len(painted(tmp_path / "all.pdf")) == 2


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 700), octets=st.binary(max_size=8))
def test_a_spoilt_pdf_is_taken_over_or_refused_and_spoils_no_other(
    at: int, octets: bytes, tmp_path: Path
) -> None:
    """Whatever bytes of a label are broken, it ends as pages or as an InputError, and the file is whole."""
    good = pdf([(288, 432)])
    spoilt = good[:at] + octets + good[at + len(octets) :]
    with LabelPages(tmp_path / "all.pdf") as pages:
        pages.add_pdf(good)
        with suppress(InputError):
            pages.add_pdf(spoilt)
        pages.add_pdf(good)
        count = pages.pages
    found = painted(tmp_path / "all.pdf")
    assert len(found) == count
    assert found[0] == found[-1] == painted(good)[0]


def test_without_pypdf_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PDF labels need an optional package; the message names the command that installs it."""
    label = pdf([(288, 432)])
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with (
        LabelPages(tmp_path / "all.pdf") as pages,
        pytest.raises(MissingDependency, match=r"lockership\[pdf\]"),
    ):
        pages.add_pdf(label)
