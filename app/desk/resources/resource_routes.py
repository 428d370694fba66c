"""One resource at the desk: its last version as its page would show it, and what to do with it."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts.people import names_of
from app.cataloguing import handing_back, publishing, standing, terms, versions
from app.cataloguing.secrecy import MASKED
from app.cataloguing.standing import Standing
from app.cataloguing.versions import Saved, Stored
from app.desk.resources.found import FoundOf, FoundToRead
from app.desk.resources.saving import put_out
from app.desk.resources.words import DONE, HERE, NEXT, STATUSES, TABS, TAKEN_OVER
from app.desk.shell.gate import DeskOf, Signed
from app.desk.shell.page import WORKERS, render
from app.models import Role
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to
from app.records.opening import note_resource
from app.resources.looks import shown
from app.resources.markdown import render as render_markdown

router = APIRouter(prefix=f"{HERE}/{{resource_id}}")
Number = Annotated[int, Form(ge=1, le=1_000_000)]


@router.get("")
@open_to(*WORKERS)
def resource(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    found: FoundToRead,
    fait: Annotated[str, Query(max_length=20)] = "",
    version: Annotated[int | None, Query(ge=1, le=1_000_000)] = None,
) -> Response:
    """Show the last version that its reader may read; another one to whoever may publish."""
    publishes = signed.role is Role.CURATEUR
    with read(desk.engine) as session:
        wanted = version if publishes and version else found.number
        stored = versions.read(session, desk.vault, found.viewer, found.id, wanted)
        said = standing.read(session, found.id, desk.now())
        names = names_of(session, desk.vault, {stored.who})
        masked = found.is_masked(session, desk, stored)
        looks = None if masked else shown(session, stored.content)
    is_last = stored.number == stored.latest
    status = stored.status if publishes or is_last else _of_former(stored, said)
    return render(
        request,
        "desk/resources/resource.html",
        signed,
        found=found,
        stored=stored,
        standing=said,
        status=status,
        status_label=STATUSES[status],
        writer=names.get(stored.who, ""),
        own=stored.who == found.author.who,
        is_last=is_last,
        looks=looks,
        title=stored.content.title if looks else MASKED,
        render=render_markdown,
        publishes=publishes,
        done=DONE.get(fait, ""),
        on=NEXT.get(fait) if publishes else None,
        tabs=TABS,
    )


def _of_former(stored: Stored, said: Standing) -> str:
    """Return where a version stands that a colleague goes on with; not where theirs does."""
    is_read = said.read_path and said.read_version == stored.number
    return "published" if is_read else TAKEN_OVER


@router.post("/ouvrir")
@open_to(Role.CURATEUR)
def unmask(
    desk: DeskOf,
    found: FoundOf,
    version: Annotated[int | None, Form(ge=1, le=1_000_000)] = None,
    depuis: Annotated[Literal["", "historique"], Form()] = "",
) -> Response:
    """Open what names somebody hidden, for a quarter of an hour; it is noted first.

    depuis: the page to go on with, where it is not that of the text.
    """
    note_resource(desk.engine, desk.vault, found.author, found.id)
    if depuis:
        return RedirectResponse(f"{found.path}/{depuis}", 303)
    return RedirectResponse(found.path + (f"?version={version}" if version else ""), 303)


@router.post("/demander")
@open_to(*WORKERS)
def ask(desk: DeskOf, found: FoundOf) -> Response:
    """Ask that a curateur read the last version and publish it."""
    with write(desk.engine) as session:
        publishing.ask(session, desk.vault, found.author, found.id, desk.now())
    return RedirectResponse(found.then("demande"), 303)


@router.post("/publier")
@open_to(Role.CURATEUR)
def publish(desk: DeskOf, signed: Signed, found: FoundOf, version: Number) -> Response:
    """Publish the version that its reader saw, or hold it; a sheet by another than its writer."""
    return RedirectResponse(found.then(put_out(desk, signed, Saved(found.id, version))), 303)


@router.post("/rendre")
@open_to(Role.CURATEUR)
def hand_back(desk: DeskOf, found: FoundOf) -> Response:
    """Give a text that waits back to whoever wrote it."""
    with write(desk.engine) as session:
        given = (session, desk.vault, found.viewer, found.author, found.id, desk.now())
        handing_back.hand_back(*given)
    return RedirectResponse(found.then("rendue"), 303)


@router.post("/relue")
@open_to(Role.CURATEUR)
def reviewed(desk: DeskOf, found: FoundOf) -> Response:
    """Note that what readers have is still right."""
    with write(desk.engine) as session:
        terms.reviewed(session, desk.vault, found.viewer, found.author, found.id, desk.now())
    return RedirectResponse(found.then("relue"), 303)
