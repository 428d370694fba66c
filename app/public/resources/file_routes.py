"""The resources of a selection as files, and the record of one for programs that cite."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from app.files import as_csv
from app.platform.database.sessions import read
from app.platform.web import media_types
from app.platform.web.download import Download
from app.platform.web.openapi import Responses
from app.platform.web.permissions import Profile, open_to
from app.platform.web.site import Site, SiteOf
from app.platform.web.turns import FileInTurn
from app.public.resources.cached import index_cached_by
from app.resources import atom, ris
from app.resources.columns import columns
from app.resources.criteria import PATH, Query
from app.resources.page import read_resource
from app.resources.parameters import QueryOf
from app.resources.queries import last_published, read_all
from app.resources.resource import Resource
from app.resources.results import select_ids
from app.statistics.page_types import PageType, counted_as
from app.visibility import PUBLIC
from geo.zones import PARIS_TIME

router = APIRouter(route_class=FileInTurn)
# Of a file: what a person looks through, and a spreadsheet opens at once.
MOST = 5_000


@dataclass(frozen=True, slots=True)
class Selection:
    """What a file is of. address: of the page that shows the same; at: aware, of Paris."""

    site: str
    address: str
    feed: str
    publisher: str
    at: datetime
    total: int
    batches: Iterator[list[Resource]]


@dataclass(frozen=True, slots=True)
class Format:
    """A format of files. extension: the end of its route and of its name; most: resources in it."""

    extension: str
    label: str
    media_type: str
    write: Callable[[Selection, IO[bytes]], None]
    most: int = MOST

    @property
    def path(self) -> str:
        """Return the path of the route that makes it."""
        return f"{PATH}.{self.extension}"

    @property
    def documented(self) -> Responses:
        """Return the documentation of its bytes."""
        schema = {"type": "string", "format": "binary"}
        return {200: {"content": {self.media_type: {"schema": schema}}}}


def _write_csv(selection: Selection, file: IO[bytes]) -> None:
    of_file = columns(selection.site)
    rows = (
        ([column.value(each) for column in of_file] for each in batch)
        for batch in selection.batches
    )
    as_csv.write_csv([column.name for column in of_file], rows, file)


def _write_xlsx(selection: Selection, file: IO[bytes]) -> None:
    # Imported here: openpyxl takes 8 MB, and few visitors want it.
    from app.files.as_xlsx import write_xlsx
    from app.files.workbook import Sheet

    of_file = columns(selection.site)
    sheet = Sheet(
        name="Ressources",
        columns=of_file,
        total=selection.total,
        title="Ressources",
        publisher=selection.publisher,
        at=selection.at,
        about=[
            ("Contenu", "Ressources contre l’exploitation sexuelle des mineurs"),
            ("Nombre de ressources", selection.total),
            ("Source des données", f"Mesure 23, {selection.publisher}"),
            ("À savoir", "Les documents appartiennent à leurs auteurs : lisez-les chez eux."),
            ("Adresse de cette vue", selection.address),
        ],
    )
    rows = (
        ([column.value(each) for column in of_file] for each in batch)
        for batch in selection.batches
    )
    write_xlsx(sheet, rows, file)


def _write_ris(selection: Selection, file: IO[bytes]) -> None:
    for batch in selection.batches:
        file.write(ris.write(batch, selection.site).encode())


def _write_atom(selection: Selection, file: IO[bytes]) -> None:
    entries = [each for batch in selection.batches for each in batch]
    file.write(
        atom.write(
            entries,
            site=selection.site,
            title="Ressources contre l’exploitation sexuelle des mineurs",
            page=selection.address,
            feed=selection.feed,
            updated=max((each.published_at for each in entries), default=selection.at),
        )
    )


CSV = Format("csv", "CSV", as_csv.MEDIA_TYPE, _write_csv)
XLSX = Format("xlsx", "Excel", media_types.XLSX, _write_xlsx)
RIS = Format("ris", "RIS (Zotero)", ris.MEDIA_TYPE, _write_ris)
ATOM = Format("atom", "Fil Atom", atom.MEDIA_TYPE, _write_atom, atom.MOST)
FILES = (CSV, XLSX, RIS, ATOM)


@router.get(CSV.path, tags=["ressources"], response_class=Response, responses=CSV.documented)
@open_to(Profile.PUBLIC)
@counted_as(PageType.FILE)
def csv_file(site: SiteOf, request: Request, query: QueryOf) -> Response:
    """Return the resources of a selection as CSV: UTF-8 with BOM, `;`, a line each."""
    return _download(CSV, site, request, query)


@router.get(XLSX.path, tags=["ressources"], response_class=Response, responses=XLSX.documented)
@open_to(Profile.PUBLIC)
@counted_as(PageType.FILE)
def xlsx_file(site: SiteOf, request: Request, query: QueryOf) -> Response:
    """Return the resources of a selection as a workbook that says what it is."""
    return _download(XLSX, site, request, query)


@router.get(RIS.path, tags=["ressources"], response_class=Response, responses=RIS.documented)
@open_to(Profile.PUBLIC)
@counted_as(PageType.FILE)
def ris_file(site: SiteOf, request: Request, query: QueryOf) -> Response:
    """Return the resources of a selection as RIS, for programs that cite."""
    return _download(RIS, site, request, query)


@router.get(ATOM.path, tags=["ressources"], response_class=Response, responses=ATOM.documented)
@open_to(Profile.PUBLIC)
@counted_as(PageType.FILE)
def atom_file(site: SiteOf, request: Request, query: QueryOf) -> Response:
    """Return the fifty resources of a selection that were published last as an Atom feed."""
    return _download(ATOM, site, request, query)


@router.get(f"{PATH}/{{resource_id}}/citation.ris", include_in_schema=False)
@open_to(Profile.PUBLIC)
@counted_as(PageType.FILE)
def citation_file(site: SiteOf, request: Request, resource_id: str) -> Response:
    """Return the record of one resource as RIS."""
    base = site.base(request)

    def write(file: IO[bytes]) -> str:
        with read(site.databases.public) as session:
            resource = read_resource(session, PUBLIC, resource_id)
        file.write(ris.write([resource], base).encode())
        return f"{resource.slug[:60]}.ris"

    return Download(write, ris.MEDIA_TYPE, site.settings.wait_most)


def _download(file_format: Format, site: Site, request: Request, query: Query) -> Response:
    now, base = site.now().astimezone(PARIS_TIME), site.base(request)

    def write(file: IO[bytes]) -> str:
        with read(site.databases.public) as session:
            ids = _ids(session, site, query, file_format)
            selection = Selection(
                site=base,
                address=f"{base}{query.but().url()}",
                feed=f"{base}{query.but().url(file_format.path)}",
                publisher=site.settings.publisher,
                at=now,
                total=len(ids),
                batches=read_all(session, PUBLIC, ids),
            )
            file_format.write(selection, file)
        # The name says nothing of the words: it stays in the folder of downloads.
        return f"ressources-{now:%Y-%m-%d}.{file_format.extension}"

    return Download(write, file_format.media_type, site.settings.wait_most)


def _ids(session: Session, site: Site, query: Query, file_format: Format) -> Sequence[str]:
    asked = (session, PUBLIC, query, index_cached_by(site))
    if file_format is ATOM:
        # Whoever follows a selection waits for what is new in it, and not for what is of this year.
        return last_published(session, PUBLIC, select_ids(*asked, None), ATOM.most)
    return select_ids(*asked, file_format.most)
