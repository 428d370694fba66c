"""Who must act for a place: by what lists say of coverage, the narrowest area first, no guesses."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.places.resolution import read_place
from app.places.schemas import Area
from app.search.competence import MOST_OF_A_ROLE, who_acts
from app.search.gaps import gaps
from app.search.situations import roles
from tests.crowd import NOW
from tests.makers import add_actor

# Saint-Denis, in Plaine Commune (part of the Métropole du Grand Paris).
COMMUNE, EPCI, TERRITORY = "93066", "200054781", "93"
AREAS: dict[str, dict[str, Any]] = {
    "commune": {"covers_communes": [COMMUNE], "territory_code": "75"},
    "epci": {"covers_epcis": [EPCI], "territory_code": "75"},
    "territory": {"covers_territories": [TERRITORY], "territory_code": "75"},
    "own": {},
    "national": {"covers_national": True, "territory_code": "75"},
}


def acting(session: Session, category: str, code: str = COMMUNE) -> list[str]:
    """Return the names of those who act for a place in the role of a category."""
    found = who_acts(session, read_place(session, code).area, NOW)
    role = next(each for each in found if category in each.role.categories)
    return [card.name for card in role.actors]


def test_without_lists_nobody_is_said_to_act(session: Session) -> None:
    found = who_acts(session, read_place(session, COMMUNE).area, NOW)
    assert [each.role for each in found] == list(roles())
    assert [each.actors for each in found] == [()] * len(roles())
    # Where nobody is known, one may still look at those of the territory.
    for each in found:
        assert each.url is not None
        assert each.url.startswith("/departements/93?categorie=")


@pytest.mark.parametrize("narrowest", range(len(AREAS)))
def test_the_narrowest_area_wins(session: Session, narrowest: int) -> None:
    assert read_place(session, COMMUNE).epci_code == EPCI
    connection = session.connection()
    for name, columns in list(AREAS.items())[narrowest:]:
        add_actor(connection, category="crip", name=name, **columns)
    assert acting(session, "crip") == [list(AREAS)[narrowest]]


def test_a_council_acts_for_all_of_its_departement_and_nowhere_else(session: Session) -> None:
    connection = session.connection()
    add_actor(connection, category="crip", name="CRIP")
    add_actor(connection, category="cdlp", name="CDLP")
    assert acting(session, "crip") == ["CRIP"]
    assert acting(session, "crip", "93008") == ["CRIP"]
    assert acting(session, "cdlp") == ["CDLP"]
    assert acting(session, "crip", "75120") == []
    assert acting(session, "cdlp", "59350") == []


def test_an_actor_that_says_what_it_covers_acts_for_nothing_else(session: Session) -> None:
    connection = session.connection()
    add_actor(connection, category="crip", name="CRIP", covers_communes=["93008"])
    assert acting(session, "crip") == []
    assert acting(session, "crip", "93008") == ["CRIP"]


@pytest.mark.parametrize("category", ["justice", "police", "gendarmerie", "uaped", "pjj"])
def test_the_area_of_a_court_or_a_brigade_is_never_guessed_by_its_seat(
    session: Session, category: str
) -> None:
    connection = session.connection()
    # At the very place, in its commune.
    point = {"point": "SRID=4326;POINT(2.357 48.936)", "precision": "address"}
    add_actor(connection, category=category, name="Ici", commune_code=COMMUNE, **point)
    assert acting(session, category) == []
    add_actor(connection, category=category, name="Compétent", covers_communes=[COMMUNE])
    assert acting(session, category) == ["Compétent"]


def test_an_office_of_the_ase_is_not_all_of_the_ase(session: Session) -> None:
    connection = session.connection()
    add_actor(connection, category="ase", name="Circonscription")
    assert acting(session, "ase") == []
    add_actor(connection, category="ase", name="Département", functions=["autorite"])
    assert acting(session, "ase") == ["Département"]
    add_actor(connection, category="ase", name="De la commune", covers_communes=[COMMUNE])
    assert acting(session, "ase") == ["De la commune"]


def test_drafts_do_not_act_and_few_are_named(session: Session) -> None:
    connection = session.connection()
    add_actor(connection, category="crip", name="Brouillon", status="draft")
    assert acting(session, "crip") == []
    for number in range(MOST_OF_A_ROLE + 2):
        add_actor(connection, category="crip", name=f"CRIP {number}")
    assert acting(session, "crip") == [f"CRIP {number}" for number in range(MOST_OF_A_ROLE)]


def test_a_position_has_those_of_the_commune_around_it(session: Session) -> None:
    add_actor(session.connection(), category="police", name="Ici", covers_communes=[COMMUNE])
    assert acting(session, "police", "48.936,2.357") == ["Ici"]
    # In the middle of the sea there is neither commune nor territory.
    assert acting(session, "police", "40.000,-30.000") == []


def test_a_whole_territory_has_those_in_charge_of_all_of_it(session: Session) -> None:
    connection = session.connection()
    add_actor(connection, category="crip", name="CRIP")
    add_actor(connection, category="justice", name="Parquet", covers_territories=[TERRITORY])
    add_actor(connection, category="police", name="Commissariat", covers_communes=[COMMUNE])
    found = who_acts(session, Area(None, None, TERRITORY), NOW)
    names = [card.name for each in found for card in each.actors]
    assert names == ["CRIP", "Parquet"]


def test_who_a_list_names_stands_alone_beside_those_of_registers(session: Session) -> None:
    connection = session.connection()
    own = {"category": "justice", "name": "Registre", "register": "annuaire"}
    add_actor(connection, **own, covers_communes=[COMMUNE])
    assert acting(session, "justice") == ["Registre"]
    add_actor(connection, category="justice", name="Liste", covers_territories=[TERRITORY])
    assert acting(session, "justice") == ["Liste"]


def test_a_list_of_one_force_hides_the_other_one_only_where_it_speaks_of_the_commune(
    session: Session,
) -> None:
    connection = session.connection()
    station = {"category": "police", "name": "Commissariat", "register": "annuaire"}
    add_actor(connection, **station, covers_communes=[COMMUNE])
    command = {"category": "gendarmerie", "name": "Commandement"}
    add_actor(connection, **command, covers_territories=[TERRITORY])
    assert acting(session, "police") == ["Commissariat"]
    add_actor(connection, category="gendarmerie", name="Brigade", covers_communes=[COMMUNE])
    assert acting(session, "police") == ["Brigade"]


def test_communes_without_anybody_in_charge_are_named_by_role(session: Session) -> None:
    connection = session.connection()
    add_actor(connection, category="justice", covers_communes=[COMMUNE], territory_code="75")
    add_actor(connection, category="police", covers_epcis=[EPCI], territory_code="75")
    add_actor(connection, category="crip", territory_code=TERRITORY)
    add_actor(connection, category="ase", territory_code=TERRITORY)
    found: dict[str, set[str]] = {}
    for gap in gaps(session, TERRITORY):
        found.setdefault(gap.role.categories[0], set()).add(gap.commune)
    everybody = found["ase"]
    assert {COMMUNE, "93001"} <= everybody
    assert found["justice"] == everybody - {COMMUNE}
    # All of the territory is in that EPCI; and of a CRIP each département has one by law.
    assert not {"police", "crip"} & found.keys()
    add_actor(connection, category="ase", territory_code=TERRITORY, functions=["autorite"])
    assert "ase" not in {gap.role.categories[0] for gap in gaps(session, TERRITORY)}
    add_actor(connection, category="justice", covers_national=True, territory_code="75")
    assert "justice" not in {gap.role.categories[0] for gap in gaps(session, TERRITORY)}
