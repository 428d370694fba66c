"""Logos of registered embeds: which files are images that may be served, by their own bytes."""

from io import BytesIO

import imagesize

from app.errors import Mesure23Error

BYTES_MAX = 100_000
# px. A logo is shown 48 px high; a larger one only weighs more.
SIDE_MIN, SIDE_MAX = 16, 2_000


class LogoInvalid(Mesure23Error):
    """Ce fichier ne peut pas servir de logo : {problem}.
    Il faut une image PNG, JPEG ou WebP d’au plus 100 ko.
    """


def media_type(content: bytes) -> str:
    """Return the media type of a logo; raises LogoInvalid.

    Only the size that the image states is read, and nothing is decoded: browsers do that.
    """
    if len(content) > BYTES_MAX:
        raise LogoInvalid(problem="il pèse davantage")
    found = _format_of(content)
    # Pixels as they are stored: to turn them as EXIF asks would mean reading all of its tags.
    wide, high = imagesize.get(BytesIO(content), exif_rotation=False)
    if min(wide, high) < 0:
        raise LogoInvalid(problem="l’image est incomplète, ou ne dit pas sa taille")
    if not all(SIDE_MIN <= side <= SIDE_MAX for side in (wide, high)):
        within = f"de {SIDE_MIN} à {SIDE_MAX} pixels de côté"
        raise LogoInvalid(problem=f"l’image mesure {wide} × {high} pixels, et non {within}")
    return found


def _format_of(content: bytes) -> str:
    """Return the media type by the first bytes: imagesize knows formats that are not served."""
    if content.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    if b"<svg" in content[:1000].lower():
        raise LogoInvalid(problem="un SVG est un document, qui peut contenir du programme")
    raise LogoInvalid(
        problem="ses octets ne sont ceux d’aucune image connue, quel que soit son nom"
    )
