"""Errors that visitors report: what a sheet says beside what would be right, decided by one key."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.audit.actions import Action
from app.audit.journal import note
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Signed
from app.desk.shell.page import WORKERS, render
from app.desk.shell.taking_in import take_in
from app.models import Role
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to
from app.records.correcting import Outdated, Wrong
from app.reports import deciding
from app.reports.deciding import WouldHide
from app.reports.receiving import count_unreadable
from app.reports.taking import FIELD
from app.reports.waiting import LABELS, MOST, count, waiting

HERE = f"{gate.HOME}/signalements"
router = APIRouter(prefix=HERE)
# What a visitor says something of.
SAID_OF = {
    "phone": "Téléphone",
    "closed": "Fermeture",
    "address": "Adresse",
    "hours": "Horaires",
    "other": "Remarque",
}
Answer = Literal["prendre", "corrige", "refuser"]
DONE = {
    "prendre": "La fiche dit maintenant ce qui était proposé.",
    "archive": "L’acteur est archivé : le public ne le voit plus.",
    "corrige": "C’est noté : la fiche est corrigée.",
    "refuser": "C’est noté : la fiche reste comme elle est.",
    "annule": "La décision est annulée : le signalement attend de nouveau.",
    "changee": "La fiche a changé entre-temps : relisez, puis décidez.",
    "masquerait": "Rien n’est écrit : la carte en montrerait moins, et qui l’a signalé le verrait. "
    "Vérifiez par un appel ; si c’est juste, ouvrez le formulaire de la fiche.",
    "inchange": "Rien n’a changé sur la fiche : décidez de ce signalement.",
    "decide": "La fiche est enregistrée. Quelqu’un a décidé de ce signalement entre-temps.",
    "revoir": "Ce qui est proposé est à revoir : ouvrez le formulaire de la fiche.",
}
# Said in the line that stays, to which its reader is led: above the list it may be out of sight.
STAYS = frozenset({"changee", "masquerait", "revoir", "inchange"})


@router.get("")
@open_to(*WORKERS)
def reports(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    fait: Annotated[str, Query(max_length=20)] = "",
    decide: UUID | None = None,
) -> Response:
    """Show what waits for who is signed in, the oldest first. decide: what was just decided, or
    could not be.
    """
    take_in(desk.engine, desk.vault)
    viewer, who = gate.viewer_of(signed), gate.author_of(signed).who
    with read(desk.engine) as session:
        found = waiting(session, desk.vault, viewer, who, desk.now())
        total = count(session, viewer)
        unreadable = count_unreadable(session) if signed.role is Role.CURATEUR else 0
        stays = fait in STAYS
        asked = decide if not stays else None
        author, now = gate.author_of(signed), desk.now()
        undone = asked and deciding.is_undone_by(session, desk.vault, author, asked, now)
    in_line = stays and decide in {each.id for each in found}
    said = DONE.get(fait, "")
    return render(
        request,
        "desk/reports.html",
        signed,
        found=found,
        total=total,
        most=MOST,
        unreadable=unreadable,
        labels=LABELS,
        said_of=SAID_OF,
        fields=FIELD,
        done="" if in_line else said,
        stays=(decide, said) if in_line else None,
        undo=(f"{HERE}/annuler", "signalement", decide) if undone else None,
    )


@router.post("/annuler")
@open_to(*WORKERS)
def take_back(desk: DeskOf, signed: Signed, signalement: Annotated[UUID, Form()]) -> Response:
    """Take back a decision within the hour; raise NotTakenBack."""
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    with write(desk.engine) as session:
        deciding.undo(session, desk.vault, viewer, author, signalement, desk.now())
    return RedirectResponse(f"{HERE}?fait=annule#s-{signalement}", 303)


@router.post("/{report_id}")
@open_to(*WORKERS)
def decide(
    desk: DeskOf,
    signed: Signed,
    report_id: UUID,
    reponse: Annotated[Answer, Form()],
    vu: Annotated[int, Form(ge=0, lt=2**31)] = 0,
    suivant: Annotated[UUID | None, Form()] = None,
) -> Response:
    """Take what is proposed, or close the report, then lead to the next one.

    vu: the version of the sheet that was read; suivant: the id of the next one.
    """
    given = (desk.vault, gate.viewer_of(signed), gate.author_of(signed), report_id)
    try:
        with write(desk.engine) as session:
            said: str = reponse
            if reponse == "prendre":
                taken = deciding.accept(session, *given, vu, desk.now())
                said = "archive" if taken == "closed" else reponse
            else:
                deciding.close(session, *given, desk.now(), accepted=reponse == "corrige")
            undone = deciding.may_be_undone(session, desk.vault, report_id)
    except (Outdated, Wrong, WouldHide) as refused:
        if isinstance(refused, WouldHide):
            # Whoever may have proposed it learns what the form would tell them, which is noted too.
            detail = {"réponse": "masquerait"}
            author, action = gate.author_of(signed), Action.REPORT_ANSWERED
            note(desk.engine, desk.vault, author, action, str(report_id), detail)
        why = _why(refused, signed.role)
        return RedirectResponse(f"{HERE}?fait={why}&decide={report_id}#s-{report_id}", 303)
    offered = f"&decide={report_id}" if undone else ""
    onward = f"#s-{suivant}" if suivant else ""
    return RedirectResponse(f"{HERE}?fait={said}{offered}{onward}", 303)


def _why(refused: Outdated | Wrong | WouldHide, role: Role) -> str:
    """Return why a report waits still; one of STAYS."""
    if isinstance(refused, Outdated):
        return "changee"
    # A référent of the State learns of nobody that something is hidden.
    hides = isinstance(refused, WouldHide) and role is not Role.REFERENT_ETAT
    return "masquerait" if hides else "revoir"
