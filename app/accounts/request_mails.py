"""Mails about requests for an account of a professional, to who asks and to who decides.

What an address is known for changes neither whether somebody asks, nor what whoever decides reads.
"""

import smtplib

import structlog

from app.accounts.people import Person
from app.accounts.requests import Asker
from app.platform.mail.sending import send
from app.settings import Settings

ASKED_SUBJECT = "Votre demande d’accès professionnel à la cartographie Mesure 23"
ASKED = """Bonjour,

Quelqu’un a demandé, avec cette adresse, un accès professionnel à la cartographie Mesure 23.

Si c’est vous, confirmez-le sur cette page, dans les trois jours :

{link}

Ouvrir la page ne change rien : un bouton confirme. Si ce n’est pas vous, la même page l’efface.
"""
REFUSED = """Bonjour {name},

Votre demande d’accès professionnel à la cartographie Mesure 23 n’a pas été retenue, et rien n’en
est gardé. La carte publique reste ouverte à tous. Pour un enfant en danger, appelez le 119.
"""
# To a mailbox that was confirmed: who reads it may know that there is an account.
KNOWN = """Bonjour {name},

Votre demande d’accès professionnel à la cartographie Mesure 23 est approuvée. Vous avez déjà un
compte à cette adresse : utilisez-le pour vous connecter sur cette page.

{link}

S’il ne s’ouvre plus, attendez : un administrateur est prévenu, et peut vous inviter de nouveau.
"""
UNTOLD_SUBJECT = "Des demandes d’accès professionnel attendent votre décision"
UNTOLD = """Bonjour,

{count} au bureau de la cartographie Mesure 23. Approuvez ou refusez sur cette page :

{link}

Vérifiez d’abord auprès de l’organisation, par un numéro que vous connaissez.
"""

log = structlog.get_logger(__name__)


def link_of(origin: str, token: str) -> str:
    """Return the address by which somebody confirms that they ask."""
    return f"{origin}/connexion/demande/{token}"


def mail_link(settings: Settings, asker: Asker, link: str) -> None:
    """Ask whether somebody asks; raise what send raises."""
    send(settings, asker.mail, ASKED_SUBJECT, ASKED.format(link=link))


def mail_refusal(settings: Settings, asker: Asker) -> None:
    """Say that a request is refused; raise what send raises."""
    send(settings, asker.mail, ASKED_SUBJECT, REFUSED.format(name=asker.name))


def mail_known(settings: Settings, person: Person, door: str) -> bool:
    """Say that a request is approved to whom an account is of already; return whether it left."""
    try:
        send(settings, person.mail, ASKED_SUBJECT, KNOWN.format(name=person.name, link=door))
    except (OSError, ValueError, smtplib.SMTPException) as error:
        log.error("approval not sent", exception=type(error).__name__)
        return False
    return True


def mail_untold(settings: Settings, person: Person, number: int, page: str) -> None:
    """Say to who decides how many requests wait, and nothing of them; raise what send raises."""
    count = (
        "Une nouvelle demande attend votre décision"
        if number == 1
        else f"{number} nouvelles demandes attendent votre décision"
    )
    send(settings, person.mail, UNTOLD_SUBJECT, UNTOLD.format(count=count, link=page))
