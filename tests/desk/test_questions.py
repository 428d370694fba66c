"""Whom a night asks, whose mail came back, and how far that has come."""

import re
import smtplib

import pytest
from sqlalchemy import select, text

from app.jobs import asking as job
from app.jobs.asking import MailSilent, ask_actors
from app.models import ActorProtected, Role
from app.platform.database.sessions import read, write
from tests.desk.asked import (
    link_to,
    night,
    outcomes,
    runtime,
)
from tests.desk.bureau import Bureau


def test_a_mail_that_is_refused_for_ever_is_work_and_another_is_sent_again(
    bureau: Bureau, month_before: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = {"crip@example.org": 550, "foyer@example.org": 451}

    def refused(_settings: object, to: str, *_: str) -> None:
        raise smtplib.SMTPRecipientsRefused({to: (codes[to], b"no")})

    monkeypatch.setattr(job, "send", refused)
    for _ in range(2):
        # Whichever comes first, the one that may be taken later is asked for again.
        with pytest.raises(MailSilent):
            ask_actors(runtime(bureau), bureau.clock.at)
    monkeypatch.undo()
    assert [each["To"] for each in night(bureau)] == ["foyer@example.org"]
    assert outcomes(bureau) == {None: 1, "bounced": 1, "unreachable": 1}


def test_a_mail_that_came_back_later_is_noted_by_its_reference(
    bureau: Bureau, month_before: dict[str, str]
) -> None:
    (mail,) = (each for each in night(bureau) if each["To"] == "crip@example.org")
    found = re.search(r"Référence : ([0-9A-F]{10})", mail.get_content())
    assert found
    curateur = bureau.signed_in(Role.CURATEUR)
    given = {"reference": f" {found[1].lower()} "}
    for said in ("revenu", "inconnu"):
        answer = curateur.post("/gestion/confirmations/revenu", given)
        assert answer.headers["location"].endswith(f"fait={said}")
    page = curateur.get("/gestion/confirmations").text
    assert "Courriels revenus" in page
    assert bureau.browser().get(link_to([mail], "crip@example.org")).status_code == 410


def test_the_progress_of_a_territory_names_to_referents_what_is_public_alone(
    bureau: Bureau, month_before: dict[str, str]
) -> None:
    night(bureau)
    bureau.clock.pass_by(days=31)
    try:
        pages = {
            role: bureau.signed_in(role).get("/gestion/confirmations?territoire=93").text
            for role in (Role.CURATEUR, Role.REFERENT_DEPARTEMENT, Role.REFERENT_ETAT)
        }
        elsewhere = bureau.signed_in(Role.CURATEUR).get("/gestion/confirmations?territoire=75").text
    finally:
        bureau.clock.pass_by(days=-31)
    assert "Foyer fictif" in pages[Role.CURATEUR]
    assert 'href="/gestion/appels?territoire=93"' in pages[Role.CURATEUR]
    assert "Foyer fictif" not in pages[Role.REFERENT_DEPARTEMENT]
    assert "Sans courriel</a>" in pages[Role.REFERENT_DEPARTEMENT]
    assert "Foyer fictif" not in pages[Role.REFERENT_ETAT]
    assert "Rien n’a été demandé ici" in elsewhere
    assert ">Aucune question sur un an</span>" in elsewhere


def test_terms_that_a_former_release_did_not_write_are_written_first(
    bureau: Bureau, month_before: dict[str, str]
) -> None:
    with write(bureau.databases.staff) as session:
        session.execute(text("UPDATE actor_protected SET due_on = NULL"))
    assert night(bureau) == []
    with read(bureau.databases.staff) as session:
        assert None not in session.scalars(select(ActorProtected.due_on)).all()


def test_each_is_asked_once_and_what_has_no_mailbox_is_noted(
    bureau: Bureau, month_before: dict[str, str]
) -> None:
    mails = night(bureau)
    assert sorted(each["To"] for each in mails) == ["crip@example.org", "foyer@example.org"]
    assert {each["Subject"] for each in mails} == {job.SUBJECT}
    assert night(bureau) == []
    assert outcomes(bureau) == {None: 2, "unreachable": 1}


def test_nobody_is_asked_before_it_is_time(bureau: Bureau, month_before: dict[str, str]) -> None:
    bureau.clock.pass_by(days=-1)
    try:
        assert night(bureau) == []
    finally:
        bureau.clock.pass_by(days=1)
