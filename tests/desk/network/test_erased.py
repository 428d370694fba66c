"""What a member says is read no more than before once whom they work for is erased."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.jobs.rereading import read_members_again
from app.models import Actor
from app.platform.cluster.server import Cluster
from app.platform.database.sessions import read
from app.records import acts
from app.runtime.staff import Runtime
from tests.desk.bureau import Bureau
from tests.desk.network.conftest import Joined
from tests.makers import decide
from tests.networked import public_id_of, says, works_for
from tests.operations.erasing import actor_marks, erase

pytestmark = pytest.mark.slow

NAME = "Service du soir"
TEXT = "Sentinelle du réseau"


def test_what_was_hidden_with_an_actor_stays_hidden_once_it_is_erased(
    bureau: Bureau, runtime: Runtime, joined: Joined, cluster: Cluster
) -> None:
    (person, _), (_, other) = joined(), joined()
    page = f"/pro/reseau/membres/{person.id}"
    public_id = public_id_of(runtime, NAME)
    with read(runtime.staff) as session:
        number = session.scalars(select(Actor.id).where(Actor.public_id == public_id)).one()
    says(runtime, person.id, helps=TEXT)
    works_for(runtime, person.id, public_id)
    assert TEXT in other.get(page).text
    decide(runtime, acts.protect, public_id, who="essai", why="menaces")
    assert TEXT not in other.get(page).text
    owner = cluster.url(cluster.superuser, bureau.databases.staff.url.database or "")
    erased = replace(runtime, owner_url=owner)
    with read(runtime.staff) as session:
        public_id = session.get_one(Actor, number).public_id
    erase(erased, actor_marks(erased, public_id))
    assert TEXT not in other.get(page).text
    read_members_again(runtime)
    assert TEXT not in other.get(page).text
    # Who wrote it shows it, by saying it anew.
    says(runtime, person.id, helps=TEXT)
    assert TEXT in other.get(page).text
