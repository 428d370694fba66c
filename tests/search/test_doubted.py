"""Where registers do not agree who is competent for a commune, nobody is shown as sure."""

from uuid import UUID

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.models import Actor, Competence
from app.places.resolution import read_place
from app.places.schemas import Area
from app.search.competence import who_acts
from app.search.criteria import Search
from app.search.message import message
from app.search.results import find
from app.search.schemas import InCharge
from app.search.sheets import read_sheet
from importers import vocabulary
from tests.crowd import NOW
from tests.makers import add_actor

COMMUNE, TERRITORY = "93066", "93"


def public_id(session: Session, actor: UUID) -> str:
    return session.scalars(select(Actor.public_id).where(Actor.id == actor)).one()


def states(session: Session, register: str, actor: UUID | None, category: str = "justice") -> None:
    """Have a register name an actor for the commune, somebody unknown where there is none."""
    values = {
        "register": register,
        "commune_code": COMMUNE,
        "category": category,
        "key": actor.bytes if actor else b"unknown",
        "public_id": public_id(session, actor) if actor else None,
    }
    session.execute(insert(Competence).values(values))


def court(session: Session, name: str, **more: object) -> UUID:
    values = {"category": "justice", "register": "annuaire", "phones": ["+33199000001"]}
    return add_actor(session.connection(), name=name, **(values | more))


def line(session: Session, category: str = "justice", area: Area | None = None) -> InCharge:
    found = who_acts(session, area or read_place(session, COMMUNE).area, NOW)
    return next(each for each in found if category in each.role.categories)


def named(each: InCharge) -> list[tuple[str, bool]]:
    return [(card.name, card.doubted) for card in each.actors]


def test_where_all_name_one_court_it_is_sure(session: Session) -> None:
    one = court(session, "TJ", covers_communes=[COMMUNE])
    for register in ("annuaire", "communes", "tribunaux"):
        states(session, register, one)
    assert named(line(session)) == [("TJ", False)]
    assert not line(session).doubted


def test_where_two_name_two_courts_both_are_shown_and_none_is_sure(session: Session) -> None:
    one = court(session, "A", covers_communes=[COMMUNE])
    other = court(session, "B", phones=["+33199000002"])
    states(session, "annuaire", one)
    states(session, "tribunaux", other)
    assert named(line(session)) == [("A", True), ("B", True)]


def test_whom_all_name_is_sure_beside_one_that_few_name(session: Session) -> None:
    one, other = court(session, "A"), court(session, "B")
    for register in ("annuaire", "communes"):
        states(session, register, one)
    states(session, "annuaire", other)
    assert named(line(session)) == [("A", False), ("B", True)]


def test_a_court_that_only_a_ministry_names_is_in_charge(session: Session) -> None:
    states(session, "tribunaux", court(session, "TJ"))
    assert named(line(session)) == [("TJ", False)]


def test_a_court_that_has_no_sheet_makes_the_known_one_doubtful(session: Session) -> None:
    states(session, "annuaire", court(session, "TJ", covers_communes=[COMMUNE]))
    states(session, "tribunaux", None)
    assert named(line(session)) == [("TJ", True)]


def test_a_brigade_and_a_police_station_are_rivals_and_a_court_is_not(session: Session) -> None:
    states(session, "annuaire", court(session, "Brigade", category="gendarmerie"), "gendarmerie")
    states(session, "forces", court(session, "Commissariat", category="police"), "police")
    states(session, "annuaire", court(session, "TJ"))
    assert named(line(session, "police")) == [("Commissariat", True), ("Brigade", True)]
    assert named(line(session)) == [("TJ", False)]


def test_a_sector_of_the_council_makes_no_brigade_doubtful(session: Session) -> None:
    states(session, "annuaire", court(session, "Brigade", category="gendarmerie"), "gendarmerie")
    states(session, "secteurs", court(session, "MDS", category="solidarites"), "solidarites")
    assert named(line(session, "police")) == [("Brigade", False)]
    assert named(line(session, "ase")) == [("MDS", False)]


def test_a_force_without_a_unit_agrees_with_its_own(session: Session) -> None:
    states(session, "annuaire", court(session, "Brigade", category="gendarmerie"), "gendarmerie")
    values = {"register": "forces", "commune_code": COMMUNE, "category": "gendarmerie", "key": b""}
    session.execute(insert(Competence).values(values))
    assert named(line(session, "police")) == [("Brigade", False)]


