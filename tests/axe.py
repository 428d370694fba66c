"""What finds faults of accessibility in a page."""

import json
from collections.abc import Iterable, Iterator
from itertools import cycle

from playwright.sync_api import ViewportSize

from app.settings import ROOT

AXE = ROOT / "node_modules/axe-core/axe.min.js"
# Rows of a long table, cards of a list and names of territories are made alike: those in the
# middle are left out, as is what is `outside`.
REPEATED = [
    ["tbody > tr:nth-child(n + 21):nth-last-child(n + 11)"],
    [".cards > .card:nth-child(n + 9):nth-last-child(n + 4)"],
    [".region__list > li:nth-child(n + 4)"],
]
RUN_AXE = (
    "async ({outside = [], ...options}) => (await axe.run("
    f"{{exclude: [...{json.dumps(REPEATED)}, ...outside]}}, "
    "{resultTypes: ['violations'], ...options})).violations.map("
    "each => `${each.id}: ${each.nodes.map(node => node.html).join(' ')}`)"
)
# Where whatever else axe finds was looked at in the light: dark differs by colours alone.
COLOURS = {"runOnly": ["color-contrast"]}
WIDTHS: tuple[ViewportSize, ...] = ({"width": 1440, "height": 900}, {"width": 390, "height": 844})


def in_turn(
    *paths: str, widths: Iterable[ViewportSize] = WIDTHS
) -> Iterator[tuple[str, ViewportSize]]:
    """Yield each page with one width, in turn: to look for faults takes most of the time."""
    return zip(paths, cycle(widths), strict=False)
