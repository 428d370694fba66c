"""What was written in the form of an actor that is no longer where the form left it: never lost."""

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.sessions import SignedIn
from app.desk.actors.errand import errand_of
from app.desk.actors.form import LABELS, said
from app.desk.actors.sheet_routes import find
from app.desk.actors.showing import ACTORS
from app.desk.shell.gate import Desk
from app.desk.shell.page import render
from app.errors import ActorUnknown, Mesure23Error
from app.models import Actor
from app.platform.database.sessions import write
from app.records import drafts
from app.records.correcting import Wish
from app.records.sheets import Sheet


class SheetGone(Mesure23Error):
    """Il n’y a plus, à cette adresse, de fiche que vous puissiez corriger. Une fiche en change
    quand elle est protégée, ou quand sa protection est levée.
    """

    status = 404
    title = "Rien n’est enregistré"
    advice = "Ce que vous aviez écrit est ci-dessous : copiez-le, puis cherchez dans Acteurs."


def find_again(session: Session, desk: Desk, signed: SignedIn, public_id: str, wish: Wish) -> Sheet:
    """Return the sheet that a form is of, at the address that it has now; raise ActorUnknown."""
    try:
        return find(session, desk, signed, public_id)
    except ActorUnknown:
        # It has another address once it is protected, which whoever works on it may read.
        now_at = session.scalar(select(Actor.public_id).where(Actor.id == wish.actor))
        return find(session, desk, signed, now_at or "")


def put_aside(
    request: Request, desk: Desk, signed: SignedIn, wish: Wish, public_id: str
) -> Response:
    """Store what was written for whoever still works on its actor, and lead there, for what the
    form was opened for; to others, who may not know where it is, show their own words again.
    """
    try:
        with write(desk.engine) as session:
            sheet = find_again(session, desk, signed, public_id, wish)
            given = (signed.account_id, sheet.actor_id, wish.entered, wish.based_on, desk.now())
            drafts.store(session, desk.vault, *given)
    except ActorUnknown:
        return _shown_again(request, signed, wish)
    errand = errand_of(request)
    if not sheet.is_masked:
        form = f"{ACTORS}/{sheet.public_id}/modifier"
        return RedirectResponse(f"{form}{errand.added}reprendre=true", 303)
    why = "referme" if sheet.public_id == public_id else "protege_depuis"
    return RedirectResponse(f"{ACTORS}/{sheet.public_id}{errand.added}fait={why}", 303)


def _shown_again(request: Request, signed: SignedIn, wish: Wish) -> Response:
    gone = SheetGone()
    words = {LABELS[name]: said(name, text) for name, text in wish.entered.items() if text.strip()}
    template = "desk/actors/moved.html"
    return render(request, template, signed, http_status=gone.status, error=gone, words=words)
