"""Who sits in the place of a CDLP: invited by an address, accepting once, leaving, taken out."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts import ending, people, rights
from app.jobs.mailing import MailSilent
from app.models import AuditEntry, CommitteeMember, Role, Withdrawal
from app.network import committees
from app.network.held import held
from app.operations import revoked_again
from app.platform.database.sessions import read, write
from app.platform.mail.conversation import InDoubt
from tests.cut_off import cut_off
from tests.desk.access_asked import mails
from tests.desk.bureau import Browser, Bureau
from tests.desk.committees import seats
from tests.desk.committees.seats import CODE, DESK, FUNCTION, OTHER, ROOM, ROOMS, invite, seated


@pytest.mark.slow
def test_who_is_invited_accepts_and_reads_and_is_read(bureau: Bureau, convener: Browser) -> None:
    person = bureau.enrolled(Role.PROFESSIONNEL)
    browser = bureau.signed_in_as(person)
    assert "Accepter" not in browser.get(ROOMS).text
    invite(convener, person.mail)
    assert person.mail in convener.get(DESK).text
    assert "Accepter" in browser.get(ROOMS).text
    assert browser.get(ROOM).status_code == 404
    assert browser.post(f"{ROOM}/accepter").status_code == 303
    page = browser.get(ROOM)
    assert page.status_code == 200
    assert FUNCTION in page.text
    assert person.mail not in page.text
    assert f'href="{ROOM}"' in browser.get(ROOMS).text
    assert "Camille Exemple" in convener.get(DESK).text


def test_an_invitation_is_the_same_whoever_has_an_account(
    bureau: Bureau, convener: Browser
) -> None:
    known = bureau.enrolled(Role.PROFESSIONNEL)
    answers = [
        convener.post(f"{DESK}/inviter", {"courriel": mail, "fonction": FUNCTION})
        for mail in (known.mail, "personne-encore@example.org")
    ]
    assert len({(each.status_code, each.headers["location"]) for each in answers}) == 1
    page = convener.get(DESK).text
    shown = [page.split(mail)[1].split("</li>")[0] for mail in (known.mail, "personne-encore")]
    assert shown[0].split("</p>")[0] == shown[1].split("</p>")[0].removeprefix("@example.org")
    sent = mails(bureau, public_url="https://public.example.org")
    assert {each["To"] for each in sent} == {known.mail, "personne-encore@example.org"}
    assert len({(each["Subject"], each.get_content()) for each in sent}) == 1
    said = sent[0]["Subject"] + sent[0].get_content()
    assert "CDLP" not in said
    assert "prostitution" not in said
    assert "Seine" not in said
    assert mails(bureau) == []


def test_who_has_an_account_later_finds_the_invitation(bureau: Bureau, convener: Browser) -> None:
    invite(convener, "Plus-Tard@example.org")
    browser = bureau.signed_in_as(bureau.enrolled(Role.PROFESSIONNEL, "plus-tard@example.org"))
    assert browser.post(f"{ROOM}/accepter").status_code == 303
    assert browser.get(ROOM).status_code == 200


def test_an_invitation_serves_once_for_two_weeks_and_for_nobody_else(
    bureau: Bureau, convener: Browser, professional: Browser
) -> None:
    person = bureau.enrolled(Role.PROFESSIONNEL)
    invite(convener, person.mail)
    assert professional.post(f"{ROOM}/accepter").status_code == 404
    browser = bureau.signed_in_as(person)
    assert browser.post(f"{ROOMS}/{OTHER}/accepter").status_code == 404
    assert browser.post(f"{ROOM}/accepter").status_code == 303
    assert browser.post(f"{ROOM}/accepter").status_code == 404
    late = bureau.enrolled(Role.PROFESSIONNEL)
    invite(convener, late.mail)
    bureau.clock.pass_by(days=14)
    browser = bureau.signed_in_as(late)
    assert "Accepter" not in browser.get(ROOMS).text
    assert browser.post(f"{ROOM}/accepter").status_code == 404
    assert mails(bureau) == []
    with write(bureau.databases.staff) as session:
        committees.forget_old(session, bureau.clock.at)
    assert [each.account_id for each in seats.rows(bureau)] == [person.id]


def test_who_is_no_professional_accepts_nothing(bureau: Bureau, convener: Browser) -> None:
    curateur = bureau.enrolled(Role.CURATEUR)
    invite(convener, curateur.mail)
    assert bureau.signed_in_as(curateur).post(f"{ROOM}/accepter").status_code == 403
    assert [each.joined_at for each in seats.rows(bureau)] == [None]


def test_who_leaves_reads_nothing_more_and_no_backup_brings_them_back(
    bureau: Bureau, convener: Browser
) -> None:
    person, browser = seated(bureau, convener)
    (row,) = seats.rows(bureau)
    assert browser.post(f"{ROOM}/quitter").headers["location"] == f"{ROOMS}?fait=parti"
    assert browser.get(ROOM).status_code == 404
    assert seats.rows(bureau) == []
    with write(bureau.databases.staff) as session:
        noted = select(Withdrawal.subject).where(Withdrawal.what == "seat")
        assert str(row.id) in session.scalars(noted).all()
    invite(convener, person.mail)
    (again,) = seats.rows(bureau)
    with write(bureau.databases.staff) as session:
        given = (session, bureau.vault, {str(again.id)}, "essai")
        assert revoked_again.seats(*given) == 1
    assert seats.rows(bureau) == []


def test_who_is_taken_out_has_neither_page_nor_mail(bureau: Bureau, convener: Browser) -> None:
    _, browser = seated(bureau, convener)
    invite(convener, "retire@example.org")
    for row in seats.rows(bureau):
        sent = {"siege": str(row.id)}
        assert convener.post(f"{DESK}/retirer", sent).status_code == 303
    assert browser.get(ROOM).status_code == 404
    assert f'href="{ROOM}"' not in browser.get(ROOMS).text
    assert mails(bureau) == []


@pytest.mark.parametrize("lost", ["disabled", "unconfirmed", "erased"])
def test_who_loses_their_account_is_out_in_each_statement(
    bureau: Bureau, convener: Browser, lost: str
) -> None:
    person, browser = seated(bureau, convener)
    _, other = seated(bureau, convener)
    with write(bureau.databases.staff) as session:
        account = people.get(session, person.id)
        if lost == "disabled":
            ending.disable(session, account, bureau.clock.at)
        elif lost == "erased":
            rights.delete_account(session, account, bureau.clock.at)
        else:
            account.confirmed_at = bureau.clock.at - timedelta(days=366)
    assert browser.get(ROOM).status_code in {303, 404}
    page = other.get(ROOM).text
    assert page.count(FUNCTION) == 1
    if lost != "unconfirmed":
        assert len(seats.rows(bureau)) == 1


def test_who_is_let_in_again_sits_nowhere(bureau: Bureau, convener: Browser) -> None:
    person, _ = seated(bureau, convener)
    with write(bureau.databases.staff) as session:
        ending.disable(session, people.get(session, person.id), bureau.clock.at)
    seats.changed(bureau, person, disabled_at=None)
    assert bureau.signed_in_as(person).get(ROOM).status_code == 404


def test_the_convener_of_another_territory_has_no_right_here(
    bureau: Bureau, convener: Browser
) -> None:
    person, _ = seated(bureau, convener)
    (row,) = seats.rows(bureau)
    foreign = bureau.enrolled(Role.REFERENT_ETAT)
    seats.changed(bureau, foreign, territories=["13"])
    browser = bureau.signed_in_as(foreign)
    sent = {"courriel": person.mail, "fonction": "x", "siege": str(row.id), "texte": "x"}
    sent |= {"jour": seats.today(bureau), "decision": str(row.id)}
    assert browser.get(DESK).status_code == 404
    for path in ("inviter", "retirer", "ordre-du-jour", "decisions", "effacer"):
        assert browser.post(f"{DESK}/{path}", sent).status_code == 404, path
    assert [each.id for each in seats.rows(bureau)] == [row.id]


def test_what_is_wrong_is_said_and_stays_in_the_form(bureau: Bureau, convener: Browser) -> None:
    answer = convener.post(f"{DESK}/inviter", {"courriel": "pas une adresse", "fonction": "Juge"})
    assert answer.status_code == 422
    assert 'value="pas une adresse"' in answer.text
    assert 'value="Juge"' in answer.text
    for function in ("", "x" * 121, "suit Léa, 14 ans"):
        sent = {"courriel": "a@example.org", "fonction": function}
        assert convener.post(f"{DESK}/inviter", sent).status_code == 422
    assert seats.rows(bureau) == []
    person, _ = seated(bureau, convener)
    sent = {"courriel": person.mail, "fonction": "Juge"}
    assert convener.post(f"{DESK}/inviter", sent).status_code == 409


def test_who_is_invited_again_has_one_mail_a_day(bureau: Bureau, convener: Browser) -> None:
    invite(convener, "encore@example.org")
    assert len(mails(bureau)) == 1
    invite(convener, "encore@example.org")
    assert mails(bureau) == []
    bureau.clock.pass_by(days=1)
    invite(bureau.signed_in(Role.REFERENT_ETAT), "encore@example.org")
    assert len(mails(bureau)) == 1


@pytest.mark.parametrize(
    ("error", "sent", "again"),
    [(InDoubt(), True, 0), (ConnectionRefusedError(), False, 1)],
)
def test_a_mail_that_may_have_left_is_not_sent_again(
    bureau: Bureau,
    convener: Browser,
    monkeypatch: pytest.MonkeyPatch,
    error: OSError,
    sent: bool,
    again: int,
) -> None:
    invite(convener, "doute@example.org")
    cut_off(monkeypatch, error, sent=sent)
    with pytest.raises(MailSilent):
        mails(bureau)
    assert len(mails(bureau)) == again


def test_the_journal_names_neither_the_place_nor_who_is_invited(
    bureau: Bureau, convener: Browser
) -> None:
    person, _ = seated(bureau, convener)
    with read(bureau.databases.staff) as session:
        latest = select(AuditEntry).order_by(AuditEntry.number.desc()).limit(2)
        entries = session.scalars(latest).all()
        said = [bureau.vault.open("audit_entry", e.id, "detail", e.detail) for e in entries]
        found = held(session, bureau.vault, person.id, bureau.clock.at)["commissions"]
    assert [each.action for each in entries] == ["closed_place_entered", "closed_place_invited"]
    assert said == [b"{}", b"{}"]
    assert {each.subject for each in entries} == {str(each.id) for each in seats.rows(bureau)}
    assert found[0]["territoire"] == CODE
    assert found[0]["function"] == FUNCTION


def test_what_is_sealed_is_found_in_no_column(bureau: Bureau, convener: Browser) -> None:
    person, _ = seated(bureau, convener)
    with read(bureau.databases.staff) as session:
        (row,) = session.execute(select(CommitteeMember.__table__)).all()
    clear = repr(tuple(row)).encode()
    assert person.mail.encode() not in clear
    assert FUNCTION.encode() not in clear


def test_the_rail_says_where_the_place_of_a_cdlp_is(convener: Browser) -> None:
    page = convener.get(DESK).text
    (here,) = re.findall(r'<a class="desk-rail__link" href="([^"]+)"[^>]*aria-current="page"', page)
    assert here == "/gestion/etat-des-lieux"
