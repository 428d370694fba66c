"""Logos of registered embeds: which files are images that may be served, by their own bytes."""

import struct
from collections.abc import Callable

from app.errors import Mesure23Error

BYTES_MAX = 100_000
# px. Shown 48 px high; a larger one only weighs.
SIDE_MIN, SIDE_MAX = 16, 2_000
Size = tuple[int, int]

# Markers of a JPEG that begin a frame and say its size: all SOFn, which DHT, JPG and DAC are not.
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# Markers that stand alone, without a length.
ALONE = frozenset({0x01, *range(0xD0, 0xD8)})


class LogoInvalid(Mesure23Error):
    """Ce fichier ne peut pas servir de logo : {problem}.
    Il faut une image PNG, JPEG ou WebP d'au plus 100 ko.
    """


def media_type(content: bytes) -> str:
    """Return the media type of a logo; raises LogoInvalid.

    The size that the file says is looked at, and none of it is decoded: browsers do that.
    """
    if len(content) > BYTES_MAX:
        raise LogoInvalid(problem="il pèse davantage")
    for kind, size_of in _KINDS.items():
        try:
            size = size_of(content)
        except (struct.error, IndexError):
            raise LogoInvalid(problem="l'image est incomplète") from None
        if size is not None:
            if not all(SIDE_MIN <= side <= SIDE_MAX for side in size):
                wide, high = size
                within = f"de {SIDE_MIN} à {SIDE_MAX} pixels de côté"
                raise LogoInvalid(problem=f"l'image mesure {wide} × {high} pixels, et non {within}")
            return kind
    if b"<svg" in content[:1000].lower():
        raise LogoInvalid(problem="un SVG est un document, qui peut contenir du programme")
    raise LogoInvalid(
        problem="ses octets ne sont ceux d'aucune image connue, quel que soit son nom"
    )


def _png(content: bytes) -> Size | None:
    if not content.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"):
        return None
    wide, high = struct.unpack_from(">II", content, 16)
    return wide, high


def _jpeg(content: bytes) -> Size | None:
    if not content.startswith(b"\xff\xd8\xff"):
        return None
    at = 2
    while True:
        # Any number of 0xFF may stand before a marker.
        while content[at] == 0xFF and content[at + 1] == 0xFF:
            at += 1
        start, marker = content[at], content[at + 1]
        if start != 0xFF or marker in (0xD9, 0xDA):
            raise LogoInvalid(problem="l'image ne dit pas sa taille")
        if marker in FRAMES:
            high, wide = struct.unpack_from(">HH", content, at + 5)
            return wide, high
        at += 2
        if marker not in ALONE:
            at += struct.unpack_from(">H", content, at)[0]


def _webp(content: bytes) -> Size | None:
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        return None
    kind = content[12:16]
    if kind == b"VP8X":
        wide, high = (int.from_bytes(content[at : at + 3], "little") + 1 for at in (24, 27))
        return wide, high
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", content, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        wide, high = struct.unpack_from("<HH", content, 26)
        return wide & 0x3FFF, high & 0x3FFF
    return None


_KINDS: dict[str, Callable[[bytes], Size | None]] = {
    "image/png": _png,
    "image/jpeg": _jpeg,
    "image/webp": _webp,
}