def test_whom_a_list_alone_names_stands_before_all_registers(session: Session) -> None:
    court(session, "Parquet", register=None, covers_territories=[TERRITORY])
    states(session, "annuaire", court(session, "A"))
    states(session, "tribunaux", court(session, "B"))
    assert named(line(session)) == [("Parquet", False)]


def test_a_list_and_a_register_that_name_one_court_do_not_hide_that_another_differs(
    session: Session,
) -> None:
    states(session, "annuaire", court(session, "A", register=None, covers_communes=[COMMUNE]))
    states(session, "tribunaux", court(session, "B"))
    assert named(line(session)) == [("A", True), ("B", True)]


def test_what_is_copied_says_who_is_not_sure(session: Session) -> None:
    states(session, "annuaire", court(session, "Tribunal judiciaire A"))
    states(session, "tribunaux", court(session, "Tribunal judiciaire B", phones=["+33199000002"]))
    place = read_place(session, COMMUNE)
    search = Search(place=place)
    text = message(find(session, search, NOW), who_acts(session, place.area, NOW), None)
    assert text.split("\n")[:4] == [
        "Appeler : 17, 119",
        "Par SMS : 114",
        "procureur à vérifier, Tribunal judiciaire A : 01 99 00 00 01",
        "procureur à vérifier, Tribunal judiciaire B : 01 99 00 00 02",
    ]


def test_cards_and_sheet_say_it_too(session: Session) -> None:
    one = court(session, "A", covers_communes=[COMMUNE, "93008"])
    states(session, "annuaire", one)
    states(session, "tribunaux", None)
    court(session, "Ailleurs", covers_communes=["93008"])
    found = find(session, Search(place=read_place(session, COMMUNE)), NOW)
    assert [(card.name, card.doubted) for card in found.cards] == [("A", True), ("Ailleurs", False)]
    sheet = read_sheet(session, vocabulary.load(), public_id(session, one), NOW)
    assert (sheet.covers, sheet.doubted_for) == (("Bobigny", "Saint-Denis"), ("Saint-Denis",))


def test_a_territory_names_its_courts_and_asks_for_the_commune(session: Session) -> None:
    area = Area(None, None, TERRITORY)
    assert (line(session, area=area).actors, line(session, area=area).by_commune) == ((), True)
    court(session, "A", covers_communes=[COMMUNE])
    assert (named(line(session, area=area)), line(session, area=area).by_commune) == (
        [("A", False)],
        False,
    )
    court(session, "B", covers_communes=["93008"])
    court(session, "Ailleurs", covers_communes=["59350"], territory_code="59")
    found = line(session, area=area)
    assert (named(found), found.by_commune) == ([("A", False), ("B", False)], True)
    court(session, "Parquet", covers_territories=[TERRITORY])
    found = line(session, area=area)
    assert (named(found), found.by_commune) == ([("Parquet", False)], False)
    assert line(session, "police", area).by_commune


@pytest.mark.parametrize("way", ["droits_femmes", "prefecture"])
def test_who_leads_to_a_commission_stands_there_where_none_is_known(
    session: Session, way: str
) -> None:
    add_actor(session.connection(), category=way, name="Voie", covers_territories=[TERRITORY])
    assert named(line(session, "cdlp")) == [("Voie", False)]
    assert line(session, "cdlp").leads
    add_actor(session.connection(), category="cdlp", name="CDLP")
    assert named(line(session, "cdlp")) == [("CDLP", False)]
    assert not line(session, "cdlp").leads


def test_the_office_of_the_sector_stands_before_the_council(session: Session) -> None:
    connection = session.connection()
    add_actor(connection, category="ase", name="Conseil", functions=["autorite"])
    add_actor(connection, category="solidarites", name="Ailleurs", covers_communes=["93008"])
    add_actor(connection, category="solidarites", name="MDS", covers_communes=[COMMUNE])
    add_actor(connection, category="solidarites", name="Tout", covers_territories=[TERRITORY])
    assert named(line(session, "ase")) == [("MDS", False), ("Conseil", False)]
    assert named(line(session, "ase", Area(None, None, TERRITORY))) == [("Conseil", False)]
