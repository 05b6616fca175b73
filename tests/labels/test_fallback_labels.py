from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs
import pypdfium2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from lockership import Address, InputError, Parcel, route_parcel
from lockership.errors import MissingDependency
from lockership.labels.fallback import Cover, Label, NoCarrierLabel, SkuLine, draw, drawings
from lockership.labels.fallback.letters import Letters, Line, letters_of
from lockership.labels.fallback.marks import Box, Code, Drawing, Text
from lockership.labels.fallback.page import SIZES, page_of
from lockership.testing import decisions

from .fallback_paper import (
    HOME,
    LOCKER,
    NOW,
    PICKUP,
    SAMPLES,
    TO_HOME,
    absent,
    codes_of,
    drawing_of,
    faults,
    painted,
    scanned,
    squeezed,
)

RESOLUTIONS = (203, 300)
LETTERS = letters_of(None)


# ── the samples ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("dpi", RESOLUTIONS)
@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_on_a_label_collides(name: str, dpi: int) -> None:
    """Nothing overlaps, leaves the page, stands in a quiet zone or is under 8 points; nothing is missing."""
    label, size = SAMPLES[name]
    drawing = drawing_of(label, size, dpi)
    assert faults(drawing, LETTERS) == []
    if isinstance(label, Label):
        assert absent(label, drawing, LETTERS) == []


QUIET = {"code128": 10, "gs1-128": 10, "qr": 4, "datamatrix": 1}
"""Modules that must stay white beside a symbol: ISO/IEC 15417, GS1 5.4, ISO/IEC 18004, ISO/IEC 16022."""


@pytest.mark.parametrize("dpi", [*RESOLUTIONS, 600])
def test_letters_and_codes_keep_to_the_standards_least(dpi: int) -> None:
    """However full a label is, its letters have 8 points and its codes their standards' quiet zones."""
    wordy = attrs.evolve(
        HOME, company="Longshore Logistics " * 6, street2="Building 12, Floor 34, Suite 56 " * 5
    )
    full = attrs.evolve(TO_HOME, decision=route_parcel(wordy, "usps", PICKUP.decision.parcel))
    least = set[int]()
    for label, size in (*SAMPLES.values(), (full, "a6")):
        marks = drawing_of(label, size, dpi).marks
        least |= {mark.size for mark in marks if isinstance(mark, Text)}
        for code in (mark for mark in marks if isinstance(mark, Code)):
            assert code.quiet >= QUIET[code.symbology] * code.module
            assert code.module >= 3
    least |= {page_of(size, dpi).smallest for size in SIZES}
    assert min(least) * 72 >= 8 * dpi


@pytest.mark.parametrize("dpi", RESOLUTIONS)
@pytest.mark.parametrize("name", SAMPLES)
def test_a_scanner_reads_its_codes_and_no_others(name: str, dpi: int) -> None:
    """Rendered at the printer's resolution, every code is read, and nothing else looks like a code."""
    label, size = SAMPLES[name]
    assert scanned(painted(draw([label], size=size, dpi=dpi), dpi)) == codes_of(label)


@pytest.mark.parametrize("name", SAMPLES)
def test_labels_look_as_they_were_accepted(name: str, golden: Any) -> None:
    """Every mark of the samples is where it was when a person last looked at it."""
    label, size = SAMPLES[name]
    drawing = drawing_of(label, size)
    lines = [f"{drawing.width} x {drawing.height} dots, {drawing.dpi} dpi"]
    for mark in drawing.marks:
        shown = mark._replace(rows=(f"{len(mark.rows)} rows",)) if isinstance(mark, Code) else mark
        lines.append(str(shown))
    golden.check(f"labels/{name}.txt", "\n".join(lines) + "\n")


