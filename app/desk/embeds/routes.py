"""Maps that other sites show: registered after a look at them, and taken back for good."""

import re
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.accounts.people import names_of
from app.accounts.sessions import SignedIn
from app.audit.actions import Action
from app.audit.journal import add
from app.desk.shell import gate
from app.desk.shell.copies import still_shown_by
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.embeds.address import ADDRESS_MAX, EmbedUnknown, Shown, address_in, read_address
from app.embeds.code import HEIGHT, frame_title, iframe
from app.embeds.ids import ID, RegisteredUnknown
from app.embeds.legibility import warnings
from app.embeds.registered import lockable, path_of
from app.embeds.registration import (
    CONTACT_MAX,
    NAME_MAX,
    ORIGINS_MAX,
    Draft,
    EmbedInvalid,
    in_words,
    is_for,
    register,
    selected,
)
from app.embeds.stored import Registration, read_all, read_registration, revoke
from app.errors import Mesure23Error
from app.gazetteer.territories import read_names
from app.models import Role, new_embed_id
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to
from app.platform.web.site import Site
from app.statistics.folding import FLOOR
from app.statistics.reading import read_shown
from geo.zones import paris_day

HERE = f"{gate.HOME}/cartes"
router = APIRouter(prefix=HERE)
KEEPERS = (Role.CURATEUR, Role.REFERENT_DEPARTEMENT)
# Characters of a code with its address, and of why a map is taken back.
CODE_MAX, WHY_MAX = ADDRESS_MAX + 1_000, 500
Code = Annotated[str, Query(max_length=CODE_MAX)]
Text = Annotated[str, Form(max_length=5_000)]
DONE = {
    "faite": "La carte est enregistrée. Collez son code dans la page du site.",
    "retiree": "La carte est retirée : à sa place, une phrase le dit dès maintenant.",
    "deja": "Cette carte était déjà retirée.",
}


class EmbedElsewhere(Mesure23Error):
    """Cette carte montre d’autres territoires que les vôtres, ou l’entourage d’un lieu."""

    status = 403
    title = "Carte d’autres territoires"
    advice = "Choisissez vos seuls territoires, ou demandez cette carte à un curateur."


class PublicAddressUnknown(Mesure23Error):
    """Le bureau ne sait pas à quelle adresse est la carte publique."""

    status = 409
    title = "Adresse publique inconnue"
    advice = "Demandez à l’exploitant d’indiquer MESURE23_PUBLIC_URL."


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the form of a new map sends."""

    name: str = ""
    sites: str = ""
    subdomains: bool = False
    contact: str = ""


@router.get("")
@open_to(*KEEPERS)
def embeds(request: Request, desk: DeskOf, signed: Signed) -> Response:
    """Show the maps that somebody keeps, those that are shown first."""
    viewer = gate.viewer_of(signed)
    with read(desk.engine) as session:
        all_of_them = [(each, selected(session, each)) for each in read_all(session)]
        found = [(each, search) for each, search in all_of_them if is_for(viewer, search)]
        words = {each.id: in_words(session, search) for each, search in found if search}
        shown = read_shown(session, [each.id for each, _ in found], paris_day(desk.now()))
    return render(
        request,
        "desk/embeds.html",
        signed,
        found=[each for each, _ in found],
        words=words,
        shown=shown,
        floor=FLOOR,
    )


@router.get("/nouvelle")
@open_to(*KEEPERS)
def new(request: Request, desk: DeskOf, signed: Signed, code: Code = "") -> Response:
    """Show the map of a code, and the form that registers it."""
    return _form(request, desk, signed, code, Given(), new_embed_id())


@router.post("")
@open_to(*KEEPERS)
def create(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    code: Annotated[str, Form(max_length=CODE_MAX)],
    carte: Annotated[str, Form(pattern=ID.pattern)],
    nom: Text = "",
    sites: Text = "",
    contact: Text = "",
    sous_domaines: Annotated[bool, Form()] = False,
) -> Response:
    """Register a map. carte: the id that it takes, so that two presses make one map."""
    given = Given(name=nom, sites=sites, subdomains=sous_domaines, contact=contact)
    try:
        with write(desk.engine) as session:
            shown = _shown(request, session, signed, code)
            draft = Draft(
                search=lockable(session, shown.search),
                look=shown.look,
                origins=tuple(re.split(r"[\s,;]+", sites.strip())) if sites.strip() else (),
                subdomains=sous_domaines,
                name=nom,
                contact=contact.strip() or None,
            )
            register(session, draft, str(signed.account_id), carte)
            add(session, desk.vault, gate.author_of(signed), Action.EMBED_MADE, carte)
    except Mesure23Error as error:
        return _form(request, desk, signed, code, given, carte, error)
    return RedirectResponse(f"{HERE}/{carte}?fait=faite", 303)


@router.get("/{embed_id}")
@open_to(*KEEPERS)
def embed(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    embed_id: str,
    fait: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show a map with its code."""
    return _page(request, desk, signed, embed_id, done=DONE.get(fait, ""))


