"""The actors of a territory as a file to fill in and send back: given signed in, never mailed."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from app.audit.actions import Action
from app.audit.journal import note
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Signed
from app.errors import Mesure23Error
from app.gazetteer.load import cached_gazetteer
from app.lists.update_book import write_book
from app.lists.update_file import file_rows
from app.models import Role
from app.platform.database.sessions import read
from app.platform.web.media_types import XLSX
from app.platform.web.permissions import open_to
from app.vault.digests import find_key
from geo.zones import paris_day

router = APIRouter(prefix=f"{gate.HOME}/acteurs")


class NotYourTerritory(Mesure23Error):
    """Ce territoire n’est pas de ceux où vous travaillez."""

    status = 404
    title = "Territoire introuvable"
    advice = "Revenez à la liste des acteurs, et choisissez un territoire parmi ceux proposés."


@router.post("/mise-a-jour")
@open_to(Role.REFERENT_DEPARTEMENT, Role.CURATEUR)
def update_file(
    desk: DeskOf, signed: Signed, territoire: Annotated[str, Form(max_length=3)]
) -> Response:
    """Send the file of a territory, once the journal has noted it."""
    today = paris_day(desk.now())
    with read(desk.engine) as session:
        name = gate.territories_of(session, signed).get(territoire)
        if name is None:
            raise NotYourTerritory
        gazetteer = cached_gazetteer(session.connection())
        key, viewer = find_key(session, desk.vault), gate.viewer_of(signed)
        rows = list(file_rows(session, desk.vault, viewer, territoire, gazetteer, key, today))
    content = write_book(rows, territoire, name, today)
    detail = {"acteurs": len(rows), "fichier": "mise à jour", "territoire": territoire}
    note(desk.engine, desk.vault, gate.author_of(signed), Action.EXPORTED, detail=detail)
    file = f"mise-a-jour-{territoire}-{today.isoformat()}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    return Response(content, media_type=XLSX, headers=headers)
