"""Who asks for a page of the desk: found by the cookie, and let in where the route says so."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote, unquote, urlsplit

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.accounts import sessions
from app.accounts.passkeys import Party
from app.accounts.sessions import SEEN_EACH, SignedIn
from app.accounts.signing_in import Door
from app.audit.journal import Author
from app.errors import Mesure23Error
from app.gazetteer.territories import read_names
from app.models import Role
from app.platform.database.sessions import read, write
from app.platform.oidc.provider import Provider
from app.platform.web.clients import counted
from app.platform.web.permissions import Profile, audience_of
from app.settings import Settings
from app.vault.sealing import Vault
from app.visibility import Viewer
from app.visible.asking import Asker

# For this host alone, over an encrypted connection alone, and sent by no other site's page.
COOKIE = "__Host-mesure23"
DOOR, HOME, DEPOSIT, PRO = "/connexion", "/gestion", "/depot", "/pro"
# What a professional is told of an actor.
PLACES = f"{PRO}/acteurs"
# Of the desk this alone is everybody's who signs in.
OWN_ACCOUNT = f"{HOME}/compte"
LONGEST_WAY = 500


class SignInNeeded(Mesure23Error):
    """Votre session a pris fin : ce que vous venez d’envoyer n’est pas enregistré."""

    status = 401
    title = "Session terminée"
    # A script says it in the page where it put a draft aside; without one there is none.
    advice = (
        "Connectez-vous : vous reviendrez à la même page. Si elle disait « Brouillon mis de "
        "côté », elle vous proposera ce brouillon ; sinon, c’est à écrire de nouveau."
    )


class NotAllowed(Mesure23Error):
    """Votre rôle ne donne pas accès à cette page."""

    status = 403
    title = "Accès réservé"
    advice = "Si vous en avez besoin, demandez-le à un administrateur du service."


class StaffOnly(Mesure23Error):
    """Cette page est réservée à l’équipe qui tient la cartographie."""

    status = 403
    title = "Page réservée à l’équipe"
    advice = "Ce qui vous est ouvert se trouve dans votre espace."


class FactorNeeded(Mesure23Error):
    """Ce geste demande de confirmer votre identité."""

    status = 403
    title = "Identité à confirmer"
    advice = "Confirmez votre identité, puis recommencez."


@dataclass(frozen=True, slots=True)
class Desk:
    """What the routes of the desk share: the staff login and the keys.

    provider: by whom professionals may sign in as well. now: a test gives its own.
    """

    settings: Settings
    engine: Engine
    vault: Vault
    provider: Provider | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


def desk_of(request: Request) -> Desk:
    """Return what the routes of the desk share."""
    desk: Desk = request.app.state.desk
    return desk


DeskOf = Annotated[Desk, Depends(desk_of)]


def origin_of(request: Request) -> str:
    """Return the origin of the desk as staff know it."""
    settings: Settings = request.app.state.desk.settings
    return settings.desk_url or settings.public_url or str(request.base_url).rstrip("/")


def party_of(request: Request) -> Party:
    """Return whom passkeys are made for."""
    origin = origin_of(request)
    return Party(urlsplit(origin).hostname or "localhost", origin)


def door_of(request: Request, desk: DeskOf) -> Door:
    """Return where somebody comes in."""
    device = request.headers.get("user-agent", "")
    return Door(desk.engine, desk.vault, counted(request.scope), device, desk.now())


DoorOf = Annotated[Door, Depends(door_of)]
PartyOf = Annotated[Party, Depends(party_of)]


def find_signed_in(request: Request, desk: DeskOf) -> SignedIn | None:
    """Return who is signed in; their session is noted as used, at most once a minute."""
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    now = desk.now()
    with read(desk.engine) as session:
        signed = sessions.find(session, desk.vault, token, now)
    if signed is not None and now - signed.seen_at >= SEEN_EACH:
        with write(desk.engine) as session:
            sessions.see(session, signed, now)
    return signed


MaybeSigned = Annotated[SignedIn | None, Depends(find_signed_in)]


def guard(request: Request, signed: MaybeSigned) -> None:
    """Let in whom the route is declared for; of every route of the desk, and before its own code.

    Raises SignInNeeded, NotAllowed or StaffOnly.
    """
    audience = audience_of(request.scope.get("endpoint")) or frozenset()
    if audience & set(Profile):
        return
    if signed is None:
        raise SignInNeeded
    if signed.role not in audience:
        raise StaffOnly if signed.role is Role.PROFESSIONNEL else NotAllowed


def _signed_in(signed: MaybeSigned) -> SignedIn:
    if signed is None:
        raise SignInNeeded
    return signed


Signed = Annotated[SignedIn, Depends(_signed_in)]


def _just_proved(signed: Signed, desk: DeskOf) -> SignedIn:
    """Return who is signed in and showed a factor a moment ago; raise FactorNeeded."""
    if not signed.has_just_proved(desk.now()):
        raise FactorNeeded
    return signed


Proved = Annotated[SignedIn, Depends(_just_proved)]


def author_of(signed: SignedIn) -> Author:
    """Return how the journal names who is signed in."""
    return Author(str(signed.account_id), signed.role.value)


def viewer_of(signed: SignedIn) -> Viewer:
    """Return what who is signed in may read of actors: a professional what the public does."""
    if signed.role is Role.PROFESSIONNEL:
        return Viewer.professional()
    return Viewer.staff(signed.role, signed.territories, str(signed.account_id))


def asker_of(signed: SignedIn, now: datetime) -> Asker:
    """Return a professional who is signed in, as what is for them is read."""
    return Asker(signed.account_id, signed.session_id, now)


def territories_of(session: Session, signed: SignedIn) -> dict[str, str]:
    """Return the territories that somebody works on, by code."""
    names = read_names(session)
    own = signed.territories
    return {code: name for code, name in names.items() if not own or code in own}


def home_of(role: Role) -> str:
    """Return the page that somebody who signs in comes to."""
    return PRO if role is Role.PROFESSIONNEL else HOME


def own_way(given: str, role: Role | None = None) -> str:
    """Return where to go on: a page of the desk, whatever an address asks for.

    role: of who is signed in, of whose pages it is one then.
    """
    parts = urlsplit(given)
    # A browser climbs by "..", however it is written.
    climbs = ".." in unquote(parts.path).split("/")
    inside = not climbs and any(_is_below(parts.path, each) for each in _pages_of(role))
    whole = inside and not parts.scheme and not parts.netloc and len(given) <= LONGEST_WAY
    if whole and given.isprintable() and "\\" not in given:
        return given
    return home_of(role) if role else HOME


def _pages_of(role: Role | None) -> tuple[str, ...]:
    if role is None:
        return HOME, PRO
    return (PRO, OWN_ACCOUNT) if role is Role.PROFESSIONNEL else (HOME,)


def _is_below(path: str, page: str) -> bool:
    return path == page or path.startswith(f"{page}/")


def to_the_door(request: Request) -> Response:
    """Lead whoever is not signed in to the door, and back to this page afterwards."""
    way = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(door_to(way), 303)


def door_to(way: str) -> str:
    """Return the address of the door from which somebody goes on to a page of the desk."""
    return f"{DOOR}?suite={quote(own_way(way))}"


def way_back(request: Request) -> str:
    """Return the page of the desk that a form stood on."""
    referrer = urlsplit(request.headers.get("referer", ""))
    return own_way(referrer.path + (f"?{referrer.query}" if referrer.query else ""))


def remember(response: Response, token: str) -> None:
    """Hand a browser the cookie of its session, which ends with the browser at the latest."""
    response.set_cookie(COOKIE, token, path="/", secure=True, httponly=True, samesite="lax")


def forget(response: Response) -> None:
    """Take the cookie back."""
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")


def is_role(signed: SignedIn | None, *roles: Role) -> bool:
    """Say whether somebody has one of some roles."""
    return signed is not None and signed.role in roles
