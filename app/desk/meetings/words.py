"""What pages of meetings share: whose territory it is, and how what was done there is said."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Path
from sqlalchemy.orm import Session

from app.accounts.sessions import SignedIn
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Signed
from app.errors import Mesure23Error
from app.platform.database.sessions import read

HERE = f"{gate.HOME}/etat-des-lieux"
DONE = {
    "ajoutee": "La réunion est là : son état des lieux suit les listes jusqu’à ce qu’il soit "
    "confirmé.",
    "retiree": "La réunion est retirée.",
    "confirme": "L’état des lieux est confirmé : il reste tel quel, et la prochaine réunion s’y "
    "compare.",
    "confirme-avec": "L’état des lieux est confirmé, et les fiches cochées sont vérifiées "
    "d’aujourd’hui. Annuler leur rend leur date d’avant ; l’état des lieux reste confirmé.",
    "annule": "La confirmation est annulée : l’état des lieux suit de nouveau les listes.",
    "justes": "C’est noté : ces fiches sont vérifiées d’aujourd’hui.",
    "aucun": "Rien n’est noté : cochez d’abord ce que la réunion dit juste.",
    "rendus": "Ces fiches ont de nouveau leur date d’avant.",
}


class NoneOfYours(Mesure23Error):
    """Vous ne suivez aucun territoire de ce code."""

    status = 404
    title = "Territoire introuvable"
    advice = "Ouvrez États des lieux : vos territoires y sont."


def name_of(session: Session, signed: SignedIn, code: str) -> str:
    """Return the name of a territory that somebody works on; raise NoneOfYours."""
    name = gate.territories_of(session, signed).get(code)
    if name is None:
        raise NoneOfYours
    return name


def _own(desk: DeskOf, signed: Signed, code: Annotated[str, Path(max_length=3)]) -> str:
    """Return the code of a territory that somebody works on; raise NoneOfYours."""
    with read(desk.engine) as session:
        name_of(session, signed, code)
    return code


Own = Annotated[str, Depends(_own)]


def page_of(code: str, day: date | None = None) -> str:
    """Return the address of a territory, or of its meeting of a day."""
    return f"{HERE}/{code}/{day.isoformat()}" if day else f"{HERE}/{code}"
