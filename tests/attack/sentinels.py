"""Finds what must not be there, however it is written.

`Sentinels.in_text` searches what a person or a program reads: unpacked, unescaped, decoded.
`Sentinels.in_bytes` searches files of any size as they lie: text, base64 and binary coordinates.
"""

import base64
import binascii
import html
import re
import struct
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from urllib.parse import unquote_plus

import numpy as np
from numpy.typing import NDArray

from app.lists.update_file import TITLES
from tests.attack.fresh import Fresh
from tests.attack.places import MARKER, MOBILE, REGISTER, InventedPlace
from tests.attack.unpacking import unpack

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
# Two coordinates stand together: `"lat": 48.9, "lon": 2.4`, `POINT(2.4 48.9)`, `lat=48.9&lon=2.4`.
BETWEEN = 30
COMBINING = re.compile("[\u0300-\u036f]")
BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{12,}")
# Longer ones, images and fonts, are of one answer.
SHORT_RUN = 200
HEXADECIMAL = re.compile(r"[0-9a-fA-F]{16,}")
LONG_HEXADECIMAL = re.compile(rb"(?:[0-9a-fA-F]{2}){16,}")
# What a program computed: some of its digits are nobody's number.
LONG_DECIMAL = re.compile(r"\d+\.\d{11,}")
# A digest in hexadecimal: five digits of one in a hundred pages are those that secrets begin with.
DIGEST = re.compile(r"(?<![0-9a-z])(?:\\x)?(?=\d*[a-f])[0-9a-f]{16,}(?![0-9a-z])")
# The other digits that are another's in each run: of an id, of the day and the marks of a line of
# an update file, and of a second with its zone.
CHANCE = re.compile(
    r"(?<![0-9a-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-z])"
    rf"|(?<![0-9a-z])20\d{{6}}(?: [0-9a-f]{{6}}){{{len(TITLES)}}}(?! ?[0-9a-z])"
    r"|:\d\d\.\d{1,6}(?:[ +]|%2b)\d\d(?!\d)"
)
SEPARATOR = r"(?:[ .\-\u00a0\u202f]|%20|\+)"
SEPARATORS = re.compile(rf"(?<=\d){SEPARATOR}(?=\d)")
# What a text has that has a secret number: nearly all have none, and need no closer look.
BEGINNINGS = [re.compile(f"{SEPARATOR}?".join(each)) for each in (MOBILE[1:], REGISTER)]
WORDS = re.compile(rf"{MARKER.lower()}\w*")
MOBILES = re.compile(rf"{MOBILE[1:]}\d{{4}}")
# Nine digits of SIREN, FINESS and RNA, fourteen of SIRET; not some of a longer name.
REGISTERS = re.compile(rf"(?<![^\W_w]){REGISTER}\d{{5}}(?:\d{{5}})?(?![^\W_])")
# It parts two numbers, or is a French decimal comma.
COMMA = re.compile(r",(?<=\d,)(?=\d)")
# EPSG code of a projection -> point, as PostGIS computed it.
Projected = dict[int, tuple[float, float]]


