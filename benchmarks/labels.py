"""How fast fallback labels are drawn, beside the usual ways to draw the very same label.

Every way draws the same texts, boxes, Code 128 and QR code at the same places, 4 x 6 in at 203 dpi:

* ``lockership``: from a decision to the PDF, layout and both codes included.
* ``widgets``: ReportLab as its guide shows it, with its Code 128 and QR widgets.  It is given the
  finished layout, so it works less than ours.
* ``fpdf2``: the same layout, with our own encoders, since it has none.

Run: ``python benchmarks/labels.py`` (needs the dependency group ``bench``).  Every round times all ways in
turn; a figure is the best of the rounds, a ratio the median of the rounds' ratios.  The ratios are what
counts, since machines differ and are busy.
"""

from __future__ import annotations

import gc
import io
import platform
import re
import sys
import time
from datetime import datetime, timedelta, timezone
from statistics import median
from typing import TYPE_CHECKING

from lockership import Address, Parcel, route_parcel
from lockership.labels.fallback import Label, NoCarrierLabel, draw, drawings
from lockership.labels.fallback.letters import letters_of
from lockership.labels.fallback.marks import Box, Code, Drawing, Text, linear, square

if TYPE_CHECKING:
    from collections.abc import Callable

from fpdf import FPDF
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.code128 import Code128
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing as Group
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

DPI = 203
DOT = 72 / DPI
BATCH, SINGLE, SLOW = 1_000, 200, 40
ROUNDS = 7
NOW = datetime(2026, 11, 24, 14, 5, tzinfo=timezone(timedelta(hours=-8)))

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国志文斌宇浩凯欣怡雨晨子涵梓轩诗琪嘉俊思远博"
NOTES = ("请放前台", "门铃坏了", "放在车库旁", "到了打电话", "小心轻放")


