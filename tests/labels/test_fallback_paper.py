from __future__ import annotations

import errno
import io
import os
import pickle
import re
import socket
import threading
from itertools import product
from typing import TYPE_CHECKING

import attrs
import pypdfium2
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from lockership import InputError
from lockership.labels.fallback import (
    Cover,
    Label,
    PrintingFailed,
    SkuLine,
    Template,
    Zone,
    draw,
    draw_png,
    draw_zpl,
    save,
    send,
    spool,
    staging_sheet,
    write,
)
from lockership.labels.fallback.letters import letters_of
from lockership.labels.fallback.marks import Code, Picture, Text
from lockership.labels.fallback.zpl import zpl
from lockership.labels.phrases import LANGUAGES, PHRASE_KEYS, needs_text, note_text, phrase
from lockership.words import Note

from .fallback_paper import HOME, NOW, PICKUP, SAMPLES, SENDER, codes_of, drawing_of, faults, painted, scanned

if TYPE_CHECKING:
    from pathlib import Path

LETTERS = letters_of(None)
LABELS = [label for label, size in SAMPLES.values() if size == "4x6"]


# ── several labels on a sheet ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("size", "each", "points"), [("letter-2up", 2, (792, 612)), ("a4-4up", 4, (595, 842))]
)
@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_sheets_hold_every_label(size: str, each: int, points: tuple[int, int], dpi: int) -> None:
    """A sheet has its paper's size, and every label's codes are read from it; the last may be half empty."""
    labels = [label for label in LABELS if isinstance(label, Label) and label.sscc is None][:5]
    made = draw(labels, size=size, dpi=dpi)
    document = pypdfium2.PdfDocument(made)
    assert len(document) == -(-len(labels) // each)
    found: list[str] = []
    for n, page in enumerate(document):
        assert [round(side) for side in page.get_size()] == list(points)
        found += scanned(painted(made, 300, n))
    assert sorted(found) == sorted(text for label in labels for text in codes_of(label))


def test_a_staging_sheet_lists_every_parcel_and_no_cover() -> None:
    """Every parcel has its line, on as many pages as needed, and no code can be scanned from the list."""
    labels = [attrs.evolve(PICKUP, order_id=f"A-{n:04}") for n in range(90)]
    made = staging_sheet([*labels, SAMPLES["superseded"][0]], printed_at=NOW)
    document = pypdfium2.PdfDocument(made)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    assert len(document) > 1
    assert re.findall(r"A-\d{4}(?=/1)", text) == [label.order_id for label in labels]
    assert f"90 parcels · {len(document)} / {len(document)}" in text
    assert text.count("NOT VALID FOR CARRIER TENDER") == 2 * len(document)
    assert scanned(painted(made, 300)) == []


@pytest.mark.parametrize(("paper", "language"), list(product(["letter", "a4"], LANGUAGES)))
def test_a_staging_sheet_speaks_every_language(paper: str, language: str) -> None:
    """The list can be printed on both papers in every language; unknown papers are refused."""
    labels = [label for label in LABELS if isinstance(label, Label)]
    made = staging_sheet(labels, printed_at=NOW, paper=paper, language=language)
    assert len(pypdfium2.PdfDocument(made)) == 1
    with pytest.raises(InputError, match="letter, a4"):
        staging_sheet(labels, printed_at=NOW, paper="a3", language=language)


def test_an_unknown_size_or_resolution_is_refused() -> None:
    """Both problems are told at once."""
    with pytest.raises(InputError) as caught:
        draw([PICKUP], size="5x5", dpi=204)
    assert [problem.field for problem in caught.value.problems] == ["size", "dpi"]


# ── ZPL ──────────────────────────────────────────────────────────────────────────────────────────


def test_zpl_has_one_format_for_each_label() -> None:
    """Every label is one format of the label's size, its codes are the printer's own."""
    made = draw_zpl(LABELS).decode()
    assert made.count("^XA") == made.count("^XZ") == len(LABELS)
    assert made.count("^PW812\n^LL1218") == len(LABELS)
    assert "^BCN,190,N,N,N,A^FH_^FDA-1001/1^FS" in re.sub(r"BCN,\d+", "BCN,190", made)
    assert "^FH_^FDMA,LS1;A-1001;1/2;pickup;ups.access_5Fpoint^FS" in made
    assert "^FH_^FD>;>800006141411234567890^FS" in made


@given(st.text(st.characters(codec="ascii"), min_size=1, max_size=60))
def test_no_text_becomes_a_printer_command(text: str) -> None:
    """Whatever a buyer writes, the printer gets the commands of the layout and no others."""
    label = attrs.evolve(
        PICKUP, decision=attrs.evolve(PICKUP.decision, ship_to=attrs.evolve(HOME, street2=text))
    )
    try:
        made = draw_zpl([label]).decode()
    except InputError:
        return
    lawful = re.findall("..", "XACIPWLLLHFOFTGBGFFRA0BYBCBQFHFDFSXZ")
    assert set(re.findall(r"[\^~](..)", made)) <= set(lawful)
    assert made.count("^XA") == made.count("^XZ") == 1
    assert "~" not in made


def test_zpl_sends_what_printers_have_no_letters_for_as_pictures() -> None:
    """Chinese is a picture, so no letter of it stands in the file; white Chinese is printed reversed."""
    made = draw_zpl([SAMPLES["chinese"][0]]).decode()
    assert made.isascii() or not re.search("[\u4e00-\u9fff]", made)
    assert "^FR^GFA" in made
    assert "^FDZhang" not in made


def unpacked(field: str) -> tuple[int, list[str]]:
    """Read a ^GFA field's rows, as the programming guide says how they are packed."""
    head = re.match(r"\^GFA,(\d+),\d+,(\d+),(.*)", field, re.DOTALL)
    assert head is not None
    width = 2 * int(head[2])
    rows: list[str] = []
    row, count = "", 0
    for letter in head[3]:
        if letter == ":":
            rows.append(rows[-1])
        elif letter == ",":
            rows.append(row.ljust(width, "0"))
            row = ""
        elif "G" <= letter <= "Y":
            count += ord(letter) - ord("F")
        elif "g" <= letter <= "z":
            count += 20 * (ord(letter) - ord("f"))
        else:
            row, count = row + letter * (count or 1), 0
        if len(row) == width:
            rows.append(row)
            row = ""
    return int(head[1]), rows


@given(st.integers(1, 130), st.integers(1, 12), st.randoms(use_true_random=False))
def test_packed_pictures_unpack_to_themselves(columns: int, high: int, random: object) -> None:
    """Whatever the picture, its packed form gives every row back."""
    choose = random.choice  # type: ignore[attr-defined]  # a random.Random
    rows = [bytes(choose([0, 0, 255, 255, 17]) for _ in range(columns)) for _ in range(high)]
    picture = Picture(0, 0, 8 * columns, high, b"".join(rows))
    drawing = drawing_of(PICKUP)._replace(shared=(), own=(picture,))
    made = zpl([drawing], LETTERS).decode()
    total, found = unpacked(made[made.index("^GFA") : made.index("^FS")])
    assert total == columns * high
    assert [bytes.fromhex(row) for row in found] == rows


# ── PNG ──────────────────────────────────────────────────────────────────────────────────────────


def test_png_is_black_and_white_at_the_printers_dots() -> None:
    """Every page is a picture of one bit a dot, as large as the label, with its resolution, and is read."""
    for dpi, size in ((203, (812, 1218)), (300, (1200, 1800))):
        (page,) = draw_png([PICKUP], dpi=dpi)
        picture = Image.open(io.BytesIO(page))
        assert (picture.mode, picture.size) == ("1", size)
        assert picture.info["dpi"] == pytest.approx((dpi, dpi), abs=0.1)
        assert sorted(code.text for code in zxingcpp.read_barcodes(picture.convert("L"))) == codes_of(PICKUP)


# ── files, folders, printers ─────────────────────────────────────────────────────────────────────


def test_write_chooses_by_the_name(tmp_path: Path) -> None:
    """The ending chooses what is written; several PNG pages are numbered; other endings are refused."""
    write(tmp_path / "a.pdf", LABELS[:2])
    write(tmp_path / "a.zpl", LABELS[:2])
    write(tmp_path / "one.png", LABELS[:1])
    write(tmp_path / "a.PNG", LABELS[:2])
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "a-1.PNG",
        "a-2.PNG",
        "a.pdf",
        "a.zpl",
        "one.png",
    ]
    assert (tmp_path / "a.pdf").read_bytes() == draw(LABELS[:2])
    assert (tmp_path / "a.zpl").read_bytes() == draw_zpl(LABELS[:2])
    with pytest.raises(InputError) as caught:
        write(tmp_path / "a.docx", LABELS)
    assert caught.value.field == "path"


