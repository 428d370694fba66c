"""What a meeting confirmed holds nothing of an actor that was erased since."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.audit.journal import Author
from app.meetings import meetings, snapshot
from app.models import Actor, CdlpMeeting
from app.platform.database.sessions import read, write
from app.records.joining import join
from app.records.proposals import waiting
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from geo.zones import paris_day
from tests.operations.erasing import actor_marks, erase
from tests.short_lists import APART, ASE, csv, ids, run

pytestmark = pytest.mark.slow
AUTHOR = Author("os:essai")


def test_an_erased_actor_leaves_what_a_meeting_confirmed(runtime: Runtime) -> None:
    run(runtime, csv(APART, ASE))
    known, now = ids(runtime), datetime.now(UTC)
    with write(runtime.staff) as session:
        meetings.plan(session, runtime.vault, AUTHOR, "93", paris_day(now), now)
        meeting = meetings.find(session, "93", paris_day(now))
        meetings.confirm(session, runtime.vault, OPERATOR, AUTHOR, meeting, [], now)
    assert stored(runtime) == set(known.values())
    swept = erase(runtime, actor_marks(runtime, known["Association libre"]))
    assert swept is not None
    assert swept.counts["cdlp_meeting"] == 1
    assert stored(runtime) == {known["ASE d'exemple"]}


def test_an_erased_actor_that_was_joined_leaves_it_by_its_former_address(runtime: Runtime) -> None:
    run(runtime, csv(APART))
    run(runtime, csv(APART.replace("99 rue Autre", "Boîte postale 4")), source="autre")
    now = datetime.now(UTC)
    with write(runtime.staff) as session:
        known = dict(session.execute(select(Actor.public_id, Actor.id)).all())
        meetings.plan(session, runtime.vault, AUTHOR, "93", paris_day(now), now)
        meeting = meetings.find(session, "93", paris_day(now))
        meetings.confirm(session, runtime.vault, OPERATOR, AUTHOR, meeting, [], now)
    assert stored(runtime) == set(known)
    with write(runtime.staff) as session:
        (double,) = waiting(session, runtime.vault, OPERATOR)
        stays = join(session, runtime.vault, double.id, who="essai").public_id
        (former,) = known.keys() - {stays}
        joined = session.get_one(Actor, known[former]).public_id
    assert joined != former
    erase(runtime, actor_marks(runtime, joined))
    assert stored(runtime) <= {stays}


def stored(runtime: Runtime) -> set[str]:
    """The public ids of what is confirmed."""
    with read(runtime.staff) as session:
        (meeting,) = session.scalars(select(CdlpMeeting))
        return set(snapshot.read(runtime.vault, meeting))
