"""An administrateur sees who is in the network, excludes with a reason, and lets in again."""

from uuid import UUID

import pytest
from sqlalchemy import select

from app.models import AuditEntry, CommitteeMember, Role
from app.network import committees, members
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from tests.desk.access_asked import mails
from tests.desk.bureau import Browser, Bureau
from tests.desk.network.conftest import Joined
from tests.desk.network.written import DESK, RECEIVED, ROOM, rows, send_to
from tests.networked import says
from tests.seated import sits

WHY = "Démarchage répété."


@pytest.fixture
def administrateur(bureau: Bureau) -> Browser:
    return bureau.signed_in(Role.ADMINISTRATEUR)


@pytest.mark.slow
def test_whoever_is_excluded_is_nowhere_at_once(
    bureau: Bureau, runtime: Runtime, joined: Joined, administrateur: Browser
) -> None:
    (person, browser), (reader, other) = joined(), joined()
    says(runtime, person.id, helps="Sentinelle")
    sits(bureau.signed_in(Role.REFERENT_ETAT), browser)
    assert browser.get(f"{ROOM}/cdlp/93").status_code == 200
    send_to(browser, reader)
    sent = {"membre": str(person.id), "geste": "exclure", "pourquoi": WHY}
    assert "Membre depuis le" in administrateur.get(DESK).text
    assert administrateur.post(f"{DESK}/membres", sent | {"pourquoi": " "}).status_code == 422
    assert members_of(bureau, person.id)
    answer = administrateur.post(f"{DESK}/membres", sent)
    assert answer.headers["location"].startswith(f"{DESK}?fait=exclure")
    assert mails(bureau) == []
    assert [each.state for each in rows(bureau)] == ["never"]
    assert browser.get(ROOM).status_code == 303
    assert browser.get(RECEIVED).status_code == 403
    assert browser.get(f"{ROOM}/cdlp/93").status_code == 404
    assert other.get(f"{ROOM}/membres/{person.id}").status_code == 404
    assert send_to(other, person).status_code == 404
    with read(bureau.databases.staff) as session:
        asked = select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1)
        entry = session.scalars(asked).one()
        assert entry.action == "member_excluded"
        assert WHY.encode() not in entry.detail
        found = bureau.vault.open_json("audit_entry", entry.id, "detail", entry.detail)
        assert WHY in str(found)
    page = administrateur.get(f"{DESK}?q=camille").text
    assert "exclue" in page
    assert administrateur.post(f"{DESK}/membres", sent | {"geste": "admettre"}).status_code == 303
    assert "Rejoindre le réseau" in browser.get(f"{ROOM}/charte").text
    again = administrateur.post(f"{DESK}/membres", sent | {"geste": "admettre"})
    assert again.status_code == 404
    assert administrateur.post(f"{DESK}/membres", sent).status_code == 404


def members_of(bureau: Bureau, account: UUID) -> bool:
    with read(bureau.databases.staff) as session:
        return members.is_member(session, account, bureau.clock.at)


def test_an_excluded_one_is_neither_written_to_nor_let_into_a_cdlp(
    bureau: Bureau, joined: Joined, administrateur: Browser
) -> None:
    person, browser = joined()
    sent = {"membre": str(person.id), "geste": "exclure", "pourquoi": WHY}
    administrateur.post(f"{DESK}/membres", sent)
    convener = bureau.signed_in(Role.REFERENT_ETAT)
    given = {"courriel": person.mail, "fonction": "Représentante du parquet"}
    assert convener.post("/gestion/cdlp/93/inviter", given).status_code == 303
    assert mails(bureau) == []
    assert browser.post(f"{ROOM}/cdlp/93/accepter").status_code == 404
    with write(bureau.databases.staff) as session:
        assert session.scalars(select(CommitteeMember.joined_at)).all() == [None]
        committees.forget_old(session, bureau.clock.at.replace(year=bureau.clock.at.year + 1))


def test_members_are_for_administrateurs_alone_and_without_what_they_say(
    bureau: Bureau, runtime: Runtime, joined: Joined, administrateur: Browser
) -> None:
    person, browser = joined()
    says(runtime, person.id, helps="Sentinelle", mail="sentinelle@example.org")
    sent = {"membre": str(person.id), "geste": "exclure", "pourquoi": WHY}
    for each in (bureau.signed_in(), bureau.signed_in(Role.REFERENT_DEPARTEMENT), browser):
        assert each.post(f"{DESK}/membres", sent).status_code == 403
    assert "Membre depuis le" not in bureau.signed_in().get(DESK).text
    page = administrateur.get(DESK).text
    assert "entinelle" not in page
    assert person.mail not in page
    assert "Aucun membre n’a ce nom" in administrateur.get(f"{DESK}?q=introuvable").text
