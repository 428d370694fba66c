"""What the form of whoever asks for an account sends, and what is to be said of it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from app.inbox.message import LONGEST_NAME, LONGEST_ORGANISATION, LONGEST_SIRET, AccessAsked
from app.public.inbox.sent import TRAP_FILLED, is_mail
from app.resources import texts

_FIELDS = ("nom", "courriel", "organisation", "siret", "fonction", "departement", "site", "vu")
MISSING = {
    "nom": "Écrivez votre prénom et votre nom.",
    "organisation": "Écrivez le nom de votre organisation.",
    "fonction": "Écrivez votre fonction.",
}
MAIL_WRONG = "Cette adresse électronique n’est pas complète : corrigez-la."
TERRITORY_MISSING = "Choisissez le département où vous travaillez."
TOO_LONG = "Écrivez moins de {longest} caractères."
LONGEST = {
    **{"nom": LONGEST_NAME, "organisation": LONGEST_ORGANISATION},
    **{"siret": LONGEST_SIRET, "fonction": LONGEST_NAME},
}


@dataclass(frozen=True, slots=True)
class Asking:
    """What was entered. trap: a field that nobody sees; stamp: when the form was shown."""

    name: str = ""
    mail: str = ""
    organisation: str = ""
    siret: str = ""
    function: str = ""
    territory: str = ""
    trap: str = ""
    stamp: str = ""

    @property
    def said(self) -> str:
        """Return what may tell of a child: « SOS Villages d’Enfants » is the name of a service."""
        return self.function

    def problems(self, territories: Collection[str]) -> dict[str, str]:
        """Return field -> what is to be said of it; territories: the codes that there are."""
        found = {}
        given = {
            **{"nom": self.name, "organisation": self.organisation},
            **{"siret": self.siret, "fonction": self.function},
        }
        for field, text in given.items():
            if not text and field in MISSING:
                found[field] = MISSING[field]
            elif len(text) > LONGEST[field]:
                found[field] = TOO_LONG.format(longest=LONGEST[field])
        if not is_mail(self.mail):
            found["courriel"] = MAIL_WRONG
        if self.territory not in territories:
            found["departement"] = TERRITORY_MISSING
        if self.trap:
            found["site"] = TRAP_FILLED
        return found

    def message(self) -> AccessAsked:
        """Return what is sealed of it, once there is no problem."""
        return AccessAsked(
            name=self.name,
            mail=self.mail,
            organisation=self.organisation,
            siret=self.siret,
            function=self.function,
            territory=self.territory,
        )


async def _asking(request: Request) -> Asking:
    """Return what a form sends; a field that it lacks is empty."""
    given = await request.form()
    entered = (found if isinstance(found := given.get(each, ""), str) else "" for each in _FIELDS)
    name, mail, organisation, siret, function, territory, trap, stamp = entered
    return Asking(
        name=texts.line(name),
        mail=texts.line(mail),
        organisation=texts.line(organisation),
        siret=texts.line(siret),
        function=texts.line(function),
        territory=texts.line(territory),
        trap=trap,
        stamp=stamp,
    )


AskingOf = Annotated[Asking, Depends(_asking)]
