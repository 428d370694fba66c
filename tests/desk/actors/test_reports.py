"""Errors that visitors report: who reads them, what a key does, and what their sender is told."""

import re
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr
from sqlalchemy import select, text

from app.inbox.message import Correction
from app.inbox.opening import publish_key
from app.inbox.putting import put, read_lock
from app.jobs.answering import answer
from app.jobs.mailing import MailSilent
from app.jobs.receiving import receive_and_forget
from app.models import Actor, InboxMessage, Report, Role
from app.platform.database.sessions import read, write
from app.reports.receiving import receive
from app.runtime.staff import Runtime
from app.vault.sealing import Vault
from tests.desk.actors.conftest import Desk
from tests.desk.actors.test_sheet import journal, opened
from tests.desk.bureau import Browser
from tests.mailbox import mail_server

PAGE = "/gestion/signalements"
LINE = re.compile(r'<li class="desk-review__line.*?</li>', re.DOTALL)
CALLED = re.compile(r'action="/gestion/signalements/([0-9a-f-]{36})"')


@pytest.fixture(autouse=True)
def emptied(desk: Desk) -> Iterator[None]:
    """Nothing is left of the reports of a test."""
    yield
    with write(desk.databases.staff) as session:
        session.execute(text("DELETE FROM report"))
        session.execute(text("DELETE FROM inbox_message"))


def write_in(desk: Desk, message: Correction, network: str = "192.0.2.0/24") -> None:
    """Put a message in the inbox as public pages do."""
    with write(desk.databases.staff) as session:
        publish_key(session, desk.vault)
    assert desk.databases.inbox is not None
    with read(desk.databases.public) as session:
        lock = read_lock(session)
    assert lock is not None
    with write(desk.databases.inbox) as session:
        put(session, lock, network, message)


def reported(desk: Desk, name: str, wrong: str, right: str = "", mail: str = "") -> str:
    """Report an error on the sheet of an actor; return the id of the report."""
    given: Any = {"wrong": wrong, "right": right, "mail": mail}
    write_in(desk, Correction(actor=desk.ids()[name], **given), network=name)
    with write(desk.databases.staff) as session:
        receive(session, desk.vault)
        newest = select(Report.id).order_by(Report.received_at.desc()).limit(1)
        return str(session.scalars(newest).one())


def lines(browser: Browser) -> list[str]:
    answer = browser.get(PAGE)
    assert answer.status_code == 200, answer.text
    return LINE.findall(answer.text)


def decide(browser: Browser, report: str, answer: str, line: str = "") -> str:
    """Answer a report, as the line of it would send; return where that leads, but for what would
    take it back.
    """
    seen = re.search(r'name="vu" value="(\d+)"', line)
    given = {"reponse": answer, "vu": seen[1] if seen else "0"}
    location = str(browser.post(f"{PAGE}/{report}", given).headers.get("location", ""))
    return location.replace(f"&decide={report}", "")


def phones(desk: Desk, name: str) -> list[str]:
    with read(desk.databases.staff) as session:
        found = select(Actor.phones).where(Actor.public_id == desk.ids()[name])
        return list(session.scalars(found).one())


def mails(desk: Desk, **settings: Any) -> list[EmailMessage]:
    """The mails that the worker sends for the jobs that wait, which are done then."""
    asked = text(
        "DELETE FROM jobs.procrastinate_jobs WHERE task_name = 'answer' RETURNING args->'ids'"
    )
    with write(desk.databases.staff) as session:
        ids = [UUID(each) for found in session.scalars(asked).all() for each in found]
    with mail_server() as (box, port):
        given = {"smtp_url": SecretStr(f"smtp://127.0.0.1:{port}"), **settings}
        runtime = desk_runtime(desk, **given)
        for each in ids:
            answer(runtime, each, desk.clock.at)
            # As a worker that was killed before it could say that it was done.
            answer(runtime, each, desk.clock.at)
    return box.received


def desk_runtime(desk: Desk, **settings: Any) -> Runtime:
    return Runtime(desk.settings.model_copy(update=settings), desk.databases, desk.vault, "", None)


