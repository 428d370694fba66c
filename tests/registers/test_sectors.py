"""Sectors of a council: two columns, bad lines in French, and the office of a commune."""

import pytest
from sqlalchemy import text

from app.lists.uploads import Upload
from app.places.resolution import read_place
from app.platform.database.sessions import read, write
from app.registers.sectors import SectorsDone, plan_sectors, take_sectors
from app.runtime.staff import Runtime
from app.search.competence import who_acts
from importers.errors import NoSectors, NoUsableSector
from tests.crowd import NOW
from tests.makers import add_actor

BOBIGNY, MONTREUIL = "93008", "93048"
LIST = "Commune;MDS\nBobigny;MDS de Bobigny\nMontreuil;MDS Montreuil\n"


def take(runtime: Runtime, content: str, *, only_plan: bool = False) -> SectorsDone:
    upload = Upload("secteurs.csv", content.encode("cp1252"), "essai", "93", source="Secteurs 93")
    if only_plan:
        with read(runtime.staff) as session:
            return plan_sectors(session, runtime.vault, runtime.settings, upload)[0]
    with write(runtime.staff) as session:
        return take_sectors(session, runtime.vault, runtime.settings, upload)


def offices(runtime: Runtime) -> None:
    with runtime.staff.begin() as connection:
        for town in ("Bobigny", "Montreuil"):
            name = f"Maison départementale des solidarités - {town}"
            add_actor(connection, category="solidarites", name=name)
        add_actor(connection, category="ase", name="Conseil", functions=["autorite"])
        # Of another territory, where the same name means another office.
        elsewhere = {"category": "solidarites", "territory_code": "59"}
        add_actor(connection, name="MDS de Bobigny", **elsewhere)


def ase_of(runtime: Runtime, commune: str) -> list[str]:
    with read(runtime.databases.public) as session:
        found = who_acts(session, read_place(session, commune).area, NOW)
    line = next(each for each in found if "ase" in each.role.categories)
    return [card.name for card in line.actors]


def test_a_commune_has_the_office_of_its_sector_before_the_council(runtime: Runtime) -> None:
    offices(runtime)
    assert ase_of(runtime, BOBIGNY) == ["Conseil"]
    done = take(runtime, LIST)
    assert (done.communes, done.offices, done.added, done.problems) == (2, 2, 2, ())
    assert ase_of(runtime, BOBIGNY) == [
        "Maison départementale des solidarités - Bobigny",
        "Conseil",
    ]
    assert ase_of(runtime, MONTREUIL)[0] == "Maison départementale des solidarités - Montreuil"


def test_a_plan_writes_nothing_and_the_same_list_twice_changes_nothing(runtime: Runtime) -> None:
    offices(runtime)
    assert take(runtime, LIST, only_plan=True).communes == 2
    assert ase_of(runtime, BOBIGNY) == ["Conseil"]
    take(runtime, LIST)
    again = take(runtime, LIST)
    assert (again.added, again.removed) == (0, 0)
    fewer = take(runtime, "Code INSEE;Secteur\n93008;MDS Montreuil\n")
    assert (fewer.added, fewer.removed) == (1, 2)
    assert ase_of(runtime, MONTREUIL) == ["Conseil"]


def test_bad_lines_are_named_and_the_others_are_taken(runtime: Runtime) -> None:
    offices(runtime)
    lines = ("Lille;MDS Lille", "Nulle-Part;MDS X", "Bobigny;", ";MDS Y", "93048;MDS de Nulle-Part")
    done = take(runtime, "\n".join(("Commune;MDS", *lines, "Bobigny;MDS Bobigny")))
    said = {each.line: each.message for each in done.problems}
    assert said.keys() == {2, 3, 4, 5, 6}
    assert "« Lille » n'est pas une commune de ce territoire" in said[2]
    assert "n'a pas de secteur" in said[4]
    assert "n'a pas de commune" in said[5]
    assert "« MDS de Nulle-Part »" in said[6]
    assert ase_of(runtime, BOBIGNY)[0].endswith("Bobigny")
    assert ase_of(runtime, MONTREUIL) == ["Conseil"]


def test_a_town_of_two_sectors_has_both(runtime: Runtime) -> None:
    offices(runtime)
    take(runtime, LIST + "Bobigny;MDS Montreuil\n")
    assert len(ase_of(runtime, BOBIGNY)) == 3


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("Nom;Téléphone\nASE;01 99 00 00 01\n", NoSectors),
        ("Commune;MDS\n", NoUsableSector),
        ("Commune;MDS\nLille;MDS Lille\n", NoUsableSector),
    ],
)
def test_a_file_without_sectors_changes_nothing(
    runtime: Runtime, content: str, error: type[Exception]
) -> None:
    offices(runtime)
    take(runtime, LIST)
    with pytest.raises(error, match=r"secteurs\.csv"):
        take(runtime, content)
    assert len(ase_of(runtime, BOBIGNY)) == 2


def test_an_office_that_is_hidden_is_nobody(runtime: Runtime) -> None:
    offices(runtime)
    take(runtime, LIST)
    with runtime.staff.begin() as connection:
        connection.execute(
            text("UPDATE actor SET status = 'archived' WHERE category = 'solidarites'")
        )
    assert ase_of(runtime, BOBIGNY) == ["Conseil"]
