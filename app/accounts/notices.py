"""Mails about accounts, to administrateurs and chiefs: who has what access, nothing of an actor."""

import smtplib
from datetime import datetime

import structlog
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.accounts import people
from app.accounts.confirming import Asked
from app.accounts.invitation import words_of
from app.accounts.people import Person
from app.audit.actions import LABELS, Action
from app.models import Account, Role
from app.platform.database.sessions import read
from app.platform.mail.sending import send
from app.settings import Settings
from app.vault.sealing import NotOpened, Vault

log = structlog.get_logger(__name__)
SUBJECT = "Un accès {access} a changé"
TEXT = """Bonjour,

{deed} : {name}, {role}.
Par : {author}.{more}

Si cela vous étonne, {first}demandez de vive voix à qui l’a fait.
Le journal du bureau en garde la trace.
"""
# After these nothing is left to be disabled.
ENDED = frozenset({Action.DISABLED, Action.ACCOUNT_DELETED})
# The service disabled it: there is nobody to be asked, and nothing else to disable.
BY_ITSELF = """Bonjour,

{deed} : {name}, {role}.
Par : {author}. {why}

Si cette personne a toujours cette charge, invitez-la de nouveau, à la page Comptes du bureau.
Le journal du bureau en garde la trace.
"""
WHY = {
    "unused": "Personne ne s’en est servi depuis six mois.",
    "unconfirmed": "Personne ne l’a confirmé depuis douze mois.",
    "moved": "ProConnect dit une autre organisation que celle qui a été approuvée.",
}
# Who approved reads nothing of it.
HAD_ONE = (
    "Cette personne avait déjà ce compte ; s’il est désactivé, invitez-la de nouveau. Le motif est "
    "au Journal."
)
HAS_REASON = "Le motif est à la page Comptes du bureau."
ASKED_SUBJECT = "Un accès {access} est à confirmer"
TO_CHIEF = """Bonjour,

{name} a un accès {access} ({role}), et vous en êtes responsable.
Chaque accès est confirmé une fois par an. Dites si cette personne a toujours cette charge, ou si
elle ne travaille plus ici, à cette adresse :

{link}

Elle ne sert qu’une fois, jusqu’au {until}, et ne demande pas de compte. Ne la transmettez à
personne. Sans réponse, l’accès est désactivé le {before}.
Si vous ne connaissez pas cette personne, prévenez qui administre le service.
"""
TO_ADMINISTRATORS = """Bonjour,

{name}, {role} : ce compte est à confirmer à la page Comptes du bureau.
{why}
Sans réponse, il est désactivé le {before}.
"""
REMINDED_SUBJECT = "Votre accès {access} est à confirmer"
TO_PROFESSIONAL = """Bonjour {name},

Votre accès {access} est confirmé une fois par an.
{who} de dire si vous avez toujours cette charge : vous n’avez rien à faire.
Sans réponse de leur part, il prend fin le {before}. Si cette date approche sans nouvelle,
parlez-en à votre responsable.
"""
NO_CHIEF = "Aucun responsable hiérarchique n’y est inscrit."
NO_LINK = """Son responsable hiérarchique n’a pas été interrogé : il manque au service l’adresse du
bureau, ou un serveur de courrier, pour lui envoyer un lien."""


def mail_administrators(
    settings: Settings,
    engine: Engine,
    vault: Vault,
    *,
    deed: Action,
    person: Person,
    by: str,
    now: datetime,
    why: str = "",
    more: str = "",
) -> None:
    """Say to every other administrateur what was done to whose access, and by whom.

    why: where the service did it by itself, as `confirming.overdue` says it. more: a sentence for
    them alone. The deed stands whatever becomes of the mail: the journal has it.
    """
    with read(engine) as session:
        to = _administrators(session, vault, now, but={by, str(person.id)})
        author = people.names_of(session, vault, [by]).get(by, by)
    if not to:
        return
    said = {"name": person.name, "role": person.role_label, "author": author}
    said["more"] = f"\n{more}" if more else ""
    subject = SUBJECT.format(access=_access(person))
    said["first"] = "" if deed in ENDED else "désactivez ce compte, puis "
    try:
        text = BY_ITSELF if why else TEXT
        send(settings, to, subject, text.format(deed=LABELS[deed], why=WHY.get(why, ""), **said))
    except (OSError, ValueError, smtplib.SMTPException) as error:
        log.error("notice not sent", exception=type(error).__name__)


def ask_chief(settings: Settings, asked: Asked, link: str) -> None:
    """Ask the chief of somebody whether they still have their office; raise what send raises."""
    person = asked.person
    said = {"name": person.name, "role": _charge(person), "link": link, "access": _access(person)}
    text = TO_CHIEF.format(until=words_of(asked.until), before=words_of(asked.before), **said)
    send(settings, person.chief, ASKED_SUBJECT.format(**said), text)


def ask_administrators(
    settings: Settings, engine: Engine, vault: Vault, asked: Asked, now: datetime
) -> None:
    """Ask the other administrateurs to confirm an account; raise what send raises."""
    person = asked.person
    with read(engine) as session:
        to = _administrators(session, vault, now, but={str(person.id)})
    if to:
        said = {"name": person.name, "role": _charge(person), "before": words_of(asked.before)}
        why = NO_LINK if person.chief else NO_CHIEF
        subject = ASKED_SUBJECT.format(access=_access(person))
        send(settings, to, subject, TO_ADMINISTRATORS.format(why=why, **said))


def remind_professional(settings: Settings, asked: Asked) -> None:
    """Tell a professional that somebody is asked about their access; raise what send raises."""
    person = asked.person
    said = {"name": person.name, "access": _access(person), "before": words_of(asked.before)}
    said["who"] = "Nous demandons " + (
        "à votre responsable" if asked.token else "aux administrateurs du service"
    )
    text = TO_PROFESSIONAL.format(**said)
    send(settings, person.mail, REMINDED_SUBJECT.format(**said), text)


def _access(person: Person) -> str:
    return people.access_of(person.role)


def _charge(person: Person) -> str:
    where = ", ".join(person.territories)
    return f"{person.role_label}, {where}" if where else person.role_label


def _administrators(session: Session, vault: Vault, now: datetime, but: set[str]) -> str:
    """Return the addresses of those who may look after accounts, as a mail writes them."""
    asked = select(Account).where(
        Account.role == Role.ADMINISTRATEUR,
        Account.disabled_at.is_(None),
        Account.used_at > now - people.UNUSED_FOR,
    )
    found = []
    for account in session.scalars(asked):
        try:
            person = people.read_person(vault, account)
        except NotOpened as error:
            # The others are told all the same.
            log.error("notice not sent", exception=type(error).__name__)
            continue
        if str(person.id) not in but:
            found.append(person)
    return ", ".join(each.mail for each in sorted(found, key=lambda each: each.name.casefold()))
