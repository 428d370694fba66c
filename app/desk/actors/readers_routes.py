"""What a person gives to professionals of one actor, value by value, or takes back."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from app.audit.actions import Action
from app.audit.journal import add
from app.desk.actors.readers import may_say, refuse_names
from app.desk.actors.sheet_routes import to_open
from app.desk.actors.showing import ACTORS, WORKERS
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Signed
from app.models import Role
from app.platform.database.sessions import write
from app.platform.web.permissions import open_to
from app.records.correcting import Masked, read_to_correct
from app.records.readers import ReadersUnknown, write_chosen

router = APIRouter(prefix=ACTORS)


@router.post("/{public_id}/lecteurs")
@open_to(*WORKERS)
def say(
    desk: DeskOf,
    signed: Signed,
    public_id: str,
    champ: Annotated[str, Form(max_length=30)],
    lu: Annotated[str, Form(max_length=64)],
    lecteurs: Annotated[Literal["protege", "professionnel"], Form()],
    malgre: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Give professionals what a field says, or leave it to staff; lu: which value was read.

    malgre: mark of the hidden places that it calls by their names, as its reader knows.
    """
    viewer, who, now = gate.viewer_of(signed), str(signed.account_id), desk.now()
    if not may_say(viewer, champ, lecteurs):
        raise gate.NotAllowed
    with write(desk.engine) as session:
        try:
            found = read_to_correct(session, desk.vault, viewer, who, public_id, now)
        except Masked:
            return to_open(public_id, "corriger")
        if found.record is None or found.level not in (None, "held"):
            raise ReadersUnknown
        detail: dict[str, object] = {"champ": champ, "lecteurs": lecteurs}
        if lecteurs == "professionnel":
            said = (viewer, found.record, champ, lu, malgre)
            if calls := refuse_names(session, desk.vault, *said):
                detail["malgre"] = [str(each.actor_id) for each in calls]
        given = (found.actor_id, found.record, champ, lu, lecteurs)
        decided = signed.role is Role.CURATEUR
        write_chosen(session, desk.vault, *given, who=who, now=now, decided=decided)
        author, subject = gate.author_of(signed), str(found.actor_id)
        add(session, desk.vault, author, Action.READERS_WRITTEN, subject, detail)
    return RedirectResponse(f"{ACTORS}/{found.public_id}?fait=lecteurs#professionnels", 303)
