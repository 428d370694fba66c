"""Answers who reported an error: what was decided, and nothing of the sheet."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from app.jobs.mailing import NEVER, MailSilent, code_of
from app.platform.database.sessions import read, write
from app.platform.mail.sending import send
from app.reports.deciding import note_answered, to_answer
from app.runtime.staff import Runtime
from app.vault.sealing import NotOpened

SUBJECT = "Votre signalement sur la carte Mesure 23"
# The same whatever is hidden: who asks about any page learns what they wrote themselves, no more.
TEXT = """Bonjour,

Vous avez signalé une erreur sur une page de la carte Mesure 23{page}

{outcome}

Merci d’avoir pris le temps de l’écrire. Votre adresse électronique vient d’être effacée de notre
service : nous ne pouvons pas lire de réponse à ce message.

Pour un enfant en danger, ce n’est pas ici qu’il faut écrire : appelez le 119, en urgence le 17,
ou le 114 par SMS.
"""
ACCEPTED = "Nous avons vérifié, et nous en avons tenu compte."
REFUSED = "Nous avons vérifié. Nous n’avons rien à changer pour l’instant."


def answer_all(runtime: Runtime, reports: Iterable[UUID], now: datetime) -> None:
    """Answer some; raise MailSilent, or NotOpened of one of them once all others are answered: its
    job fails, and waits for somebody.
    """
    unopened: NotOpened | None = None
    for each in reports:
        try:
            answer(runtime, each, now)
        except NotOpened as error:
            unopened = error
    if unopened is not None:
        raise unopened


def answer(runtime: Runtime, report_id: UUID, now: datetime) -> None:
    """Answer a report that was decided, unless it was answered or is gone; raise MailSilent.

    An address that takes no mail, as one that was mistyped, is forgotten like one that took it.
    """
    with read(runtime.staff) as session:
        decided = to_answer(session, runtime.vault, report_id)
    if decided is None:
        return
    base = runtime.settings.public_url
    # Without an address of its own a path would lead nowhere, and no name is said.
    page = f" :\n\n{base}/acteurs/{decided.actor}" if base else "."
    text = TEXT.format(page=page, outcome=ACCEPTED if decided.accepted else REFUSED)
    try:
        send(runtime.settings, decided.mail, SUBJECT, text)
    except (OSError, ValueError) as error:
        if code_of(error, decided.mail) < NEVER:
            raise MailSilent from None
    with write(runtime.staff) as session:
        note_answered(session, runtime.vault, report_id, now)
