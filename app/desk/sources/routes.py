"""Sources: which lists and registers came, when, how good they were, and who sends them."""

from collections.abc import Iterable
from typing import Annotated, Literal
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts.people import names_of
from app.accounts.sessions import SignedIn
from app.audit.actions import Action
from app.audit.journal import add
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.desk.sources.chart import FULL, Chart, chart, percent
from app.desk.sources.letter import letter
from app.desk.sources.words import CADENCES, COLUMNS, DONE, OUTCOMES, STATUSES
from app.errors import Mesure23Error
from app.gazetteer.territories import read_names
from app.lists import asked, links, source_files, source_settings
from app.lists.followed import LATEST, Contact, File, Followed, followed, read_one, silent
from app.lists.source_settings import RANKS, RankWrong, SettingsWrong, is_set_by
from app.models import Role
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to

HERE = f"{gate.HOME}/sources"
router = APIRouter(prefix=HERE)
FOLLOWERS = (Role.CURATEUR, Role.REFERENT_DEPARTEMENT)
Text = Annotated[str, Form(max_length=1_000)]
Undo = Annotated[str, Query(max_length=8_000)]
Page = Annotated[int, Query(ge=1, le=10_000)]
Known = Literal["created", "updated", "unchanged", "conflicting", "rejected", "ignored"]
Outcome = Literal["", Known, "left", "elsewhere"]
# As usual, in the menu of cadences.
USUALLY = "habitude"


