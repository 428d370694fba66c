"""What the page and the paper of a CDLP say, as it was and since the last one."""

import io
import re
from datetime import date
from time import process_time
from typing import Any

import pypdf
import pytest
from sqlalchemy import select, update

from app.meetings.reporting import report
from app.models import Actor, CdlpMeeting, Role
from app.platform.database.sessions import read, write
from app.records.acts import protect
from app.runtime.staff import Runtime
from app.search.coverage import FRANCE, read_coverage
from app.search.steering import STEERING
from app.visibility import PUBLIC
from tests.desk.bureau import Bureau
from tests.desk.meetings.meeting import CHILDREN, confirm, paper, planned, section, today
from tests.makers import add_actor, decide
from tests.short_lists import csv, run


@pytest.mark.slow
def test_a_meeting_says_who_steers_what_is_missing_and_what_to_confirm(
    bureau: Bureau, here: dict[str, str]
) -> None:
    state = bureau.signed_in(Role.REFERENT_ETAT)
    page = planned(state, today(bureau))
    html = state.get(page).text
    assert "CRIP du conseil" in section(html, "pilotage")
    assert section(html, "pilotage").count("Personne n’est connu ici.") == 12
    said = section(html, "missions")
    assert re.search(r"Personne ici pour \d+ missions", said)
    assert "Signalement 1 0 0 0" in said
    # The home counts under its neutral name, and is not to be confirmed at the table.
    assert "Hébergement 1 0 0 0" in said
    asked = section(html, "confirmer")
    assert "Association ancienne" in asked
    assert re.search(r"01 99 (\d\d) \1 01 jamais pas encore", asked)
    assert CHILDREN not in html
    on_paper = paper(state, page)
    assert "Association ancienne" in on_paper
    assert "peut être partagée" in on_paper
    assert "Foyer" not in on_paper + html


@pytest.mark.slow
def test_the_next_one_says_what_is_new_corrected_and_verified_since(
    bureau: Bureau, runtime: Runtime, here: dict[str, str]
) -> None:
    state = bureau.signed_in(Role.REFERENT_ETAT)
    first = planned(state, today(bureau))
    assert "Aucun état des lieux n’est confirmé avant" in section(state.get(first).text, "depuis")
    confirm(state, first)
    run(runtime, csv("Maraude nouvelle;Prévention spécialisée;4 rue A;93000;Bobigny;;"), source="b")
    bureau.clock.pass_by(days=180)
    state = bureau.signed_in(Role.REFERENT_ETAT)
    second = planned(state, today(bureau))
    state.post(f"{second}/justes", {"juste": here["Association ancienne"]})
    for said in (section(state.get(second).text, "depuis"), paper(state, second)):
        assert "1 nouvel acteur : Maraude nouvelle" in said
        assert "Maraude" in said.partition("Missions que quelqu’un a désormais")[2]
    assert "1 fiche vérifiée de nouveau" in section(state.get(second).text, "depuis")
    assert "Maraude nouvelle" not in state.get(first).text + paper(state, first)
    assert "Dernière fois" not in state.get(second).text


@pytest.mark.slow
def test_one_more_is_said_in_the_singular(bureau: Bureau, here: dict[str, str]) -> None:
    state = bureau.signed_in(Role.REFERENT_ETAT)
    confirm(state, planned(state, today(bureau)))
    bureau.clock.pass_by(days=1)
    state = bureau.signed_in(Role.REFERENT_ETAT)
    page, texts = planned(state, today(bureau)), []
    # The paper names six, the page twelve.
    for more in (7, 6):
        with write(bureau.databases.staff) as session:
            for _ in range(more):
                add_actor(session.connection(), name="Nouveau", verified_on=today(bureau))
        texts += [paper(state, page), section(state.get(page).text, "depuis")]
    for text in (texts[0], texts[3]):
        assert re.search(r"Nouveau ?, et 1 autre\b", text), text


