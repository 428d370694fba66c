"""What is typed finds what it means: accents, stems, acronyms, slips, what one does."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.places.resolution import resolve
from app.search.criteria import Match
from app.search.reading import read_search
from app.search.results import find
from app.search.words import folded, tsquery
from tests.crowd import NOW
from tests.makers import add_actor

# Name -> what is particular about it.
ACTORS: dict[str, dict[str, Any]] = {
    "Centre d’hébergement Les Acacias": {},
    "Permanence d’écoute": {},
    "CIDFF de Seine-Saint-Denis": {"category": "association", "acronym": "CIDFF"},
    "Amicale du Nid": {"category": "association"},
    "Service territorial": {"category": "ase"},
    "Le Toit": {"functions": ["hebergement"]},
    "Association Hébergence": {},
    "Mouvement": {"description": "Aide aux victimes de prostitution."},
    "Lieu d'accueil – Rhône": {"category": "heberger", "protected": True},
    "Foyer": {"category": "pouponniere"},
    "Le Pont": {"commune_code": "93008", "functions": ["soin"]},
    "Tournesol de Bobigny": {},
    "Dionysienne": {"commune_code": "93066"},
    "Équipe mobile": {"functions": ["exploitation"]},
    "Commission de la préfecture": {"category": "cdlp"},
    "Brigade": {"category": "police", "functions": ["enquete"]},
}
Finds = Callable[[str], set[str]]


@pytest.fixture
def finds(session: Session) -> Finds:
    """What returns the names that a text finds; nothing else is in the database."""
    connection: Connection = session.connection()
    for name, columns in ACTORS.items():
        add_actor(connection, name=name, **columns)

    def found(text: str) -> set[str]:
        search = read_search(session, territory="93", q=text)
        return {card.name for card in find(session, search, NOW).cards}

    return found


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("hebergement", {"Centre d’hébergement Les Acacias", "Le Toit"}),
        ("HÉBERGEMENT", {"Centre d’hébergement Les Acacias", "Le Toit"}),
        ("écoutes", {"Permanence d’écoute"}),
        ("ecouté", {"Permanence d’écoute"}),
        ("acacia", {"Centre d’hébergement Les Acacias"}),
        ("cidff", {"CIDFF de Seine-Saint-Denis"}),
        ("C.I.D.F.F", set()),
        ("amicale nid", {"Amicale du Nid"}),
        ("nid amicale", {"Amicale du Nid"}),
        ("ase", {"Service territorial"}),
        ("ASE", {"Service territorial"}),
        ("aide sociale à l'enfance", {"Service territorial"}),
        ("mise à l'abri", {"Le Toit"}),
        ("mise à l’abri", {"Le Toit"}),
        ("victimes", {"Mouvement"}),
        # Who stands in a town, or has its name.
        ("bobigny", {"Le Pont", "Tournesol de Bobigny"}),
        ("soins Bobigny", {"Le Pont"}),
        ("SAINT-DENIS", {"CIDFF de Seine-Saint-Denis", "Dionysienne"}),
        ("St Denis", {"CIDFF de Seine-Saint-Denis", "Dionysienne"}),
        ("amicale bobigny", set()),
        # What the service is about finds those whose mission it is, whatever their words.
        ("prostitution", {"Mouvement", "Équipe mobile", "Commission de la préfecture"}),
        ("exploitation sexuelle", {"Équipe mobile", "Commission de la préfecture"}),
        ("proxénétisme", {"Équipe mobile", "Commission de la préfecture"}),
        ("traite", {"Équipe mobile", "Commission de la préfecture"}),
        ("fugue", {"Brigade"}),
        ("lieu d'accueil", {"Lieu d’accueil – Rhône"}),
        ("lieux d’accueil", {"Lieu d’accueil – Rhône"}),
        # A published one; that one of the others is a nursery, nothing says.
        ("pouponnière", {"Foyer"}),
        ("mecs", set()),
        ("maison d'enfants à caractère social", set()),
        ("cidff amicale", set()),
    ],
)
def test_a_text_finds_those_who_have_or_are_or_do_it(
    finds: Finds, text: str, names: set[str]
) -> None:
    assert finds(text) == names


@pytest.mark.parametrize(
    ("slip", "name"),
    [
        ("amicle du nid", "Amicale du Nid"),
        ("accacias", "Centre d’hébergement Les Acacias"),
        ("amicale du nit", "Amicale du Nid"),
        ("asociation", "Association Hébergence"),
    ],
)
def test_a_slip_finds_the_name_that_resembles_it(finds: Finds, slip: str, name: str) -> None:
    assert name in finds(slip)


def test_a_word_that_nobody_has_finds_nobody(finds: Finds) -> None:
    for text in ("xylophone", "zzzzzz", "12345678", "???", "&"):
        assert finds(text) == set(), text


def test_words_of_somebody_elsewhere_are_no_slip(session: Session, finds: Finds) -> None:
    # Found as written in another territory: names that only resemble it are not shown here.
    add_actor(session.connection(), name="Amicale du Nil", territory_code="59")
    assert read_search(session, territory="93", q="nil").match is Match.WORDS
    assert finds("nil") == set()


def test_a_look_for_a_place_does_not_change_what_a_slip_finds(
    session: Session, finds: Finds
) -> None:
    # Places are compared more loosely, in the same transaction where both stand on one page.
    before = finds("mouette")
    resolve(session, "bobingy")
    assert finds("mouette") == before == set()


HOSTILE = (
    *("'", '"', "''--", "\\", "a & b", "a | b", "!a", "a:*", "(a", "a <-> b", "&|!:*()", "%", "_"),
    *("’", "«»", "🙂 écoute", "\u202eesrever\u202c", "עברית", "ال", "a\x00b", "\ud7ff", "\ufffe"),
    *("x" * 4_000, "a " * 2_000, "a'b" * 1_000, "{{7*7}}", "${x}", "<script>", "\t\n\r", "\u2028"),
)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_searched_for_like_any_other(reading: Session, text: str) -> None:
    search = read_search(reading, q=text)
    found = find(reading, search, NOW)
    assert found.total >= 0
    assert set(tsquery(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789ßœæ &|()") | set(text)
    assert not set(folded(text)) & set("%_&|!:*()'\"\\")


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/autour", "/departements/93", "/api/actors.geojson"])
def test_no_text_makes_a_page_fail(client: httpx.Client, path: str) -> None:
    for text in HOSTILE:
        answer = client.get(f"{path}?{urlencode({'q': text})}")
        assert answer.status_code == (200 if len(text) <= 500 else 422), text
