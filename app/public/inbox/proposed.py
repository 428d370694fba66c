"""What the form of a proposed link sends, and what is to be said of it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from app.inbox.message import LONGEST_TITLE, LONGEST_URL, LONGEST_WHY, ProposedLink
from app.public.inbox.sent import TRAP_FILLED
from app.resources import texts
from importers.contacts import read_url

_FIELDS = ("adresse", "titre", "pourquoi", "site", "vu")
URL_MISSING = "Collez l’adresse de la page. Elle commence par https:// ou http://."
URL_LONG = f"Cette adresse est trop longue : {LONGEST_URL} caractères au plus."
TITLE_MISSING = "Écrivez le titre de la page ou du document."
TITLE_LONG = f"Écrivez un titre de moins de {LONGEST_TITLE} caractères."
WHY_LONG = f"Écrivez moins de {LONGEST_WHY} caractères."


@dataclass(frozen=True, slots=True)
class Proposed:
    """What was entered. trap: a field that nobody sees; stamp: when the form was shown."""

    url: str = ""
    title: str = ""
    why: str = ""
    trap: str = ""
    stamp: str = ""

    @property
    def said(self) -> str:
        """Return all that somebody wrote in words."""
        return f"{self.title}\n{self.why}"

    def problems(self) -> dict[str, str]:
        """Return field -> what is to be said of it."""
        found = {}
        url, _ = read_url(self.url)
        if len(self.url) > LONGEST_URL:
            found["adresse"] = URL_LONG
        elif url is None:
            found["adresse"] = URL_MISSING
        if not self.title:
            found["titre"] = TITLE_MISSING
        elif len(self.title) > LONGEST_TITLE:
            found["titre"] = TITLE_LONG
        if len(self.why) > LONGEST_WHY:
            found["pourquoi"] = WHY_LONG
        if self.trap:
            found["site"] = TRAP_FILLED
        return found

    def message(self) -> ProposedLink:
        """Return what is sealed of it, once there is no problem."""
        url, _ = read_url(self.url)
        return ProposedLink(url=(url or self.url)[:LONGEST_URL], title=self.title, why=self.why)


async def _proposed(request: Request) -> Proposed:
    """Return what a form sends; a field that it lacks is empty."""
    given = await request.form()
    url, title, why, trap, stamp = (
        found if isinstance(found := given.get(name, ""), str) else "" for name in _FIELDS
    )
    return Proposed(texts.line(url), texts.line(title), texts.lines(why).strip(), trap, stamp)


ProposedOf = Annotated[Proposed, Depends(_proposed)]
