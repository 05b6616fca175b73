from __future__ import annotations

import random

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lockership.errors import InputError
from lockership.labels.fallback import Sscc, Ticket
from lockership.labels.fallback.code128 import code128
from lockership.labels.fallback.marks import data_matrix
from lockership.labels.fallback.payload import carrier_lookalike, scan_text, without_tracking_numbers
from lockership.labels.fallback.qr import MAX_BYTES, qr

PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=30)


def read(rows: tuple[str, ...], module: int = 3, height: int = 1, quiet: int = 10) -> list[tuple[str, str]]:
    """Paint a symbol and read it with an independent decoder."""
    wide = len(rows[0]) + 2 * quiet
    image = Image.new("L", (wide, len(rows) * height + 2 * quiet), 255)
    for y, row in enumerate(rows):
        for x, bit in enumerate(row):
            if bit == "1":
                image.paste(0, (x + quiet, y * height + quiet, x + quiet + 1, (y + 1) * height + quiet))
    image = image.resize((image.width * module, image.height * module), Image.Resampling.NEAREST)
    return [(found.symbology_identifier, found.text) for found in zxingcpp.read_barcodes(image)]


# ── Code 128 ─────────────────────────────────────────────────────────────────────────────────────


@given(PRINTABLE)
def test_code_128_reads_back(text: str) -> None:
    """Any printable ASCII is read back as it is."""
    assert read((code128(text),), height=40) == [("]C0", text)]


@given(st.text("0123456789", min_size=1, max_size=30))
def test_digits_read_back_and_are_packed(text: str) -> None:
    """Digits are read back as they are, and long runs take half the room of letters."""
    assert read((code128(text),), height=40) == [("]C0", text)]
    if len(text) >= 6:
        assert len(code128(text)) < len(code128("A" * len(text)))


def test_gs1_128_says_that_it_is_one() -> None:
    """With FNC1 in front the decoder calls it GS1-128 and names the application identifier."""
    assert read((code128("00" + Sscc("0614141", 123456789).digits, gs1=True),), height=40) == [
        ("]C1", "(00)006141411234567890")
    ]


# ── QR ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("length", [1, 14, 15, 42, 43, 62, 63, 84, 106, 122, 152, 180, MAX_BYTES])
def test_qr_reads_back_at_every_version(length: int) -> None:
    """The smallest version that holds the bytes is read back as it is."""
    payload = "".join(random.Random(length).choices("LS1;/ABCdef-", k=length))  # noqa: S311 - no secret
    symbol = qr(payload.encode())
    assert (payload in [text for _, text in read(symbol.rows, quiet=4)]) is True
    assert symbol.size in range(21, 58, 4)


def test_qr_carries_the_error_correction_of_level_m() -> None:
    """A symbol with a damaged corner of 5 x 5 modules is still read: the correction is really there."""
    rows = list(qr(b"LS1;A-1001;1/2;pickup;ups.access_point").rows)
    rows[-5:] = [row[:-5] + "10101" for row in rows[-5:]]
    assert [text for _, text in read(tuple(rows), quiet=4)] == ["LS1;A-1001;1/2;pickup;ups.access_point"]


@given(st.binary(min_size=1, max_size=120))
def test_the_mask_is_the_one_that_scores_best(payload: bytes) -> None:
    """The chosen mask has the lowest penalty of the standard, counted module by module."""
    symbol = qr(payload)
    scores = [penalty(remasked(symbol.rows, symbol.mask, mask)) for mask in range(8)]
    assert symbol.mask == scores.index(min(scores))


def test_too_much_for_a_qr_code_is_refused() -> None:
    """One byte too many is an error that says how many fit."""
    with pytest.raises(ValueError, match="holds 213"):
        qr(b"x" * (MAX_BYTES + 1))


