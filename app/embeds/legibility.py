"""Whether the colours that somebody chose for an embed can be read, and what to change if not."""

from app.embeds.colours import BLACK, LEAST, WHITE, contrast, is_lighter
from app.embeds.look import Look
from app.embeds.theme import is_dark, palette

# The contrast that WCAG 2.2 (1.4.11) asks of marks, whose shape says the category.
LEAST_OF_MARKS = 3.0
# What text stands on: the page, cards and headers, phone numbers and chips.
GROUNDS = ("--page", "--surface", "--accent-tint")
TEXTS = (
    ("--text", "Le texte se lit", "le texte"),
    ("--accent", "Les liens et les boutons se lisent", "leur couleur"),
)


def warnings(look: Look) -> tuple[str, ...]:
    """Return a French sentence for each colour that is hard to read somewhere, and what to do."""
    sheet = {name: value.removeprefix("#") for name, value in palette(look).items()}
    if not sheet:
        return ()
    found = []
    for name, subject, what in TEXTS:
        colour = sheet[name]
        measured, ground = min((contrast(colour, sheet[each]), sheet[each]) for each in GROUNDS)
        if measured < LEAST:
            found.append(
                f"{subject} mal sur la page : contraste de {_shown(measured)}, il en faut 4,5."
                f" {_advice(what, colour, ground)}"
            )
    families = [colour for name, colour in sheet.items() if name.startswith("--family")]
    measured = min(contrast(each, sheet["--surface"]) for each in families)
    if measured < LEAST_OF_MARKS:
        found.append(
            f"Des marques se voient mal sur la page : contraste de {_shown(measured)},"
            f" il en faut 3. {'Foncez' if is_dark(look) else 'Éclaircissez'} la page."
        )
    return tuple(found)


def _advice(what: str, colour: str, ground: str) -> str:
    """Return what to change: the text, the page, or either, where each alone can be enough."""
    if is_lighter(colour, ground):
        far, towards, near, backwards = WHITE, "Éclaircissez", BLACK, "foncez"
    else:
        far, towards, near, backwards = BLACK, "Foncez", WHITE, "éclaircissez"
    # Changing one of the two is always enough: every grey can be read on black or on white.
    if contrast(far, ground) < LEAST:
        return f"{backwards.capitalize()} la page."
    if contrast(colour, near) < LEAST:
        return f"{towards} {what}."
    return f"{towards} {what}, ou {backwards} la page."


def _shown(contrast: float) -> str:
    # Rounded down, so that too low a contrast is never shown as the one that is needed.
    return f"{int(contrast * 10) / 10:.1f}".replace(".", ",")
