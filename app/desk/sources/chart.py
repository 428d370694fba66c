"""A small chart: a bar for each file, the oldest first, as the path of an SVG without script."""

from collections.abc import Sequence
from dataclasses import dataclass

BAR, GAP, HEIGHT = 6, 2, 28
# Of a list of sources: a part of the lines that reaches the top, so that charts compare.
FULL = 0.5


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart. path: its bars; says: the same in words; last: of the latest alone, in figures."""

    path: str
    width: int
    says: str
    last: str
    height: int = HEIGHT


def chart(values: Sequence[float | None], full: float, says: str) -> Chart:
    """Return a chart of values from the oldest to the latest; None leaves a place empty.

    full: what reaches the top. A value of 0 is the line below; a small one is seen all the same.
    """
    drawn = []
    for place, value in enumerate(values):
        if value:
            height = max(2, round(min(1.0, value / full) * (HEIGHT - 1)))
            drawn.append(f"M{place * (BAR + GAP)} {HEIGHT - 1}v-{height}h{BAR}v{height}z")
    width = max(1, len(values)) * (BAR + GAP) - GAP
    counted = [value for value in values if value is not None]
    return Chart("".join(drawn), width, says, percent(counted[-1]) if counted else "")


def percent(share: float) -> str:
    """Return a part as French writes it; what is not nothing is not said to be."""
    if 0 < share < 0.01:
        return "moins de 1 %"
    return f"{round(share * 100)} %"