class Sentinels:
    """The secrets of hidden places, ready to be looked for."""

    def __init__(
        self,
        places: Iterable[InventedPlace],
        projected: dict[int, Projected] | None = None,
        known: frozenset[tuple[str, str]] = frozenset(),
    ) -> None:
        """projected: number of a place -> its point in metres. known: pairs that are no leak."""
        self.places = list(places)
        # Pairs found so far: in a service without actors they are those of reference data.
        self.seen: set[tuple[str, str]] = set()
        self.pairs: dict[tuple[str, str], str] = {}
        self._fresh, self._noted = Fresh(self._in_part), Fresh(self._note)
        for place in self.places:
            if place.lon is None or place.lat is None:
                continue
            points = {4326: (place.lon, place.lat), **(projected or {}).get(place.number, {})}
            for code, (x, y) in points.items():
                for pair in _written(x, y, range(1, 7) if code == 4326 else range(4)):
                    if pair not in known:
                        self.pairs[pair] = f"point of {place.number} in EPSG:{code}"
        # Longitude and latitude side by side, as every binary form of a point has them.
        self._binary: dict[bytes, int] = {}
        for place in self.places:
            if place.lon is not None and place.lat is not None:
                for order in "<>":
                    self._binary[struct.pack(f"{order}2d", place.lon, place.lat)] = place.number
                    self._binary[struct.pack(f"{order}2d", place.lat, place.lon)] = place.number
        firsts = np.frombuffer(b"".join(pair[:8] for pair in self._binary), dtype="<u8")
        # Nearly all that is searched differs from all of them in its last 16 bits.
        self._endings = np.zeros(1 << 16, dtype=bool)
        self._endings[(firsts & 0xFFFF).astype(np.int64)] = True

    def in_text(self, body: bytes, encoding: str = "", asked: str = "") -> set[str]:
        """Return what is found in an answer; encoding: its Content-Encoding.

        asked: the address, whose own words an answer may say again.
        """
        found: set[str] = set()
        for part in unpack(body, encoding):
            found |= self._fresh.look(part)
        if found:
            echo = plain_text(unquote_plus(asked))
            found = {each for each in found if each not in echo}
        return found

    def _in_part(self, part: bytes) -> set[str]:
        found: set[str] = set()
        for text in _views(part):
            found |= _in_words(text) | self._in_numbers(text)
        decoded = _from_base64(part)
        # No word goes over the end of a line.
        return found | self._in_numbers("\n".join(decoded)).union(*decoded.values())

    def note(self, body: bytes, encoding: str = "") -> None:
        """Look for points alone: those that are in `seen` then."""
        for part in unpack(body, encoding):
            self._noted.look(part)

    def _note(self, part: bytes) -> set[str]:
        texts = (*_views(part), "\n".join(_from_base64(part)))
        return set().union(*map(self._in_numbers, texts))

    def _in_numbers(self, text: str) -> set[str]:
        found: set[str] = set()
        for spelled in {text, COMMA.sub(".", text)}:
            numbers = NUMBER.findall(spelled)
            if self.pairs.keys().isdisjoint(pairwise(numbers)):
                continue
            before, end = "", -BETWEEN
            for match in NUMBER.finditer(spelled):
                if match.start() - end < BETWEEN and (label := self.pairs.get((before, match[0]))):
                    found.add(f"{label}: {before} {match[0]}")
                    self.seen.add((before, match[0]))
                before, end = match[0], match.end()
        return found

    def in_bytes(self, data: bytes) -> set[str]:
        """Return what is found in a file of a database, a log, a dump."""
        found = _in_raw(data)
        # PostgreSQL writes geometries and sealed values in hexadecimal.
        runs = [binascii.unhexlify(run) for run in LONG_HEXADECIMAL.findall(data)]
        found |= {hit for run in runs for hit in _in_raw(run)}
        for binary in (data, b"--------".join(runs)):
            found |= {f"binary point of {number}" for number in self._in_doubles(binary)}
        for text in _numbers_of(data):
            found |= self._in_numbers(text)
        return found

    def _in_doubles(self, data: bytes) -> Iterator[int]:
        for offset in range(8):
            usable = max(0, len(data) - offset) // 8
            values: NDArray[np.uint64] = np.frombuffer(data, "<u8", usable, min(offset, len(data)))
            for rank in np.flatnonzero(self._endings[(values & 0xFFFF).astype(np.int64)]):
                at = offset + 8 * int(rank)
                if (number := self._binary.get(data[at : at + 16])) is not None:
                    yield number


def _written(x: float, y: float, decimals: Iterable[int]) -> Iterator[tuple[str, str]]:
    """Yield a point as it may be written: rounded, cut, with or without zeros, both orders."""
    for n in decimals:
        for a, b in ((x, y), (y, x)):
            rounded = f"{a:.{n}f}", f"{b:.{n}f}"
            cut = tuple(f"{int(value * 10**n) / 10**n:.{n}f}" for value in (a, b))
            for first, second in (rounded, cut):
                yield first, second
                bare = first.rstrip("0"), second.rstrip("0")
                # "2 48" is no point: every page has such numbers.
                if n and not any(each.endswith(".") for each in bare):
                    yield bare


def plain_text(text: str) -> str:
    """Return a text in small letters without accents."""
    if text.isascii():
        return text.lower()
    return COMBINING.sub("", unicodedata.normalize("NFKD", text.lower()))


def _in_words(text: str) -> set[str]:
    plain = plain_text(text)
    found = set(WORDS.findall(plain))
    if any(beginning.search(plain) for beginning in BEGINNINGS):
        digits = plain
        for chance in (CHANCE, LONG_DECIMAL, DIGEST):
            digits = chance.sub(" ", digits)
        digits = SEPARATORS.sub("", digits)
        found |= {*MOBILES.findall(digits), *REGISTERS.findall(digits), *REGISTERS.findall(plain)}
    return found