@pytest.mark.slow
def test_who_is_protected_since_is_in_no_line_and_in_no_number_of_it(
    bureau: Bureau, runtime: Runtime, here: dict[str, str]
) -> None:
    state = bureau.signed_in(Role.REFERENT_ETAT)
    page, old = planned(state, today(bureau)), here["Association ancienne"]
    with write(bureau.databases.staff) as session:
        home = update(Actor).where(Actor.public_id == here[CHILDREN])
        session.execute(home.values(status="archived"))
    confirm(state, page)
    with write(bureau.databases.staff) as session:
        session.execute(home.values(status="published"))
    before = section(state.get(page).text, "missions")
    assert "Écoute 1" in before
    decide(runtime, protect, old, who="essai", why="menace")
    bureau.clock.pass_by(days=180)
    state = bureau.signed_in(Role.REFERENT_ETAT)
    later = planned(state, today(bureau))
    for each in (page, later):
        html = state.get(each).text
        assert "Écoute 0" in section(html, "missions")
        assert "plus publique" not in html
        # A neutral sheet may be one of them: a mission that it alone has is not new.
        assert "désormais" not in html + paper(state, each)
        assert "Association" not in section(html, "confirmer") + paper(state, each)
    # Nor is it new under another name.
    assert "Aucun nouvel acteur" in section(state.get(later).text, "depuis")
    curateur = bureau.signed_in(Role.CURATEUR)
    html = curateur.get(later).text
    assert "1 fiche n’est plus publique" in section(html, "depuis")
    assert "Écoute 0 1 0 0" in section(html, "missions")
    assert paper(curateur, later) == paper(state, later)


@pytest.mark.slow
def test_who_is_in_a_register_stays_so_in_what_was_confirmed_and_is_led_to_by_no_day(
    bureau: Bureau, here: dict[str, str]
) -> None:
    state, name = bureau.signed_in(Role.REFERENT_ETAT), "CRIP du registre"
    with write(bureau.databases.staff) as session:
        said: dict[str, Any] = {"register": "finess", "verified_on": date(2026, 1, 1)}
        add_actor(session.connection(), name=name, category="crip", functions=["ecoute"], **said)
    page = planned(state, today(bureau))
    confirm(state, page)
    before, on_paper = state.get(page).text, paper(state, page)
    assert f"{name} aucun numéro registre" in section(before, "pilotage")
    assert "1 acteur n’est connu que d’un registre" in section(before, "confirmer")
    of_it = update(Actor).where(Actor.name == name)
    # A list names it; then, as its address is held back, nothing leads to its entry.
    for register_day in (today(bureau), None):
        with write(bureau.databases.staff) as session:
            session.execute(of_it.values(register=None, verified_on=register_day))
        html = state.get(page).text
        for part in ("missions", "confirmer"):
            assert section(html, part) == section(before, part)
        if register_day:
            assert section(html, "pilotage") == section(before, "pilotage")
            assert paper(state, page) == on_paper
    assert f"{name} aucun numéro jamais" in section(html, "pilotage")
    assert paper(state, page).count("registre") == on_paper.count("registre") - 1


def test_who_is_public_elsewhere_by_now_is_not_counted_as_gone(
    bureau: Bureau, here: dict[str, str]
) -> None:
    state = bureau.signed_in(Role.REFERENT_ETAT)
    confirm(state, planned(state, today(bureau)))
    moved: dict[str, dict[str, Any]] = {
        "Association ancienne": {"territory_code": "59"},
        "CRIP du conseil": {"covers_national": True},
    }
    with write(bureau.databases.staff) as session:
        for name, columns in moved.items():
            session.execute(update(Actor).where(Actor.public_id == here[name]).values(**columns))
    bureau.clock.pass_by(days=180)
    curateur = bureau.signed_in(Role.CURATEUR)
    said = section(curateur.get(planned(curateur, today(bureau))).text, "depuis")
    assert "plus publique" not in said
    assert not [name for name in moved if name in said]


