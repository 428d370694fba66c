"""A logo is known by its bytes, is small, and is an image and nothing else."""

import pytest
from PIL import Image

from app.embeds.logo import BYTES_MAX, LogoInvalid, media_type
from tests.embeds.samples import image


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (image("PNG"), "image/png"),
        (image("JPEG"), "image/jpeg"),
        (image("JPEG", progressive=True, exif=Image.Exif(), comment=b"x" * 300), "image/jpeg"),
        (image("WEBP"), "image/webp"),
        (image("WEBP", lossless=True), "image/webp"),
        # With metadata, in the extended format.
        (image("WEBP", exif=b"Exif\x00\x00II*\x00"), "image/webp"),
    ],
)
def test_images_are_known_by_their_bytes(content: bytes, expected: str) -> None:
    assert media_type(content) == expected


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("size", [(2_001, 48), (120, 15)])
def test_an_image_too_large_or_too_small_is_refused_with_its_size(
    image_format: str, size: tuple[int, int]
) -> None:
    with pytest.raises(LogoInvalid, match=f"{size[0]} × {size[1]}"):
        media_type(image(image_format, size))


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP"])
def test_an_image_that_is_cut_before_its_size_is_refused(image_format: str) -> None:
    whole = image(image_format)
    for length in range(20):
        with pytest.raises(LogoInvalid):
            media_type(whole[:length])


def test_a_heavy_image_is_refused() -> None:
    with pytest.raises(LogoInvalid, match="pèse"):
        media_type(image("PNG") + bytes(BYTES_MAX))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "programme"),
        (b"<html><script>alert(1)</script>", "aucune image"),
        (b"GIF89a\x10\x00\x10\x00", "aucune image"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "aucune image"),
        # Formats whose size imagesize reads as well, and that are not served.
        (image("GIF"), "aucune image"),
        (image("BMP"), "aucune image"),
        (image("TIFF"), "aucune image"),
        (b"", "aucune image"),
        # No size before the scan, or before the end.
        (b"\xff\xd8\xff\xda\x00\x08", "taille"),
        (b"\xff\xd8\xff\xd9", "taille"),
    ],
)
def test_what_is_no_image_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(LogoInvalid, match=why):
        media_type(content)