@router.post("/{embed_id}/retirer")
@open_to(*KEEPERS)
def take_back(
    request: Request, desk: DeskOf, signed: Signed, embed_id: str, raison: Text = ""
) -> Response:
    """Revoke a map, for good."""
    why = " ".join(raison.split())
    if not 0 < len(why) <= WHY_MAX:
        wrong = EmbedInvalid(problem=f"dites pourquoi, en {WHY_MAX} signes au plus")
        return _page(request, desk, signed, embed_id, why=raison, error=wrong)
    with write(desk.engine) as session:
        _own(session, signed, embed_id)
        who = str(signed.account_id)
        _, done = revoke(session, desk.vault, embed_id, who=who, why=why)
        if done:
            add(session, desk.vault, gate.author_of(signed), Action.EMBED_REVOKED, embed_id)
    return RedirectResponse(f"{HERE}/{embed_id}?fait={'retiree' if done else 'deja'}", 303)


def _form(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    code: str,
    given: Given,
    embed_id: str,
    error: Mesure23Error | None = None,
) -> Response:
    """Return the page of a new map: what its code shows, and what is still to be said."""
    shown, words, name = None, "", ""
    with read(desk.engine) as session:
        if code.strip():
            try:
                shown = _shown(request, session, signed, code)
                words = in_words(session, lockable(session, shown.search))
                codes = shown.search.territories
                name = read_names(session)[codes[0]] if len(codes) == 1 else ""
            except Mesure23Error as wrong:
                shown, error = None, error or wrong
    base = _base(request) or ""
    page = render(
        request,
        "desk/embed_new.html",
        signed,
        http_status=error.status if error else 200,
        code=code,
        shown=shown,
        words=words,
        src=f"{base}{shown.src}" if shown else "",
        height=HEIGHT,
        warnings=warnings(shown.look) if shown else [],
        given=given if given != Given() else Given(name=name),
        embed_id=embed_id,
        error=error,
        limits={"name": NAME_MAX, "contact": CONTACT_MAX, "code": CODE_MAX, "sites": ORIGINS_MAX},
    )
    if shown:
        # For the map that is looked at: no other page of the desk has frames.
        site: Site = request.app.state.site
        policy = f"{site.headers.content_security()}; frame-src {_origin(base)}"
        page.headers["Content-Security-Policy"] = policy
    return page


def _page(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    embed_id: str,
    *,
    done: str = "",
    why: str = "",
    error: Mesure23Error | None = None,
) -> Response:
    with read(desk.engine) as session:
        found = _own(session, signed, embed_id)
        search = selected(session, found)
        known = {each for each in (found.created_by, found.revoked_by) if each}
        people = names_of(session, desk.vault, known)
        base = _base(request)
        code = ""
        if search and base is not None and not found.revoked_at:
            title = frame_title(search, read_names(session))
            code = iframe(base + path_of(found.id), title, HEIGHT)
        words = in_words(session, search) if search else ""
        shown = read_shown(session, [embed_id], paris_day(desk.now()))[embed_id]
    return render(
        request,
        "desk/embed.html",
        signed,
        http_status=error.status if error else 200,
        embed=found,
        words=words,
        shown=shown,
        floor=FLOOR,
        people=people,
        code=code,
        path=path_of(found.id),
        longest=WHY_MAX,
        why=why,
        done=done,
        copies=still_shown_by(desk) if done == DONE["retiree"] else [],
        error=error,
    )


def _own(session: Session, signed: SignedIn, embed_id: str) -> Registration:
    """Return a map that somebody keeps; raises RegisteredUnknown."""
    found = read_registration(session, embed_id)
    if not is_for(gate.viewer_of(signed), selected(session, found)):
        raise RegisteredUnknown
    return found


def _shown(request: Request, session: Session, signed: SignedIn, code: str) -> Shown:
    """Return what a code shows; raises what read_address does, and EmbedElsewhere."""
    base = _base(request)
    if base is None:
        raise PublicAddressUnknown
    address = address_in(code)
    if not address:
        raise EmbedUnknown
    shown = read_address(session, address, base)
    if not is_for(gate.viewer_of(signed), shown.search):
        raise EmbedElsewhere
    return shown


def _base(request: Request) -> str | None:
    """Return the address of public pages, None where the desk stands alone and knows none."""
    site: Site = request.app.state.site
    base = site.templates.globals["public_base"]
    return None if base is None else str(base) or gate.origin_of(request)


def _origin(base: str) -> str:
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.netloc}"
