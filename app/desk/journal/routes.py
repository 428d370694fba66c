"""The journal, for administrateurs; that it was read is noted in it, before it is shown."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.accounts import people
from app.audit import reading
from app.audit.actions import LABELS, Action
from app.audit.journal import note
from app.audit.reading import AT_ONCE, Wanted
from app.cataloguing.screening import withheld_of
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Signed
from app.desk.shell.page import render
from app.models import Role
from app.platform.database.sessions import read
from app.platform.web.permissions import open_to
from app.records.subjects import in_parts, names_of_actors

router = APIRouter(prefix=f"{gate.HOME}/journal")
Text = Annotated[str, Query(max_length=100)]


@router.get("")
@open_to(Role.ADMINISTRATEUR)
def journal(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    geste: Text = "",
    qui: Text = "",
    objet: Text = "",
    jour: Text = "",
    avant: Annotated[int | None, Query(ge=1, le=2**62)] = None,
) -> Response:
    """Show who did what."""
    wanted = Wanted(_action(geste), _text(qui), _text(objet), _day(jour), avant)
    note(desk.engine, desk.vault, gate.author_of(signed), Action.JOURNAL_READ)
    with read(desk.engine) as session:
        found = reading.lines(session, desk.vault, wanted)
        names = {str(each.id): each.name for each in people.everybody(session, desk.vault)}
        names |= people.NAMELESS | people.names_of(session, desk.vault, reading.commands(session))
        named = (text for line in found for text in (line.subject, line.detail))
        actors = names_of_actors(session, named)
        everything = actors | names
        detailed = [(line, in_parts(line.detail, everything)) for line in found]
        # Whoever wrote a reason opened the record; who reads the journal opens none. An id says
        # nothing of a place, and most lines say the same but for theirs.
        said = {line.number: _without_ids(parts) for line, parts in detailed}
        withheld = withheld_of(session, desk.vault, said)
    return render(
        request,
        "desk/journal.html",
        signed,
        lines=detailed,
        withheld=withheld,
        names=names,
        actors_by_id=actors,
        actions={action.value: label for action, label in LABELS.items()},
        wanted=wanted,
        day=wanted.day.isoformat() if wanted.day else "",
        older=found[-1].number if len(found) == AT_ONCE else None,
    )


def _without_ids(parts: Iterable[tuple[str, str]]) -> str:
    # By a sign that is read one way alone: of "…" each text would be looked through twice.
    return " · ".join(text for text, of in parts if not of)


def _action(given: str) -> Action | None:
    return Action(given) if given in list(Action) else None


def _text(given: str) -> str:
    """Return what may stand in an entry; nothing for what no database takes."""
    return given if given.isprintable() else ""


def _day(given: str) -> date | None:
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return None
    return day if 2000 < day.year < 2200 else None
