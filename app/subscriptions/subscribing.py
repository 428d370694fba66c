"""Somebody asks for the letter, is asked by mail whether they did, and says so by its link.

What is answered is the same always, whoever asked before: only the mailbox learns of it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.orm import Session

from app.accounts.errors import MailMalformed
from app.accounts.people import valid_mail
from app.accounts.request_caps import counted_by
from app.inbox.message import LetterAsked
from app.inbox.opening import link_signer
from app.models import LetterSubscriber
from app.platform.database.sessions import among
from app.platform.mail.links import Aim, Link, signed
from app.platform.mail.sending import Became
from app.platform.mail.waiting import is_due_again
from app.vault.sealing import NotOpened, Vault
from geo.zones import paris_day

TABLE, COLUMN = LetterSubscriber.__tablename__, "content"
# A link of a mail confirms so long; who did not by then is forgotten a little later.
CONFIRMS_FOR, UNCONFIRMED_FOR = timedelta(hours=72), timedelta(days=7)
# Whose server refused them twice is written to no more, and forgotten so much later.
SUSPENDED_FOR = timedelta(days=92)
# An address is sent one mail to confirm in this time, whoever asks.
AGAIN = timedelta(days=1)
# Looked at in one round of the worker.
AT_ONCE = 200
SUBJECT = "Votre abonnement à confirmer"
# Whoever shares a mailbox may be looked at as they open it: nothing here says what it is about.
TEXT = """Bonjour,

Quelqu’un a demandé à recevoir une lettre d’information à cette adresse.

Si c’est vous, confirmez-le sur cette page, dans les trois jours :

{link}

Ouvrir la page ne change rien : un bouton confirme.
Si ce n’est pas vous, ne faites rien : l’adresse est effacée au bout de sept jours.
"""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that is to be sent. noted: when it was said to be asked; former: when the last one."""

    subscriber: UUID
    to: str
    text: str
    noted: datetime
    former: datetime | None
    subject: str = SUBJECT


def add(session: Session, vault: Vault, asked: LetterAsked, received_at: datetime) -> None:
    """Note who wants the letter; nothing of who has it already."""
    try:
        mail = valid_mail(asked.mail)
    except MailMalformed:
        return
    mailbox = counted_by(session, vault, mail).mailbox
    own = LetterSubscriber.mailbox == mailbox
    row = session.scalar(select(LetterSubscriber).where(own).with_for_update())
    if row is None:
        row = LetterSubscriber(id=uuid4(), mailbox=mailbox)
        session.add(row)
    elif row.confirmed_at is not None and row.suspended_at is None:
        return
    if row.asked_at is None or row.asked_at <= received_at - CONFIRMS_FOR:
        row.content = vault.seal_json(TABLE, row.id, COLUMN, {"mail": mail, "shown": ""})
        row.tried_at = None
    elif not _is_asked(vault, row):
        # A link that still confirms does so for the address that it was sent to, and no spelling
        # of it that somebody gave since; who took theirs back is left alone as long.
        return
    if row.asked_at is None or row.asked_at <= received_at - AGAIN:
        row.wanted_at = received_at
    session.flush()


def settle(session: Session) -> list[UUID]:
    """Return of whom nobody knows whether they were asked, once: they are not asked again."""
    row = LetterSubscriber
    lost = update(row).where(row.going).values(going=False).returning(row.id)
    return sorted(session.scalars(lost))


def to_ask(session: Session, now: datetime, but: Collection[UUID] = ()) -> list[UUID]:
    """Return who is to be asked whether they want the letter, those first who asked last, and who
    was tried before behind them. but: who was looked at already.
    """
    row = LetterSubscriber
    waits = or_(row.asked_at.is_(None), row.asked_at < row.wanted_at)
    due = (waits, is_due_again(row.tried_at, row.wanted_at, now), ~among(row.id, but))
    order = (row.tried_at.nulls_first(), row.wanted_at.desc(), row.id)
    return list(session.scalars(select(row.id).where(*due).order_by(*order).limit(AT_ONCE)))