@pytest.mark.parametrize("name", ["pickup", "home", "review", "chinese", "superseded"])
def test_the_pictures_in_the_docs_show_these_labels(name: str, golden: Any) -> None:
    """The pictures that the documentation shows carry the codes of the samples."""
    from lockership.labels.fallback import draw_png

    label, size = SAMPLES[name]
    path = golden.folder / "labels" / f"{name}.png"
    if golden.rewrite:
        path.write_bytes(next(draw_png([label], size=size)))
    with Image.open(path) as picture:
        assert scanned(picture.convert("L")) == codes_of(label)


def test_what_is_to_be_done_cannot_be_mistaken() -> None:
    """STOP and DO NOT SHIP stand on every label under review, and on no other."""
    for label, size in SAMPLES.values():
        if isinstance(label, Label) and label.languages[0] == "en":
            texts = {mark.text for mark in drawing_of(label, size).marks if isinstance(mark, Text)}
            assert ({"STOP", "DO NOT SHIP"} <= texts) is (label.decision.route == "review")


def test_a_home_label_says_why_it_does_not_go_to_the_point() -> None:
    """When the home takes the place of a point, the label says so and gives every reason."""
    label = SAMPLES["home-instead"][0]
    said = squeezed("".join(m.text for m in drawing_of(label).marks if isinstance(m, Text)))
    assert squeezed("Not to the Amazon Locker that was ordered") in said
    assert squeezed("It weighs 45 lb") in said
    assert "742EvergreenTerrace" in said
    assert "2012E7thSt" not in said


# ── what it never carries ────────────────────────────────────────────────────────────────────────


def test_the_declared_value_is_not_printed() -> None:
    """A value that is too high is told without the amount: anybody can read a label."""
    parcel = Parcel.of("6x5x4 in", "1 lb", value="6123.45")
    label = Label(route_parcel(LOCKER, "amazon", parcel), "A-1", NOW, languages=("en", "zh"))
    assert "value_over" in [refusal.code for refusal in label.decision.refusals]
    drawing = drawing_of(label)
    texts = " ".join(mark.text for mark in drawing.marks if isinstance(mark, Text))
    codes = " ".join(mark.payload for mark in drawing.marks if isinstance(mark, Code))
    assert "declared value" in texts
    for amount in ("6123", "6,123", "5000", "5,000"):
        assert amount not in texts + codes


def test_phone_mail_and_tracking_numbers_are_not_printed() -> None:
    """Neither the buyer's phone and e-mail nor a tracking number in an API's message are on the paper."""
    buyer = attrs.evolve(HOME, phone="3235550142", email="ann@example.com")
    why = NoCarrierLabel("Shippo", "bought before as 1Z999AA10123456784", NOW)
    decision = route_parcel(buyer, "ups", PICKUP.decision.parcel)
    text = str(drawing_of(Label(decision, "A-1", NOW, no_carrier_label=why)).marks)
    assert not [secret for secret in ("3235550142", "ann@example.com", "1Z999") if secret in text]


# ── anything that the door lets in ───────────────────────────────────────────────────────────────


WILD = st.text(max_size=60)
PLAIN = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=80)


@st.composite
def wild_labels(draw_: st.DrawFn) -> Label:
    """Labels with any decision, any text that an address lets in, any ids and languages."""
    decision = draw_(decisions())
    if draw_(st.booleans()):
        text = draw_(st.sampled_from([WILD, PLAIN]))
        lines = {
            name: draw_(text) for name in ("name", "company", "street2", "street3", "city", "state", "zip")
        }
        address = Address(street1=draw_(text).strip() or "1 Main St", **lines)
        decision = attrs.evolve(decision, ship_to=address)
    packages = draw_(st.integers(1, 99))
    return Label(
        decision,
        draw_(
            st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1, max_size=24).filter(
                str.strip
            )
        ),
        NOW,
        draw_(st.none() | st.just(HOME)),
        draw_(st.integers(1, packages)),
        packages,
        tuple(SkuLine(draw_(PLAIN) or "x", 1, draw_(PLAIN)) for _ in range(draw_(st.integers(0, 4)))),
        draw_(
            st.none() | st.builds(NoCarrierLabel, st.just("EasyPost"), WILD, st.just(NOW), st.integers(1, 9))
        ),
        draw_(st.sampled_from([("en",), ("zh",), ("es",), ("en", "zh"), ("zh", "en"), ("es", "en")])),
        "S-1",
    )


