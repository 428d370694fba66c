"""Letters full of secrets in every state, some of them sent before anybody was hidden."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.composing import writing
from app.letters.letter import Lead, Words
from app.platform.database.sessions import write
from app.runtime.staff import Runtime
from tests.attack.agenda import PlantedEvents
from tests.attack.places import OPEN_MARKER, InventedPlace
from tests.attack.resources import LETTER, PlantedResources
from tests.makers_letters import WRITER, approved, written

SAID = f"{OPEN_MARKER}lettre"
NAMED, LEADS, BEGUN, TAKEN = "2026-01", "2026-02", "2026-03", "2026-04"


@dataclass(slots=True)
class PlantedLetters:
    """What was written. shown: months that answer; hidden: those that must not."""

    shown: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


def send_before(runtime: Runtime, places: Sequence[InventedPlace]) -> PlantedLetters:
    """Send what names a place of which nobody knows yet that it is to be hidden."""
    home = next(place for place in places if place.case == "sealed")
    approved(runtime, Words(f"Au {home.street}, tél. {home.phone}."), month=NAMED)
    return PlantedLetters(hidden=[NAMED])


def send_after(
    runtime: Runtime, planted: PlantedLetters, resources: PlantedResources, events: PlantedEvents
) -> None:
    """Write what nobody reads, and send what leads to all that may be read and all that may not."""
    leads = [Lead("event", each) for each in (*events.shown, *sorted(events.hidden_ids))]
    known = (*resources.published, *resources.withdrawn, *sorted(resources.hidden_ids))
    leads += [Lead("resource", each) for each in known]
    approved(runtime, Words(SAID), *leads, month=LEADS)
    written(runtime, Words(LETTER), *leads, month=BEGUN)
    approved(runtime, Words(LETTER), month=TAKEN)
    with write(runtime.staff) as session:
        letter = writing.find(session, TAKEN, lock=True)
        writing.withdraw(session, runtime.vault, WRITER, letter)
    planted.shown.append(LEADS)
    planted.hidden += [BEGUN, TAKEN]