def buyer(n: int, *, chinese: bool) -> Address:
    """Make up a buyer; no two of them write the same, and their names need different letters."""
    given = GIVEN[n % len(GIVEN)] + GIVEN[n * 7 // 3 % len(GIVEN)]
    return Address(
        name=SURNAMES[n % len(SURNAMES)] + given if chinese else "Ann Lee",
        street1=f"{n + 100} Evergreen Terrace",
        street2=NOTES[n % len(NOTES)] if chinese else f"Apt {n}",
        city="Springfield",
        state="IL",
        zip="62704",
    )


def labels(count: int, *, chinese: bool) -> list[Label]:
    """Make labels of one warehouse on one day, in English alone or in English and Chinese."""
    parcel = Parcel.of("14x10x6 in", "8.2 lb")
    languages = ("en", "zh") if chinese else ("en",)
    made = []
    for n in range(count):
        why = NoCarrierLabel("EasyPost", "the service did not answer in time", NOW, 3)
        decision = route_parcel(buyer(n, chinese=chinese), "usps", parcel)
        made.append(Label(decision, f"A-{n:06}", NOW, no_carrier_label=why, languages=languages))
    return made


# ── the usual ways ───────────────────────────────────────────────────────────────────────────────


def widgets(pages: list[Drawing], font: str = "") -> bytes:
    """Draw with ReportLab's canvas and its barcode widgets."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(pages[0].width * DOT, pages[0].height * DOT))
    for page in pages:
        height = page.height * DOT
        for mark in page.marks:
            if isinstance(mark, Box):
                canvas.setFillGray(1 if mark.white else 0)
                y = height - (mark.y + mark.height) * DOT
                canvas.rect(mark.x * DOT, y, mark.width * DOT, mark.height * DOT, stroke=0, fill=1)
            elif isinstance(mark, Code):
                _widget(canvas, mark, height)
        for mark in page.marks:
            if isinstance(mark, Text):
                canvas.setFillGray(1 if mark.white else 0)
                name = font if mark.wide else "Helvetica-Bold" if mark.bold else "Helvetica"
                canvas.setFont(name, mark.size * DOT)
                canvas.drawString(mark.x * DOT, height - mark.y * DOT, mark.text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _widget(canvas: Canvas, code: Code, height: float) -> None:
    bottom = height - (code.y + code.height) * DOT
    canvas.setFillGray(0)
    if code.symbology == "qr":
        side = code.width * DOT
        widget = QrCodeWidget(code.payload, barLevel="M", barBorder=0, barWidth=side, barHeight=side)
        drawing = Group(side, side, widget)
        renderPDF.draw(drawing, canvas, code.x * DOT, bottom)
    else:
        module = code.module * DOT
        bars = Code128(code.payload, barWidth=module, barHeight=code.height * DOT, quiet=False)
        bars.drawOn(canvas, code.x * DOT, bottom)


def fpdf2(pages: list[Drawing], font: str = "") -> bytes:
    """Draw with fpdf2, whose page counts from the top as the layout does."""
    pdf = FPDF(unit="pt", format=(pages[0].width * DOT, pages[0].height * DOT))
    pdf.set_auto_page_break(auto=False)
    if font:
        pdf.add_font("wide", fname=font, collection_font_number=0)
    for page in pages:
        pdf.add_page()
        for mark in page.marks:
            if isinstance(mark, Box):
                pdf.set_fill_color(255 if mark.white else 0)
                pdf.rect(mark.x * DOT, mark.y * DOT, mark.width * DOT, mark.height * DOT, style="F")
            elif isinstance(mark, Code):
                pdf.set_fill_color(0)
                _rectangles(pdf, mark)
        for mark in page.marks:
            if isinstance(mark, Text):
                pdf.set_text_color(255 if mark.white else 0)
                if mark.wide:
                    pdf.set_font("wide", size=mark.size * DOT)
                else:
                    pdf.set_font("helvetica", style="B" if mark.bold else "", size=mark.size * DOT)
                pdf.text(mark.x * DOT, mark.y * DOT, mark.text)
    return bytes(pdf.output())


def _rectangles(pdf: FPDF, code: Code) -> None:
    again = square(code.payload) if code.symbology == "qr" else linear(code.payload)
    step = code.height / len(again.rows)
    for n, row in enumerate(again.rows):
        top, high = (code.y + n * step + 0.1) * DOT, (step - 0.2) * DOT
        for dark in re.finditer("1+", row):
            left = (code.x + dark.start() * code.module + 0.1) * DOT
            wide = (len(dark[0]) * code.module - 0.2) * DOT
            pdf.rect(left, top, wide, high, style="F")


# ── measuring ────────────────────────────────────────────────────────────────────────────────────


def seconds(draw_all: Callable[[], object]) -> float:
    """Time one run, in seconds of the processor: what else the machine does counts less so."""
    gc.collect()
    start = time.process_time()
    draw_all()
    return time.process_time() - start


def measure(title: str, *, chinese: bool) -> dict[str, list[float]]:
    """Time every way on one kind of label, in one file and in a file for each: labels/s in every round."""
    ours = labels(BATCH, chinese=chinese)
    letters = letters_of(None)
    pages = list(drawings(ours, letters))
    font, path = "", ""
    if chinese:
        font, path = "wide", str(letters.embedded.path)
        pdfmetrics.registerFont(TTFont(font, path, subfontIndex=0))
    ways: dict[str, tuple[int, Callable[[], object]]] = {
        "lockership, one file": (BATCH, lambda: draw(ours)),
        "widgets, one file": (SLOW, lambda: widgets(pages[:SLOW], font)),
        "fpdf2, one file": (SINGLE, lambda: fpdf2(pages[:SINGLE], path)),
        "lockership, a file each": (SINGLE, lambda: [draw([label]) for label in ours[:SINGLE]]),
        "widgets, a file each": (SLOW, lambda: [widgets([page], font) for page in pages[:SLOW]]),
    }
    draw(ours[:1])  # the first label of a process reads the font
    speeds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, (count, way) in ways.items():
            speeds[name].append(count / seconds(way))
    strings = sum(isinstance(mark, Text) for mark in pages[0].marks)
    together, alone = len(draw(ours)) / BATCH, len(draw(ours[:1]))
    print(f"\n{title}: {strings} strings; {together:,.0f} bytes a label in one file, {alone:,} alone")
    for name, found in speeds.items():
        print(f"  {name:24} {max(found):9,.0f} labels/s")
    return speeds


def main() -> int:
    """Measure and compare; the exit status tells whether every ratio that we promise holds."""
    print(f"Python {platform.python_version()}, {platform.machine()}, {ROUNDS} rounds")
    latin = measure("Latin", chinese=False)
    chinese = measure("Chinese", chinese=True)
    one, each = "one file", "a file each"
    promised = [
        ("one file, beside the widgets", latin, one, "widgets", 40),
        ("one file, beside fpdf2", latin, one, "fpdf2", 4),
        ("a file each, beside the widgets", latin, each, "widgets", 20),
        ("Chinese in one file, beside the widgets", chinese, one, "widgets", 10),
        ("Chinese, a file each, beside the widgets", chinese, each, "widgets", 10),
    ]
    kept = True
    print()
    for name, speeds, how, other, least in promised:
        rounds = zip(speeds[f"lockership, {how}"], speeds[f"{other}, {how}"], strict=True)
        ratio = median(ours / theirs for ours, theirs in rounds)
        kept &= ratio >= least
        print(f"  {name:42} {ratio:6.1f} x, promised {least} x{'' if ratio >= least else '  MISSED'}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