def drawn_or_refused(label: Label, size: str, dpi: int) -> Drawing | str:
    """Lay a label out, or give the field that the error names."""
    try:
        return drawing_of(label, size, dpi)
    except InputError as error:
        return error.field or pytest.fail("the error names no field")


@given(wild_labels(), st.sampled_from(["4x6", "4x8", "a6"]), st.sampled_from(RESOLUTIONS))
@settings(max_examples=60)
def test_any_decision_gives_a_whole_label_or_a_clear_error(label: Label, size: str, dpi: int) -> None:
    """Any decision and address give one page with every mandatory element, or an error that names a field."""
    drawing = drawn_or_refused(label, size, dpi)
    if isinstance(drawing, str):
        return
    assert faults(drawing, LETTERS) == []
    assert absent(label, drawing, LETTERS) == []


@given(st.text(min_size=1, max_size=1_000), st.sampled_from(["street1", "company", "name"]))
@example("1250 W Sunset Blvd " * 50, "street1")
@example("W" * 1_000, "street1")
@settings(max_examples=60)
def test_an_address_is_whole_or_refused(text: str, field: str) -> None:
    """However long, an address line is printed to its last letter, or there is an error; it is never cut."""
    address = attrs.evolve(HOME, **{field: text})
    label = attrs.evolve(PICKUP, decision=attrs.evolve(PICKUP.decision, ship_to=address))
    drawing = drawn_or_refused(label, "4x6", 203)
    if isinstance(drawing, str):
        assert drawing in ("ship_to", f"ship_to.{field}")
        return
    printed = squeezed("".join(mark.text for mark in drawing.marks if isinstance(mark, Text)))
    assert squeezed(LETTERS.clean(text).text) in printed


def test_an_address_wraps_then_shrinks_then_is_refused() -> None:
    """A longer address takes more lines, then smaller letters, then is refused with what would help."""
    sizes: list[int] = []
    lines: list[int] = []
    street = "1250 West Sunset Boulevard, Building 12, Floor 34, Suite 5678, "
    for times in (1, 2, 4):
        address = attrs.evolve(HOME, street1=street * times)
        drawing = drawing_of(Label(route_parcel(address, "usps", PICKUP.decision.parcel), "A-1", NOW))
        bold = [mark for mark in drawing.own if isinstance(mark, Text) and mark.bold]
        streets = [mark for mark in bold if squeezed(mark.text) in squeezed(street * times)]
        sizes.append(streets[0].size)
        lines.append(len(streets))
    assert lines == sorted(set(lines))
    assert sizes == sorted(sizes, reverse=True)
    address = attrs.evolve(HOME, street1=street * 15, street2=street * 15)
    with pytest.raises(InputError, match="4x8") as caught:
        drawing_of(Label(route_parcel(address, "usps", PICKUP.decision.parcel), "A-1", NOW))
    assert caught.value.field == "ship_to"
    assert "Sunset" not in str(caught.value)


# ── letters ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Łódź Őrség Şişli Țară", "Łódź Őrség Şişli Tară"),
        ("Nguyễn Thị Minh Khai", "Nguyễn Thị Minh Khai"),
        ("e\u0301te\u0301", "été"),
        ("张伟 スズキ 김철수", "张伟 スズキ 김철수"),
        ("Ann \U0001f600", "Ann ‹U+1F600›"),
        ("โซ", "‹U+0E42›‹U+0E0B›"),
        ("a\u200bb\u202ec\u200dd", "abcd"),
        ("a\tb\x00c\r\nd", "a b c  d"),
        ("^XZ~JA", "^XZ~JA"),
        ("\ud800", "‹U+D800›"),
    ],
)
def test_what_cannot_be_drawn_is_shown_otherwise(text: str, shown: str) -> None:
    """Letters that the font has are kept; others become their base or number; controls become blanks."""
    assert LETTERS.clean(text).text == shown