def test_a_full_disk_is_told_and_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk is full the error says so, the old file stays, and nothing half is left."""
    target = tmp_path / "a.pdf"
    save(b"old", target)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(PrintingFailed, match="No space left"):
        save(b"new", target)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    """A folder that is not there is an error that names the file, not the path to it."""
    with pytest.raises(PrintingFailed, match=r"^a\.pdf could not be written: No such file") as caught:
        save(b"x", tmp_path / "gone" / "a.pdf")
    assert str(tmp_path) not in str(caught.value)


def test_spooling_never_overwrites(tmp_path: Path) -> None:
    """A second file of one name gets a number, and a name cannot lead out of the folder."""
    names = [spool(content, tmp_path, "../A-1.zpl").name for content in (b"1", b"2", b"3")]
    assert names == ["A-1.zpl", "A-1-2.zpl", "A-1-3.zpl"]
    assert [(tmp_path / name).read_bytes() for name in names] == [b"1", b"2", b"3"]


def test_a_printer_gets_every_byte() -> None:
    """All that is sent arrives at the raw port, in order."""
    content = draw_zpl(LABELS) * 20
    arrived: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def take() -> None:
            connection, _ = server.accept()
            with connection:
                while part := connection.recv(65_536):
                    arrived.append(part)

        printer = threading.Thread(target=take)
        printer.start()
        send(content, "127.0.0.1", server.getsockname()[1], timeout=5)
        printer.join(5)
    assert b"".join(arrived) == content


def test_a_printer_that_takes_nothing_is_told_in_time() -> None:
    """A printer out of paper that stops reading is an error after the timeout, with what it had taken."""
    content = bytes(64_000_000)
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        pytest.raises(PrintingFailed, match=r"in 0\.3 s") as caught,
    ):
        send(content, "127.0.0.1", server.getsockname()[1], timeout=0.3)
    assert 0 < caught.value.sent < len(content)


def test_no_printer_is_told() -> None:
    """A port where nobody listens is an error that says nothing was printed; it travels through pickle."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(PrintingFailed, match="cannot be reached") as caught:
        send(b"x", "127.0.0.1", port, timeout=1)
    assert caught.value.sent == 0
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.sent) == (str(caught.value), 0)


