"""The colours of an embed as a style sheet: what somebody chose, and what follows from it."""

from collections.abc import Iterator

from app.embeds.colours import (
    BLACK,
    LEAST,
    OURS,
    WHITE,
    contrast,
    is_dark,
    mix,
    surface_on,
    tokens,
)
from app.embeds.look import CORNER, Look

# Of a phone number's ground, the strongest first: it is paler where the text on it is not dark.
TINTS = (0.12, 0.09, 0.06, 0.03, 0.0)
# px. A chip of a filter, a focus: what is small has small corners.
SMALL = 4


def theme(look: Look) -> str:
    """Return the style sheet of a look; it comes after static/css/tokens.css.

    Colours are chosen for one ground, so that whoever chooses one gets it by day and by night: the
    scheme is that of the page, ours by day where none is chosen. Only corners leave it as it is.
    """
    chosen = dict(_colours(look)) if look.accent or look.paper or look.ink else {}
    if look.corner != CORNER:
        chosen |= {
            "--radius": f"{look.corner}px",
            "--radius-small": f"{min(look.corner, SMALL)}px",
        }
    return ":root {\n" + "".join(f"  {name}: {value};\n" for name, value in chosen.items()) + "}\n"


def _colours(look: Look) -> Iterator[tuple[str, str]]:
    paper = look.paper or OURS.paper or WHITE
    ours = tokens(paper)
    yield "color-scheme", "dark" if is_dark(paper) else "light"
    yield from ours.items()
    own = {name: value.removeprefix("#") for name, value in ours.items()}
    ink, accent = look.ink or own["--text"], look.accent or own["--accent"]
    surface = surface_on(look.paper) if look.paper else own["--surface"]
    if look.paper or look.ink:
        yield from _ground(paper, surface, ink)
    if look.paper or look.accent:
        yield "--accent", f"#{accent}"
        yield "--accent-strong", f"#{mix(accent, ink, 0.3)}"
        tints = (mix(surface, accent, share) for share in TINTS)
        enough = min(LEAST, contrast(accent, surface))
        tint = next((each for each in tints if contrast(accent, each) >= enough), surface)
        yield "--accent-tint", f"#{tint}"
        yield "--on-accent", f"#{max((BLACK, WHITE), key=lambda each: contrast(each, accent))}"


def _ground(paper: str, surface: str, ink: str) -> Iterator[tuple[str, str]]:
    """Yield what lies between the page and its text."""
    muted = mix(ink, paper, 0.2)
    yield "--page", f"#{paper}"
    yield "--surface", f"#{surface}"
    yield "--sunken", f"#{mix(paper, ink, 0.06)}"
    yield "--line", f"#{mix(paper, ink, 0.18)}"
    yield "--edge", f"#{mix(paper, ink, 0.55)}"
    yield "--text", f"#{ink}"
    yield "--muted", f"#{muted if contrast(muted, paper) >= LEAST else ink}"
    yield "--focus", f"#{ink}"
    yield "--map-veil", f"#{paper}"
    yield "--map-ground", f"#{mix(paper, ink, 0.08)}"
