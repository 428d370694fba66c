"""The search finds a secret however it is written, and nothing else."""

import base64
import gzip
import io
import struct
import zipfile
from datetime import date
from urllib.parse import quote

import brotli
import pypdf
import pytest
from openpyxl import Workbook

from app.lists.update_file import TITLES, marks_of
from app.platform.web.pdf import write_pdf
from geo.territories import Commune
from tests.attack.conftest import echo_of, said_again
from tests.attack.places import InventedPlace
from tests.attack.sentinels import Sentinels
from tests.attack.unpacking import CannotSearch

LON, LAT = 2.448512, 48.905127
COMMUNE = Commune("93008", "Bobigny", "93", ("93000",), None, 2.44, 48.91)
PLACE = InventedPlace(12, "sealed", "MECS", COMMUNE, LON, LAT)
OPEN = InventedPlace(13, "open", "ASE", COMMUNE, 2.431234, 48.915678)
LAMBERT, MERCATOR = (659_560.4, 6_867_123.9), (272_567.1, 6_256_311.2)
SENTINELS = Sentinels([PLACE], {12: {2154: LAMBERT, 3857: MERCATOR}})
WORD = PLACE.word(3)
DRAWN = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>"

WRITTEN = {
    "word": WORD,
    "capitals": WORD.upper(),
    "accents": WORD.replace("e", "é").replace("a", "à").replace("u", "ù"),
    "url": "".join(f"%{byte:02X}" for byte in WORD.encode()),
    "url twice": quote("".join(f"%{byte:02X}" for byte in WORD.encode())),
    "html": "".join(f"&#{ord(letter)};" for letter in WORD),
    "html hexadecimal": "".join(f"&#x{ord(letter):x};" for letter in WORD),
    "json": "".join(f"\\u{ord(letter):04x}" for letter in WORD),
    "hexadecimal": WORD.encode().hex(),
    "base64 0": base64.b64encode(f"{WORD} rue".encode()).decode(),
    "base64 1": base64.b64encode(f"1{WORD} rue".encode()).decode(),
    "base64 2": base64.b64encode(f"12{WORD} rue".encode()).decode(),
    "base64 within": f"xyz{base64.b64encode(f'a {WORD} rue'.encode()).decode()}",
    "phone": PLACE.phone,
    "phone E.164": f"+33{PLACE.phone[1:]}",
    "phone in pairs": "06 39 98 00 12",
    "phone with points": "06.39.98.00.12",
    "phone in a link": "tel:+33-6-39-98-00-12",
    "siret": PLACE.siret,
    "siret in groups": f"{PLACE.siret[:3]} {PLACE.siret[3:6]} {PLACE.siret[6:9]} {PLACE.siret[9:]}",
    "finess": PLACE.finess,
    "rna": PLACE.rna,
    **{f"point {n}": f'{{"lon": {LON:.{n}f}, "lat": {LAT:.{n}f}}}' for n in range(1, 7)},
    **{f"swapped {n}": f"[{LAT:.{n}f},{LON:.{n}f}]" for n in range(1, 7)},
    "cut": "2.4485 48.9051",
    "decimal commas": "2,44851;48,90513",
    "attributes": f'data-lat="{LAT}" data-lon="{LON}"',
    "query": f"?lat={LAT}&amp;lng={LON}",
    "lambert": f"{LAMBERT[0]:.0f};{LAMBERT[1]:.0f}",
    "mercator": f"POINT({MERCATOR[0]} {MERCATOR[1]})",
    "point in base64": base64.b64encode(f"POINT({LON} {LAT})".encode()).decode(),
}


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_a_secret_is_found_as_it_is_written(text: str) -> None:
    assert SENTINELS.in_text(f"<p>{text}</p>".encode())


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_a_secret_is_found_wherever_it_stands_in_a_page_that_was_seen_before(text: str) -> None:
    page = b"".join(b"<li><a href='/acteurs/%d'>Service</a></li>\n" % each for each in range(99))
    sentinels = Sentinels([PLACE], {12: {2154: LAMBERT, 3857: MERCATOR}})
    assert sentinels.in_text(page) == set()
    for at in range(0, len(page), 211):
        # Where it does not become a part of another word.
        place = page.find(b">", at) + 1
        planted = page[:place] + f" {text} ".encode() + page[place:]
        assert sentinels.in_text(planted), at
        # As often as it is there.
        assert sentinels.in_text(planted), at
    assert sentinels.in_text(page) == set()


@pytest.mark.parametrize("between", ["\n", "<br>", "},{", "\n}\n{\n", "</td>\n<td>\n"])
def test_a_point_is_found_where_two_numbers_that_were_seen_come_together(between: str) -> None:
    sentinels = Sentinels([PLACE])
    before, after = f"{'x' * 500}\n{LON}", f"{LAT}\n{'y' * 500}"
    for text in (before, after, f"{before}{' ' * 40}{after}"):
        assert sentinels.in_text(text.encode()) == set()
    assert sentinels.in_text(f"{before}{between}{after}".encode())
    assert sentinels.in_text(f"{before}{' ' * 40}{after}".encode()) == set()


