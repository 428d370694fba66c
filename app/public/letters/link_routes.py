"""What somebody does by the link of a mail: they confirm that they want the letter, leave it, or
end an alert.

Nothing that is stored is read or shown: of a link that we signed it is said alike that it is done,
whoever has the address by now.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Path, Request, Response

from app.errors import Mesure23Error
from app.inbox.acting import Asked, Checker, Deed, put_act, read_link_keys
from app.inbox.putting import NotPut, read_lock
from app.platform.database.sessions import read, write
from app.platform.mail.links import LONGEST, Aim, Link
from app.platform.web.permissions import Profile, open_to
from app.platform.web.same_origin import refuse_foreign
from app.platform.web.site import Site, SiteOf
from app.platform.web.turns import MessageInTurn

router = APIRouter(route_class=MessageInTurn)
CONFIRMATION = "/lettres/confirmation/{token}"
# Below them whoever has a link of ours is never told to come back later.
LEAVING = ("/lettres/quitter/", "/alertes/quitter/")
OF_LETTER, OF_ALERT = (f"{each}{{token}}" for each in LEAVING)
# What whoever confirms agrees to, as the page says it and as it is kept.
AGREED = (
    "Je demande à recevoir à cette adresse la lettre d’information du centre de ressources de la "
    "mesure 23, et rien d’autre. Chaque lettre a un lien pour ne plus la recevoir."
)
Token = Annotated[str, Path(max_length=200)]
# A button; a program that leaves in one press names none.
Wish = Annotated[str, Form(max_length=20)]
# Its own form would say "Origin: null" without it.
OWN_REFERRER = {"Referrer-Policy": "same-origin"}


@dataclass(frozen=True, slots=True)
class Leaving:
    """What one leaves by a link of its mails. wishes: what each button of its page asks for."""

    aim: Aim
    template: str
    wishes: Mapping[str, Deed]


LETTER = Leaving(
    Aim.LEAVE,
    "public/letters/leave.html",
    {
        "quitter": "leave",
        "tout": "leave_all",
        "trimestre": "quarterly",
        "chaque": "each",
        "lien": "link_only",
        "entiere": "whole",
    },
)
ALERT = Leaving(
    Aim.LEAVE_ALERT,
    "public/letters/leave_alert.html",
    {"quitter": "leave", "tout": "leave_all", "semaine": "weekly", "mois": "monthly"},
)


class LinkOver(Mesure23Error):
    """Ce lien ne sert plus : il dure trois jours, ou n’a pas été copié en entier."""

    status = 410
    title = "Lien terminé"
    advice = "Inscrivez-vous de nouveau : un autre message part."


def checker_of(request: Request) -> Checker:
    """Return what knows links of ours."""
    checker: Checker = request.app.state.links
    return checker


CheckerOf = Annotated[Checker, Depends(checker_of)]


@router.get(CONFIRMATION, include_in_schema=False)
@open_to(Profile.PUBLIC)
def question(site: SiteOf, links: CheckerOf, token: Token) -> Response:
    """Ask whether somebody wants the letter; raise LinkOver. Nothing is changed."""
    _to_confirm(site, links, token)
    return _page(site, "public/letters/confirm.html", token, done="", agreed=AGREED)


@router.post(CONFIRMATION, include_in_schema=False, dependencies=[Depends(refuse_foreign)])
@open_to(Profile.PUBLIC)
def confirm(
    site: SiteOf,
    links: CheckerOf,
    token: Token,
    reponse: Annotated[Literal["oui", "non"], Form()],
    forme: Annotated[Literal["entiere", "lien"], Form()] = "entiere",
) -> Response:
    """Have it noted that somebody wants the letter, or does not; raise LinkOver or NotPut."""
    link, yes = _to_confirm(site, links, token), reponse == "oui"
    shown, only = (AGREED if yes else ""), yes and forme == "lien"
    deed: Deed = "confirm" if yes else "leave"
    _put(site, link, Asked(token=token, deed=deed, link_only=only, shown=shown))
    return _page(site, "public/letters/confirm.html", token, done=reponse, agreed=AGREED)


@router.get(OF_LETTER, include_in_schema=False)
@open_to(Profile.PUBLIC)
def choices(site: SiteOf, token: Token) -> Response:
    """Show how one leaves the letter, or has less of it, whatever the link. Nothing is changed."""
    return _page(site, LETTER.template, token, done="")


@router.post(OF_LETTER, include_in_schema=False)
@open_to(Profile.PUBLIC)
def leave(site: SiteOf, links: CheckerOf, token: Token, geste: Wish = "quitter") -> Response:
    """Have it noted that somebody leaves, from any page and any program; raise NotPut.

    The link says all: no cookie, session or origin is asked for (RFC 8058), and what is answered
    is the same of one that is none of ours.
    """
    return _leave(site, links, token, geste, LETTER)


@router.get(OF_ALERT, include_in_schema=False)
@open_to(Profile.PUBLIC)
def choices_of_alert(site: SiteOf, token: Token) -> Response:
    """Show how one ends an alert, or is told less often, whatever the link. Nothing is changed."""
    return _page(site, ALERT.template, token, done="")


@router.post(OF_ALERT, include_in_schema=False)
@open_to(Profile.PUBLIC)
def leave_alert(site: SiteOf, links: CheckerOf, token: Token, geste: Wish = "quitter") -> Response:
    """Have it noted that somebody ends an alert, as the letter is left; raise NotPut."""
    return _leave(site, links, token, geste, ALERT)


def _leave(site: Site, links: Checker, token: str, wish: str, leaving: Leaving) -> Response:
    deed = leaving.wishes.get(wish)
    if deed is None:
        return _page(site, leaving.template, token, done="")
    link = _link(site, links, token)
    if link is not None and link.aim is leaving.aim:
        _put(site, link, Asked(token=token, deed=deed))
    return _page(site, leaving.template, token, done=wish)


def _to_confirm(site: Site, links: Checker, token: str) -> Link:
    link = _link(site, links, token)
    if link is None or link.aim is not Aim.CONFIRM or link.is_over(site.now()):
        raise LinkOver
    return link


def _link(site: Site, links: Checker, token: str) -> Link | None:
    def read_keys() -> tuple[bytes, ...]:
        with read(site.databases.public) as session:
            return read_link_keys(session)

    return links.find(read_keys, token) if len(token) <= LONGEST else None


def _put(site: Site, link: Link, asked: Asked) -> None:
    with read(site.databases.public) as session:
        lock = read_lock(session)
    if site.databases.inbox is None or lock is None:
        raise NotPut
    with write(site.databases.inbox) as session:
        put_act(session, lock, link.subject, asked)


def _page(site: Site, template: str, token: str, **more: str) -> Response:
    page = site.page(template, http_status=200, token=token, **more)
    page.headers.update(OWN_REFERRER)
    return page