# ── templates ────────────────────────────────────────────────────────────────────────────────────


def logo(kind: str = "PNG") -> bytes:
    """Draw a seller's logo."""
    image = Image.new("RGB", (300, 120), "white")
    ImageDraw.Draw(image).ellipse((20, 20, 280, 100), fill="black")
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def own_zone(zone: Zone) -> None:
    """Draw a line of text and a bar code."""
    zone.text(10, 60, 40, "Dock 7", bold=True)
    zone.box(0, 0, zone.width, 3)
    zone.bar_code(400, 10, zone.height - 20, "DOCK-7")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_a_template_adds_to_every_label(kind: str) -> None:
    """Logo, return address, lines and zone stand on the label, collide with nothing, and are drawn in ZPL."""
    template = Template(logo(kind), SENDER, ("Return within 30 days.",), own_zone)
    letters = letters_of(None)
    from lockership.labels.fallback import drawings

    (drawing,) = drawings([SAMPLES["home"][0]], letters, template=template)
    assert faults(drawing, letters) == []
    texts = [mark.text for mark in drawing.marks if isinstance(mark, Text)]
    assert {"Dock 7", "Return within 30 days."} <= set(texts)
    assert [mark.payload for mark in drawing.marks if isinstance(mark, Code)].count("DOCK-7") == 1
    assert draw_zpl([SAMPLES["home"][0]], template=template).count(b"^GFA") == 1