MASKS = (
    lambda x, y: (x + y) % 2 == 0,
    lambda _, y: y % 2 == 0,
    lambda x, _: x % 3 == 0,
    lambda x, y: (x + y) % 3 == 0,
    lambda x, y: (y // 2 + x // 3) % 2 == 0,
    lambda x, y: x * y % 2 + x * y % 3 == 0,
    lambda x, y: (x * y % 2 + x * y % 3) % 2 == 0,
    lambda x, y: ((x + y) % 2 + x * y % 3) % 2 == 0,
)
FORMATS = (0x5412, 0x5125, 0x5E7C, 0x5B4B, 0x45F9, 0x40CE, 0x4F97, 0x4AA0)
"""ISO/IEC 18004, table C.1: the format bits of level M for each mask."""


def remasked(rows: tuple[str, ...], old: int, new: int) -> list[list[int]]:
    """Take one mask and its format away and put another one on."""
    size = len(rows)
    version = (size - 17) // 4
    grid = [[int(bit) for bit in row] for row in rows]
    middle = {7: [22], 8: [24], 9: [26], 10: [28]}.get(version, [])
    centres = [] if version == 1 else [6, *middle, size - 7]
    for y in range(size):
        for x in range(size):
            finder = (x < 9 and y < 9) or (x > size - 9 and y < 9) or (x < 9 and y > size - 9)
            versions = version >= 7 and ((x > size - 12 and y < 6) or (y > size - 12 and x < 6))
            aligned = any(
                abs(x - a) < 3 and abs(y - b) < 3
                for a in centres
                for b in centres
                if (a, b) not in ((6, 6), (6, size - 7), (size - 7, 6))
            )
            if not (finder or versions or aligned or x == 6 or y == 6):
                grid[y][x] ^= MASKS[old](x, y) ^ MASKS[new](x, y)
    for n in range(15):
        bit = FORMATS[new] >> n & 1
        around = [(8, k) for k in (0, 1, 2, 3, 4, 5, 7, 8)] + [(k, 8) for k in (7, 5, 4, 3, 2, 1, 0)]
        beside = [(size - 1 - k, 8) for k in range(8)] + [(8, size - 7 + k) for k in range(7)]
        for x, y in (around[n], beside[n]):
            grid[y][x] = bit
    return grid


def penalty(grid: list[list[int]]) -> int:
    """Count the four penalties of ISO/IEC 18004, 7.8.3.1; beyond the edge all is light."""
    size = len(grid)
    lines = ["".join(map(str, row)) for row in grid]
    lines += ["".join(str(grid[y][x]) for y in range(size)) for x in range(size)]
    total = 0
    for line in lines:
        for shade in "01":
            total += sum(len(run) - 2 for run in line.split("10"[int(shade)]) if len(run) >= 5)
        padded = f"0000{line}0000"
        total += 40 * sum(
            padded[n : n + 7] == "1011101" and "0000" in (padded[n - 4 : n], padded[n + 7 : n + 11])
            for n in range(4, size)
        )
    total += 3 * sum(
        grid[y][x] == grid[y][x + 1] == grid[y + 1][x] == grid[y + 1][x + 1]
        for y in range(size - 1)
        for x in range(size - 1)
    )
    dark = sum(map(sum, grid))
    return total + 10 * int(abs(dark * 100 / size**2 - 50) / 5)


def test_the_bits_of_the_format_are_those_of_the_table() -> None:
    """The format that a symbol carries is that of level M and its mask in the standard's table."""
    symbol = qr(b"A-1001")
    assert [[int(b) for b in row] for row in symbol.rows] == remasked(symbol.rows, symbol.mask, symbol.mask)


def test_data_matrix_reads_back() -> None:
    """A DataMatrix is read back as it is."""
    payload = "LS1;A-1001;1/2;pickup;ups.access_point"
    assert read(data_matrix(payload).rows, quiet=4) == [("]d1", payload)]


# ── what codes say ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("payload", "owner"),
    [
        ("1Z999AA10123456784", "UPS"),
        ("1z 999 aa1 01 2345 6784", "UPS"),
        ("ORDER 1Z999AA10123456784", "UPS"),
        ("TBA123456789012", "Amazon"),
        ("420900269205590164917312751089", "USPS"),
        ("9205 5901 6491 7312 7510 89", "USPS"),
        ("42090026", "USPS routing"),
        ("9612345", "FedEx"),
        ("123456789012", "FedEx"),
        ("123-456-789-012", "FedEx"),
        ("123456789012345", "FedEx"),
        ("00006141411234567890", "GS1 SSCC"),
        ("A-1001", None),
        ("111-2345678-1234567", None),
        ("12345678901", None),
        ("1Z999AA1012345678", None),
        ("LS:123456789012", None),
        ("LS1;123456789012;1/1;home;street", None),
    ],
)
def test_what_could_pass_for_a_carriers_code(payload: str, owner: str | None) -> None:
    """A payload that a sorter could take for a carrier's is named, however it is spaced; others are not."""
    assert carrier_lookalike(payload) == owner


