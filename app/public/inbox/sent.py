"""What the form of a report sends, and what is to be said of it."""

from dataclasses import dataclass
from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from fastapi import Depends, Request

from app.inbox.message import LONGEST_MAIL, LONGEST_TEXT, Correction
from app.models.report import Wrong

# In the order of the form, with what each asks for.
LABELS: dict[Wrong, str] = {
    "phone": "Numéro faux",
    "closed": "Fermé",
    "address": "Adresse",
    "hours": "Horaires",
    "other": "Autre chose",
}
# Where nothing else need be said.
SAYS_ALL: frozenset[Wrong] = frozenset({"closed", "phone"})
_FIELDS = ("faux", "juste", "courriel", "site", "vu")

WRONG_MISSING = "Choisissez ce qui est faux."
RIGHT_MISSING = "Écrivez ce qui serait juste."
RIGHT_LONG = f"Écrivez moins de {LONGEST_TEXT} caractères."
MAIL_WRONG = "Cette adresse électronique n’est pas complète. Corrigez-la, ou laissez ce champ vide."
TRAP_FILLED = "Laissez vide le champ « Ne rien écrire ici », puis envoyez de nouveau."


@dataclass(frozen=True, slots=True)
class Sent:
    """What was entered. trap: a field that nobody sees; stamp: when the form was shown."""

    wrong: Wrong | None = None
    right: str = ""
    mail: str = ""
    trap: str = ""
    stamp: str = ""

    @property
    def said(self) -> str:
        """Return all that somebody wrote in words."""
        return self.right

    def message(self, actor: str) -> Correction:
        """Return what is sealed of it, once there is no problem; actor: whose sheet it is of."""
        given = {"actor": actor, "wrong": self.wrong, "right": self.right, "mail": self.mail}
        return Correction.model_validate(given)

    def problems(self) -> dict[str, str]:
        """Return field -> what is to be said of it."""
        found = {}
        if self.wrong is None:
            found["faux"] = WRONG_MISSING
        elif not self.right and self.wrong not in SAYS_ALL:
            found["juste"] = RIGHT_MISSING
        if len(self.right) > LONGEST_TEXT:
            found["juste"] = RIGHT_LONG
        if self.mail and not is_mail(self.mail):
            found["courriel"] = MAIL_WRONG
        if self.trap:
            found["site"] = TRAP_FILLED
        return found


async def _sent(request: Request) -> Sent:
    """Return what a form sends; a field that it lacks is empty."""
    given = await request.form()
    wrong, right, mail, trap, stamp = (
        found if isinstance(found := given.get(name, ""), str) else "" for name in _FIELDS
    )
    chosen = next((each for each in LABELS if each == wrong), None)
    # As a page wrote the ends of lines, each is one character.
    return Sent(chosen, right.replace("\r\n", "\n").strip(), mail.strip(), trap, stamp)


SentOf = Annotated[Sent, Depends(_sent)]


def is_mail(given: str) -> bool:
    """Say whether an address can be one, of which a mail can be sent."""
    try:
        found = validate_email(given, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return False
    return found.normalized.isascii() and len(given) <= LONGEST_MAIL