def _alignments(word: bytes) -> Iterator[bytes]:
    """Yield what base64 makes of a word wherever it begins, without what its neighbours change."""
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + word)
        first = (0, 2, 3)[before]
        whole = (before + len(word)) // 3 * 4
        yield encoded[first:whole]


_IN_BASE64 = [
    each for word in (MARKER, MARKER.lower(), MARKER.upper()) for each in _alignments(word.encode())
]
# Each begins with plain text, which is what makes a search of a hundred megabytes quick.
_WORD = re.compile(rb"%s[a-z0-9]*" % MARKER.lower().encode())
_MOBILE = re.compile(
    rb"[ .\-]?".join([MOBILE[1:2].encode(), *re.findall(rb"\d\d", MOBILE[2:].encode())])
    + rb"[ .\-]?\d\d[ .\-]?\d\d"
)
_BEFORE = re.compile(rb"(?<![0-9A-Za-z])(?:(?:\+|00)?33|0)?[ .\-]?$")
_REGISTER = re.compile(rb"%s(?:\d{10}|0\d{4})(?!\d)" % REGISTER.encode())
_PAIR = re.compile(rb"\.\d{1,8}[ -~]{1,%d}?\.\d{1,8}" % BETWEEN)


def words_in(data: bytes) -> set[str]:
    """Return the words of hidden places in a file as they lie, which is the quickest to find."""
    return {each.decode() for each in _WORD.findall(data.lower())}


def _in_raw(data: bytes) -> set[str]:
    found = words_in(data)
    found |= {
        each[0].decode()
        for each in _MOBILE.finditer(data)
        # A number as one writes it, not some digits of a digest.
        if _BEFORE.search(data[max(0, each.start() - 7) : each.start()])
        and not data[each.end() : each.end() + 1].isalnum()
    }
    # A register number, not some digits within a longer number.
    found |= {
        each[0].decode()
        for each in _REGISTER.finditer(data)
        if not data[max(0, each.start() - 1) : each.start()].replace(b"W", b"").isalnum()
        and not data[each.end() : each.end() + 1].isalnum()
    }
    return found | {f"base64 {each.decode()}" for each in _IN_BASE64 if each in data}


def _numbers_of(data: bytes) -> Iterator[str]:
    """Yield the parts of a file that may be two decimal numbers."""
    for match in _PAIR.finditer(data):
        yield data[max(0, match.start() - 8) : match.end()].decode("latin-1")


def _views(part: bytes) -> dict[str, None]:
    """Return a part as text, unescaped and decoded in the ways that hide a word."""
    text = part.decode("utf-8", "replace")
    views = (
        text,
        part.decode("utf-16-le", "ignore") if b"\x00" in part else text,
        unquote_plus(unquote_plus(html.unescape(text))),
        re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text),
        re.sub(r"\\x([0-9a-fA-F]{2})", lambda m: chr(int(m[1], 16)), text),
        " ".join(
            bytes.fromhex(run[: len(run) // 2 * 2]).decode("latin-1")
            for run in HEXADECIMAL.findall(text)
        ),
    )
    return dict.fromkeys(views)


def _from_base64(part: bytes) -> dict[str, frozenset[str]]:
    """Return what the runs of a part may mean in base64, each with the words that are in it."""
    # Addresses and names of classes look like it too, and stand many times in a page.
    runs, anew = dict.fromkeys(BASE64.findall(part)), _decoded.__wrapped__
    return dict(_decoded(run) if len(run) < SHORT_RUN else anew(run) for run in runs)


# Most runs of a page stand in all the others.
@lru_cache(maxsize=50_000)
def _decoded(run: bytes) -> tuple[str, frozenset[str]]:
    """Return what a run may mean in base64, wherever it begins, and the words that are in it."""
    found = []
    for start in range(4):
        piece = run[start:].replace(b"-", b"+").replace(b"_", b"/")
        piece = piece[: len(piece) // 4 * 4]
        try:
            found.append(base64.b64decode(piece).decode("latin-1"))
        except binascii.Error:
            continue
    text = "\n".join(found)
    return text, frozenset(_in_words(text))
