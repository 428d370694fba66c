"""Whom a night asks, whose mail came back, and how far that has come."""

import re
import smtplib
import ssl

import pytest
from sqlalchemy import select, text, update

from app.freshness import asking, progress
from app.jobs import asking as job
from app.jobs.asking import ask_actors
from app.jobs.mailing import MailSilent
from app.models import Actor, ActorProtected, Role
from app.platform.database.sessions import read, write
from app.visibility import OPERATOR
from geo.zones import paris_day
from tests.desk.asked import (
    LINK,
    NAME,
    due_in_a_month,
    link_to,
    night,
    outcomes,
    runtime,
)
from tests.desk.bureau import Browser, Bureau
from tests.short_lists import csv, ids, run


def give_mailbox(bureau: Bureau, mail: str) -> None:
    with write(bureau.databases.staff) as session:
        session.execute(update(Actor).where(Actor.name == NAME).values(email=mail))


def refuse(monkeypatch: pytest.MonkeyPatch, mail: str, error: Exception) -> None:
    """A server that fails so at a mail to one mailbox, and takes the others; "": at any."""

    def sent(_settings: object, to: str, *_: str) -> None:
        if mail in ("", to):
            raise error

    monkeypatch.setattr(job, "send", sent)


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


@pytest.mark.parametrize(
    ("mail", "error"),
    [
        ("crip@example.org", smtplib.SMTPDataError(554, b"no")),
        ("crip@example.org", ValueError("no mailbox")),
        ("crïp@example.org", smtplib.SMTPNotSupportedError("no SMTPUTF8")),
    ],
    ids=["as a whole", "no mailbox", "its letters"],
)
def test_one_mail_that_no_server_will_ever_take_stops_no_other(
    bureau: Bureau,
    month_before: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    mail: str,
    error: Exception,
) -> None:
    give_mailbox(bureau, mail)
    try:
        refuse(monkeypatch, mail, error)
        ask_actors(runtime(bureau), bureau.clock.at)
        assert outcomes(bureau) == {None: 1, "bounced": 1, "unreachable": 1}
        monkeypatch.undo()
        assert night(bureau) == []
    finally:
        give_mailbox(bureau, "crip@example.org")


