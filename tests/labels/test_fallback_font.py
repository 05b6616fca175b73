from __future__ import annotations

import io
import zlib
from struct import unpack_from
from typing import Any

import attrs
import pypdfium2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import ImageChops
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont, TTFontParser
from reportlab.pdfgen.canvas import Canvas

from lockership.labels.fallback import draw
from lockership.labels.fallback.font import Subset
from lockership.labels.fallback.letters import letters_of
from lockership.labels.fallback.marks import Drawing, Text, alone
from lockership.labels.fallback.pdf import pdf

from .fallback_paper import HOME, PICKUP, SAMPLES, drawing_of, painted, squeezed

LETTERS = letters_of(None)
FONT = LETTERS.embedded
WRITTEN = sorted(code for code in FONT.glyph_of if chr(code).isprintable() and not chr(code).isspace())
TEXTS = st.text(st.sampled_from([chr(code) for code in WRITTEN]), min_size=1, max_size=24)


def tables_of(letters: str) -> dict[str, bytes]:
    """Take the embedded font of these letters apart; every checksum in it must be right."""
    program = FONT.program(letters)
    content = zlib.decompress(program.content)
    assert len(content) == program.length
    parser: Any = TTFontParser(io.BytesIO(content), validate=1)
    return {tag: parser.get_table(tag) for tag in parser.table}


def sheet_of(text: str, size: int = 60) -> Drawing:
    """Give a label with nothing but this text on it, twelve letters to the line."""
    lines = [text[n : n + 12] for n in range(0, len(text), 12)]
    marks = [Text(20, 100 + 60 * n, size, line, wide=True) for n, line in enumerate(lines)]
    return Drawing(812, 1218, 203, (), tuple(marks))


def by_reportlab(drawing: Drawing) -> bytes:
    """Draw the same lines with ReportLab's canvas and its own way to embed a font."""
    pdfmetrics.registerFont(TTFont("wide", str(FONT.path), asciiReadable=False))
    dot, out = 72 / drawing.dpi, io.BytesIO()
    canvas = Canvas(out, pagesize=(drawing.width * dot, drawing.height * dot))
    canvas.addLiteral(f"{dot:.9g} 0 0 {dot:.9g} 0 0 cm")
    for mark in drawing.own:
        assert isinstance(mark, Text)
        canvas.setFont("wide", mark.size)
        canvas.drawString(mark.x, drawing.height - mark.y, mark.text)
    canvas.save()
    return out.getvalue()


@given(TEXTS)
@example("张伟请放前台 ABC")  # Hanzi are put together from others
@example("éŁőÅ가힣ｱ")
@settings(max_examples=40)
def test_letters_look_as_reportlab_embeds_them(text: str) -> None:
    """Any letters of the font are painted, dot by dot, as from the font that ReportLab cuts out."""
    drawing = sheet_of(text)
    ours, theirs = (painted(made, 203) for made in (pdf([alone(drawing)], LETTERS), by_reportlab(drawing)))
    apart = ImageChops.difference(ours, theirs).point([0] * 32 + [255] * 224)
    assert apart.getbbox() is None


@given(TEXTS)
@example("一" * 3 + "丁")
@settings(max_examples=40)
def test_what_is_drawn_can_be_copied(text: str) -> None:
    """A reader that copies the text out of the document gets the letters that were written."""
    document = pypdfium2.PdfDocument(pdf([alone(sheet_of(text))], LETTERS))
    copied = document[0].get_textpage().get_text_range()
    assert squeezed(copied) == squeezed(text)


def test_a_whole_chinese_label_can_be_copied() -> None:
    """All texts of a label in two languages are found when its text is searched."""
    label, size = SAMPLES["chinese"]
    document = pypdfium2.PdfDocument(draw([label], size=size))
    copied = squeezed(document[0].get_textpage().get_text_range())
    texts = [mark.text for mark in drawing_of(label, size).marks if isinstance(mark, Text)]
    assert [text for text in texts if squeezed(text) not in copied] == []


