"""The numbers of a page as a text to send: who may be called, and not a word of why."""

import re
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.places.schemas import Area
from app.search.competence import who_acts, who_follows
from app.search.message import GSM, message, plain
from app.search.reading import read_search
from app.search.results import find
from tests.crowd import NOW
from tests.makers import add_actor

PHONE = "+33148000001"
HERE = {"point": "SRID=4326;POINT(2.357 48.936)", "precision": "address", "commune_code": "93066"}


def written(session: Session, **given: Any) -> list[str]:
    """Return the lines of the message of a search."""
    search = read_search(session, **given)
    code = search.territory
    area = search.place.area if search.place else Area(None, None, code) if code else None
    in_charge = who_acts(session, area, NOW) if area else ()
    followed = who_follows(session, search, NOW)
    return message(find(session, search, NOW), in_charge, followed).split("\n")


def of_one(session: Session, **columns: Any) -> str:
    """Return what a message says of one actor that is there alone."""
    add_actor(session.connection(), phones=[PHONE], **HERE, **columns)
    (line,) = written(session, territory="93")[2:]
    return line.removesuffix(" : 01 48 00 00 01")


def test_national_numbers_are_those_of_the_situation(session: Session) -> None:
    assert written(session) == ["Appeler : 17, 119", "Par SMS : 114"]
    assert written(session, territory="93", s="2") == [
        "Appeler : 17, 116 000, 119",
        "Par SMS : 114",
    ]


def test_those_in_charge_come_first_then_the_first_actors_who_can_be_called(
    session: Session,
) -> None:
    connection = session.connection()
    add_actor(connection, category="crip", name="CRIP du 93", phones=["+33148000009"])
    add_actor(connection, name="A", phones=[PHONE], **HERE)
    add_actor(connection, name="B sans téléphone", **HERE)
    for number, name in enumerate("CDE", 2):
        add_actor(connection, name=name, phones=[f"+3314800000{number}"], **HERE)
    for given in ({"territory": "93"}, {"lieu": "93066"}):
        assert written(session, **given)[2:] == [
            "CRIP : 01 48 00 00 09",
            "A : 01 48 00 00 01",
            "C : 01 48 00 00 02",
            "D : 01 48 00 00 03",
        ]


def test_those_who_follow_the_child_come_behind_those_of_the_place(session: Session) -> None:
    connection = session.connection()
    for code, number in (("93", 1), ("75", 2)):
        add_actor(
            connection,
            category="crip",
            name="CRIP",
            territory_code=code,
            phones=[f"+3314800000{number}"],
        )
    for given in ({"territory": "93"}, {"lieu": "93066", "s": "1"}):
        assert written(session, suivi="75", **given)[2:] == [
            "CRIP : 01 48 00 00 01",
            "CRIP Paris : 01 48 00 00 02",
        ]


def test_of_each_step_the_first_who_can_be_called_is_named(session: Session) -> None:
    connection = session.connection()
    add_actor(connection, category="crip", name="CRIP", phones=["+33148000009"])
    for number, category in enumerate(("association", "association", "sante"), 1):
        name = f"{category} {number}"
        add_actor(connection, category=category, name=name, phones=[f"+3314800000{number}"], **HERE)
    assert written(session, lieu="93066", s="1")[2:] == [
        "CRIP : 01 48 00 00 09",
        "association 1 : 01 48 00 00 01",
        "sante 3 : 01 48 00 00 03",
    ]


def test_of_all_of_france_nobody_is_the_first(session: Session) -> None:
    add_actor(session.connection(), phones=[PHONE], covers_national=True)
    assert len(written(session)) == 2


def test_a_number_stands_once(session: Session) -> None:
    connection = session.connection()
    for name in "AB":
        add_actor(connection, name=name, phones=[PHONE], **HERE)
    add_actor(connection, category="crip", name="CRIP", phones=["119"])
    assert written(session, territory="93")[2:] == ["A : 01 48 00 00 01"]


@pytest.mark.parametrize(
    ("category", "name", "acronym", "said"),
    [
        ("association", "Les Tilleuls", None, "Les Tilleuls"),
        ("association", "Stop à la prostitution", None, "Association, Saint-Denis"),
        ("association", "Victimes en Seine", "VES", "VES, Saint-Denis"),
        ("uaped", "Accueil des enfants en danger", None, "UAPED, Saint-Denis"),
        ("maison_femmes", "Maison des femmes", None, "Service, Saint-Denis"),
        ("association", "Fugue - Écoute", "Exploités", "Association, Saint-Denis"),
    ],
)
def test_no_name_tells_what_happened(
    session: Session, category: str, name: str, acronym: str | None, said: str
) -> None:
    assert of_one(session, category=category, name=name, acronym=acronym) == said


def test_a_name_that_is_known_for_its_subject_is_not_written(session: Session) -> None:
    assert of_one(session, name="Le Nid", functions=["exploitation"]) == "Association, Saint-Denis"


def test_a_long_name_is_cut_before_its_subtitle(session: Session) -> None:
    name = "Hôpital Delafontaine – centre hospitalier de Saint-Denis et environs"
    assert of_one(session, name=name) == "Hopital Delafontaine"


def test_a_message_has_no_letter_that_halves_its_room(session: Session) -> None:
    said = of_one(session, name="L’Œuvre «\u00a0ça va\u00a0»\n– Noël🙂 à l’île")
    assert set(said) <= GSM
    assert said == "L'OEuvre \" ca va \" - Noel à l'ile"
    assert plain("Évry, à Nîmes") == "Évry, à Nimes"


def test_a_neutral_actor_is_named_as_on_its_card_and_never_with_another_number(
    session: Session,
) -> None:
    connection = session.connection()
    neutral = {
        "category": "heberger",
        "protected": True,
        "name": "Lieu d'accueil – Seine-Saint-Denis",
    }
    add_actor(connection, **neutral)
    assert written(session, territory="93") == ["Appeler : 17, 119", "Par SMS : 114"]
    add_actor(connection, **neutral, phones=[PHONE])
    assert re.fullmatch(
        r"Lieu d'accueil - Seine-Saint-Denis : 01 48 00 00 01", written(session, territory="93")[2]
    )
