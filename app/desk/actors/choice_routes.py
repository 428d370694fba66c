"""What the operator of a protected place lets professionals be told, as it said to a curateur."""

import io
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts.errors import MailMalformed
from app.accounts.people import names_of, valid_mail
from app.accounts.sessions import SignedIn
from app.audit.actions import Action
from app.audit.journal import add
from app.desk.actors.protect_routes import StillMasked
from app.desk.actors.sheet_routes import find, to_open
from app.desk.actors.showing import ACTORS
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.errors import Mesure23Error
from app.models import Role
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to
from app.records.viewing import see_these
from app.revealing import choices, notices
from app.revealing.choices import (
    ChoiceChanged,
    DescribedByAnother,
    HiddenByOperator,
    NumberMissing,
    SaidTooEarly,
    SourceMissing,
)
from geo.zones import paris_day
from importers.dates import read_date
from importers.french_csv import defused, write_rows
from importers.phones import one_phone

router = APIRouter(prefix=ACTORS)
TITLES = ("Organisation", "Jour", "Contact")
DONE = {"note": "C’est noté. Ce qui était montré à un professionnel par le choix d’avant est fini."}


class DayWrong(Mesure23Error):
    """{why}"""

    status = 422
    title = "Date à corriger"
    advice = "Écrivez le jour où l’opérateur l’a dit, puis recommencez."


class NothingHidden(Mesure23Error):
    """Cette fiche est publique, ou secrète : il n’y a rien à communiquer à un professionnel."""

    status = 409
    title = "Rien à communiquer"
    advice = "Revenez à la fiche."


WRONG = (
    *(DayWrong, SourceMissing, NumberMissing, DescribedByAnother, MailMalformed),
    *(SaidTooEarly, HiddenByOperator, ChoiceChanged),
)


@router.get("/{public_id}/professionnels")
@open_to(Role.CURATEUR)
def choice(
    request: Request, desk: DeskOf, signed: Signed, public_id: str, fait: str = ""
) -> Response:
    """Show what the operator chose, and change it."""
    return _page(request, desk, signed, public_id, done=DONE.get(fait, ""))


@router.post("/{public_id}/professionnels")
@open_to(Role.CURATEUR)
def choose(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    public_id: str,
    choix: Annotated[Literal["never", "asked", "direct"], Form()] = "never",
    porte: Annotated[bool, Form()] = False,
    decrit: Annotated[bool, Form()] = False,
    par: Annotated[Literal["operateur", "gip"], Form()] = "operateur",
    jour: Annotated[str, Form(max_length=20)] = "",
    comment: Annotated[str, Form(max_length=choices.LONGEST_SOURCE)] = "",
    numero: Annotated[str, Form(max_length=40)] = "",
    courriel: Annotated[str, Form(max_length=320)] = "",
    lu: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Write down what the operator chose; lu: when the choice was made that its author read."""
    given = {"choix": choix, "porte": porte, "par": par, "jour": jour, "comment": comment}
    given |= {"numero": numero, "courriel": courriel, "decrit": decrit}
    try:
        with write(desk.engine) as session:
            found = find(session, desk, signed, public_id)
            if found.is_masked:
                raise StillMasked
            if found.level != "neutral" or found.status != "published":
                raise NothingHidden
            day, wrong = read_date(jour, paris_day(desk.now()))
            if day is None or day > paris_day(desk.now()):
                raise DayWrong(why=wrong or "Ce jour est à venir.")
            viewer = gate.viewer_of(signed)
            seen = see_these(session, desk.vault, viewer, [found.actor_id])[found.actor_id]
            choices.choose(
                session,
                desk.vault,
                found.actor_id,
                seen.record,
                seen.causes,
                choice=choix,
                entry=porte,
                by_operator=par == "operateur",
                on=day,
                source=comment,
                number=_number(numero, found.territory) if choix == "asked" or porte else None,
                mail=valid_mail(courriel) if courriel.strip() else None,
                who=str(signed.account_id),
                now=desk.now(),
                former=_moment(lu),
                described=decrit,
            )
            author, subject = gate.author_of(signed), str(found.actor_id)
            said = {"choice": choix, "entry": porte, "on": day.isoformat(), "by": par}
            said |= {"described": decrit}
            add(session, desk.vault, author, Action.CHOICE_WRITTEN, subject, said)
    except WRONG as error:
        return _page(request, desk, signed, public_id, error=error, given=given)
    return RedirectResponse(f"{ACTORS}/{public_id}/professionnels?fait=note", 303)


@router.post("/{public_id}/professionnels/demandes")
@open_to(Role.CURATEUR)
def asked_of(desk: DeskOf, signed: Signed, public_id: str) -> Response:
    """Send a file for the operator: which organisation asked for its contact, the day, and whether
    it was given.
    """
    with write(desk.engine) as session:
        found = find(session, desk, signed, public_id)
        if found.is_masked:
            raise StillMasked
        asked = notices.asked_of(session, desk.vault, found.actor_id)
        author, subject = gate.author_of(signed), str(found.actor_id)
        add(session, desk.vault, author, Action.GIVEN_HANDED_OUT, subject, {"lignes": len(asked)})
    file = io.StringIO(newline="")
    rows = ((defused(who), f"{on:%d/%m/%Y}", became) for who, on, became in asked)
    write_rows(file, [TITLES, *rows])
    headers = {"Content-Disposition": 'attachment; filename="contact-demande.csv"'}
    content = file.getvalue().encode("utf-8-sig")
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def _page(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    public_id: str,
    *,
    error: Mesure23Error | None = None,
    given: dict[str, str | bool] | None = None,
    done: str = "",
) -> Response:
    with read(desk.engine) as session:
        found = find(session, desk, signed, public_id)
        if found.is_masked:
            return to_open(found.public_id, "professionnels")
        viewer = gate.viewer_of(signed)
        seen = see_these(session, desk.vault, viewer, [found.actor_id])[found.actor_id]
        chosen = choices.read_choice(session, desk.vault, found.actor_id, seen.record, seen.causes)
        people = names_of(session, desk.vault, {chosen.made_by} if chosen else set())
    return render(
        request,
        "desk/actors/choice.html",
        signed,
        http_status=error.status if error else 200,
        sheet=found,
        chosen=chosen,
        people=people,
        given=given,
        longest=choices.LONGEST_SOURCE,
        error=error,
        done=done,
    )


def _moment(given: str) -> datetime | None:
    """Return when the choice was made that somebody read; raise ChoiceChanged where it is none."""
    if not given:
        return None
    try:
        return datetime.fromisoformat(given)
    except ValueError:
        raise ChoiceChanged from None


def _number(given: str, territory: str) -> str | None:
    """Return a whole number, E.164; None where it is none, or one of few digits."""
    phone = one_phone(given, territory)
    return phone if phone and phone.startswith("+") else None
