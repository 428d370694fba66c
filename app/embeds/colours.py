"""Whether the colours that somebody chose for an embed can be read: contrast of WCAG 2.2."""

from app.embeds.look import Look

# Of text that is not large, WCAG 2.2 1.4.3; links and buttons have text of that size.
LEAST = 4.5
# Of static/css/tokens.css in light: they stand where nothing else is chosen.
OURS = Look(accent="14508c", paper="f4f5f7", ink="1a1f26")


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours of six hexadecimal digits: from 1 to 21."""
    dark, light = sorted(map(_luminance, (first, second)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2, from 0 to 1."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def warnings(look: Look) -> tuple[str, ...]:
    """Return a French sentence for each pair of colours that is hard to read, and what to do."""
    paper = look.paper or OURS.paper or ""
    pairs = (
        ("Le texte se lit", "le texte", look.ink or OURS.ink or ""),
        ("Les liens et les boutons se lisent", "leur couleur", look.accent or OURS.accent or ""),
    )
    dark = _luminance(paper) < _luminance("767676")
    found = []
    for subject, what, colour in pairs:
        measured = contrast(colour, paper)
        if measured < LEAST:
            # Never rounded up to what would be enough.
            shown = f"{int(measured * 10) / 10:.1f}".replace(".", ",")
            found.append(
                f"{subject} mal sur la page : contraste de {shown}, il en faut 4,5."
                f" {'Éclaircissez' if dark else 'Foncez'} {what},"
                f" ou {'foncez' if dark else 'éclaircissez'} la page."
            )
    return tuple(found)
