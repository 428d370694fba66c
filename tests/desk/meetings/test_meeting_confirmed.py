"""A meeting of the CDLP is added, confirmed by the State and taken back, each role its part."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.meetings import meetings
from app.models import Actor, AuditEntry, CdlpMeeting, Role
from app.models import Provenance as StoredProvenance
from app.platform.database.sessions import read, write
from app.records.sealed import open_provenance
from app.runtime.staff import Runtime
from tests.desk.bureau import Bureau
from tests.desk.meetings.meeting import CHILDREN, ROOM, confirm, paper, planned, today, verified_on
from tests.short_lists import csv, ids, run


@pytest.mark.slow
def test_it_is_confirmed_with_who_is_right_compared_with_and_taken_back(
    bureau: Bureau, here: dict[str, str]
) -> None:
    state = bureau.signed_in(Role.REFERENT_ETAT)
    page, old = planned(state, today(bureau)), here["Association ancienne"]
    answer = confirm(state, page, juste=old)
    assert "fait=confirme" in answer.headers["location"]
    assert verified_on(bureau, old) == today(bureau)
    with read(bureau.databases.staff) as session:
        actor = session.scalars(select(Actor.id).filter_by(public_id=old)).one()
        fields = session.get_one(StoredProvenance, actor).fields
        origin = open_provenance(bureau.vault, actor, fields)["verified_on"]
    assert origin.how == "meeting"
    html = state.get(answer.headers["location"]).text
    assert "par Camille Exemple" in html
    assert 'name="juste"' not in html
    assert "confirmé le" in paper(state, page)
    lot = answer.headers["location"].rpartition("lot=")[2]
    assert state.post(f"{page}/rendre", {"lot": lot}).status_code == 303
    assert verified_on(bureau, old) is None
    assert state.post(f"{page}/annuler").status_code == 303
    assert "Je confirme cet état des lieux" in state.get(page).text
    with read(bureau.databases.staff) as session:
        (meeting,) = session.scalars(select(CdlpMeeting))
        assert (meeting.actors, meeting.confirmed_at, meeting.confirmed_by) == (None, None, None)
        noted = session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)).all()
    assert [each for each in noted if each.startswith("meeting")][-3:] == [
        *("meeting_added", "meeting_confirmed", "meeting_withdrawn"),
    ]


def test_of_two_who_confirm_at_once_one_does(bureau: Bureau, here: dict[str, str]) -> None:
    people = [bureau.signed_in(Role.REFERENT_ETAT) for _ in range(2)]
    page = planned(people[0], today(bureau))
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda each: confirm(each, page), people))
    assert sorted(each.status_code for each in answers) == [303, 409]
    second = next(each for each in answers if each.status_code == 409)
    assert "déjà confirmé" in second.text
    # Whoever pressed twice reads that it is done, and nobody else takes it back.
    codes = [each.post(f"{page}/annuler").status_code for each in people]
    assert sorted(codes) == [303, 409]


@pytest.mark.slow
def test_it_is_confirmed_on_the_day_or_within_the_month_and_taken_back_within_the_hour(
    bureau: Bureau, here: dict[str, str]
) -> None:
    state, old = bureau.signed_in(Role.REFERENT_ETAT), {"juste": here["Association ancienne"]}
    page = planned(state, today(bureau) + timedelta(days=1))
    html = state.get(page).text
    # Until then the meeting has said nothing, of no sheet either.
    assert "Je confirme" not in html
    assert 'name="juste"' not in html
    assert confirm(state, page).status_code == 409
    assert state.post(f"{page}/justes", old).status_code == 409
    bureau.clock.pass_by(days=33)
    state = bureau.signed_in(Role.REFERENT_ETAT)
    html = state.get(page).text
    assert "ne se confirme plus" in html
    assert 'name="juste"' not in html
    assert confirm(state, page).status_code == 409
    assert state.post(f"{page}/justes", old).status_code == 409
    bureau.clock.pass_by(days=-5)
    state = bureau.signed_in(Role.REFERENT_ETAT)
    assert confirm(state, page).status_code == 303
    assert state.post(f"{page}/retirer").status_code == 409
    assert state.post(f"{page}/justes", old).status_code == 409
    assert verified_on(bureau, old["juste"]) is None
    bureau.clock.pass_by(minutes=25)
    state.get(page)
    bureau.clock.pass_by(minutes=25)
    state.get(page)
    bureau.clock.pass_by(minutes=25)
    assert state.post(f"{page}/annuler").status_code == 409


def test_a_day_is_added_once_within_two_years_and_removed(
    bureau: Bureau, here: dict[str, str]
) -> None:
    state, day = bureau.signed_in(Role.REFERENT_ETAT), today(bureau)
    assert planned(state, day) == planned(state, day)
    with read(bureau.databases.staff) as session:
        assert len(session.scalars(select(CdlpMeeting.id)).all()) == 1
    for wrong, why in (
        (date(2016, 1, 1), "avant la loi"),
        (day + timedelta(days=900), "ans à l’avance"),
    ):
        answer = state.post(f"{ROOM}/93", {"jour": wrong.isoformat()})
        assert answer.status_code == 422
        assert why in answer.text
    for given in ("", "demain", "\0", "2026-02-30"):
        assert state.post(f"{ROOM}/93", {"jour": given}).status_code == 422
    assert "pas confirmée" in state.get(ROOM).text
    assert state.post(f"{ROOM}/93/{day}/retirer").status_code == 303
    assert state.get(f"{ROOM}/93/{day}").status_code == 404
    assert state.get(f"{ROOM}/93/{day}/etat-des-lieux.pdf").status_code == 404


@pytest.mark.slow
def test_each_role_has_its_own_territories_and_its_own_part(
    bureau: Bureau, here: dict[str, str]
) -> None:
    state, day = bureau.signed_in(Role.REFERENT_ETAT), today(bureau)
    page = planned(state, day)
    departement = bureau.signed_in(Role.REFERENT_DEPARTEMENT)
    curateur = bureau.signed_in(Role.CURATEUR)
    assert planned(curateur, day, "2A") == f"{ROOM}/2A/{day}"
    for each in (departement, state):
        for path in (f"{ROOM}/2A", f"{ROOM}/2A/{day}", f"{ROOM}/2A/{day}/etat-des-lieux.pdf"):
            assert each.get(path).status_code == 404
    for path in ("69", "69M", "971", "974", "2B", "75", "975"):
        assert curateur.get(f"{ROOM}/{path}").status_code == 200, path
    assert curateur.get(f"{ROOM}/%00").status_code == 404
    assert departement.get(page).status_code == 200
    assert departement.post(f"{ROOM}/93", {"jour": day.isoformat()}).status_code == 403
    for each in (departement, curateur):
        assert confirm(each, page).status_code == 403
    for path in (ROOM, page, f"{page}/etat-des-lieux.pdf"):
        assert bureau.signed_in(Role.ADMINISTRATEUR).get(path).status_code == 403
    # Of the State: no service of the Département is ticked; of the Département, all of its own.
    crip, old = (here[each] for each in ("CRIP du conseil", "Association ancienne"))
    assert f'value="{crip}"' not in state.get(page).text
    assert f'value="{old}"' in state.get(page).text
    assert "fait=aucun" in state.post(f"{page}/justes", {"juste": crip}).headers["location"]
    assert verified_on(bureau, crip) is None
    assert "fait=justes" in departement.post(f"{page}/justes", {"juste": crip}).headers["location"]
    assert verified_on(bureau, crip) == day


def test_a_meeting_says_nothing_right_of_another_territory_or_of_a_home(
    bureau: Bureau, here: dict[str, str], runtime: Runtime
) -> None:
    other = "Association parisienne;Association;1 rue de Paris;75011;Paris;;"
    run(runtime, csv(other), source="paris", territory="75")
    curateur = bureau.signed_in(Role.CURATEUR)
    page = planned(curateur, today(bureau))
    for public_id in (ids(runtime)["Association parisienne"], here[CHILDREN], "\0", "x" * 500):
        answer = curateur.post(f"{page}/justes", {"juste": public_id})
        assert "fait=aucun" in answer.headers["location"]
    assert verified_on(bureau, ids(runtime)["Association parisienne"]) is None


def test_what_is_long_ago_is_forgotten(bureau: Bureau, here: dict[str, str]) -> None:
    curateur = bureau.signed_in(Role.CURATEUR)
    planned(curateur, today(bureau))
    planned(curateur, date(2018, 1, 1))
    with write(bureau.databases.staff) as session:
        meetings.forget_old(session, bureau.clock.at)
        assert session.scalars(select(CdlpMeeting.day)).all() == [today(bureau)]