def test_a_secret_is_found_in_what_is_packed() -> None:
    text = f"{WORD} {WORD}".encode()
    sheet = io.BytesIO()
    with zipfile.ZipFile(sheet, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/sharedStrings.xml", text)
    assert SENTINELS.in_text(gzip.compress(text), "gzip")
    assert SENTINELS.in_text(brotli.compress(text), "br")
    assert SENTINELS.in_text(gzip.compress(text))
    assert SENTINELS.in_text(sheet.getvalue())


def test_a_point_is_found_in_two_cells_of_a_workbook() -> None:
    book, file = Workbook(), io.BytesIO()
    book.active.append(["Nom", "Longitude", "Latitude"])
    book.active.append(["Maison", LON, LAT])
    book.save(file)
    assert SENTINELS.in_text(file.getvalue())


@pytest.mark.parametrize(
    "page",
    [
        f"<title>x</title><p>{WORD}</p>",
        f"<title>{WORD}</title>",
        f"<title>x</title><meta name='keywords' content='{WORD}'/>",
        f"<title>x</title>{DRAWN}<title>{WORD}</title></svg>",
        f"<title>x</title><a href='https://exemple.fr/{WORD}'>x</a>",
        f"<title>x</title><p>{LON}, {LAT}</p>",
        f"<title>x</title><p>{PLACE.phone}</p>",
    ],
)
def test_a_secret_is_found_wherever_a_pdf_has_it(page: str) -> None:
    assert SENTINELS.in_text(write_pdf(f'<html lang="fr">{page}</html>'))


def test_a_secret_is_found_in_what_is_attached_to_a_pdf() -> None:
    made = pypdf.PdfWriter(io.BytesIO(write_pdf('<html lang="fr"><title>x</title><p>x</p></html>')))
    assert SENTINELS.in_text(_written(made)) == set()
    made.add_attachment("x.txt", WORD.encode())
    assert SENTINELS.in_text(_written(made))


def _written(made: pypdf.PdfWriter) -> bytes:
    file = io.BytesIO()
    made.compress_identical_objects()
    made.write(file)
    return file.getvalue()


def test_what_cannot_be_read_is_no_proof() -> None:
    with pytest.raises(CannotSearch):
        SENTINELS.in_text(b"%PDF-1.7")
    with pytest.raises(CannotSearch):
        SENTINELS.in_text(b"...", "zstd")


def test_what_is_published_is_no_secret() -> None:
    text = f"{OPEN.line()} 2.44 48.91 45.{PLACE.phone[1:]}38849"
    assert SENTINELS.in_text(text.encode()) == set()
    assert SENTINELS.in_bytes(text.encode()) == set()
    # A signature is another in each database: its digits are nobody's telephone by chance.
    signed = f"1799999999.4be{PLACE.phone[1:]}0{'c7' * 26}"
    sealed = f"\\x{PLACE.phone[1:]}0{'c7' * 26}"
    number = f"0c2f{PLACE.phone[1:5]}-{PLACE.phone[5:9]}-4{PLACE.phone[9:]}aa-8bcd-0123456789ab"
    moment = f"2026-11-28 12:00:1{PLACE.phone[1]}.{PLACE.phone[2:6]}12+00"
    # In an update file two marks of cells follow each other as the groups of a number do.
    telephone = f"{PLACE.phone[1:7]} {PLACE.phone[7:]}abc"
    written = marks_of(bytes(32), "a" * 16, "93", dict.fromkeys(TITLES, ""), date(2026, 11, 30))
    marks = f"{written[: -len(telephone)]}{telephone}"
    for chance in (signed, sealed, number, moment, marks):
        assert SENTINELS.in_text(f'<input value="{chance}">'.encode()) == set(), chance
    # Nothing else that looks like some of them: one mark less, one more, or no day.
    for text in (marks[:9] + marks[16:], f"{marks} c7c7c7", marks[9:]):
        assert SENTINELS.in_text(f'<input value="{text}">'.encode()), text
    # Far from each other, two numbers are no point.
    assert SENTINELS.in_text(f"{LON:.1f}{' ' * 40}{LAT:.1f}".encode()) == set()


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("offset", range(8))
def test_a_binary_point_is_found_wherever_it_lies(order: str, offset: int) -> None:
    for point in ((LON, LAT), (LAT, LON)):
        data = bytes(offset) + struct.pack(f"{order}2d", *point) + b"\x01" * 9
        assert SENTINELS.in_bytes(data) == {"binary point of 12"}


@pytest.mark.parametrize(
    "data",
    [
        WORD.encode(),
        WORD.lower().encode(),
        *(base64.b64encode(b"x" * n + WORD.encode() + b"yz") for n in range(3)),
        b"+33639980012",
        b"06 39 98 00 12",
        PLACE.siret.encode(),
        PLACE.finess.encode(),
        PLACE.rna.encode(),
        f"POINT({LON} {LAT})".encode(),
        b"0101000020E6100000" + struct.pack("<dd", LON, LAT).hex().upper().encode(),
    ],
)
def test_a_secret_is_found_in_a_file(data: bytes) -> None:
    assert SENTINELS.in_bytes(b"\x00\x17" + data + b"\xff")


def test_a_position_that_was_asked_may_be_said_again_as_the_grid_has_it() -> None:
    hit = "point of 640 in EPSG:4326: -21.115 55.340"
    asked = "/oembed?url=http%3A%2F%2Fa.fr%2Fautour%3Flieu%3D-21.114968%252C55.34012%26rayon%3D5"
    assert said_again(hit, echo_of(asked))
    assert not said_again(hit, echo_of(asked.replace("114968", "134968")))
