"""What a list may be narrowed by, as its form offers it to somebody."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from fastapi import Request
from sqlalchemy.orm import Session

from app.accounts import assigning
from app.accounts.sessions import SignedIn
from app.desk.shell import gate
from app.desk.shell.categories import categories_of_filter
from app.desk.shell.gate import Desk
from app.models import Role
from app.records import wording
from app.records.finding import Finding
from app.records.lists_of import sources
from app.records.wanted import (
    CAUSES,
    DOUBTFUL,
    LEVELS,
    MINE,
    POINTS,
    STATES,
    TEXTS,
    VERIFIED,
    Wanted,
)
from geo.zones import paris_day

T = TypeVar("T")
DOUBTS = {value: label for value, (_, label) in POINTS.items()}


@dataclass(frozen=True, slots=True)
class Choice:
    """A box of the form. options: value of the address -> label; groups of them: title -> those."""

    name: str
    label: str
    groups: Mapping[str, Mapping[str, str]]

    def said(self, value: str) -> str:
        """Return how a value is called."""
        return next((each[value] for each in self.groups.values() if value in each), "")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks a list for. territories: those that they work on, by code."""

    territories: dict[str, str]
    wanted: Wanted
    finding: Finding


def asked_by(session: Session, request: Request, desk: Desk, signed: SignedIn) -> Asked:
    """Return what an address asks of a list, within what who is signed in may know."""
    territories = gate.territories_of(session, signed)
    mine = assigning.territories_of(session, signed.account_id)
    wanted = Wanted.read(request.query_params, territories=territories, mine=mine)
    if signed.role is Role.REFERENT_ETAT:
        # They learn of nobody that something of it is hidden.
        wanted = replace(wanted, protection="", cause="", masque="", decide="")
    if signed.role is not Role.CURATEUR:
        # Who gives nothing is told of nothing that waits.
        wanted = replace(wanted, donner="")
    viewer = gate.viewer_of(signed)
    return Asked(territories, wanted, Finding(session, desk.vault, viewer, paris_day(desk.now())))


def choices(asked: Asked, *only: str) -> list[Choice]:
    """Return what somebody may narrow a list by; what is hidden is no choice of the State's.

    What only the links of other pages narrow by is a choice where it is set. only: these alone.
    """
    finding, wanted = asked.finding, asked.wanted
    places = {MINE: "Mes territoires"} if wanted.mine else {}
    places |= {code: f"{code} {name}" for code, name in asked.territories.items()}
    lists = sources(finding.session, finding.vault, finding.viewer)
    found = [
        Choice("territoire", "Territoire", {"": places}),
        Choice("categorie", "Catégorie", categories_of_filter()),
        Choice("etat", "État", {"": _capitals(STATES, wording.STATES)}),
        Choice("verifie", "Vérification", {"": VERIFIED}),
        Choice("absent", "Présence", {"": {"oui": "Absent de sa liste"}}),
        Choice("source", "Liste", {"": {str(each): name for each, name in lists.items()}}),
    ]
    linked = [
        Choice("masque", "Masqués", {"": {"oui": "Les masqués seulement"}}),
        Choice("donner", "Textes", {"": TEXTS}),
        Choice("point", "Point", {"": {DOUBTFUL: "À vérifier", **DOUBTS}}),
    ]
    found += [each for each in linked if getattr(wanted, each.name)]
    if finding.viewer.role is not Role.REFERENT_ETAT:
        levels = _capitals(LEVELS, wording.LEVELS)
        causes = {code: label for code, (_, label) in CAUSES.items()}
        found[3:3] = [
            Choice("protection", "Protection", {"": levels}),
            Choice("cause", "Cause", {"": causes}),
        ]
    offered = [each for each in found if any(map(len, each.groups.values()))]
    return [each for each in offered if each.name in only] if only else offered


def _capitals(stored: Mapping[str, T], words: Mapping[T, str]) -> dict[str, str]:
    """Return what each value of an address says, as the label of an option."""
    return {value: words[each].capitalize() for value, each in stored.items()}
