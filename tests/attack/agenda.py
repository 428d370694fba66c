"""Events full of secrets in every state, one of them published before anybody was hidden."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Actor, Commune
from app.runtime.staff import Runtime
from tests.attack.places import MARKER, OPEN_MARKER, InventedPlace
from tests.makers_agenda import announced, drafted

# What professionals read, what curateurs alone do, and what nobody is shown but who writes it.
NETWORK, DRAFT, LINK = f"{MARKER}itre", f"{MARKER}brouillon", f"{MARKER}visio"
URL = f"https://exemple.fr/{LINK}"


@dataclass(slots=True)
class PlantedEvents:
    """What was written. shown: public ids that answer; hidden_ids: those that must not."""

    shown: list[str] = field(default_factory=list)
    hidden_ids: set[str] = field(default_factory=set)


def announce_before(runtime: Runtime, places: Sequence[InventedPlace]) -> PlantedEvents:
    """Publish what names a place of which nobody knows yet that it is to be hidden."""
    home = next(place for place in places if place.case == "sealed")
    said = {"title": f"Au {home.street}", "text": f"Tél. {home.phone}", "url": URL}
    named = announced(runtime, registers=True, **said)
    return PlantedEvents(hidden_ids={named})


def announce_after(runtime: Runtime, planted: PlantedEvents) -> None:
    """Write what nobody may read once places are hidden, and what everybody may."""
    planted.hidden_ids.add(drafted(runtime, title=DRAFT, text=DRAFT, url=URL))
    planted.hidden_ids.add(announced(runtime, title=NETWORK, audience="reseau", url=URL))
    planted.shown.append(announced(runtime, title=f"{OPEN_MARKER}public", registers=True, url=URL))
    with Session(runtime.staff) as session:
        hidden = Actor.protected & (Actor.status == "published")
        homes = session.execute(
            select(Actor.id, Actor.territory_code).where(hidden).order_by(Actor.id).limit(5)
        ).all()
        first = select(Commune.territory_code, func.min(Commune.code))
        communes = {
            row[0]: row[1] for row in session.execute(first.group_by(Commune.territory_code))
        }
    for home, territory in homes:
        given = {"actor": home, "territory": territory, "place": DRAFT, "url": URL}
        given |= {"registers": True, "commune": communes[territory]}
        planted.shown.append(announced(runtime, title=f"{OPEN_MARKER}accueil", **given))
