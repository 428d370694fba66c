"""How much waits in each room of the desk, for whom that room is open to."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from sqlalchemy import ScalarSelect, func, select, text
from sqlalchemy.orm import Session

from app.accounts import requests
from app.accounts.deciders import Decider
from app.announcing.listing import counting_proposed
from app.cataloguing import terms
from app.composing.listing import counting_waiting
from app.freshness.calls import counting_to_call
from app.lists.rest import count_to_apply
from app.models import Actor, ActorProtected, Role
from app.models.job import JOBS
from app.network import reporting
from app.records import doubles, proposals, second_look
from app.records.finding import Finding
from app.records.piles import unclassified, undecided
from app.records.wanted import of_points
from app.reports.waiting import count as count_reports
from app.revealing import agreeing
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.zones import paris_day

UNCLASSIFIED, HELD, PROPOSED, FAILED = "a-classer", "masques", "propositions", "travaux"
DOUBTFUL, DEPOSITED, REPORTED, CALLED = "points", "imports", "signalements", "appels"
DOUBLED, CATALOGUED, ASKED, ANNOUNCED = "doublons", "ressources", "demandes", "agenda"
NETWORK, LETTERS = "reseau", "lettres"


def waits(
    session: Session, vault: Vault, viewer: Viewer, who: str, rooms: Collection[str]
) -> Mapping[str, int]:
    """Return the last word of a room's path -> what waits in it for somebody; rooms: those words.

    who: as history names them.
    """
    asked = {name: each for name, each in _counted(viewer).items() if name in rooms}
    found: dict[str, int] = {}
    if asked:
        row = session.execute(select(*(each.label(name) for name, each in asked.items()))).one()
        found = dict(row._mapping)
    if PROPOSED in rooms:
        asked_of_me = second_look.count_of(session, vault, who)
        found[PROPOSED] = proposals.count(session, vault, viewer).total() + asked_of_me
    if DOUBLED in rooms:
        found[DOUBLED] = doubles.count(session, vault, viewer)
    if REPORTED in rooms:
        found[REPORTED] = count_reports(session, viewer)
    if HELD in rooms:
        found[HELD] = undecided(Finding(session, vault, viewer, paris_day()))
    if UNCLASSIFIED in rooms:
        found[UNCLASSIFIED] = len(unclassified(session, vault, viewer))
    return found


def _counted(viewer: Viewer) -> dict[str, ScalarSelect[int]]:
    doubtful = select(func.count()).select_from(ActorProtected).where(*of_points(viewer))
    if viewer.role is not Role.CURATEUR:
        # Whose each is takes fifty times as long to ask, and one for all of France has them all.
        doubtful = doubtful.join(Actor, Actor.id == ActorProtected.actor_id)
        doubtful = doubtful.where(viewer.worked_on())
    failed = select(func.count()).select_from(JOBS).where(JOBS.c.status == text("'failed'"))
    called = counting_to_call(viewer, paris_day())
    counted = {
        CALLED: called,
        DOUBTFUL: doubtful,
        FAILED: failed,
        DEPOSITED: count_to_apply(viewer),
        NETWORK: reporting.counting(),
        CATALOGUED: terms.count_waiting(viewer, paris_day()),
    }
    if viewer.role is not None:
        decider = Decider(viewer.role, viewer.territories, datetime.now(UTC))
        counted[ASKED] = requests.counting(decider)
        if viewer.role in (Role.CURATEUR, Role.ADMINISTRATEUR):
            counted[LETTERS] = counting_waiting()
        if viewer.role is Role.CURATEUR:
            waits = agreeing.counting(decider.now).scalar_subquery()
            counted[ANNOUNCED] = counting_proposed()
            counted[ASKED] = select(counted[ASKED].scalar_subquery() + waits)
    return {name: each.scalar_subquery() for name, each in counted.items()}