def test_one_mail_that_is_to_be_sent_later_stops_no_other(
    bureau: Bureau, month_before: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, "crip@example.org", smtplib.SMTPDataError(451, b"later"))
    with pytest.raises(MailSilent):
        ask_actors(runtime(bureau), bureau.clock.at)
    assert outcomes(bureau) == {None: 1, "unreachable": 1}
    monkeypatch.undo()
    assert [each["To"] for each in night(bureau)] == ["crip@example.org"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPNotSupportedError("STARTTLS extension not supported by server."),
        smtplib.SMTPSenderRefused(550, b"no", "mesure23@localhost"),
        smtplib.SMTPAuthenticationError(535, b"no"),
        ssl.SSLCertVerificationError("expired"),
        UnicodeError("label too long"),
        ConnectionRefusedError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_server_that_takes_no_mail_at_all_is_asked_again_and_no_actor_is_called_for_it(
    bureau: Bureau,
    month_before: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    refuse(monkeypatch, "", error)
    with pytest.raises(MailSilent):
        ask_actors(runtime(bureau), bureau.clock.at)
    assert set(outcomes(bureau)) <= {"unreachable"}
    monkeypatch.undo()
    assert len(night(bureau)) == 2


@pytest.mark.slow
def test_a_mail_that_came_back_later_is_noted_by_its_reference(
    bureau: Bureau, month_before: dict[str, str]
) -> None:
    (mail,) = (each for each in night(bureau) if each["To"] == "crip@example.org")
    found = re.search(r"Référence : ([0-9A-F]{10})", mail.get_content())
    assert found
    curateur = bureau.signed_in(Role.CURATEUR)
    given = {"reference": f" {found[1].lower()} ", "territoire": "93"}
    answer = curateur.post("/gestion/confirmations/revenu", given)
    assert answer.headers["location"].endswith("?territoire=93&fait=revenu")
    again = curateur.post("/gestion/confirmations/revenu", given)
    assert again.status_code == 422
    assert "Aucune question qui attend" in again.text.partition('id="probleme"')[2]
    assert f'value="{given["reference"]}"' in again.text
    assert '<option value="93" selected>' in again.text
    assert "desk-done" not in again.text
    page = curateur.get("/gestion/confirmations").text
    assert "Courriels revenus" in page
    assert bureau.browser().get(link_to([mail], "crip@example.org")).status_code == 410


@pytest.mark.slow
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


@pytest.mark.slow
def test_who_was_closed_since_is_counted_no_more_and_named_to_nobody(
    bureau: Bureau, month_before: dict[str, str], curateur: Browser
) -> None:
    line = "Fermée depuis;Association;9 rue du Port;93200;Saint-Denis;01 99 00 05 01;"
    run(runtime(bureau), csv(line), source="fermée")
    due_in_a_month(bureau, "Fermée depuis")
    night(bureau)
    page = "/gestion/confirmations"
    before = curateur.get(page).text
    assert "Fermée depuis" in before
    public_id = ids(runtime(bureau))["Fermée depuis"]
    curateur.post(f"/gestion/acteurs/{public_id}/geste", {"geste": "archiver"})
    after = curateur.get(page).text
    assert "Fermée depuis" not in after
    assert "Sans courriel</a>" in after
    with read(bureau.databases.staff) as session:
        wanted = progress.Wanted(territory="93")
        (counted,) = progress.progress(session, OPERATOR, wanted, bureau.clock.at).values()
    assert counted["unreachable"] == 1


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


class Killed(BaseException):
    """What ends a worker at once."""


@pytest.mark.parametrize("leaves", [False, True], ids=["before it left", "before that was noted"])
def test_who_was_to_be_asked_as_a_worker_was_killed_is_asked_once_more(
    bureau: Bureau, month_before: dict[str, str], monkeypatch: pytest.MonkeyPatch, leaves: bool
) -> None:
    left: list[tuple[str, str]] = []

    def killed(_settings: object, to: str, _subject: str, content: str) -> None:
        if leaves:
            left.append((to, LINK.findall(content)[0]))
        raise Killed

    monkeypatch.setattr(job, "send", killed)
    with pytest.raises(Killed):
        ask_actors(runtime(bureau), bureau.clock.at)
    monkeypatch.undo()
    mails = night(bureau)
    assert sorted(each["To"] for each in mails) == ["crip@example.org", "foyer@example.org"]
    for to, link in left:
        said = bureau.browser().get(link)
        assert said.status_code == 410
        assert "Si un autre message est arrivé depuis, prenez son lien" in said.text
        assert bureau.browser().get(link_to(mails, to)).status_code == 200


def test_what_was_sent_or_answered_is_never_taken_back(
    bureau: Bureau, month_before: dict[str, str]
) -> None:
    link = link_to(night(bureau), "crip@example.org")
    assert night(bureau) == []
    assert bureau.browser().get(link).status_code == 200
    assert bureau.browser().post(link, {"reponse": "juste"}).status_code == 200
    assert night(bureau) == []
    assert outcomes(bureau) == {None: 1, "confirmed": 1, "unreachable": 1}


@pytest.mark.parametrize(
    ("waiting", "mails"), [(0, 200), (1_400, 200), (3_850, 550), (100_000, 1_000)]
)
def test_a_night_asks_as_many_as_come_due_and_no_more_than_a_server_takes(
    waiting: int, mails: int
) -> None:
    assert asking.mails_of_a_night(waiting) == mails


def test_who_has_no_mailbox_keeps_nobody_waiting(
    bureau: Bureau, month_before: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with write(bureau.databases.staff) as session:
        mute = select(Actor.id).where(Actor.name == "Sans courriel").scalar_subquery()
        given = update(ActorProtected).where(ActorProtected.actor_id == mute)
        session.execute(given.values(due_on=paris_day(bureau.clock.at)))
    monkeypatch.setattr(asking, "LEAST", 1)
    before, mails = bureau.clock.at, []
    try:
        for _ in range(3):
            # The second time of a night is that of a job that is tried again.
            mails += [len(night(bureau)), len(night(bureau))]
            bureau.clock.pass_by(days=1)
    finally:
        bureau.clock.at = before
    # The first of all has no mailbox; of the two others each night asks one.
    assert mails == [1, 0, 1, 0, 0, 0]
    assert outcomes(bureau) == {None: 2, "unreachable": 1}


def test_a_mail_says_of_a_term_that_is_over_since_when(
    bureau: Bureau, month_before: dict[str, str]
) -> None:
    bureau.clock.pass_by(days=40)
    try:
        said = " ".join(each.get_content() for each in night(bureau))
    finally:
        bureau.clock.pass_by(days=-40)
    assert "à confirmer depuis le " in said
    assert "à confirmer avant le " not in said


def test_nobody_is_asked_before_it_is_time(bureau: Bureau, month_before: dict[str, str]) -> None:
    bureau.clock.pass_by(days=-1)
    try:
        assert night(bureau) == []
    finally:
        bureau.clock.pass_by(days=1)
