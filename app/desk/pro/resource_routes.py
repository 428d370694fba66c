"""Resources that are for professionals alone: a list, one of them, and files; cached nowhere."""

import io
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.accounts.sessions import SignedIn
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.files import as_csv
from app.models import Role
from app.platform.database.sessions import read
from app.platform.web.permissions import open_to
from app.resources import ris
from app.resources.columns import columns
from app.resources.criteria import PAGE_SIZE, TEXT_MAX
from app.resources.for_professionals import select_professional
from app.resources.looks import shown
from app.resources.markdown import render as render_markdown
from app.resources.page import read_resource
from app.resources.queries import read_all, read_cards
from app.resources.resource import Resource
from app.visibility import Viewer
from geo.zones import paris_day

RESOURCES = f"{gate.PRO}/ressources"
router = APIRouter(prefix=RESOURCES)
Words = Annotated[str, Query(max_length=TEXT_MAX)]
# What a person looks through, and a spreadsheet opens at once.
MOST = 5_000


@router.get("")
@open_to(Role.PROFESSIONNEL)
def resources(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    q: Words = "",
    page: Annotated[int, Query(ge=1, le=1_000)] = 1,
) -> Response:
    """Show the resources that are for professionals alone, the newest first, or by words."""
    viewer, words = _viewer(desk, signed), q.strip()
    with read(desk.engine) as session:
        ids = select_professional(session, viewer, words)
        pages = max(1, -(-len(ids) // PAGE_SIZE))
        start = (min(page, pages) - 1) * PAGE_SIZE
        cards = read_cards(session, viewer, ids[start : start + PAGE_SIZE])
    return render(
        request,
        "desk/pro/resources.html",
        signed,
        cards=cards,
        total=len(ids),
        page=min(page, pages),
        pages=pages,
        words=words,
        path=RESOURCES,
    )


@router.get(".csv")
@open_to(Role.PROFESSIONNEL)
def csv_file(request: Request, desk: DeskOf, signed: Signed, q: Words = "") -> Response:
    """Send the same as CSV: UTF-8 with BOM, `;`, a line each."""
    of_file = columns(_site(request))
    with read(desk.engine) as session:
        rows = (
            [column.value(each) for column in of_file]
            for each in _selected(session, desk, signed, q)
        )
        file = io.BytesIO()
        as_csv.write_csv([column.name for column in of_file], [rows], file)
    return _file(desk, file.getvalue(), as_csv.MEDIA_TYPE, "csv")


@router.get(".ris")
@open_to(Role.PROFESSIONNEL)
def ris_file(request: Request, desk: DeskOf, signed: Signed, q: Words = "") -> Response:
    """Send the same as RIS, for programs that cite."""
    with read(desk.engine) as session:
        text = ris.write(_selected(session, desk, signed, q), _site(request))
    return _file(desk, text.encode(), ris.MEDIA_TYPE, "ris")


@router.get("/{resource_id}/citation.ris")
@open_to(Role.PROFESSIONNEL)
def citation_file(request: Request, desk: DeskOf, signed: Signed, resource_id: str) -> Response:
    """Send the record of one as RIS."""
    with read(desk.engine) as session:
        found = read_resource(session, _viewer(desk, signed), resource_id)
    return _file(desk, ris.write([found], _site(request)).encode(), ris.MEDIA_TYPE, "ris")


@router.get("/{resource_id}/{slug}")
@open_to(Role.PROFESSIONNEL)
def resource(
    request: Request, desk: DeskOf, signed: Signed, resource_id: str, slug: str
) -> Response:
    """Show one resource to a professional, whoever it is for."""
    with read(desk.engine) as session:
        found = read_resource(session, _viewer(desk, signed), resource_id)
        looks = shown(session, found.content)
    if slug != found.slug:
        return RedirectResponse(f"{gate.PRO}{found.path}", 303)
    return render(
        request,
        "desk/pro/resource.html",
        signed,
        resource=found,
        looks=looks,
        render=render_markdown,
        path=RESOURCES,
        published_on=paris_day(found.published_at),
    )


def _viewer(desk: Desk, signed: SignedIn) -> Viewer:
    return Viewer.professional(gate.asker_of(signed, desk.now()))


def _selected(session: Session, desk: Desk, signed: SignedIn, words: str) -> Iterator[Resource]:
    viewer = _viewer(desk, signed)
    ids = select_professional(session, viewer, words.strip())[:MOST]
    return (each for batch in read_all(session, viewer, ids) for each in batch)


def _site(request: Request) -> str:
    """Return what stands before the path of a resource: the space of professionals."""
    return f"{gate.origin_of(request)}{gate.PRO}"


def _file(desk: Desk, content: bytes, media_type: str, extension: str) -> Response:
    name = f"ressources-professionnels-{paris_day(desk.now())}.{extension}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