@given(PRINTABLE, st.integers(1, 9), st.integers(1, 9))
def test_no_printed_code_looks_like_a_carriers(identifier: str, package: int, packages: int) -> None:
    """Whatever the id, what is printed cannot pass for a carrier's code; else there is an error."""
    try:
        text = scan_text(identifier, package, packages)
    except InputError:
        return
    assert carrier_lookalike(text) is None
    assert identifier.strip() in text


@given(
    st.from_regex(
        r"1Z[0-9A-Z]{16}|TBA[0-9]{12}|9[2-5][0-9]{20}|[0-9]{12}|[0-9]{15}|96[0-9]{8}", fullmatch=True
    )
)
def test_carriers_numbers_are_refused_or_marked(number: str) -> None:
    """A carrier's number as order id is refused, or marked as ours where it may well be an order number."""
    try:
        text = scan_text(number, 1, 1)
    except InputError:
        assert not number.isdigit() or number[:2] in ("92", "93", "94", "95")
    else:
        assert text == f"LS:{number}"


def test_errors_do_not_repeat_the_number() -> None:
    """The error names the field and what to give, not the number."""
    with pytest.raises(InputError) as caught:
        scan_text("1Z999AA10123456784", 1, 1, "scan_id")
    assert caught.value.field == "scan_id"
    assert "1Z999" not in str(caught.value)


@pytest.mark.parametrize("identifier", ["", "  ", "订单-1", "A\n1", "A\x1d1"])
def test_ids_that_code_128_has_not_are_refused(identifier: str) -> None:
    """Empty ids, letters beyond ASCII and control characters are refused."""
    with pytest.raises(InputError, match="printable ASCII"):
        scan_text(identifier, 1, 1)


def test_tracking_numbers_in_somebody_elses_text_are_blotted_out() -> None:
    """What an API says may hold a tracking number; the label does not."""
    text = without_tracking_numbers("already bought: 1Z999AA10123456784, see 9205590164917312751089.")
    assert text == "already bought: … see …"


@given(
    st.builds(
        Ticket,
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20),
        st.integers(1, 99),
        st.integers(1, 99),
        st.sampled_from(["pickup", "home", "review"]),
        st.sampled_from(["street", "ups.access_point"]),
    )
)
def test_a_ticket_reads_back_and_is_ascii(ticket: Ticket) -> None:
    """What the QR code says is ASCII, is no carrier's code, and is read back as it was."""
    assert ticket.text().isascii()
    assert carrier_lookalike(ticket.text()) is None
    assert Ticket.read(ticket.text()) == ticket


@given(st.from_regex(r"[0-9]{4,12}", fullmatch=True), st.integers(0, 9999), st.integers(0, 9))
def test_an_sscc_has_18_digits_that_check(prefix: str, serial: int, extension: int) -> None:
    """An SSCC has 18 digits, begins with extension and prefix, and its weighted sum ends in 0."""
    digits = Sscc(prefix, serial, extension).digits
    assert len(digits) == 18
    assert digits.startswith(f"{extension}{prefix}")
    assert sum(int(d) * (3, 1)[n % 2] for n, d in enumerate(digits)) % 10 == 0


@pytest.mark.parametrize(
    ("prefix", "serial", "extension", "field"),
    [
        ("123", 1, 0, "sscc.company_prefix"),
        ("12345678901234", 1, 0, "sscc.company_prefix"),
        ("06x4141", 1, 0, "sscc.company_prefix"),
        ("0614141", 10**9, 0, "sscc.serial"),
        ("0614141", -1, 0, "sscc.serial"),
        ("0614141", 1, 10, "sscc.extension"),
    ],
)
def test_a_bad_sscc_is_refused(prefix: str, serial: int, extension: int, field: str) -> None:
    """A prefix, serial or extension that GS1 does not allow is refused by name."""
    with pytest.raises(InputError) as caught:
        Sscc(prefix, serial, extension)
    assert caught.value.field == field
