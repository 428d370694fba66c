"""Mails to whoever asks for an account of a professional: whether they did, and that it is refused.

What an address is known for changes neither.
"""

from app.accounts.requests import Asker
from app.platform.mail.sending import send
from app.settings import Settings

ASKED_SUBJECT = "Votre demande d’accès professionnel à la cartographie Mesure 23"
ASKED = """Bonjour,

Quelqu’un a demandé, avec cette adresse, un accès professionnel à la cartographie Mesure 23.

Si c’est vous, confirmez-le à cette page, dans les trois jours :

{link}

Ouvrir la page ne change rien : un bouton confirme. Si ce n’est pas vous, la même page l’efface.
"""
REFUSED = """Bonjour {name},

Votre demande d’accès professionnel à la cartographie Mesure 23 n’a pas été retenue, et rien n’en
est gardé. La carte publique reste ouverte à tous. Pour un enfant en danger, appelez le 119.
"""


def link_of(origin: str, token: str) -> str:
    """Return the address by which somebody confirms that they ask."""
    return f"{origin}/connexion/demande/{token}"


def mail_link(settings: Settings, asker: Asker, link: str) -> None:
    """Ask whether somebody asks; raise what send raises."""
    send(settings, asker.mail, ASKED_SUBJECT, ASKED.format(link=link))


def mail_refusal(settings: Settings, asker: Asker) -> None:
    """Say that a request is refused; raise what send raises."""
    send(settings, asker.mail, ASKED_SUBJECT, REFUSED.format(name=asker.name))
