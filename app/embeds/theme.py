"""The colours of an embed as a style sheet: what somebody chose, and what follows from it.

Whatever is mixed from readable colours can be read: where a mixture would take that from the text
that was chosen, or from what stands on it, it is weaker, or left out.
"""

from collections.abc import Iterator

from app.embeds.colours import BLACK, WHITE, contrast, is_lighter, mix, readable, tokens
from app.embeds.look import CORNER, Look

# The share of white in cards, by day and by night.
LIFTS = (0.6, 0.04)
# Shares of the accent in the ground of a phone number, and of ink in a ground that is pointed at:
# the first that leaves the text on it readable is taken.
TINTS = (0.12, 0.09, 0.06, 0.03, 0.0)
SHADES = (0.06, 0.03, 0.0)
# Shares of ink in the names of towns around what a map is about.
FAINT_NAMES = (0.5, 0.6, 0.7)
# px. The largest corners of what is small: chips, the ring of the focus.
SMALL = 4


def theme(look: Look) -> str:
    """Return the style sheet of a look; it comes after static/css/tokens.css.

    Colours are chosen for one ground, so that whoever chooses one gets it by day and by night: the
    scheme is that of the page, ours by day where none is chosen. Only corners leave it as it is.
    """
    chosen = palette(look)
    if look.corner != CORNER:
        chosen |= {
            "--radius": f"{look.corner}px",
            "--radius-small": f"{min(look.corner, SMALL)}px",
        }
    return ":root {\n" + "".join(f"  {name}: {value};\n" for name, value in chosen.items()) + "}\n"


def palette(look: Look) -> dict[str, str]:
    """Return what the colours of a look change of tokens.css, by name; {} without any."""
    if not (look.accent or look.paper or look.ink):
        return {}
    dark = is_dark(look)
    ours = tokens(dark=dark)
    own = {name: value.removeprefix("#") for name, value in ours.items()}
    ink, accent = look.ink or own["--text"], look.accent or own["--accent"]
    mixed = {"--page": own["--page"], "--surface": own["--surface"], "--muted": own["--muted"]}
    if look.paper or look.ink:
        paper = look.paper or own["--page"]
        lighter = mix(paper, WHITE, LIFTS[dark]) if look.paper else own["--surface"]
        mixed = dict(_ground(paper, readable((lighter, paper), (ink, accent)), ink))
    mixed |= _accent(accent, ink, mixed["--page"], mixed["--surface"], mixed["--muted"])
    return (
        {"color-scheme": "dark" if dark else "light"}
        | ours
        | {name: f"#{colour}" for name, colour in mixed.items()}
    )


def is_dark(look: Look) -> bool:
    """Return whether a page is dark: its text is lighter than its ground."""
    if not look.paper:
        return False
    if look.ink:
        return is_lighter(look.ink, look.paper)
    return contrast(look.paper, WHITE) > contrast(look.paper, BLACK)


def _ground(paper: str, surface: str, ink: str) -> Iterator[tuple[str, str]]:
    """Yield the colours of grounds, lines and text, by name."""
    muted = readable((mix(ink, paper, 0.2), ink), (paper, surface))
    shades = [mix(paper, ink, share) for share in SHADES]
    yield "--page", paper
    yield "--surface", surface
    yield "--sunken", readable(shades, (ink, muted))
    yield "--line", mix(paper, ink, 0.18)
    yield "--edge", mix(paper, ink, 0.55)
    yield "--text", ink
    yield "--muted", muted
    yield "--focus", ink
    yield "--map-veil", paper
    yield "--map-sea", mix(paper, ink, 0.1)
    yield "--map-land", surface
    yield "--map-abroad", mix(paper, ink, 0.05)
    yield "--map-departement", mix(paper, ink, 0.4)
    yield "--map-epci", mix(paper, ink, 0.3)
    yield "--map-commune", mix(paper, ink, 0.17)
    yield "--map-name", muted
    fainter = [*(mix(paper, ink, share) for share in FAINT_NAMES), muted]
    yield "--map-name-elsewhere", readable(fainter, (paper, surface))


def _accent(accent: str, ink: str, paper: str, surface: str, muted: str) -> dict[str, str]:
    """Return the colours of links and buttons, by name."""
    on_accent = max((BLACK, WHITE), key=lambda each: contrast(each, accent))
    strong = readable((mix(accent, ink, 0.3), accent), (paper, surface, on_accent))
    tints = [mix(surface, accent, share) for share in TINTS]
    return {
        "--accent": accent,
        "--accent-strong": strong,
        "--accent-tint": readable(tints, (ink, muted, accent, strong)),
        "--on-accent": on_accent,
    }