@pytest.mark.slow
def test_what_is_proposed_stands_beside_what_the_sheet_says_and_is_taken_by_one_key(
    desk: Desk,
) -> None:
    report = reported(desk, "ASE d'exemple", "phone", "le bon : 01.99.00.00.55")
    browser = desk.signed_in()
    (line,) = lines(browser)
    assert "01 99 00 00 02</del>" in line.replace("\u00a0", " ")
    assert "01 99 00 00 55</ins>" in line.replace("\u00a0", " ")
    assert [f'data-key="{key}"' in line for key in "aevr"] == [True] * 4
    before = journal(desk, "report_answered"), journal(desk, "actor_edited")
    assert decide(browser, report, "prendre", line) == f"{PAGE}?fait=prendre"
    assert phones(desk, "ASE d'exemple") == ["+33199000055"] or phones(desk, "ASE d'exemple") == [
        "0199000055"
    ]
    assert lines(browser) == []
    after = journal(desk, "report_answered"), journal(desk, "actor_edited")
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 1]
    # Decided once.
    assert browser.post(f"{PAGE}/{report}", {"reponse": "refuser"}).status_code == 404


def test_no_key_alone_sends_an_answer_which_cannot_be_taken_back(desk: Desk) -> None:
    reported(desk, "ASE d'exemple", "phone", "01 99 00 00 56", "visiteur@example.org")
    (line,) = lines(desk.signed_in())
    assert ">Seine-Saint-Denis (93), reçu le" in line
    assert re.findall(r'data-key="(\w)"', line) == ["e"]
    assert line.count('name="reponse"') == 3
    assert "sans retour" in line


def test_hours_are_taken_as_they_are_read(desk: Desk) -> None:
    report = reported(desk, "CRIP d'exemple", "hours", "du lundi au vendredi de 9h à 17h")
    browser = desk.signed_in(Role.REFERENT_DEPARTEMENT)
    (line,) = lines(browser)
    assert decide(browser, report, "prendre", line) == f"{PAGE}?fait=prendre"
    with read(desk.databases.staff) as session:
        found = select(Actor.opening_hours).where(Actor.public_id == desk.ids()["CRIP d'exemple"])
        assert session.scalars(found).one() == "Mo-Fr 09:00-17:00"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("phone", "appelez plutôt la mairie"),
        ("phone", ""),
        ("hours", "quand la lune est pleine"),
        ("address", "derrière la mairie"),
        ("other", "01 99 00 00 77"),
        # What the sheet says is nothing to change.
        ("phone", "01 99 00 00 99"),
    ],
    ids=["words", "nothing", "odd hours", "address", "other", "same"],
)
def test_what_a_person_has_to_write_is_not_taken(desk: Desk, wrong: str, right: str) -> None:
    report = reported(desk, "Association libre", wrong, right)
    browser = desk.signed_in()
    (line,) = lines(browser)
    assert 'data-key="a"' not in line
    assert 'data-key="e"' in line
    assert browser.post(f"{PAGE}/{report}", {"reponse": "prendre"}).status_code == 409
    assert len(lines(browser)) == 1
    assert decide(browser, report, "corrige") == f"{PAGE}?fait=corrige"
    assert lines(browser) == []


def test_of_several_telephones_none_is_replaced_by_itself(desk: Desk) -> None:
    name = "Association libre"
    browser = desk.signed_in()
    report = reported(desk, name, "phone", "01 99 00 00 66\n01 99 00 00 67")
    (line,) = lines(browser)
    assert decide(browser, report, "prendre", line) == f"{PAGE}?fait=prendre"
    assert len(phones(desk, name)) == 2
    report = reported(desk, name, "phone", "01 99 00 00 68")
    (line,) = lines(browser)
    assert 'data-key="a"' not in line


