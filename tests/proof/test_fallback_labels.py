"""The long proofs of fallback labels: bad prints, other renderers, a printer's emulator, many labels."""

from __future__ import annotations

import base64
import json
import resource
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image, ImageChops, ImageFilter

from lockership.labels.fallback import Label, draw, draw_zpl
from lockership.labels.fallback.marks import Code

# tests are no package that could be named
from ..labels.fallback_paper import PICKUP, SAMPLES, codes_of, drawing_of, painted, scanned  # noqa: TID252

if TYPE_CHECKING:
    from collections.abc import Callable

DPI = (203, 300)
ONE_BIT = [0] * 128 + [255] * 128


def grown(image: Image.Image) -> Image.Image:
    """Let every black area grow by one dot to the right and down, as a hot print head does."""
    for across, down in ((1, 0), (0, 1)):
        image = ImageChops.darker(image, ImageChops.offset(image, across, down))
    return image


def shrunk(image: Image.Image) -> Image.Image:
    """Let every black area lose one dot on the right and below, as a cold print head does."""
    for across, down in ((1, 0), (0, 1)):
        image = ImageChops.lighter(image, ImageChops.offset(image, across, down))
    return image


def faded(share: int) -> Callable[[Image.Image], Image.Image]:
    """Leave so much of the contrast, in percent."""
    return lambda image: image.point([255 - (255 - shade) * share // 100 for shade in range(256)])


def turned(degrees: int) -> Callable[[Image.Image], Image.Image]:
    """Turn the paper under the scanner."""
    return lambda image: image.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


DAMAGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "clean": lambda image: image,
    "one bit": lambda image: image.point(ONE_BIT),
    "blur of 1 dot": lambda image: image.filter(ImageFilter.GaussianBlur(1)),
    "blur of 1.5 dots": lambda image: image.filter(ImageFilter.GaussianBlur(1.5)),
    "box blur": lambda image: image.filter(ImageFilter.BoxBlur(1)),
    "turned 5": turned(5),
    "turned 90": turned(90),
    "turned 180": turned(180),
    "80 % contrast": faded(80),
    "30 % contrast": faded(30),
    "a dot more": lambda image: grown(image.point(ONE_BIT)),
    "a dot less": lambda image: shrunk(image.point(ONE_BIT)),
    "all at once": lambda image: turned(5)(faded(80)(image)).filter(ImageFilter.GaussianBlur(1)),
}


@pytest.mark.parametrize("dpi", DPI)
@pytest.mark.parametrize("name", SAMPLES)
def test_bad_prints_are_still_read(name: str, dpi: int) -> None:
    """Blurred, turned, faint, too black or too light: all codes are read, rightly, and no extra ones."""
    label, size = SAMPLES[name]
    image = painted(draw([label], size=size, dpi=dpi), dpi)
    misread = {
        damage: found
        for damage, spoil in DAMAGES.items()
        if (found := scanned(spoil(image))) != codes_of(label)
    }
    assert misread == {}


RENDERERS = {
    "poppler": "pdftoppm -mono -r {dpi} -singlefile {pdf} {out}",
    "mupdf": "mutool draw -q -A 0 -r {dpi} -o {out}.pbm {pdf}",
    "ghostscript": "gs -q -dBATCH -dNOPAUSE -sDEVICE=pbmraw -r{dpi} -o {out}.pbm {pdf}",
}


@pytest.mark.parametrize("dpi", DPI)
@pytest.mark.parametrize("renderer", RENDERERS)
def test_every_renderer_paints_exact_bars(renderer: str, dpi: int, tmp_path: Path) -> None:
    """Every dot of every code is as the encoder says, whichever program turns the PDF into dots."""
    command = RENDERERS[renderer].split()
    if shutil.which(command[0]) is None:
        pytest.skip(f"left out: {renderer} ({command[0]}) is not on this machine")
    (tmp_path / "a.pdf").write_bytes(draw([PICKUP], dpi=dpi))
    names = {"dpi": dpi, "pdf": tmp_path / "a.pdf", "out": tmp_path / "a"}
    subprocess.run([part.format(**names) for part in command], check=True, capture_output=True)
    image = Image.open(tmp_path / "a.pbm").convert("L")
    drawing = drawing_of(PICKUP, dpi=dpi)
    assert abs(image.width - drawing.width) <= 1
    wrong = 0
    for code in (mark for mark in drawing.marks if isinstance(mark, Code)):
        step = code.height // len(code.rows)
        for n, row in enumerate(code.rows):
            wanted = b"".join((b"\x00" if bit == "1" else b"\xff") * code.module for bit in row)
            for y in (code.y + n * step + 1, code.y + n * step + step // 2):
                wrong += image.crop((code.x, y, code.x + code.width, y + 1)).tobytes() != wanted
    assert wrong == 0


SCRIPT = """
const { ready } = require("zpl-renderer-js");
ready.then(async ({ api }) => {
  const [zpl, wide, high, dots] = JSON.parse(require("fs").readFileSync(0, "utf8"));
  console.log(await api.zplToBase64Async(zpl, wide, high, dots));
});
"""


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the offline emulator of a Zebra printer; tests are left out where that cannot be had."""
    folder = tmp_path_factory.mktemp("zpl")
    if shutil.which("npm") is None or shutil.which("node") is None:
        pytest.skip("left out: npm and node are not on this machine, so ZPL was not drawn")
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "zpl-renderer-js@3.4.0"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("left out: zpl-renderer-js could not be installed, so ZPL was not drawn")
    (folder / "draw.cjs").write_text(SCRIPT)
    return folder


@pytest.mark.parametrize("dpi", DPI)
@pytest.mark.parametrize("name", [name for name, (_, size) in SAMPLES.items() if size == "4x6"])
def test_a_printers_emulator_draws_what_we_mean(name: str, dpi: int, emulator: Path, tmp_path: Path) -> None:
    """An emulator of the printer reads our ZPL, and a scanner reads all codes from its picture."""
    label, size = SAMPLES[name]
    dots = {203: 8, 300: 12}[dpi]
    drawing = drawing_of(label, size, dpi)
    job = [draw_zpl([label], size=size, dpi=dpi).decode(), drawing.width / dots, drawing.height / dots, dots]
    done = subprocess.run(
        ["node", "draw.cjs"], cwd=emulator, input=json.dumps(job), capture_output=True, text=True, check=True
    )
    (tmp_path / "a.png").write_bytes(base64.b64decode(done.stdout))
    image = Image.open(tmp_path / "a.png").convert("L")
    assert scanned(image) == codes_of(label)
    margin = drawing.width // 100  # nothing reaches the edge of the paper
    assert image.crop((drawing.width - margin, 0, drawing.width, drawing.height)).getextrema() == (255, 255)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="left out: no /proc to read memory from")
def test_ten_thousand_labels_need_little_memory() -> None:
    """Ten thousand labels in one file stay under 300 MB and under 1.5 kB each."""
    program = (
        "import attrs, re; from tests.labels.fallback_paper import PICKUP;"
        "from lockership.labels.fallback import draw;"
        "made = draw(attrs.evolve(PICKUP, order_id=f'A-{n:05}') for n in range(10_000));"
        # not getrusage(): that begins with what the program had that started this one
        "print(len(made), re.search(r'VmHWM:\\s*(\\d+)', open('/proc/self/status').read())[1])"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}; {program}"],
        capture_output=True,
        text=True,
        check=True,
    )
    size, kilobytes = map(int, done.stdout.split())
    assert size < 15_000_000
    assert kilobytes < 300_000


def test_the_damages_do_damage() -> None:
    """Each damage but "clean" changes the picture, and ruining it all makes the test see it."""
    label: Any = SAMPLES["pickup"][0]
    assert isinstance(label, Label)
    image = painted(draw([label]), 203)
    assert all(
        spoil(image).tobytes() != image.tobytes() for name, spoil in DAMAGES.items() if name != "clean"
    )
    assert scanned(image.filter(ImageFilter.GaussianBlur(12))) != codes_of(label)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0
