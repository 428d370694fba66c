"""The page of a member: what one reads of them, a text to them, and to want none of theirs."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts.sessions import SignedIn
from app.desk.network.charter_routes import NETWORK
from app.desk.network.viewing import viewer_of
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.errors import Mesure23Error
from app.gazetteer.territories import read_names
from app.models import Role
from app.network import directory, messages
from app.network.committee_errors import ChildNamed
from app.network.errors import MemberUnknown, MessageWrong, OwnBlock, WrittenTooOften
from app.network.messages import TEXT_MAX
from app.network.words import FUNCTIONS, languages, themes
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to

router = APIRouter(prefix=f"{NETWORK}/membres")
# The same whatever becomes of a text.
DONE = {
    "ecrit": "C’est noté : votre texte part dans quelques minutes, si cette personne peut le"
    " recevoir. Rien ne dira s’il est arrivé ; sa réponse vous viendra par courriel.",
    "bloque": "C’est fait : plus aucun texte de cette personne ne vous sera envoyé. Rien ne le lui"
    " dit.",
    "debloque": "C’est fait : cette personne peut de nouveau vous écrire.",
}


@router.get("/{member_id}")
@open_to(Role.PROFESSIONNEL)
def member(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    member_id: UUID,
    fait: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show a member, as whoever reads may; raise NotMember or MemberUnknown."""
    return _page(request, desk, signed, member_id, done=DONE.get(fait, ""))


# A sign of a text may be sent as twelve.
@router.post("/{member_id}/ecrire", max_body_size=16 * TEXT_MAX)
@open_to(Role.PROFESSIONNEL)
def write_to(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    member_id: UUID,
    texte: Annotated[str, Form(max_length=4 * TEXT_MAX)] = "",
) -> Response:
    """Write to a member; raise NotMember or MemberUnknown."""
    asker = gate.asker_of(signed, desk.now())
    try:
        with write(desk.engine) as session:
            messages.write_to(session, desk.vault, asker, member_id, texte)
    except (MessageWrong, ChildNamed, WrittenTooOften, OwnBlock) as error:
        return _page(request, desk, signed, member_id, text=texte, error=error)
    return RedirectResponse(f"{NETWORK}/membres/{member_id}?fait=ecrit", 303)


@router.post("/{member_id}/bloquer")
@open_to(Role.PROFESSIONNEL)
def block(
    desk: DeskOf, signed: Signed, member_id: UUID, bloquer: Annotated[bool, Form()] = True
) -> Response:
    """Want nothing more of a member, or again; raise NotMember or MemberUnknown."""
    own, now = signed.account_id, desk.now()
    with write(desk.engine) as session:
        viewer = viewer_of(desk, signed)
        if directory.read_member(session, desk.vault, viewer, {}, member_id).is_own:
            raise MemberUnknown
        if bloquer:
            messages.block(session, own, member_id, now)
        else:
            messages.unblock(session, own, member_id)
    done = "bloque" if bloquer else "debloque"
    return RedirectResponse(f"{NETWORK}/membres/{member_id}?fait={done}", 303)


def _page(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    member_id: UUID,
    *,
    text: str = "",
    error: Mesure23Error | None = None,
    done: str = "",
) -> Response:
    with read(desk.engine) as session:
        names = read_names(session)
        given = (viewer_of(desk, signed), names, member_id)
        found = directory.read_member(session, desk.vault, *given)
        is_blocked = messages.blocks(session, signed.account_id, member_id)
    return render(
        request,
        "desk/network/member.html",
        signed,
        http_status=error.status if error else 200,
        member=found,
        is_blocked=is_blocked,
        text=text,
        text_max=TEXT_MAX,
        most=messages.MOST_A_DAY,
        error=error,
        done=done,
        functions=FUNCTIONS,
        themes=themes(),
        languages=languages(),
        names=names,
        path=NETWORK,
    )
