"""A page of the desk: its shell knows who is signed in, and which rooms their role opens."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request
from fastapi.responses import HTMLResponse

from app.accounts.people import ROLE_LABELS
from app.accounts.sessions import SEEN_EACH, SignedIn
from app.desk.shell.gate import Desk, viewer_of
from app.models import Role
from app.models.account import IDLE
from app.operations.rail import waits
from app.platform.database.sessions import read
from app.platform.web.permissions import STAFF
from app.platform.web.site import Site

ADMIN = frozenset({Role.ADMINISTRATEUR})
WORKERS = STAFF - ADMIN


@dataclass(frozen=True, slots=True)
class Room:
    """A line of the rail. key: goes there after `g`. also: pages led to from it."""

    name: str
    path: str
    key: str
    roles: frozenset[Role]
    also: str = ""


ROOMS = (
    Room("Aujourd’hui", "/gestion", "j", STAFF),
    Room("Acteurs", "/gestion/acteurs", "a", WORKERS),
    Room(
        "Listes",
        "/gestion/imports",
        "s",
        frozenset({Role.CURATEUR, Role.REFERENT_DEPARTEMENT}),
    ),
    Room("Signalements", "/gestion/signalements", "e", WORKERS),
    Room("Appels à passer", "/gestion/appels", "b", WORKERS),
    Room("Confirmations", "/gestion/confirmations", "h", WORKERS),
    Room("À classer", "/gestion/a-classer", "c", WORKERS - {Role.REFERENT_ETAT}),
    Room("Masqués", "/gestion/masques", "m", WORKERS - {Role.REFERENT_ETAT}),
    Room("Points à vérifier", "/gestion/points", "v", WORKERS),
    Room("Propositions", "/gestion/propositions", "p", frozenset({Role.CURATEUR})),
    Room(
        "Doublons",
        "/gestion/doublons",
        "w",
        frozenset({Role.CURATEUR, Role.REFERENT_DEPARTEMENT}),
    ),
    Room(
        "Désaccords",
        "/gestion/desaccords",
        "d",
        frozenset({Role.CURATEUR, Role.REFERENT_DEPARTEMENT}),
    ),
    Room(
        "Sources",
        "/gestion/sources",
        "f",
        frozenset({Role.CURATEUR, Role.REFERENT_DEPARTEMENT}),
    ),
    Room(
        "Cartes des sites",
        "/gestion/cartes",
        "n",
        frozenset({Role.CURATEUR, Role.REFERENT_DEPARTEMENT}),
    ),
    Room("Ressources", "/gestion/ressources", "x", WORKERS),
    Room("Agenda", "/gestion/agenda", "g", WORKERS),
    Room("Lettres", "/gestion/lettres", "2", ADMIN | {Role.CURATEUR}),
    Room("Couverture", "/gestion/couverture", "u", WORKERS),
    Room("États des lieux", "/gestion/etat-des-lieux", "y", WORKERS, "/gestion/cdlp"),
    Room("Statistiques", "/gestion/statistiques", "k", STAFF),
    Room("Compétence", "/gestion/competence", "q", WORKERS),
    Room("Territoires", "/gestion/territoires", "r", ADMIN | {Role.CURATEUR}),
    Room(
        "Demandes d’accès",
        "/gestion/demandes",
        "z",
        frozenset({Role.CURATEUR, Role.REFERENT_DEPARTEMENT}),
    ),
    Room("Réseau", "/gestion/reseau", "3", ADMIN | {Role.CURATEUR}),
    Room("Comptes", "/gestion/comptes", "o", ADMIN),
    Room("Journal", "/gestion/journal", "l", ADMIN),
    Room("Travaux", "/gestion/travaux", "t", ADMIN | {Role.CURATEUR}),
    Room("Mon compte", "/gestion/compte", "i", STAFF),
)


def render(
    request: Request,
    template: str,
    signed: SignedIn | None,
    *,
    http_status: int = 200,
    **context: object,
) -> HTMLResponse:
    """Return a page of the desk; signed: who sees it, None at the door."""
    site: Site = request.app.state.site
    desk: Desk = request.app.state.desk
    path = request.url.path
    rooms = [room for room in ROOMS if signed is not None and signed.role in room.roles]
    here = max((room.path for room in rooms if _is_in(path, room)), key=len, default="")
    return site.page(
        template,
        http_status=http_status,
        signed=signed,
        role_label=ROLE_LABELS[signed.role] if signed else "",
        rooms=rooms,
        here=here,
        waits=_waits(desk, signed, rooms),
        idle_seconds=_seconds_left(signed, site.now()),
        **context,
    )


def _waits(desk: Desk, signed: SignedIn | None, rooms: Collection[Room]) -> dict[str, int]:
    """Return path of a room -> how much waits there."""
    if signed is None or not rooms:
        return {}
    paths = {room.path.rpartition("/")[2]: room.path for room in rooms}
    with read(desk.engine) as session:
        found = waits(session, desk.vault, viewer_of(signed), str(signed.account_id), paths.keys())
    return {paths[name]: count for name, count in found.items()}


def _seconds_left(signed: SignedIn | None, now: datetime) -> int:
    """Return for how long a session goes on if nothing is done; it is noted once a minute."""
    left = min(IDLE - SEEN_EACH, signed.ends_at - now) if signed else IDLE
    return int(left.total_seconds())


def _is_in(path: str, room: Room) -> bool:
    roots = (each for each in (room.path, room.also) if each)
    return any(path == each or path.startswith(f"{each}/") for each in roots)
