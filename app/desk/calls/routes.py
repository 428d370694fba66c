"""Whom to call whether their sheet is still right, and what came of a call by one key.

What is corrected on the telephone is noted as the form of the actor is saved: who only says so
would renew the day of what stands there unchanged.
"""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Signed
from app.desk.shell.page import WORKERS, render
from app.freshness import calls
from app.freshness.calls import MOST, WORDS, NotedAlready, counting_to_call, to_call
from app.models.call import Result
from app.platform.database.sessions import read, write
from app.platform.web.french import day_text
from app.platform.web.permissions import open_to
from app.platform.web.problems import answer
from geo.zones import paris_day

HERE = f"{gate.HOME}/appels"
router = APIRouter(prefix=HERE)
Said = Literal["juste", "silence", "faux"]
RESULTS: dict[Said, Result] = {"juste": "right", "silence": "silent", "faux": "wrong"}
UNREACHED = {"bounced": "Courriel revenu", "unreachable": "Sans courriel"}
DONE = {
    "juste": "C’est noté : la fiche est vérifiée d’aujourd’hui.",
    "corrige": "C’est noté : la fiche est corrigée, et vérifiée d’aujourd’hui.",
    "silence": "C’est noté : sans réponse. Cet acteur reviendra ici{when}.",
    "faux": "C’est noté : le numéro faux attend dans Signalements, et l’acteur reviendra ici.",
    "annule": "L’appel est annulé : l’acteur est de nouveau à appeler.",
    "annule_corrige": "La correction est annulée avec l’appel : l’acteur est de nouveau à appeler.",
    "inchange": "Rien n’a changé sur la fiche : notez ce qu’il en est de l’appel.",
    "note": "La fiche est enregistrée. L’appel était déjà noté par quelqu’un d’autre.",
}


@router.get("")
@open_to(*WORKERS)
def listed(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    territoire: Annotated[str, Query(max_length=3)] = "",
    fait: Annotated[str, Query(max_length=20)] = "",
    appel: UUID | None = None,
) -> Response:
    """Show whom to call, the riskiest first. appel: the one that was just noted.

    territoire: of that one alone; of all where it is none of theirs.
    """
    viewer, author, now = gate.viewer_of(signed), gate.author_of(signed), desk.now()
    with read(desk.engine) as session:
        names = gate.territories_of(session, signed)
        chosen = territoire if territoire in names else ""
        found = to_call(session, desk.vault, viewer, author.who, now, chosen)
        total = session.scalars(counting_to_call(viewer, paris_day(now), chosen)).one()
        again = calls.next_day(session, appel, author.who) if appel else None
        undone = appel and calls.may_be_undone(session, desk.vault, author, appel, now)
    return render(
        request,
        "desk/calls.html",
        signed,
        found=found,
        total=total,
        most=MOST,
        names=names,
        territory=chosen,
        last=WORDS,
        unreached=UNREACHED,
        done=DONE.get(fait, "").format(when=f" le {day_text(again)}" if again else ""),
        undo=(f"{HERE}/annuler{_of(chosen, '?')}", "appel", appel) if undone else None,
    )


@router.post("/annuler")
@open_to(*WORKERS)
def take_back(
    desk: DeskOf,
    signed: Signed,
    appel: Annotated[UUID, Form()],
    territoire: Annotated[str, Query(max_length=3)] = "",
) -> Response:
    """Take back what came of the last call, within the hour, and lead to whom it was made to;
    raise CallUnknown.

    territoire: what the list was narrowed by.
    """
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    with write(desk.engine) as session:
        result, again = calls.undo(session, desk.vault, viewer, author, appel, desk.now())
    done = "annule_corrige" if result == "corrected" else "annule"
    onward = f"#a-{again}" if again else ""
    return RedirectResponse(f"{HERE}?fait={done}{_of(territoire)}{onward}", 303)


@router.post("/{public_id}")
@open_to(*WORKERS)
def note(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    public_id: str,
    reponse: Annotated[Said, Form()],
    territoire: Annotated[str, Form(max_length=3)] = "",
    suivant: Annotated[str, Form(max_length=16, pattern="^[0-9a-f]*$")] = "",
) -> Response:
    """Note what came of a call, then lead to the next one; say who noted another one before.

    suivant: the public id of the next one.
    """
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    try:
        with write(desk.engine) as session:
            given = (desk.vault, viewer, author, public_id, RESULTS[reponse])
            call = calls.note(session, *given, desk.now())
    except NotedAlready as refused:
        back = ("Appels à passer", f"{HERE}{_of(territoire, '?')}")
        return answer(request, refused, onward=back)
    onward = f"#a-{suivant}" if suivant else ""
    return RedirectResponse(f"{HERE}?fait={reponse}&appel={call}{_of(territoire)}{onward}", 303)


def _of(territory: str, first: str = "&") -> str:
    """Return the part of an address that narrows the list to a territory; first: its sign."""
    return f"{first}territoire={territory}" if territory.isascii() and territory.isalnum() else ""