@given(st.text(max_size=60))
def test_every_letter_is_drawn_or_told(text: str) -> None:
    """Whatever is written, every letter of the cleaned text has a glyph: nothing prints as a blank."""
    try:
        line = LETTERS.clean(text)
    except InputError:
        return
    glyphs = LETTERS.embedded.glyph_of
    if line.wide:
        assert all(ord(letter) in glyphs for letter in line.text)
    else:
        line.text.encode("cp1252")
    assert line.text.isprintable()


@pytest.mark.parametrize("text", ["محمد علي", "שרה כהן", "Ann محمد"])
def test_right_to_left_text_is_refused(text: str) -> None:
    """Arabic and Hebrew are refused with the field's name and without the text."""
    with pytest.raises(InputError) as caught:
        drawing_of(
            attrs.evolve(
                PICKUP, decision=attrs.evolve(PICKUP.decision, ship_to=attrs.evolve(HOME, name=text))
            )
        )
    assert caught.value.field == "ship_to.name"
    assert text not in str(caught.value)


def test_right_to_left_text_elsewhere_is_shown_by_numbers() -> None:
    """What an API or a shop wrote from right to left does not keep a label from being printed."""
    why = NoCarrierLabel("Shippo", "شكرا", NOW)
    texts = [
        m.text for m in drawing_of(attrs.evolve(PICKUP, no_carrier_label=why)).marks if isinstance(m, Text)
    ]
    assert any("‹U+0634›" in text for text in texts)


