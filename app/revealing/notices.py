"""Mails to operators: which organisation was given their contact, and when; nothing of a place."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.people import read_person
from app.models import Account, Reveal, RevealChoice
from app.platform.database.sessions import among
from app.platform.mail.sending import send
from app.revealing.choices import mail_of
from app.settings import Settings
from app.vault.sealing import NotOpened, Vault
from geo.zones import paris_day
from importers import hints
from importers.accommodation import in_text, masked, plain

# A server that is silent for longer has nobody told of what is long over.
NOTIFIED_WITHIN = timedelta(days=7)
NAMELESS = "Une organisation dont le nom reste réservé"
SUBJECT = "Votre contact a été donné à un professionnel"
# Whoever reads the mailbox learns neither which place this is, nor that it is hidden.
TEXT = """Bonjour,

Comme vous l’avez accepté, votre contact a été donné par la carte Mesure 23 à :

{given}

Si cela vous étonne, ou si vous changez d’avis, dites-le à qui tient la carte{contact} : plus rien
n’est alors donné. Vous pouvez aussi lui demander qui a eu votre contact depuis un an.
Ce message est envoyé une fois par jour au plus ; n’y répondez pas.
"""


@dataclass(frozen=True, slots=True)
class Untold:
    """What one mailbox is to be told. given: lines of organisation and day, the first one first."""

    mail: str
    reveals: tuple[UUID, ...]
    given: tuple[str, ...]


def untold(session: Session, vault: Vault, now: datetime) -> tuple[list[Untold], int]:
    """Return what was given and no operator was told, by mailbox, none of whom gave none; and of
    how many no mailbox or organisation opens.
    """
    rows = session.execute(
        select(Reveal.id, Reveal.given_at, RevealChoice, Account)
        .join(RevealChoice, RevealChoice.actor_id == Reveal.actor_id)
        .join(Account, Account.id == Reveal.account_id)
        .where(Reveal.notified_at.is_(None), Reveal.given_at > now - NOTIFIED_WITHIN)
        .order_by(Reveal.given_at, Reveal.id)
    ).all()
    found: dict[str, list[tuple[UUID, str]]] = defaultdict(list)
    failed = 0
    for number, at, choice, account in rows:
        try:
            if mail := mail_of(vault, choice):
                line = f"- {_organisation(vault, account)}, le {paris_day(at):%d/%m/%Y}"
                found[mail].append((number, line))
        except NotOpened:
            failed += 1
    opened = [
        Untold(mail, tuple(number for number, _ in lines), tuple(line for _, line in lines))
        for mail, lines in found.items()
    ]
    return opened, failed


def asked_of(session: Session, vault: Vault, actor_id: UUID) -> list[tuple[str, date, str]]:
    """Return who asked for the contact of a place, the day, and what became of it, the first one
    first; as long as that is kept.
    """
    rows = session.execute(
        select(Reveal, Account)
        .join(Account, Account.id == Reveal.account_id)
        .where(Reveal.actor_id == actor_id)
        .order_by(Reveal.asked_at, Reveal.id)
    ).all()
    return [
        (_organisation(vault, account), paris_day(row.given_at or row.asked_at), _became(row))
        for row, account in rows
    ]


def _became(row: Reveal) -> str:
    if row.given_at is not None:
        return "donné"
    return "refusé" if row.decided_by else "non donné"


def _organisation(vault: Vault, account: Account) -> str:
    return as_named(read_person(vault, account).organisation)


def as_named(organisation: str) -> str:
    """Return by what alone an operator is told of somebody: of who houses others, or may, no name,
    since one may be of a place that is hidden.
    """
    found = in_text(organisation, naming=True)
    words = masked(plain(organisation), naming=True)
    hinted = hints.found(organisation, words, "name", naming=True)
    is_home = found.houses or found.mentions or found.doubtful or hinted
    return NAMELESS if is_home else " ".join(organisation.split())


def mail_operator(settings: Settings, notice: Untold) -> None:
    """Tell one mailbox; raise what send raises."""
    contact = f" ({settings.contact})" if settings.contact else ""
    text = TEXT.format(given="\n".join(notice.given), contact=contact)
    send(settings, notice.mail, SUBJECT, text)


def note_notified(session: Session, numbers: Collection[UUID], now: datetime) -> None:
    """Note of which reveals an operator was told."""
    of_these = update(Reveal).where(among(Reveal.id, numbers))
    session.execute(of_these.values(notified_at=now))
