"""Asks actors by mail whether their sheet is still right, a month before its term."""

from datetime import datetime
from uuid import UUID

from app.accounts.invitation import words_of
from app.announcing import writing as announcing
from app.announcing.writing import forget_old as forget_events
from app.composing import writing as composing
from app.freshness import asking, calls
from app.freshness.asking import LINK_FOR, Asked
from app.jobs.log import say
from app.jobs.mailing import NEVER, MailSilent, code_of
from app.jobs.rereading import read_members_again
from app.meetings import meetings
from app.models.job import Job
from app.network import committee_texts, committees, inviting, messages, reporting
from app.platform.database.sessions import read, write
from app.platform.mail.sending import send
from app.platform.web.french import day_text
from app.records.sealed import RecordUnreadable
from app.runtime.staff import Runtime
from app.vault.sealing import NotOpened
from geo.zones import paris_day

SUBJECT = "Mesure 23 : vos informations sont-elles toujours justes ?"
# Of an actor that is not public as a whole a mail says nothing, not even that it is one.
TEXT = """Bonjour,

La carte Mesure 23 dit à qui s’adresser quand un enfant est victime d’exploitation sexuelle.
{whose}

Dites à cette adresse si tout est encore juste, ou ce qui a changé. Aucun compte n’est demandé :

{link}

Ouvrir la page ne change rien : un bouton confirme. Le lien sert une fois, jusqu’au {until} ; qui le
reçoit de vous peut répondre à votre place. Si vous ne répondez pas, nous vous téléphonerons.

Votre adresse est celle que nous connaissons pour vous joindre. Si ce n’est pas la bonne, dites-le
à la même page. Nous ne pouvons pas lire de réponse à ce message.

Référence : {reference}
"""
# Of one whose record does not open: the others are asked all the same.
NOT_READ = (NotOpened, RecordUnreadable)
NAMED = "Elle montre « {name} », à confirmer {since} le {due}."
UNNAMED = "Ce que nous savons de vous est à confirmer {since} le {due}."


def ask_actors(runtime: Runtime, now: datetime) -> None:
    """Ask whom it is time to ask; raise MailSilent. What was not sent is asked the next time.

    One at a time: what another one is about to send would be asked twice.
    """
    try:
        while _write_terms(runtime):
            continue
    except NOT_READ as error:
        say("terms not written", why=type(error).__name__)
    with write(runtime.staff) as session:
        asking.withdraw_unsent(session)
        asking.forget_old(session, now)
        calls.forget_old(session, now)
        meetings.forget_old(session, now)
        forget_events(session, now)
        committees.forget_old(session, now)
        committee_texts.forget_old(session, now)
        messages.forget_old(session, now)
        reporting.forget_old(session, now)
        inviting.forget_old(session, now)
    with write(runtime.staff) as session:
        announcing.read_again(session, runtime.vault)
        composing.read_again(session, runtime.vault)
    read_members_again(runtime)
    settings, today = runtime.settings, paris_day(now)
    origin = settings.desk_url or settings.public_url
    with read(runtime.staff) as session:
        due, sent = asking.to_ask(session, today), asking.count_sent(session, now)
    if due and origin is None:
        # No link can be written where nobody has said where the desk is.
        say("owed", job=Job.ASK.value, why="DeskUrlMissing")
        return
    is_owed, left = False, asking.mails_of_a_night(sent + len(due)) - sent
    for actor_id in due:
        if left <= 0:
            break
        try:
            with write(runtime.staff) as session:
                asked = asking.ask(session, runtime.vault, actor_id, now, today)
        except NOT_READ as error:
            say("mail not written", actor=str(actor_id), why=type(error).__name__)
            continue
        # Who has no mailbox is noted at once, and keeps nobody waiting.
        if asked is not None:
            left -= 1
            is_owed |= not _send(runtime, asked, f"{origin}", now)
    if is_owed:
        raise MailSilent


def _write_terms(runtime: Runtime) -> int:
    with write(runtime.staff) as session:
        return asking.write_terms(session, runtime.vault)


def _send(runtime: Runtime, asked: Asked, origin: str, now: datetime) -> bool:
    """Send a question; return False where this one alone is to be sent later.

    One that is refused for ever is work for somebody else. Raises MailSilent.
    """
    try:
        send(runtime.settings, asked.mail, SUBJECT, text_of(asked, origin))
    except (OSError, ValueError) as error:
        code = code_of(error, asked.mail)
        if code >= NEVER:
            with write(runtime.staff) as session:
                asking.note_bounced(session, asked.id, now)
            return True
        _withdraw(runtime, asked.id)
        if not code:
            raise MailSilent from None
        return False
    with write(runtime.staff) as session:
        asking.note_sent(session, asked.id, now)
    return True


def _withdraw(runtime: Runtime, question_id: UUID) -> None:
    with write(runtime.staff) as session:
        asking.withdraw(session, question_id)


def text_of(asked: Asked, origin: str) -> str:
    """Return what a mail says."""
    is_over = asked.due_on <= paris_day(asked.until - LINK_FOR)
    given = {"since": "depuis" if is_over else "avant", "due": day_text(asked.due_on)}
    whose = (NAMED if asked.name else UNNAMED).format(name=asked.name, **given)
    link = f"{origin}/connexion/fiche/{asked.token}"
    until = words_of(asked.until)
    return TEXT.format(whose=whose, link=link, until=until, reference=asked.reference)
