"""A document of which there is little to say, on one screen: its address, and five fields."""

from collections.abc import Mapping, Sequence
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.cataloguing.known import read_at
from app.desk.resources.controls import Control, controls_of
from app.desk.resources.entered import NotWhole, Problems, content_of, empty
from app.desk.resources.saving import save
from app.desk.resources.words import HERE
from app.desk.shell.gate import DeskOf, Signed
from app.desk.shell.page import WORKERS, render
from app.models import Role
from app.platform.database.sessions import read
from app.platform.web.permissions import open_to
from app.resources.forms import Form as ResourceForm

router = APIRouter(prefix=f"{HERE}/lien")
NAMES = ("url", "title", "bodies", "year", "type", "themes", "summary")


@router.get("")
@open_to(*WORKERS)
def begin(request: Request, signed: Signed) -> Response:
    """Show the form, empty."""
    return _page(request, signed, {}, {})


@router.post("", max_body_size=100_000)
@open_to(*WORKERS)
def create(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    url: Annotated[str, Form(max_length=2_000)] = "",
    title: Annotated[str, Form(max_length=500)] = "",
    bodies: Annotated[str, Form(max_length=2_000)] = "",
    year: Annotated[str, Form(max_length=20)] = "",
    type: Annotated[str, Form(max_length=40)] = "",
    themes: Annotated[tuple[str, ...], Form(max_length=40)] = (),
    summary: Annotated[str, Form(max_length=4_000)] = "",
    what: Annotated[str, Form(max_length=20)] = "",
    nouveau: Annotated[UUID | None, Form()] = None,
    vue: Annotated[tuple[str, ...], Form(max_length=40)] = (),
) -> Response:
    """Save a document, and publish it or ask for that with the same button.

    vue: what readers have at its address, which the form has shown.
    """
    given: dict[str, tuple[str, ...]] = {
        "url": (url,),
        "title": (title,),
        "bodies": (bodies,),
        "year": (year,),
    }
    given |= {"type": (type,), "themes": themes, "summary": (summary,)}
    lacks: Problems = {} if url.strip() else {"url": ["Donnez l’adresse de ce document."]}
    try:
        content = content_of(ResourceForm.DOCUMENT, {**empty(ResourceForm.DOCUMENT), **given})
    except NotWhole as wrong:
        return _page(request, signed, given, lacks | wrong.problems)
    if lacks:
        return _page(request, signed, given, lacks)
    with read(desk.engine) as session:
        there = read_at(session, content.url, nouveau)
    if not {each for each, _ in there} <= set(vue):
        return _page(request, signed, given, {}, there)
    public_id, done = save(desk, signed, None, content, what=what, new_id=nouveau, drafted=False)
    return RedirectResponse(f"{HERE}/{public_id}?fait={done}", 303)


def _page(
    request: Request,
    signed: Signed,
    given: Mapping[str, tuple[str, ...]],
    problems: Problems,
    there: Sequence[tuple[str, str]] = (),
) -> Response:
    known = {each.name: each for each in controls_of(ResourceForm.DOCUMENT)}
    controls: list[Control] = [known[name] for name in NAMES]
    return render(
        request,
        "desk/resources/quick.html",
        signed,
        http_status=422 if problems else 409 if there else 200,
        controls=controls,
        sent=given,
        problems=problems,
        there=there,
        publishes=signed.role is Role.CURATEUR,
        new_id=uuid4(),
    )
