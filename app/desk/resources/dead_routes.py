"""Addresses of published resources that answer no more: somebody looks for the new one."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.cataloguing import listing
from app.cataloguing.links import Dead, read_dead
from app.desk.resources.words import DEAD, TABS
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Signed
from app.desk.shell.page import WORKERS, render
from app.models import Role
from app.platform.database.sessions import read
from app.platform.web.permissions import open_to
from geo.zones import paris_day

router = APIRouter(prefix=DEAD)
# On one page: those that are dead longest.
MOST = 200
ANSWERS = {
    403: "accès refusé (403)",
    404: "page introuvable (404)",
    410: "page supprimée (410)",
    429: "trop de visites (429)",
}
NONE = "aucune réponse"


@router.get("")
@open_to(*WORKERS)
def dead_links(request: Request, desk: DeskOf, signed: Signed) -> Response:
    """Show each dead address with its resource, those that are dead longest first."""
    viewer, who, today = gate.viewer_of(signed), gate.author_of(signed).who, paris_day(desk.now())
    with read(desk.engine) as session:
        counts = listing.counts(session, viewer, who, today)
        found = read_dead(session, desk.vault)
    return render(
        request,
        "desk/resources/dead.html",
        signed,
        found=found[:MOST],
        total=len(found),
        answers={each.status: _answer(each) for each in found},
        tabs=TABS,
        counts=counts,
        publishes=signed.role is Role.CURATEUR,
    )


def _answer(dead: Dead) -> str:
    if dead.status is None:
        return NONE
    said = "site en panne" if dead.status >= 500 else "réponse inattendue"
    return ANSWERS.get(dead.status, f"{said} ({dead.status})")
