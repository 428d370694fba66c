"""The code on paper that leads to a page, as SVG."""

from io import BytesIO

import segno
from markupsafe import Markup


def qr_code(address: str) -> Markup:
    """Return a QR code as SVG, with the address for who cannot see it; 15 % of it may be lost."""
    code = segno.make(address, error="m", micro=False)
    drawn = BytesIO()
    title = f"Code QR : {address}"
    code.save(
        drawn, kind="svg", xmldecl=False, nl=False, border=0, omitsize=True, unit="", title=title
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704 - segno escapes the title
