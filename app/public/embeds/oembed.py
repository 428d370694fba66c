"""oEmbed 1.0 (oembed.com): the code that shows an address of ours elsewhere."""

from app.embeds.address import Shown
from app.embeds.code import FULL_WIDTH, HEIGHT, iframe

# px, where a consumer does not say how much room there is.
WIDTH = 800


def answer(
    shown: Shown,
    title: str,
    base: str,
    *,
    maxwidth: int | None = None,
    maxheight: int | None = None,
) -> dict[str, str | int]:
    """Return the response for an address; sizes in px, never above what the consumer has."""
    width = min(WIDTH, maxwidth or WIDTH)
    height = min(HEIGHT, maxheight or HEIGHT)
    src = base + shown.src
    return {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": "Mesure 23",
        "provider_url": f"{base}/",
        "width": width,
        "height": height,
        "html": iframe(src, title, height, str(width) if maxwidth else FULL_WIDTH),
    }