def test_a_sheet_that_changed_meanwhile_is_read_again_first(desk: Desk) -> None:
    report = reported(desk, "CRIP d'exemple", "phone", "01 99 00 00 31")
    other = reported(desk, "CRIP d'exemple", "phone", "01 99 00 00 32")
    browser = desk.signed_in()
    first, second = lines(browser)
    assert decide(browser, report, "prendre", first) == f"{PAGE}?fait=prendre"
    assert decide(browser, other, "prendre", second) == f"{PAGE}?fait=changee#s-{other}"
    (line,) = lines(browser)
    assert decide(browser, other, "prendre", line) == f"{PAGE}?fait=prendre"


def test_of_a_protected_actor_nothing_is_read_before_it_is_opened(desk: Desk) -> None:
    said = "en vrai c'est au 10 rue Cachée"
    reported(desk, "Foyer fictif", "address", said, "a@example.org")
    browser = desk.signed_in()
    (line,) = lines(browser)
    assert "is-protected" in line
    assert "Cachée" not in line
    assert 'name="reponse"' not in line
    assert f'/gestion/acteurs/{desk.ids()["Foyer fictif"]}/ouvrir"' in line
    opened(desk, browser, "Foyer fictif")
    (line,) = lines(browser)
    assert "en vrai" in line
    assert "10 rue Cachée" in line


@pytest.mark.slow
def test_referents_read_those_of_what_is_public_of_their_own(desk: Desk) -> None:
    for name in ("ASE d'exemple", "Association libre", "Foyer fictif", "Foyer de Lille"):
        reported(desk, name, "closed")
    write_in(desk, Correction(actor="f" * 16, wrong="other", right="rien de connu"))
    read_by = {role: desk.signed_in(role) for role in Role}
    found = {
        role: {name for name in desk.ids() if any(f">{name}<" in each for each in lines(browser))}
        for role, browser in read_by.items()
        if role not in (Role.ADMINISTRATEUR, Role.PROFESSIONNEL)
    }
    named = {role: {each.replace("&#39;", "'") for each in names} for role, names in found.items()}
    curateur = read_by[Role.CURATEUR].get(PAGE).text
    assert "Fiche introuvable" in curateur
    assert "rien de connu" in curateur
    assert len(lines(read_by[Role.CURATEUR])) == 5
    assert len(lines(read_by[Role.REFERENT_DEPARTEMENT])) == 2
    assert named[Role.REFERENT_ETAT] == {"Association libre"}
    assert read_by[Role.ADMINISTRATEUR].get(PAGE).status_code == 403
    etat = read_by[Role.REFERENT_ETAT]
    with read(desk.databases.staff) as session:
        others = session.scalars(select(Report.id)).all()
    shown = CALLED.findall("".join(lines(etat)))
    for each in others:
        if str(each) not in shown:
            assert etat.post(f"{PAGE}/{each}", {"reponse": "refuser"}).status_code == 404


@pytest.mark.slow
def test_what_waits_is_counted_for_whom_it_waits(desk: Desk) -> None:
    reported(desk, "ASE d'exemple", "closed")
    reported(desk, "Foyer fictif", "closed")
    write_in(desk, Correction(actor=desk.ids()["CRIP d'exemple"], wrong="closed"))
    for role, count in {
        Role.CURATEUR: "3</strong> signalements",
        Role.REFERENT_DEPARTEMENT: "2</strong> signalements",
        Role.REFERENT_ETAT: "",
        Role.ADMINISTRATEUR: "",
    }.items():
        today = desk.signed_in(role).get("/gestion").text
        assert ("signalements de visiteurs" in today) is bool(count)
        assert count in today


def test_who_left_an_address_is_answered_and_the_address_forgotten(desk: Desk) -> None:
    letters = {}
    for answered, mail in (("corrige", "oui@example.org"), ("refuser", "non@example.org")):
        report = reported(desk, "ASE d'exemple", "other", "Un mot secret", mail)
        decide(desk.signed_in(), report, answered)
        (sent,) = mails(desk, public_url="https://carte.example.org")
        assert sent["To"] == mail
        letters[answered] = sent.get_content()
        with read(desk.databases.staff) as session:
            found = session.get_one(Report, UUID(report))
            content = desk.vault.open_json("report", found.id, "content", found.content)
            assert (content["mail"], found.answered_at is not None) == ("", True)
    actor = desk.ids()["ASE d'exemple"]
    page = f"https://carte.example.org/acteurs/{actor}"
    for said in letters.values():
        assert page in said
        assert not any(word in said for word in ("secret", "ASE", "Bobigny", "Camille"))
    assert "tenu compte" in letters["corrige"]
    assert "rien à changer" in letters["refuser"]


