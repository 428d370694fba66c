"""A letter goes to each subscriber once, in a message of its own, as things stand as it leaves."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select, text, update

from app.composing import recipients, writing
from app.jobs.dispatching import try_out
from app.jobs.mailing import MailSilent
from app.letters.letter import Lead, Words
from app.models import Account, Letter, LetterMail, LetterSubscriber, Role
from app.platform.database.ahead import ahead
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from tests.mailbox import Box, mail_server
from tests.makers_agenda import announced, withdrawn
from tests.makers_letters import (
    MAIL_FROM,
    MONTH,
    SITE,
    WRITER,
    approved,
    mails,
    sent,
    status,
    subscribed,
    with_post,
    written,
)

TITLE = "Titre sentinelle"
# A mail may not say these where others see it unopened.
OF_THE_FIELD = ("mineur", "exploit", "prostitu", "sexuel", "enfan", "violence", "mesure 23")


def post(
    runtime: Runtime,
    during: Callable[[], None] | None = None,
    refusing: dict[str, str] | None = None,
    **given: str,
) -> list[EmailMessage]:
    """The mails of one round of the worker."""
    with mail_server(during, refusing) as (box, port):
        sent(with_post(runtime, port, **given))
    return box.received


def body(mail: EmailMessage, half: str = "plain") -> str:
    part = mail.get_body((half,))
    assert part is not None
    return str(part.get_content())


def test_each_has_it_once_in_a_message_of_their_own(runtime: Runtime) -> None:
    people = subscribed(runtime, 3)
    approved(runtime, Words("**Bonjour** à tous, voyez [le site](/ressources/x)."))
    with mail_server() as (box, port):
        sent(with_post(runtime, port))
    received = box.received
    assert box.recipients == [[mail["To"]] for mail in received]
    assert sorted(str(mail["To"]) for mail in received) == sorted(mail for _, mail in people)
    assert set(mails(runtime).values()) == {"gone"}
    assert status(runtime) == "sent"
    assert post(runtime) == []
    mail = received[0]
    assert mail["Subject"] == "Votre lettre de mars"
    assert mail["From"] == f"Service d’information <{MAIL_FROM}>"
    assert (mail["Cc"], mail["Bcc"]) == (None, None)
    assert "Bonjour à tous, voyez le site." in body(mail)
    assert f"{SITE}/ressources/x" in body(mail)
    assert "<strong>Bonjour</strong>" in body(mail, "html")
    assert f'href="{SITE}/ressources/x"' in body(mail, "html")
    assert f"{SITE}/lettres/{MONTH}" in body(mail)


def test_headers_say_what_programs_need_and_nothing_of_the_field(runtime: Runtime) -> None:
    subscribed(runtime, 2)
    approved(runtime)
    one, other = post(runtime)
    leave = str(one["List-Unsubscribe"]).strip("<>")
    assert re.fullmatch(rf"{SITE}/lettres/quitter/[\w-]{{115}}", leave)
    assert leave in body(one)
    assert leave in body(one, "html")
    assert one["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert one["List-Unsubscribe"] != other["List-Unsubscribe"]
    assert one["List-Id"] == "<lettre.carte.example.org>"
    assert one["Auto-Submitted"] == "auto-generated"
    assert one["Message-ID"] != other["Message-ID"]
    assert str(one["Message-ID"]).endswith("@carte.example.org>")
    said = "\n".join(f"{name}: {value}" for name, value in one.items()).casefold()
    assert [word for word in OF_THE_FIELD if word in said] == []
    # What programs show beside the subject says nothing either.
    first = body(one).splitlines()[0].casefold()
    assert first == "bonjour, voici votre lettre de mars 2027."
    loads = re.findall(r"<(?:img|link|script|iframe|object)|url\(|src=", one.as_string())
    assert loads == []


def test_without_https_no_program_is_asked_to_leave_by_itself(runtime: Runtime) -> None:
    subscribed(runtime)
    approved(runtime)
    (mail,) = post(runtime, site="http://carte.example.org")
    assert mail["List-Unsubscribe"] is None
    assert mail["List-Unsubscribe-Post"] is None
    assert "http://carte.example.org/lettres/quitter/" in body(mail)


def test_whoever_shares_a_mailbox_has_a_link_alone(runtime: Runtime) -> None:
    subscribed(runtime, link_only=True)
    approved(runtime, Words(TITLE))
    (mail,) = post(runtime)
    for half in ("plain", "html"):
        assert TITLE not in body(mail, half)
        assert f"{SITE}/lettres/{MONTH}" in body(mail, half)
        assert [word for word in OF_THE_FIELD if word in body(mail, half).casefold()] == []


@pytest.mark.slow
def test_who_wants_one_in_a_quarter_has_the_first(runtime: Runtime) -> None:
    (first,) = subscribed(runtime, rhythm="quarterly")
    approved(runtime)
    assert len(post(runtime)) == 1
    approved(runtime, month="2027-04")
    assert post(runtime) == []
    assert status(runtime, "2027-04") == "sent"
    with write(runtime.staff) as session:
        # A quarter later.
        former = update(LetterSubscriber).where(LetterSubscriber.id == first[0])
        session.execute(former.values(sent_on=datetime.now(UTC).date() - timedelta(days=93)))
    approved(runtime, month="2027-05")
    assert len(post(runtime)) == 1


def test_who_was_sent_one_by_a_process_that_is_killed_is_known_to_the_next(
    runtime: Runtime,
) -> None:
    (first, second) = subscribed(runtime, 2, rhythm="quarterly")
    approved(runtime)
    assert len(post(runtime)) == 2
    with write(runtime.staff) as session:
        # As it stands where nothing was said of the first one.
        session.execute(update(LetterSubscriber).values(sent_on=None))
        session.execute(update(Letter).values(status="going"))
        own = update(LetterMail).where(LetterMail.subscriber_id == second[0])
        session.execute(own.values(status="queued"))
    assert len(post(runtime)) == 1
    with read(runtime.staff) as session:
        days = dict(session.execute(select(LetterSubscriber.id, LetterSubscriber.sent_on)).all())
    assert days[first[0]] == days[second[0]] is not None


def test_who_did_not_confirm_or_is_refused_has_none(runtime: Runtime) -> None:
    subscribed(runtime, confirmed_at=None)
    subscribed(runtime, suspended_at=datetime.now(UTC))
    approved(runtime)
    assert post(runtime) == []


def test_what_was_withdrawn_meanwhile_drops_out_of_the_next_mail(runtime: Runtime) -> None:
    event = announced(runtime, title=TITLE)
    subscribed(runtime, 4)
    approved(runtime, Words("Bonjour."), Lead("event", event))
    taken: list[str] = []

    def withdraw() -> None:
        if not taken:
            taken.append(event)
            withdrawn(runtime, event)

    received = post(runtime, withdraw)
    # The one that was being handed over as it was withdrawn has it, and none that began later.
    assert [TITLE in body(mail) for mail in received] == [True, False, False, False]
    assert [TITLE in body(mail, "html") for mail in received] == [True, False, False, False]


def test_a_letter_that_is_withdrawn_goes_to_nobody_more(runtime: Runtime) -> None:
    subscribed(runtime, 4)
    approved(runtime)

    def withdraw() -> None:
        with write(runtime.staff) as session:
            letter = writing.find(session, MONTH, lock=True)
            if letter.status == "going":
                writing.withdraw(session, runtime.vault, WRITER, letter)

    assert len(post(runtime, withdraw)) == 1
    assert status(runtime) == "withdrawn"
    assert post(runtime) == []


def test_who_leaves_while_it_is_sent_has_none(runtime: Runtime) -> None:
    people = subscribed(runtime, 4)
    approved(runtime)

    def leave() -> None:
        with write(runtime.databases.inbox) as session:  # type: ignore[arg-type]
            insert = text("INSERT INTO public.mail_act (subject, box) VALUES (:subject, :box)")
            for number, _ in people:
                session.execute(insert, {"subject": number, "box": b"x" * 60})

    # What was asked is not done yet, and holds the mail back all the same.
    assert len(post(runtime, leave)) == 1
    assert status(runtime) == "going"


@pytest.mark.parametrize(
    ("said", "became", "refusals"),
    [
        ("550 5.1.1 unknown", "refused", 1),
        ("451 later", "queued", 0),
        ("550 5.7.1 no", "queued", 0),
    ],
)
def test_a_refusal_is_of_one_mailbox(
    runtime: Runtime, said: str, became: str, refusals: int
) -> None:
    (bad, mail), _good = subscribed(runtime, 2)
    approved(runtime)
    assert len(post(runtime, refusing={mail: said})) == 1
    assert mails(runtime)[bad] == became
    with read(runtime.staff) as session:
        assert session.get_one(LetterSubscriber, bad).refusals == refusals
    assert status(runtime) == ("sent" if became == "refused" else "going")


@pytest.mark.slow
def test_later_is_later_each_time_and_then_no_more(runtime: Runtime) -> None:
    ((number, mail),) = subscribed(runtime)
    approved(runtime)
    clock, waited = [datetime.now(UTC)], []
    with mail_server(refusing={mail: "451 later"}) as (box, port):
        for _ in range(len(recipients.WAITS) + 1):
            sent(with_post(runtime, port), lambda: clock[0])
            with read(runtime.staff) as session:
                due = session.scalars(select(LetterMail.due_at)).one()
            waited.append(due - clock[0])
            sent(with_post(runtime, port), lambda: clock[0])
            clock[0] = max(clock[0], due)
    assert waited[:-1] == list(recipients.WAITS)
    assert mails(runtime)[number] == "refused"
    assert box.received == []
    assert status(runtime) == "sent"


@pytest.mark.slow
def test_who_is_refused_twice_in_a_row_is_written_to_no_more(runtime: Runtime) -> None:
    ((number, mail),) = subscribed(runtime)
    for month, suspended in (("2027-01", False), ("2027-02", True)):
        approved(runtime, month=month)
        post(runtime, refusing={mail: "550 5.1.1 unknown"})
        with read(runtime.staff) as session:
            row = session.get_one(LetterSubscriber, number)
            assert (row.suspended_at is not None) == suspended
    approved(runtime)
    assert post(runtime) == []


def test_a_mail_that_is_taken_between_ends_the_count(runtime: Runtime) -> None:
    ((number, mail),) = subscribed(runtime)
    approved(runtime, month="2027-01")
    post(runtime, refusing={mail: "550 5.1.1 unknown"})
    approved(runtime, month="2027-02")
    assert len(post(runtime)) == 1
    approved(runtime, month="2027-03")
    post(runtime, refusing={mail: "550 5.1.1 unknown"})
    with read(runtime.staff) as session:
        row = session.get_one(LetterSubscriber, number)
        assert (row.refusals, row.suspended_at) == (1, None)


def test_where_no_server_answers_all_waits_and_nothing_is_lost(runtime: Runtime) -> None:
    subscribed(runtime, 3)
    approved(runtime)
    with pytest.raises(MailSilent):
        sent(with_post(runtime, 9))
    assert set(mails(runtime).values()) == {"queued"}
    assert len(post(runtime)) == 3


def test_what_a_killed_process_handed_over_is_in_doubt_and_not_sent_again(
    runtime: Runtime,
) -> None:
    (first, _), *_ = subscribed(runtime, 3)
    approved(runtime)
    with write(runtime.staff) as session:
        letter = session.scalars(select(Letter.id)).one()
        today = datetime.now(UTC).date()
        recipients.queue(session, runtime.vault, letter, datetime.now(UTC), today)
    with ahead(runtime.staff, recipients.BEGIN) as steps:
        recipients.ask_to_start(steps, letter, None, first)
        assert recipients.started(steps) is not None
    assert len(post(runtime)) == 2
    assert sorted(mails(runtime).values()) == ["doubt", "gone", "gone"]
    assert mails(runtime)[first] == "doubt"
    assert status(runtime) == "sent"


def test_a_connection_that_is_lost_as_it_is_told_leaves_one_in_doubt(runtime: Runtime) -> None:
    subscribed(runtime, 3)
    approved(runtime)

    class Hanging(Box):
        async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
            if len(self.received) == 1:
                self.received.append(EmailMessage())
                server.transport.abort()  # type: ignore[attr-defined]
            return await super().handle_DATA(server, session, envelope)  # type: ignore[arg-type]

    with mail_server(box=Hanging()) as (_, port):
        with pytest.raises(MailSilent):
            sent(with_post(runtime, port))
        assert sorted(mails(runtime).values()) == ["doubt", "gone", "queued"]
        sent(with_post(runtime, port))
    assert sorted(mails(runtime).values()) == ["doubt", "gone", "gone"]


def test_a_trial_goes_to_who_asks_alone(runtime: Runtime) -> None:
    from tests.desk.bureau import account_of

    subscribed(runtime)
    written(runtime, Words(TITLE))
    with write(runtime.staff) as session:
        account = account_of(session, runtime.vault, Role.CURATEUR, "essai@example.org", ())
        letter = session.scalars(select(Letter.id)).one()
        number = account.id
    with mail_server() as (box, port):
        try_out(with_post(runtime, port), letter, number)
    (mail,) = box.received
    assert mail["To"] == "essai@example.org"
    assert TITLE in body(mail)
    assert mails(runtime) == {}
    # Who may read no letter of the desk by the time that it leaves.
    with write(runtime.staff) as session:
        row = session.get_one(Account, number)
        row.role, row.territories = Role.REFERENT_DEPARTEMENT.value, ["93"]
    with mail_server() as (box, port):
        try_out(with_post(runtime, port), letter, number)
    assert box.received == []
