"""Of the colours chosen for an embed, whatever cannot be read is reported, and nothing else."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from app.embeds.colours import BLACK, LEAST, WHITE, contrast, mix
from app.embeds.legibility import LEAST_OF_MARKS, warnings
from app.embeds.look import Look
from app.embeds.theme import palette
from tests.static.contrast import contrast as measured

COLOUR = st.integers(0, 0xFFFFFF).map("{:06x}".format)
# Most of them can be read on something.
TEXT = st.builds(mix, COLOUR, st.sampled_from([BLACK, WHITE]), st.sampled_from([0, 0.5, 0.8, 1]))
LOOK = st.builds(
    Look,
    paper=COLOUR | TEXT | st.none(),
    ink=TEXT | st.none(),
    accent=TEXT | st.none(),
)
# What stands on what, in the style sheets of an embed.
PAIRS = [
    *(
        (text, ground)
        for text in ("--text", "--muted", "--accent", "--accent-strong")
        for ground in ("--page", "--surface", "--accent-tint")
    ),
    *((text, "--sunken") for text in ("--text", "--muted")),
    *(("--on-accent", ground) for ground in ("--accent", "--accent-strong")),
    # The quick exit, at rest and pointed at.
    *(("--surface", ground) for ground in ("--text", "--accent-strong")),
    # The names of towns, under a veil where another territory has them.
    ("--map-name", "--map-land"),
    *(("--map-name-elsewhere", ground) for ground in ("--map-land", "--map-veil")),
]
WHITE_ON_BLUE = Look(paper="0078d4", ink="ffffff", accent="ffffff")
GREY_ON_BLUE = Look(paper="003366", ink="ffffff", accent="8f9fb0")


def of_text(look: Look) -> list[str]:
    """Return what is reported of text."""
    return [each for each in warnings(look) if "il en faut 4,5" in each]


def sheet_of(look: Look) -> dict[str, str]:
    return {name: value.removeprefix("#") for name, value in palette(look).items()}


@pytest.mark.slow
@given(first=COLOUR, second=COLOUR)
def test_contrast_is_that_of_wcag(first: str, second: str) -> None:
    assert contrast(first, second) == pytest.approx(measured(f"#{first}", f"#{second}"), rel=1e-3)


@pytest.mark.slow
@given(look=LOOK)
@example(look=WHITE_ON_BLUE)
@example(look=GREY_ON_BLUE)
@example(look=Look(paper="757575", ink="ffffff", accent="000000"))
@example(look=Look(ink="6a6f76"))
def test_where_nothing_is_reported_of_text_all_of_it_can_be_read(look: Look) -> None:
    assume(palette(look) and not of_text(look))
    sheet = sheet_of(look)
    faint = {
        (text, ground): contrast(sheet[text], sheet[ground])
        for text, ground in PAIRS
        if contrast(sheet[text], sheet[ground]) < LEAST
    }
    assert not faint


@pytest.mark.slow
@given(look=LOOK)
def test_whatever_is_too_faint_is_reported(look: Look) -> None:
    assume(palette(look))
    sheet = sheet_of(look)
    faint = [
        name for name in ("--text", "--accent") if contrast(sheet[name], sheet["--page"]) < LEAST
    ]
    assert len(of_text(look)) == len(faint)
    families = [value for name, value in sheet.items() if name.startswith("--family")]
    assert len(families) == 6
    marks = min(contrast(each, sheet["--surface"]) for each in families)
    assert ("Des marques" in "".join(warnings(look))) == (marks < LEAST_OF_MARKS)


@pytest.mark.parametrize("look", [WHITE_ON_BLUE, GREY_ON_BLUE])
def test_cards_take_no_text_from_a_page_that_can_be_read(look: Look) -> None:
    assert not of_text(look)
    # And they are lighter than a page where that takes nothing.
    lighter = sheet_of(Look(paper="101418", ink="ffffff", accent="ffffff"))
    assert contrast(lighter["--surface"], BLACK) > contrast("101418", BLACK)


@pytest.mark.slow
@given(look=LOOK)
@example(look=Look(paper="000000", ink="000001", accent="ffffff"))
@example(look=Look(paper="808080", ink="ffffff", accent="000000"))
def test_to_follow_what_is_reported_of_a_text_can_be_enough(look: Look) -> None:
    advice = "".join(each for each in of_text(look) if each.startswith("Le texte"))
    assume(advice)
    sheet = sheet_of(look)
    ends = {
        "Éclaircissez le texte": (WHITE, sheet["--page"]),
        "Foncez le texte": (BLACK, sheet["--page"]),
        "claircissez la page": (sheet["--text"], WHITE),
        "oncez la page": (sheet["--text"], BLACK),
    }
    ratios = [contrast(*end) for words, end in ends.items() if words in advice]
    assert ratios
    assert min(ratios) >= LEAST


def test_what_is_reported_of_marks_does_not_take_the_text_away() -> None:
    (ratios,) = warnings(WHITE_ON_BLUE)
    assert ratios.startswith("Des marques")
    assert ratios.endswith("Foncez la page.")


def test_a_page_for_the_night_has_our_links_for_the_night() -> None:
    assert not warnings(Look(paper="102030"))
