"""A register fills what lists leave open, closes what it names no more, stops where it is odd."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.gazetteer.load import read_gazetteer
from app.lists.conflicts import conflicts
from app.main import create_app
from app.models import Actor, RegisterState
from app.platform.database.sessions import read, write
from app.records.edits import merge
from app.records.record import Origin
from app.records.writing import Writer
from app.registers.errors import CanaryWrong, OlderEdition, TooMuchChanges, UpdateRunning
from app.registers.updating import Part, Update, alone
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from importers.mapping import shipped
from importers.registers.catalogue import registers
from importers.registers.edition import Edition
from importers.row import ActorRow
from tests.meanwhile import until
from tests.serving import offline_settings, serving
from tests.short_lists import csv, run

FINESS, DIRECTORY = registers()["finess"], registers()["annuaire"]
DAY = date(2026, 10, 6)
# Invented, in the columns of the mapping.
HOSPITAL = {
    "n° FINESS": "930000484",
    "nom": "Hôpital d’exemple",
    "catégorie": "sante",
    "adresse": "1 rue de l’Exemple",
    "code postal": "93000",
    "commune": "Bobigny",
    "code commune": "93008",
    "téléphone": "01 99 00 00 01",
    "mise à jour": "24/10/2024",
}
HOME = HOSPITAL | {
    "n° FINESS": "930000492",
    "nom": "MECS d’exemple",
    "catégorie": "mecs",
    "adresse": "10 rue Cachée",
    "téléphone": "01 99 00 00 10",
}
LISTED = "Hôpital d’exemple;Santé;1 rue de l’Exemple;93000;Bobigny;01 99 00 00 77;"


def edition(*entries: dict[str, str], day: date = DAY, mapping: str = FINESS.mapping) -> Edition:
    columns = shipped()[mapping].header
    lines: dict[str, list[tuple[str, ...]]] = {}
    for each in entries:
        territory = each.get("territory", "93")
        lines.setdefault(territory, []).append(tuple(each.get(name, "") for name in columns))
    return Edition(columns, day, lines, {"fermés": 2})


def update(runtime: Runtime, *entries: dict[str, str], day: date = DAY) -> list[Part]:
    given = edition(*entries, day=day)
    work = Update(runtime.staff, runtime.vault, runtime.settings, FINESS, given, "essai")
    parts = work.plan()
    work.check(parts)
    work.apply(parts)
    return parts


def public(runtime: Runtime) -> list[tuple[str, str | None, list[str], str | None]]:
    """Name, address, phones and register of what a visitor may read."""
    with runtime.databases.public.connect() as connection:
        rows = connection.execute(
            text("SELECT name, address, phones, register FROM actor WHERE status = 'published'")
        )
        return sorted((row.name, row.address, row.phones, row.register) for row in rows)


def test_what_a_register_names_is_public_and_says_where_it_comes_from(runtime: Runtime) -> None:
    update(runtime, HOSPITAL)
    assert public(runtime) == [
        ("Hôpital d’exemple", "1 rue de l’Exemple\n93000 Bobigny", ["+33199000001"], "finess")
    ]
    with Session(runtime.staff) as session:
        state = session.scalars(select(RegisterState)).one()
    assert (state.day, state.actors, state.left_out) == (DAY, 1, {"fermés": 2})


def test_a_home_of_a_register_is_sealed_and_says_of_no_register(runtime: Runtime) -> None:
    neighbour = HOSPITAL | {"n° FINESS": "930000500", "adresse": "10, rue cachee", "nom": "CMP"}
    update(runtime, HOME, neighbour)
    ((cmp, held, _, named), (name, address, phones, register)) = public(runtime)
    assert (cmp, held, named) == ("CMP", None, None)
    assert "MECS" not in name
    assert (address, phones, register) == (None, [], None)
    with runtime.databases.public.connect() as connection:
        dump = str(connection.execute(text("SELECT * FROM actor")).all())
    assert "Cachée" not in dump
    assert "99000010" not in dump


def test_the_same_edition_twice_changes_nothing(runtime: Runtime) -> None:
    update(runtime, HOSPITAL, HOME)
    before = public(runtime)
    (part,) = update(runtime, HOME, HOSPITAL)
    assert part.summary is None
    assert public(runtime) == before


@pytest.mark.parametrize("list_first", [True, False])
def test_a_list_outranks_a_register_in_whatever_order_they_come(
    runtime: Runtime, list_first: bool
) -> None:
    data = csv(LISTED).decode("cp1252").split("\r\n")
    listed = f"FINESS;{data[0]}\r\n930000484;{data[1]}".encode("cp1252")
    if not list_first:
        update(runtime, HOSPITAL)
    run(runtime, listed)
    if list_first:
        update(runtime, HOSPITAL)
    ((name, _, phones, register),) = public(runtime)
    assert (name, phones, register) == ("Hôpital d’exemple", ["+33199000077"], None)
    with read(runtime.staff) as session:
        said = [(each.field, each.said) for each in conflicts(session, runtime.vault, OPERATOR)]
    assert ("téléphones", "01 99 00 00 01") in said


def test_what_a_register_names_no_more_is_archived_and_comes_back_with_it(
    runtime: Runtime,
) -> None:
    other = HOSPITAL | {"n° FINESS": "930000500", "nom": "CMP d’exemple", "adresse": "5 rue Autre"}
    update(runtime, HOSPITAL, other)
    update(runtime, HOSPITAL)
    assert [each[0] for each in public(runtime)] == ["Hôpital d’exemple"]
    with Session(runtime.staff) as session:
        assert sorted(session.scalars(select(Actor.status))) == ["archived", "published"]
    update(runtime, HOSPITAL, other)
    assert len(public(runtime)) == 2


def test_a_register_closes_nobody_whom_another_one_names(runtime: Runtime) -> None:
    update(runtime, HOSPITAL, HOME)
    named = {
        "identifiant": "a",
        "nom": "Hôpital d’exemple",
        "catégorie": "sante",
        "adresse": "1 rue de l’Exemple",
        "code postal": "93000",
        "commune": "Bobigny",
    }
    work = directory(runtime, named)
    work.apply(work.plan())
    update(runtime, HOME)
    assert public(runtime)[0][0] == "Hôpital d’exemple"
    work = directory(
        runtime, named | {"nom": "Autre", "identifiant": "b", "adresse": "9 rue Autre"}
    )
    work.apply(work.plan())
    # Gone from both.
    assert [each[0] for each in public(runtime)][:1] == ["Autre"]


def test_a_list_holds_open_what_a_register_closes(runtime: Runtime) -> None:
    data = csv(LISTED).decode("cp1252").split("\r\n")
    update(runtime, HOSPITAL, HOME)
    run(runtime, f"FINESS;{data[0]}\r\n930000484;{data[1]}".encode("cp1252"))
    update(runtime, HOME)
    assert public(runtime)[0][0] == "Hôpital d’exemple"


def many(count: int, **more: str) -> list[dict[str, str]]:
    return [
        HOSPITAL
        | {"n° FINESS": f"93000{n:04}", "nom": f"Centre {n}", "adresse": f"{n} rue Longue"}
        | more
        for n in range(1, count + 1)
    ]


@pytest.mark.slow
def test_an_edition_that_loses_a_fifth_is_a_question(runtime: Runtime) -> None:
    update(runtime, *many(30))
    before = public(runtime)
    with pytest.raises(TooMuchChanges, match=r"7 .*30"):
        update(runtime, *many(23))
    assert public(runtime) == before
    update(runtime, *many(25))
    assert len(public(runtime)) == 25


@pytest.mark.slow
def test_a_world_that_changed_since_the_plan_is_a_question_again(runtime: Runtime) -> None:
    update(runtime, *many(20))
    given = edition(*many(21), day=date(2026, 10, 7))
    work = Update(runtime.staff, runtime.vault, runtime.settings, FINESS, given, "essai")
    work.check(parts := work.plan())
    # Meanwhile another edition brings nine more, which this one would lose.
    update(runtime, *many(30))
    before = public(runtime)
    with pytest.raises(TooMuchChanges, match=r" 9 .*30"):
        work.apply(parts)
    assert public(runtime) == before
    work.apply(parts, accepted=True)
    assert len(public(runtime)) == 21


def test_an_older_edition_is_a_question(runtime: Runtime) -> None:
    update(runtime, HOSPITAL)
    with pytest.raises(OlderEdition, match="01/09/2026"):
        update(runtime, HOSPITAL, HOME, day=date(2026, 9, 1))


def test_a_court_of_another_town_is_a_question(runtime: Runtime) -> None:
    court = {
        "identifiant": "a",
        "nom": "Tribunal judiciaire de Nantes",
        "catégorie": "justice",
        "code commune": "33063",
        "communes couvertes": "33063;33318",
        "territory": "33",
    }
    work = directory(runtime, court)
    with pytest.raises(CanaryWrong, match=r"Bordeaux.*33063") as caught:
        work.check(work.plan())
    # What stands there may be anything, the name of a home as well.
    assert "Nantes" not in str(caught.value)
    work = directory(runtime, court | {"nom": "Tribunal judiciaire de Bordeaux"})
    work.check(work.plan())


def directory(runtime: Runtime, *entries: dict[str, str]) -> Update:
    given = edition(*entries, mapping=DIRECTORY.mapping)
    return Update(runtime.staff, runtime.vault, runtime.settings, DIRECTORY, given, "essai")


def test_an_edition_that_was_cut_short_goes_on_where_it_stopped(runtime: Runtime) -> None:
    lyon = HOSPITAL | {
        "n° FINESS": "690000484",
        "territory": "69M",
        "code commune": "69383",
        "code postal": "69003",
        "commune": "Lyon",
    }
    given = edition(HOSPITAL, lyon)
    work = Update(runtime.staff, runtime.vault, runtime.settings, FINESS, given, "essai")
    first, second = work.plan()
    with write(runtime.staff) as session:
        work._apply(session, first)
    again = Update(runtime.staff, runtime.vault, runtime.settings, FINESS, given, "essai")
    parts = again.plan()
    assert [part.summary is None for part in parts] == [True, False]
    again.apply(parts)
    assert len(public(runtime)) == 2
    assert second.territory == "93"


def test_a_line_that_cannot_be_used_stops_no_other(runtime: Runtime) -> None:
    (part,) = update(runtime, HOSPITAL, HOSPITAL | {"n° FINESS": "930000500", "nom": ""})
    assert part.summary is not None
    assert (part.summary.created, part.summary.rejected) == (1, 1)
    assert replace(part, known=0).lines == 2


@pytest.mark.slow
def test_pages_say_which_register_names_an_actor_and_that_no_list_came(
    runtime: Runtime, tmp_path: Path
) -> None:
    update(runtime, HOSPITAL)
    app = create_app(offline_settings(tmp_path), runtime.databases)
    with (
        serving(app) as address,
        httpx.Client(base_url=address, follow_redirects=True, timeout=60) as client,
    ):
        _look(runtime, client)


def _look(runtime: Runtime, client: httpx.Client) -> None:
    page = client.get("/departements/93").text
    assert "FINESS, <time" in page
    assert "Vérifié le" not in page
    assert "Liste non reçue : acteurs de registres nationaux" in page
    (actor,) = re.findall(r'id="acteur-([^"]+)"', page)
    assert "FINESS, <time" in client.get(f"/acteurs/{actor}").text
    data = client.get("/donnees").text
    assert "édition du" in data
    assert "6 octobre 2026" in data
    assert "FINESS" in client.get("/table.csv?territoire=93").text
    run(runtime, csv(LISTED.replace("1 rue", "9 rue")))
    # A page may be a second old.
    until(lambda: "Liste non reçue" not in client.get("/departements/93").text)


def test_the_page_about_data_counts_none_of_those_who_are_hidden(
    runtime: Runtime, tmp_path: Path
) -> None:
    update(runtime, HOSPITAL, HOME)
    app = create_app(offline_settings(tmp_path), runtime.databases)
    with serving(app) as address:
        data = httpx.get(f"{address}/donnees", timeout=30).text
    assert "</time>, 1 acteur." in data
    with runtime.databases.public.connect() as connection:
        assert [*connection.execute(text("SELECT * FROM register")).keys()] == ["code", "day"]


def test_two_updates_at_once_are_one_after_the_other(runtime: Runtime) -> None:
    with alone(runtime.staff), pytest.raises(UpdateRunning), alone(runtime.staff):
        pass
    with alone(runtime.staff):
        update(runtime, HOSPITAL)


@pytest.mark.slow
def test_what_is_gone_is_counted_once(runtime: Runtime) -> None:
    update(runtime, *many(30))
    update(runtime, *many(25))
    (part,) = update(runtime, *many(24))
    assert (part.known, part.missing) == (25, 1)
    (part,) = update(runtime, *many(24))
    assert (part.missing, part.summary) == (0, None)


@pytest.mark.slow
def test_what_a_list_leaves_open_again_comes_back_from_the_register(runtime: Runtime) -> None:
    data = csv(LISTED).decode("cp1252").split("\r\n")
    listed = f"FINESS;{data[0]}\r\n930000484;{data[1]}"
    update(runtime, HOSPITAL)
    run(runtime, listed.encode("cp1252"))
    assert public(runtime)[0][2] == ["+33199000077"]
    run(runtime, listed.replace("01 99 00 00 77", "").encode("cp1252"))
    update(runtime, HOSPITAL)
    assert public(runtime)[0][2] == ["+33199000001"]


def test_what_a_person_left_open_no_register_fills(runtime: Runtime) -> None:
    update(runtime, HOSPITAL)
    with read(runtime.staff) as session:
        writer = Writer(session, runtime.vault, b"key", read_gazetteer(session.connection()))
        (edit,) = writer.stored(session.scalars(select(Actor.id))).values()
    person = Origin(source="staff", day=DAY, rank=100)
    edit.change("phones", (), person)
    said = {"name": "Hôpital", "category": "sante", "phones": ("+33199000001",)}
    row = ActorRow(line=1, territory="93", **said)
    merge(edit, row, Origin(source=uuid4(), day=DAY, rank=FINESS.rank), last_wins=False)
    assert edit.record.phones == ()