def test_one_font_holds_thousands_of_letters() -> None:
    """Two thousand different Hanzi in one document are all there, whatever the bytes of their numbers."""
    hanzi = "".join(map(chr, range(0x4E00, 0x4E00 + 2_000)))
    sheets = [alone(sheet_of(hanzi[n : n + 200], 30)) for n in range(0, len(hanzi), 200)]
    made = pdf(sheets, LETTERS)
    document = pypdfium2.PdfDocument(made)
    copied = "".join(page.get_textpage().get_text_range() for page in document)
    assert squeezed(copied) == hanzi
    assert made.count(b"/FontFile2") == 1


@given(st.text(st.sampled_from([chr(code) for code in WRITTEN]), min_size=1, max_size=200))
def test_the_embedded_font_is_whole(text: str) -> None:
    """Its checksums are right, its tables agree, and no outline names another that is not there."""
    letters = "".join(dict.fromkeys(text))
    tables = tables_of(letters)
    count = int.from_bytes(tables["maxp"][4:6])
    places = unpack_from(f">{count + 1}L", tables["loca"])
    assert count > len(letters)
    assert len(tables["hmtx"]) == 4 * count == 4 * int.from_bytes(tables["hhea"][34:])
    assert (places[0], places[-1]) == (0, len(tables["glyf"]))
    for place, letter in enumerate(letters, 1):
        number = FONT.glyph_of[ord(letter)]
        outline = tables["glyf"][places[place] : places[place + 1]]
        glyph = FONT._glyph(number)
        assert tables["hmtx"][4 * place : 4 * place + 4] == glyph.metrics
        assert len(outline) == len(glyph.outline)
        for at, part in glyph.parts:
            named = int.from_bytes(outline[at : at + 2])
            inner = FONT._glyph(part)
            found = tables["glyf"][places[named] : places[named + 1]]
            assert found == inner.outline if not inner.parts else len(found) == len(inner.outline)


def test_a_font_is_named_by_what_it_holds() -> None:
    """Documents with different letters embed fonts of different names, equal ones the same."""
    assert FONT.program("张伟").tag != FONT.program("伟张").tag
    assert FONT._program("张伟") == FONT.program("张伟")


def test_letters_are_numbered_as_they_come() -> None:
    """The first letter of a document is its first glyph; a letter that comes again keeps its number."""
    subset = Subset()
    assert subset.coded("张伟张") == "000100020001"
    assert subset.letters == "张伟"


def test_documents_differ_by_their_contents() -> None:
    """Files with different labels have different identifiers, so no viewer takes one for the other."""
    ids = [
        draw([attrs.evolve(PICKUP, order_id=name)]).split(b"/ID")[1][:80] for name in ("A-1", "A-2", "A-1")
    ]
    assert ids[0] != ids[1]
    assert ids[0] == ids[2]


def test_a_latin_label_embeds_no_font() -> None:
    """A label of Latin letters names Helvetica and carries no font; one Hanzi adds a small one."""
    latin = draw([PICKUP])
    assert b"/FontFile2" not in latin
    name = attrs.evolve(HOME, name="张 Ann")
    chinese = draw([attrs.evolve(PICKUP, decision=attrs.evolve(PICKUP.decision, ship_to=name))])
    assert b"/FontFile2" in chinese
    assert len(chinese) < len(latin) + 12_000


@pytest.mark.parametrize("first", ["张伟", "伟张王"])
def test_what_pages_share_is_right_after_other_letters(first: str) -> None:
    """A shared drawing names its letters rightly, whichever letters the document used before it."""
    label, size = SAMPLES["chinese"]
    drawing = drawing_of(label, size)
    before = sheet_of(first)
    made = pdf([alone(before), alone(drawing)], LETTERS)
    apart = ImageChops.difference(painted(made, 203, 1), painted(draw([label], size=size), 203))
    assert apart.getbbox() is None