def test_what_is_stored_names_nobody(bureau: Bureau, here: dict[str, str]) -> None:
    state = bureau.signed_in(Role.REFERENT_ETAT)
    confirm(state, planned(state, today(bureau)))
    with read(bureau.databases.staff) as session:
        (meeting,) = session.scalars(select(CdlpMeeting))
        said = bureau.vault.open_json("cdlp_meeting", meeting.id, "actors", meeting.actors or b"")
    assert here["Association ancienne"] in said
    assert "ncienne" not in str(said)
    assert "Bobigny" not in str(said)


@pytest.mark.slow
def test_a_closed_one_is_named_on_the_page_and_not_on_the_paper(
    bureau: Bureau, here: dict[str, str]
) -> None:
    state = bureau.signed_in(Role.REFERENT_ETAT)
    confirm(state, planned(state, today(bureau)))
    with write(bureau.databases.staff) as session:
        gone = update(Actor).where(Actor.public_id == here["Association ancienne"])
        session.execute(gone.values(status="archived"))
    bureau.clock.pass_by(days=180)
    state = bureau.signed_in(Role.REFERENT_ETAT)
    page = planned(state, today(bureau))
    assert "1 acteur archivé : Association ancienne" in section(state.get(page).text, "depuis")
    assert "ancienne" not in paper(state, page)


def test_the_numbers_are_those_of_coverage(bureau: Bureau, here: dict[str, str]) -> None:
    with write(bureau.databases.staff) as session:
        for columns in (
            {"covers_territories": ["93"], "territory_code": "75", "verified_on": today(bureau)},
            {"covers_national": True},
            {"register": "finess", "verified_on": date(2026, 1, 1)},
            {"functions": ["ecoute", "exploitation"]},
        ):
            add_actor(session.connection(), **{"functions": ["ecoute"]} | columns)
    with read(bureau.databases.staff) as session:
        counted = read_coverage(session, today(bureau))
        now = bureau.clock.at
        state = report(session, bureau.vault, PUBLIC, "93", None, now)
    for mission in state.missions:
        assert mission.cell == counted.cell("93", mission.term.code), mission.term
        assert mission.nationwide == counted.cell(FRANCE, mission.term.code).actors
    assert state.is_listed is ("93" in counted.listed)


@pytest.mark.slow
def test_a_territory_without_anybody_and_a_large_one_have_one_sheet(
    bureau: Bureau, here: dict[str, str]
) -> None:
    curateur, day = bureau.signed_in(Role.CURATEUR), today(bureau)
    assert "Aucune liste n’est venue" in paper(curateur, planned(curateur, day, "23"))
    with write(bureau.databases.staff) as session:
        for number in range(400):
            add_actor(
                session.connection(), territory_code="59", functions=["ecoute", "accompagnement"],
                name=f"Service départemental de protection et d’accompagnement n° {number} " * 2,
                category=STEERING[number % len(STEERING)], phones=["+33199000001"],
            )  # fmt: skip
    page = planned(curateur, day, "59")
    begun = process_time()
    said = paper(curateur, page)
    assert process_time() - begun < 10
    assert "(2 sur 31)" in said or "(1 sur 31)" in said
    assert "autres attendent au bureau" in said
    assert curateur.get(page).text.count('name="juste"') == 60


@pytest.mark.slow
def test_the_paper_is_tagged_french_and_titled(bureau: Bureau, here: dict[str, str]) -> None:
    state = bureau.signed_in(Role.REFERENT_ETAT)
    answer = state.get(f"{planned(state, today(bureau))}/etat-des-lieux.pdf")
    document = pypdf.PdfReader(io.BytesIO(answer.content))
    root: Any = document.trailer["/Root"]
    assert root["/Lang"] == "fr"
    assert bool(root["/MarkInfo"]["/Marked"])
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_data()
    assert document.metadata is not None
    assert document.metadata.title == "État des lieux : Seine-Saint-Denis"
    assert answer.headers["cache-control"].startswith(("no-store", "private"))