@pytest.mark.parametrize(
    "wrong",
    [
        lambda zone: zone.box(0, 0, zone.width + 1, 5),
        lambda zone: zone.box(-1, 0, 5, 5),
        lambda zone: zone.box(0, 0, 0, 5),
        lambda zone: zone.text(0, 10, 40, "above the zone"),
        lambda zone: zone.text(zone.width - 50, 60, 40, "beyond its right edge"),
        lambda zone: zone.text(0, 60, zone.smallest - 1, "too small"),
        lambda zone: zone.text(0, 60, 40, "محمد"),
        lambda zone: zone.bar_code(0, 0, 50, "1Z999AA10123456784"),
        lambda zone: zone.bar_code(0, 0, 50, "123456789012"),
        lambda zone: zone.bar_code(0, 0, 50, "编号"),
        lambda zone: zone.bar_code(0, 0, 50, "A", module=2),
        lambda zone: zone.bar_code(0, 0, zone.height + 1, "A"),
    ],
)
def test_nothing_leaves_a_zone_and_no_carriers_code_enters_it(wrong: object) -> None:
    """What would leave the zone, be too small or look like a carrier's code is refused."""
    with pytest.raises(InputError) as caught:
        draw([PICKUP], template=Template(zone=wrong))  # type: ignore[arg-type]  # callables of one zone
    assert caught.value.field == "template.zone"


def test_a_logo_that_cannot_be_read_is_refused() -> None:
    """A logo that is no picture is an error about the logo."""
    with pytest.raises(InputError) as caught:
        draw([PICKUP], template=Template(logo=b"not a picture"))
    assert caught.value.field == "template.logo"


def test_a_zone_too_high_is_refused() -> None:
    """A zone of more than two inches is refused when the template is made."""
    with pytest.raises(InputError, match="hundredths"):
        Template(zone=own_zone, zone_height=201)


def test_a_pick_list_counts_what_it_leaves_out() -> None:
    """A tall label lists what to fetch; what does not fit is counted, and what is too wide is refused."""
    texts = [m.text for m in drawing_of(*SAMPLES["pick-list"]).marks if isinstance(m, Text)]
    assert [text for text in texts if text.startswith("SKU-")] == [
        f"SKU-{n:04} Enamel mug" for n in range(1, 8)
    ]
    assert "and 4 more" in texts
    with pytest.raises(InputError) as caught:
        drawing_of(attrs.evolve(PICKUP, contents=(SkuLine("X" * 80),)), "4x8")
    assert caught.value.field == "contents"


# ── words ────────────────────────────────────────────────────────────────────────────────────────


def test_every_phrase_is_said_in_every_language() -> None:
    """No phrase is empty, but the English one that would say twice what the label is not."""
    empty = [(key, lang) for key, lang in product(PHRASE_KEYS, LANGUAGES) if not phrase(key, lang).strip()]
    assert empty == [("not_a_label", "en")]
    assert all(note_text(note, language) for note in Note for language in LANGUAGES)
    needs = ("access_point_id", "location_id", "facility_id", "email", "phone", "name")
    assert all(needs_text(needs, language) for language in LANGUAGES)


def test_a_cover_carries_no_code_in_any_language() -> None:
    """A cover says SUPERSEDED in both languages and has nothing to scan."""
    for languages in (("en",), ("zh", "en"), ("es", "zh")):
        drawing = drawing_of(Cover("A-1001", NOW, 1, 2, languages))
        texts = {mark.text for mark in drawing.marks if isinstance(mark, Text)}
        assert {phrase("superseded", language) for language in languages} <= texts
        assert not [mark for mark in drawing.marks if isinstance(mark, Code)]
        assert faults(drawing, LETTERS) == []