def test_a_sender_is_told_the_same_of_what_is_hidden_and_of_what_is_not(desk: Desk) -> None:
    texts = set()
    browser = desk.signed_in()
    for name in ("ASE d'exemple", "Foyer fictif"):
        actor = desk.ids()[name]
        report = reported(desk, name, "other", "x", "a@example.org")
        opened(desk, browser, "Foyer fictif")
        decide(browser, report, "refuser")
        (sent,) = mails(desk)
        # Where the service has no address of its own, a path would lead nowhere.
        assert actor not in sent.get_content()
        texts.add(sent.get_content())
    assert len(texts) == 1


def test_who_left_none_is_sent_nothing(desk: Desk) -> None:
    decide(desk.signed_in(), reported(desk, "ASE d'exemple", "closed"), "refuser")
    assert mails(desk) == []


def test_a_silent_mail_server_is_asked_again(desk: Desk) -> None:
    report = reported(desk, "ASE d'exemple", "closed", mail="a@example.org")
    decide(desk.signed_in(), report, "refuser")
    with pytest.raises(MailSilent):
        answer(
            desk_runtime(desk, smtp_url=SecretStr("smtp://127.0.0.1:9")),
            UUID(report),
            desk.clock.at,
        )
    assert len(mails(desk)) == 1


def test_what_opens_to_nothing_is_counted_and_deleted_after_a_month(desk: Desk) -> None:
    assert desk.databases.inbox is not None
    with desk.databases.inbox.begin() as connection:
        for network in (b"x" * 16, b"y" * 16):
            connection.execute(
                text("INSERT INTO public.inbox_message (network, box) VALUES (:n, :box)"),
                {"n": network, "box": bytes(48)},
            )
    write_in(desk, Correction(actor=desk.ids()["ASE d'exemple"], wrong="closed"))
    curateur = desk.signed_in()
    assert len(lines(curateur)) == 1
    assert "2 messages reçus n’ont pas pu être lus" in curateur.get(PAGE).text
    assert "pas pu être lu" not in desk.signed_in(Role.REFERENT_DEPARTEMENT).get(PAGE).text
    for days, left in ((29, 2), (31, 0)):
        receive_and_forget(desk_runtime(desk), desk.clock.at + timedelta(days=days))
        with read(desk.databases.staff) as session:
            assert len(session.scalars(select(InboxMessage.id)).all()) == left
    assert len(lines(curateur)) == 1


def test_what_was_decided_is_deleted_after_six_months_and_what_waits_is_not(desk: Desk) -> None:
    decided = reported(desk, "ASE d'exemple", "closed")
    waits = reported(desk, "CRIP d'exemple", "closed")
    decide(desk.signed_in(), decided, "refuser")
    for days, left in ((182, {decided, waits}), (184, {waits})):
        receive_and_forget(desk_runtime(desk), desk.clock.at + timedelta(days=days))
        with read(desk.databases.staff) as session:
            assert {str(each) for each in session.scalars(select(Report.id))} == left


def test_nothing_that_was_written_lies_in_clear(desk: Desk, vault: Vault) -> None:
    report = reported(desk, "ASE d'exemple", "other", "phrase-repère", "repere@example.org")
    decide(desk.signed_in(), report, "refuser")
    with read(desk.databases.staff) as session:
        for table in ("report", "inbox_message", "audit_entry", "jobs.procrastinate_jobs"):
            rows = session.execute(text(f"SELECT t::text FROM {table} AS t")).scalars()
            whole = "\n".join(rows)
            for word in ("phrase-repère", "repere@example.org"):
                assert word not in whole
                assert word.encode().hex() not in whole