def test_without_a_font_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chinese without the font is a MissingDependency; Latin letters are drawn by their base instead."""
    monkeypatch.setattr("lockership.labels.fallback.letters._packaged", lambda: None)
    bare = Letters()
    with pytest.raises(MissingDependency, match=r"pip install 'lockership\[fonts\]'"):
        bare.clean("张伟")
    assert bare.clean("Łódź \U0001f600") == Line("Lódz ‹U+1F600›")
    with pytest.raises(MissingDependency):
        _ = bare.embedded


def test_a_font_that_cannot_be_read_is_refused() -> None:
    """A file that is no TrueType font is an InputError about the font."""
    with pytest.raises(InputError) as caught:
        draw([SAMPLES["chinese"][0]], font=__file__)
    assert caught.value.field == "font"


@given(text=st.text(max_size=120), room=st.integers(40, 900), size=st.integers(23, 60), bold=st.booleans())
def test_wrapping_loses_nothing_and_keeps_to_the_room(text: str, room: int, size: int, *, bold: bool) -> None:
    """Broken lines hold every letter in order and are no wider than the room, single letters excepted."""
    try:
        line = LETTERS.clean(text)
    except InputError:
        return
    lines = LETTERS.wrap(line, room, size, bold=bold)
    assert squeezed("".join(part.text for part in lines)) == squeezed(line.text)
    for part in lines:
        assert len(part.text) <= 1 or LETTERS.width(part, size, bold=bold) <= room + 0.01


# ── documents ────────────────────────────────────────────────────────────────────────────────────


def test_the_same_labels_give_the_same_bytes() -> None:
    """The same labels give the same file, in this process and in others with other hash seeds."""
    program = (
        "import hashlib, sys; from tests.labels.fallback_paper import SAMPLES;"
        "from lockership.labels.fallback import draw;"
        "print(hashlib.sha256(draw([label for label, _ in SAMPLES.values()], size='4x8')).hexdigest())"
    )
    here = hashlib.sha256(draw([label for label, _ in SAMPLES.values()], size="4x8")).hexdigest()
    assert hashlib.sha256(draw([label for label, _ in SAMPLES.values()], size="4x8")).hexdigest() == here
    root = str(Path(__file__).parents[2])
    for seed in ("1", "2"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join([root, *sys.path])}
        done = subprocess.run(
            [sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == here


def test_a_page_for_each_label() -> None:
    """A batch has a page for each label, in order, each as it would be alone."""
    labels = [label for label, size in SAMPLES.values() if size == "4x6"]
    batch = draw(labels)
    document = pypdfium2.PdfDocument(batch)
    assert len(document) == len(labels)
    assert {page.get_size() for page in document} == {(288.0, 432.0)}
    for n, label in enumerate(labels):
        alone, together = painted(draw([label]), 203), painted(batch, 203, n)
        assert ImageChops.difference(alone, together).getbbox() is None


def test_latin_labels_stay_small() -> None:
    """A Latin label in a batch takes under 1.5 kB, with everything that it can say."""
    labels = [attrs.evolve(PICKUP, order_id=f"A-{n:05}") for n in range(200)]
    assert len(draw(labels)) / len(labels) < 1_500


def test_bars_are_whole_dots() -> None:
    """Painted without grey, every bar is exactly as many dots wide as the encoder says."""
    for dpi in RESOLUTIONS:
        drawing = drawing_of(PICKUP, dpi=dpi)
        image = painted(draw([PICKUP], dpi=dpi), dpi).point([0] * 128 + [255] * 128)
        for code in (mark for mark in drawing.marks if isinstance(mark, Code)):
            step = code.height // len(code.rows)
            for n, row in enumerate(code.rows):
                wanted = b"".join(b"\x00\xff"[bit == "0"].to_bytes() * code.module for bit in row)
                for y in (code.y + n * step, code.y + (n + 1) * step - 1):
                    assert image.crop((code.x, y, code.x + code.width, y + 1)).tobytes() == wanted


def slowly(drawing: Drawing) -> bytes:
    """Draw with ReportLab's canvas alone, mark by mark."""
    dot = 72 / drawing.dpi
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(drawing.width * dot, drawing.height * dot))
    canvas.addLiteral(f"{dot:.9g} 0 0 {dot:.9g} 0 0 cm")  # canvas.scale keeps six digits: too few
    for box in sorted((m for m in drawing.marks if isinstance(m, Box)), key=lambda box: box.white):
        canvas.setFillGray(1 if box.white else 0)
        canvas.rect(box.x, drawing.height - box.y - box.height, box.width, box.height, stroke=0, fill=1)
    canvas.setFillGray(0)
    for code in (m for m in drawing.marks if isinstance(m, Code)):
        step = code.height // len(code.rows)
        for n, row in enumerate(code.rows):
            y = drawing.height - code.y - (n + 1) * step
            at = 0
            for dark in row.split("0"):
                if dark:
                    x, wide = code.x + at * code.module, len(dark) * code.module
                    canvas.rect(x + 0.1, y + 0.1, wide - 0.2, step - 0.2, stroke=0, fill=1)
                at += len(dark) + 1
    for text in (m for m in drawing.marks if isinstance(m, Text)):
        canvas.setFillGray(1 if text.white else 0)
        canvas.setStrokeGray(1 if text.white else 0)
        if text.wide:
            pdfmetrics.registerFont(TTFont("wide", str(LETTERS.embedded.path), asciiReadable=False))
            canvas.setFont("wide", text.size)
            canvas.setLineWidth(text.size / 32)
            canvas.drawString(text.x, drawing.height - text.y, text.text, mode=2 if text.bold else 0)
        else:
            canvas.setFont("Helvetica-Bold" if text.bold else "Helvetica", text.size)
            canvas.drawString(text.x, drawing.height - text.y, text.text)
    canvas.save()
    return out.getvalue()


