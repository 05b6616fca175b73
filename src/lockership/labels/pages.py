"""Many labels, PNG and PDF, as one PDF, written as they come: thousands need no memory.

A PNG's own compressed rows are what a PDF stores for a picture, and the pages of a PDF are taken over with
their streams as they are, so every dot of a label reaches the paper as the carrier drew it.  What labels
share, as fonts and logos, is written once.  pypdf reads the PDFs: ``pip install 'lockership[pdf]'``.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import struct
from array import array
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

from lockership.errors import OUT_OF_RANGE, InputError, MissingDependency, Problem

if TYPE_CHECKING:
    from pypdf import PageObject
    from pypdf.generic import IndirectObject

__all__ = ["LabelPages", "reads_pdf"]

_SILENCE = logging.NullHandler()
_WIDTH = 288  # points: labels are four inches wide
_GREY, _COLOUR, _PALETTE = 0, 2, 3


class LabelPages:
    """A PDF that is being written; it appears under its name when it is whole.

    Args:
        path: Where it will stand.

    Use it in a ``with`` block; if that raises, or no page was added, there is no file.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        self._part = self._path.with_name(f".{self._path.name}.{os.getpid()}.part")
        self._offsets = array("Q")
        self._kids: list[int] = []
        self._next = 3
        self._shared: dict[bytes, int] = {}
        self._file: IO[bytes] = self._part.open("wb")
        self._at = self._file.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    @property
    def pages(self) -> int:
        """How many pages there are so far."""
        return len(self._kids)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None and self.pages:
                self._end()
                self._file.flush()
                os.fsync(self._file.fileno())
                self._file.close()
                self._part.replace(self._path)
        finally:
            self._file.close()
            self._part.unlink(missing_ok=True)

    def add(self, png: bytes) -> None:
        """Add a page: four inches wide, as high as the label is; six inches wide when it lies.

        Raises:
            InputError: It is no PNG that can be read.
        """
        width, height, entries, rows = _picture(png)
        across = _WIDTH if height >= width else _WIDTH * 3 // 2
        up = round(across * height / width, 2)
        first = self._next
        self._next += 3
        self._object(
            first,
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {across} {up}]/Contents {first + 1} 0 R"
            f"/Resources<</XObject<</L {first + 2} 0 R>>>>>>".encode(),
        )
        self._stream(first + 1, "", f"{across} 0 0 {up} 0 0 cm /L Do".encode())
        self._stream(first + 2, f"/Type/XObject/Subtype/Image/Width {width}/Height {height}{entries}", rows)
        self._kids.append(first)

    def add_pdf(self, content: bytes) -> None:
        """Add every page of a PDF, each in its own size.

        Raises:
            InputError: It cannot be read, is encrypted, or has no page, or fields and notes beside its
                pages.  Then nothing of it is added.
            MissingDependency: pypdf is not installed.
        """
        copied = _Copied(self._next, self._shared)
        kids = copied.all_of(content)
        for number, body in copied.objects:
            self._object(number, body)
        self._next = copied.next
        if len(self._shared) < _REMEMBERED:
            self._shared |= copied.shared
        self._kids += kids

    def _object(self, number: int, body: bytes) -> None:
        self._offsets.extend([0] * (number - len(self._offsets)))
        self._offsets[number - 1] = self._at
        self._at += self._file.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def _stream(self, number: int, entries: str, content: bytes) -> None:
        head = f"<<{entries}/Length {len(content)}>>\nstream\n".encode()
        self._object(number, head + content + b"\nendstream")

    def _end(self) -> None:
        kids = " ".join(f"{number} 0 R" for number in self._kids)
        self._object(1, b"<</Type/Catalog/Pages 2 0 R>>")
        self._object(2, f"<</Type/Pages/Count {self.pages}/Kids[{kids}]>>".encode())
        start = self._at
        rows = [b"%010d 00000 n \n" % offset for offset in self._offsets]
        size = len(rows) + 1
        self._file.write(b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, b"".join(rows)))
        self._file.write(b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, start))


def reads_pdf() -> bool:
    """Whether pypdf is installed, so that PDFs can be added."""
    return find_spec("pypdf") is not None


_REMEMBERED = 10_000
"""Streams by which later labels are looked at: what thousands share is among the first of them."""

_KEPT = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources", "/Contents")
"""What a page looks like; what else it may have is for screens."""


