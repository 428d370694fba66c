"""Small drawings within a sheet, as SVG: the shapes of categories, and the code to scan."""

import re
from functools import cache

import segno

from app.settings import ROOT

SHAPES = ROOT / "static" / "shapes.svg"
_SYMBOL = re.compile(r'<symbol id="([^"]+)" viewBox="0 0 24 24">(.*?)</symbol>', re.DOTALL)


@cache
def shapes() -> dict[str, str]:
    """Return what static/shapes.svg draws, by name: SVG of 24 by 24 units, without a frame."""
    return dict(_SYMBOL.findall(SHAPES.read_text(encoding="utf-8")))


def qr_code(address: str) -> str:
    """Return a QR code as SVG, with the address for who cannot see it; 15 % of it may be lost."""
    code = segno.make(address, error="m", micro=False)
    return code.svg_inline(border=0, title=f"Code QR : {address}", omitsize=True, unit="")