@pytest.mark.parametrize("name", ["pickup", "review", "chinese", "spanish", "sscc"])
def test_the_fast_way_paints_what_the_slow_way_paints(name: str) -> None:
    """Our own page content looks, dot by dot, like what ReportLab's canvas draws from the same marks."""
    label, size = SAMPLES[name]
    fast, slow = (painted(pdf, 203) for pdf in (draw([label], size=size), slowly(drawing_of(label, size))))
    apart = ImageChops.difference(fast, slow).point([0] * 64 + [255] * 192)
    assert apart.histogram()[255] <= fast.width * fast.height // 5_000


def test_two_documents_at_once_do_not_disturb_each_other() -> None:
    """Labels that are asked for while others are being drawn come out the same."""
    chinese = SAMPLES["chinese"][0]
    alone = draw([chinese])
    inner: list[bytes] = []

    def labels() -> object:
        yield chinese
        inner.append(draw([PICKUP]))
        yield chinese

    outer = draw(labels())  # type: ignore[arg-type]  # a generator of labels
    assert inner == [draw([PICKUP])]
    assert draw([chinese]) == alone
    assert outer == draw([chinese, chinese])


# ── values ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"printed_at": datetime(2026, 11, 24, 14, 5)}, "printed_at"),  # noqa: DTZ001 - that is the point
        ({"printed_at": "2026-11-24"}, "printed_at"),
        ({"order_id": ""}, "order_id"),
        ({"order_id": None}, "order_id"),
        ({"order_id": True}, "order_id"),
        ({"order_id": "x" * 81}, "order_id"),
        ({"order_id": "1Z999AA10123456784"}, "order_id"),
        ({"scan_id": "1Z999AA10123456784"}, "scan_id"),
        ({"package": 0}, "package"),
        ({"package": 3}, "package"),
        ({"languages": ()}, "languages"),
        ({"languages": ("en", "en")}, "languages"),
        ({"languages": ("en", "zh", "es")}, "languages"),
        ({"languages": "fr"}, "languages"),
        ({"square": "aztec"}, "square"),
    ],
)
def test_a_bad_value_is_refused_by_name(change: dict[str, Any], field: str) -> None:
    """What a label cannot say is refused when it is made, and the error names the field."""
    with pytest.raises(InputError) as caught:
        attrs.evolve(PICKUP, **change)
    assert caught.value.field == field


def test_all_problems_are_told_at_once() -> None:
    """Several bad values give one error with all of them."""
    with pytest.raises(InputError) as caught:
        Cover("", datetime(2026, 1, 1), 2, 1, "fr")  # noqa: DTZ001
    assert [p.field for p in caught.value.problems] == ["order_id", "printed_at", "package", "languages"]


def test_an_id_too_wide_for_the_label_is_refused() -> None:
    """An id whose bars would be under 3 dots wide is refused, and the error says how many characters fit."""
    with pytest.raises(InputError, match=r"40 characters .* about \d+ fit") as caught:
        drawing_of(attrs.evolve(PICKUP, order_id="X" * 38))
    assert caught.value.field == "order_id"


def test_an_order_id_may_be_anything_beside_a_scan_id() -> None:
    """An order id that no bar code carries is printed as text while the scan id is scanned."""
    label = attrs.evolve(PICKUP, order_id="订单 7", scan_id="S-7", package=1, packages=1)
    drawing = drawing_of(label)
    assert absent(label, drawing, LETTERS) == []
    assert codes_of(label) == ["LS1;%E8%AE%A2%E5%8D%95%207;1/1;pickup;ups.access_point", "S-7"]


def test_labels_travel() -> None:
    """A label is hashable by its parts and equal to its like."""
    assert attrs.evolve(PICKUP) == PICKUP
    assert list(drawings([PICKUP], LETTERS)) == list(drawings([attrs.evolve(PICKUP)], LETTERS))