class _Copied:
    """The pages of one PDF and all that they are made of, under the numbers that they get in ours.

    Args:
        first: The first number that is free.
        known: Streams that are written already, by their hash.
    """

    def __init__(self, first: int, known: dict[bytes, int]) -> None:
        self.next = first
        self.objects: list[tuple[int, bytes]] = []
        self.shared: dict[bytes, int] = {}
        self._known = known
        self._numbers: dict[tuple[int, int], int] = {}
        self._waiting: list[tuple[int, Any]] = []

    def all_of(self, content: bytes) -> list[int]:
        """Copy all pages and give their numbers."""
        # It tells every flaw of a file in dozens of lines; what matters is raised below, in one.
        logging.getLogger("pypdf").addHandler(_SILENCE)
        try:
            from pypdf import PdfReader  # noqa: PLC0415 - optional
        except ImportError as error:
            raise MissingDependency("PDF labels need pypdf: pip install 'lockership[pdf]'") from error
        try:
            reader = PdfReader(io.BytesIO(content))
            if reader.is_encrypted:
                raise _unusable("is encrypted")
            kids = [self._page(page) for page in reader.pages]
            while self._waiting:
                number, thing = self._waiting.pop()
                self.objects.append((number, self._written(thing)))
        except InputError:
            raise
        except Exception as error:  # a broken PDF may fail anywhere in pypdf, not with its own errors only
            raise _unusable(f"cannot be read ({type(error).__name__})") from error
        if not kids:
            raise _unusable("has no page")
        return kids

    def _page(self, page: PageObject) -> int:
        from pypdf.generic import DictionaryObject, IndirectObject, NameObject  # noqa: PLC0415 - as above

        if any(note.get_object().get("/Subtype") != "/Link" for note in page.get("/Annots") or ()):
            raise _unusable("has fields or notes beside its page")
        made = DictionaryObject({NameObject("/Type"): NameObject("/Page")})
        for key in _KEPT:
            if key in page:
                made[NameObject(key)] = self._renumbered(page.raw_get(key))
        made[NameObject("/Parent")] = IndirectObject(2, 0, None)
        number = self._taken()
        self.objects.append((number, _bytes_of(made)))
        return number

    def _taken(self) -> int:
        self.next += 1
        return self.next - 1

    def _number(self, reference: IndirectObject) -> int:
        """Give the number of what is referred to; what it is made of waits for its turn."""
        from pypdf.generic import NullObject, StreamObject  # noqa: PLC0415 - as above

        key = reference.idnum, reference.generation
        if key not in self._numbers:
            thing = reference.get_object()
            thing = NullObject() if thing is None else thing
            if isinstance(thing, StreamObject) and _alone(thing):
                self._numbers[key] = self._once(_bytes_of(thing))
            else:
                self._numbers[key] = self._taken()
                self._waiting.append((self._numbers[key], thing))
        return self._numbers[key]

    def _once(self, body: bytes) -> int:
        digest = hashlib.sha256(body).digest()
        number = self._known.get(digest) or self.shared.get(digest)
        if number is None:
            number = self.shared[digest] = self._taken()
            self.objects.append((number, body))
        return number

    def _written(self, thing: Any) -> bytes:  # noqa: ANN401 - any of pypdf's objects
        return _bytes_of(self._renumbered(thing))

    def _renumbered(self, thing: Any) -> Any:  # noqa: ANN401 - any of pypdf's objects
        """Give an object whose references point at ours; pages may share a part, so parts are made anew."""
        from pypdf.generic import (  # noqa: PLC0415 - as above
            ArrayObject,
            DictionaryObject,
            IndirectObject,
            StreamObject,
        )

        if isinstance(thing, IndirectObject):
            return IndirectObject(self._number(thing), 0, None)
        if isinstance(thing, ArrayObject):
            return ArrayObject(map(self._renumbered, thing))
        if not isinstance(thing, DictionaryObject):
            return thing
        streams = isinstance(thing, StreamObject)  # it is referred to by its number, so it comes but once
        made = thing if streams else DictionaryObject()
        if streams:
            thing.pop("/Length", None)  # it is written anew
        for key in list(thing):
            made[key] = self._renumbered(thing.raw_get(key))
        return made


def _alone(thing: Any) -> bool:  # noqa: ANN401 - any of pypdf's objects
    """Whether an object refers to no other, a stream's length aside."""
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject  # noqa: PLC0415 - as above

    if isinstance(thing, DictionaryObject):
        return all(key == "/Length" or _alone(thing.raw_get(key)) for key in thing)
    if isinstance(thing, ArrayObject):
        return all(map(_alone, thing))
    return not isinstance(thing, IndirectObject)


def _bytes_of(thing: Any) -> bytes:  # noqa: ANN401 - any of pypdf's objects
    out = io.BytesIO()
    thing.write_to_stream(out)
    return out.getvalue()


def _unusable(why: str) -> InputError:
    return InputError([Problem(OUT_OF_RANGE, f"the label's PDF {why}", "label")])


def _picture(png: bytes) -> tuple[int, int, str, bytes]:
    """Give width, height, what a PDF has to say of the picture, and its rows as the PNG has them."""
    try:
        width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", png[16:29])
        if interlaced or colour not in (_GREY, _COLOUR, _PALETTE):
            png = _plain(png)
            width, height, depth, colour = struct.unpack(">IIBB", png[16:26])
        chunks = list(_chunks(png))
    except (struct.error, OSError, ValueError) as error:
        raise InputError([Problem(OUT_OF_RANGE, "the label is no PNG that can be read", "label")]) from error
    rows = b"".join(content for name, content in chunks if name == b"IDAT")
    palette = b"".join(content for name, content in chunks if name == b"PLTE")
    space = {_GREY: "/DeviceGray", _COLOUR: "/DeviceRGB"}.get(
        colour, f"[/Indexed/DeviceRGB {len(palette) // 3 - 1}<{palette.hex()}>]"
    )
    told = (
        f"/ColorSpace{space}/BitsPerComponent {depth}/Filter/FlateDecode/DecodeParms<</Predictor 15"
        f"/Colors {3 if colour == _COLOUR else 1}/BitsPerComponent {depth}/Columns {width}>>"
    )
    return width, height, told, rows


def _chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    found: list[tuple[bytes, bytes]] = []
    at = 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        found.append((png[at + 4 : at + 8], png[at + 8 : at + 8 + length]))
        at += length + 12
    return found


def _plain(png: bytes) -> bytes:
    """Paint a transparent or interlaced PNG on white, in grey."""
    from PIL import Image  # noqa: PLC0415 - comes with ReportLab, and few labels need it

    with Image.open(io.BytesIO(png)) as picture:
        clear = picture.convert("RGBA")
    white = Image.new("RGBA", clear.size, "white")
    white.alpha_composite(clear)
    out = io.BytesIO()
    white.convert("L").save(out, "PNG")
    return out.getvalue()
