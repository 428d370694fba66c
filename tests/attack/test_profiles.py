"""What each profile reads of hidden places, opened with the keys, and searched for all the rest.

No route serves any profile but the public one yet: this asks the database what they would ask.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.gazetteer.load import read_gazetteer
from app.models import Actor, Role
from app.platform.cluster.server import Cluster
from app.records.acts import protect
from app.runtime.staff import Runtime
from app.vault.sealing import Vault
from app.visibility import OPERATOR, PUBLIC, Viewer
from tests.attack.dataset import LISTS, generate, send
from tests.attack.places import InventedPlace
from tests.attack.sentinels import Sentinels
from tests.databases import cloned
from tests.makers import decide
from tests.revealed import asker_of
from tests.serving import offline_settings

pytestmark = pytest.mark.slow

# The four territories that have, between them, one place of each rare case.
TERRITORIES = slice(4, 8)
REVEALED = ("sealed", "decided", "secret", "draft", "archived")


@dataclass(frozen=True)
class Hidden:
    """A database with some 75 places. actors: number of a place -> its actor."""

    runtime: Runtime
    places: list[InventedPlace]
    sentinels: Sentinels
    actors: dict[int, UUID]

    def some(self, case: str) -> list[InventedPlace]:
        """Return at most three places of a case."""
        return [place for place in self.places if place.case == case][:3]

    def found(self, text: str) -> set[str]:
        """Return what is found in a text, points in hexadecimal included."""
        return self.sentinels.in_text(text.encode()) | self.sentinels.in_bytes(text.encode())

    def found_beyond(self, text: str, places: Iterable[InventedPlace]) -> set[str]:
        """Return what is found in a text that is not of these places, whole or as a stem."""
        lines = [(place.number, place.line()) for place in places]
        theirs = self.found("\n".join(line for _, line in lines))
        theirs |= {f"binary point of {number}" for number, _ in lines}
        return {hit for hit in self.found(text) if not any(each.startswith(hit) for each in theirs)}


@pytest.fixture(scope="module")
def hidden(
    cluster: Cluster,
    admin: Connection,
    template: str,
    vault: Vault,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Hidden]:
    with cloned(cluster, admin, template) as databases:
        settings = offline_settings(tmp_path_factory.mktemp("profiles"))
        runtime = Runtime(settings, databases, vault, "", None)
        with Session(runtime.staff) as session:
            gazetteer = read_gazetteer(session.connection())
        everywhere = generate(gazetteer)
        codes = sorted({place.commune.territory for place in everywhere})[TERRITORIES]
        places = [place for place in everywhere if place.commune.territory in codes]
        for name, cases in LISTS.items():
            send(runtime, name, [place for place in places if place.case in cases])
        sentinels = Sentinels(place for place in places if place.hidden)
        built = Hidden(runtime, places, sentinels, {})
        by_finess = {place.finess: place for place in places}
        for actor_id, record in records(built, OPERATOR).items():
            place = next(by_finess[each] for each in by_finess if f"'{each}'" in record)
            built.actors[place.number] = actor_id
            if place.case in ("decided", "secret"):
                with Session(runtime.staff) as session:
                    public_id = session.get_one(Actor, actor_id).public_id
                secret = place.case == "secret"
                decide(runtime, protect, public_id, who="essai", why="menaces", secret=secret)
        yield built


def records(hidden: Hidden, viewer: Viewer) -> dict[UUID, str]:
    """Return the sealed records that a viewer may have opened, opened."""
    vault = hidden.runtime.vault
    with hidden.runtime.staff.connect() as connection:
        return {
            actor_id: str(vault.open_json("actor_protected", actor_id, "record", record))
            for actor_id, record in connection.execute(viewer.sealed())
        }


def public_records(hidden: Hidden, viewer: Viewer) -> str:
    """Return all that a viewer reads of public records, as text."""
    with hidden.runtime.staff.connect() as connection:
        rows = connection.execute(select(viewer.actors()).order_by("public_id"))
        return "\n".join(str(value) for row in rows for value in row)


@pytest.mark.parametrize(
    "viewer",
    [
        PUBLIC,
        Viewer.professional(),
        Viewer.staff(Role.ADMINISTRATEUR),
        Viewer.staff(Role.REFERENT_DEPARTEMENT, []),
    ],
)
def test_whom_nothing_was_given_finds_nothing(hidden: Hidden, viewer: Viewer) -> None:
    assert hidden.found(public_records(hidden, viewer)) == set()
    assert records(hidden, viewer) == {}


def test_a_professional_opens_what_was_revealed_and_nothing_else(hidden: Hidden) -> None:
    revealed = [place for case in REVEALED for place in hidden.some(case)]
    given = [hidden.actors[place.number] for place in revealed]
    viewer = Viewer.professional(asker_of(hidden.runtime, given))
    assert public_records(hidden, viewer) == public_records(hidden, PUBLIC)
    opened = records(hidden, viewer)
    shown = [place for place in revealed if place.case in ("sealed", "decided")]
    assert set(opened) == {hidden.actors[place.number] for place in shown}
    assert hidden.found_beyond("\n".join(opened.values()), shown) == set()
    for place in shown:
        assert f"Service {place.word(0)}" in opened[hidden.actors[place.number]]


def test_staff_find_what_is_of_their_territory_and_nothing_else(hidden: Hidden) -> None:
    code = hidden.some("draft")[0].commune.territory
    own = [place for place in hidden.places if place.commune.territory == code]
    drafts = [place for place in own if place.case == "draft"]
    viewer = Viewer.staff(Role.REFERENT_DEPARTEMENT, [code])
    read = public_records(hidden, viewer)
    assert hidden.found(read)
    assert hidden.found_beyond(read, drafts) == set()
    opened = records(hidden, viewer)
    assert len(opened) == len(own)
    assert hidden.found_beyond("\n".join(opened.values()), own) == set()


def test_a_referent_of_the_state_finds_nothing_that_is_hidden(hidden: Hidden) -> None:
    codes = {place.commune.territory for place in hidden.places}
    viewer = Viewer.staff(Role.REFERENT_ETAT, codes)
    assert hidden.found(public_records(hidden, viewer)) == set()
    assert hidden.found("\n".join(records(hidden, viewer).values())) == set()