def write(
    session: Session, vault: Vault, subscriber: UUID, origin: str, now: datetime
) -> Mail | None:
    """Return the mail that asks somebody, noted as sent; None where nobody is to be asked any more.

    Noted before it leaves: whoever is stopped meanwhile sends it to nobody twice. Raises NotOpened.
    """
    row = session.get(LetterSubscriber, subscriber, with_for_update=True)
    if row is None or (row.asked_at is not None and row.asked_at >= row.wanted_at):
        return None
    mail = mail_of(vault, row)
    former, noted = row.asked_at, max(now, row.wanted_at)
    row.asked_at = noted
    if not mail:
        # Who took their address back is left alone as long as who was asked.
        return None
    row.going = True
    link = Link(Aim.CONFIRM, row.id, now + CONFIRMS_FOR)
    token = signed(link_signer(session, vault), link)
    text = TEXT.format(link=f"{origin}/lettres/confirmation/{token}")
    return Mail(row.id, mail, text, noted, former)


def step_back(session: Session, subscriber: UUID, now: datetime) -> None:
    """Try one that did not open less and less often, as one that no server took."""
    own = update(LetterSubscriber).where(LetterSubscriber.id == subscriber)
    session.execute(own.values(tried_at=now))


def note_became(session: Session, mail: Mail, became: Became) -> None:
    """Note what became of a mail: one that was not taken for now is due again, after a while.

    Of a mailbox that never takes one nothing stays.
    """
    row = session.get(LetterSubscriber, mail.subscriber, with_for_update=True)
    if row is None:
        return
    if became == "never":
        session.delete(row)
        return
    row.going, row.tried_at = False, None
    if became == "later" and row.asked_at == mail.noted:
        row.asked_at, row.tried_at = mail.former, mail.noted


def mail_of(vault: Vault, row: LetterSubscriber) -> str:
    """Return the address of a subscriber, "" of one that was taken back."""
    mail: str = vault.open_json(TABLE, row.id, COLUMN, row.content)["mail"]
    return mail


def _is_asked(vault: Vault, row: LetterSubscriber) -> bool:
    """Say whether somebody's link may confirm them; what does not open does so for nobody."""
    try:
        return bool(mail_of(vault, row))
    except NotOpened:
        return False


def held(session: Session, vault: Vault, mail: str) -> list[dict[str, Any]]:
    """Return what is held of a mailbox that is to have the letter, in words that people read."""
    return [
        {
            "demandee_le": paris_day(row.wanted_at).isoformat(),
            "confirmee_le": paris_day(row.confirmed_at).isoformat() if row.confirmed_at else "",
            "texte_accepte": vault.open_json(TABLE, row.id, COLUMN, row.content)["shown"],
            "une_par_trimestre": row.rhythm == "quarterly",
            "lien_seul": row.link_only,
        }
        for row in session.scalars(_of_mailbox(session, vault, mail))
    ]


def forget(session: Session, vault: Vault, mail: str) -> int:
    """Leave nothing of a mailbox that is to have the letter; return how many that were."""
    rows = session.scalars(_of_mailbox(session, vault, mail).with_for_update()).all()
    for row in rows:
        session.delete(row)
    session.flush()
    return len(rows)


def _of_mailbox(session: Session, vault: Vault, mail: str) -> Select[LetterSubscriber]:
    mailbox = counted_by(session, vault, mail).mailbox
    return select(LetterSubscriber).where(LetterSubscriber.mailbox == mailbox)


def forget_old(session: Session, now: datetime) -> None:
    """Delete who did not confirm, and whose server refuses them since long."""
    row = LetterSubscriber
    unconfirmed = row.confirmed_at.is_(None) & (row.wanted_at < now - UNCONFIRMED_FOR)
    refused = row.suspended_at < now - SUSPENDED_FOR
    session.execute(delete(row).where(or_(unconfirmed, refused)))
