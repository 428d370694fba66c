"""What runs in the background, waits or failed; what failed is started again."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.audit.actions import Action
from app.audit.journal import add
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Signed
from app.desk.shell.page import render
from app.errors import Mesure23Error
from app.models import Role
from app.models.job import Job
from app.platform.database.sessions import read, write
from app.platform.queue.reading import count_by_state, is_worked_on, newest, start_again
from app.platform.web.permissions import open_to

HERE = f"{gate.HOME}/travaux"
router = APIRouter(prefix=HERE)
# Of each state.
SHOWN = 50
LABELS = {
    Job.ALERT.value: "Alertes des membres du réseau",
    Job.ANSWER.value: "Réponse à qui a signalé une erreur",
    Job.APPLY.value: "Application d’une liste déposée",
    Job.ASK.value: "Questions aux acteurs dont le terme approche",
    Job.CATALOGUE.value: "Écriture ou annulation d’un catalogue",
    Job.CHECK.value: "Lecture d’une liste déposée",
    Job.COMPARE.value: "Recherche des doublons",
    Job.CONFIRM.value: "Confirmation annuelle des comptes",
    Job.COUNT.value: "Comptage mensuel de la couverture",
    Job.GEOCODE.value: "Recherche des coordonnées",
    Job.HIDE.value: "Masquage demandé par un opérateur",
    Job.LETTER.value: "Envoi des lettres approuvées",
    Job.LETTER_TEST.value: "Essai d’une lettre",
    Job.LOOK.value: "Liens des ressources publiées",
    Job.NOTE.value: "Inscription au journal des événements retirés",
    Job.PURGE.value: "Effacement de ce qui était public",
    Job.RETAIN.value: "Fin des durées de conservation",
    Job.SPARE.value: "Page montrée quand rien ne répond",
    Job.TELL.value: "Courrier à qui décide des demandes d’accès",
    Job.TIDY.value: "Oubli des travaux anciens",
    Job.UNDO.value: "Annulation d’une liste appliquée",
    Job.WELCOME.value: "Courrier aux professionnels qui demandent un accès",
}
# States of the library, in the order in which they matter to who looks.
STATES = {
    "failed": "Échoués",
    "doing": "En cours",
    "todo": "En attente",
    "succeeded": "Faits",
}
# What the moment of a job is of which nothing was noted since.
SINCE = {"failed": "Échec le", "doing": "Depuis", "todo": "Demandé le", "succeeded": "Fait le"}


class NotFailed(Mesure23Error):
    """Ce travail n’est pas en échec : quelqu’un l’a peut-être déjà recommencé."""

    status = 409
    title = "Rien à recommencer"
    advice = "Revenez à la page des travaux, qui dit où il en est."


@router.get("")
@open_to(Role.ADMINISTRATEUR, Role.CURATEUR)
def jobs(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    fait: Annotated[str, Query(max_length=30)] = "",
) -> Response:
    """Show how jobs stand."""
    with read(desk.engine) as session:
        counts = count_by_state(session)
        found = {state: newest(session, state, SHOWN) for state in STATES if counts.get(state)}
        worked_on = is_worked_on(session, 4 * desk.settings.worker_heartbeat)
    return render(
        request,
        "desk/jobs.html",
        signed,
        states=STATES,
        since=SINCE,
        counts=counts,
        found=found,
        labels=LABELS,
        worked_on=worked_on,
        now=desk.now(),
        done="Le travail recommence." if fait == "recommence" else "",
    )


@router.post("/{number}/recommencer")
@open_to(Role.ADMINISTRATEUR, Role.CURATEUR)
def again(desk: DeskOf, signed: Signed, number: Annotated[int, Path(ge=1, lt=2**63)]) -> Response:
    """Start a job again that failed; raise NotFailed."""
    with write(desk.engine) as session:
        name = start_again(session, number)
        if name is None:
            raise NotFailed
        detail = {"travail": LABELS.get(name, name)}
        add(session, desk.vault, gate.author_of(signed), Action.JOB_AGAIN, str(number), detail)
    return RedirectResponse(f"{HERE}?fait=recommence", 303)
