"""The mail that invites somebody: a link, until when, and nothing else of the service's data."""

import smtplib
from datetime import datetime
from pathlib import Path

import structlog

from app.accounts.people import Person, access_of
from app.platform.mail.sending import send
from app.platform.web.french import MONTHS
from app.settings import Settings
from geo.zones import PARIS_TIME

log = structlog.get_logger(__name__)
SUBJECT = "Votre accès {access}"
TEXT = """Bonjour {name},

Un accès {access} vous est ouvert ({role}).

Pour choisir comment vous vous connecterez, ouvrez cette adresse :

{link}

Elle ne sert qu’une fois, jusqu’au {until}. Ne la transmettez à personne.
Si vous n’attendiez pas ce message, ne faites rien, et prévenez qui administre le service.
"""


def link_of(origin: str, token: str) -> str:
    """Return the address that an invitation leads to."""
    return f"{origin}/connexion/invitation/{token}"


def confirmation_of(origin: str, token: str) -> str:
    """Return the address by which a chief confirms an account."""
    return f"{origin}/connexion/confirmation/{token}"


def words_of(moment: datetime) -> str:
    """Return a moment as a mail says it: "29 novembre 2026 à 14 h 05"."""
    local = moment.astimezone(PARIS_TIME)
    return f"{local.day} {MONTHS[local.month - 1]} {local.year} à {local.hour} h {local.minute:02}"


def mail(
    settings: Settings, person: Person, link: str, until: datetime
) -> tuple[bool, Path | None]:
    """Send an invitation; return whether it is on its way, and the file where no server is set."""
    said = {"access": access_of(person.role), "name": person.name, "role": person.role_label}
    text = TEXT.format(link=link, until=words_of(until), **said)
    try:
        return True, send(settings, person.mail, SUBJECT.format(**said), text)
    except (OSError, ValueError, smtplib.SMTPException) as error:
        log.error("invitation not sent", exception=type(error).__name__)
        return False, None