@router.get("")
@open_to(*FOLLOWERS)
def sources(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    etat: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show every source of somebody, those that should have come first.

    etat: those alone, or those alone that are to be asked about somebody.
    """
    viewer = gate.viewer_of(signed)
    with read(desk.engine) as session:
        found = followed(session, desk.vault, viewer, desk.now())
        names = read_names(session)
        quiet = silent(session, viewer, names, desk.now())
        questions = asked.count(session, viewer)
    late = [each for each in found if each.is_late]
    only_late, only_asked = etat == "attendues", etat == "demandes"
    to_ask = [each for each in found if each.id in questions]
    wanted = late if only_late else to_ask if only_asked else found
    shown = [each for each in wanted if not each.register]
    registers: dict[str, list[Followed]] = {}
    for each in found:
        if each.register and not (only_late or only_asked):
            registers.setdefault(each.name, []).append(each)
    return render(
        request,
        "desk/sources.html",
        signed,
        shown=shown,
        registers=registers,
        total=len({each.name if each.register else each.id for each in found}),
        late=len(late),
        only_late=only_late,
        only_asked=only_asked,
        asked=questions,
        names=names,
        silent=quiet,
        charts={each.id: _whole(each.files) for each in shown},
        latest=LATEST,
        full=percent(FULL),
    )


def _whole(files: Iterable[File]) -> Chart | None:
    """Return the chart of what somebody has to look at; None where no file has counts."""
    shares = [each.share for each in files][::-1]
    known = [each for each in shares if each is not None]
    if not known:
        return None
    says = f"Lignes à revoir : {percent(known[-1])} du dernier fichier"
    if len(known) > 1:
        says += f", entre {percent(min(known))} et {percent(max(known))} des {len(known)} derniers"
    return chart(shares, FULL, says)


@router.get("/{source_id}")
@open_to(*FOLLOWERS)
def source(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    source_id: UUID,
    fait: Annotated[str, Query(max_length=20)] = "",
    avant: Undo = "",
    acteur: Annotated[str, Query(max_length=40)] = "",
    page: Page = 1,
) -> Response:
    """Show a source with its files.

    avant: what takes back what was just set; acteur: of whom it was just noted that it stays.
    """
    here = f"{HERE}/{source_id}"
    undo = (f"{here}/annuler", "avant", avant) if avant else None
    if acteur:
        undo = (f"{here}/reponses/annuler", "acteur", acteur)
    return page_of(request, desk, signed, source_id, done=DONE.get(fait, ""), undo=undo, page=page)


def page_of(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    source_id: UUID,
    *,
    done: str = "",
    undo: tuple[str, str, str] | None = None,
    page: int = 1,
    error: Mesure23Error | None = None,
    given: dict[str, str] | None = None,
    link: str = "",
    called: str = "",
) -> Response:
    """Return the page of a source; link: one just made, shown once; called: as it may not be."""
    viewer = gate.viewer_of(signed)
    with read(desk.engine) as session:
        found = read_one(session, desk.vault, viewer, source_id, desk.now())
        files = source_files.files_of(session, desk.vault, viewer, source_id, page)
        count = source_files.count_files(session, source_id)
        columns = source_files.columns_of(session, desk.vault, source_id)
        open_links = links.open_links(session, source_id, desk.now())
        questions = asked.questions(session, desk.vault, viewer, source_id)
        known = {each.file.who for each in files} | {each.made_by for each in open_links}
        known |= {each.who for each in questions}
        people = names_of(session, desk.vault, known)
        territories = read_names(session)
    return render(
        request,
        "desk/source.html",
        signed,
        http_status=error.status if error else 200,
        source=found,
        files=files,
        count_of_files=count,
        page=page,
        pages=max(1, -(-count // source_files.FILES_AT_ONCE)),
        columns=columns,
        fields=COLUMNS,
        people=people,
        links=open_links,
        questions=questions,
        letter=letter(questions, max((each.ends_at for each in open_links), default=None)),
        link=link,
        called=called,
        next_link=uuid4(),
        link_days=links.VALID_FOR.days,
        territory=territories.get(found.territory or "", ""),
        statuses=STATUSES,
        charts=_each(found),
        cadences=CADENCES,
        usually=USUALLY,
        ranks=sorted({*RANKS, found.rank}),
        may_set=is_set_by(viewer, found.register),
        tells_doubles=signed.role is Role.CURATEUR,
        given=given or _given(found),
        error=error,
        done=done,
        undo=undo,
    )


def _given(found: Followed) -> dict[str, str]:
    cadence = USUALLY if found.cadence is None else str(found.cadence)
    return found.contact._asdict() | {"rank": str(found.rank), "cadence": cadence}


def _each(found: Followed) -> list[tuple[str, Chart]]:
    """Return a chart of each thing that somebody has to look at, all of one scale."""
    files = found.files[::-1]
    counted = {
        "Lignes inutilisables": [each.unusable for each in files],
        "Peut-être en double": [each.doubtful for each in files],
        "Sans catégorie connue": [each.unclassified for each in files],
    }
    shares = {
        name: [
            None if number is None or not file.read else number / file.read
            for number, file in zip(numbers, files, strict=True)
        ]
        for name, numbers in counted.items()
    }
    shares = {name: each for name, each in shares.items() if any(one is not None for one in each)}
    known = [share for each in shares.values() for share in each if share is not None]
    if not known:
        return []
    full = max(*known, 0.01)
    return [(name, chart(each, full, _says(name, each))) for name, each in shares.items()]


def _says(name: str, shares: list[float | None]) -> str:
    known = [each for each in shares if each is not None]
    if not known:
        return f"{name} : pas comptées"
    return f"{name} : {percent(known[-1])} du dernier fichier, {percent(max(known))} au plus"


@router.post("/{source_id}")
@open_to(*FOLLOWERS)
def change(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    source_id: UUID,
    nom: Text = "",
    courriel: Text = "",
    telephone: Text = "",
    rang: Text = "",
    attendue: Text = "",
) -> Response:
    """Set the contact of a source; of a curateur rank and cadence as well."""
    try:
        contact = source_settings.read_contact(nom, courriel, telephone)
        chosen = _chosen(rang, attendue) if rang and attendue else None
        undo = _change(desk, signed, source_id, contact, chosen)
    except (SettingsWrong, RankWrong) as error:
        given = {"name": nom, "mail": courriel, "phone": telephone}
        given |= {"rank": rang, "cadence": attendue}
        return page_of(request, desk, signed, source_id, error=error, given=given)
    return back(source_id, "change" if undo else "pareil", undo)


@router.post("/{source_id}/effacer")
@open_to(*FOLLOWERS)
def erase(desk: DeskOf, signed: Signed, source_id: UUID) -> Response:
    """Erase the contact of a source."""
    undo = _change(desk, signed, source_id, source_settings.read_contact("", "", ""), None)
    return back(source_id, "efface" if undo else "pareil", undo)


@router.post("/{source_id}/annuler")
@open_to(*FOLLOWERS)
def take_back(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    source_id: UUID,
    avant: Annotated[str, Form(max_length=8_000)],
) -> Response:
    """Set a source as it was before what its reader just set."""
    viewer, now = gate.viewer_of(signed), desk.now()
    try:
        with write(desk.engine) as session:
            found = source_settings.undo(session, desk.vault, viewer, source_id, avant, now)
            detail = {"annulé": "oui", **found}
            author = gate.author_of(signed)
            add(session, desk.vault, author, Action.SOURCE_CHANGED, str(source_id), detail)
    except source_settings.TooLate as error:
        return page_of(request, desk, signed, source_id, error=error)
    return back(source_id, "annule", "")


def _chosen(rank: str, cadence: str) -> tuple[int, int | None]:
    """Return what menus give; raise RankWrong."""
    try:
        return int(rank), None if cadence == USUALLY else int(cadence)
    except ValueError:
        raise RankWrong from None


def _change(
    desk: Desk,
    signed: SignedIn,
    source_id: UUID,
    contact: Contact,
    chosen: tuple[int, int | None] | None,
) -> str:
    """Set what is given and note it; return what takes it back, "" where nothing changed."""
    viewer, now = gate.viewer_of(signed), desk.now()
    with write(desk.engine) as session:
        done = source_settings.change(session, desk.vault, viewer, source_id, contact, now, chosen)
        if not done.detail:
            return ""
        author = gate.author_of(signed)
        add(session, desk.vault, author, Action.SOURCE_CHANGED, str(source_id), done.detail)
    return done.undo


def back(source_id: UUID, done: str, undo: str) -> Response:
    asked = f"?fait={done}" + (f"&avant={undo}" if undo else "")
    return RedirectResponse(f"{HERE}/{source_id}{asked}", 303)


@router.get("/{source_id}/{file_id}")
@open_to(*FOLLOWERS)
def lines(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    source_id: UUID,
    file_id: UUID,
    devenir: Outcome = "",
    page: Page = 1,
) -> Response:
    """Show what became of each line of a file; devenir: of those alone."""
    viewer = gate.viewer_of(signed)
    with read(desk.engine) as session:
        found = read_one(session, desk.vault, viewer, source_id, desk.now())
        file = source_files.read_file(session, desk.vault, viewer, source_id, file_id)
        counts = source_files.count_lines(session, viewer, file_id)
        rows = source_files.lines_of(session, desk.vault, viewer, file_id, devenir, page)
    shown = counts.get(devenir, 0) if devenir else sum(counts.values())
    return render(
        request,
        "desk/source_file.html",
        signed,
        source=found,
        file=file,
        counts=counts,
        lines=rows,
        outcomes=OUTCOMES,
        wanted=devenir,
        page=page,
        pages=max(1, -(-shown // source_files.AT_ONCE)),
        statuses=STATUSES,
    )
